"""Finding entries of one release: by the beginnings of words, or of a number. `directory` shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, literal_column, select, union_all
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.directory import (
    SPAN,
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryRelease,
)
from app.services.bulk import padded
from app.services.directory_entry import read_places, words_of
from app.services.directory_words import HeldWords
from app.services.text import fold, prefix_end

MAX_ROWS = 50
_BOUNDS = (("low", 2), ("after", 1))


@dataclass(frozen=True)
class Release:
    """One edition of the directory."""

    id: int
    people: int
    source: str
    data_on: date
    is_builtin: bool


class Search:
    """One search in one release. A word begins family names first of all: a range of ids."""

    def __init__(self, session: Session, actor: Actor, release: Release) -> None:
        self.session, self.actor, self.release_id = session, actor, release.id
        self.end = release.id * SPAN + release.people

    def by_number(self, number: str, words: Sequence[str], limit: int) -> list[Any]:
        """Entries whose number begins so, and whose words begin with the others typed."""
        found = self.session.execute(
            _NUMBERS,
            {
                "release": self.release_id,
                "low": number,
                "high": prefix_end(number),
                "most": MAX_ROWS + 1,
            },
        )
        entries = {row.id: row for row in _entries(self.session, list(found.scalars()))}
        return [row for row in entries.values() if _has_all(row, words)][: limit + 1]

    def of_number(self, number: str) -> list[Any]:
        """Entries that bear this number."""
        # No number holds a sign before the digits: nothing but the number itself lies between.
        wanted = {"low": number, "high": f"{number}!", "most": MAX_ROWS}
        found = self.session.execute(_NUMBERS, {"release": self.release_id, **wanted})
        return _entries(self.session, list(found.scalars()))

    def by_words(self, words: Sequence[str], limit: int) -> list[Any]:
        """At most one entry more than `limit`, best first."""
        if not words:
            return []
        leads = self._leads(words)
        held = HeldWords(self.session, self.release_id, words)
        if len(words) > 1:
            held.read_starts((first, end) for first, _, end in leads.values() if first < end)
        whole: dict[int, None] = {}
        begun: dict[int, None] = {}
        for word, (first, middle, _) in leads.items():
            whole |= dict.fromkeys(self._range(held, words, word, first, middle, limit + 1))
        rows = _by_id(self.session, list(whole))
        ordered = sorted(whole, key=lambda key: (-_whole_words(rows[key], words), key))
        if len(ordered) <= limit:
            for word, (_, middle, end) in leads.items():
                begun |= dict.fromkeys(self._range(held, words, word, middle, end, limit + 1))
            ordered += [key for key in sorted(begun) if key not in whole]
        if len(ordered) <= limit:
            anywhere = held.find_ids(words, self.release_id * SPAN, self.end, 2 * limit + 2)
            ordered += [key for key in anywhere if key not in whole and key not in begun]
        ordered = ordered[: limit + 1]
        rows |= _by_id(self.session, [key for key in ordered if key not in rows])
        return [rows[key] for key in ordered]

    def _leads(self, words: Sequence[str]) -> dict[str, tuple[int, int, int]]:
        """Of each word, where entries with this family name begin, the longer ones begin, and end."""
        values: dict[str, Any] = {"release": self.release_id}
        for place, word in enumerate(words):
            values |= {f"low_{place}": word, f"after_{place}": prefix_end(word)}
        found: list[list[tuple[str, int]]] = [[] for _ in words]
        for place, token, first_id in self.session.execute(_leads(len(words)), values):
            found[place].append((token, first_id))
        leads = {}
        for word, rows in zip(words, found, strict=True):
            after = prefix_end(word)
            # At most two words from this one on, and the first after those it begins.
            ids = [first_id for token, first_id in sorted(set(rows)) if token < after]
            end = min((first_id for token, first_id in rows if token >= after), default=self.end)
            first = ids[0] if ids else end
            is_name = bool(ids) and min(rows)[0] == word
            leads[word] = (first, ([*ids[1:], end][0] if is_name else first), end)
        return leads

    def _range(
        self,
        held: HeldWords,
        words: Sequence[str],
        lead: str,
        first: int,
        end: int,
        limit: int,
    ) -> Iterable[int]:
        """The first ids of a range whose entries have the words other than the lead."""
        if first >= end:
            return ()
        others = [word for word in words if word != lead]
        if not others:
            return range(first, min(end, first + limit))
        return held.find_ids(others, first, end, limit)


# The statements below are made once: building one costs more than running it.
_COLUMNS = tuple(
    col(field)
    for field in (
        DirectoryEntry.id,
        DirectoryEntry.number,
        DirectoryEntry.profession,
        DirectoryEntry.profession_label,
        DirectoryEntry.speciality,
        DirectoryEntry.civility,
        DirectoryEntry.family_name,
        DirectoryEntry.given_name,
        DirectoryEntry.places,
    )
)
_ENTRIES = select(*_COLUMNS).where(
    col(DirectoryEntry.id).in_(bindparam("ids", type_=BigInteger, expanding=True))
)
_NUMBERS = (
    select(col(DirectoryNumber.entry_id))
    .where(
        col(DirectoryNumber.release_id) == bindparam("release", type_=Integer),
        col(DirectoryNumber.number) >= bindparam("low", type_=String),
        col(DirectoryNumber.number) < bindparam("high", type_=String),
    )
    .order_by(col(DirectoryNumber.number))
    .limit(bindparam("most", type_=Integer))
)
_RELEASE = select(
    col(DirectoryRelease.id),
    col(DirectoryRelease.people),
    col(DirectoryRelease.source),
    col(DirectoryRelease.data_on),
    col(DirectoryRelease.is_builtin),
).where(col(DirectoryRelease.is_current))


@lru_cache(maxsize=16)
def _leads(words: int) -> Any:
    """The first two leads from each word on, and the first after those it begins."""
    bounds = [(place, f"{name}_{place}", most) for place in range(words) for name, most in _BOUNDS]
    parts = [_leads_from(place, name).limit(most).subquery() for place, name, most in bounds]
    return union_all(*(select(part) for part in parts))


def _leads_from(place: int, bound: str) -> Any:
    return (
        select(
            literal_column(str(place)).label("place"),
            col(DirectoryLead.token),
            col(DirectoryLead.first_id),
        )
        .where(
            col(DirectoryLead.release_id) == bindparam("release", type_=Integer),
            col(DirectoryLead.token) >= bindparam(bound, type_=String),
        )
        .order_by(col(DirectoryLead.token))
    )


def current_release(session: Session, actor: Actor) -> Release | None:
    """The release in use, None when there never was one."""
    row = session.execute(_RELEASE).first()
    return Release(*row) if row else None


def _by_id(session: Session, ids: list[int]) -> dict[int, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.execute(_ENTRIES, {"ids": padded(ids)})}


def _entries(session: Session, ids: list[int]) -> list[Any]:
    """Entries in the order of their ids as given."""
    rows = _by_id(session, ids)
    return [rows[key] for key in ids if key in rows]


def _own_words(row: Any) -> set[str]:
    family, given = fold(row.family_name), fold(row.given_name)
    towns = [place.city for place in read_places(row.places)]
    return {*family.split(), *words_of(family, given, towns).split()}


def _whole_words(row: Any, words: Sequence[str]) -> int:
    return len(_own_words(row).intersection(words))


def _has_all(row: Any, words: Sequence[str]) -> bool:
    own = _own_words(row)
    return all(any(one.startswith(word) for one in own) for word in words)
