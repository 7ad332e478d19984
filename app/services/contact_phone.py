"""The telephones of one's own account: added with a code, removed (MM-48, U-03)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid, NotFound, RuleViolation
from app.models.contact_point import Phone
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.services import journal, one_time_code as codes, sign_out
from app.services.contact_point import proof_of, tell_owner
from app.services.one_time_code import Outcome
from app.services.phone_number import normalise_phone
from app.services.security_notice import Notice

MAX_PHONES = 10


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
        proof_of(actor, CodePurpose.PHONE, number),
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
    subject = proof_of(actor, CodePurpose.PHONE, number)
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
    tell_owner(session, actor, Notice.PHONE, now=now)
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
    tell_owner(session, actor, Notice.PHONE, now=now)
