"""What an entry of the directory is written as, whether a stock is imported or the demonstration made."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.services.text import MAX_TOKEN, fold

_CEDEX = re.compile(r"(?i)\bcedex\b.*$")
_SPELT_OUT = {"st": "saint", "ste": "sainte"}


@dataclass(frozen=True)
class Place:
    """One place of practice. `structure`: its technical identifier in the directory."""

    finess: str = ""
    structure: str = ""
    name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""


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
    def sort_key(self) -> tuple[str, str, str, str]:
        """Alphabetical: a whole family name before longer ones that begin with it."""
        return fold(self.family_name), fold(self.given_name), self.number, self.profession


def lead_of(folded_family_name: str) -> str:
    """The first word of a family name."""
    return folded_family_name.partition(" ")[0][:MAX_TOKEN]


def words_of(folded_family_name: str, folded_given_name: str, cities: Iterable[str]) -> str:
    """Every word but the lead, between spaces: names, compound names in one piece, towns."""
    _, _, rest = folded_family_name.partition(" ")
    words = rest.split()
    if rest:
        words.append(folded_family_name.replace(" ", ""))
    given = folded_given_name.split()
    words += given
    if len(given) > 1:
        words.append("".join(given))
    for city in cities:
        words += town_words(city)
    return " ".join(dict.fromkeys(word[:MAX_TOKEN] for word in words))


def town_words(city: str) -> list[str]:
    """The words of a town; `St-Denis` is found by « saint » too."""
    words = [word for word in fold(city).split() if not word.isdigit()]
    return words + [_SPELT_OUT[word] for word in words if word in _SPELT_OUT]


def town_of(line: str) -> str:
    """`BOURG EN BRESSE` of `01012 BOURG EN BRESSE CEDEX 2`."""
    return _CEDEX.sub("", line).lstrip("0123456789 ").strip()


def write_places(places: Iterable[Place]) -> str:
    """Places as they are stored."""
    rows = [[p.finess, p.structure, p.name, p.address, p.postcode, p.city] for p in places]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_places(stored: str) -> Iterator[Place]:
    """Places as they were stored."""
    for row in json.loads(stored):
        yield Place(*row)
