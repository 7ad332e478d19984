"""Digests of messages received: one mail for each priority, at each person's own rhythm (CX-43 to CX-45)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.db import dialect_of, select_columns
from app.models.account import Account, AccountState
from app.models.base import table_of
from app.models.contact_point import EmailAddress
from app.models.message import Participant, Priority
from app.models.notification import DigestSchedule, NotificationPreference
from app.models.professional import Professional
from app.services import outbox
from app.services.digest_rhythm import Rhythm, next_turn
from app.services.mailbox import HAS_UNREAD, IS_SHOWN
from app.services.notification_address import ADDRESS, STARRED
from app.settings import get_settings

BATCH = 10

_Key = tuple[UUID, Priority]

_NARROW, _NO_BREAK = "\u202f", "\u00a0"
_TITLES = {
    Priority.CONTACT: "Pour besoin de contact",
    Priority.INFORMATION: "Pour information",
}


@dataclass(frozen=True)
class _Holder:
    """Whose mailbox a digest speaks of, and where it goes."""

    professional_id: UUID
    state: AccountState
    address: str
    rhythm: Rhythm


@dataclass(frozen=True)
class _Unread:
    """What waits in a mailbox under one priority."""

    count: int
    newest_at: datetime


def schedule_digests(
    session: Session, actor: Actor, participant_ids: Collection[UUID], *, now: datetime
) -> None:
    """Something new is in these mailboxes: the next digest of each will tell. Called by what delivers it.

    The digest is the one of the priority under which the conversation is now sorted. Rows are held until the
    message is stored, in the order of their keys: a digest sent meanwhile does not miss it.
    """
    keys = _keys_of(session, participant_ids)
    if not keys:
        return
    _ensure(session, keys)
    for row in _held(session, keys):
        if row.next_at is None:
            rhythm = rhythm_of(session, actor, row.account_id)
            row.next_at = next_turn(row.priority, rhythm, last_sent_at=row.last_sent_at, after=now)
        row.new_since = min(row.new_since or now, now)


def reschedule_digests(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """The rhythm changed. A digest whose turn has come keeps it: it leaves now, once, and is not lost."""
    rhythm = rhythm_of(session, actor, account_id)
    for row in _held(session, [(account_id, priority) for priority in Priority]):
        if row.next_at is not None and row.next_at > now:
            row.next_at = next_turn(row.priority, rhythm, last_sent_at=row.last_sent_at, after=now)


def rhythm_of(session: Session, actor: Actor, account_id: UUID) -> Rhythm:
    """What somebody chose, or what a new account starts with."""
    found = session.get(NotificationPreference, account_id)
    return Rhythm(found.information, found.contact_per_day) if found else Rhythm()


def is_any_due(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Whether a digest's turn has come: asked without waiting for any writer."""
    found = session.execute(
        select(DigestSchedule.account_id).where(col(DigestSchedule.next_at) <= now).limit(1)
    )
    return found.first() is not None


def send_due(session: Session, actor: Actor, *, now: datetime, limit: int = BATCH) -> int:
    """Send the digests whose turn has come, a few at a time; returns how many rows had their turn.

    The mail is written and the row put to rest in one transaction that holds the row: whatever the number of
    processes, and wherever one of them stops, a turn is served once. Turns missed meanwhile make one mail.
    """
    rows = session.exec(
        select(DigestSchedule)
        .where(col(DigestSchedule.next_at) <= now)
        .order_by(col(DigestSchedule.next_at), col(DigestSchedule.account_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return 0
    holders = _holders(session, {row.account_id for row in rows})
    unread = _unread(session, [holder.professional_id for holder in holders.values()])
    for row in rows:
        holder = holders.get(row.account_id)
        if holder is None or holder.state is AccountState.CLOSED:
            _rest(row)
        elif holder.state is not AccountState.ACTIVE:
            # Told once it is active again, of what is still unread then.
            row.next_at = next_turn(
                row.priority, holder.rhythm, last_sent_at=row.last_sent_at, after=now
            )
        else:
            _serve(session, row, holder, unread.get((holder.professional_id, row.priority)), now)
    return len(rows)


def _serve(
    session: Session, row: DigestSchedule, holder: _Holder, unread: _Unread | None, now: datetime
) -> None:
    assert row.new_since is not None
    if unread is not None and unread.newest_at >= row.new_since:
        subject, text = _letter(row.priority, unread.count)
        outbox.post_email(session, to=holder.address, subject=subject, text=text, now=now)
        row.last_sent_at = now
    _rest(row)


def _rest(row: DigestSchedule) -> None:
    row.next_at = row.new_since = None


def _letter(priority: Priority, count: int) -> tuple[str, str]:
    """How many wait, and nothing of whom or what: both are read after signing in (FG-14)."""
    base, title = get_settings().base_url, _TITLES[priority]
    messages = (
        f"{count}{_NO_BREAK}message{'s' if count > 1 else ''} non lu{'s' if count > 1 else ''}"
    )
    text = (
        f"Dans votre messagerie, sous «{_NARROW}{title}{_NARROW}»{_NARROW}: {messages}.\n\n"
        f"Connectez-vous pour lire{_NARROW}:\n{base}/messagerie\n\n"
        f"Pour changer le rythme de ces e-mails, ou l’adresse qui les reçoit{_NARROW}:\n"
        f"{base}/compte/notifications"
    )
    return f"{title}{_NARROW}: {messages}", text


def _holders(session: Session, account_ids: Collection[UUID]) -> dict[UUID, _Holder]:
    found = session.execute(
        select_columns(
            Account.id,
            Professional.id,
            Account.state,
            ADDRESS,
            NotificationPreference.information,
            NotificationPreference.contact_per_day,
        )
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .outerjoin(EmailAddress, STARRED)
        .outerjoin(
            NotificationPreference, col(NotificationPreference.account_id) == col(Account.id)
        )
        .where(col(Account.id).in_(account_ids))
    )
    return {
        account_id: _Holder(
            professional_id,
            state,
            address,
            Rhythm(information, per_day) if per_day else Rhythm(),
        )
        for account_id, professional_id, state, address, information, per_day in found
    }


def _unread(
    session: Session, professional_ids: Collection[UUID]
) -> dict[tuple[UUID, Priority], _Unread]:
    """What is unread and still theirs to read: neither treated, nor deleted, nor of a patient they left."""
    found = session.execute(
        select_columns(
            Participant.professional_id,
            Participant.priority,
            func.sum(Participant.unread_count),
            func.max(Participant.received_at),
        )
        .where(
            col(Participant.professional_id).in_(professional_ids),
            HAS_UNREAD,
            IS_SHOWN,
            col(Participant.deleted_at).is_(None),
            col(Participant.archived_at).is_(None),
        )
        .group_by(col(Participant.professional_id), col(Participant.priority))
    )
    return {
        (professional_id, priority): _Unread(int(count), newest_at)
        for professional_id, priority, count, newest_at in found
    }


def _keys_of(session: Session, participant_ids: Collection[UUID]) -> list[_Key]:
    session.flush()
    found = session.execute(
        select_columns(Professional.account_id, Participant.priority)
        .join(Participant, col(Participant.professional_id) == col(Professional.id))
        .where(col(Participant.id).in_(participant_ids))
    )
    return sorted({(account_id, priority) for account_id, priority in found})


def _ensure(session: Session, keys: list[_Key]) -> None:
    insert = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    session.execute(
        insert(table_of(DigestSchedule))
        .values([{"account_id": account_id, "priority": priority} for account_id, priority in keys])
        .on_conflict_do_nothing()
    )


def _held(session: Session, keys: list[_Key]) -> Sequence[DigestSchedule]:
    """Rows locked until the act ends, as they stand now."""
    return session.exec(
        select(DigestSchedule)
        .where(tuple_(col(DigestSchedule.account_id), col(DigestSchedule.priority)).in_(keys))
        .order_by(col(DigestSchedule.account_id), col(DigestSchedule.priority))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
