"""Addresses and telephones of one's own account: added with a code, removed (MM-41 to MM-48, U-03)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session, col, delete, select, update

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid, NotFound, RuleViolation
from app.models.account import Account
from app.models.application import ApplicationIdentifier
from app.models.contact_point import EmailAddress, Phone
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.services import (
    application,
    journal,
    one_time_code as codes,
    security_notice,
    sign_out,
)
from app.services.application import ApplicationName
from app.services.email_address import normalise_email
from app.services.one_time_code import Letter, Outcome, Subject
from app.services.phone_number import normalise_phone
from app.services.security_notice import Notice

MAX_ADDRESSES = 10
MAX_PHONES = 10

_SOMEBODY_ELSES = Letter(
    "Quelqu’un a voulu ajouter votre adresse à son compte",
    "Une personne a demandé à ajouter votre adresse e-mail à son compte Liane. Cette adresse est déjà celle "
    "de votre compte : elle le reste, et rien n’a changé.\n\n"
    "Si c’était vous, connectez-vous avec cette adresse. Sinon, vous n’avez rien à faire.",
)


@dataclass(frozen=True)
class AddressRow:
    """One address, and the applications where it is the identifier (MM-47)."""

    id: UUID
    address: str
    is_starred: bool
    is_login: bool
    verified_at: datetime
    applications: tuple[ApplicationName, ...]


@dataclass(frozen=True)
class PhoneRow:
    """One telephone; codes go to a verified one."""

    id: UUID
    number: str
    verified_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A code that was sent and not given back yet."""

    to: str
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Contacts:
    """All that reaches somebody. `is_fresh`: changes are open, a factor was just given (S054)."""

    addresses: tuple[AddressRow, ...]
    phones: tuple[PhoneRow, ...]
    waiting_address: Waiting | None
    waiting_phone: Waiting | None
    applications: tuple[ApplicationName, ...]
    is_fresh: bool


def read_contacts(session: Session, actor: Actor, *, now: datetime) -> Contacts:
    """The addresses and telephones of one's own account, the sign-in address first."""
    account_id = policies.require_own_account(actor)
    login = session.get_one(Account, account_id).email
    used = application.list_identifiers(session, actor)
    rows = session.exec(
        select(EmailAddress)
        .where(EmailAddress.account_id == account_id)
        .order_by(col(EmailAddress.address) != login, col(EmailAddress.verified_at))
    )
    addresses = tuple(
        AddressRow(
            row.id,
            row.address,
            row.is_starred,
            row.address == login,
            row.verified_at,
            tuple(name for name, email_id in used if email_id == row.id),
        )
        for row in rows
    )
    phones = session.exec(
        select(Phone).where(Phone.account_id == account_id).order_by(col(Phone.created_at))
    )
    return Contacts(
        addresses,
        tuple(PhoneRow(row.id, row.number, row.verified_at) for row in phones),
        _waiting(session, actor, CodePurpose.EMAIL_ADDRESS, account_id, now),
        _waiting(session, actor, CodePurpose.PHONE, account_id, now),
        application.list_names(session, actor),
        policies.is_factor_fresh(actor, now=now),
    )


def ask_address(session: Session, actor: Actor, typed: str, *, now: datetime) -> Outcome:
    """Send a code to a new address. One that is somebody else's gets a letter, and no word of it is said."""
    account_id = policies.require_fresh_factor(actor, now=now)
    address = normalise_email(typed)
    if not address:
        raise Invalid(email="email.format" if address is None else "email.missing")
    owners = dict(
        session.exec(
            select(EmailAddress.address, EmailAddress.account_id).where(
                (col(EmailAddress.account_id) == account_id)
                | (col(EmailAddress.address) == address)
            )
        ).all()
    )
    if owners.get(address) == account_id:
        raise Invalid(email="email.already_yours")
    if sum(owner == account_id for owner in owners.values()) >= MAX_ADDRESSES:
        raise RuleViolation("email.too_many")
    outcome = codes.send_code(
        session,
        actor,
        _subject(actor, CodePurpose.EMAIL_ADDRESS, address),
        channel=Channel.EMAIL,
        to=address,
        instead=_SOMEBODY_ELSES if address in owners else None,
        now=now,
    )
    if outcome.is_ok:
        journal.record(session, actor, "email.asked", object_id=account_id, now=now)
    return outcome


def prove_address(
    session: Session,
    actor: Actor,
    address: str,
    typed: str,
    *,
    is_starred: bool = False,
    applications: Iterable[UUID] = (),
    now: datetime,
) -> Outcome:
    """Add the address whose code is given (MM-43), for notifications or not (MM-44), with its uses (MM-46).

    The factor was fresh when the code was asked for; the code is bound to that sign-in and that address.
    """
    account_id = policies.require_own_account(actor)
    subject = _subject(actor, CodePurpose.EMAIL_ADDRESS, address)
    outcome = codes.check_code(session, actor, subject, typed, is_known_browser=True, now=now)
    if not outcome.is_ok:
        return outcome
    if session.exec(select(EmailAddress.id).where(EmailAddress.address == address)).first():
        return Outcome("code.missing")
    row = EmailAddress(account_id=account_id, address=address, verified_at=now)
    session.add(row)
    session.flush()
    if is_starred:
        _star(session, account_id, row)
    for application_id in applications:
        application.set_identifier(session, actor, application_id, row.id, now=now)
    journal.record(session, actor, "email.added", object_id=row.id, now=now)
    _tell(session, actor, Notice.EMAIL, now)
    return Outcome()


def forget_waiting(session: Session, actor: Actor, purpose: CodePurpose, *, now: datetime) -> None:
    """Give up adding: the code that was sent opens nothing any more."""
    account_id = policies.require_own_account(actor)
    found = codes.find_live(session, actor, purpose, account_id, now=now)
    if found is not None:
        found.ended_at = now


def star_address(session: Session, actor: Actor, email_id: UUID, *, now: datetime) -> None:
    """Send notifications to this address from now on; never to two (MM-47)."""
    account_id = policies.require_own_account(actor)
    row = _own_address(session, account_id, email_id)
    if not row.is_starred:
        _star(session, account_id, row)
        journal.record(session, actor, "email.starred", object_id=row.id, now=now)


def use_for_sign_in(session: Session, actor: Actor, email_id: UUID, *, now: datetime) -> None:
    """Sign in, and receive codes, with this address; the old one is told, other sign-ins end (S037, S053)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    row = _own_address(session, account_id, email_id)
    account = session.get_one(Account, account_id)
    if account.email == row.address:
        return
    old, account.email = account.email, row.address
    session.flush()
    sign_out.end_others(session, actor, reason="email_changed", now=now)
    journal.record(session, actor, "email.login_changed", object_id=row.id, now=now)
    for address in (old, row.address):
        security_notice.tell(session, actor, account, Notice.EMAIL, to=address, now=now)


def remove_address(session: Session, actor: Actor, email_id: UUID, *, now: datetime) -> None:
    """Remove an address, told of it; never the last one nor the one used to sign in (MM-41)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    row = _own_address(session, account_id, email_id)
    account = session.get_one(Account, account_id)
    others = session.exec(
        select(EmailAddress).where(
            EmailAddress.account_id == account_id, EmailAddress.id != email_id
        )
    ).all()
    if not others:
        raise RuleViolation("email.last")
    if row.address == account.email:
        raise RuleViolation("email.is_login")
    session.execute(
        delete(ApplicationIdentifier).where(col(ApplicationIdentifier.email_id) == row.id)
    )
    was_starred, gone = row.is_starred, row.address
    session.delete(row)
    session.flush()
    if was_starred:
        _star(session, account_id, next(o for o in others if o.address == account.email))
    journal.record(session, actor, "email.removed", object_id=email_id, now=now)
    _tell(session, actor, Notice.EMAIL, now)
    security_notice.tell(session, actor, account, Notice.EMAIL, to=gone, now=now)


def ask_phone(session: Session, actor: Actor, typed: str, *, now: datetime) -> Outcome:
    """Send a code by SMS to a new number (S038)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    number = normalise_phone(typed)
    if not number:
        raise Invalid(phone="phone.format" if number is None else "phone.missing")
    own = session.exec(
        select(Phone.number, Phone.verified_at).where(Phone.account_id == account_id)
    )
    known = {row[0]: row[1] for row in own}
    if known.get(number) is not None:
        raise Invalid(phone="phone.already_yours")
    if len(known) >= MAX_PHONES:
        raise RuleViolation("phone.too_many")
    outcome = codes.send_code(
        session,
        actor,
        _subject(actor, CodePurpose.PHONE, number),
        channel=Channel.SMS,
        to=number,
        now=now,
    )
    if outcome.is_ok:
        journal.record(session, actor, "phone.asked", object_id=account_id, now=now)
    return outcome


def prove_phone(
    session: Session, actor: Actor, number: str, typed: str, *, now: datetime
) -> Outcome:
    """Add the telephone whose code is given; a number kept unproved becomes a proved one."""
    account_id = policies.require_own_account(actor)
    subject = _subject(actor, CodePurpose.PHONE, number)
    outcome = codes.check_code(session, actor, subject, typed, is_known_browser=True, now=now)
    if not outcome.is_ok:
        return outcome
    row = session.exec(
        select(Phone).where(Phone.account_id == account_id, Phone.number == number)
    ).first() or Phone(account_id=account_id, number=number, created_at=now)
    row.verified_at = now
    session.add(row)
    session.flush()
    journal.record(session, actor, "phone.added", object_id=row.id, now=now)
    _tell(session, actor, Notice.PHONE, now)
    return Outcome()


def remove_phone(session: Session, actor: Actor, phone_id: UUID, *, now: datetime) -> None:
    """Remove a telephone: codes cannot go there any more, and other sign-ins end (S053)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    row = session.get(Phone, phone_id)
    if row is None or row.account_id != account_id:
        raise NotFound("phone.not_found")
    session.delete(row)
    session.flush()
    sign_out.end_others(session, actor, reason="phone_removed", now=now)
    journal.record(session, actor, "phone.removed", object_id=phone_id, now=now)
    _tell(session, actor, Notice.PHONE, now)


def _waiting(
    session: Session, actor: Actor, purpose: CodePurpose, account_id: UUID, now: datetime
) -> Waiting | None:
    found = codes.find_live(session, actor, purpose, account_id, now=now)
    # Another browser of the same account waits for its own code.
    if found is None or found.subject_id != _subject(actor, purpose, found.sent_to).id:
        return None
    return Waiting(found.sent_to, found.sent_at, found.expires_at)


def _subject(actor: Actor, purpose: CodePurpose, to: str) -> Subject:
    """One sign-in, one address: the code proves nothing else (S031)."""
    assert actor.session_id is not None
    return Subject(purpose, uuid5(actor.session_id, to), actor.account_id)


def _own_address(session: Session, account_id: UUID, email_id: UUID) -> EmailAddress:
    row = session.get(EmailAddress, email_id)
    if row is None or row.account_id != account_id:
        raise NotFound("email.not_found")
    return row


def _star(session: Session, account_id: UUID, row: EmailAddress) -> None:
    session.execute(
        update(EmailAddress)
        .where(col(EmailAddress.account_id) == account_id, col(EmailAddress.is_starred))
        .values(is_starred=False)
    )
    row.is_starred = True
    session.flush()


def _tell(session: Session, actor: Actor, notice: Notice, now: datetime) -> None:
    account = session.get_one(Account, policies.require_own_account(actor))
    security_notice.tell(session, actor, account, notice, now=now)
