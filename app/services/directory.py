"""Looking people up in the national directory: search as one types, and find by RPPS (MM-07, MM-08).

The directory is public: whoever registers may search it, so many times an hour for one address. An answer
never tells whether somebody has an account here (S070).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import RuleViolation
from app.integrations import annuaire
from app.integrations.annuaire import FoundPerson, FoundPlace
from app.models.directory import MAX_NUMBER
from app.models.facility import Facility
from app.services import throttle
from app.services.bulk import padded
from app.services.directory_entry import CIVILITIES, Place, read_places
from app.services.directory_found import list_found, remember_found
from app.services.directory_search import MAX_ROWS, Search, current_release
from app.services.fields import paris_day
from app.services.identifiers import RPPS_LENGTH
from app.services.text import fold, tokens

MAX_QUERY = 120
MAX_WORDS = 6
SEARCHES = throttle.Rule("directory_search", limit=600, window=timedelta(hours=1))


@dataclass(frozen=True)
class DirectoryPlace(FoundPlace):
    """One place of practice. `facility_id`: our own record of it, None when FINESS was not imported."""

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
    release = current_release(session, actor)
    if release is None:
        return DirectoryPage()
    words, number = parse_query(query)
    limit = max(1, min(limit, MAX_ROWS))
    look_up = Search(session, actor, release)
    entries = look_up.by_number(number, words, limit) if number else look_up.by_words(words, limit)
    hits = _with_facilities(session, [_hit(entry) for entry in entries[:limit]])
    return DirectoryPage(
        tuple(hits), len(entries) > limit, release.source, release.data_on, release.is_builtin
    )


def find_by_rpps(
    session: Session, actor: Actor, rpps: str, *, now: datetime
) -> DirectoryPerson | None:
    """The person of an RPPS or ADELI number, with or without its type digit; None when unknown."""
    release = current_release(session, actor)
    number = plain_number(rpps)
    hits: list[DirectoryHit] = []
    source, as_of = "", paris_day(now)
    if release is not None and number:
        hits = [_hit(row) for row in Search(session, actor, release).of_number(number)]
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


_FACILITIES = select(col(Facility.finess), col(Facility.id)).where(
    col(Facility.finess).in_(bindparam("numbers", expanding=True))
)


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
    found = session.execute(_FACILITIES, {"numbers": padded(sorted(numbers))})
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
