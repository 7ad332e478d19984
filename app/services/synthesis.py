"""The synthesis: one chronology of what all professionals wrote, and its figure (CX-26, CX-34 to CX-36)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, extract, func, select, tuple_
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.entry import EntryKind
from app.models.professional import Profession
from app.services import journal
from app.services.entry_query import (
    ENTRY,
    IS_CURRENT,
    NEWEST_FIRST,
    Statement,
    entry_statement,
    fetch_authors,
    fetch_rows,
    fetch_treatments,
)
from app.services.entry_row import Author, EntryRow, EntryTreatment
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
    matching = [group for group in groups if _matches(group, wanted)]
    authors = fetch_authors(session, actor, {group.author_id for group in groups})
    treatments = fetch_treatments(session, actor, patient_id)
    since = first_day(from_year, now)
    shape = _Shape.of(wanted)
    parameters = {
        "patient_id": patient_id,
        "kinds": list(wanted.kinds),
        "treatment_id": treatment_id,
        "author_id": author_id,
        "since": since,
    }
    rows = fetch_rows(
        session,
        actor,
        patient_id,
        _page_statement(shape, has_end=before is not None),
        {**parameters, **_place(before), "limit": limit},
        authors=authors,
        treatments=treatments,
        read_until=new_since or link.read_at,
    )
    end = Cursor(rows[-1].occurred_on, rows[-1].first_recorded_at, rows[-1].id) if rows else before
    older_year, older_count = None, 0
    if before is not None or len(rows) < sum(group.count for group in matching):
        older = _older_statement(shape, has_end=end is not None)
        found = session.execute(older, {**parameters, **_place(end)}).first()
        older_year, older_count = (int(found[0]), found[1]) if found else (None, 0)
    return SynthesisPage(
        rows=rows,
        older=end if older_count else None,
        older_year=older_year,
        older_count=older_count,
        matching=sum(group.count for group in matching),
        total=sum(group.count for group in groups),
        professionals=len(authors),
        enrolled_on=min(
            (g.first_on for g in groups if g.kind is EntryKind.ENROLMENT), default=None
        ),
        kinds=_kind_counts(groups, wanted),
        years=_year_counts(matching),
        treatments=_treatment_options(groups, wanted, treatments),
        authors=_author_options(groups, wanted, authors),
        timeline=fetch_timeline(session, actor, patient_id, now=now) if with_timeline else None,
    )


def first_day(from_year: int | None, now: datetime) -> date:
    """The oldest day shown: 1 January of a year, or the day a year ago."""
    if from_year is None:
        return months_before(paris_day(now), FIRST_MONTHS)
    return date(min(max(from_year, MINYEAR), MAXYEAR), 1, 1)


@dataclass(frozen=True)
class _Shape:
    """Which parts of the filter a statement has."""

    has_kinds: bool
    has_treatment: bool
    has_author: bool

    @classmethod
    def of(cls, wanted: SynthesisFilter) -> "_Shape":
        return cls(
            bool(wanted.kinds), wanted.treatment_id is not None, wanted.author_id is not None
        )

    def narrow(self, statement: Statement) -> Statement:
        statement = statement.where(*IS_CURRENT)
        if self.has_kinds:
            statement = statement.where(ENTRY.c.kind.in_(bindparam("kinds", expanding=True)))
        if self.has_treatment:
            statement = statement.where(ENTRY.c.treatment_id == bindparam("treatment_id"))
        if self.has_author:
            statement = statement.where(ENTRY.c.author_id == bindparam("author_id"))
        return statement


_PLACE = (ENTRY.c.occurred_on, ENTRY.c.first_recorded_at, ENTRY.c.id)
_IS_OLDER = tuple_(*_PLACE) < tuple_(
    *(bindparam(f"end_{column.name}", type_=column.type) for column in _PLACE)
)
_YEAR = extract("year", ENTRY.c.occurred_on)
_KEYS = (_YEAR, ENTRY.c.kind, ENTRY.c.treatment_id, ENTRY.c.author_id)
_GROUPS = (
    select(*_KEYS, func.count(), func.min(ENTRY.c.occurred_on)).where(*IS_CURRENT).group_by(*_KEYS)
)


def _place(cursor: Cursor | None) -> dict[str, object]:
    if cursor is None:
        return {}
    return {
        "end_occurred_on": cursor.occurred_on,
        "end_first_recorded_at": cursor.first_recorded_at,
        "end_id": cursor.id,
    }


@cache
def _page_statement(shape: _Shape, *, has_end: bool) -> Statement:
    statement = shape.narrow(entry_statement()).where(ENTRY.c.occurred_on >= bindparam("since"))
    if has_end:
        statement = statement.where(_IS_OLDER)
    return statement.order_by(*NEWEST_FIRST).limit(bindparam("limit"))


@cache
def _older_statement(shape: _Shape, *, has_end: bool) -> Statement:
    """The year of the next entry past the end, and how many of that year are past it."""
    counted: Statement = select(_YEAR, func.count())
    is_past = _IS_OLDER if has_end else ENTRY.c.occurred_on < bindparam("since")
    return shape.narrow(counted).where(is_past).group_by(_YEAR).order_by(_YEAR.desc()).limit(1)


@dataclass(frozen=True)
class _Group:
    year: int
    kind: EntryKind
    treatment_id: UUID | None
    author_id: UUID
    count: int
    first_on: date


def _count_groups(session: Session, patient_id: UUID) -> list[_Group]:
    """Counts of all current entries by year, kind, treatment and author: every figure is a sum of them."""
    found = session.execute(_GROUPS, {"patient_id": patient_id})
    return [_Group(int(year), *rest) for year, *rest in found]


def _matches(group: _Group, wanted: SynthesisFilter, leave_out: str = "") -> bool:
    """Whether the entries of a group pass the filter, one of its parts left out."""
    return (
        (leave_out == "kind" or not wanted.kinds or group.kind in wanted.kinds)
        and (leave_out == "treatment" or _is(wanted.treatment_id, group.treatment_id))
        and (leave_out == "author" or _is(wanted.author_id, group.author_id))
    )


def _is(wanted: UUID | None, found: UUID | None) -> bool:
    return wanted is None or wanted == found


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


def _treatment_options(
    groups: list[_Group], wanted: SynthesisFilter, treatments: Mapping[UUID, EntryTreatment]
) -> list[TreatmentOption]:
    counts: Counter[UUID] = Counter()
    for group in groups:
        if group.treatment_id:
            shown = _matches(group, wanted, "treatment")
            counts[group.treatment_id] += group.count if shown else 0
    options = [TreatmentOption(id_, treatments[id_].label, n) for id_, n in counts.items()]
    return sorted(options, key=lambda option: (option.label, option.id))


def _author_options(
    groups: list[_Group], wanted: SynthesisFilter, authors: Mapping[UUID, Author]
) -> list[AuthorOption]:
    counts: Counter[UUID] = Counter()
    for group in groups:
        counts[group.author_id] += group.count if _matches(group, wanted, "author") else 0
    return [
        AuthorOption(
            count=counts[author.id],
            id=author.id,
            civility=author.civility,
            given_name=author.given_name,
            family_name=author.family_name,
            profession=author.profession,
            speciality=author.speciality,
        )
        for author in authors.values()
    ]
