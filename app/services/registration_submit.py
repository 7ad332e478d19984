"""The end of a registration: everything is checked again, the account is made, administrators are told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.contact_point import EmailAddress, Phone
from app.models.legal_text import AcceptanceMode, LegalAcceptance
from app.models.practice import Practice
from app.models.registration import (
    Registration,
    RegistrationKind,
    RegistrationMember,
    RegistrationPhone,
    RegistrationPlace,
    RegistrationState,
)
from app.models.team import AccountMember
from app.services import journal, outbox
from app.services.registration import access_registration
from app.services.registration_email import is_taken
from app.services.registration_outcome import (
    add_professional,
    link_provider,
    lock,
    rpps_owner,
)
from app.services.registration_progress import HANDED_IN, Step, read_progress
from app.settings import get_settings


def hand_in(session: Session, actor: Actor, token: str, *, now: datetime) -> UUID:
    """Hand the registration in; the account, made once however often this is asked (S066, S143).

    Raises RuleViolation while a step is missing, or when the proved address became an account's meanwhile.
    """
    registration = access_registration(session, actor, token, now=now)
    if registration.state in HANDED_IN and registration.account_id is not None:
        return registration.account_id
    account_id = hand_in_if_complete(session, actor, registration, now=now)
    if account_id is None:
        raise RuleViolation("registration.steps_missing")
    return account_id


def hand_in_if_complete(
    session: Session, actor: Actor, registration: Registration, *, now: datetime
) -> UUID | None:
    """Make the account when every step is done; `registration` is held by this transaction."""
    progress = read_progress(session, actor, registration, now=now)
    if registration.state is RegistrationState.EMAIL_VERIFIED and Step.CONTRACT in progress.done:
        registration.state = RegistrationState.CONTRACT_SIGNED
    if progress.next_step is not Step.REVIEW:
        return None
    lock(session, actor, f"email {registration.email}")
    if is_taken(session, actor, registration.email):
        # Only its owner comes so far: they proved the address.
        raise RuleViolation("registration.email_taken")
    account = _make_account(session, registration, now=now)
    _make_identity(session, actor, registration, account, now=now)
    registration.account_id, registration.submitted_at = account.id, now
    registration.state, registration.updated_at = RegistrationState.TO_VALIDATE, now
    registration.typed, registration.faults = {}, {}
    journal.record(session, actor, "registration.handed_in", object_id=account.id, now=now)
    _warn_administrators(session, registration, now=now)
    return account.id


def _make_account(session: Session, registration: Registration, *, now: datetime) -> Account:
    is_professional = registration.kind is RegistrationKind.PROFESSIONAL
    account = Account(
        email=registration.email,
        password_hash=registration.password_hash,
        role=Role.PROFESSIONAL if is_professional else Role.SECRETARY,
        state=AccountState.PENDING,
        civility=registration.civility,
        family_name=registration.family_name,
        given_name=registration.given_name,
        shared_title=registration.shared_title,
        identity_certified_at=registration.certified_at,
        created_at=now,
    )
    session.add(account)
    session.flush()
    assert registration.email_verified_at is not None
    session.add(
        EmailAddress(
            account_id=account.id,
            address=registration.email,
            is_starred=True,
            verified_at=registration.email_verified_at,
        )
    )
    _copy_phones(session, registration, account, now=now)
    _copy_places(session, registration, account, now=now)
    _copy_members(session, registration, account, now=now)
    _keep_acceptances(session, registration, account)
    session.flush()
    return account


def _make_identity(
    session: Session, actor: Actor, registration: Registration, account: Account, *, now: datetime
) -> None:
    """The professional identity, unless its RPPS is another account's: administrators then decide (S070)."""
    if registration.kind is not RegistrationKind.PROFESSIONAL:
        return
    lock(session, actor, f"rpps {registration.rpps}")
    is_free = rpps_owner(session, actor, registration.rpps) is None
    if is_free and link_provider(session, actor, registration, account, now=now):
        add_professional(session, actor, registration, account)
    else:
        registration.is_rpps_taken = True


def _copy_phones(
    session: Session, registration: Registration, account: Account, *, now: datetime
) -> None:
    phones = session.execute(
        select(RegistrationPhone).where(col(RegistrationPhone.registration_id) == registration.id)
    ).scalars()
    session.add_all(
        Phone(
            account_id=account.id,
            number=phone.number,
            verified_at=phone.verified_at,
            created_at=now,
        )
        for phone in phones
    )


def _copy_places(
    session: Session, registration: Registration, account: Account, *, now: datetime
) -> None:
    places = session.execute(
        select(RegistrationPlace)
        .where(col(RegistrationPlace.registration_id) == registration.id)
        .order_by(col(RegistrationPlace.position), col(RegistrationPlace.id))
    ).scalars()
    session.add_all(
        Practice(
            account_id=account.id,
            facility_id=place.facility_id,
            finess=place.finess,
            name=place.name,
            address=place.address,
            postcode=place.postcode,
            city=place.city,
            laboratory_id=place.laboratory_id,
            position=position,
            created_at=now,
        )
        for position, place in enumerate(places, start=1)
    )


def _copy_members(
    session: Session, registration: Registration, account: Account, *, now: datetime
) -> None:
    members = session.execute(
        select(RegistrationMember).where(col(RegistrationMember.registration_id) == registration.id)
    ).scalars()
    session.add_all(
        AccountMember(
            account_id=account.id,
            civility=member.civility,
            family_name=member.family_name,
            given_name=member.given_name,
            code_hash=member.code_hash,
            created_at=now,
        )
        for member in members
    )


def _keep_acceptances(session: Session, registration: Registration, account: Account) -> None:
    kept = [
        (
            registration.terms_id,
            AcceptanceMode.BOX,
            "",
            registration.terms_digest,
            registration.terms_at,
            registration.terms_address,
        )
    ]
    if registration.kind is RegistrationKind.PROFESSIONAL:
        assert registration.contract_mode is not None
        kept.append(
            (
                registration.contract_id,
                registration.contract_mode,
                registration.contract_name,
                registration.contract_digest,
                registration.contract_at,
                registration.contract_address,
            )
        )
    for text_id, mode, name, digest, accepted_at, address in kept:
        assert text_id is not None
        assert accepted_at is not None
        session.add(
            LegalAcceptance(
                account_id=account.id,
                legal_text_id=text_id,
                mode=mode,
                signed_name=name,
                text_digest=digest,
                accepted_at=accepted_at,
                address=address,
            )
        )


def _warn_administrators(session: Session, registration: Registration, *, now: datetime) -> None:
    """MM-23. The mail names nobody: who registers is read in the queue."""
    mark = " Son identité est certifiée par Pro Santé Connect." if registration.certified_at else ""
    addresses = session.execute(
        select(col(Account.email)).where(
            col(Account.role) == Role.ADMINISTRATOR, col(Account.state) == AccountState.ACTIVE
        )
    ).scalars()
    for address in addresses:
        outbox.post_email(
            session,
            to=address,
            subject="Une inscription attend votre vérification",
            text=(
                f"Une inscription à Liane vient d’être envoyée et attend d’être vérifiée.{mark}\n\n"
                f"Connectez-vous pour la lire :\n{get_settings().base_url}/connexion"
            ),
            now=now,
        )
