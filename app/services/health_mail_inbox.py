"""Where reading of the mailbox stands; of several processes, one looks at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import changed_rows
from app.models.health_mail import THE_INBOX, HealthMailInbox

# Longer than a mail can take, so that a look that goes on is not doubled.
CLAIM = timedelta(minutes=15)


@dataclass(frozen=True)
class Position:
    """The last mail that is safe here, in this numbering of the server's."""

    validity: int
    last_uid: int


def claim_look(session: Session, actor: Actor, *, now: datetime) -> Position | None:
    """Where to go on from; None while another process looks."""
    row = session.get(HealthMailInbox, THE_INBOX)
    if row is None:
        session.add(HealthMailInbox())
        session.flush()
    claimed = session.execute(
        update(HealthMailInbox)
        .where(
            col(HealthMailInbox.id) == THE_INBOX,
            or_(
                col(HealthMailInbox.claimed_until).is_(None),
                col(HealthMailInbox.claimed_until) <= now,
            ),
        )
        .values(claimed_until=now + CLAIM)
    )
    if changed_rows(claimed) != 1:
        return None
    row = session.get_one(HealthMailInbox, THE_INBOX, populate_existing=True)
    return Position(row.validity, row.last_uid)


def go_on(session: Session, actor: Actor, position: Position, *, now: datetime) -> None:
    """A mail is safe here: the next look begins after it."""
    row = session.get_one(HealthMailInbox, THE_INBOX)
    row.validity, row.last_uid = position.validity, position.last_uid
    row.claimed_until = now + CLAIM
    session.add(row)


def end_look(session: Session, actor: Actor, error: str = "", *, now: datetime) -> None:
    """Record how a look went, by code, and let another begin."""
    row = session.get_one(HealthMailInbox, THE_INBOX)
    row.claimed_until, row.error = None, error
    if error:
        row.failed_at = now
    else:
        row.looked_at = now
    session.add(row)
