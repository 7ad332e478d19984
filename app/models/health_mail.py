"""Health mail (MSSanté): what came in and what became of it, what goes out, where the mailbox was left."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import partial_index, stored_enum

MAX_ADDRESS = 254
MAX_MAIL_ID = 255
# There is one mailbox, hence one row.
THE_INBOX = 1


class ReceiptState(StrEnum):
    """What became of a mail for one receiver."""

    FILED = "filed"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"


class MailReason(StrEnum):
    """Why a mail was not filed by itself, as an administrator reads it (S067: nothing of its content)."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    SENDER_AMBIGUOUS = "sender_ambiguous"
    SENDER_UNPROVEN = "sender_unproven"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    UNKNOWN_SENDER = "unknown_sender"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    HARMFUL = "harmful"
    FAULT = "fault"
    REPORT = "report"


class HealthMailReceipt(SQLModel, table=True):
    """One mail for one receiver, taken once whatever is delivered again (S113).

    In quarantine it keeps the mail itself, sealed, which nobody reads: it is filed later, or discarded.
    """

    __tablename__ = "health_mail_receipt"
    __table_args__ = (
        UniqueConstraint(
            "recipient", "sender", "mail_id", "digest", name="uq_health_mail_receipt_once"
        ),
        CheckConstraint("(state = 'filed') = (reason IS NULL)", name="reason_unless_filed"),
        partial_index(
            "ix_health_mail_receipt_quarantined",
            "received_at",
            "id",
            where="state = 'quarantined'",
        ),
        partial_index("ix_health_mail_receipt_asked", "asked_at", where="asked_at IS NOT NULL"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    recipient: str = Field(max_length=MAX_ADDRESS, description="lower case; '' when nobody of ours")
    sender: str = Field(max_length=MAX_ADDRESS, description="lower case; '' when it is not one")
    mail_id: str = Field(max_length=MAX_MAIL_ID, index=True, description="Message-ID, or ''")
    digest: bytes = Field(description="of what it says, so that the way it took does not count")
    byte_size: int
    state: ReceiptState = Field(sa_type=stored_enum(ReceiptState, "receipt_state"))
    reason: MailReason | None = Field(
        default=None, sa_type=stored_enum(MailReason, "receipt_reason")
    )
    reply_to: str = Field(
        default="", max_length=MAX_ADDRESS, description="where answers go (FB-08)"
    )
    notify_to: str = Field(
        default="", max_length=MAX_ADDRESS, description="who asks for a read receipt (FB-08)"
    )
    message_id: UUID | None = Field(
        default=None, index=True, description="what was filed, which may be gone since"
    )
    file_id: UUID | None = Field(default=None, foreign_key="stored_file.id", unique=True)
    received_at: datetime
    asked_at: datetime | None = Field(
        default=None, description="when an administrator asked to try again"
    )
    settled_at: datetime | None = Field(default=None, description="when it left the quarantine")


class DeliveryState(StrEnum):
    """The way of a mail out."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class DeliveryKind(StrEnum):
    """What goes out: a message of a patient, or that they read one (FB-08)."""

    MESSAGE = "message"
    READ_RECEIPT = "read_receipt"


class HealthMailDelivery(SQLModel, table=True):
    """A message of a patient on its way to one correspondent, written with the message itself (S145).

    Or the read receipt of a message of that correspondent, written by its reader's act: once for a message.
    """

    __tablename__ = "health_mail_delivery"
    __table_args__ = (
        UniqueConstraint(
            "message_id", "correspondent_id", name="uq_health_mail_delivery_message_id"
        ),
        partial_index("ix_health_mail_delivery_waiting", "next_try_at", where="state = 'waiting'"),
        partial_index("ix_health_mail_delivery_failed", "settled_at", where="state = 'failed'"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    message_id: UUID = Field(description="no key: a record that is emptied takes its messages")
    correspondent_id: UUID = Field(foreign_key="correspondent.id", index=True)
    kind: DeliveryKind = Field(
        default=DeliveryKind.MESSAGE, sa_type=stored_enum(DeliveryKind, "delivery_kind")
    )
    mail_id: str = Field(max_length=MAX_MAIL_ID, unique=True, description="our Message-ID")
    state: DeliveryState = Field(
        default=DeliveryState.WAITING, sa_type=stored_enum(DeliveryState, "delivery_state")
    )
    error: str = Field(default="", max_length=60, description="code of the last failure")
    tries: int = 0
    created_at: datetime
    next_try_at: datetime
    give_up_at: datetime
    claimed_until: datetime | None = None
    settled_at: datetime | None = None


class HealthMailInbox(SQLModel, table=True):
    """Where reading of the mailbox stands, and how its last look went."""

    __tablename__ = "health_mail_inbox"

    id: int = Field(default=THE_INBOX, primary_key=True)
    validity: int = Field(default=0, sa_type=BigInteger, description="the server's numbering")
    last_uid: int = Field(default=0, sa_type=BigInteger)
    claimed_until: datetime | None = None
    looked_at: datetime | None = Field(default=None, description="of the last look that went well")
    failed_at: datetime | None = None
    error: str = Field(
        default="", max_length=60, description="code of the last failure, '' if none"
    )
