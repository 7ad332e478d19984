"""The words directory entries are found by, in the full-text index of each database.

One table for each release, `directory_words_<release>`, made, filled and dropped with it: nothing else in
Liane has a million rows that are only ever replaced together. What the two databases do differently is
here: FTS5 without content on SQLite, `tsvector` under a GIN index on PostgreSQL. First words of family
names are not in it: they are ranges of ids (`DirectoryLead`).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    bindparam,
    cast,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.types import String
from sqlmodel import Session

from app.authz.actor import Actor
from app.db import dialect_of

# Beginnings of one to three letters have lists of their own; longer ones gather those of few words.
_FTS5 = "fts5(words, content='', detail='none', columnsize=0, prefix='1 2 3', tokenize='ascii')"


def create_words(session: Session, actor: Actor, release_id: int) -> None:
    """Make the empty table of a release, in place of one that a failed import left."""
    drop_words(session, actor, release_id)
    if dialect_of(session) == "sqlite":
        session.execute(text(f"CREATE VIRTUAL TABLE {_name(release_id)} USING {_FTS5}"))
    else:
        _table(release_id, "postgresql").create(session.connection())


def drop_words(session: Session, actor: Actor, release_id: int) -> None:
    """Drop the table of a release, if there is one."""
    session.execute(text(f"DROP TABLE IF EXISTS {_name(release_id)}"))


def add_words(
    session: Session, actor: Actor, release_id: int, rows: Sequence[tuple[int, str]]
) -> None:
    """Add entries, ids rising: id, and folded words between spaces."""
    if not rows:
        return
    if dialect_of(session) == "sqlite":
        session.connection().exec_driver_sql(_sqlite_insert(release_id), list(rows))
    else:
        copy_rows(
            session,
            actor,
            _table(release_id, "postgresql"),
            [(entry_id, _vector(words)) for entry_id, words in rows],
        )


def index_words(session: Session, actor: Actor, release_id: int) -> None:
    """Make a filled table quick to search."""
    if dialect_of(session) == "postgresql":
        name = _name(release_id)
        session.execute(text(f"CREATE INDEX ix_{name} ON {name} USING gin (words)"))


def copy_rows(
    session: Session, actor: Actor, table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Write rows that hold every column of a table, in its order, with COPY (PostgreSQL alone)."""
    preparer = session.connection().dialect.identifier_preparer
    raw = session.connection().connection.cursor()
    with raw.copy(f"COPY {preparer.format_table(table)} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def find_ids(
    session: Session,
    actor: Actor,
    release_id: int,
    words: Sequence[str],
    *,
    first: int,
    end: int,
    limit: int,
) -> list[int]:
    """Ids in `[first, end)` of entries with a word that begins with each of `words`, lowest first."""
    dialect = dialect_of(session)
    query = (
        " ".join(f'"{word}" *' for word in words)
        if dialect == "sqlite"
        else " & ".join(f"'{word}':*" for word in words)
    )
    values = {"query": query, "first": first, "end": end, "most": limit}
    return list(session.execute(_statement(release_id, dialect), values).scalars())


def _name(release_id: int) -> str:
    return f"directory_words_{int(release_id)}"


@lru_cache(maxsize=8)
def _table(release_id: int, dialect: str) -> Table:
    """The table of a release. Its key has the name of the row number on SQLite."""
    if dialect == "sqlite":
        key, words = Column("rowid", Integer, primary_key=True), Column("words", String)
    else:
        key = Column("rowid", BigInteger, primary_key=True, autoincrement=False)
        words = Column("words", TSVECTOR, nullable=False)
    return Table(_name(release_id), MetaData(), key, words)


@lru_cache(maxsize=8)
def _sqlite_insert(release_id: int) -> str:
    return str(insert(_table(release_id, "sqlite")).compile(dialect=sqlite.dialect()))


@lru_cache(maxsize=8)
def _statement(release_id: int, dialect: str) -> Any:
    table = _table(release_id, dialect)
    query = bindparam("query", type_=String)
    if dialect == "sqlite":
        matches = literal_column(_name(release_id)).op("MATCH", is_comparison=True)(query)
    else:
        matches = table.c.words.op("@@", is_comparison=True)(cast(query, TSQUERY))
    return (
        select(table.c.rowid)
        .where(
            matches,
            table.c.rowid >= bindparam("first", type_=BigInteger),
            table.c.rowid < bindparam("end", type_=BigInteger),
        )
        .order_by(table.c.rowid)
        .limit(bindparam("most", type_=Integer))
    )


def _vector(words: str) -> str:
    """The words as PostgreSQL writes a vector; they hold letters and digits only."""
    return " ".join(f"'{word}'" for word in dict.fromkeys(words.split()))
