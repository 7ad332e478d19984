"""The words directory entries are found by, in the full-text index of each database.

One table for each release, `directory_words_<release>`, made, filled and dropped with it: nothing else in
Liane has a million rows that are only ever replaced together. What the two databases do differently is
here: FTS5 without content on SQLite, `tsvector` under a GIN index on PostgreSQL.

The lead, the first word of a family name, is no such word: it is a range of ids (`DirectoryLead`). FTS5 seeks
in that range; GIN cannot, so there the beginnings of the lead are words too. FTS5 keeps lists of short
beginnings of itself; GIN is given them as words. A sign marks both, which no word of ours holds.
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
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.types import String
from sqlmodel import Session

from app.authz.actor import Actor
from app.db import dialect_of
from app.models.directory import DirectoryEntry, DirectoryLead, DirectoryNumber
from app.services.bulk import write_rows

# Beginnings of so many letters have lists of their own; longer ones gather those of few words.
_FILLED = (DirectoryEntry, DirectoryLead, DirectoryNumber)
_LEAD_LETTERS, _SHORT = 4, 3
_FTS5 = "fts5(words, content='', detail='none', columnsize=0, prefix='1 2 3 4 5', tokenize='ascii')"


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
    session: Session, actor: Actor, release_id: int, rows: Sequence[tuple[int, str, str]]
) -> None:
    """Add entries, ids rising: id, lead, and the other folded words between spaces."""
    if not rows:
        return
    dialect = dialect_of(session)
    written = (
        [(entry_id, words) for entry_id, _, words in rows]
        if dialect == "sqlite"
        else [(entry_id, _vector(lead, words)) for entry_id, lead, words in rows]
    )
    write_rows(session, actor, _table(release_id, dialect), written)


def index_words(session: Session, actor: Actor, release_id: int) -> None:
    """Make a filled table quick to search."""
    if dialect_of(session) == "postgresql":
        name = _name(release_id)
        session.execute(text(f"CREATE INDEX IF NOT EXISTS ix_{name} ON {name} USING gin (words)"))
        # Without figures on its words, each search would be planned for a table of unknown content.
        for filled in (name, *(model.__tablename__ for model in _FILLED)):
            session.execute(text(f"ANALYZE {filled}"))


def find_ids(
    session: Session,
    actor: Actor,
    release_id: int,
    words: Sequence[str],
    *,
    first: int,
    end: int,
    lead: str = "",
    is_whole: bool = False,
    limit: int,
) -> list[int]:
    """Ids in `[first, end)` of entries with a word that begins with each of `words`, lowest first.

    `lead`: what all leads of the range begin with, or are when `is_whole`.
    """
    dialect = dialect_of(session)
    if dialect == "sqlite":
        query = " ".join(f'"{word}" *' for word in words)
    else:
        signs = [f"'={lead}='" if is_whole else f"'={lead[:_LEAD_LETTERS]}'"] if lead else []
        query = " & ".join([*signs, *map(_wanted, words)])
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
def _statement(release_id: int, dialect: str) -> Any:
    table = _table(release_id, dialect)
    # PostgreSQL plans for the words that are looked for, so it is told them, not that there will be some.
    query = bindparam("query", type_=String, literal_execute=dialect == "postgresql")
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


def _vector(lead: str, words: str) -> str:
    """The words as PostgreSQL writes a vector; they hold letters and digits only."""
    own = words.split()
    short = {f"~{word[:length]}" for word in own for length in range(1, _SHORT + 1)}
    leads = {f"={lead[:length]}" for length in range(1, _LEAD_LETTERS + 1)}
    return " ".join(f"'{word}'" for word in {f"={lead}=", *leads, *short, *own})


def _wanted(word: str) -> str:
    """What PostgreSQL looks for: a word that begins so."""
    return f"'~{word}'" if len(word) <= _SHORT else f"'{word}':*"
