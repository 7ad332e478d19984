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
from weakref import WeakKeyDictionary

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
_SIGNS = "~="
_STATISTICS = text(
    "SELECT most_common_elems::text::text[] FROM pg_stats "
    "WHERE tablename = :name AND attname = 'words' AND schemaname = ANY (current_schemas(false))"
)
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
    values: dict[str, Any] = {"first": first, "end": end, "most": limit}
    if dialect_of(session) == "sqlite":
        values["query"] = " ".join(f'"{word}" *' for word in words)
        statement = _sqlite_statement(release_id)
    else:
        wanted = [f"~{word}" if len(word) <= _SHORT else word for word in words]
        is_common = _frequent(session, release_id).issuperset(wanted)
        if lead and not is_common:
            wanted.append(f"={lead}=" if is_whole else f"={lead[:_LEAD_LETTERS]}")
        values["query"] = " & ".join(
            f"'{word}'" if word[0] in _SIGNS else f"'{word}':*" for word in wanted
        )
        statement = _postgresql_statement(release_id, is_common)
    return list(session.execute(statement, values).scalars())


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
def _sqlite_statement(release_id: int) -> Any:
    table = _table(release_id, "sqlite")
    matches = literal_column(_name(release_id)).op("MATCH", is_comparison=True)
    return _lowest(table.c.rowid, matches(bindparam("query", type_=String)))


@lru_cache(maxsize=16)
def _postgresql_statement(release_id: int, is_common: bool) -> Any:
    """Common words are met soon while entries are read in order; for others the GIN index is the way.

    The planner takes a word it has no figures of for one that many entries have. A sum in the order keeps
    it from reading them all.
    """
    table = _table(release_id, "postgresql")
    # It is told what is looked for, not that something will be.
    query = bindparam("query", type_=String, literal_execute=True)
    matches = table.c.words.op("@@", is_comparison=True)(cast(query, TSQUERY))
    return _lowest(table.c.rowid if is_common else table.c.rowid + literal_column("0"), matches)


def _lowest(rowid: Any, matches: Any) -> Any:
    return (
        select(rowid)
        .where(
            matches,
            rowid >= bindparam("first", type_=BigInteger),
            rowid < bindparam("end", type_=BigInteger),
        )
        .order_by(rowid)
        .limit(bindparam("most", type_=Integer))
    )


_frequent_of: WeakKeyDictionary[Any, dict[int, frozenset[str]]] = WeakKeyDictionary()


def _frequent(session: Session, release_id: int) -> frozenset[str]:
    """The words PostgreSQL has figures of, and the beginnings of them; asked once for each release."""
    known = _frequent_of.setdefault(session.get_bind(), {})
    if release_id not in known:
        found = session.execute(_STATISTICS, {"name": _name(release_id)}).scalar() or ()
        known.clear()
        known[release_id] = frozenset(
            word[:length]
            for word in found
            for length in range(len(word) if word[0] in _SIGNS else 1, len(word) + 1)
        )
    return known[release_id]


def _vector(lead: str, words: str) -> str:
    """The words as PostgreSQL writes a vector; they hold letters and digits only."""
    own = words.split()
    short = {f"~{word[:length]}" for word in own for length in range(1, _SHORT + 1)}
    leads = {f"={lead[:length]}" for length in range(1, _LEAD_LETTERS + 1)}
    return " ".join(f"'{word}'" for word in {f"={lead}=", *leads, *short, *own})
