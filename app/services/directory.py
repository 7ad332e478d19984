"""Looking people up in the national directory: search as one types, and find by RPPS (MM-07, MM-08).

The directory is public: whoever registers may search it, so many times an hour for one address. An answer
never tells whether somebody has an account here (S070).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String, bindparam, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import RuleViolation
from app.integrations import annuaire
from app.integrations.annuaire import FoundPerson
from app.models.directory import (
    MAX_NUMBER,
    SPAN,
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryRelease,
)
from app.models.facility import Facility
from app.services import throttle
from app.services.directory_entry import CIVILITIES, Place, read_places, words_of
from app.services.directory_found import list_found, remember_found
from app.services.directory_words import find_ids
from app.services.fields import paris_day
from app.services.identifiers import RPPS_LENGTH
from app.services.text import fold, prefix_end, tokens

MAX_QUERY = 120
MAX_WORDS = 6
MAX_ROWS = 50
_FEW = 40
SEARCHES = throttle.Rule("directory_search", limit=300, window=timedelta(hours=1))


@dataclass(frozen=True)
class DirectoryPlace:
    """One place of practice. `facility_id`: our own record of it, None when FINESS was not imported."""

    finess: str
    structure: str
    name: str
    address: str
    postcode: str
    city: str
    facility_id: UUID | None = None


@dataclass(frozen=True)
class DirectoryHit:
    """One person in one profession. `number`: RPPS, or ADELI for those without; `rpps` is '' then."""

    number: str
    profession: str
    profession_label: str
    speciality: str
    civility: str
    family_name: str
    given_name: str
    places: tuple[DirectoryPlace, ...]

    @property
    def rpps(self) -> str:
        return self.number if len(self.number) == RPPS_LENGTH else ""


@dataclass(frozen=True)
class DirectoryPerson(DirectoryHit):
    """Everything the directory knows of one number. `others`: further professions of the same person."""

    others: tuple[DirectoryHit, ...] = ()
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True)
class DirectoryPage:
    """The best matches. `source` and `as_of` are shown beside them, as the licence asks."""

    rows: tuple[DirectoryHit, ...] = ()
    is_more: bool = False
    source: str = ""
    as_of: date | None = None
    is_builtin: bool = False


def search_directory(
    session: Session, actor: Actor, query: str, *, limit: int = 20, now: datetime
) -> DirectoryPage:
    """People with all the typed words, or their first letters, in any order.

    Best first: those one of the words is the family name of, those whose family name begins with one, the
    others; each alphabetically, and among the first, words found whole before beginnings.
    Raises RuleViolation when somebody not signed in searches too much.
    """
    require_searches_left(session, actor, now=now)
    release = _current(session)
    if release is None:
        return DirectoryPage()
    words, number = parse_query(query)
    limit = max(1, min(limit, MAX_ROWS))
    look_up = _Search(session, actor, release.id, release.people)
    entries = look_up.by_number(number, words, limit) if number else look_up.by_words(words, limit)
    hits = _with_facilities(session, [_hit(entry) for entry in entries[:limit]])
    return DirectoryPage(
        tuple(hits), len(entries) > limit, release.source, release.data_on, release.is_builtin
    )


def find_by_rpps(
    session: Session, actor: Actor, rpps: str, *, now: datetime
) -> DirectoryPerson | None:
    """The person of an RPPS or ADELI number, with or without its type digit; None when unknown."""
    release = _current(session)
    number = plain_number(rpps)
    hits: list[DirectoryHit] = []
    source, as_of = "", paris_day(now)
    if release is not None and number:
        ids = session.execute(
            _NUMBERS,
            # No number holds a sign before the digits: nothing but the number itself lies between.
            {"release": release.id, "low": number, "high": f"{number}!", "most": MAX_ROWS},
        ).scalars()
        hits = [_hit(row) for row in _entries(session, list(ids))]
        source, as_of = release.source, release.data_on
    if not hits and number:
        found, found_at = list_found(session, actor, number, now=now)
        hits = [_found_hit(person) for person in found]
        source, as_of = annuaire.SOURCE, paris_day(found_at)
    if not hits:
        return None
    first, *others = _with_facilities(session, hits)
    return DirectoryPerson(**vars(first), others=tuple(others), source=source, as_of=as_of)


def remember_page(
    session: Session, actor: Actor, people: Sequence[FoundPerson], *, now: datetime
) -> DirectoryPage:
    """What the national API just told, as a page whose people may be chosen."""
    remember_found(session, actor, people, now=now)
    hits = _with_facilities(session, [_found_hit(person) for person in people])
    return DirectoryPage(tuple(hits), source=annuaire.SOURCE, as_of=paris_day(now))


def require_searches_left(session: Session, actor: Actor, *, now: datetime) -> None:
    """Raise RuleViolation when an address nobody signed in from has searched too much."""
    if actor.is_signed_in or actor.reason:
        return
    if throttle.blocked_until(session, SEARCHES, actor.address, now=now) is not None:
        raise RuleViolation("directory.too_many_searches")


def count_search(session: Session, actor: Actor, *, now: datetime) -> None:
    """Count one search of an address nobody signed in from; a unit of work of its own, after the answer."""
    if not actor.is_signed_in and not actor.reason:
        throttle.count(session, SEARCHES, actor.address, now=now)


def parse_query(typed: str) -> tuple[list[str], str]:
    """Folded words, and the number typed among them, or ''. Digits typed in groups are one number."""
    found = tokens(typed[:MAX_QUERY])
    digits = "".join(word for word in fold(typed[:MAX_QUERY]).split() if word[0].isdigit())
    words = [word for word in found if not word[0].isdigit()][:MAX_WORDS]
    return words, plain_number(digits)


def plain_number(typed: str) -> str:
    """A number as stored: no spaces, upper case, without the type digit of a whole national identifier."""
    number = "".join(c for c in typed if c.isalnum()).upper()[: MAX_NUMBER + 1]
    if len(number) == RPPS_LENGTH + 1 and number[0] == "8":
        return number[1:]
    return number[:MAX_NUMBER]


@dataclass(frozen=True)
class _Release:
    id: int
    people: int
    source: str
    data_on: date
    is_builtin: bool


class _Search:
    """One search in one release. A word begins family names first of all: a range of ids."""

    def __init__(self, session: Session, actor: Actor, release_id: int, people: int) -> None:
        self.session, self.actor, self.release_id = session, actor, release_id
        self.end = release_id * SPAN + people

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
_FACILITIES = select(col(Facility.finess), col(Facility.id)).where(
    col(Facility.finess).in_(bindparam("numbers", expanding=True))
)


def _current(session: Session) -> _Release | None:
    row = session.execute(_RELEASE).first()
    return _Release(*row) if row else None


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


def _hit(row: Any) -> DirectoryHit:
    return DirectoryHit(
        number=row.number,
        profession=row.profession,
        profession_label=row.profession_label,
        speciality=row.speciality,
        civility=row.civility,
        family_name=row.family_name,
        given_name=row.given_name,
        places=tuple(_place(place) for place in read_places(row.places)),
    )


def _found_hit(person: FoundPerson) -> DirectoryHit:
    values = vars(person) | {
        "places": tuple(DirectoryPlace(**vars(place)) for place in person.places),
        "civility": CIVILITIES.get(person.civility.upper(), person.civility),
    }
    return DirectoryHit(**values)


def _place(place: Place) -> DirectoryPlace:
    return DirectoryPlace(**vars(place))


def _with_facilities(session: Session, hits: list[DirectoryHit]) -> list[DirectoryHit]:
    """The same, each place with our own record of it; one query for all."""
    numbers = {place.finess for hit in hits for place in hit.places if place.finess}
    if not numbers:
        return hits
    found = session.execute(_FACILITIES, {"numbers": sorted(numbers)})
    known: dict[str | None, UUID] = {row.finess: row.id for row in found}
    return [
        replace(
            hit,
            places=tuple(
                replace(place, facility_id=known.get(place.finess)) for place in hit.places
            ),
        )
        for hit in hits
    ]
