"""Who is told of a record opened in an emergency: the patient, and doctors with the status (S064, FC-04)."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.account import Account, AccountState, Role
from app.models.patient import Patient
from app.models.professional import Professional
from app.models.record_access import AccessKind, AdministratorStatus, RecordAccess
from app.services import outbox
from app.settings import get_settings

_HOW = {
    AccessKind.EMERGENCY: "en urgence",
    AccessKind.REGULATION: "par un médecin régulateur du SAMU",
}


def tell_of_opening(session: Session, actor: Actor, access: RecordAccess, *, now: datetime) -> None:
    """Write the mails, sent at once. No name, nothing of health: both are read after signing in (FG-14)."""
    base, how = get_settings().base_url, _HOW[access.kind]
    for address in _addresses_of_patient(session, access):
        outbox.post_email(
            session,
            to=address,
            subject="Un dossier a été ouvert en urgence",
            text=(
                f"Votre dossier vient d’être ouvert {how}.\n\n"
                "Connectez-vous pour lire qui l’a ouvert, à quelle heure et pour quel motif, et pour "
                f"choisir qui peut l’ouvrir ainsi :\n{base}/parametres"
            ),
            now=now,
        )
    for address in _addresses_of_doctors(session, access):
        outbox.post_email(
            session,
            to=address,
            subject="Un dossier que vous suivez a été ouvert en urgence",
            text=(
                "Le dossier d’un patient qui vous a donné le statut administrateur vient d’être "
                f"ouvert {how}.\n\nConnectez-vous pour en savoir plus :\n{base}/patients"
            ),
            now=now,
        )


def _addresses_of_patient(session: Session, access: RecordAccess) -> list[str]:
    """Those of the patient's account; without one, the address of the sheet."""
    found = session.execute(
        select(col(Account.email)).where(
            col(Account.patient_id) == access.patient_id,
            col(Account.role) == Role.PATIENT,
            col(Account.state) == AccountState.ACTIVE,
        )
    ).scalars()
    addresses = [address for address in found if address]
    if addresses:
        return addresses
    email = session.get_one(Patient, access.patient_id).email
    return [email] if email else []


def _addresses_of_doctors(session: Session, access: RecordAccess) -> list[str]:
    found = session.execute(
        select(col(Account.email))
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .join(
            AdministratorStatus,
            col(AdministratorStatus.professional_id) == col(Professional.id),
        )
        .where(
            col(AdministratorStatus.patient_id) == access.patient_id,
            col(AdministratorStatus.ended_at).is_(None),
            col(Professional.id) != access.professional_id,
            col(Account.state) == AccountState.ACTIVE,
        )
    ).scalars()
    return [address for address in found if address]
