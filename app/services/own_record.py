"""What patients see of themselves: their circle and their recorded consents (page « Accueil »)."""

from datetime import datetime

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.services import journal
from app.services.care_circle import MemberRow, fetch_circle
from app.services.consent import ConsentRow, fetch_consents


def my_circle(session: Session, actor: Actor, *, now: datetime) -> tuple[MemberRow, ...]:
    """The professionals who may read the patient's record today."""
    patient_id = policies.require_own_record(actor)
    journal.record_read(session, actor, "own_record.circle_read", patient_id=patient_id, now=now)
    return fetch_circle(session, actor, patient_id).members


def my_consents(session: Session, actor: Actor, *, now: datetime) -> list[ConsentRow]:
    """The agreements recorded in the patient's name, newest first."""
    patient_id = policies.require_own_record(actor)
    journal.record_read(session, actor, "own_record.consents_read", patient_id=patient_id, now=now)
    return fetch_consents(session, actor, patient_id)
