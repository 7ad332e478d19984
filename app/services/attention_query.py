"""Counting and fetching what needs attention among the actor's patients.

Rows are fetched for what is shown only.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.patient import first_given_name
from app.services.attention import (
    FALLING_DAYS,
    SEVERE_DAYS,
    STALE_DAYS,
    AttentionKind,
    AttentionRow,
    Counters,
    UnreadAuthor,
)
from app.services.attention_statement import (
    AFTER_PERSON,
    COUNT_FALLING,
    COUNT_PATIENTS,
    COUNT_SEVERE,
    COUNT_STALE,
    COUNT_UNREAD,
    FALLING,
    FOLLOWED,
    SCORES,
    SEVERE,
    STALE,
    UNREAD,
    UNREAD_ENTRIES,
)
from app.services.fields import paris_day
from app.services.patient_label import PatientLabel


def count_attention(session: Session, actor: Actor, *, now: datetime) -> Counters:
    """Every figure of the dashboard."""
    bounds = _bounds(session, actor, now)

    def count(statement: Any) -> int:
        return int(session.execute(statement, bounds).scalar_one())

    unread = session.execute(COUNT_UNREAD, bounds).one()
    return Counters(
        patients=count(COUNT_PATIENTS),
        severe=count(COUNT_SEVERE),
        falling=count(COUNT_FALLING),
        unread=int(unread[0]),
        unread_patients=int(unread[1]),
        stale=count(COUNT_STALE),
    )


def _bounds(session: Session, actor: Actor, now: datetime) -> dict[str, object]:
    today = paris_day(now)
    return {
        "professional_id": policies.require_professional(actor),
        "shut_out": policies.shut_out_of(session, actor),
        "today": today,
        "severe_since": today - timedelta(days=SEVERE_DAYS),
        "falling_since": today - timedelta(days=FALLING_DAYS),
        "stale_before": today - timedelta(days=STALE_DAYS),
    }


def fetch_attention(
    session: Session,
    actor: Actor,
    counters: Counters,
    kinds: list[AttentionKind],
    *,
    offset: int,
    limit: int,
    now: datetime,
) -> list[AttentionRow]:
    """Part of the lists of these kinds put end to end."""
    fetchers = {
        AttentionKind.SEVERE: _severe_rows,
        AttentionKind.FALLING: _falling_rows,
        AttentionKind.UNREAD: _unread_rows,
        AttentionKind.STALE: _stale_rows,
    }
    rows: list[AttentionRow] = []
    bounds = _bounds(session, actor, now)
    for kind in kinds:
        count = counters.rows_of(kind)
        if offset >= count:
            offset -= count
            continue
        if len(rows) == limit:
            break
        part = {**bounds, "offset": offset, "limit": limit - len(rows)}
        rows += fetchers[kind](session, part)
        offset = 0
    return rows


def _person(values: Any) -> PatientLabel:
    id_, birth_name, used_name, used_given_name, given_names, birth_date, sex = values[
        :AFTER_PERSON
    ]
    given_name = used_given_name or first_given_name(given_names)
    return PatientLabel(id_, birth_name, used_name, given_name, birth_date, sex)


def _severe_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    rows = []
    for values in session.execute(SEVERE, part):
        day, label, domain, grade, note = values[AFTER_PERSON:]
        rows.append(
            AttentionRow(
                AttentionKind.SEVERE,
                _person(values),
                day,
                treatments=(label,),
                domain=domain,
                grade=grade,
                note=note,
            )
        )
    return rows


def _falling_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    found = session.execute(FALLING, part).all()
    series: dict[UUID, list[int]] = defaultdict(list)
    for treatment_id, yes_count in session.execute(SCORES, {"ids": [row[-1] for row in found]}):
        series[treatment_id].append(yes_count)
    rows = []
    for values in found:
        day, label, treatment_id = values[AFTER_PERSON:]
        rows.append(
            AttentionRow(
                AttentionKind.FALLING,
                _person(values),
                day,
                treatments=(label,),
                series=tuple(series[treatment_id]),
            )
        )
    return rows


def _unread_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    found = session.execute(UNREAD, part).all()
    unread = defaultdict(list)
    for patient_id, *entry in session.execute(UNREAD_ENTRIES, part | {"ids": _ids(found)}):
        unread[patient_id].append(entry)
    rows = []
    for values in found:
        count, last_entry_on = values[AFTER_PERSON:]
        entries = unread[values[0]]
        rows.append(
            AttentionRow(
                AttentionKind.UNREAD,
                _person(values),
                max((entry[0] for entry in entries), default=last_entry_on),
                treatments=tuple(dict.fromkeys(entry[1] for entry in entries if entry[1])),
                unread_count=count,
                authors=tuple(dict.fromkeys(UnreadAuthor(*entry[2:]) for entry in entries)),
            )
        )
    return rows


def _stale_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    found = session.execute(STALE, part).all()
    labels = defaultdict(list)
    for patient_id, label in session.execute(FOLLOWED, part | {"ids": _ids(found)}):
        labels[patient_id].append(label)
    rows = []
    for values in found:
        (last_entry_on,) = values[AFTER_PERSON:]
        rows.append(
            AttentionRow(
                AttentionKind.STALE,
                _person(values),
                last_entry_on,
                treatments=tuple(labels[values[0]]),
                days=(part["today"] - last_entry_on).days,
            )
        )
    return rows


def _ids(found: Sequence[Any]) -> list[UUID]:
    return [values[0] for values in found]
