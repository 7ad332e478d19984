"""The history of one kind of entry: rows by page, newest first, and its filters (CX-25, CX-29, CX-33)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.entry import Entry, EntryKind
from app.models.treatment import Treatment
from app.services import journal
from app.services.entry_row import NEWEST_FIRST, EntryRow, entry_statement, fetch_rows

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
    """A filter of one kind only: its table, its column, the value asked for (None: any)."""

    table: Any
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
    groups = _count_groups(session, patient_id, kind, facet)
    wanted = [
        group
        for group in groups
        if (treatment_id is None or group.treatment_id == treatment_id)
        and (facet is None or facet.value is None or group.facet == facet.value)
    ]
    matching = sum(group.count for group in wanted)
    page_count = max(1, -(-matching // PAGE_SIZE))
    page = min(max(1, page), page_count)
    statement = entry_statement().where(
        col(Entry.patient_id) == patient_id,
        col(Entry.kind) == kind,
        col(Entry.superseded_at).is_(None),
    )
    if treatment_id is not None:
        statement = statement.where(col(Entry.treatment_id) == treatment_id)
    if facet is not None and facet.value is not None:
        statement = statement.where(facet.column == facet.value)
    rows = fetch_rows(
        session,
        actor,
        statement.order_by(*NEWEST_FIRST).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE),
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
        treatments=_options(groups),
    )


@dataclass(frozen=True)
class _Group:
    treatment_id: UUID
    label: str
    author_id: UUID
    count: int
    last_on: date
    facet: Any = None


def _count_groups(
    session: Session, patient_id: UUID, kind: EntryKind, facet: Facet | None
) -> list[_Group]:
    keys = [col(Entry.treatment_id), col(Treatment.label), col(Entry.author_id)]
    extra = [facet.column] if facet else []
    statement = (
        select(*keys, func.count(), func.max(col(Entry.occurred_on)), *extra)
        .select_from(Entry)
        .join(Treatment, col(Treatment.id) == col(Entry.treatment_id))
        .where(
            col(Entry.patient_id) == patient_id,
            col(Entry.kind) == kind,
            col(Entry.superseded_at).is_(None),
        )
        .group_by(*keys, *extra)
    )
    if facet is not None:
        statement = statement.join(facet.table, facet.table.entry_id == col(Entry.id))
    return [_Group(*values) for values in session.execute(statement)]


def _options(groups: list[_Group]) -> list[TreatmentOption]:
    counts: dict[tuple[str, UUID], int] = {}
    for group in groups:
        key = (group.label, group.treatment_id)
        counts[key] = counts.get(key, 0) + group.count
    return [TreatmentOption(id_, label, counts[label, id_]) for label, id_ in sorted(counts)]
