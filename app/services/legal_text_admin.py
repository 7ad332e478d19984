"""Legal texts as administrators see them: drafts, publication, proofs of acceptance (U-25)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.journal import JournalKind
from app.models.legal_text import AcceptanceMode, LegalAcceptance, LegalText, LegalTextKind
from app.services import journal, notice
from app.services.fields import clean_line, clean_text
from app.services.legal_text import TextView, last_version, view_of
from app.services.text import typeset

MAX_TITLE, MAX_BODY = 200, 60_000
PAGE_SIZE = 50


@dataclass(frozen=True)
class VersionRow:
    """One version in the list of an administrator, and how many people accepted it."""

    id: UUID
    kind: LegalTextKind
    version: int
    title: str
    published_at: datetime | None
    accepted: int
    is_in_force: bool


@dataclass(frozen=True)
class AcceptanceRow:
    """The proof of one acceptance. `digest`: SHA-256 of what was shown, hexadecimal."""

    id: UUID
    account_id: UUID
    civility: str
    family_name: str
    given_name: str
    email: str
    role: Role
    mode: AcceptanceMode
    signed_name: str
    accepted_at: datetime
    address: str
    digest: str


@dataclass(frozen=True)
class AcceptancePage:
    """At most 50 proofs, newest first. `following`: what to ask the next page after, none at the end."""

    rows: tuple[AcceptanceRow, ...]
    total: int
    following: UUID | None


def list_versions(session: Session, actor: Actor) -> tuple[VersionRow, ...]:
    """Every version and draft, newest first in each kind."""
    policies.require_administrator(actor)
    accepted = dict(
        session.execute(
            select(col(LegalAcceptance.legal_text_id), func.count()).group_by(
                col(LegalAcceptance.legal_text_id)
            )
        ).all()
    )
    found = session.execute(
        select(
            col(LegalText.id),
            col(LegalText.kind),
            col(LegalText.version),
            col(LegalText.title),
            col(LegalText.published_at),
        ).order_by(col(LegalText.kind).desc(), col(LegalText.version).desc())
    ).all()
    in_force: dict[LegalTextKind, UUID] = {}
    for row in found:
        if row.published_at is not None:
            in_force.setdefault(row.kind, row.id)
    return tuple(
        VersionRow(
            id=row.id,
            kind=row.kind,
            version=row.version,
            title=row.title,
            published_at=row.published_at,
            accepted=accepted.get(row.id, 0),
            is_in_force=in_force.get(row.kind) == row.id,
        )
        for row in found
    )


def access_text(session: Session, actor: Actor, text_id: UUID) -> TextView:
    """Any version, drafts too, for those who write them."""
    policies.require_administrator(actor)
    found = session.get(LegalText, text_id)
    if found is None:
        raise NotFound("legal_text.not_found")
    return view_of(found)


def save_draft(
    session: Session,
    actor: Actor,
    kind: LegalTextKind,
    *,
    title: str,
    body: str,
    now: datetime,
) -> UUID:
    """Write the one draft of this kind, which becomes the next version."""
    policies.require_administrator(actor)
    title, body = typeset(clean_line(title)), typeset(clean_text(body))
    faults = {}
    if not title or len(title) > MAX_TITLE:
        faults["title"] = "legal_text.title"
    if not body:
        faults["body"] = "legal_text.body_missing"
    elif len(body) > MAX_BODY:
        faults["body"] = "text.too_long"
    if faults:
        raise Invalid(**faults)
    draft = _draft(session, kind)
    if draft is None:
        draft = LegalText(
            kind=kind,
            version=last_version(session, actor, kind) + 1,
            title="",
            body="",
            created_at=now,
        )
    draft.title, draft.body = title, body
    session.add(draft)
    session.flush()
    journal.record(session, actor, "legal_text.drafted", object_id=draft.id, now=now)
    return draft.id


def discard_draft(session: Session, actor: Actor, text_id: UUID, *, now: datetime) -> None:
    """Throw a draft away; a published version stays for ever."""
    policies.require_administrator(actor)
    draft = _access_draft(session, text_id)
    session.delete(draft)
    journal.record(session, actor, "legal_text.discarded", object_id=text_id, now=now)


def publish_text(
    session: Session, actor: Actor, text_id: UUID, *, digest: str, now: datetime
) -> None:
    """Put a draft in force: from now on everybody it binds is asked to accept it (S054).

    The notice is from now on the one to hand to patients (CX-14).
    `digest`: that of the text the administrator read; a draft changed meanwhile is not published.
    """
    policies.require_administrator(actor)
    policies.require_fresh_factor(actor, now=now)
    draft = _access_draft(session, text_id)
    if view_of(draft).digest != digest:
        raise Conflict("legal_text.draft_changed")
    draft.published_at = now
    session.add(draft)
    session.flush()
    journal.record(session, actor, "legal_text.published", object_id=draft.id, now=now)
    if draft.kind is LegalTextKind.NOTICE:
        notice.publish_notice(
            session, actor, version=draft.version, title=draft.title, body=draft.body, now=now
        )


def list_acceptances(
    session: Session, actor: Actor, text_id: UUID, *, after: UUID | None = None, now: datetime
) -> AcceptancePage:
    """The proofs of one version, newest first, 50 at a time."""
    policies.require_administrator(actor)
    journal.record(
        session, actor, "legal_text.proofs_read", kind=JournalKind.READ, object_id=text_id, now=now
    )
    total = session.execute(
        select(func.count()).where(col(LegalAcceptance.legal_text_id) == text_id)
    ).scalar_one()
    query = _acceptances(text_id).limit(PAGE_SIZE + 1)
    if after is not None:
        last = session.get(LegalAcceptance, after)
        if last is None:
            raise NotFound("legal_text.not_found")
        query = query.where(
            or_(
                col(LegalAcceptance.accepted_at) < last.accepted_at,
                and_(
                    col(LegalAcceptance.accepted_at) == last.accepted_at,
                    col(LegalAcceptance.id) < last.id,
                ),
            )
        )
    rows = tuple(_row(row) for row in session.execute(query).all())
    shown = rows[:PAGE_SIZE]
    return AcceptancePage(shown, total, shown[-1].id if len(rows) > PAGE_SIZE else None)


def export_acceptances(
    session: Session, actor: Actor, text_id: UUID, *, now: datetime
) -> Iterator[AcceptanceRow]:
    """Every proof of one version, to keep outside; leaves a line in the journal."""
    policies.require_administrator(actor)
    if session.get(LegalText, text_id) is None:
        raise NotFound("legal_text.not_found")
    journal.record(session, actor, "legal_text.proofs_exported", object_id=text_id, now=now)
    return (_row(row) for row in session.execute(_acceptances(text_id)).all())


def _draft(session: Session, kind: LegalTextKind) -> LegalText | None:
    return session.execute(
        select(LegalText).where(col(LegalText.kind) == kind, col(LegalText.published_at).is_(None))
    ).scalar_one_or_none()


def _access_draft(session: Session, text_id: UUID) -> LegalText:
    found = session.get(LegalText, text_id)
    if found is None:
        raise NotFound("legal_text.not_found")
    if found.published_at is not None:
        raise RuleViolation("legal_text.published_already")
    return found


def _acceptances(text_id: UUID) -> Select[LegalAcceptance, Account]:
    return (
        select(LegalAcceptance, Account)
        .join(Account, col(Account.id) == col(LegalAcceptance.account_id))
        .where(col(LegalAcceptance.legal_text_id) == text_id)
        .order_by(col(LegalAcceptance.accepted_at).desc(), col(LegalAcceptance.id).desc())
    )


def _row(row: tuple[LegalAcceptance, Account]) -> AcceptanceRow:
    proof, account = row
    return AcceptanceRow(
        id=proof.id,
        account_id=account.id,
        civility=account.civility,
        family_name=account.family_name,
        given_name=account.given_name,
        email=account.email,
        role=account.role,
        mode=proof.mode,
        signed_name=proof.signed_name,
        accepted_at=proof.accepted_at,
        address=proof.address,
        digest=proof.text_digest.hex(),
    )
