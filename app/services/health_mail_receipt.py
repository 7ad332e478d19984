"""Receipts of incoming health mail: one for each mail and receiver, whatever is delivered again (S113).

Its row is written first: whoever writes it settles the mail, and a redelivery, or another process, finds it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.crypto import content_digest
from app.db import dialect_of
from app.integrations.health_mail_mime import Envelope
from app.models.base import table_of
from app.models.document import StoredFile
from app.models.health_mail import HealthMailReceipt, MailReason, ReceiptState
from app.services import journal, stored_file, stored_file_release
from app.services.stored_file import FileRef, SealedFile

_BATCH = 20


@dataclass(frozen=True)
class Incoming:
    """What a receipt says of a mail. `receipt_id` is chosen beforehand: files are sealed for it."""

    recipient: str
    envelope: Envelope
    digest: bytes
    byte_size: int
    receipt_id: UUID = field(default_factory=uuid4)
    is_again: bool = False


@dataclass(frozen=True)
class Asked:
    """A mail in quarantine that an administrator wants filed."""

    incoming: Incoming
    file: FileRef


def is_known(session: Session, actor: Actor, incoming: Incoming) -> bool:
    """Whether this mail was taken for this receiver already."""
    return (
        session.execute(
            select(col(HealthMailReceipt.id)).where(
                col(HealthMailReceipt.recipient) == incoming.recipient,
                col(HealthMailReceipt.sender) == incoming.envelope.sender,
                col(HealthMailReceipt.mail_id) == incoming.envelope.mail_id,
                col(HealthMailReceipt.digest) == incoming.digest,
            )
        ).first()
        is not None
    )


def raw_digest(raw: bytes) -> bytes:
    """What tells a mail that cannot be read from another."""
    return content_digest(raw)


def take_receipt(
    session: Session,
    actor: Actor,
    incoming: Incoming,
    state: ReceiptState,
    reason: MailReason | None = None,
    *,
    now: datetime,
) -> HealthMailReceipt | None:
    """Write the receipt, None when the mail was settled before. One tried again changes its own."""
    settled_at = None if state is ReceiptState.QUARANTINED else now
    if incoming.is_again:
        kept = session.get(HealthMailReceipt, incoming.receipt_id, with_for_update=True)
        if kept is None or kept.state is not ReceiptState.QUARANTINED:
            return None
        if settled_at is not None:
            release_mail(session, actor, kept, now=now)
            journal.record(
                session, actor, "health_mail.settled", object_id=kept.id, result=state, now=now
            )
        kept.state, kept.reason, kept.settled_at = state, reason, settled_at
        kept.asked_at = None
        session.add(kept)
        return kept
    insert: Any = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    session.execute(
        insert(table_of(HealthMailReceipt))
        .values(
            id=incoming.receipt_id,
            recipient=incoming.recipient,
            sender=incoming.envelope.sender,
            mail_id=incoming.envelope.mail_id,
            digest=incoming.digest,
            byte_size=incoming.byte_size,
            state=state,
            reason=reason,
            reply_to="",
            notify_to="",
            received_at=now,
            settled_at=settled_at,
        )
        .on_conflict_do_nothing(index_elements=["recipient", "sender", "mail_id", "digest"])
    )
    return session.get(HealthMailReceipt, incoming.receipt_id)


def quarantine(
    session: Session,
    actor: Actor,
    incoming: Incoming,
    reason: MailReason,
    raw: SealedFile | None,
    *,
    now: datetime,
) -> bool:
    """Keep a mail for an administrator to decide; False when it was settled before."""
    state = ReceiptState.QUARANTINED
    receipt = take_receipt(session, actor, incoming, state, reason, now=now)
    if receipt is None:
        return False
    if raw is not None:
        receipt.file_id = stored_file.record_file(session, actor, raw, now=now).id
    session.add(receipt)
    journal.record(
        session, actor, "health_mail.quarantined", object_id=receipt.id, result=reason, now=now
    )
    return True


def discard_report(session: Session, actor: Actor, incoming: Incoming, *, now: datetime) -> bool:
    """A report about an earlier mail leaves its receipt and nothing else."""
    state, reason = ReceiptState.DISCARDED, MailReason.REPORT
    return take_receipt(session, actor, incoming, state, reason, now=now) is not None


def list_asked(session: Session, actor: Actor) -> list[Asked]:
    """Some of the mails administrators want filed, in the order they asked."""
    rows = session.execute(
        select(HealthMailReceipt, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(HealthMailReceipt.file_id))
        .where(col(HealthMailReceipt.asked_at).is_not(None))
        .order_by(col(HealthMailReceipt.asked_at))
        .limit(_BATCH)
    )
    return [
        Asked(
            Incoming(
                recipient=row.recipient,
                envelope=Envelope(row.mail_id, row.sender, (row.recipient,)),
                digest=row.digest,
                byte_size=row.byte_size,
                receipt_id=row.id,
                is_again=True,
            ),
            stored_file.file_ref(file),
        )
        for row, file in rows
    ]


def release_mail(
    session: Session, actor: Actor, receipt: HealthMailReceipt, *, now: datetime
) -> None:
    """The sealed mail of a quarantine that is over is nobody's any more."""
    if receipt.file_id is not None:
        stored_file_release.release(session, actor, receipt.file_id, now=now)
        receipt.file_id = None
