"""Accounts: made by the command line and the demonstration for now; registration stands on the same calls."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.authz.actor import Actor
from app.db import keyring_of
from app.errors import Forbidden, Invalid
from app.models.account import Account, Role
from app.models.contact_point import EmailAddress
from app.models.professional import Profession, Professional
from app.services import journal, password as passwords
from app.services.account_words import write_account_words
from app.services.identifiers import rpps_fault
from app.services.message_welcome import ensure_welcome
from app.services.professional import write_words
from app.services.text import fold

MAX_EMAIL = 254


def create_account(
    session: Session,
    actor: Actor,
    *,
    email: str,
    password: str,
    role: Role,
    family_name: str,
    given_name: str,
    civility: str = "",
    patient_id: UUID | None = None,
    login_name: str | None = None,
    now: datetime,
) -> Account:
    """Create an active account. Only background work and commands may: people register themselves."""
    if not actor.reason:
        raise Forbidden("account.create_forbidden")
    address = email.strip().lower()
    if "@" not in address or len(address) > MAX_EMAIL:
        raise Invalid(email="email.format")
    found = passwords.faults(password, (family_name, given_name, address))
    if found:
        raise Invalid(password=found[0])
    if session.exec(select(EmailAddress.id).where(EmailAddress.address == address)).first():
        raise Invalid(email="email.taken")
    account = Account(
        email=address,
        password_hash=keyring_of(session).hash_password(password),
        role=role,
        civility=civility,
        family_name=family_name,
        given_name=given_name,
        patient_id=patient_id,
        login_name=login_name,
        created_at=now,
    )
    session.add(account)
    session.flush()
    session.add(
        EmailAddress(account_id=account.id, address=address, is_starred=True, verified_at=now)
    )
    write_account_words(session, actor, account)
    journal.record(session, actor, "account.created", object_id=account.id, now=now)
    if role is Role.PATIENT and patient_id is not None:
        ensure_welcome(session, actor, patient_id, now=now)
    return account


def create_professional(
    session: Session,
    actor: Actor,
    *,
    account: Account,
    rpps: str,
    profession: Profession,
    speciality: str = "",
    place_name: str = "",
    place_city: str = "",
    now: datetime,
) -> Professional:
    """Attach a professional identity to an account (RPPS: 11 digits with their Luhn key, FA-17)."""
    if not actor.reason:
        raise Forbidden("account.create_forbidden")
    if fault := rpps_fault(rpps):
        raise Invalid(rpps=fault)
    professional = Professional(
        account_id=account.id,
        rpps=rpps,
        profession=profession,
        speciality=speciality,
        place_name=place_name,
        place_city=place_city,
        search_name=fold(f"{account.family_name} {account.given_name}"),
    )
    session.add(professional)
    session.flush()
    write_words(session, actor, professional, f"{account.family_name} {account.given_name}")
    journal.record(session, actor, "professional.created", object_id=professional.id, now=now)
    return professional
