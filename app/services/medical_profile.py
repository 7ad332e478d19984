"""The medical profile of a patient: what the portal holds of them today and they may read (ME-045, ME-158).

The follow-up entries are the professionals' own file and no part of it. A section to come is one more field
of `MedicalProfile`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.base import table_of
from app.models.entry import Entry, EntryKind
from app.models.patient import IdentityStatus, Patient, Sex
from app.models.treatment import Treatment, TreatmentAct, TreatmentEntry
from app.services import journal
from app.services.care_circle import fetch_circle
from app.services.entry_query import fetch_authors
from app.services.entry_row import Author
from app.services.fields import paris_day
from app.services.identity import status_of
from app.services.instance import read_instance
from app.services.professional import ProfessionalCard
from app.services.treatment_query import is_current


@dataclass(frozen=True)
class ProfileIdentity:
    """Who it is about. `ins`: the matricule, '' until the identity is qualified (FE-10)."""

    birth_name: str
    used_name: str
    birth_given_names: str
    given_name: str
    birth_date: date
    sex: Sex
    ins: str


@dataclass(frozen=True)
class ProfileTreatment:
    """A treatment as it stands, and the professional who last wrote it, with the day they did."""

    label: str
    substances: str
    posology: str
    started_on: date
    ended_on: date | None
    author: Author
    written_on: date


@dataclass(frozen=True)
class ProfileMember:
    """A professional who follows the patient."""

    professional: ProfessionalCard
    since: date


@dataclass(frozen=True)
class MedicalProfile:
    """One person at one moment. `place`: whose portal holds it."""

    identity: ProfileIdentity
    current_treatments: tuple[ProfileTreatment, ...]
    past_treatments: tuple[ProfileTreatment, ...]
    members: tuple[ProfileMember, ...]
    place: str
    made_at: datetime


_TREATMENT, _ENTRY, _ACT = (table_of(model) for model in (Treatment, Entry, TreatmentEntry))
_TREATMENTS = (
    select(
        *(
            _TREATMENT.c[name]
            for name in "id label substances posology started_on ended_on added_by_id added_at".split()
        )
    )
    .where(_TREATMENT.c.patient_id == bindparam("patient_id"), _TREATMENT.c.removed_at.is_(None))
    .order_by(_TREATMENT.c.started_on.desc(), _TREATMENT.c.label, _TREATMENT.c.id)
)
# Putting a treatment under follow-up, or out of it, writes nothing of what a profile says.
_WRITES = (TreatmentAct.ADDED, TreatmentAct.CHANGED, TreatmentAct.ENDED, TreatmentAct.RESUMED)
_WRITINGS = (
    select(_ENTRY.c.treatment_id, _ENTRY.c.author_id, _ENTRY.c.recorded_at)
    .join(_ACT, _ACT.c.entry_id == _ENTRY.c.id)
    .where(
        _ENTRY.c.patient_id == bindparam("patient_id"),
        _ENTRY.c.kind == EntryKind.TREATMENT,
        _ENTRY.c.superseded_at.is_(None),
        _ACT.c.act.in_(_WRITES),
    )
    .order_by(_ENTRY.c.recorded_at)
)


def build_profile(session: Session, actor: Actor, *, now: datetime) -> MedicalProfile:
    """One's own profile, for a document: the making is journaled."""
    patient_id = policies.require_own_record(actor)
    journal.record_read(session, actor, "medical_profile.made", patient_id=patient_id, now=now)
    current, past = _treatments(session, actor, patient_id, today=paris_day(now))
    instance = read_instance(session, actor)
    return MedicalProfile(
        identity=_identity(session.get_one(Patient, patient_id)),
        current_treatments=current,
        past_treatments=past,
        members=tuple(
            ProfileMember(member.professional, paris_day(member.since))
            for member in fetch_circle(session, actor, patient_id).members
        ),
        place=", ".join(part for part in (instance.name, instance.place) if part),
        made_at=now,
    )


def _identity(patient: Patient) -> ProfileIdentity:
    is_qualified = status_of(patient) is IdentityStatus.QUALIFIED
    return ProfileIdentity(
        birth_name=patient.birth_name,
        used_name=patient.used_name,
        birth_given_names=patient.birth_given_names,
        given_name=patient.given_name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        ins=patient.ins if is_qualified else "",
    )


def _treatments(
    session: Session, actor: Actor, patient_id: UUID, *, today: date
) -> tuple[tuple[ProfileTreatment, ...], tuple[ProfileTreatment, ...]]:
    """Those in progress, latest begun first, and those that are over, latest ended first."""
    parameters = {"patient_id": patient_id}
    found = session.execute(_TREATMENTS, parameters).all()
    written = {row.id: (row.added_by_id, row.added_at) for row in found}
    for treatment_id, author_id, at in session.execute(_WRITINGS, parameters):
        if treatment_id in written:
            written[treatment_id] = (author_id, at)
    authors = fetch_authors(session, actor, {author_id for author_id, _ in written.values()})
    rows = [
        ProfileTreatment(
            label=row.label,
            substances=row.substances,
            posology=row.posology,
            started_on=row.started_on,
            ended_on=row.ended_on,
            author=authors[written[row.id][0]],
            written_on=paris_day(written[row.id][1]),
        )
        for row in found
    ]
    current = tuple(row for row in rows if is_current(row.ended_on, today))
    past = [row for row in rows if not is_current(row.ended_on, today)]
    past.sort(key=lambda row: row.ended_on or today, reverse=True)
    return current, tuple(past)
