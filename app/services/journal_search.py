"""The access journal searched by administrators (S130): who did what, on whose behalf, with what result.

One page costs the same whatever the length of the journal: a search reads an index from its end, at most
`SCAN` lines of it, and says where it stopped. Patients are never named here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid
from app.models.journal import JournalKind
from app.services import journal
from app.services.fields import PARIS
from app.services.journal_person import JournalPerson, list_members, list_people
from app.services.journal_range import LINE, read_ranges

PAGE_SIZE = 50
EXPORT_MAX = 100_000
# Lines of an index one search reads at most.
SCAN = 10_000
_EXPORT_PAGE = 1_000
# The clock of a host may have jumped: bounds are widened, then each line is compared.
_DRIFT = timedelta(hours=2)


@dataclass(frozen=True)
class JournalFilter:
    """What is looked for; every part is optional. `is_ok`: None for both. Days are those of Paris."""

    account_id: UUID | None = None
    action: str = ""
    kind: JournalKind | None = None
    is_ok: bool | None = None
    object_id: UUID | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class JournalLine:
    """One line. `who` is none for background work; `member`: the person inside a shared account."""

    seq: int
    at: datetime
    kind: JournalKind
    action: str
    result: str
    ground: str
    address: str
    who: JournalPerson | None
    member: JournalPerson | None
    behalf: JournalPerson | None
    account_id: UUID | None
    object_id: UUID | None
    patient_id: UUID | None


@dataclass(frozen=True)
class JournalPage:
    """Newest first. `older`: the number to go on from, 0 at the end; `is_cut`: the search stopped there."""

    lines: tuple[JournalLine, ...]
    older: int
    is_cut: bool


def search_journal(
    session: Session,
    actor: Actor,
    wanted: JournalFilter,
    *,
    before: int = 0,
    now: datetime,
) -> JournalPage:
    """One page of the lines a filter finds, those before a number (0: the newest)."""
    policies.require_administrator(actor)
    if wanted.from_on and wanted.to_on and wanted.from_on > wanted.to_on:
        raise Invalid(to_on="journal_search.order")
    rows, older, is_cut = _read(session, actor, wanted, before, PAGE_SIZE)
    return JournalPage(_told(session, actor, rows), older, is_cut)


def begin_export(
    session: Session, actor: Actor, wanted: JournalFilter, *, now: datetime
) -> JournalFilter:
    """Leave the line of an export; what it holds ends with what was there before it."""
    policies.require_administrator(actor)
    if wanted.from_on and wanted.to_on and wanted.from_on > wanted.to_on:
        raise Invalid(to_on="journal_search.order")
    journal.record(
        session, actor, "journal.exported", kind=JournalKind.ACCESS,
        object_id=wanted.account_id, now=now,
    )  # fmt: skip
    return wanted


def export_page(
    session: Session, actor: Actor, wanted: JournalFilter, *, before: int
) -> tuple[tuple[JournalLine, ...], int]:
    """A part of an export, and the number to go on from, 0 at the end."""
    policies.require_administrator(actor)
    rows, older, _ = _read(session, actor, wanted, before, _EXPORT_PAGE)
    return _told(session, actor, rows), older


def note_request(session: Session, actor: Actor, *, now: datetime) -> None:
    """Leave the line of somebody who has the whole chain verified."""
    policies.require_administrator(actor)
    journal.record(session, actor, "journal.verification_asked", kind=JournalKind.ACCESS, now=now)


def _read(
    session: Session, actor: Actor, wanted: JournalFilter, before: int, limit: int
) -> tuple[list[Any], int, bool]:
    """Rows, the number to go on from, and whether the search stopped before it had a full page."""
    low, high = _bounds(session, wanted, before)
    ranges = [LINE.c.seq >= low, *([] if high is None else [LINE.c.seq < high])]
    return read_ranges(
        session,
        actor,
        [[*lead, *ranges] for lead in _leads(wanted)],
        lambda line: _compared(line, wanted),
        limit=limit,
        scan=SCAN,
    )


def _leads(wanted: JournalFilter) -> list[list[ColumnElement[bool]]]:
    """The ranges an index leads to: two for an account, its own lines and those on its behalf."""
    if wanted.object_id is not None:
        return [[LINE.c.object_id == wanted.object_id]]
    if wanted.account_id is not None:
        return [
            [LINE.c.account_id == wanted.account_id],
            [LINE.c.on_behalf_of_id == wanted.account_id],
        ]
    if wanted.action:
        return [[LINE.c.action == wanted.action]]
    return [[LINE.c.result != "ok"]] if wanted.is_ok is False else [[]]


def _compared(line: Any, wanted: JournalFilter) -> list[ColumnElement[bool]]:
    """What each line of a range is compared with."""
    found = [] if wanted.kind is None else [line.kind == wanted.kind]
    if wanted.object_id is not None and wanted.account_id is not None:
        found.append(
            (line.account_id == wanted.account_id) | (line.on_behalf_of_id == wanted.account_id)
        )
    if wanted.action:
        found.append(line.action == wanted.action)
    if wanted.is_ok is not None:
        found.append(line.result == "ok" if wanted.is_ok else line.result != "ok")
    if wanted.from_on is not None:
        found.append(line.at >= _midnight(wanted.from_on))
    if wanted.to_on is not None:
        found.append(line.at < _midnight(wanted.to_on + timedelta(days=1)))
    return found


def _bounds(session: Session, wanted: JournalFilter, before: int) -> tuple[int, int | None]:
    """The numbers between which the wanted days lie: lines are numbered without a gap, as time goes."""
    low, high = 1, before or None
    if journal.last_seq(session) <= SCAN:
        # So few are read whole; those of a demonstration are dated back, in no order.
        return low, high
    if wanted.from_on is not None:
        low = _first_since(session, _midnight(wanted.from_on) - _DRIFT)
    if wanted.to_on is not None:
        end = _first_since(session, _midnight(wanted.to_on + timedelta(days=1)) + _DRIFT)
        high = min(end, high) if high is not None else end
    return low, high


def _first_since(session: Session, moment: datetime) -> int:
    low, high = 1, journal.last_seq(session) + 1
    while low < high:
        middle = (low + high) // 2
        at = session.execute(select(LINE.c.at).where(LINE.c.seq == middle)).scalar_one()
        if at < moment:
            low = middle + 1
        else:
            high = middle
    return low


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _told(session: Session, actor: Actor, rows: list[Any]) -> tuple[JournalLine, ...]:
    people = list_people(
        session, actor, {key for row in rows for key in (row.account_id, row.on_behalf_of_id)}
    )
    members = list_members(session, actor, {row.member_id for row in rows})
    return tuple(
        JournalLine(
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            action=row.action,
            result=row.result,
            ground=row.ground,
            address=row.address,
            who=people.get(row.account_id),
            member=members.get(row.member_id),
            behalf=people.get(row.on_behalf_of_id),
            account_id=row.account_id,
            object_id=row.object_id,
            patient_id=row.patient_id,
        )
        for row in rows
    )
