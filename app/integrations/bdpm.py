"""Reading of the files of the Base de données publique des médicaments (BDPM).

Tab-separated, no header, no quotes, official note v4. Encoding and line ends differ between the files of one
release, some rows have a field too many or too few, and copies in circulation carry Windows-1252 signs
as control characters: each file is read for what it is, and a bad row is reported, never the file.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.errors import SetupError
from app.integrations.bdpm_files import (
    AVAILABILITY,
    COMPOSITIONS,
    GENERICS,
    MAX_LINE,
    SOURCE,
    SPECIALITIES,
    decoded,
    encoding_of,
    find_files,
    lines_of,
    plain,
    substance_name,
)
from app.integrations.progress import Progress, unheard

MAX_NOTES = 500
_MAX_NAME = 400
_MAX_FORM = 120
_MAX_SUBSTANCE = 250
_CODE = re.compile(r"\d{1,8}")
_CIS = re.compile(r"\d{8}")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_NOT_ORIGINAL = {"1", "2", "4"}
_SECONDARY = ("Enreg homéo", "Autorisation d'importation parallèle")


class RowFault(StrEnum):
    """Why a row is reported. Rows with the last ones are kept all the same."""

    CODE = "code"
    NAME = "name"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TWICE = "twice"
    UNKNOWN_SPECIALITY = "unknown_speciality"
    NATURE = "nature"
    FIELD_MISSING = "field_missing"
    FIELD_TOO_MANY = "field_too_many"


KEPT = frozenset({RowFault.FIELD_MISSING, RowFault.FIELD_TOO_MANY})


@dataclass(frozen=True)
class RowNote:
    """A row that could not be read, or was read with a remark."""

    file: str
    line: int
    fault: RowFault

    @property
    def is_kept(self) -> bool:
        return self.fault in KEPT


@dataclass
class Speciality:
    """One speciality. `ingredients`: codes of its substances, in order."""

    cis: str
    name: str
    form: str
    is_marketed: bool
    is_secondary: bool
    is_generic: bool = False
    ingredients: tuple[str, ...] = ()


@dataclass
class Edition:
    """One release of the database, as far as Liane uses it. `notes`: the first of them only."""

    specialities: dict[str, Speciality] = field(default_factory=dict)
    substances: dict[str, str] = field(default_factory=dict)
    data_on: date = date.min
    notes: list[RowNote] = field(default_factory=list)
    rejected: int = 0
    remarked: int = 0


def read_edition(folder: Path, *, today: date, progress: Progress = unheard) -> Edition:
    """Read a folder of the official files. `progress(bytes read, bytes to read)`.

    Raises SetupError when a file is missing, unreadable, or not what its name says. Dates of the data
    later than `today` are typing errors of the source.
    """
    return _Reader(folder, today, progress).read()


class _Reader:
    def __init__(self, folder: Path, today: date, progress: Progress) -> None:
        self.paths = find_files(folder)
        self.today = today
        self.progress = progress
        self.edition = Edition()
        self.done = 0
        self.total = sum(path.stat().st_size for path in self.paths.values())

    def read(self) -> Edition:
        self._each(SPECIALITIES, self._speciality)
        compositions = _Compositions()
        self._each(COMPOSITIONS, lambda fields: self._composition(fields, compositions))
        if GENERICS in self.paths:
            self._each(GENERICS, self._generic)
        if AVAILABILITY in self.paths:
            self._each(AVAILABILITY, self._availability)
        compositions.fill(self.edition)
        return self.edition

    def _each(self, name: str, take: Callable[[list[str]], RowFault | None]) -> None:
        """Hand each row of a file over; a file most of whose rows are bad is another file."""
        faults = Counter[RowFault | None]()
        for number, fields in self._rows(name):
            fault = RowFault.TOO_LONG if fields is None else take(fields)
            faults[fault] += 1
            if fault is not None:
                self._note(name, number, fault)
        good = sum(count for fault, count in faults.items() if fault is None or fault in KEPT)
        if good > faults.total() - good:
            return
        if faults[RowFault.UNKNOWN_SPECIALITY] > faults.total() // 2:
            raise SetupError(
                f"Le fichier {self.paths[name]} ne parle pas des spécialités de {SPECIALITIES} : "
                "téléchargez tous les fichiers le même jour, puis relancez l’import."
            )
        raise SetupError(
            f"Le fichier {self.paths[name]} n’est pas celui de la {SOURCE} : téléchargez-le "
            "de nouveau, puis relancez l’import."
        )

    def _rows(self, name: str) -> Iterator[tuple[int, list[str] | None]]:
        """Number and fields of each row that is not empty; None for a line that has no end in sight."""
        path = self.paths[name]
        try:
            with path.open("rb") as file:
                encoding = encoding_of(file)
                for number, raw in enumerate(lines_of(file), start=1):
                    self.done += len(raw)
                    if len(raw) > MAX_LINE:
                        yield number, None
                    elif text := decoded(raw, encoding):
                        yield number, [value.strip() for value in text.split("\t")]
                    if number % 1_000 == 0:
                        self.progress(min(self.done, self.total), self.total)
        except OSError as error:
            raise SetupError(
                f"Le fichier {path} ne peut pas être lu : vérifiez ses droits, puis relancez "
                "l’import."
            ) from error

    def _note(self, name: str, line: int, fault: RowFault) -> None:
        note = RowNote(name, line, fault)
        if note.is_kept:
            self.edition.remarked += 1
        else:
            self.edition.rejected += 1
        if len(self.edition.notes) < MAX_NOTES:
            self.edition.notes.append(note)

    def _date(self, text: str) -> None:
        found = _DAY.fullmatch(text)
        if found is None:
            return
        try:
            day = date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return
        if self.edition.data_on < day <= self.today:
            self.edition.data_on = day

    def _speciality(self, fields: list[str]) -> RowFault | None:
        """CIS, name, form, routes, status, procedure, marketing state, date, …, surveillance."""
        if not _CIS.fullmatch(fields[0]):
            return RowFault.CODE
        cis = fields[0]
        if len(fields) < 7:  # noqa: PLR2004 - the marketing state is the seventh
            return RowFault.TOO_SHORT
        name, form = plain(fields[1]), plain(fields[2])
        if not name:
            return RowFault.NAME
        if len(name) > _MAX_NAME or len(form) > _MAX_FORM:
            return RowFault.TOO_LONG
        if cis in self.edition.specialities:
            return RowFault.TWICE
        self.edition.specialities[cis] = Speciality(
            cis,
            name,
            form,
            is_marketed=fields[6] == "Commercialisée",
            is_secondary=fields[5].startswith(_SECONDARY),
        )
        if len(fields) > 7:  # noqa: PLR2004 - the date is the eighth
            self._date(fields[7])
        return _width_fault(fields, 12)

    def _composition(self, fields: list[str], into: "_Compositions") -> RowFault | None:
        """CIS, element, code, name, dosage, reference, nature (SA, FT), number of the link."""
        if not _CIS.fullmatch(fields[0]):
            return RowFault.CODE
        if len(fields) < 7:  # noqa: PLR2004 - the nature is the seventh
            return RowFault.TOO_SHORT
        if not _CODE.fullmatch(fields[2]):
            return RowFault.CODE
        nature = fields[6].upper()
        if nature not in {"SA", "FT", "ST"}:
            return RowFault.NATURE
        name = substance_name(fields[3])
        if not name:
            return RowFault.NAME
        if fields[0] not in self.edition.specialities:
            return RowFault.UNKNOWN_SPECIALITY
        link = fields[7] if len(fields) > 7 else ""  # noqa: PLR2004 - the link is the eighth
        into.take(fields[0], fields[2], name, link, is_fraction=nature != "SA")
        return _width_fault(fields, 8)

    def _generic(self, fields: list[str]) -> RowFault | None:
        """Group, its name, CIS, type (0 princeps, 1, 2 and 4 generics), order."""
        if len(fields) < 4:  # noqa: PLR2004 - the type is the fourth
            return RowFault.TOO_SHORT
        if not _CIS.fullmatch(fields[2]):
            return RowFault.CODE
        # Groups name specialities long gone: that is no fault.
        speciality = self.edition.specialities.get(fields[2])
        if speciality is not None:
            speciality.is_generic = fields[3] in _NOT_ORIGINAL
        return _width_fault(fields, 5)

    def _availability(self, fields: list[str]) -> RowFault | None:
        """Read for its dates alone: the latest one dates the release better than authorisations do."""
        if not _CIS.fullmatch(fields[0]):
            return RowFault.CODE
        for text in fields[4:7]:
            self._date(text)
        return None


class _Compositions:
    """Ingredients: rows SA and FT of one speciality with the same link number are one ingredient."""

    def __init__(self) -> None:
        self.links: defaultdict[str, dict[str, tuple[list[str], list[str]]]] = defaultdict(dict)
        self.names: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def take(self, cis: str, code: str, name: str, link: str, *, is_fraction: bool) -> None:
        self.names[code][name] += 1
        # Without a number, each active substance stands for itself.
        link = link or f"={code}"
        active, fraction = self.links[cis].setdefault(link, ([], []))
        (fraction if is_fraction else active).append(code)

    def fill(self, edition: Edition) -> None:
        """Give each speciality its substances: the therapeutic fraction where there is one."""
        # The source spells a substance in several ways: the most frequent one, then the shortest.
        spelt = {
            code: min(names, key=lambda name: (-names[name], len(name), name))
            for code, names in self.names.items()
        }
        code_of: dict[str, str] = {}
        for cis, links in self.links.items():
            codes = [code for active, fraction in links.values() for code in fraction or active]
            names = dict.fromkeys(spelt[code] for code in codes)
            for code in codes:
                code_of.setdefault(spelt[code], code)
            edition.specialities[cis].ingredients = tuple(code_of[name] for name in names)
        edition.substances = {code: name for name, code in code_of.items()}


def _width_fault(fields: list[str], width: int) -> RowFault | None:
    """A missing last field and separators at the end are usual; other differences are worth a remark."""
    if len(fields) < width - 1:
        return RowFault.FIELD_MISSING
    if any(fields[width:]):
        return RowFault.FIELD_TOO_MANY
    return None
