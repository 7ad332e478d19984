"""A registration under way: begun, left, resumed in another browser, given up (U-01, CX-08).

Whoever holds the cookie of a browser it is open in goes on with it. Nothing of it says whether somebody has
an account (S070).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.crypto import new_token, token_digest
from app.errors import NotFound, RuleViolation
from app.models.registration import (
    ContractScan,
    Registration,
    RegistrationBrowser,
    RegistrationKind,
    RegistrationMember,
    RegistrationPhone,
    RegistrationPlace,
)
from app.services import journal, throttle
from app.services.registration_progress import HANDED_IN, Step

FORM = "registration"
KEEP = timedelta(days=30)
BEGINNINGS = throttle.Rule(
    "registration_begin", limit=30, window=timedelta(hours=1), demo_limit=1_000
)
MAX_TYPED_FIELDS = 20
MAX_TYPED_VALUE = 250
# Secrets never rest in what is typed, whatever a page sends.
_NEVER_KEPT = ("code", "password", "confirmation", "key", "way")


@dataclass(frozen=True)
class Faults:
    """What the last post of a step left to say: codes by field, '' for the whole, and their words."""

    step: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)


def begin(session: Session, actor: Actor, kind: RegistrationKind, *, now: datetime) -> str:
    """Begin a registration; the token of this browser's cookie. Raises RuleViolation when too many."""
    if throttle.blocked_until(session, BEGINNINGS, actor.address, now=now) is not None:
        raise RuleViolation("registration.too_many")
    throttle.count(session, BEGINNINGS, actor.address, now=now)
    registration = Registration(kind=kind, created_at=now, updated_at=now)
    session.add(registration)
    session.flush()
    return open_browser(session, actor, registration.id, now=now)


def open_browser(session: Session, actor: Actor, registration_id: UUID, *, now: datetime) -> str:
    """Let one more browser go on with a registration; the token of its cookie, for 30 days."""
    token = new_token()
    session.add(
        RegistrationBrowser(
            token_digest=token_digest(token),
            registration_id=registration_id,
            expires_at=now + KEEP,
        )
    )
    return token


def find_registration(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> Registration | None:
    """The registration open in this browser, None when there is none any more."""
    if not token:
        return None
    return session.execute(
        _OF_BROWSER.where(
            col(RegistrationBrowser.token_digest) == token_digest(token),
            col(RegistrationBrowser.expires_at) > now,
        )
    ).scalar_one_or_none()


def access_registration(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> Registration:
    """The registration of this browser to act on, held until the act ends. Raises NotFound."""
    registration: Registration | None = session.execute(
        _OF_BROWSER.where(
            col(RegistrationBrowser.token_digest) == token_digest(token),
            col(RegistrationBrowser.expires_at) > now,
        ).with_for_update(of=Registration)
    ).scalar_one_or_none()
    if registration is None:
        raise NotFound("registration.none")
    return registration


def access_open(session: Session, actor: Actor, token: str, *, now: datetime) -> Registration:
    """The same while it may still change. Raises RuleViolation once it was handed in."""
    registration = access_registration(session, actor, token, now=now)
    if registration.state in HANDED_IN:
        raise RuleViolation("registration.handed_in")
    registration.updated_at = now
    return registration


def save_typed(
    session: Session,
    actor: Actor,
    token: str,
    step: str,
    fields: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    """Keep what is being typed in a step; secrets and what is too long are left out."""
    registration = access_open(session, actor, token, now=now)
    if step not in set(Step):
        raise NotFound("registration.none")
    registration.typed = {**registration.typed, step: _merged(registration, step, fields)}


def kept_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """What may be shown again of a form: no secret, nothing too long."""
    kept = {
        name[:40]: value[:MAX_TYPED_VALUE]
        for name, value in fields.items()
        if not name.startswith(_NEVER_KEPT)
    }
    return dict(list(kept.items())[:MAX_TYPED_FIELDS])


def leave_faults(
    session: Session,
    actor: Actor,
    token: str,
    step: Step,
    faults: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    context: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Keep what the next page must say of a step that did not go through, and what was typed in it."""
    registration = access_registration(session, actor, token, now=now)
    registration.faults = {
        "step": step.value,
        "fields": dict(faults),
        "context": dict(context or {}),
    }
    if typed is not None:
        merged = _merged(registration, step.value, typed)
        registration.typed = {**registration.typed, step.value: merged}


def settle_step(registration: Registration, step: Step) -> None:
    """The step went through: nothing is left to say of it, and what was typed is kept for good elsewhere."""
    registration.faults = {}
    registration.typed = {name: kept for name, kept in registration.typed.items() if name != step}


def abandon(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Forget everything that was given. Raises RuleViolation once it was handed in."""
    registration = access_open(session, actor, token, now=now)
    _erase(session, [registration.id])
    journal.record(session, actor, "registration.abandoned", object_id=registration.id, now=now)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop what nobody came back to for thirty days, and the cookies that ran out."""
    stale = session.execute(
        select(col(Registration.id)).where(
            col(Registration.updated_at) < now - KEEP, col(Registration.account_id).is_(None)
        )
    ).scalars()
    _erase(session, list(stale))
    session.execute(delete(RegistrationBrowser).where(col(RegistrationBrowser.expires_at) < now))


_OF_BROWSER = select(Registration).join(
    RegistrationBrowser, col(RegistrationBrowser.registration_id) == col(Registration.id)
)


def _merged(registration: Registration, step: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Several forms of one page keep what is typed under the same step."""
    return kept_fields({**registration.typed.get(step, {}), **fields})


def _erase(session: Session, ids: list[UUID]) -> None:
    if not ids:
        return
    for table in (
        RegistrationBrowser,
        RegistrationPlace,
        RegistrationPhone,
        RegistrationMember,
        ContractScan,
    ):
        session.execute(delete(table).where(col(table.registration_id).in_(ids)))
    session.execute(delete(Registration).where(col(Registration.id).in_(ids)))
