"""Whose mailbox an actor holds, and what they may do with it (U-13, CX-48).

Professionals and patients have one. A delegate reads the holder's and writes in it as far as their scope
goes; what the holder has read, they alone mark.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, NotAuthenticated
from app.models.delegation import DelegationScope
from app.models.message import Conversation, Participant

# As the indexes of mailboxes spell them, value included: otherwise the embedded database does not see that
# they hold all that is asked, and reads every participant there is.
IS_SHOWN: ColumnElement[bool] = literal_column("NOT participant.is_hidden")
HAS_UNREAD: ColumnElement[bool] = literal_column("participant.unread_count > 0")


class PartyKind(StrEnum):
    """Who can be at one end of a message."""

    PROFESSIONAL = "professional"
    PATIENT = "patient"
    CORRESPONDENT = "correspondent"


@dataclass(frozen=True)
class Party:
    """One end of a message: `professional/…`, `patient/…` or `correspondent/…` when written."""

    kind: PartyKind
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind.value}/{self.id}"


def parse_party(written: str) -> Party | None:
    """The party so written, or None when it cannot be one."""
    kind, _, key = written.partition("/")
    try:
        return Party(PartyKind(kind), UUID(key))
    except ValueError:
        return None


@dataclass(frozen=True)
class Mailbox:
    """The mailbox an actor acts in: a professional's or a patient's."""

    party: Party
    account_id: UUID
    delegation_id: UUID | None = None
    may_write: bool = True
    may_end: bool = True

    @property
    def is_patient(self) -> bool:
        return self.party.kind is PartyKind.PATIENT

    @property
    def professional_id(self) -> UUID | None:
        return None if self.is_patient else self.party.id

    @property
    def patient_id(self) -> UUID | None:
        return self.party.id if self.is_patient else None

    @property
    def marks_read(self) -> bool:
        """Whether opening a message reads it: not for somebody else."""
        return self.delegation_id is None

    def mine(self, rows: Any = Participant) -> ColumnElement[bool]:
        """The rows of this mailbox, of a table that names a professional or a patient."""
        column = rows.patient_id if self.is_patient else rows.professional_id
        return col(column) == self.party.id


def require_mailbox(session: Session, actor: Actor) -> Mailbox:
    """The mailbox the actor acts in. Secretaries and administrators have none of their own."""
    if not actor.is_signed_in or actor.account_id is None:
        raise NotAuthenticated
    if actor.is_patient and actor.patient_id is not None:
        return Mailbox(Party(PartyKind.PATIENT, actor.patient_id), actor.account_id)
    if not actor.is_professional or actor.professional_id is None:
        raise Forbidden("message.no_mailbox")
    return Mailbox(
        Party(PartyKind.PROFESSIONAL, actor.professional_id),
        actor.account_id,
        delegation_id=actor.delegation_id,
        may_write=not actor.is_delegate or actor.scope is not DelegationScope.READ,
        may_end=policies.may_manage(actor),
    )


def require_writer(session: Session, actor: Actor) -> Mailbox:
    """The same, for whoever may write in it."""
    mailbox = require_mailbox(session, actor)
    if not mailbox.may_write:
        raise Forbidden("delegation.out_of_scope")
    return mailbox


def is_unread(mailbox: Mailbox) -> ColumnElement[bool]:
    """Places with something not read; that they are of one kind of mailbox leads to the index of those."""
    other = Participant.professional_id if mailbox.is_patient else Participant.patient_id
    return and_(col(other).is_(None), HAS_UNREAD)


def seen(session: Session, actor: Actor, mailbox: Mailbox) -> ColumnElement[bool]:
    """The conversations of a mailbox the actor may see, over `Participant` joined with `Conversation`.

    Those about a patient are hidden from a professional who no longer follows them, and from a delegate whom
    that patient shut out (S062, S063).
    """
    clauses = [
        mailbox.mine(),
        col(Participant.deleted_at).is_(None),
        IS_SHOWN,
    ]
    shut_out = policies.shut_out_of(session, actor)
    if shut_out:
        # A row that names no patient stays: NULL is in no list, nor out of any.
        about = select(col(Conversation.id)).where(col(Conversation.patient_id).in_(shut_out))
        clauses.append(col(Participant.conversation_id).not_in(about))
    return and_(*clauses)
