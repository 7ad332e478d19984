"""What one's own account is reached by: read, and what its changes share (MM-41 to MM-48, U-03)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.contact_point import EmailAddress, Phone
from app.models.one_time_code import CodePurpose
from app.services import application, one_time_code as codes, security_notice
from app.services.application import ApplicationName
from app.services.one_time_code import Subject
from app.services.security_notice import Notice


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


def forget_waiting(session: Session, actor: Actor, purpose: CodePurpose, *, now: datetime) -> None:
    """Give up adding: the code that was sent opens nothing any more."""
    account_id = policies.require_own_account(actor)
    found = codes.find_live(session, actor, purpose, account_id, now=now)
    if found is not None:
        found.ended_at = now


def proof_of(actor: Actor, purpose: CodePurpose, to: str) -> Subject:
    """What a code sent there proves: for one sign-in, one address, and nothing else (S031)."""
    assert actor.session_id is not None
    return Subject(purpose, uuid5(actor.session_id, to), actor.account_id)


def tell_owner(session: Session, actor: Actor, notice: Notice, *, now: datetime) -> None:
    """Write to the sign-in address that something of one's own changed."""
    account = session.get_one(Account, policies.require_own_account(actor))
    security_notice.tell(session, actor, account, notice, now=now)


def _waiting(
    session: Session, actor: Actor, purpose: CodePurpose, account_id: UUID, now: datetime
) -> Waiting | None:
    found = codes.find_live(session, actor, purpose, account_id, now=now)
    # Another browser of the same account waits for its own code.
    if found is None or found.subject_id != proof_of(actor, purpose, found.sent_to).id:
        return None
    return Waiting(found.sent_to, found.sent_at, found.expires_at)
