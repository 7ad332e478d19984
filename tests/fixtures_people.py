"""People of the tests: a doctor and a pharmacist who share a patient, a stranger, the patient."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlmodel import Session

from app.authz.actor import Actor
from app.models.professional import Profession
from tests import factories


@pytest.fixture
def doctor(session: Session, now: datetime) -> Actor:
    """The doctor who enrolled `patient`."""
    return factories.make_professional(
        session,
        now,
        civility="Dre",
        given_name="Claire",
        family_name="Martin",
        speciality="oncologue",
    )


@pytest.fixture
def pharmacist(session: Session, now: datetime) -> Actor:
    """A pharmacist, member of the circle of `patient`."""
    return factories.make_professional(
        session,
        now,
        civility="M.",
        given_name="Karim",
        family_name="Haddad",
        profession=Profession.PHARMACIST,
        place_name="Pharmacie des Arènes",
    )


@pytest.fixture
def stranger(session: Session, now: datetime) -> Actor:
    """A doctor outside the circle of `patient`."""
    return factories.make_professional(
        session, now, civility="Dr", given_name="Paul", family_name="Denis"
    )


@pytest.fixture
def patient(session: Session, doctor: Actor, pharmacist: Actor, now: datetime) -> UUID:
    """Jeanne Lefèvre, followed by `doctor` and `pharmacist`."""
    return factories.make_patient(
        session,
        doctor,
        now=now,
        members=[pharmacist],
        birth_name="Lefèvre",
        used_name="Besson",
        birth_given_names="Jeanne",
    )


@pytest.fixture
def preparer(session: Session, doctor: Actor, patient: UUID, now: datetime) -> Actor:
    """A préparateur in the circle of `patient`: they read, and give no medical assessment."""
    actor = factories.make_professional(session, now, profession=Profession.PHARMACY_TECHNICIAN)
    factories.add_to_circle(session, doctor, patient, actor, now=now)
    return actor


@pytest.fixture
def patient_actor(session: Session, patient: UUID, now: datetime) -> Actor:
    """Jeanne Lefèvre, signed in to her own page."""
    return factories.make_patient_actor(
        session, patient, now, given_name="Jeanne", family_name="Lefèvre"
    )
