"""Why patients need attention: the kinds of reasons, their rows and their figures (CX-09)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.models.professional import Profession
from app.models.tolerance import ToleranceDomain
from app.services.patient_label import PatientLabel

SEVERE_DAYS = 14
FALLING_DAYS = 30
STALE_DAYS = 60
SERIES = 8


class AttentionKind(StrEnum):
    """Why a patient is on the list, most urgent first."""

    SEVERE = "severe"
    FALLING = "falling"
    UNREAD = "unread"
    STALE = "stale"


@dataclass(frozen=True)
class UnreadAuthor:
    """A colleague who wrote something unread."""

    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str


@dataclass(frozen=True)
class AttentionRow:
    """One reason to look at one patient. `on`: the day of the entry that is the reason.

    `severe`: `domain`, `grade`, `note`. `falling`: `series`, counts of « oui » with the latest last.
    `unread`: `unread_count` and `authors`. `stale`: `days` since the last entry.
    """

    kind: AttentionKind
    person: PatientLabel
    on: date
    treatments: tuple[str, ...] = ()
    domain: ToleranceDomain | None = None
    grade: int | None = None
    note: str = ""
    series: tuple[int, ...] = ()
    unread_count: int = 0
    authors: tuple[UnreadAuthor, ...] = ()
    days: int = 0


@dataclass(frozen=True)
class Counters:
    """`falling` counts treatments, `unread` entries, `severe` entries, the others patients."""

    patients: int
    severe: int
    falling: int
    unread: int
    unread_patients: int
    stale: int

    def rows_of(self, kind: AttentionKind) -> int:
        """How many rows the list of one kind has."""
        return {
            AttentionKind.SEVERE: self.severe,
            AttentionKind.FALLING: self.falling,
            AttentionKind.UNREAD: self.unread_patients,
            AttentionKind.STALE: self.stale,
        }[kind]

    @property
    def rows(self) -> int:
        """How many rows the whole list has."""
        return sum(self.rows_of(kind) for kind in AttentionKind)
