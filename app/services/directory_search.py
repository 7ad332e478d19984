"""Finding entries of one release: by the beginnings of words, or of a number. `directory` shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.directory import (
    SPAN,
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryRelease,
)
from app.services.directory_entry import read_places, words_of
from app.services.directory_words import find_ids
from app.services.text import fold, prefix_end

MAX_ROWS = 50
_FEW = 40


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
        leads = [(word, *self._lead(word)) for word in words]
        whole: dict[int, None] = {}
        begun: dict[int, None] = {}
        for word, first, middle, _ in leads:
            found = self._range(words, word, first, middle, limit + 1, is_whole=True)
            whole |= dict.fromkeys(found)
        rows = _by_id(self.session, list(whole))
        ordered = sorted(whole, key=lambda key: (-_whole_words(rows[key], words), key))
        if len(ordered) <= limit:
            for word, _, middle, end in leads:
                begun |= dict.fromkeys(self._range(words, word, middle, end, limit + 1))
            ordered += [key for key in sorted(begun) if key not in whole]
        if len(ordered) <= limit:
            anywhere = find_ids(
                self.session,
                self.actor,
                self.release_id,
                words,
                first=self.release_id * SPAN,
                end=self.end,
                limit=2 * limit + 2,
            )
            ordered += [key for key in anywhere if key not in whole and key not in begun]
        ordered = ordered[: limit + 1]
        rows |= _by_id(self.session, [key for key in ordered if key not in rows])
        return [rows[key] for key in ordered]

    def _lead(self, word: str) -> tuple[int, int, int]:
        """Where entries with this family name begin, where they end, and where the longer ones do."""
        after = prefix_end(word)
        found = self.session.execute(_LEADS, {"release": self.release_id, "low": word}).all()
        if not found or found[0].token >= after:
            return (self.end,) * 3
        first = middle = found[0].first_id
        if found[0].token == word:
            middle = found[1].first_id if len(found) > 1 else self.end
        beyond = self.session.execute(_LEADS, {"release": self.release_id, "low": after}).first()
        return first, middle, beyond.first_id if beyond else self.end

    def _range(
        self,
        words: Sequence[str],
        lead: str,
        first: int,
        end: int,
        limit: int,
        *,
        is_whole: bool = False,
    ) -> Iterable[int]:
        """The first ids of a range whose entries have the words other than the lead."""
        if first >= end:
            return ()
        others = [word for word in words if word != lead]
        if not others:
            return range(first, min(end, first + limit))
        if end - first <= _FEW:
            # Reading them costs less than looking a common word up.
            rows = self.session.execute(_BETWEEN, {"first": first, "end": end})
            return [row.id for row in rows if _has_all(row, others)][:limit]
        return find_ids(
            self.session,
            self.actor,
            self.release_id,
            others,
            first=first,
            end=end,
            lead=lead,
            is_whole=is_whole,
            limit=limit,
        )


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
_BETWEEN = (
    select(*_COLUMNS)
    .where(
        col(DirectoryEntry.id) >= bindparam("first", type_=BigInteger),
        col(DirectoryEntry.id) < bindparam("end", type_=BigInteger),
    )
    .order_by(col(DirectoryEntry.id))
)
_LEADS = (
    select(col(DirectoryLead.token), col(DirectoryLead.first_id))
    .where(
        col(DirectoryLead.release_id) == bindparam("release", type_=Integer),
        col(DirectoryLead.token) >= bindparam("low", type_=String),
    )
    .order_by(col(DirectoryLead.token))
    .limit(2)
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


def current_release(session: Session, actor: Actor) -> Release | None:
    """The release in use, None when there never was one."""
    row = session.execute(_RELEASE).first()
    return Release(*row) if row else None


def _by_id(session: Session, ids: list[int]) -> dict[int, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.execute(_ENTRIES, {"ids": ids})}


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
