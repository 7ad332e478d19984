"""One patient, their circle and a stranger: the set-up where only the permission differs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.professional import Profession
from app.models.treatment import Treatment
from tests import factories


@dataclass
class Circle:
    """`doctor`, `pharmacist` and `technician` are members; `stranger` follows another patient only."""

    patient_id: UUID
    treatment: Treatment
    doctor: Actor
    pharmacist: Actor
    technician: Actor
    patient_actor: Actor
    stranger: Actor
    other_treatment: Treatment


def make_circle(session: Session, now: datetime) -> Circle:
    """Everyone: the patient was enrolled on 2 September 2025 and their circle has read everything."""
    since = now - timedelta(days=189)

    def professional(family_name: str, given_name: str, profession: Profession) -> Actor:
        return factories.make_professional(
            session, since, family_name=family_name, given_name=given_name, profession=profession
        )

    doctor = professional("Martin", "Claire", Profession.DOCTOR)
    pharmacist = professional("Haddad", "Karim", Profession.PHARMACIST)
    technician = professional("Roy", "Zoé", Profession.PHARMACY_TECHNICIAN)
    stranger = professional("Caradec", "Yves", Profession.DOCTOR)
    patient_id = factories.make_patient(
        session,
        doctor,
        now=since,
        members=[pharmacist, technician],
        with_treatment=False,
        birth_date=date(1958, 6, 4),
    )
    other_id = factories.make_patient(session, stranger, now=since, with_treatment=False)
    return Circle(
        patient_id=patient_id,
        treatment=make_treatment(session, doctor, patient_id, since, "Palbociclib 125 mg"),
        doctor=doctor,
        pharmacist=pharmacist,
        technician=technician,
        patient_actor=factories.make_patient_actor(session, patient_id, since),
        stranger=stranger,
        other_treatment=make_treatment(session, stranger, other_id, since, "Imatinib 400 mg"),
    )


def make_treatment(
    session: Session, actor: Actor, patient_id: UUID, now: datetime, label: str
) -> Treatment:
    """A treatment of a patient, followed since the day it was added."""
    treatment_id = factories.make_treatment(
        session, actor, patient_id, now=now, label=label, started_on=now.date()
    )
    return session.get_one(Treatment, treatment_id)
