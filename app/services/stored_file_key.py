"""Rotation of the keys that wrap the keys of files (S122): small steps, beside everything else, resumable."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.crypto import KeyMissing, SealBroken, WrappedKey
from app.db import keyring_of
from app.models.document import StoredFile
from app.services import journal
from app.services.stored_file import rewrapped

BATCH = 200


@dataclass(frozen=True)
class KeyUse:
    """A wrapping key and how many files it opens. `is_held`: whether the key file holds it."""

    key_id: str
    files: int
    is_newest: bool
    is_held: bool


@dataclass(frozen=True)
class Step:
    """What one step of rewrapping did. `last_id`: where the next one goes on; None at the end."""

    done: int
    failed: int
    last_id: UUID | None


def list_uses(session: Session, actor: Actor) -> list[KeyUse]:
    """The keys of the key file, oldest first, then those that files name and it does not hold."""
    held = keyring_of(session).wrapping_ids()
    counted = dict(
        session.exec(select(StoredFile.key_id, func.count()).group_by(StoredFile.key_id)).all()
    )
    lost = sorted(set(counted) - set(held))
    return [
        KeyUse(key_id, counted.get(key_id, 0), key_id == held[-1], key_id in held)
        for key_id in (*held, *lost)
    ]


def note_rotation(session: Session, actor: Actor, *, now: datetime) -> None:
    """Leave the line of a new wrapping key."""
    journal.record(session, actor, "keys.rotated", now=now)


def rewrap_some(session: Session, actor: Actor, *, after: UUID | None = None) -> Step:
    """Put the keys of some files under the newest wrapping key, in the order of their ids.

    A file whose key cannot be opened is left as it is, and counted.
    """
    keyring = keyring_of(session)
    newest = keyring.wrapping_ids()[-1]
    waiting = select(
        StoredFile.id, StoredFile.owner_id, StoredFile.key_id, StoredFile.wrapped_key
    ).where(or_(col(StoredFile.key_id) < newest, col(StoredFile.key_id) > newest))
    if after is not None:
        waiting = waiting.where(col(StoredFile.id) > after)
    rows = session.exec(waiting.order_by(col(StoredFile.id)).limit(BATCH)).all()
    failed = 0
    for file_id, owner_id, key_id, sealed in rows:
        try:
            fresh = rewrapped(keyring, owner_id, file_id, WrappedKey(key_id, sealed))
        except (KeyMissing, SealBroken):
            failed += 1
            continue
        session.execute(
            update(StoredFile)
            .where(col(StoredFile.id) == file_id, col(StoredFile.key_id) == key_id)
            .values(key_id=fresh.key_id, wrapped_key=fresh.sealed)
        )
    return Step(len(rows) - failed, failed, rows[-1][0] if len(rows) == BATCH else None)
