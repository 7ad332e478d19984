"""The list of a mailbox, in words: its boxes, its rows, the headings they stand under."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.i18n import conversation as words
from app.i18n.format import number, typeset
from app.i18n.message import PRIORITIES
from app.i18n.patient import patient_label
from app.models.message import ConversationKind, Priority
from app.services.conversation_list import Box, ConversationPage, ConversationRow
from app.services.message_draft_reading import DraftView
from app.services.party import PartyCard
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


def conversation_line(
    row: ConversationRow, box: Box, *, href: str, opened: str, today: date
) -> ConversationLine:
    """A row in words. `href`: its address; `opened`: the id of the conversation on screen."""
    is_welcome = row.kind is ConversationKind.WELCOME
    author = None if box is Box.SENT else row.last_author
    names = words.listed_name(author) if author else words.names_of(row.others)
    extract = words.WELCOME_EXTRACT if is_welcome else typeset(row.extract)
    if box is Box.ALL and row.is_ended:
        extract = words.ENDED
    elif row.is_mine and box is not Box.SENT:
        extract = words.from_you(extract)
    return ConversationLine(
        id=str(row.id),
        href=href,
        names=words.PORTAL if is_welcome else names or words.PORTAL,
        subject=words.subject_of(row.kind, row.subject),
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
        patient=patient_label(row.about, today) if row.about else "",
    )


def draft_line(
    draft: DraftView, cards: Sequence[PartyCard], *, href: str, today: date
) -> ConversationLine:
    """A new message begun, which its row leads back to (ME-148)."""
    return ConversationLine(
        id=str(draft.id),
        href=href,
        names=words.names_of(cards) or words.NO_RECIPIENT,
        subject=typeset(draft.subject) or words.NO_SUBJECT,
        extract=typeset(" ".join(draft.text[:320].split())[:160]),
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


def _with_attachment(href: str, row: ConversationRow) -> str:
    """The address of the newest piece of a conversation, which its row leads to (ME-133)."""
    if row.newest_attachment_id is None:
        return ""
    return f"{href}{'&' if '?' in href else '?'}piece={row.newest_attachment_id}"
