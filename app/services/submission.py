"""Once-only submits (S143): the key of a form, and what the act produced the first time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, insert, select, text
from sqlmodel import Session, col, delete

from app.authz.actor import Actor
from app.db import dialect_of
from app.errors import NotAuthenticated
from app.models.base import table_of
from app.models.submission import Submission

KEEP = timedelta(days=2)

_SUBMISSION = table_of(Submission)
_INSERT = insert(_SUBMISSION)
_EARLIER = select(_SUBMISSION.c.result_id).where(
    _SUBMISSION.c.account_id == bindparam("of_account"), _SUBMISSION.c.key == bindparam("of_key")
)


def earlier_result(session: Session, actor: Actor, key: UUID) -> UUID | None:
    """What this form already produced, when it was submitted before; then nothing is done again.

    A second submit under way at the same moment waits for the first to end.
    """
    if actor.account_id is None:
        raise NotAuthenticated
    if dialect_of(session) == "postgresql":
        lock = {"name": f"{actor.account_id}/{key}"}
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), lock)
    found = session.execute(_EARLIER, {"of_account": actor.account_id, "of_key": key})
    return found.scalar_one_or_none()


def remember(session: Session, actor: Actor, key: UUID, result_id: UUID, *, now: datetime) -> None:
    """Keep what the form produced, in the transaction of the act."""
    if actor.account_id is None:
        raise NotAuthenticated
    values = {
        "account_id": actor.account_id,
        "key": key,
        "result_id": result_id,
        "made_at": now,
    }
    session.execute(_INSERT, values)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop keys too old to be submitted again."""
    session.execute(delete(Submission).where(col(Submission.made_at) < now - KEEP))
