"""Tickets of links to bytes (S099): of one sign-in, for 60 s, each good for one use of one thing.

A ticket is no permission: whoever uses it must still be allowed to see the thing at that moment (S062).
A ticket of somebody else, too late, changed: one NotFound, that of what does not exist.
"""

import base64
import struct
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.crypto import same
from app.db import keyring_of
from app.errors import NotFound

LIFE = timedelta(seconds=60)
# Use, thing, end in whole seconds.
_HEAD = struct.Struct(">B16sI")
_MAC_BYTES = 30


class Use(IntEnum):
    """What a ticket is good for: a document of a record, or a file of a message."""

    DOWNLOAD = 1
    PREVIEW = 2
    ATTACHMENT_DOWNLOAD = 3
    ATTACHMENT_PREVIEW = 4


_USES = frozenset(Use)


def write_ticket(session: Session, actor: Actor, use: Use, thing: UUID, *, now: datetime) -> str:
    """A ticket, for whoever was just allowed to see the thing."""
    head = _HEAD.pack(use, thing.bytes, int((now + LIFE).timestamp()))
    # 51 bytes make 68 letters, with none left over that could be changed without effect.
    return base64.urlsafe_b64encode(head + _mac(session, actor, head)).decode()


def read_ticket(session: Session, actor: Actor, ticket: str, *, now: datetime) -> tuple[Use, UUID]:
    """What a ticket is good for and of which thing, for whoever it was written for."""
    missing = NotFound("document.not_found")
    try:
        body = base64.b64decode(ticket, altchars=b"-_", validate=True)
    except ValueError:
        raise missing from None
    head, mac = body[: _HEAD.size], body[_HEAD.size :]
    if len(head) != _HEAD.size or not same(mac, _mac(session, actor, head)):
        raise missing
    use, thing, ends_at = _HEAD.unpack(head)
    if use not in _USES or ends_at <= now.timestamp():
        raise missing
    return Use(use), UUID(bytes=thing)


def _mac(session: Session, actor: Actor, head: bytes) -> bytes:
    # Of this sign-in, and of whom it acts for: a ticket of one does not serve the other.
    holder = f"{actor.session_id}/{actor.delegation_id}/".encode()
    return keyring_of(session).mac("link", holder + head)[:_MAC_BYTES]
