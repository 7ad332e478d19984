"""French forms of dates, numbers and names. NARROW is the no-break space French typography asks for.

NO_BREAK is the wide one: it keeps a number with what it counts.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

NARROW = "\u202f"
NO_BREAK = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")

_NUMBER_GAP = re.compile(r"(?<=\d) (?=[^\W\d]|%)")
# The spaces of a French sentence a line never ends on, as people type them.
_TYPED_GAP = re.compile(r" (?=[;:!?»](?:\s|$))|(?<=«) ")
_FRENCH_PHONE = re.compile(r"\+(?:33|262|590|594|596)(\d{9})")
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_SHORT_MONTHS = "janv. févr. mars avr. mai juin juill. août sept. oct. nov. déc.".split()
_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


def day(value: date) -> str:
    """`5 mars 2026`, `1er janvier 2026`."""
    return f"{_first(value.day)} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """`5 janv. 2026`."""
    return f"{_first(value.day)} {_SHORT_MONTHS[value.month - 1]} {value.year}"


def short_day_without_year(value: date) -> str:
    """`3 févr.`."""
    return f"{_first(value.day)} {_SHORT_MONTHS[value.month - 1]}"


def day_without_year(value: date) -> str:
    """`5 mars`."""
    return f"{_first(value.day)} {_MONTHS[value.month - 1]}"


def weekday(value: date) -> str:
    """`Mardi 10 mars 2026`."""
    return f"{_DAYS[value.weekday()].capitalize()} {day(value)}"


def month(value: date) -> str:
    """`Mars 2026`."""
    return f"{_MONTHS[value.month - 1].capitalize()} {value.year}"


def short_month(value: date) -> str:
    """`janv.`, `mai`."""
    return _SHORT_MONTHS[value.month - 1]


def clock(value: datetime) -> str:
    """`14 h 05`, in Paris."""
    local = value.astimezone(PARIS)
    return f"{local.hour}{NARROW}h{NARROW}{local.minute:02d}"


def moment(value: datetime) -> str:
    """`5 mars 2026 à 14 h 05`, in Paris."""
    return f"{day(value.astimezone(PARIS).date())} à {clock(value)}"


def local_day(value: datetime) -> date:
    """The day it was in Paris."""
    return value.astimezone(PARIS).date()


def age(birth: date, on: date) -> int:
    """Completed years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def years(count: int) -> str:
    """`67 ans`, `1 an`."""
    return plural(count, "an", "ans")


def plural(count: int, one: str, many: str) -> str:
    """`1 entrée`, `21 entrées`, `0 entrée`: French counts from two. Number and noun stay on one line."""
    return f"{number(count)}{NO_BREAK}{one if count < 2 else many}"  # noqa: PLR2004


def number(value: float) -> str:
    """`1 250`, `72,5`."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return text.replace(",", NARROW).replace(".", ",")


def bound(words: str) -> str:
    """`Palbociclib 125 mg` as typed, each number on one line with its unit."""
    return _NUMBER_GAP.sub(NO_BREAK, words)


def typeset(words: str) -> str:
    """What somebody typed, with the spaces French typography does not break: no « ? » alone on a line."""
    return _TYPED_GAP.sub(NARROW, words)


def file_size(size_bytes: int) -> str:
    """`12 Ko`, `1,5 Mo`."""
    kilobytes = size_bytes / 1_024
    if kilobytes < 1_000:  # noqa: PLR2004 - the next unit
        return f"{number(max(1, round(kilobytes)))}\u00a0Ko"
    return f"{number(round(kilobytes / 1_024, 1))}\u00a0Mo"


def full_name(birth_name: str, given_name: str) -> str:
    """`LEFÈVRE Jeanne`: birth name in capitals, as on every clinical screen."""
    return f"{birth_name.upper()} {given_name}"


def initials(given_name: str, family_name: str) -> str:
    """`CM`."""
    return f"{given_name[:1]}{family_name[:1]}".upper()


def phone(e164: str) -> str:
    """`06 12 34 56 78` for a French number, overseas ones included; another country's as stored."""
    french = _FRENCH_PHONE.fullmatch(e164)
    if french is None:
        return e164
    national = "0" + french[1]
    return " ".join(national[i : i + 2] for i in range(0, 10, 2))


def _first(number_of_day: int) -> str:
    return "1er" if number_of_day == 1 else str(number_of_day)
