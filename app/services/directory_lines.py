"""The first half of an import: the extract read into sorted runs on disk, with a mark of how far it came."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from app.integrations.progress import Progress
from app.integrations.rpps import Extract
from app.integrations.rpps_rows import Notes, Row, RowFault, RowNote
from app.models.directory import MAX_LABEL, MAX_PERSON_NAME
from app.services.directory_entry import CIVILITIES, FIELD, town_of
from app.services.sorted_lines import SortedLines
from app.services.text import fold

_RUN = 60_000
_MARK = "reading.json"
_MAX_PLACE = 200


@dataclass
class Reading:
    """How far the reading of one file came. `rows`: kept so far; `position` and `line`: of the file."""

    fingerprint: str
    encoding: str = "utf-8"
    position: int = 0
    line: int = 0
    runs: int = 0
    rows: int = 0
    rejected: int = 0
    remarked: int = 0
    notes: list[tuple[int, str]] = field(default_factory=list)
    is_done: bool = False

    def first_notes(self) -> list[RowNote]:
        """The first rows rejected or read with a remark."""
        return [RowNote(line, RowFault(fault)) for line, fault in self.notes]


def read_lines(extract: Extract, folder: Path, progress: Progress) -> tuple[Reading, SortedLines]:
    """One line for each row, sorted by name, then number and profession; goes on where it was stopped."""
    reading = _earlier(folder, extract.fingerprint) or Reading(extract.fingerprint)
    if not reading.is_done:
        try:
            _read(extract, folder, reading, progress)
        except UnicodeDecodeError:
            # One row in another encoding tells that of the whole file.
            reading = Reading(extract.fingerprint, encoding="cp1252")
            _read(extract, folder, reading, progress)
    return reading, SortedLines(folder, "rows", runs=reading.runs)


def _read(extract: Extract, folder: Path, reading: Reading, progress: Progress) -> None:
    runs = SortedLines(folder, "rows", runs=reading.runs)
    notes = Notes(reading.rejected, reading.remarked, reading.first_notes())
    maker = _LineMaker()
    lines: list[str] = []

    def keep(*, is_done: bool = False) -> None:
        reading.rows += len(lines)
        runs.add_run(lines)
        lines.clear()
        reading.runs, reading.is_done = runs.runs, is_done
        reading.rejected, reading.remarked = notes.rejected, notes.remarked
        reading.notes = [(note.line, note.fault.value) for note in notes.first]
        _save(folder, reading)

    chunks = extract.read_chunks(
        notes, encoding=reading.encoding, position=reading.position, line=reading.line
    )
    for chunk in chunks:
        lines += maker.lines(chunk.rows)
        reading.position, reading.line = chunk.position, chunk.line
        progress(min(chunk.position, extract.size), extract.size)
        if len(lines) >= _RUN:
            keep()
    keep(is_done=True)


class _LineMaker:
    """Makes the line of a row: what it is sorted by, who it is, and one place."""

    def __init__(self) -> None:
        self.known: tuple[str, str, str] = ("", "", "")
        self.sorted_by = self.names = ""

    def lines(self, rows: list[Row]) -> list[str]:
        """One line for each row."""
        return list(self._each(rows))

    def _each(self, rows: list[Row]) -> Iterator[str]:
        for row in rows:
            (_, number, family, given, profession, label, title, civility, skill, *where) = row
            if (number, family, given) != self.known:
                self._name(number, family, given)
            yield FIELD.join(
                (
                    self.sorted_by,
                    profession.strip()[:5],
                    self.names,
                    CIVILITIES.get(title) or CIVILITIES.get(civility, ""),
                    label.strip()[:MAX_LABEL],
                    skill.strip()[:MAX_LABEL],
                    _place(*where),
                )
            )

    def _name(self, number: str, family: str, given: str) -> None:
        self.known = (number, family, given)
        family, given = family.strip()[:MAX_PERSON_NAME], given.strip()[:MAX_PERSON_NAME]
        self.sorted_by = FIELD.join((fold(family), _folded_given(given), number))
        self.names = FIELD.join((family, given))


@lru_cache(maxsize=5_000)
def _folded_given(given: str) -> str:
    return fold(given)


def _place(
    finess: str,
    structure: str,
    company: str,
    sign: str,
    street_number: str,
    repeat: str,
    street_type: str,
    street: str,
    office: str,
    postcode: str,
    town: str,
) -> str:
    """The place of a row as it is stored, '' when the row names none."""
    city = (town or town_of(office)).strip()[:_MAX_PLACE]
    name = (company or sign).strip()[:_MAX_PLACE]
    if not (name or city or structure or finess):
        return ""
    parts = (street_number, repeat, street_type, street)
    address = " ".join([part for part in parts if part])[:_MAX_PLACE]
    return FIELD.join(
        (finess.strip()[:9], structure.strip()[:30], name, address, postcode[:10], city)
    )


def _earlier(folder: Path, fingerprint: str) -> Reading | None:
    """What an interrupted import of the same file left."""
    try:
        stored = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    reading = Reading(**stored)
    return reading if reading.fingerprint == fingerprint else None


def _save(folder: Path, reading: Reading) -> None:
    temporary = folder / f"{_MARK}.tmp"
    temporary.write_text(json.dumps(asdict(reading)), encoding="utf-8")
    temporary.replace(folder / _MARK)
