"""Sending what was written: once, whole, or not at all (ME-160, S143, S072).

The last words come with the act itself, so that nothing typed since the last save is left behind.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.document import ScanState, StoredFile
from app.models.message import (
    Conversation,
    ConversationKind,
    Message,
    MessageAttachment,
    MessageCopy,
    MessageDraft,
    Participant,
    Priority,
)
from app.services import throttle
from app.services.fields import clean_text
from app.services.health_mail_waiting import list_waiting
from app.services.mailbox import (
    Mailbox,
    Party,
    PartyKind,
    parse_party,
    require_mailbox,
    require_writer,
    seen,
)
from app.services.membership import hold_circles
from app.services.message import NewMessage, deliver, has_unsendable, party_of, plain_text
from app.services.message_attachment import require_sendable
from app.services.message_draft import change, ensure_draft, require_seen
from app.services.message_draft_reading import find_draft, find_sent, list_attached
from app.services.message_input import Typed, check_lengths
from app.services.message_recipient import reachable, require_recipients
from app.services.party import PartyCard, list_party_cards
from app.services.throttle import Rule

PACE = Rule("message", limit=60, window=timedelta(hours=1))
_GONE = "message.conversation_not_found"


@dataclass(frozen=True)
class Sent:
    """A message that is in the mailboxes. `is_new`: it left with this very call."""

    message_id: UUID
    conversation_id: UUID
    sent_at: datetime
    is_new: bool


@dataclass(frozen=True)
class SentTo:
    """Where a message stands, and who holds it beside its author. `is_waiting`: it has not left for them."""

    conversation_id: UUID
    recipients: tuple[PartyCard, ...]
    is_waiting: bool


def send(session: Session, actor: Actor, draft_id: UUID, typed: Typed, *, now: datetime) -> Sent:
    """Send a draft with what its form says now. The same draft makes one message, whoever repeats it.

    Raises Conflict("message.draft_sent") when it left with other words, Conflict("message.draft_changed")
    when another tab saved others since: neither are lost by it.
    """
    mailbox = require_writer(session, actor)
    check_lengths(typed)
    # Of two sendings at once, the second sees what the first did.
    throttle.hold(session, PACE, str(mailbox.account_id), now=now)
    earlier = find_sent(session, actor, mailbox, draft_id)
    if earlier is not None:
        if earlier.text != plain_text(typed.text):
            raise Conflict("message.draft_sent")
        return Sent(earlier.id, earlier.conversation_id, earlier.sent_at, is_new=False)
    # Whoever leaves a circle, or ends exchanges, does so before or after: this message sees it, or is hidden.
    hold_circles(session, actor, _patients(session, mailbox, typed))
    draft = _draft(session, actor, mailbox, draft_id, typed, now)
    conversation = _conversation(session, actor, mailbox, draft)
    recipients = _recipients(session, actor, mailbox, draft, conversation, now)
    attachments = list_attached(session, actor, draft.id)
    _check(draft, recipients, attachments)
    require_recipients(
        session,
        actor,
        mailbox,
        recipients,
        about_patient_id=conversation.patient_id if conversation else draft.about_patient_id,
        is_reply=conversation is not None,
        now=now,
    )
    _require_scanned(session, attachments)
    require_sendable(session, actor, attachments, recipients, now=now)
    _require_pace(session, mailbox, now)
    new = NewMessage(
        author=mailbox.party,
        recipients=recipients,
        text=draft.text,
        priority=Priority.CONTACT if mailbox.is_patient else draft.priority,
        conversation_id=conversation.id if conversation else None,
        subject=draft.subject,
        about_patient_id=draft.about_patient_id,
        treatment_id=draft.treatment_id,
        entry_id=draft.entry_id,
        draft_id=draft.id,
    )
    message = deliver(session, actor, new, attachments, now=now)
    session.delete(draft)
    session.flush()
    return Sent(message.id, message.conversation_id, message.sent_at, is_new=True)


def load_sent(session: Session, actor: Actor, draft_id: UUID) -> SentTo:
    """The message a draft of one's own became, and who received it, to say so (ME-161)."""
    mailbox = require_mailbox(session, actor)
    message = find_sent(session, actor, mailbox, draft_id)
    if message is None:
        raise NotFound("message.draft_not_found")
    places = session.execute(
        select(Participant)
        .join(MessageCopy, col(MessageCopy.participant_id) == col(Participant.id))
        .where(col(MessageCopy.message_id) == message.id, col(MessageCopy.is_own).is_(False))
        .order_by(col(Participant.joined_at), col(Participant.id))
    ).scalars()
    cards = list_party_cards(session, actor, list(map(party_of, places)))
    is_waiting = bool(list_waiting(session, actor, [message.id]))
    return SentTo(message.conversation_id, tuple(cards.values()), is_waiting)


def _draft(
    session: Session, actor: Actor, mailbox: Mailbox, draft_id: UUID, typed: Typed, now: datetime
) -> MessageDraft:
    draft = find_draft(session, actor, mailbox, draft_id, is_held=True)
    if draft is None:
        return ensure_draft(session, actor, draft_id, typed, is_leaving=True, now=now)
    require_seen(draft, typed)
    change(session, actor, mailbox, draft, typed, now=now)
    return draft


def _patients(session: Session, mailbox: Mailbox, typed: Typed) -> set[UUID]:
    """The patients whose circle a message relies on: those it is from, to or about."""
    parties = [parse_party(written) for written in typed.recipients]
    found = {party.id for party in parties if party and party.kind is PartyKind.PATIENT}
    talk = session.get(Conversation, typed.conversation_id) if typed.conversation_id else None
    named = (mailbox.patient_id, typed.about_patient_id, talk.patient_id if talk else None)
    return found | {key for key in named if key is not None}


def _conversation(
    session: Session, actor: Actor, mailbox: Mailbox, draft: MessageDraft
) -> Conversation | None:
    if draft.conversation_id is None:
        return None
    found: Conversation | None = session.execute(
        select(Conversation)
        .join(Participant, col(Participant.conversation_id) == col(Conversation.id))
        .where(col(Conversation.id) == draft.conversation_id, seen(session, actor, mailbox))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(_GONE)
    if found.kind is ConversationKind.WELCOME:
        raise RuleViolation("message.no_reply")
    return found


def _recipients(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    draft: MessageDraft,
    conversation: Conversation | None,
    now: datetime,
) -> tuple[Party, ...]:
    if conversation is None:
        parties = [parse_party(each) for each in draft.recipients]
        return tuple(dict.fromkeys(party for party in parties if party))
    answered = list_answered(
        session,
        actor,
        mailbox,
        conversation.id,
        draft.reply_to_id,
        is_reply_all=draft.is_reply_all,
    )
    if len(answered) <= 1:
        return answered
    about = conversation.patient_id
    still = reachable(session, actor, mailbox, answered, about_patient_id=about, now=now)
    if not still:
        raise RuleViolation("message.recipient_ended")
    return still


def list_answered(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    conversation_id: UUID,
    reply_to_id: UUID | None,
    *,
    is_reply_all: bool,
) -> tuple[Party, ...]:
    """Who a reply goes to: the author of the message replied to, or all who hold it (D-05)."""
    places = list(
        session.execute(
            select(Participant).where(col(Participant.conversation_id) == conversation_id)
        ).scalars()
    )
    message = session.get(Message, reply_to_id) if reply_to_id else None
    others = [place for place in places if party_of(place) != mailbox.party]
    if message is None or message.author_id is None:
        return tuple(map(party_of, others))
    holders = set(
        session.execute(
            select(col(MessageCopy.participant_id)).where(col(MessageCopy.message_id) == message.id)
        ).scalars()
    )
    author = [place for place in others if place.id == message.author_id]
    if author and not is_reply_all:
        return (party_of(author[0]),)
    return tuple(party_of(place) for place in others if place.id in holders)


def _check(
    draft: MessageDraft, recipients: tuple[Party, ...], attachments: list[MessageAttachment]
) -> None:
    faults = {}
    if not recipients:
        faults["recipient"] = "message.recipient_missing"
    if draft.conversation_id is None and not draft.subject:
        faults["subject"] = "message.subject_missing"
    if has_unsendable(draft.text):
        faults["text"] = "message.unsendable"
    elif not clean_text(draft.text) and not attachments:
        faults["text"] = "message.text_missing"
    if has_unsendable(draft.subject):
        faults["subject"] = "message.unsendable"
    if faults:
        raise Invalid(**faults)


def _require_scanned(session: Session, attachments: list[MessageAttachment]) -> None:
    """What the scanner has not seen waits, what it refused never leaves (S101)."""
    states = set(
        session.execute(
            select(col(StoredFile.scan)).where(
                col(StoredFile.id).in_([attachment.file_id for attachment in attachments])
            )
        ).scalars()
    )
    if ScanState.REFUSED in states:
        raise RuleViolation("file.infected")
    if ScanState.PENDING in states:
        raise RuleViolation("message.attachment_unscanned")


def _require_pace(session: Session, mailbox: Mailbox, now: datetime) -> None:
    subject = str(mailbox.account_id)
    if throttle.blocked_until(session, PACE, subject, now=now) is not None:
        raise RuleViolation("message.pace")
    throttle.count(session, PACE, subject, now=now)
