"""What an account did, and what was done to it: the journal, as its owner may read it (issue 3, item 4).

Holds no medical content. A patient is named only to somebody who still follows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account, Role
from app.models.care_link import CareLink
from app.models.journal import JournalEntry, JournalKind
from app.models.patient import Patient
from app.models.team import AccountMember

PAGE_SIZE = 50


@dataclass(frozen=True)
class Person:
    """Somebody named in a line."""

    civility: str
    given_name: str
    family_name: str
    is_administrator: bool = False


@dataclass(frozen=True)
class HistoryLine:
    """One line. `actor`: who, when it was somebody else or a member of a shared account; `behalf`: for whom.

    `patient`: birth and given name of a patient still followed; `has_patient` alone when not any more.
    """

    seq: int
    at: datetime
    kind: JournalKind
    action: str
    result: str
    address: str
    actor: Person | None
    behalf: Person | None
    is_system: bool
    patient: tuple[str, str] | None
    has_patient: bool


@dataclass(frozen=True)
class HistoryPage:
    """Newest first; `older`: the number to go on from, 0 at the end."""

    lines: tuple[HistoryLine, ...]
    older: int


def list_history(
    session: Session,
    actor: Actor,
    *,
    before: int = 0,
    limit: int = PAGE_SIZE,
    about_patients: bool = False,
) -> HistoryPage:
    """One page of one's own lines, those before a number (0: the newest). Reads three short index ranges.

    `about_patients`: only what one did, or others did for one, in the records of patients (U-23).
    """
    account_id = policies.require_own_account(actor)
    found: dict[int, JournalEntry] = {}
    ranges = [
        col(JournalEntry.account_id) == account_id,
        col(JournalEntry.on_behalf_of_id) == account_id,
        col(JournalEntry.object_id) == account_id,
    ]
    if about_patients:
        ranges = [and_(mine, col(JournalEntry.patient_id).is_not(None)) for mine in ranges[:2]]
    for mine in ranges:
        found |= {line.seq: line for line in _newest(session, mine, before, limit + 1)}
    rows = [found[seq] for seq in sorted(found, reverse=True)]
    shown = rows[:limit]
    lines = tuple(_told(session, actor, account_id, shown))
    return HistoryPage(lines, shown[-1].seq if len(rows) > limit else 0)


def _newest(
    session: Session, mine: ColumnElement[bool], before: int, limit: int
) -> Iterable[JournalEntry]:
    statement = select(JournalEntry).where(mine).order_by(col(JournalEntry.seq).desc())
    if before:
        statement = statement.where(col(JournalEntry.seq) < before)
    return session.exec(statement.limit(limit)).all()


def _told(
    session: Session, actor: Actor, account_id: UUID, rows: list[JournalEntry]
) -> Iterable[HistoryLine]:
    people = _people(
        session, {key for row in rows for key in (row.account_id, row.on_behalf_of_id) if key}
    )
    members = _members(session, {row.member_id for row in rows if row.member_id})
    patients = _followed(session, actor, {row.patient_id for row in rows if row.patient_id})
    for row in rows:
        is_mine = row.account_id == account_id
        yield HistoryLine(
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            action=row.action,
            result=row.result,
            # Where somebody else sat is theirs.
            address=row.address if is_mine else "",
            actor=members.get(row.member_id or account_id)
            if is_mine
            else people.get(row.account_id or account_id),
            behalf=people.get(row.on_behalf_of_id)
            if is_mine and row.on_behalf_of_id not in {None, account_id}
            else None,
            is_system=row.account_id is None,
            patient=patients.get(row.patient_id) if row.patient_id and is_mine else None,
            has_patient=row.patient_id is not None and row.patient_id != actor.patient_id,
        )


def _people(session: Session, ids: set[UUID]) -> dict[UUID, Person]:
    if not ids:
        return {}
    rows = session.exec(
        select(Account.id, Account.civility, Account.given_name, Account.family_name).where(
            col(Account.id).in_(ids)
        )
    ).all()
    administrators = set(
        session.exec(
            select(Account.id).where(col(Account.id).in_(ids), Account.role == Role.ADMINISTRATOR)
        )
    )
    return {row[0]: Person(row[1], row[2], row[3], row[0] in administrators) for row in rows}


def _members(session: Session, ids: set[UUID]) -> dict[UUID, Person]:
    if not ids:
        return {}
    rows = session.exec(select(AccountMember).where(col(AccountMember.id).in_(ids)))
    return {row.id: Person(row.civility, row.given_name, row.family_name) for row in rows}


def _followed(session: Session, actor: Actor, ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    if not ids or actor.own_professional_id is None:
        return {}
    rows = session.exec(
        select(Patient)
        .join(CareLink, col(CareLink.patient_id) == col(Patient.id))
        .where(
            col(Patient.id).in_(ids),
            CareLink.professional_id == actor.own_professional_id,
            col(CareLink.ended_at).is_(None),
        )
    )
    return {row.id: (row.birth_name, row.given_name) for row in rows}
