"""Secure addresses (MSSanté): whose they are, and who writes from outside (FB-01, FB-02, S113)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.account import Account, AccountState, Role
from app.models.health_mail import HealthMailReceipt, ReceiptState
from app.models.message import MAX_NAME, Correspondent
from app.models.patient import IdentityStatus, Patient
from app.services.email_address import normalise_email
from app.services.identity import status_of
from app.settings import get_settings


def own_address(session: Session, actor: Actor) -> str | None:
    """The patient's own secure address (ME-128); None without a domain, or without a qualified INS."""
    if not actor.is_patient or actor.patient_id is None:
        return None
    return address_of(session, actor, actor.patient_id)


def is_on() -> bool:
    """Whether patients have secure addresses here at all."""
    return bool(get_settings().health_mail_domain)


def address_of(session: Session, actor: Actor, patient_id: UUID) -> str | None:
    """The secure address of a patient, built from a qualified INS only (FB-02)."""
    domain = get_settings().health_mail_domain
    patient = session.get(Patient, patient_id)
    if not domain or patient is None or status_of(patient) is not IdentityStatus.QUALIFIED:
        return None
    return f"{patient.ins.lower()}@{domain}"


def is_ours(address: str) -> bool:
    """Whether an address is of the domain of patients."""
    domain = get_settings().health_mail_domain
    return bool(domain) and address.rpartition("@")[2] == domain


def find_receiver(session: Session, actor: Actor, address: str) -> UUID | None:
    """The one patient at an address: qualified, and with an account that can read what comes."""
    found = session.execute(
        select(Patient)
        .join(Account, col(Account.patient_id) == col(Patient.id))
        .where(
            col(Patient.ins) == address.partition("@")[0].upper(),
            col(Account.role) == Role.PATIENT,
            col(Account.state) == AccountState.ACTIVE,
        )
        .limit(20)
    ).scalars()
    qualified = [each for each in found if status_of(each) is IdentityStatus.QUALIFIED]
    return qualified[0].id if is_ours(address) and len(qualified) == 1 else None


def is_allowed_sender(address: str) -> bool:
    """Whether somebody at this full address may write (S113): never by a name."""
    known = normalise_email(address)
    return bool(known) and get_settings().may_send_health_mail(address.rpartition("@")[2])


def list_correspondents(session: Session, actor: Actor, patient_id: UUID) -> set[UUID]:
    """The mailboxes outside of which a mail was filed for this patient."""
    address = address_of(session, actor, patient_id)
    if address is None:
        return set()
    rows = session.execute(
        select(col(Correspondent.id))
        .join(HealthMailReceipt, col(HealthMailReceipt.sender) == col(Correspondent.address))
        .where(
            col(HealthMailReceipt.recipient) == address,
            col(HealthMailReceipt.state) == ReceiptState.FILED,
        )
        .distinct()
    )
    return set(rows.scalars())


def ensure_correspondent(
    session: Session, actor: Actor, address: str, name: str, *, now: datetime
) -> Correspondent:
    """The mailbox at this address, known from now on; its name is what it last called itself."""
    found: Correspondent | None = session.execute(
        select(Correspondent).where(col(Correspondent.address) == address)
    ).scalar_one_or_none()
    if found is None:
        found = Correspondent(address=address, name=name[:MAX_NAME], created_at=now)
    elif name:
        found.name = name[:MAX_NAME]
    session.add(found)
    session.flush()
    return found
