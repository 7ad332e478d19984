"""Signing a new version of the contract on screen, with one's name and a single-use code (D-11, U-25).

As in `one_time_code`, a wrong code raises nothing: what was counted must be saved with the answer.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import Invalid, NotAuthenticated
from app.models.account import Account
from app.models.legal_text import AcceptanceMode
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.models.session import SignInMethod
from app.services import device, one_time_code, second_factor
from app.services.legal_text import accept_text, is_signature
from app.services.one_time_code import Outcome, Subject
from app.services.registration_email import Sent, read_sent


def send_signature_code(session: Session, actor: Actor, text_id: UUID, *, now: datetime) -> Outcome:
    """Mail the code that signs one version to the signatory's own address."""
    account, subject = _signatory(session, actor, text_id)
    return one_time_code.send_code(
        session, actor, subject, channel=Channel.EMAIL, to=account.email, now=now
    )


def sign_text(
    session: Session, actor: Actor, text_id: UUID, *, name: str, code: str, now: datetime
) -> Outcome:
    """Sign a version with one's name and its code. Raises Invalid for another name, whatever the code."""
    account, subject = _signatory(session, actor, text_id)
    if not is_signature(account, name):
        raise Invalid(signed_name="legal_text.signature")
    outcome = second_factor.check_code(
        session,
        actor,
        subject,
        account.id,
        SignInMethod.EMAIL_CODE,
        code,
        device_id=device.of_sign_in(session, actor, now=now),
        now=now,
    )
    if outcome.is_ok:
        accept_text(
            session, actor, text_id, mode=AcceptanceMode.TYPED_NAME, signed_name=name, now=now
        )
    return outcome


def read_signature_code(
    session: Session, actor: Actor, text_id: UUID, *, now: datetime
) -> Sent | None:
    """Where and when the newest code of this version left from this sign-in."""
    return read_sent(session, actor, _signatory(session, actor, text_id)[1], now=now)


def _signatory(session: Session, actor: Actor, text_id: UUID) -> tuple[Account, Subject]:
    """Oneself, also while one acts for somebody; the code is bound to the sign-in and the version (S031)."""
    if actor.account_id is None or actor.session_id is None:
        raise NotAuthenticated
    account = session.get_one(Account, actor.account_id)
    return account, Subject(CodePurpose.CONTRACT, uuid5(actor.session_id, str(text_id)), account.id)
