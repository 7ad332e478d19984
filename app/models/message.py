"""Secure messaging (FHIR Communication): conversations, who takes part, messages, drafts, ended exchanges.

What one participant may read of a conversation is the copies they hold: a message of which they hold no copy
does not exist for them, even inside a conversation they take part in (D-05).
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.base import partial_index, stored_enum, unique_active

MAX_SUBJECT = 80
# What a health mail may bring: the subject of somebody else's software (FB-13).
MAX_KEPT_SUBJECT = 255
MAX_TEXT = 20_000
MAX_NAME = 255
_SHOWN = "deleted_at IS NULL AND NOT is_hidden"


class Priority(StrEnum):
    """How much a message asks for (CX-40). Their values sort as they stand: contact comes first."""

    CONTACT = "contact"
    INFORMATION = "information"


class ConversationKind(StrEnum):
    """Who it is between."""

    TEAM = "team"
    PATIENT = "patient"
    WELCOME = "welcome"


class AttachmentSource(StrEnum):
    """Where an attachment was taken from (ME-153); `MAIL`: it came with a health mail."""

    DEVICE = "device"
    ADMINISTRATIVE = "administrative"
    DOCUMENT = "document"
    PROFILE = "profile"
    MAIL = "mail"


class Correspondent(SQLModel, table=True):
    """A mailbox outside the portal, known by its full address (S113). `name`: as it calls itself."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    address: str = Field(max_length=254, unique=True, description="lower case")
    name: str = Field(default="", max_length=MAX_NAME)
    created_at: datetime


class Conversation(SQLModel, table=True):
    """One exchange under one subject. `patient_id`: whom it is with, or whom professionals speak of."""

    __table_args__ = (Index("ix_conversation_patient_id", "patient_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: ConversationKind = Field(sa_type=stored_enum(ConversationKind, "conversation_kind"))
    subject: str = Field(max_length=MAX_KEPT_SUBJECT)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    treatment_id: UUID | None = Field(default=None, foreign_key="treatment.id")
    started_at: datetime


class Participant(SQLModel, table=True):
    """One mailbox in one conversation: exactly one of a professional's, a patient's, a correspondent's.

    The rest is a reading copy of the messages they hold, kept in the transaction that changes them, so that a
    box of thousands is an index scan. `priority` is the highest received since the conversation was treated.
    """

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN professional_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN correspondent_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_mailbox",
        ),
        Index(
            "uq_participant_professional",
            "conversation_id",
            "professional_id",
            unique=True,
        ),
        Index("uq_participant_patient", "conversation_id", "patient_id", unique=True),
        Index("uq_participant_correspondent", "conversation_id", "correspondent_id", unique=True),
        partial_index(
            "ix_participant_received",
            "professional_id",
            "priority",
            "received_at",
            "id",
            where=f"received_at IS NOT NULL AND archived_at IS NULL AND {_SHOWN}",
        ),
        partial_index(
            "ix_participant_sent",
            "professional_id",
            "sent_at",
            "id",
            where=f"sent_at IS NOT NULL AND {_SHOWN}",
        ),
        partial_index(
            "ix_participant_archived",
            "professional_id",
            "archived_at",
            "id",
            where=f"archived_at IS NOT NULL AND {_SHOWN}",
        ),
        partial_index("ix_participant_of_patient", "patient_id", "last_at", "id", where=_SHOWN),
        partial_index(
            "ix_participant_unread",
            "professional_id",
            "patient_id",
            "priority",
            where=f"unread_count > 0 AND {_SHOWN}",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    professional_id: UUID | None = Field(default=None, foreign_key="professional.id")
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    correspondent_id: UUID | None = Field(default=None, foreign_key="correspondent.id", index=True)
    joined_at: datetime
    last_at: datetime = Field(description="of the last message they hold")
    last_message_id: UUID | None = Field(default=None, description="no key: messages name them")
    received_at: datetime | None = Field(default=None, description="of the last one received")
    sent_at: datetime | None = Field(default=None, description="of the last one sent")
    priority: Priority = Field(
        default=Priority.INFORMATION, sa_type=stored_enum(Priority, "participant_priority")
    )
    unread_count: int = 0
    attachment_count: int = 0
    archived_at: datetime | None = Field(default=None, description="treated, for them alone")
    deleted_at: datetime | None = Field(default=None, description="until another message comes")
    is_hidden: bool = Field(
        default=False, description="a professional no longer follows the patient it is about"
    )


class Message(SQLModel, table=True):
    """One message, as it was sent: nothing of it changes afterwards. Without an author: the portal itself.

    `draft_id` is the key it was sent with: one draft makes one message (S143).
    """

    __table_args__ = (
        Index("ix_message_conversation", "conversation_id", "sent_at"),
        # Read when a place is removed: which messages name it.
        Index("ix_message_author_id", "author_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    author_id: UUID | None = Field(default=None, foreign_key="participant.id")
    typed_by_id: UUID | None = Field(
        default=None, foreign_key="account.id", description="a delegate who wrote for the author"
    )
    member_id: UUID | None = Field(
        default=None, foreign_key="account_member.id", description="inside a shared account"
    )
    priority: Priority = Field(sa_type=stored_enum(Priority, "message_priority"))
    text: str
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    draft_id: UUID | None = Field(default=None, unique=True)
    attachment_count: int = 0
    sent_at: datetime


class MessageCopy(SQLModel, table=True):
    """A message in somebody's mailbox; `read_at` of one they wrote is when they sent it."""

    __tablename__ = "message_copy"
    __table_args__ = (
        Index("ix_message_copy_in_order", "participant_id", "sent_at", "message_id"),
        Index("ix_message_copy_message_id", "message_id"),
    )

    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    message_id: UUID = Field(foreign_key="message.id", primary_key=True)
    sent_at: datetime
    is_own: bool = False
    read_at: datetime | None = None


class MessageDraft(SQLModel, table=True):
    """What is being written, from its first character to its sending. It is its writer's alone.

    `recipients`: `professional/…`, `patient/…`, `correspondent/…`, of a new message; a reply has those of
    the message replied to. What is written for somebody else stays in that delegation.
    """

    __tablename__ = "message_draft"
    __table_args__ = (
        unique_active(
            "uq_message_draft_reply",
            "account_id",
            "conversation_id",
            where="conversation_id IS NOT NULL AND delegation_id IS NULL",
        ),
        unique_active(
            "uq_message_draft_delegated_reply",
            "account_id",
            "delegation_id",
            "conversation_id",
            where="conversation_id IS NOT NULL AND delegation_id IS NOT NULL",
        ),
        Index("ix_message_draft_account", "account_id", "updated_at"),
        partial_index(
            "ix_message_draft_conversation_id",
            "conversation_id",
            where="conversation_id IS NOT NULL",
        ),
        partial_index(
            "ix_message_draft_reply_to_id", "reply_to_id", where="reply_to_id IS NOT NULL"
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    delegation_id: UUID | None = Field(default=None, foreign_key="delegation.id")
    professional_id: UUID | None = Field(default=None, foreign_key="professional.id")
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    conversation_id: UUID | None = Field(default=None, foreign_key="conversation.id")
    reply_to_id: UUID | None = Field(default=None, foreign_key="message.id")
    is_reply_all: bool = False
    recipients: list[str] = Field(sa_type=JSON, default_factory=list)
    subject: str = Field(default="", max_length=MAX_KEPT_SUBJECT)
    text: str = ""
    priority: Priority = Field(
        default=Priority.INFORMATION, sa_type=stored_enum(Priority, "message_draft_priority")
    )
    about_patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    treatment_id: UUID | None = Field(default=None, foreign_key="treatment.id")
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    revision: int = 1
    created_at: datetime
    updated_at: datetime


class MessageAttachment(SQLModel, table=True):
    """A file of a draft, then of the message it became. A document's is the very file of the document."""

    __tablename__ = "message_attachment"
    __table_args__ = (
        CheckConstraint("(message_id IS NULL) <> (draft_id IS NULL)", name="one_owner"),
        Index("ix_message_attachment_message", "message_id", "position"),
        Index("ix_message_attachment_draft", "draft_id", "position"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    message_id: UUID | None = Field(default=None, foreign_key="message.id")
    draft_id: UUID | None = Field(default=None, foreign_key="message_draft.id")
    file_id: UUID = Field(foreign_key="stored_file.id", index=True)
    document_id: UUID | None = Field(
        default=None, description="the document it was taken from, which may be gone since"
    )
    source: AttachmentSource = Field(sa_type=stored_enum(AttachmentSource, "attachment_source"))
    name: str = Field(max_length=MAX_NAME, description="as shown, with its extension")
    position: int
    added_at: datetime


class MessageRemoval(SQLModel, table=True):
    """Somebody deleted a conversation: what nobody holds of it any more goes. The row is the job."""

    __tablename__ = "message_removal"

    conversation_id: UUID = Field(foreign_key="conversation.id", primary_key=True)
    due_at: datetime = Field(index=True)


class ExchangeEnd(SQLModel, table=True):
    """Somebody put an end to the exchanges with a patient, in all conversations (ME-167, ME-168)."""

    __tablename__ = "exchange_end"
    __table_args__ = (
        CheckConstraint("(professional_id IS NULL) <> (correspondent_id IS NULL)", name="one_side"),
        unique_active(
            "uq_exchange_end_professional",
            "patient_id",
            "professional_id",
            where="reopened_at IS NULL",
        ),
        unique_active(
            "uq_exchange_end_correspondent",
            "patient_id",
            "correspondent_id",
            where="reopened_at IS NULL",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    professional_id: UUID | None = Field(default=None, foreign_key="professional.id")
    correspondent_id: UUID | None = Field(default=None, foreign_key="correspondent.id")
    ended_at: datetime
    reopened_at: datetime | None = Field(default=None, description="when they wrote again")
