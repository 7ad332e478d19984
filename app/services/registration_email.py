"""Third step of a registration: one mail with a code and a link, either of which proves the address (U-02).

An address that already has an account gets another mail in place of the code: on screen nothing differs, so
that nobody learns from here who has an account (S070).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid5

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Invalid
from app.models.account import Account
from app.models.contact_point import EmailAddress
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel, OutboxMessage, OutboxState
from app.models.registration import Registration, RegistrationState
from app.services import journal
from app.services.account import MAX_EMAIL
from app.services.one_time_code import Outcome, Subject, check_code, last_sent, send_code, use_link
from app.services.one_time_code_letter import Letter
from app.services.registration import KEEP, access_open, open_browser, settle_step
from app.services.registration_progress import Step
from app.settings import get_settings

LINK_PATH = "/inscription/lien"
_LATE_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Sent:
    """A code on its way. `is_late`: the gateway did not take the message yet."""

    to: str
    at: datetime
    is_late: bool


def send_proof(session: Session, actor: Actor, token: str, typed: str, *, now: datetime) -> Outcome:
    """« VERIFIER »: send the code and the link to an address (MM-15). Raises Invalid for what is none."""
    registration = access_open(session, actor, token, now=now)
    address = read_address(typed)
    if address != registration.email:
        registration.email, registration.email_verified_at = address, None
        registration.state = RegistrationState.DRAFT
    if registration.email_verified_at is not None:
        settle_step(registration, Step.EMAIL)
        return Outcome()
    outcome = send_code(
        session,
        actor,
        email_subject(registration),
        channel=Channel.EMAIL,
        to=address,
        link_path=LINK_PATH,
        instead=_owner_letter() if is_taken(session, actor, address) else None,
        now=now,
    )
    if outcome.is_ok:
        settle_step(registration, Step.EMAIL)
    return outcome


def check_proof(
    session: Session, actor: Actor, token: str, typed: str, *, now: datetime
) -> Outcome:
    """« VALIDER MON ADRESSE » with the typed code (MM-18)."""
    registration = access_open(session, actor, token, now=now)
    if registration.email_verified_at is not None:
        return Outcome()
    outcome = check_code(session, actor, email_subject(registration), typed, now=now)
    if outcome.is_ok:
        _verify(session, actor, registration, now=now)
    return outcome


def forget_address(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """« Changer d'adresse »: the one given is no longer this registration's."""
    registration = access_open(session, actor, token, now=now)
    registration.email, registration.email_verified_at = "", None
    registration.state = RegistrationState.DRAFT
    registration.faults = {}


def follow_link(session: Session, actor: Actor, link_token: str, *, now: datetime) -> str | None:
    """The link of the mail: the address is proved, and this browser may go on with the registration.

    The token of its cookie; None when the link opens nothing (any more).
    """
    found = use_link(session, actor, CodePurpose.REGISTRATION_EMAIL, link_token, now=now)
    if found is None:
        return None
    for registration in _with_address(session, found.sent_to):
        if email_subject(registration).id != found.subject_id:
            continue
        if registration.account_id is None and registration.email_verified_at is None:
            registration.updated_at = now
            _verify(session, actor, registration, now=now)
        return open_browser(session, actor, registration.id, now=now)
    return None


def send_resume_link(session: Session, actor: Actor, typed: str, *, now: datetime) -> None:
    """Mail the link of a registration under way to its address; silent when there is none (S070)."""
    address = read_address(typed)
    newest = next(
        (one for one in _with_address(session, address) if one.updated_at > now - KEEP), None
    )
    if newest is not None:
        send_code(
            session,
            actor,
            email_subject(newest),
            channel=Channel.EMAIL,
            to=address,
            link_path=LINK_PATH,
            now=now,
        )


def read_address(typed: str) -> str:
    """An address as stored. Raises Invalid."""
    address = typed.strip().lower()
    local, at, domain = address.rpartition("@")
    is_plain = address.isprintable() and not any(c.isspace() or c in '<>",;' for c in address)
    has_domain = "." in domain.strip(".") and not domain.startswith(".") and ".." not in domain
    if not address:
        raise Invalid(email="registration.email_missing")
    if not (at and local and is_plain and has_domain) or len(address) > MAX_EMAIL:
        raise Invalid(email="email.format")
    return address


def is_taken(session: Session, actor: Actor, address: str) -> bool:
    """Whether an account has this address. For the mails sent to it, never for the screen."""
    taken = select(col(EmailAddress.id)).where(col(EmailAddress.address) == address)
    login = select(col(Account.id)).where(col(Account.email) == address)
    return bool(session.execute(select(or_(taken.exists(), login.exists()))).scalar_one())


def email_subject(registration: Registration) -> Subject:
    """What the code is bound to: the registration and the address (S031); another one has its own limits."""
    return Subject(CodePurpose.REGISTRATION_EMAIL, uuid5(registration.id, registration.email))


def read_sent(session: Session, actor: Actor, subject: Subject, *, now: datetime) -> Sent | None:
    """The newest code of a subject, and whether its message is late."""
    code = last_sent(session, actor, subject)
    if code is None:
        return None
    waiting = session.execute(
        select(col(OutboxMessage.id))
        .where(
            col(OutboxMessage.created_at) >= code.sent_at,
            col(OutboxMessage.to) == code.sent_to,
            col(OutboxMessage.state) != OutboxState.SENT,
            or_(
                col(OutboxMessage.state) == OutboxState.FAILED,
                col(OutboxMessage.created_at) < now - _LATE_AFTER,
                col(OutboxMessage.next_try_at) > col(OutboxMessage.created_at),
            ),
        )
        .limit(1)
    ).first()
    return Sent(code.sent_to, code.sent_at, waiting is not None)


def _verify(session: Session, actor: Actor, registration: Registration, *, now: datetime) -> None:
    registration.email_verified_at = now
    if registration.state is RegistrationState.DRAFT:
        registration.state = RegistrationState.EMAIL_VERIFIED
    settle_step(registration, Step.EMAIL)
    journal.record(
        session, actor, "registration.email_verified", object_id=registration.id, now=now
    )


def _with_address(session: Session, address: str) -> list[Registration]:
    found = session.execute(
        select(Registration)
        .where(col(Registration.email) == address)
        .order_by(col(Registration.updated_at).desc())
        .limit(20)
        .with_for_update()
    )
    return list(found.scalars())


def _owner_letter() -> Letter:
    base = get_settings().base_url
    return Letter(
        "Vous avez déjà un compte Liane",
        "Quelqu’un, peut-être vous, vient de s’inscrire avec votre adresse e-mail. Or elle est déjà "
        "celle d’un compte : aucun autre n’a été créé.\n\n"
        f"Pour vous connecter, ou choisir un autre mot de passe :\n{base}/connexion\n\n"
        "Si ce n’était pas vous, vous n’avez rien à faire.",
    )
