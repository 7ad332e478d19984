"""What the tests of one's own account share: somebody signed in for good, and what was sent to them."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.models.account import Account
from app.models.contact_point import EmailAddress
from app.models.outbox import OutboxMessage
from app.services import session as sessions

STALE = timedelta(minutes=5)


def signed_in(session: Session, actor: Actor, now: datetime) -> Actor:
    """The actor in a sign-in of the base, a factor just given, their address among their addresses."""
    account = session.get_one(Account, actor.account_id)
    known = session.exec(
        select(EmailAddress.id).where(EmailAddress.address == account.email)
    ).first()
    if known is None:
        session.add(
            EmailAddress(
                account_id=account.id, address=account.email, is_starred=True, verified_at=now
            )
        )
    row, _ = sessions.open_session(
        session, account, device="Firefox sur Linux", address="192.0.2.1", now=now
    )
    return replace(
        actor,
        session_id=row.id,
        factor_at=now,
        own_professional_id=actor.professional_id,
        own_profession=actor.profession,
    )


def stale(actor: Actor, now: datetime) -> Actor:
    """The same person, whose last factor is five minutes old."""
    return replace(actor, factor_at=now - STALE)


def delegate_of(actor: Actor, holder: Actor) -> Actor:
    """The same person, acting for somebody else."""
    return replace(
        actor,
        on_behalf_of_id=holder.account_id,
        professional_id=holder.professional_id,
        delegation_id=uuid4(),
    )


def letters_to(session: Session, to: str) -> list[OutboxMessage]:
    """What was sent to an address or a number, newest first."""
    session.flush()
    return list(
        session.exec(
            select(OutboxMessage)
            .where(OutboxMessage.to == to)
            .order_by(col(OutboxMessage.created_at).desc())
        )
    )


def code_sent_to(session: Session, to: str) -> str:
    """The six digits of the newest message."""
    text = letters_to(session, to)[0].text
    return next(
        word for word in text.replace("\n", " ").split(" ") if word.isdigit() and len(word) == 6
    )


def address_id(session: Session, address: str) -> UUID:
    """The key of an address of anybody."""
    return session.exec(select(EmailAddress.id).where(EmailAddress.address == address)).one()


def subjects_to(session: Session, to: str) -> set[str]:
    """The subjects of all that was sent to an address."""
    return {letter.subject for letter in letters_to(session, to)}
