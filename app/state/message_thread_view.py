"""A conversation opened, in words: its heading, its messages, why no answer can be written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.i18n import conversation as words
from app.i18n.entry import entry_label
from app.i18n.format import bound, local_day, typeset
from app.i18n.message import PRIORITIES
from app.i18n.patient import patient_label
from app.i18n.professional import the_label
from app.models.message import ConversationKind, Priority
from app.services.conversation_reading import ConversationView
from app.services.message_reading import EntryLabel, MessageRow
from app.state.entry_view import SECTIONS
from app.state.message_attachment_view import PieceCard, piece_cards


@dataclass(frozen=True)
class Reader:
    """Who reads: their name, the label of whom they act for, where a piece opens for them."""

    is_patient: bool
    name: str
    holder: str
    piece_href: Callable[[UUID], str]


@dataclass(frozen=True)
class MessageView:
    """One message. `day`: the heading it begins, empty under the same day."""

    id: str
    day: str
    initials: str
    name: str
    said: str
    is_mine: bool
    is_new: bool
    typed_by: str
    recipients: str
    text: str
    entry: str
    entry_href: str
    receipt: str = ""
    may_send_receipt: bool = False
    pieces: list[PieceCard] = field(default_factory=list)


@dataclass(frozen=True)
class ThreadView:
    """A conversation opened."""

    id: str = ""
    title: str = ""
    priority: str = ""
    is_contact: bool = False
    patient: str = ""
    patient_id: str = ""
    patient_href: str = ""
    patient_name: str = ""
    treatment: str = ""
    others: str = ""
    banner: str = ""
    is_ended_by_me: bool = False
    is_archived: bool = False
    is_welcome: bool = False
    has_older: bool = False
    waiting: int = 0
    may_reply: bool = False
    may_archive: bool = False
    may_end: bool = False
    no_reply: str = ""
    messages: list[MessageView] = field(default_factory=list)


def thread_view(view: ConversationView, *, reader: Reader, today: date, since: str) -> ThreadView:
    """A conversation in words. `since`: the message it begins at, when that one is already on screen."""
    is_patient, is_welcome = reader.is_patient, view.kind is ConversationKind.WELCOME
    keys = [str(row.id) for row in view.messages]
    rows = view.messages[keys.index(since) if since in keys else 0 :]
    about = view.about
    messages: list[MessageView] = []
    before: date | None = None
    for row in rows:
        on = local_day(row.sent_at)
        heading = "" if on == before else words.day_title(on, today)
        before = on
        messages.append(_message(row, view, heading, reader))
    return ThreadView(
        id=str(view.id),
        title=words.subject_of(view.kind, view.subject),
        priority="" if is_patient else PRIORITIES[view.priority],
        is_contact=view.priority is Priority.CONTACT,
        patient=patient_label(about, today) if about else "",
        patient_id=str(about.id) if about else "",
        patient_href=f"/patients/{about.id}/synthese" if about else "",
        patient_name=f"{about.given_name} {about.used_name or about.birth_name}" if about else "",
        treatment=bound(view.treatment),
        others=_others(view),
        banner=words.ended_by(view.ended_by),
        is_ended_by_me=view.is_ended_by_me,
        is_archived=view.is_archived,
        is_welcome=is_welcome,
        has_older=view.total > len(rows),
        # A delegate reads nothing for the holder.
        waiting=0 if reader.holder else view.unread_count,
        may_reply=view.may_reply,
        may_archive=view.may_archive,
        may_end=view.may_end,
        no_reply=_no_reply(view, is_patient=is_patient),
        messages=messages,
    )


def _message(row: MessageRow, view: ConversationView, heading: str, reader: Reader) -> MessageView:
    author = row.author
    is_welcome = view.kind is ConversationKind.WELCOME
    name, role, initials = words.PORTAL, "", words.PORTAL[:1]
    if row.is_mine and reader.holder:
        name, initials = reader.holder[:1].upper() + reader.holder[1:], ""
    elif row.is_mine:
        name, role, initials = words.YOU, "" if reader.is_patient else reader.name, ""
    elif author is not None:
        name, role = words.party_name(author), words.party_role(author)
        initials = words.party_initials(author)
    writer = the_label(author) if author and author.profession else ""
    return MessageView(
        id=str(row.id),
        day=heading,
        initials=initials,
        name=name,
        said=words.said_at(role, row.sent_at),
        is_mine=row.is_mine,
        is_new=row.is_unread,
        typed_by=words.typed_for(row.typed_by, writer) if row.typed_by else "",
        recipients=words.sent_to(row.recipients),
        text=words.WELCOME_TEXT if is_welcome else typeset(row.text),
        entry=entry_label(row.entry.kind, row.entry.occurred_on) if row.entry else "",
        entry_href=_entry_href(view, row.entry),
        receipt=_receipt(row),
        may_send_receipt=row.read_receipt is not None and row.read_receipt.sent_at is None,
        pieces=piece_cards(row.attachments, reader.piece_href),
    )


def _receipt(row: MessageRow) -> str:
    if row.is_waiting:
        return words.WAITING
    return words.read_receipt(row.read_receipt) if row.read_receipt else ""


def _others(view: ConversationView) -> str:
    """Who is in it, where its messages do not say: several people, or nobody who wrote yet."""
    is_said = any(row.author is not None for row in view.messages)
    is_alone = len(view.others) == 1 and is_said
    is_portal = view.kind is ConversationKind.WELCOME
    return "" if is_alone or is_portal else words.names_of(view.others, most=6)


def _entry_href(view: ConversationView, entry: EntryLabel | None) -> str:
    if entry is None or view.about is None:
        return ""
    section = SECTIONS.get(entry.kind, "synthese")
    return f"/patients/{view.about.id}/{section}"


def _no_reply(view: ConversationView, *, is_patient: bool) -> str:
    """Why no answer can be written here, when nothing else on the page says it."""
    if view.may_reply or view.ended_by or view.kind is ConversationKind.WELCOME:
        return ""
    if not any(card.is_active for card in view.others):
        return words.NO_REPLY_NOBODY
    return words.NO_REPLY_CLOSED if is_patient else words.NO_REPLY_READ_ONLY
