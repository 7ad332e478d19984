"""The history of one kind of entry: rows by page, newest first, and its filters (CX-25, CX-29, CX-33)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.entry import EntryKind
from app.services import journal
from app.services.entry_query import (
    ENTRY,
    IS_CURRENT,
    NEWEST_FIRST,
    Statement,
    entry_statement,
    fetch_rows,
    fetch_treatments,
)
from app.services.entry_row import EntryRow, EntryTreatment

PAGE_SIZE = 20


@dataclass(frozen=True)
class TreatmentOption:
    """A treatment that has entries, and how many."""

    id: UUID
    label: str
    count: int


@dataclass(frozen=True)
class EntryPage:
    """One page. `matching` counts under the filters; `total`, `professionals` and `last_on` without."""

    rows: list[EntryRow]
    page: int
    page_count: int
    matching: int
    total: int
    professionals: int
    last_on: date | None
    treatments: list[TreatmentOption]


@dataclass(frozen=True)
class Facet:
    """A filter of one kind only: a column of its table, and the value asked for (None: any)."""

    column: Any
    value: Any


def read_history(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    kind: EntryKind,
    *,
    treatment_id: UUID | None = None,
    facet: Facet | None = None,
    page: int = 1,
    new_since: datetime | None = None,
    now: datetime,
) -> EntryPage:
    """One page of one kind, with its read line. A page after the last one is the last one.

    `new_since`: entries of colleagues written after it are new; by default what the actor has not read.
    """
    link = policies.require_link(session, actor, patient_id)
    column = facet.column if facet is not None and facet.value is not None else None
    treatments = fetch_treatments(session, actor, patient_id)
    groups = _count_groups(session, patient_id, kind, column)
    wanted = [
        group
        for group in groups
        if (treatment_id is None or treatment_id == group.treatment_id)
        and (column is None or facet is None or group.facet == facet.value)
    ]
    matching = sum(group.count for group in wanted)
    page_count = max(1, -(-matching // PAGE_SIZE))
    page = min(max(1, page), page_count)
    rows = fetch_rows(
        session,
        actor,
        patient_id,
        _page_statement(column, treatment_id is not None),
        {
            "kind": kind,
            "treatment_id": treatment_id,
            "facet": facet.value if facet else None,
            "offset": (page - 1) * PAGE_SIZE,
        },
        treatments=treatments,
        read_until=new_since or link.read_at,
    )
    journal.record_read(session, actor, f"{kind.value}.read", patient_id=patient_id, now=now)
    return EntryPage(
        rows=rows,
        page=page,
        page_count=page_count,
        matching=matching,
        total=sum(group.count for group in groups),
        professionals=len({group.author_id for group in groups}),
        last_on=max((group.last_on for group in groups), default=None),
        treatments=_options(groups, treatments),
    )


@dataclass(frozen=True)
class _Group:
    treatment_id: UUID
    author_id: UUID
    count: int
    last_on: date
    facet: Any = None


_IS_WANTED = (*IS_CURRENT, ENTRY.c.kind == bindparam("kind"))


@cache
def _page_statement(column: Any, has_treatment: bool) -> Statement:
    statement = entry_statement().where(*_IS_WANTED)
    if has_treatment:
        statement = statement.where(ENTRY.c.treatment_id == bindparam("treatment_id"))
    if column is not None:
        statement = statement.where(column == bindparam("facet"))
    return statement.order_by(*NEWEST_FIRST).limit(PAGE_SIZE).offset(bindparam("offset"))


@cache
def _groups_statement(column: Any) -> Statement:
    keys = [ENTRY.c.treatment_id, ENTRY.c.author_id]
    extra = [column] if column is not None else []
    statement: Statement = (
        select(*keys, func.count(), func.max(ENTRY.c.occurred_on), *extra)
        .where(*_IS_WANTED)
        .group_by(*keys, *extra)
    )
    if column is not None:
        statement = statement.join(column.table, column.table.c.entry_id == ENTRY.c.id)
    return statement


def _count_groups(session: Session, patient_id: UUID, kind: EntryKind, column: Any) -> list[_Group]:
    found = session.execute(_groups_statement(column), {"patient_id": patient_id, "kind": kind})
    return [_Group(*values) for values in found]


def _options(
    groups: list[_Group], treatments: Mapping[UUID, EntryTreatment]
) -> list[TreatmentOption]:
    counts: Counter[UUID] = Counter()
    for group in groups:
        counts[group.treatment_id] += group.count
    options = [TreatmentOption(id_, treatments[id_].label, n) for id_, n in counts.items()]
    return sorted(options, key=lambda option: (option.label, option.id))
