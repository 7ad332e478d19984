"""A registration under way: begun, left, resumed in another browser, given up (U-01, CX-08).

Whoever holds the cookie of a browser it is open in goes on with it. Nothing of it says whether somebody has
an account (S070).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.crypto import new_token, token_digest
from app.errors import NotFound, RuleViolation
from app.models.legal_text import LegalTextKind
from app.models.registration import (
    ContractScan,
    Registration,
    RegistrationBrowser,
    RegistrationKind,
    RegistrationMember,
    RegistrationPhone,
    RegistrationPlace,
    RegistrationState,
)
from app.services import journal, throttle
from app.services.facility import list_laboratories
from app.services.legal_text import current_text

FORM = "registration"
KEEP = timedelta(days=30)
BEGINNINGS = throttle.Rule(
    "registration_begin", limit=30, window=timedelta(hours=1), demo_limit=1_000
)
MAX_TYPED_FIELDS = 20
MAX_TYPED_VALUE = 250
# Secrets never rest in what is typed, whatever a page sends.
_NEVER_KEPT = ("code", "password", "confirmation", "key", "way")


class Step(StrEnum):
    """The steps, in order. The last one is the administrators'."""

    IDENTITY = "identity"
    PLACES = "places"
    EMAIL = "email"
    PHONE = "phone"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    TERMS = "terms"
    CONTRACT = "contract"
    REVIEW = "review"


STEPS = tuple(Step)
# A secretariat accepts the terms and signs no contract, which binds professionals (MM-28, CX-07).
SECRETARY_STEPS = tuple(step for step in STEPS if step is not Step.CONTRACT)
HANDED_IN = frozenset(
    {RegistrationState.TO_VALIDATE, RegistrationState.APPROVED, RegistrationState.REFUSED}
)


@dataclass(frozen=True)
class Progress:
    """Which steps are done, and how far one may go: the last step that may be opened."""

    done: frozenset[Step] = frozenset()
    reached: Step = Step.IDENTITY
    steps: tuple[Step, ...] = STEPS

    def may_open(self, step: Step) -> bool:
        """Whether the steps before it hold."""
        return step in self.steps and STEPS.index(step) <= STEPS.index(self.reached)

    @property
    def next_step(self) -> Step:
        """The first step that is not done."""
        return next((step for step in self.steps if step not in self.done), Step.REVIEW)


def steps_of(kind: RegistrationKind) -> tuple[Step, ...]:
    """The steps of a registration, in order."""
    return SECRETARY_STEPS if kind is RegistrationKind.SECRETARY else STEPS


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


def read_progress(
    session: Session, actor: Actor, registration: Registration, *, now: datetime
) -> Progress:
    """How far a registration is. The e-mail may be proved while the next steps are filled in."""
    steps = steps_of(registration.kind)
    if registration.state in HANDED_IN:
        return Progress(frozenset(steps[:-1]), Step.REVIEW, steps)
    checks = {
        Step.IDENTITY: registration.source is not None,
        Step.PLACES: _are_places_known(session, actor, registration, now=now),
        Step.EMAIL: registration.email_verified_at is not None,
        Step.PHONE: registration.phones_done_at is not None,
        Step.PASSWORD: _has_secrets(session, registration),
        Step.TERMS: _is_in_force(session, actor, LegalTextKind.TERMS, registration.terms_id, now),
        Step.CONTRACT: _is_in_force(
            session, actor, LegalTextKind.CONTRACT, registration.contract_id, now
        ),
    }
    done = frozenset(step for step, is_done in checks.items() if is_done)
    reached = Step.IDENTITY
    for step, following in pairwise(steps):
        is_on_its_way = step is Step.EMAIL and bool(registration.email)
        if step not in done and not is_on_its_way:
            break
        # The last step hands the registration in: whose address it is must be known by then.
        if following is steps[-2] and Step.EMAIL not in done:
            break
        if following is Step.REVIEW:
            break
        reached = following
    return Progress(done, reached, steps)


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


def _are_places_known(
    session: Session, actor: Actor, registration: Registration, *, now: datetime
) -> bool:
    """At least one place, each with its laboratory where there are some to choose from (MM-11, MM-13)."""
    laboratories = session.execute(
        select(col(RegistrationPlace.laboratory_id)).where(
            col(RegistrationPlace.registration_id) == registration.id
        )
    ).scalars()
    chosen = list(laboratories)
    if not chosen:
        return False
    return all(chosen) or not list_laboratories(session, actor, now=now)


def _has_secrets(session: Session, registration: Registration) -> bool:
    if not registration.password_hash:
        return False
    if not registration.is_shared:
        return True
    return (
        session.execute(
            select(col(RegistrationMember.id))
            .where(col(RegistrationMember.registration_id) == registration.id)
            .limit(1)
        ).first()
        is not None
    )


def _is_in_force(
    session: Session, actor: Actor, kind: LegalTextKind, text_id: UUID | None, now: datetime
) -> bool:
    return text_id is not None and current_text(session, actor, kind, now=now).id == text_id
