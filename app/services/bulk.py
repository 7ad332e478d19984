"""Many rows or keys at once, the way the databases do it fastest."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Table, insert
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from app.authz.actor import Actor
from app.db import dialect_of

T = TypeVar("T")


def write_rows(
    session: Session, actor: Actor, table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Add rows that hold every column of a table, in its order."""
    if not rows:
        return
    connection = session.connection()
    if dialect_of(session) == "sqlite":
        connection.exec_driver_sql(_insert(table), list(rows))
        return
    name = connection.dialect.identifier_preparer.format_table(table)
    with connection.connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def padded(keys: Sequence[T]) -> list[T]:
    """The same keys, the last one repeated up to a power of two: few statements, which stay prepared."""
    return [*keys, *[keys[-1]] * ((1 << (len(keys) - 1).bit_length()) - len(keys))]


@lru_cache(maxsize=16)
def _insert(table: Table) -> str:
    return str(insert(table).compile(dialect=sqlite.dialect()))
