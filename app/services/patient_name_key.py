"""The spellings records are found by, whoever follows them: kept beside each patient (DM-27 to DM-37)."""

from uuid import UUID

from sqlalchemy import delete, exists, insert, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.patient import Patient, PatientNameKey, Sex
from app.services.name_match import spellings, words_of_name
from app.services.text import fold

SEX_LETTERS = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: "U"}
_BATCH = 500
_MAX_NAMES = 260


def name_keys_of(patient: Patient) -> list[dict[str, object]]:
    """The rows of one record: each word of its birth and used names, right or with a letter missing."""
    keys: dict[str, bool] = {}
    for name in (patient.birth_name, patient.used_name):
        for word in words_of_name(name):
            for key, is_whole in spellings(word).items():
                keys[key] = keys.get(key, False) or is_whole
    given_names = fold(f"{patient.birth_given_names} {patient.used_given_name}")[:_MAX_NAMES]
    letter = SEX_LETTERS[patient.sex]
    return [
        {
            "key": letter + key,
            "patient_id": patient.id,
            "is_whole": is_whole,
            "given_names": given_names,
            "birth_date": patient.birth_date,
        }
        for key, is_whole in keys.items()
    ]


def write_name_keys(session: Session, actor: Actor, patient: Patient) -> None:
    """Let a record be found by its present names, in place of earlier ones."""
    forget_name_keys(session, actor, patient.id)
    session.execute(insert(PatientNameKey), name_keys_of(patient))


def forget_name_keys(session: Session, actor: Actor, patient_id: UUID) -> None:
    """Make a record impossible to find by its names."""
    session.execute(delete(PatientNameKey).where(col(PatientNameKey.patient_id) == patient_id))


def ensure_name_keys(session: Session, actor: Actor) -> int:
    """Write the spellings of records that have none yet; returns how many. For background work only."""
    if not actor.reason:
        raise Forbidden
    has_keys = exists().where(col(PatientNameKey.patient_id) == col(Patient.id))
    done, last = 0, UUID(int=0)
    while True:
        patients = list(
            session.execute(
                select(Patient)
                .where(col(Patient.id) > last, ~has_keys)
                .order_by(col(Patient.id))
                .limit(_BATCH)
            ).scalars()
        )
        rows = [row for patient in patients for row in name_keys_of(patient)]
        if rows:
            session.execute(insert(PatientNameKey), rows)
            last = patients[-1].id
        done += len(patients)
        if len(patients) < _BATCH:
            return done
