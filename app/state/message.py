"""The mailbox on screen: its boxes and the list of the one chosen. Every choice is in the address (CX-38).

Mixed into the state of the conversation, which reads both at one moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import NotFound
from app.homes import MESSAGES_PAGE
from app.i18n import conversation as words
from app.i18n.format import number
from app.services import journal
from app.services.conversation_list import PAGE_SIZE, Box, ConversationPage, list_conversations
from app.services.conversation_reading import ConversationView, open_conversation
from app.services.health_mail import is_on, own_address
from app.services.mailbox import Party, parse_party
from app.services.message_draft_reading import DraftView, list_drafts
from app.services.message_recipient import list_nameable
from app.services.party import PartyCard, list_party_cards
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, parse_id
from app.state.clock import today
from app.state.message_list_view import (
    BoxLink,
    ConversationLine,
    MailboxView,
    conversation_line,
    draft_line,
    group_lines,
)
from app.state.paging import paging_of

NEW_MESSAGE = f"{MESSAGES_PAGE}/nouveau"
UNREAD, BOX, PAGE = "non-lus", "boite", "page"
_MAX_PAGE = 99_999
_BOXES = {slug: box for box, slug in words.BOX_SLUGS.items()}


@dataclass(frozen=True)
class Found:
    """A list and the conversation opened from it, read at one moment. `refusal`: why it is not there."""

    listed: ConversationPage
    drafts: Sequence[DraftView]
    cards: dict[Party, PartyCard]
    opened: ConversationView | None
    refusal: str
    address: str | None


def read_messages(
    session: Session,
    actor: Actor,
    conversation_id: UUID | None,
    *,
    box: Box,
    unread_only: bool,
    page: int,
    shown: int,
    is_reading: bool,
    now: datetime,
) -> Found:
    """What an address of the mailbox shows. The conversation first: the list then says that it is read."""
    opened, refusal = None, ""
    if conversation_id is not None:
        try:
            opened = open_conversation(
                session, actor, conversation_id, shown=shown, is_reading=is_reading, now=now
            )
        except NotFound as failure:
            refusal = failure.code
            if is_reading:
                journal.record_refusal(session, actor, "open_conversation", refusal, now=now)
    listed = list_conversations(session, actor, box, unread_only=unread_only, page=page, now=now)
    has_drafts = listed.page == 1 and not unread_only and box is not Box.ARCHIVED
    drafts = list_drafts(session, actor) if has_drafts else []
    parties = {party for draft in drafts for party in map(parse_party, draft.recipients) if party}
    cards = list_party_cards(session, actor, list_nameable(session, actor, parties))
    return Found(listed, drafts, cards, opened, refusal, own_address(session, actor))


class MessageList(AppState, mixin=True):
    """The list of a mailbox."""

    is_loaded: bool = False
    mailbox: MailboxView = MailboxView()

    def _asked(self) -> dict[str, Any]:
        """What `read_messages` is asked for, from the address."""
        asked = query_of(self.router.url)
        return {
            "box": self._box(),
            "unread_only": bool(asked.get(UNREAD)),
            "page": number_in(asked, PAGE, most=_MAX_PAGE) or 1,
        }

    def _box(self) -> Box:
        if self._actor.is_patient:
            return Box.ALL
        return _BOXES.get(query_of(self.router.url).get(BOX, ""), Box.RECEIVED)

    def _conversation_id(self) -> UUID | None:
        """The conversation of the address, if it names one."""
        path = path_of(self.router.url)
        rest = path.removeprefix(f"{MESSAGES_PAGE}/")
        return None if path in (rest, NEW_MESSAGE) else parse_id(rest)

    def _go_to(self, path: str = "", **changes: object) -> str:
        """A page of the mailbox with the choices made, and others."""
        asked = query_of(self.router.url)
        kept = {name: asked.get(name, "") for name in (BOX, UNREAD, PAGE)}
        return address(path or path_of(self.router.url), **{**kept, **changes})

    def _show_list(self, found: Found) -> None:
        """Put the list on screen."""
        listed, box = found.listed, self._box()
        path = path_of(self.router.url)
        opened, on = path.rsplit("/", 1)[-1], today()
        lines = [
            conversation_line(
                row, box, href=self._go_to(f"{MESSAGES_PAGE}/{row.id}"), opened=opened, today=on
            )
            for row in listed.rows
        ]
        writing = query_of(self.router.url).get("brouillon", "") if path == NEW_MESSAGE else ""
        drafts = [self._draft_line(draft, found.cards, writing) for draft in found.drafts]
        groups = group_lines(listed, lines, drafts, box)
        unread_only = bool(query_of(self.router.url).get(UNREAD))
        self.mailbox = MailboxView(
            boxes=self._box_links(box, listed.waiting),
            title=words.BOXES.get(box, ""),
            region=words.REGIONS[box],
            whole=number(listed.whole),
            unread="" if box is Box.SENT else number(listed.unread),
            all_href=self._go_to(**{UNREAD: "", PAGE: ""}),
            unread_href=self._go_to(**{UNREAD: 1, PAGE: ""}),
            is_unread_only=unread_only,
            groups=_with_one_stop(groups),
            nothing="" if groups else words.ALL_READ if unread_only else words.EMPTY[box],
            paging=paging_of(
                "Conversations",
                lambda page: self._go_to(MESSAGES_PAGE, **{PAGE: page}),
                listed,
                size=PAGE_SIZE,
            ),
            back=self._go_to(MESSAGES_PAGE),
            address=found.address or "",
            no_address="" if found.address or box is not Box.ALL else words.no_address(is_on()),
            status=words.unread_messages(listed.unread) if listed.unread else "",
        )
        self.is_loaded = True

    def _draft_line(
        self, draft: DraftView, cards: dict[Party, PartyCard], writing: str
    ) -> ConversationLine:
        parties = (parse_party(written) for written in draft.recipients)
        to = [cards[party] for party in parties if party in cards]
        href = self._go_to(NEW_MESSAGE, brouillon=draft.id)
        line = draft_line(draft, to, href=href, today=today())
        return replace(line, is_current=str(draft.id) == writing)

    def _box_links(self, box: Box, waiting: int) -> list[BoxLink]:
        if box is Box.ALL:
            return []
        return [
            BoxLink(
                label=label,
                icon=words.BOX_ICONS[each],
                href=address(MESSAGES_PAGE, **{BOX: words.BOX_SLUGS[each]}),
                is_current=each is box,
                unread=waiting if each is Box.RECEIVED else 0,
            )
            for each, label in words.BOXES.items()
        ]

    def _after(self, conversation_id: str) -> str:
        """The address of the row below a conversation's, or of the list when it is the last."""
        lines = [line for group in self.mailbox.groups for line in group.lines]
        keys = [line.id for line in lines]
        at = keys.index(conversation_id) + 1 if conversation_id in keys else len(lines)
        return lines[at].href if at < len(lines) else self.mailbox.back


def _with_one_stop(groups: list[Any]) -> list[Any]:
    """The list is one stop of the keyboard: the row on screen, else the first."""
    lines = [line for group in groups for line in group.lines]
    stop = next((line for line in lines if line.is_current), lines[0] if lines else None)
    return [
        replace(group, lines=[replace(line, is_reached=line is stop) for line in group.lines])
        for group in groups
    ]
