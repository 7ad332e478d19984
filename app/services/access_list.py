"""Who may read a record and who is shut out of it: « Accès des professionnels de santé » (U-12, FC-12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.account import Account
from app.models.base import table_of
from app.models.journal import JournalEntry, JournalKind
from app.models.professional import Profession, Professional
from app.models.record_access import AccessBlock, AccessKind, AdministratorStatus, RecordAccess
from app.models.session import SignInSession
from app.services import journal
from app.services.membership import list_links, require_keeper
from app.services.professional import ProfessionalCard, list_cards
from app.services.visibility import tells_patient

# The longest an access outside the circle lasts (D-09).
LONGEST_ACCESS = timedelta(hours=24)
# Lines of the journal read at most to say who consulted last.
SCAN = 5_000

_LINE = table_of(JournalEntry)


@dataclass(frozen=True)
class AuthorisedRow:
    """Somebody who may read the record now: a member of the circle, or who opened it from outside.

    `access` and `until`: of an access outside the circle. `last_read_at`: None when nothing recent says so.
    """

    professional: ProfessionalCard
    since: datetime
    access: AccessKind | None
    until: datetime | None
    last_read_at: datetime | None
    has_administrator_status: bool
    may_have_status: bool

    @property
    def is_member(self) -> bool:
        return self.access is None


@dataclass(frozen=True)
class BlockedRow:
    """Somebody shut out. `was_member`: unblocking lets them follow the patient again."""

    professional: ProfessionalCard
    since: datetime
    was_member: bool


def list_authorised(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[AuthorisedRow]:
    """Who may read the record today, members first; for the patient, or a doctor with the status (FC-10)."""
    require_keeper(session, actor, patient_id)
    journal.record_read(session, actor, "access_list.read", patient_id=patient_id, now=now)
    return fetch_authorised(session, actor, patient_id, now=now)


def fetch_authorised(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[AuthorisedRow]:
    """The same rows when a page looks again by itself. Not journaled."""
    require_keeper(session, actor, patient_id)
    links = list_links(session, actor, patient_id)
    members = {link.professional_id for link in links}
    accesses = [
        access
        for access in _present_accesses(session, patient_id, now)
        if access.professional_id not in members
    ]
    ids = [*members, *(access.professional_id for access in accesses)]
    cards = list_cards(session, actor, ids)
    read_at = _last_reads(session, actor, patient_id, ids)
    statuses = _statuses(session, patient_id)
    may_give = actor.is_patient
    return [
        AuthorisedRow(
            professional=cards[link.professional_id],
            since=link.started_at,
            access=None,
            until=None,
            last_read_at=read_at.get(link.professional_id),
            has_administrator_status=link.professional_id in statuses,
            may_have_status=may_give
            and cards[link.professional_id].profession is Profession.DOCTOR,
        )
        for link in links
    ] + [
        AuthorisedRow(
            professional=cards[access.professional_id],
            since=access.began_at,
            access=access.kind,
            until=access.ends_at,
            last_read_at=read_at.get(access.professional_id),
            has_administrator_status=False,
            may_have_status=False,
        )
        for access in accesses
    ]


def list_readers(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[ProfessionalCard]:
    """Who may read the record today, for the line above a list of documents. Not journaled."""
    require_keeper(session, actor, patient_id)
    members = [link.professional_id for link in list_links(session, actor, patient_id)]
    others = [access.professional_id for access in _present_accesses(session, patient_id, now)]
    cards = list_cards(session, actor, [*members, *others])
    return [cards[key] for key in dict.fromkeys([*members, *others])]


def list_blocked(session: Session, actor: Actor, patient_id: UUID) -> list[BlockedRow]:
    """Who is shut out, the last one first; read together with those who are authorised."""
    require_keeper(session, actor, patient_id)
    found = list(
        session.execute(
            select(AccessBlock)
            .where(col(AccessBlock.patient_id) == patient_id, col(AccessBlock.ended_at).is_(None))
            .order_by(col(AccessBlock.blocked_at).desc(), col(AccessBlock.id))
        ).scalars()
    )
    cards = list_cards(session, actor, [block.professional_id for block in found])
    return [
        BlockedRow(cards[block.professional_id], block.blocked_at, block.was_member)
        for block in found
    ]


def _present_accesses(session: Session, patient_id: UUID, now: datetime) -> Iterable[RecordAccess]:
    """Of each professional outside the circle, the access of a sign-in still open that ends last."""
    rows = session.execute(
        select(RecordAccess)
        .join(SignInSession, col(SignInSession.id) == col(RecordAccess.session_id), isouter=True)
        .where(
            col(RecordAccess.patient_id) == patient_id,
            col(RecordAccess.began_at) > now - LONGEST_ACCESS,
            col(RecordAccess.ended_at).is_(None),
            col(RecordAccess.ends_at) > now,
            col(SignInSession.ended_at).is_(None),
        )
        .order_by(col(RecordAccess.ends_at))
    ).scalars()
    return {access.professional_id: access for access in rows}.values()


def _statuses(session: Session, patient_id: UUID) -> set[UUID]:
    return set(
        session.execute(
            select(col(AdministratorStatus.professional_id)).where(
                col(AdministratorStatus.patient_id) == patient_id,
                col(AdministratorStatus.ended_at).is_(None),
            )
        ).scalars()
    )


def _last_reads(
    session: Session, actor: Actor, patient_id: UUID, professional_ids: list[UUID]
) -> dict[UUID, datetime]:
    """When each of them, or somebody for them, last read this record: among the newest lines only."""
    if not professional_ids:
        return {}
    accounts = {
        account_id: professional_id
        for professional_id, account_id in session.execute(
            select(col(Professional.id), col(Account.id))
            .join(Account, col(Account.id) == col(Professional.account_id))
            .where(col(Professional.id).in_(professional_ids))
        )
    }
    newest = (
        select(
            _LINE.c.seq,
            _LINE.c.kind,
            _LINE.c.action,
            _LINE.c.object_id,
            _LINE.c.account_id,
            _LINE.c.on_behalf_of_id,
        )
        .where(_LINE.c.patient_id == patient_id)
        .order_by(_LINE.c.seq.desc())
        .limit(SCAN)
        .subquery()
    )
    reader = func.coalesce(newest.c.on_behalf_of_id, newest.c.account_id)
    found = session.execute(
        select(func.max(newest.c.seq), reader)
        .where(
            newest.c.kind == JournalKind.READ,
            reader.in_(accounts),
            *([tells_patient(newest.c, patient_id)] if actor.is_patient else []),
        )
        .group_by(reader)
    )
    last = {row[0]: row[1] for row in found}
    times = session.execute(select(_LINE.c.seq, _LINE.c.at).where(_LINE.c.seq.in_(last)))
    return {accounts[last[seq]]: at for seq, at in times}
