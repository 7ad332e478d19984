"""Fourth step of a registration: telephones, none, one or several, each proved by SMS (MM-20, U-03, D-02)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Invalid, NotFound
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.models.registration import Registration, RegistrationPhone
from app.services.one_time_code import Outcome, Subject, check_code, send_code
from app.services.phone_number import normalise_phone
from app.services.registration import access_open, settle_step
from app.services.registration_email import Sent, read_sent
from app.services.registration_progress import Step

MAX_PHONES = 5


@dataclass(frozen=True)
class PhoneRow:
    """A telephone given so far. `sent`: its last code, None once it is verified."""

    id: UUID
    number: str
    is_verified: bool
    sent: Sent | None


def list_phones(
    session: Session, actor: Actor, registration_id: UUID, *, now: datetime
) -> list[PhoneRow]:
    """The telephones of a registration somebody holds already."""
    return [
        PhoneRow(
            phone.id,
            phone.number,
            phone.verified_at is not None,
            None if phone.verified_at else read_sent(session, actor, _subject(phone), now=now),
        )
        for phone in _phones(session, registration_id)
    ]


def add_phone(session: Session, actor: Actor, token: str, typed: str, *, now: datetime) -> Outcome:
    """Add a number and send it a code. A number nothing can be sent to is not kept."""
    registration = access_open(session, actor, token, now=now)
    number = normalise_phone(typed)
    if number is None:
        raise Invalid(phone="phone.format")
    if not number:
        raise Invalid(phone="registration.phone_missing")
    phones = _phones(session, registration.id)
    known = next((phone for phone in phones if phone.number == number), None)
    if known is None and len(phones) >= MAX_PHONES:
        raise Invalid(phone="registration.phones_full")
    if known is not None and known.verified_at is not None:
        return Outcome()
    phone = known or RegistrationPhone(
        registration_id=registration.id, number=number, created_at=now
    )
    outcome = _send(session, actor, phone, now=now)
    if outcome.is_ok and known is None:
        session.add(phone)
    if outcome.is_ok:
        settle_step(registration, Step.PHONE)
    return outcome


def resend_phone_code(
    session: Session, actor: Actor, token: str, phone_id: UUID, *, now: datetime
) -> Outcome:
    """Send another code to a number that is not verified yet."""
    phone = _own(session, access_open(session, actor, token, now=now), phone_id)
    return Outcome() if phone.verified_at else _send(session, actor, phone, now=now)


def check_phone_code(
    session: Session, actor: Actor, token: str, phone_id: UUID, typed: str, *, now: datetime
) -> Outcome:
    """Compare the code typed for a number (CX-05)."""
    registration = access_open(session, actor, token, now=now)
    phone = _own(session, registration, phone_id)
    if phone.verified_at is not None:
        return Outcome()
    outcome = check_code(session, actor, _subject(phone), typed, now=now)
    if outcome.is_ok:
        phone.verified_at = now
        settle_step(registration, Step.PHONE)
    return outcome


def remove_phone(
    session: Session, actor: Actor, token: str, phone_id: UUID, *, now: datetime
) -> None:
    """Take a number away."""
    registration = access_open(session, actor, token, now=now)
    session.delete(_own(session, registration, phone_id))
    registration.faults = {}


def finish_phones(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Go on, with or without a telephone (D-02)."""
    registration = access_open(session, actor, token, now=now)
    registration.phones_done_at = registration.phones_done_at or now
    settle_step(registration, Step.PHONE)


def _send(session: Session, actor: Actor, phone: RegistrationPhone, *, now: datetime) -> Outcome:
    return send_code(session, actor, _subject(phone), channel=Channel.SMS, to=phone.number, now=now)


def _subject(phone: RegistrationPhone) -> Subject:
    return Subject(CodePurpose.REGISTRATION_PHONE, phone.id)


def _phones(session: Session, registration_id: UUID) -> list[RegistrationPhone]:
    found = session.execute(
        select(RegistrationPhone)
        .where(col(RegistrationPhone.registration_id) == registration_id)
        .order_by(col(RegistrationPhone.created_at), col(RegistrationPhone.id))
    )
    return list(found.scalars())


def _own(session: Session, registration: Registration, phone_id: UUID) -> RegistrationPhone:
    phone = session.get(RegistrationPhone, phone_id)
    if phone is None or phone.registration_id != registration.id:
        raise NotFound("registration.phone_not_found")
    return phone
