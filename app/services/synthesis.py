"""The synthesis: one chronology of what all professionals wrote, and its figure (CX-26, CX-34 to CX-36)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import extract, func, select, tuple_
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.entry import Entry, EntryKind
from app.models.professional import Profession, Professional
from app.models.treatment import Treatment
from app.services import journal
from app.services.entry_row import NEWEST_FIRST, EntryRow, entry_statement, fetch_rows
from app.services.fields import paris_day
from app.services.history import TreatmentOption
from app.services.timeline import Timeline, fetch_timeline, months_before

PAGE_SIZE = 50
FIRST_MONTHS = 12


@dataclass(frozen=True)
class Cursor:
    """The place of an entry in the chronology: what comes after it is older."""

    occurred_on: date
    first_recorded_at: datetime
    id: UUID


@dataclass(frozen=True)
class AuthorOption:
    """A professional who wrote entries, and how many."""

    count: int
    id: UUID
    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str


@dataclass(frozen=True)
class SynthesisFilter:
    """What the chronology is narrowed to; an empty part narrows nothing."""

    kinds: frozenset[EntryKind] = frozenset()
    treatment_id: UUID | None = None
    author_id: UUID | None = None


@dataclass(frozen=True)
class SynthesisPage:
    """Part of the chronology, newest first, and what the screen says around it.

    `kinds`, `treatments` and `authors` count what each choice would show, the other filters kept;
    `years` counts under all filters; `total` and `professionals` count without any filter.
    `older_year` and `older_count`: the year of the next older entry that matches, and how many of that
    year are still to show; None and 0 at the end. `older` is where the next page starts (`before`).
    """

    rows: list[EntryRow]
    older: Cursor | None
    older_year: int | None
    older_count: int
    matching: int
    total: int
    professionals: int
    enrolled_on: date | None
    kinds: dict[EntryKind, int]
    years: dict[int, int]
    treatments: list[TreatmentOption]
    authors: list[AuthorOption]
    timeline: Timeline | None


def read_synthesis(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    kinds: Collection[EntryKind] = (),
    treatment_id: UUID | None = None,
    author_id: UUID | None = None,
    from_year: int | None = None,
    before: Cursor | None = None,
    limit: int = PAGE_SIZE,
    new_since: datetime | None = None,
    with_timeline: bool = False,
    now: datetime,
) -> SynthesisPage:
    """The chronology of a patient, and its figure `with_timeline`, with one read line.

    Without `from_year`, the last twelve months; with it, everything since 1 January of that year.
    At most `limit` rows: `before` continues after the last one. `new_since`: entries of colleagues
    written after it are new; by default what the actor has not read.
    """
    link = policies.require_link(session, actor, patient_id)
    wanted = SynthesisFilter(frozenset(kinds), treatment_id, author_id)
    journal.record_read(session, actor, "synthesis.read", patient_id=patient_id, now=now)
    groups = _count_groups(session, patient_id)
    since = first_day(from_year, now)
    statement = _narrow(entry_statement(), patient_id, wanted).where(
        col(Entry.occurred_on) >= since
    )
    if before is not None:
        statement = statement.where(_is_older(before))
    rows = fetch_rows(
        session,
        actor,
        statement.order_by(*NEWEST_FIRST).limit(limit),
        read_until=new_since or link.read_at,
    )
    end = _cursor(rows[-1]) if rows else before
    older = col(Entry.occurred_on) < since if end is None else _is_older(end)
    older_year, older_count = _count_older(session, patient_id, wanted, older)
    matching = [group for group in groups if _matches(group, wanted)]
    return SynthesisPage(
        rows=rows,
        older=end if older_count else None,
        older_year=older_year,
        older_count=older_count,
        matching=sum(group.count for group in matching),
        total=sum(group.count for group in groups),
        professionals=len({group.author_id for group in groups}),
        enrolled_on=min(
            (g.first_on for g in groups if g.kind is EntryKind.ENROLMENT), default=None
        ),
        kinds=_kind_counts(groups, wanted),
        years=_year_counts(matching),
        treatments=_treatment_options(groups, wanted),
        authors=_author_options(session, groups, wanted),
        timeline=fetch_timeline(session, actor, patient_id, now=now) if with_timeline else None,
    )


def first_day(from_year: int | None, now: datetime) -> date:
    """The oldest day shown: 1 January of a year, or the day a year ago."""
    if from_year is None:
        return months_before(paris_day(now), FIRST_MONTHS)
    return date(min(max(from_year, MINYEAR), MAXYEAR), 1, 1)


@dataclass(frozen=True)
class _Group:
    year: int
    kind: EntryKind
    treatment_id: UUID | None
    author_id: UUID
    label: str | None
    count: int
    first_on: date


def _count_groups(session: Session, patient_id: UUID) -> list[_Group]:
    """Counts of all current entries by year, kind, treatment and author: every figure is a sum of them."""
    year = extract("year", col(Entry.occurred_on))
    keys = (year, col(Entry.kind), col(Entry.treatment_id), col(Entry.author_id))
    found = session.execute(
        select(
            *keys,
            col(Treatment.label),
            func.count(),
            func.min(col(Entry.occurred_on)),
        )
        .select_from(Entry)
        .outerjoin(Treatment, col(Treatment.id) == col(Entry.treatment_id))
        .where(col(Entry.patient_id) == patient_id, col(Entry.superseded_at).is_(None))
        .group_by(*keys, col(Treatment.label))
    )
    return [_Group(int(values[0]), *values[1:]) for values in found]


def _narrow(statement: Any, patient_id: UUID, wanted: SynthesisFilter) -> Any:
    statement = statement.where(
        col(Entry.patient_id) == patient_id, col(Entry.superseded_at).is_(None)
    )
    if wanted.kinds:
        statement = statement.where(col(Entry.kind).in_(wanted.kinds))
    if wanted.treatment_id is not None:
        statement = statement.where(col(Entry.treatment_id) == wanted.treatment_id)
    if wanted.author_id is not None:
        statement = statement.where(col(Entry.author_id) == wanted.author_id)
    return statement


def _cursor(row: EntryRow) -> Cursor:
    return Cursor(row.occurred_on, row.first_recorded_at, row.id)


def _is_older(cursor: Cursor) -> Any:
    place = tuple_(col(Entry.occurred_on), col(Entry.first_recorded_at), col(Entry.id))
    return place < (cursor.occurred_on, cursor.first_recorded_at, cursor.id)


def _count_older(
    session: Session, patient_id: UUID, wanted: SynthesisFilter, older: Any
) -> tuple[int | None, int]:
    year = extract("year", col(Entry.occurred_on))
    statement = _narrow(select(year, func.count()), patient_id, wanted).where(older)
    found = session.execute(statement.group_by(year).order_by(year.desc()).limit(1)).first()
    return (int(found[0]), found[1]) if found else (None, 0)


def _matches(group: _Group, wanted: SynthesisFilter, leave_out: str = "") -> bool:
    """Whether the entries of a group pass the filter, one of its parts left out."""
    return (
        (leave_out == "kind" or not wanted.kinds or group.kind in wanted.kinds)
        and (leave_out == "treatment" or wanted.treatment_id in {None, group.treatment_id})
        and (leave_out == "author" or wanted.author_id in {None, group.author_id})
    )


def _kind_counts(groups: list[_Group], wanted: SynthesisFilter) -> dict[EntryKind, int]:
    counts = dict.fromkeys(EntryKind, 0)
    for group in groups:
        if _matches(group, wanted, "kind"):
            counts[group.kind] += group.count
    return counts


def _year_counts(groups: list[_Group]) -> dict[int, int]:
    counts: Counter[int] = Counter()
    for group in groups:
        counts[group.year] += group.count
    return dict(sorted(counts.items(), reverse=True))


def _treatment_options(groups: list[_Group], wanted: SynthesisFilter) -> list[TreatmentOption]:
    counts: Counter[tuple[str, UUID]] = Counter()
    for group in groups:
        if group.treatment_id and group.label:
            shown = _matches(group, wanted, "treatment")
            counts[group.label, group.treatment_id] += group.count if shown else 0
    return [TreatmentOption(id_, label, counts[label, id_]) for label, id_ in sorted(counts)]


def _author_options(
    session: Session, groups: list[_Group], wanted: SynthesisFilter
) -> list[AuthorOption]:
    counts: Counter[UUID] = Counter()
    for group in groups:
        counts[group.author_id] += group.count if _matches(group, wanted, "author") else 0
    found = session.execute(
        select(
            col(Professional.id),
            col(Account.civility),
            col(Account.given_name),
            col(Account.family_name),
            col(Professional.profession),
            col(Professional.speciality),
        )
        .join(Account, col(Account.id) == col(Professional.account_id))
        .where(col(Professional.id).in_(counts))
        .order_by(col(Professional.search_name))
    )
    return [AuthorOption(counts[values[0]], *values) for values in found]
