"""The addresses of one's own account: added with a code, chosen, removed (MM-41 to MM-47)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid, NotFound, RuleViolation
from app.models.account import Account
from app.models.application import ApplicationIdentifier
from app.models.contact_point import EmailAddress
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.services import application, journal, one_time_code as codes, security_notice, sign_out
from app.services.contact_point import proof_of, tell_owner
from app.services.email_address import normalise_email
from app.services.one_time_code import Outcome
from app.services.one_time_code_letter import Letter
from app.services.security_notice import Notice

MAX_ADDRESSES = 10

_SOMEBODY_ELSES = Letter(
    "Quelqu’un a voulu ajouter votre adresse à son compte",
    "Une personne a demandé à ajouter votre adresse e-mail à son compte Liane. Cette adresse est déjà celle "
    "de votre compte : elle le reste, et rien n’a changé.\n\n"
    "Si c’était vous, connectez-vous avec cette adresse. Sinon, vous n’avez rien à faire.",
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
        proof_of(actor, CodePurpose.EMAIL_ADDRESS, address),
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
    subject = proof_of(actor, CodePurpose.EMAIL_ADDRESS, address)
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
    tell_owner(session, actor, Notice.EMAIL, now=now)
    return Outcome()


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
    tell_owner(session, actor, Notice.EMAIL, now=now)
    security_notice.tell(session, actor, account, Notice.EMAIL, to=gone, now=now)


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
