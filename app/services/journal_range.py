"""The newest lines of the journal that meet conditions, at a cost that does not follow its length.

A search reads ranges that an index leads to, from their end, and at most `scan` lines of each; it says where
it stopped.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session

from app.authz.actor import Actor
from app.models.base import table_of
from app.models.journal import JournalEntry

LINE = table_of(JournalEntry)

Conditions = Callable[[Any], list[ColumnElement[bool]]]


def read_ranges(
    session: Session,
    actor: Actor,
    ranges: list[list[ColumnElement[bool]]],
    compared: Conditions,
    *,
    limit: int,
    scan: int,
) -> tuple[list[Any], int, bool]:
    """Rows, newest first, the number to go on from (0 at the end), and whether reading stopped there.

    `compared`: what each line of a range is compared with, given its columns.
    """
    found: dict[int, Any] = {}
    cut = 0
    for conditions in ranges:
        rows, stopped_at = _read_range(session, conditions, compared, limit, scan)
        found |= {row.seq: row for row in rows}
        cut = max(cut, stopped_at)
    # Below the number where one range stopped, the other ones are not the whole truth.
    rows = [found[seq] for seq in sorted(found, reverse=True) if seq >= cut]
    if len(rows) > limit:
        return rows[:limit], rows[limit - 1].seq, False
    return rows, cut, cut > 0


def _read_range(
    session: Session,
    conditions: list[ColumnElement[bool]],
    compared: Conditions,
    limit: int,
    scan: int,
) -> tuple[list[Any], int]:
    """The newest lines of one range of an index, and where reading stopped, 0 when it saw them all."""
    inner = _newest(conditions, scan).subquery()
    query = select(inner).where(*compared(inner.c)).order_by(inner.c.seq.desc())
    rows = list(session.execute(query.limit(limit + 1)).all())
    if len(rows) > limit:
        return rows, 0
    numbers = _newest(conditions, scan).with_only_columns(LINE.c.seq).limit(1).offset(scan - 1)
    return rows, session.execute(numbers).scalar_one_or_none() or 0


def _newest(conditions: list[ColumnElement[bool]], scan: int) -> Select[Any]:
    return select(LINE).where(*conditions).order_by(LINE.c.seq.desc()).limit(scan)
