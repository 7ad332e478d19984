"""Entries as screens show them: one shape for the synthesis, the histories and the earlier versions."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.models.adherence import AdherenceClass, ScoreDirection
from app.models.entry import ContactMode, EntryKind
from app.models.interaction import InteractionLevel
from app.models.professional import Profession
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.models.treatment import TreatmentAct

TYPED_KINDS = frozenset({EntryKind.TOLERANCE, EntryKind.INTERACTION, EntryKind.ADHERENCE})


@dataclass(frozen=True)
class Author:
    """The professional who wrote an entry."""

    id: UUID
    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str
    place_name: str
    place_city: str


@dataclass(frozen=True)
class Recorder:
    """The delegate who typed an entry for its author (CX-48)."""

    civility: str
    given_name: str
    family_name: str


@dataclass(frozen=True)
class EntryTreatment:
    """The treatment an entry is about, as it is now."""

    id: UUID
    label: str
    started_on: date
    ended_on: date | None
    end_reason: str
    is_followed: bool
    removed_at: datetime | None


@dataclass(frozen=True)
class TreatmentEvent:
    """What was done to the treatment. `detail`: posology of a start or change, reason of an end."""

    act: TreatmentAct
    effective_on: date
    detail: str


@dataclass(frozen=True)
class ToleranceValues:
    domain: ToleranceDomain
    patient_appreciation: PatientAppreciation
    grade: int


@dataclass(frozen=True)
class InteractionValues:
    substance: str
    level: InteractionLevel


@dataclass(frozen=True)
class AdherenceValues:
    """`score` and `direction` as typed; `yes_count` and the class are what they amount to.

    `previous_*`: the score of the same treatment just before this one, if any.
    """

    score: int
    direction: ScoreDirection
    yes_count: int
    adherence_class: AdherenceClass
    questionnaire_id: UUID | None
    answers: tuple[bool, ...] | None
    previous_yes_count: int | None
    previous_on: date | None


@dataclass(frozen=True)
class EntryRow:
    """One version of one entry. Of the four values, the one of its kind is there."""

    id: UUID
    patient_id: UUID
    kind: EntryKind
    occurred_on: date
    recorded_at: datetime
    first_recorded_at: datetime
    superseded_at: datetime | None
    version: int
    contact_mode: ContactMode
    contact_on: date | None
    note: str
    author: Author
    recorder: Recorder | None
    treatment: EntryTreatment | None
    tolerance: ToleranceValues | None
    interaction: InteractionValues | None
    adherence: AdherenceValues | None
    event: TreatmentEvent | None
    is_mine: bool
    may_correct: bool
    is_new: bool
