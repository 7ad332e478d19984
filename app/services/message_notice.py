"""Patients are told by mail of each message they receive, in the transaction that delivers it (ME-166)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.models.account import Account, AccountState, Role
from app.models.contact_point import EmailAddress
from app.services import outbox
from app.services.notification_address import ADDRESS, STARRED
from app.settings import get_settings

_NARROW = "\u202f"


def tell_patient_of_message(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> None:
    """Write one mail for one message received. No name, nothing of health: both are read after signing in."""
    address = session.execute(
        select_columns(ADDRESS)
        .select_from(Account)
        .outerjoin(EmailAddress, STARRED)
        .where(
            col(Account.patient_id) == patient_id,
            col(Account.role) == Role.PATIENT,
            col(Account.state) == AccountState.ACTIVE,
        )
    ).scalar_one_or_none()
    if address is None:
        return
    base = get_settings().base_url
    outbox.post_email(
        session,
        to=address,
        subject="Vous avez reçu un message",
        text=(
            "Un message vous attend dans votre messagerie.\n\n"
            f"Connectez-vous pour le lire{_NARROW}:\n{base}/messagerie\n\n"
            f"Pour changer l’adresse qui reçoit ces e-mails{_NARROW}:\n{base}/compte/notifications"
        ),
        now=now,
    )
