"""When and where one is told by mail of messages received (CX-43 to CX-45, ME-166)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.message import Priority
from app.models.notification import DigestSchedule, InformationRhythm, NotificationPreference
from app.services import digest, journal
from app.services.digest_rhythm import Rhythm, next_turn
from app.services.fields import FieldReader
from app.services.notification_address import address_of


@dataclass(frozen=True)
class NextDigest:
    """The next turn of one priority. `is_waited_for`: something new is already there to announce."""

    priority: Priority
    at: datetime
    is_waited_for: bool


@dataclass(frozen=True)
class Notifications:
    """Where mails go, and for a professional when. `digests`: the highest priority first."""

    address: str
    rhythm: Rhythm
    digests: tuple[NextDigest, ...]


def read_notifications(session: Session, actor: Actor, *, now: datetime) -> Notifications:
    """What one's own account is told, with the next turns as they stand."""
    account_id = policies.require_own_account(actor)
    rhythm = digest.rhythm_of(session, actor, account_id)
    return Notifications(
        address_of(session, actor, account_id),
        rhythm,
        _next_digests(session, account_id, rhythm, now) if actor.is_professional else (),
    )


def choose_rhythm(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> Notifications:
    """Keep the rhythm of each priority, `information` and `contact_per_day`, and move what waits."""
    account_id = policies.require_own_account(actor)
    if not actor.is_professional:
        raise Forbidden("notification.professionals_only")
    reader = FieldReader(fields)
    information = reader.choice(
        "information",
        InformationRhythm,
        missing="notification.information",
        unknown="notification.information",
    )
    per_day = reader.integer(
        "contact_per_day",
        least=1,
        most=3,
        missing="notification.contact",
        out_of_range="notification.contact",
    )
    reader.check()
    assert information is not None
    assert per_day is not None
    if Rhythm(information, per_day) != digest.rhythm_of(session, actor, account_id):
        session.merge(
            NotificationPreference(
                account_id=account_id, information=information, contact_per_day=per_day
            )
        )
        session.flush()
        journal.record(session, actor, "notification.changed", object_id=account_id, now=now)
        digest.reschedule_digests(session, actor, account_id, now=now)
    return read_notifications(session, actor, now=now)


def _next_digests(
    session: Session, account_id: UUID, rhythm: Rhythm, now: datetime
) -> tuple[NextDigest, ...]:
    rows = {
        row.priority: row
        for row in session.exec(
            select(DigestSchedule).where(col(DigestSchedule.account_id) == account_id)
        )
    }
    return tuple(_next_digest(priority, rows.get(priority), rhythm, now) for priority in Priority)


def _next_digest(
    priority: Priority, row: DigestSchedule | None, rhythm: Rhythm, now: datetime
) -> NextDigest:
    if row is not None and row.next_at is not None:
        return NextDigest(priority, row.next_at, is_waited_for=True)
    last = row.last_sent_at if row else None
    turn = next_turn(priority, rhythm, last_sent_at=last, after=now)
    return NextDigest(priority, turn, is_waited_for=False)
