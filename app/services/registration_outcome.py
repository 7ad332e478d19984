"""What handing in, approving or refusing a registration does to accounts (U-04, MM-23).

Who may decide is said by the review of registrations; `activate` and `close` are its effects, with the mail
that tells the person. Both lock the registration and do nothing twice.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import dialect_of
from app.errors import NotFound, RuleViolation
from app.models.account import Account, AccountState
from app.models.contact_point import EmailAddress, Phone
from app.models.factor import FederatedIdentity
from app.models.professional import Professional, ProfessionalToken
from app.models.registration import Registration, RegistrationKind, RegistrationState
from app.models.session import SignInSession
from app.services import journal, outbox
from app.services.account_words import write_account_words
from app.services.practice import show_first
from app.services.professional import write_words
from app.services.text import fold
from app.settings import get_settings


def activate(session: Session, actor: Actor, registration_id: UUID, *, now: datetime) -> UUID:
    """Approve: the account opens, its owner is told. Returns the account.

    Raises RuleViolation `registration.rpps_taken` while another account bears the RPPS, and
    `registration.decided` when the registration was refused.
    """
    registration, account = _waiting(session, registration_id)
    if registration.state is RegistrationState.APPROVED:
        return account.id
    if registration.state is not RegistrationState.TO_VALIDATE:
        raise RuleViolation("registration.decided")
    if registration.kind is RegistrationKind.PROFESSIONAL:
        add_professional(session, actor, registration, account)
    link_provider(session, actor, registration, account, now=now)
    registration.is_rpps_taken = False
    account.state = AccountState.ACTIVE
    write_account_words(session, actor, account)
    _decide(session, actor, registration, RegistrationState.APPROVED, now=now)
    outbox.post_email(
        session,
        to=account.email,
        subject="Votre compte Liane est ouvert",
        text=(
            "Votre inscription a été vérifiée et votre compte est ouvert.\n\n"
            f"Connectez-vous avec votre adresse e-mail et votre mot de passe :\n"
            f"{get_settings().base_url}/connexion"
        ),
        now=now,
    )
    return account.id


def close(
    session: Session, actor: Actor, registration_id: UUID, *, reason: str, now: datetime
) -> None:
    """Refuse with a reason that is mailed: the account closes and its address and RPPS are free again."""
    registration, account = _waiting(session, registration_id)
    if registration.state is RegistrationState.REFUSED:
        return
    if registration.state is not RegistrationState.TO_VALIDATE:
        raise RuleViolation("registration.decided")
    to = account.email
    registration.reason = reason
    _decide(session, actor, registration, RegistrationState.REFUSED, now=now)
    _free(session, account, now=now)
    outbox.post_email(
        session,
        to=to,
        subject="Votre inscription à Liane n’a pas été acceptée",
        text=(
            f"Votre inscription n’a pas été acceptée, pour ce motif :\n\n{reason}\n\n"
            "Vous pouvez vous inscrire à nouveau en tenant compte de ce motif :\n"
            f"{get_settings().base_url}/inscription"
        ),
        now=now,
    )


def add_professional(
    session: Session, actor: Actor, registration: Registration, account: Account
) -> None:
    """Give the account its professional identity, unless it has one.

    Raises RuleViolation when another account bears the RPPS.
    """
    assert registration.profession is not None
    lock(session, actor, f"rpps {registration.rpps}")
    owner = rpps_owner(session, actor, registration.rpps)
    if owner == account.id:
        return
    if owner is not None:
        raise RuleViolation("registration.rpps_taken")
    name = f"{account.family_name} {account.given_name}"
    professional = Professional(
        account_id=account.id,
        rpps=registration.rpps,
        profession=registration.profession,
        speciality=registration.speciality,
        search_name=fold(name),
    )
    session.add(professional)
    session.flush()
    write_words(session, actor, professional, name)
    show_first(session, actor, account.id)


def rpps_owner(session: Session, actor: Actor, rpps: str) -> UUID | None:
    """The account that bears an RPPS, if any."""
    return session.execute(
        select(col(Professional.account_id)).where(col(Professional.rpps) == rpps)
    ).scalar_one_or_none()


def link_provider(
    session: Session, actor: Actor, registration: Registration, account: Account, *, now: datetime
) -> bool:
    """Link the provider's identity the registration was made with; False when another account has it."""
    if not registration.provider_subject:
        return True
    owner = session.execute(
        select(col(FederatedIdentity.account_id)).where(
            col(FederatedIdentity.issuer) == registration.provider_issuer,
            col(FederatedIdentity.subject) == registration.provider_subject,
        )
    ).scalar_one_or_none()
    if owner is None:
        session.add(
            FederatedIdentity(
                account_id=account.id,
                issuer=registration.provider_issuer,
                subject=registration.provider_subject,
                national_id=registration.provider_national_id,
                linked_at=now,
            )
        )
        session.flush()
    return owner in {None, account.id}


def lock(session: Session, actor: Actor, name: str) -> None:
    """Let one transaction at a time go on with a name; the embedded base has one writer anyway."""
    if dialect_of(session) == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )


def _free(session: Session, account: Account, *, now: datetime) -> None:
    """Close an account that never opened: its address, RPPS and provider identity are free again."""
    of_account = {"account_id": account.id}
    for professional_id in session.execute(
        select(col(Professional.id)).where(col(Professional.account_id) == account.id)
    ).scalars():
        session.execute(
            delete(ProfessionalToken).where(
                col(ProfessionalToken.professional_id) == professional_id
            )
        )
    for table in (Professional, EmailAddress, Phone, FederatedIdentity):
        session.execute(delete(table).filter_by(**of_account))
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.account_id) == account.id, col(SignInSession.ended_at).is_(None))
        .values(ended_at=now, end_reason="registration_refused")
    )
    account.state = AccountState.CLOSED
    account.email = f"{account.id}@closed.invalid"


def _waiting(session: Session, registration_id: UUID) -> tuple[Registration, Account]:
    registration = session.execute(
        select(Registration).where(col(Registration.id) == registration_id).with_for_update()
    ).scalar_one_or_none()
    if registration is None or registration.account_id is None:
        raise NotFound("registration.not_found")
    return registration, session.get_one(Account, registration.account_id)


def _decide(
    session: Session,
    actor: Actor,
    registration: Registration,
    state: RegistrationState,
    *,
    now: datetime,
) -> None:
    registration.state = state
    registration.decided_at, registration.decided_by_id = now, actor.account_id
    registration.updated_at = now
    journal.record(
        session, actor, f"registration.{state.value}", object_id=registration.id, now=now
    )
