"""What an entry of the directory is written as, whether a stock is imported or the demonstration made."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from app.integrations.annuaire import FoundPlace
from app.services.text import MAX_TOKEN, fold

# Control signs, which no text of ours holds, part what is stored in one column.
FIELD, PLACE = "\x1f", "\x1e"
CIVILITIES = {"M": "M.", "MME": "Mme", "MLLE": "Mme", "DR": "Dr", "PR": "Pr"}
_CEDEX = re.compile(r"(?i)\bcedex\b.*$")
_SPELT_OUT = {"st": "saint", "ste": "sainte"}


class Place(FoundPlace):
    """One place of practice, as one of the API is."""

    @property
    def stored(self) -> str:
        return FIELD.join(
            (self.finess, self.structure, self.name, self.address, self.postcode, self.city)
        )


@dataclass
class Person:
    """One person in one profession, as the extract tells."""

    number: str
    family_name: str
    given_name: str = ""
    civility: str = ""
    profession: str = ""
    profession_label: str = ""
    speciality: str = ""
    places: list[Place] = field(default_factory=list)

    @property
    def entry(self) -> "Entry":
        """The same, as it is written."""
        return Entry(
            fold(self.family_name),
            fold(self.given_name),
            self.number,
            self.profession,
            self.family_name,
            self.given_name,
            self.civility,
            self.profession_label,
            self.speciality,
            [place.stored for place in self.places],
        )


@dataclass(slots=True)
class Entry:
    """One entry as it is written: folded names, columns, places as `Place.stored` makes them.

    Entries are in the order of their first four fields: a whole family name comes before longer ones that
    begin with it.
    """

    family: str
    given: str
    number: str
    profession: str
    family_name: str
    given_name: str
    civility: str
    profession_label: str
    speciality: str
    places: list[str]

    @property
    def towns(self) -> Iterator[str]:
        return (place.rpartition(FIELD)[2] for place in self.places)


def lead_of(folded_family_name: str) -> str:
    """The first word of a family name."""
    return folded_family_name.partition(" ")[0][:MAX_TOKEN]


def words_of(folded_family_name: str, folded_given_name: str, cities: Iterable[str]) -> str:
    """Every word but the lead, between spaces: names, compound names in one piece, towns."""
    words = [folded_given_name]
    if " " in folded_given_name:
        words.append(folded_given_name.replace(" ", "")[:MAX_TOKEN])
    if " " in folded_family_name:
        words.append(folded_family_name.partition(" ")[2])
        words.append(folded_family_name.replace(" ", "")[:MAX_TOKEN])
    words += [_joined_town_words(city) for city in cities]
    return " ".join(words)


def town_words(city: str) -> list[str]:
    """The words of a town; `St-Denis` is found by « saint » too."""
    return _joined_town_words(city).split()


@lru_cache(maxsize=20_000)
def _joined_town_words(city: str) -> str:
    words = [word[:MAX_TOKEN] for word in fold(city).split() if not word.isdigit()]
    return " ".join(words + [_SPELT_OUT[word] for word in words if word in _SPELT_OUT])


def town_of(line: str) -> str:
    """`BOURG EN BRESSE` of `01012 BOURG EN BRESSE CEDEX 2`."""
    return _CEDEX.sub("", line).lstrip("0123456789 ").strip()


def read_places(stored: str) -> Iterator[Place]:
    """Places as they were stored."""
    for row in stored.split(PLACE) if stored else ():
        yield Place(*row.split(FIELD))
