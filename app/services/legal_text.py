"""Legal texts: drafts, versions that never change, and the proof that each person accepted them (U-25)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.crypto import content_digest
from app.errors import Conflict, Forbidden, Invalid, NotAuthenticated, NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.base import table_of
from app.models.legal_text import AcceptanceMode, LegalAcceptance, LegalText, LegalTextKind
from app.services import journal
from app.services.fields import clean_line
from app.services.legal_text_reference import REFERENCE_TEXTS
from app.services.text import fold

MAX_SIGNED = 200
# Whom each kind binds.
_ROLES: dict[LegalTextKind, frozenset[Role]] = {
    LegalTextKind.TERMS: frozenset(Role),
    LegalTextKind.CONTRACT: frozenset({Role.PROFESSIONAL}),
    LegalTextKind.NOTICE: frozenset(),
}
_TEXT, _ACCEPTANCE, _ACCOUNT = table_of(LegalText), table_of(LegalAcceptance), table_of(Account)


@dataclass(frozen=True)
class TextView:
    """One version. `published_at`: none for a draft; `digest`: SHA-256 of what is shown, hexadecimal."""

    id: UUID
    kind: LegalTextKind
    version: int
    title: str
    body: str
    published_at: datetime | None
    digest: str


def current_text(
    session: Session,
    actor: Actor,
    kind: LegalTextKind,
    *,
    now: datetime,
) -> TextView:
    """The version in force: anybody may read it, before they register too."""
    found = session.execute(
        select(LegalText)
        .where(
            col(LegalText.kind) == kind,
            col(LegalText.published_at).is_not(None),
            col(LegalText.published_at) <= now,
        )
        .order_by(col(LegalText.version).desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("legal_text.none")
    return view_of(found)


def list_owed(session: Session, actor: Actor, *, now: datetime) -> tuple[TextView, ...]:
    """What the person must still accept before anything else opens to them, the terms first."""
    account = _own_account(session, actor)
    found = []
    for kind in LegalTextKind:
        if account.role not in _ROLES[kind]:
            continue
        try:
            text = current_text(session, actor, kind, now=now)
        except NotFound:
            continue
        if _acceptance(session, account.id, text.id) is None:
            found.append(text)
    return tuple(found)


def owes_acceptance() -> ColumnElement[bool]:
    """Whether an account has not accepted a version in force that binds it: a column for its identity."""
    return or_(*(_owes(kind) for kind in LegalTextKind if _ROLES[kind]))


def _owes(kind: LegalTextKind) -> ColumnElement[bool]:
    in_force = (
        select(_TEXT.c.id)
        .where(_TEXT.c.kind == kind, _TEXT.c.published_at.is_not(None))
        .order_by(_TEXT.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    accepted = (
        select(_ACCEPTANCE.c.id)
        .where(_ACCEPTANCE.c.account_id == _ACCOUNT.c.id, _ACCEPTANCE.c.legal_text_id == _TEXT.c.id)
        .correlate(_ACCOUNT, _TEXT)
        .exists()
    )
    owed = select(_TEXT.c.id).where(_TEXT.c.id == in_force, ~accepted).correlate(_ACCOUNT).exists()
    roles = _ROLES[kind]
    return (
        or_(*(_ACCOUNT.c.role == role for role in roles)) & owed if len(roles) < len(Role) else owed
    )


def accept_text(
    session: Session,
    actor: Actor,
    text_id: UUID,
    *,
    mode: AcceptanceMode,
    account_id: UUID | None = None,
    signed_name: str = "",
    now: datetime,
) -> UUID:
    """Keep the proof that somebody accepted the version in force; accepting twice makes one proof.

    `account_id`: whose acceptance it is, for commands and registrations under way (`actor` is then a
    reason); a person signed in accepts for themselves, also while they act for somebody else.
    `signed_name`: what they typed as their signature, checked against their names.
    """
    account = _own_account(session, actor, account_id, is_locked=True)
    text = session.get(LegalText, text_id)
    if text is None or text.published_at is None:
        raise NotFound("legal_text.not_found")
    if account.role not in _ROLES[text.kind]:
        raise RuleViolation("legal_text.not_concerned")
    known = _acceptance(session, account.id, text.id)
    if known is not None:
        return known
    if current_text(session, actor, text.kind, now=now).id != text.id:
        raise Conflict("legal_text.superseded")
    signed = clean_line(signed_name)[:MAX_SIGNED]
    is_unsigned = mode is AcceptanceMode.BOX and text.kind is LegalTextKind.CONTRACT
    is_misnamed = mode is AcceptanceMode.TYPED_NAME and not is_signature(account, signed)
    if is_unsigned or is_misnamed:
        raise Invalid(signed_name="legal_text.signature")
    acceptance = LegalAcceptance(
        account_id=account.id,
        legal_text_id=text.id,
        mode=mode,
        signed_name=signed,
        text_digest=_digest(text.title, text.body),
        accepted_at=now,
        address=actor.address,
    )
    session.add(acceptance)
    session.flush()
    journal.record(
        session, actor, "legal_text.accepted", object_id=text.id, ground=mode.value, now=now
    )
    return acceptance.id


def is_signature(account: Account, signed: str) -> bool:
    """Whether what was typed holds the given and family names of the account, in any order."""
    words = set(fold(signed).split())
    names = fold(f"{account.given_name} {account.family_name}").split()
    return bool(names) and words >= set(names)


def ensure_reference_texts(session: Session, actor: Actor, *, now: datetime) -> None:
    """Publish our own first versions of kinds that have none. For commands only."""
    if not actor.reason:
        raise Forbidden
    for kind, (title, body) in REFERENCE_TEXTS.items():
        if last_version(session, actor, kind):
            continue
        text = LegalText(
            kind=kind, version=1, title=title, body=body, published_at=now, created_at=now
        )
        session.add(text)
        session.flush()
        journal.record(session, actor, "legal_text.published", object_id=text.id, now=now)


def _own_account(
    session: Session, actor: Actor, account_id: UUID | None = None, *, is_locked: bool = False
) -> Account:
    if account_id is not None and actor.account_id not in {None, account_id}:
        raise Forbidden("legal_text.own_only")
    if account_id is not None and not actor.reason and actor.account_id is None:
        raise NotAuthenticated
    wanted = account_id or actor.account_id
    if wanted is None:
        raise NotAuthenticated
    account = session.get(Account, wanted, with_for_update=is_locked)
    if account is None:
        raise NotFound("legal_text.not_found")
    return account


def _acceptance(session: Session, account_id: UUID, text_id: UUID) -> UUID | None:
    return session.execute(
        select(col(LegalAcceptance.id)).where(
            col(LegalAcceptance.account_id) == account_id,
            col(LegalAcceptance.legal_text_id) == text_id,
        )
    ).scalar_one_or_none()


def last_version(session: Session, actor: Actor, kind: LegalTextKind) -> int:
    """The number of the newest version or draft, 0 when there is none."""
    return (
        session.execute(
            select(func.max(col(LegalText.version))).where(col(LegalText.kind) == kind)
        ).scalar()
        or 0
    )


def _digest(title: str, body: str) -> bytes:
    return content_digest(f"{title}\n\n{body}".encode())


def view_of(text: LegalText) -> TextView:
    return TextView(
        id=text.id,
        kind=text.kind,
        version=text.version,
        title=text.title,
        body=text.body,
        published_at=text.published_at,
        digest=_digest(text.title, text.body).hex(),
    )
