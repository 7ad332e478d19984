"""The words directory entries are found by: for each block of entries, which of them hold a word.

The lead, the first word of a family name, is no such word: it is a range of ids (`DirectoryLead`).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, literal_column, select, text, union_all
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import dialect_of
from app.models.base import table_of
from app.models.directory import (
    SPAN,
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryWord,
)
from app.services.bulk import padded, write_rows
from app.services.directory_postings import BLOCK, SHORT, BlockWords, beginning, meet
from app.services.text import prefix_end

# Common words are met in the first block; each look takes so many times more blocks than the one before.
_GROWTH = 8
_FILLED = (DirectoryEntry, DirectoryLead, DirectoryNumber, DirectoryWord)


def write_words(
    session: Session, actor: Actor, release_id: int, block: int, gathered: BlockWords
) -> None:
    """Store the words of one block."""
    rows = [(release_id, block, token, entries) for token, entries in gathered.packed()]
    write_rows(session, actor, table_of(DirectoryWord), rows)


def measure_filled(session: Session, actor: Actor) -> None:
    """Let PostgreSQL look at what was written; without figures it would plan for empty tables."""
    if dialect_of(session) == "postgresql":
        for model in _FILLED:
            session.execute(text(f"ANALYZE {model.__tablename__}"))


class HeldWords:
    """What typed words begin in one release: read once for each block that is looked into."""

    def __init__(self, session: Session, release_id: int, words: Sequence[str]) -> None:
        self._session, self._base = session, release_id * SPAN
        self._places = {word: place for place, word in enumerate(words)}
        self._held: dict[int, list[list[bytes]]] = {}
        self._values: dict[str, Any] = {"release": release_id}
        for place, word in enumerate(words):
            if len(word) <= SHORT:
                self._values[f"low_{place}"] = beginning(word)
            else:
                self._values |= {f"low_{place}": word, f"high_{place}": prefix_end(word)}
        self._statement = _statement(tuple(len(word) <= SHORT for word in words))

    def read_starts(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Read at once what looks into these ranges of ids will want first."""
        blocks = set()
        for first, end in ranges:
            block = (first - self._base) // BLOCK
            blocks |= {block, min(block + 1, (end - 1 - self._base) // BLOCK)}
        self._read(blocks)

    def find_ids(self, words: Iterable[str], first: int, end: int, limit: int) -> list[int]:
        """Ids in `[first, end)` of entries with a word that begins with each of these, lowest first."""
        places = [self._places[word] for word in words]
        first, end = first - self._base, end - self._base
        found: list[int] = []
        block, beyond, size = first // BLOCK, -(-end // BLOCK), 1
        while block < beyond and len(found) < limit:
            blocks = range(block, min(block + size, beyond))
            self._read(blocks)
            for at in blocks:
                held, start = self._held[at], at * BLOCK
                met = meet(
                    [held[place] for place in places],
                    max(first - start, 0),
                    min(end - start, BLOCK),
                    limit - len(found),
                )
                found += [self._base + start + place for place in met]
            block, size = block + size, size * _GROWTH
        return found

    def _read(self, blocks: Iterable[int]) -> None:
        new = [block for block in blocks if block not in self._held]
        if not new:
            return
        self._held |= {block: [[] for _ in self._places] for block in new}
        asked = self._values | {"blocks": padded(new)}
        for block, place, entries in self._session.execute(self._statement, asked):
            self._held[block][place].append(entries)


@lru_cache(maxsize=128)
def _statement(are_short: tuple[bool, ...]) -> Any:
    return union_all(*(_held(place, is_short) for place, is_short in enumerate(are_short)))


def _held(place: int, is_short: bool) -> Any:
    token, low = col(DirectoryWord.token), bindparam(f"low_{place}", type_=String)
    begun = (
        (token == low,)
        if is_short
        else (token >= low, token < bindparam(f"high_{place}", type_=String))
    )
    return select(
        col(DirectoryWord.block), literal_column(str(place)), col(DirectoryWord.entries)
    ).where(
        col(DirectoryWord.release_id) == bindparam("release", type_=Integer),
        col(DirectoryWord.block).in_(bindparam("blocks", type_=Integer, expanding=True)),
        *begun,
    )
