"""What the mailbox shows, in words: rows of its list, messages of a conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.i18n import conversation as words
from app.i18n.format import age, bound, full_name, local_day, number, years
from app.i18n.message import PRIORITIES
from app.i18n.professional import the_label
from app.models.message import ConversationKind, Priority
from app.services.conversation import Box, ConversationPage, ConversationRow
from app.services.conversation_reading import ConversationView, EntryLabel, MessageRow
from app.services.message_draft_reading import DraftView
from app.services.party import PartyCard
from app.services.patient_label import PatientLabel
from app.state.entry_view import SECTIONS
from app.state.message_attachment_view import PieceCard, piece_cards
from app.state.paging import Paging


@dataclass(frozen=True)
class ConversationLine:
    """One row of the list. `is_reached`: the stop of the keyboard."""

    id: str
    href: str
    names: str
    subject: str
    extract: str
    when: str
    iso: str
    is_unread: bool
    is_current: bool
    is_reached: bool
    priority: str
    is_contact: bool
    attachments: str
    attachment_href: str
    is_draft: bool
    patient: str


@dataclass(frozen=True)
class ConversationGroup:
    """Rows under one heading; patients have none."""

    key: str
    title: str
    count: str
    icon: str
    lines: list[ConversationLine]


@dataclass(frozen=True)
class BoxLink:
    """A box, and how many of its conversations wait to be read."""

    label: str
    icon: str
    href: str
    is_current: bool
    unread: int


@dataclass(frozen=True)
class MailboxView:
    """The list as the address asks for it."""

    boxes: list[BoxLink] = field(default_factory=list)
    title: str = ""
    region: str = ""
    whole: str = ""
    unread: str = ""
    all_href: str = ""
    unread_href: str = ""
    is_unread_only: bool = False
    groups: list[ConversationGroup] = field(default_factory=list)
    nothing: str = ""
    paging: Paging = field(default_factory=Paging)
    back: str = ""
    address: str = ""
    no_address: str = ""
    status: str = ""


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


def conversation_line(
    row: ConversationRow, box: Box, *, href: str, opened: str, today: date
) -> ConversationLine:
    """A row in words. `href`: its address; `opened`: the id of the conversation on screen."""
    is_welcome = row.kind is ConversationKind.WELCOME
    author = None if box is Box.SENT else row.last_author
    names = words.listed_name(author) if author else words.names_of(row.others)
    extract = words.WELCOME_EXTRACT if is_welcome else row.extract
    if box is Box.ALL and row.is_ended:
        extract = words.ENDED
    elif row.is_mine and box is not Box.SENT:
        extract = words.from_you(extract)
    return ConversationLine(
        id=str(row.id),
        href=href,
        names=words.PORTAL if is_welcome else names or words.PORTAL,
        subject=subject_of(row.kind, row.subject),
        extract=extract,
        when=words.listed_at(row.last_at, today),
        iso=row.last_at.isoformat(),
        is_unread=row.unread_count > 0,
        is_current=str(row.id) == opened,
        is_reached=False,
        priority="" if box is Box.ALL else PRIORITIES[row.priority],
        is_contact=row.priority is Priority.CONTACT,
        attachments=words.attachments(row.attachment_count),
        attachment_href=_with_attachment(href, row),
        is_draft=row.draft_id is not None,
        patient=patient_label(row.about, today),
    )


def draft_line(
    draft: DraftView, cards: Sequence[PartyCard], *, href: str, today: date
) -> ConversationLine:
    """A new message begun, which its row leads back to (ME-148)."""
    return ConversationLine(
        id=str(draft.id),
        href=href,
        names=words.names_of(cards) or words.NO_RECIPIENT,
        subject=draft.subject or words.NO_SUBJECT,
        extract=" ".join(draft.text[:320].split())[:160],
        when=words.listed_at(draft.saved_at, today),
        iso=draft.saved_at.isoformat(),
        is_unread=False,
        is_current=False,
        is_reached=False,
        priority="",
        is_contact=False,
        attachments=words.attachments(draft.attachment_count),
        attachment_href="",
        is_draft=True,
        patient="",
    )


def group_lines(
    found: ConversationPage, lines: list[ConversationLine], drafts: list[ConversationLine], box: Box
) -> list[ConversationGroup]:
    """Rows under their headings: drafts, then by priority in « Reçus »; patients have one list by date."""
    if box is Box.ALL:
        together = sorted([*lines, *drafts], key=lambda line: line.iso, reverse=True)
        return [ConversationGroup("all", "", "", "", together)] if together else []
    groups = []
    if drafts:
        shown = number(len(drafts))
        groups.append(ConversationGroup("drafts", words.DRAFTS, shown, "pen-line", drafts))
    if box is not Box.RECEIVED:
        return [*groups, ConversationGroup("all", "", "", "", lines)] if lines else groups
    counts = {
        Priority.CONTACT: found.contact_count,
        Priority.INFORMATION: found.total - found.contact_count,
    }
    for priority, count in counts.items():
        under = [line for line in lines if line.is_contact is (priority is Priority.CONTACT)]
        if under:
            groups.append(
                ConversationGroup(
                    priority.value,
                    PRIORITIES[priority],
                    number(count),
                    words.ICONS[priority],
                    under,
                )
            )
    return groups


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
        title=subject_of(view.kind, view.subject),
        priority="" if is_patient else PRIORITIES[view.priority],
        is_contact=view.priority is Priority.CONTACT,
        patient=patient_label(about, today),
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


def subject_of(kind: ConversationKind, subject: str) -> str:
    """The subject as it was typed; the portal's own message has the portal's words."""
    if kind is ConversationKind.WELCOME:
        return words.WELCOME_SUBJECT
    return subject or words.NO_SUBJECT


def patient_label(about: PatientLabel | None, today: date) -> str:
    """`LEFÈVRE Jeanne, 67 ans`."""
    if about is None:
        return ""
    name = full_name(about.birth_name, about.given_name)
    return f"{name}, {years(age(about.birth_date, today))}"


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
        text=words.WELCOME_TEXT if is_welcome else row.text,
        entry=words.entry_label(row.entry.kind, row.entry.occurred_on) if row.entry else "",
        entry_href=_entry_href(view, row.entry),
        pieces=piece_cards(row.attachments, reader.piece_href),
    )


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


def _with_attachment(href: str, row: ConversationRow) -> str:
    """The address of the newest piece of a conversation, which its row leads to (ME-133)."""
    if row.newest_attachment_id is None:
        return ""
    return f"{href}{'&' if '?' in href else '?'}piece={row.newest_attachment_id}"
