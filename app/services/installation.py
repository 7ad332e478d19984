"""The installation as its administrator sees it: figures and dates, nothing of any patient."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.db import dialect_of
from app.errors import Forbidden
from app.models.account import Account, AccountState, Role
from app.models.journal import JournalEntry, JournalKind
from app.models.medicine import MedicineRelease
from app.models.outbox import OutboxMessage, OutboxState
from app.services import journal

OUTBOX_DAYS = 7
_ALTERED = "altered"


@dataclass(frozen=True)
class Accounts:
    """Accounts that may sign in, and those closed to signing in."""

    active: dict[Role, int]
    closed: int


@dataclass(frozen=True)
class JournalState:
    """Lines of the access journal, and what its last verification found. None: never verified."""

    lines: int
    verified_at: datetime | None
    is_intact: bool


@dataclass(frozen=True)
class MedicinesState:
    """The edition of the medicines database in use."""

    source: str
    data_on: date
    imported_at: datetime
    medicines: int
    substances: int
    rejected: int
    is_builtin: bool


@dataclass(frozen=True)
class OutboxStateCounts:
    """Messages of the last 7 days, by what became of them."""

    waiting: int
    sent: int
    failed: int


@dataclass(frozen=True)
class Installation:
    """Everything the page shows. `database`: `sqlite` or `postgresql`."""

    database: str
    accounts: Accounts
    journal: JournalState
    medicines: MedicinesState | None
    outbox: OutboxStateCounts


def read_installation(session: Session, actor: Actor, *, now: datetime) -> Installation:
    """The state of the installation, for administrators only."""
    policies.require_administrator(actor)
    return Installation(
        database=dialect_of(session),
        accounts=_accounts(session),
        journal=_journal(session),
        medicines=_medicines(session),
        outbox=_outbox(session, now),
    )


def note_verification(
    session: Session, actor: Actor, found: journal.Verification, *, now: datetime
) -> None:
    """Leave a line about a verification of the journal, which the administrators' page then dates."""
    if not actor.reason:
        raise Forbidden
    journal.record(
        session,
        actor,
        "journal.verified",
        kind=JournalKind.READ,
        result="ok" if found.first_bad_seq is None else f"{_ALTERED} {found.first_bad_seq}",
        now=now,
    )


def _accounts(session: Session) -> Accounts:
    found = session.execute(
        select(col(Account.role), col(Account.state), func.count()).group_by(
            col(Account.role), col(Account.state)
        )
    ).all()
    active = dict.fromkeys(Role, 0)
    active |= {role: count for role, state, count in found if state is AccountState.ACTIVE}
    return Accounts(
        active, sum(count for _, state, count in found if state is not AccountState.ACTIVE)
    )


def _journal(session: Session) -> JournalState:
    # Verifications are lines without account: the index on accounts leads to them.
    last = session.execute(
        select(col(JournalEntry.at), col(JournalEntry.result))
        .where(
            col(JournalEntry.account_id).is_(None),
            col(JournalEntry.action) == "journal.verified",
        )
        .order_by(col(JournalEntry.seq).desc())
        .limit(1)
    ).first()
    return JournalState(
        lines=journal.last_seq(session),
        verified_at=last[0] if last else None,
        is_intact=last is None or not last[1].startswith(_ALTERED),
    )


def _medicines(session: Session) -> MedicinesState | None:
    found = session.execute(
        select(
            col(MedicineRelease.source),
            col(MedicineRelease.data_on),
            col(MedicineRelease.imported_at),
            col(MedicineRelease.medicines),
            col(MedicineRelease.substances),
            col(MedicineRelease.rejected),
            col(MedicineRelease.is_builtin),
        ).where(col(MedicineRelease.is_current))
    ).first()
    return MedicinesState(*found) if found else None


def _outbox(session: Session, now: datetime) -> OutboxStateCounts:
    found = session.execute(
        select(col(OutboxMessage.state), func.count())
        .where(col(OutboxMessage.created_at) >= now - timedelta(days=OUTBOX_DAYS))
        .group_by(col(OutboxMessage.state))
    ).all()
    counts = dict.fromkeys(OutboxState, 0) | {row[0]: row[1] for row in found}
    return OutboxStateCounts(
        counts[OutboxState.WAITING], counts[OutboxState.SENT], counts[OutboxState.FAILED]
    )
