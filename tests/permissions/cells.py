"""The cells of the two tables of documents in docs/permissions.md: every reader, every object, every act."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"
READ_ACTS = ("list", "search")
READING = ("open, previous and next", "download", "page pictures")


class Outcome(StrEnum):
    ALLOWED = "✓"
    REFUSED = "refused"
    ABSENT = "–"


@dataclass(frozen=True)
class Cell:
    """What must happen when a reader asks for an act on an object."""

    reader: str
    object: str
    act: str
    expected: Outcome

    def __str__(self) -> str:
        return f"{self.reader} / {self.object} / {self.act}"


def cells() -> list[Cell]:
    """Reader × object × act, with the outcome the tables say."""
    sees, acts = table("| Reader |"), table("| Act |")
    made = []
    for reader, row in sees.items():
        for name, sight in row.items():
            made += [
                Cell(reader, name, act, Outcome.ABSENT if sight == "–" else Outcome.ALLOWED)
                for act in READ_ACTS
            ]
            for act, columns in acts.items():
                if name == "earlier version" and act not in READING:
                    continue  # what is done to a document is done to its last version
                said = Outcome(columns[_part(reader, name)])
                if sight == "–" or (sight == "named" and act in READING):
                    said = Outcome.ABSENT
                made.append(Cell(reader, name, act, said))
    return made


def readers() -> list[str]:
    """Every reader of the first table."""
    return list(table("| Reader |"))


def _part(reader: str, name: str) -> str:
    """The column of the second table a reader falls in, for a document of that kind."""
    is_patients = name == "deposited by the patient"
    if reader == "the patient":
        return "the patient, own deposit" if is_patients else "the patient, other deposits"
    if is_patients:
        return "other readers"
    if reader.startswith("depositor"):
        return "depositor"
    if "acting for the depositor" in reader:
        scope = "read scope" if "read scope" in reader else "record scope"
        return f"delegate of the depositor, {scope}"
    return "other readers"


def table(begins: str) -> dict[str, dict[str, str]]:
    """A table of the document: its rows by their first column, each by the heads of the others."""
    lines = _DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(begins))
    # The table of documents is the last that begins so.
    start = max(i for i, line in enumerate(lines) if line.startswith(begins) and i >= start)
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([part.strip() for part in line.strip("|").split("|")])
    head, _, *body = rows
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}
