"""What is being written: saved from its first character, found again anywhere, sent once (ME-148 to ME-151).

A draft has its key before it exists: the page that shows an empty form names it, so that a save, a retry, two
tabs and the sending speak of the same one, and one key makes one message (S143).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, NotFound, RuleViolation
from app.models.entry import Entry
from app.models.message import MessageAttachment, MessageCopy, MessageDraft, Participant
from app.models.treatment import Treatment
from app.services import journal, stored_file_release
from app.services.fields import clean_line
from app.services.mailbox import Mailbox, parse_party, require_mailbox, require_writer, seen
from app.services.message import plain_text
from app.services.message_draft_reading import (
    MOST_DRAFTS,
    find_draft,
    find_sent,
    list_attached,
    list_replied,
    owned,
)
from app.services.message_input import Typed, check_lengths


@dataclass(frozen=True)
class Saved:
    """A draft as it is in the base now."""

    id: UUID
    revision: int
    saved_at: datetime


def save_draft(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    typed: Typed,
    *,
    overwrite: bool = False,
    now: datetime,
) -> Saved | None:
    """Keep what is typed. None while nothing is: a draft is born with its first character.

    Raises Conflict("message.draft_changed") when another tab or device saved it since, unless told to
    `overwrite`; Conflict("message.draft_sent") when it left already.
    """
    mailbox = require_writer(session, actor)
    check_lengths(typed)
    draft = find_draft(session, actor, mailbox, draft_id, is_held=True)
    if draft is None:
        if _has_left(session, actor, mailbox, draft_id, typed) or typed.is_blank:
            return None
        draft = _begin(session, actor, mailbox, draft_id, typed, now)
    elif not _has(draft, typed):
        # One that an attachment began holds no word that could be lost.
        is_other = draft.revision != typed.revision and not _is_blank(draft)
        if is_other and not overwrite:
            raise Conflict("message.draft_changed")
        change(session, actor, mailbox, draft, typed, now=now)
    session.flush()
    return Saved(draft.id, draft.revision, draft.updated_at)


def ensure_draft(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    typed: Typed,
    *,
    is_leaving: bool = False,
    now: datetime,
) -> MessageDraft:
    """The draft an attachment is added to, born with it when nothing was typed yet.

    One that leaves in the same act has no line of its own: its message has one.
    """
    draft = require_draft(session, actor, draft_id, typed)
    mailbox = require_writer(session, actor)
    return draft or _begin(session, actor, mailbox, draft_id, typed, now, is_leaving=is_leaving)


def require_draft(
    session: Session, actor: Actor, draft_id: UUID, typed: Typed
) -> MessageDraft | None:
    """Whether the actor may add to this draft, or begin it, which gives None."""
    mailbox = require_writer(session, actor)
    draft = find_draft(session, actor, mailbox, draft_id, is_held=True)
    if draft is None:
        if find_sent(session, actor, mailbox, draft_id) is not None:
            raise Conflict("message.draft_sent")
        _require_unknown(session, actor, mailbox, draft_id, typed)
    return draft


def delete_draft(session: Session, actor: Actor, draft_id: UUID, *, now: datetime) -> None:
    """« Supprimer le brouillon », with what was attached to it (ME-150)."""
    mailbox = require_mailbox(session, actor)
    draft = find_draft(session, actor, mailbox, draft_id, is_held=True)
    if draft is None:
        raise NotFound("message.draft_not_found")
    for attachment in list_attached(session, actor, draft.id):
        drop_attachment(session, actor, attachment, now=now)
    session.delete(draft)
    session.flush()
    journal.record(
        session,
        actor,
        "message.draft_deleted",
        object_id=mailbox.party.id,
        now=now,
    )


def change(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    draft: MessageDraft,
    typed: Typed,
    *,
    now: datetime,
) -> None:
    """Write what is typed over a draft one holds."""
    _require_subject_of(session, actor, mailbox, typed)
    _write(draft, typed)
    draft.revision += 1
    draft.updated_at = now
    session.flush()


def _has_left(
    session: Session, actor: Actor, mailbox: Mailbox, draft_id: UUID, typed: Typed
) -> bool:
    """Whether it was sent with these very words: a save that comes late has nothing to keep."""
    sent = find_sent(session, actor, mailbox, draft_id)
    if sent is not None and sent.text != plain_text(typed.text):
        raise Conflict("message.draft_sent")
    return sent is not None


def drop_attachment(
    session: Session, actor: Actor, attachment: MessageAttachment, *, now: datetime
) -> None:
    """Take a piece off a draft; a file that was of it alone goes with it."""
    is_own_file = attachment.document_id is None
    file_id = attachment.file_id
    session.delete(attachment)
    session.flush()
    if is_own_file:
        stored_file_release.release(session, actor, file_id, now=now)


def _is_blank(draft: MessageDraft) -> bool:
    return not (draft.text.strip() or draft.subject or draft.recipients)


def _begin(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    draft_id: UUID,
    typed: Typed,
    now: datetime,
    *,
    is_leaving: bool = False,
) -> MessageDraft:
    _require_unknown(session, actor, mailbox, draft_id, typed)
    if not is_leaving and typed.conversation_id is None:
        _require_room(session, mailbox)
    draft = MessageDraft(
        id=draft_id,
        account_id=mailbox.account_id,
        delegation_id=mailbox.delegation_id,
        professional_id=mailbox.professional_id,
        patient_id=mailbox.patient_id,
        conversation_id=typed.conversation_id,
        created_at=now,
        updated_at=now,
    )
    _write(draft, typed)
    session.add(draft)
    session.flush()
    if not is_leaving:
        journal.record(session, actor, "message.draft_started", object_id=mailbox.party.id, now=now)
    return draft


def _require_room(session: Session, mailbox: Mailbox) -> None:
    """Whether one more new message may be begun: each of them is listed, and its files are kept."""
    begun = session.execute(
        select(func.count())
        .select_from(MessageDraft)
        .where(owned(mailbox), col(MessageDraft.conversation_id).is_(None))
    ).scalar_one()
    if begun >= MOST_DRAFTS:
        raise RuleViolation("message.too_many_drafts", most=MOST_DRAFTS)


def _require_unknown(
    session: Session, actor: Actor, mailbox: Mailbox, draft_id: UUID, typed: Typed
) -> None:
    """Whether a draft may begin under this key, about what it says."""
    if session.get(MessageDraft, draft_id) is not None:
        # Somebody else's: this key is nobody's to know.
        raise NotFound("message.draft_not_found")
    _require_subject_of(session, actor, mailbox, typed)
    if typed.conversation_id is not None and list_replied(session, actor, [typed.conversation_id]):
        # Begun on another page, under the key of after a message that a delegate sent meanwhile.
        raise Conflict("message.draft_changed")


def _require_subject_of(session: Session, actor: Actor, mailbox: Mailbox, typed: Typed) -> None:
    """What a draft is about must be the actor's to know: a conversation, a patient, one of their entries."""
    if typed.conversation_id is not None:
        place = session.execute(
            select(Participant).where(
                col(Participant.conversation_id) == typed.conversation_id,
                seen(session, actor, mailbox),
            )
        ).scalar_one_or_none()
        if place is None:
            raise NotFound("message.conversation_not_found")
        if typed.reply_to_id is not None and (
            session.get(MessageCopy, (place.id, typed.reply_to_id)) is None
        ):
            raise NotFound("message.conversation_not_found")
        return
    if typed.reply_to_id is not None:
        raise NotFound("message.conversation_not_found")
    if typed.about_patient_id is not None:
        policies.require_link(session, actor, typed.about_patient_id)
    treatment = session.get(Treatment, typed.treatment_id) if typed.treatment_id else None
    entry = session.get(Entry, typed.entry_id) if typed.entry_id else None
    named = (typed.treatment_id is not None) + (typed.entry_id is not None)
    found = [row.patient_id for row in (treatment, entry) if row is not None]
    if found != [typed.about_patient_id] * named:
        raise NotFound("patient.not_found")


def _write(draft: MessageDraft, typed: Typed) -> None:
    if draft.conversation_id != typed.conversation_id:
        raise NotFound("message.draft_not_found")
    draft.text = plain_text(typed.text)
    draft.subject = clean_line(typed.subject)
    draft.recipients = [str(party) for party in map(parse_party, typed.recipients) if party]
    draft.priority = typed.priority
    draft.is_reply_all = typed.is_reply_all
    draft.reply_to_id = typed.reply_to_id
    if draft.conversation_id is None:
        draft.about_patient_id = typed.about_patient_id
        draft.treatment_id, draft.entry_id = typed.treatment_id, typed.entry_id


def require_seen(draft: MessageDraft, typed: Typed) -> None:
    """Words another tab saved since this one looked do not disappear with what it sends."""
    words = (draft.text, draft.subject, tuple(draft.recipients))
    is_other = words != (plain_text(typed.text), clean_line(typed.subject), typed.recipients)
    if is_other and draft.revision != typed.revision and not _is_blank(draft):
        raise Conflict("message.draft_changed")


def _has(draft: MessageDraft, typed: Typed) -> bool:
    """Whether the draft says just that already."""
    return (
        draft.text,
        draft.subject,
        tuple(draft.recipients),
        draft.priority,
        draft.is_reply_all,
        draft.reply_to_id,
        draft.about_patient_id,
        draft.treatment_id,
        draft.entry_id,
    ) == (
        plain_text(typed.text),
        clean_line(typed.subject),
        typed.recipients,
        typed.priority,
        typed.is_reply_all,
        typed.reply_to_id,
        typed.about_patient_id,
        typed.treatment_id,
        typed.entry_id,
    )
