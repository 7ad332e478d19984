"""What a browser typed, read into typed values; every fault is kept, field by field (S014).

A date is three short fields, `<name>_day`, `<name>_month` and `<name>_year`; its fault is filed under
`<name>`.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from app.errors import Invalid

E = TypeVar("E", bound=Enum)

PARIS = ZoneInfo("Europe/Paris")
EARLIEST = date(1900, 1, 1)
_YEAR_DIGITS = 4
_DAY_DIGITS = 2
_MAX_DIGITS = 12
_TRUE = frozenset({"1", "on", "oui", "true", "yes"})
_SPACES = frozenset({"Cc", "Zs", "Zl", "Zp"})
_UNSEEN = frozenset({"Cf", "Cs", "Co"})
# Letters and signs that show nothing: fillers of Hangul, the empty cell of Braille.
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def paris_day(now: datetime) -> date:
    """« Aujourd'hui » for a clinician: the date in Paris at an aware instant."""
    return now.astimezone(PARIS).date()


def clean_line(typed: str) -> str:
    """One line of text: NFC, no control character, runs of spaces made one, ends cut."""
    composed = unicodedata.normalize("NFC", typed)
    kinds = ((c, unicodedata.category(c)) for c in composed)
    shown = "".join(
        " " if kind in _SPACES or c in _EMPTY else c for c, kind in kinds if kind not in _UNSEEN
    )
    return " ".join(shown.split())


def clean_text(typed: str) -> str:
    """Text of several lines: each one cleaned, at most one blank line between two."""
    lines = [clean_line(line) for line in typed.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def parse_date(day: str, month: str, year: str) -> date | str:
    """The date of three typed fields, or the code of its fault."""
    parts = [part.strip() for part in (day, month, year)]
    if not any(parts):
        return "date.missing"
    if not all(part.isascii() and part.isdigit() for part in parts):
        return "date.format"
    if max(map(len, parts[:2])) > _DAY_DIGITS or len(parts[2]) != _YEAR_DIGITS:
        return "date.format"
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return "date.impossible"


def parse_date_parts(
    fields: Mapping[str, str],
    name: str,
    *,
    earliest: date = EARLIEST,
    latest: date | None = None,
) -> date | str:
    """The date typed under `name`, or the code of its fault. `latest` is usually today in Paris."""
    found = parse_date(*(fields.get(f"{name}_{part}", "") for part in ("day", "month", "year")))
    if isinstance(found, date):
        if latest is not None and found > latest:
            return "date.future"
        if found < earliest:
            return "date.too_old"
    return found


def date_fields(name: str, value: date | None) -> dict[str, str]:
    """The three fields that show a stored date again."""
    shown = (str(value.day), str(value.month), str(value.year)) if value else ("", "", "")
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), shown, strict=True))


class FieldReader:
    """Reads one form. A value that cannot be read is None (or '') and its fault waits in `faults`.

    `missing=None` makes a field optional; otherwise it is the code of the fault when nothing is typed.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.faults: dict[str, str] = {}

    def fault(self, name: str, code: str) -> None:
        """File a fault; the first one of a field stays."""
        self.faults.setdefault(name, code)

    def merge(self, faults: Mapping[str, str]) -> None:
        """File the faults another check found, under those already known."""
        for name, code in faults.items():
            self.fault(name, code)

    def check(self) -> None:
        """Raise every fault found so far, at once."""
        if self.faults:
            raise Invalid(**self.faults)

    def text(
        self,
        name: str,
        *,
        limit: int,
        missing: str | None = None,
        too_long: str = "text.too_long",
        is_long: bool = False,
    ) -> str:
        """A line, or with `is_long` a text of several lines."""
        typed = self.fields.get(name, "")
        value = clean_text(typed) if is_long else clean_line(typed)
        if not value and missing is not None:
            self.fault(name, missing)
        if len(value) > limit:
            self.fault(name, too_long)
        return value

    def date(
        self,
        name: str,
        *,
        missing: str | None = "date.missing",
        future: str = "date.future",
        too_old: str = "date.too_old",
        earliest: date = EARLIEST,
        latest: date | None = None,
    ) -> date | None:
        """A date in three fields, between two others."""
        found = parse_date_parts(self.fields, name, earliest=earliest, latest=latest)
        if isinstance(found, date):
            return found
        if found == "date.missing" and missing is None:
            return None
        own = {"date.missing": missing or "", "date.future": future, "date.too_old": too_old}
        self.fault(name, own.get(found, found))
        return None

    def choice(
        self,
        name: str,
        of: type[E],
        *,
        missing: str | None = "choice.unknown",
        unknown: str = "choice.unknown",
    ) -> E | None:
        """A member of an enumeration, by its value."""
        typed = self.fields.get(name, "").strip()
        if not typed:
            if missing is not None:
                self.fault(name, missing)
            return None
        try:
            return of(typed)
        except ValueError:
            self.fault(name, unknown)
            return None

    def key(
        self,
        name: str,
        *,
        missing: str | None = "choice.unknown",
        unknown: str = "choice.unknown",
    ) -> UUID | None:
        """A key chosen in a list."""
        typed = self.fields.get(name, "").strip()
        if not typed:
            if missing is not None:
                self.fault(name, missing)
            return None
        found = parse_key(typed)
        if found is None:
            self.fault(name, unknown)
        return found

    def integer(
        self, name: str, *, least: int, most: int, missing: str | None, out_of_range: str
    ) -> int | None:
        """A whole number between two bounds; anything else that is typed is out of range."""
        typed = clean_line(self.fields.get(name, ""))
        if not typed:
            if missing is not None:
                self.fault(name, missing)
            return None
        is_number = typed.isascii() and typed.isdigit() and len(typed) <= _MAX_DIGITS
        if not is_number or not least <= int(typed) <= most:
            self.fault(name, out_of_range)
            return None
        return int(typed)

    def decimal(
        self,
        name: str,
        *,
        least: Decimal,
        most: Decimal,
        missing: str | None,
        out_of_range: str,
    ) -> Decimal | None:
        """A number between two bounds, typed `72,5` or `72.5`."""
        typed = clean_line(self.fields.get(name, "")).replace(" ", "")
        if not typed:
            if missing is not None:
                self.fault(name, missing)
            return None
        found = parse_decimal(typed)
        if found is None or not least <= found <= most:
            self.fault(name, out_of_range)
            return None
        return found

    def flag(self, name: str) -> bool:
        """A box that is ticked or not."""
        return self.fields.get(name, "").strip().lower() in _TRUE


def parse_decimal(typed: str) -> Decimal | None:
    """`72,5`, `72.5`, `-1`; None when it is no such number or too long to be one."""
    plain = re.sub(r"\s", "", typed)
    if not plain.isascii() or len(plain) > _MAX_DIGITS or not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None


def parse_key(typed: str) -> UUID | None:
    """The key in an address or a form, or None: a malformed one is as absent as an unknown one."""
    try:
        return UUID(typed)
    except (ValueError, AttributeError, TypeError):
        return None
