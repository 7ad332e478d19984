"""The form a message is written in: what it starts from. Its words stay in the browser and its drafts.

The text is never sent through page state as one types: assets/messages.js saves it and sends it over plain
HTTP (app/api/message.py). A handler here only draws the form, and says what became of it.
"""

from datetime import datetime
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import NotFound
from app.homes import MESSAGES_PAGE
from app.i18n import message_composer as words
from app.i18n.messages import sentence
from app.models.message import Priority
from app.services.message_draft import delete_draft
from app.services.message_draft_reading import DraftView
from app.services.message_reply import ReplyView, open_reply
from app.services.message_send import load_sent
from app.state.address import path_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import new_key

INBOX = MESSAGES_PAGE
NEW = f"{INBOX}/nouveau"


class ComposerState(AppState):
    """A message being written. `refusal`: why « Envoyer » is not active, in words (ME-172).

    `form_key`: another one draws the form anew; with the same one what was typed stays as it is.
    """

    is_shown: bool = False
    is_patient: bool = False
    draft_id: str = ""
    form_key: str = ""
    revision: int = 0
    saved: str = ""
    text: str = ""
    subject: str = ""
    priority: str = Priority.INFORMATION.value
    conversation_id: str = ""
    reply_to_id: str = ""
    to_one: str = ""
    to_all: str = ""
    is_reply_all: bool = False
    refusal: str = ""
    is_deleting: bool = False

    @event(Audience.MAILBOX)
    async def load_reply(self) -> None:
        """The reply of the conversation of the address: the one begun, or an empty one."""
        self.is_deleting = False
        if self.conversation_id != path_of(self.router.url).rsplit("/", 1)[-1]:
            self.is_shown = False
        await self._read_reply(anew=True)

    @event(Audience.MAILBOX, passive=True)
    async def refresh_reply(self) -> None:
        """Something changed in the conversation: whom one may answer; what is typed stays."""
        await self._read_reply()

    @event(Audience.MAILBOX)
    async def sent(self, draft_id: str) -> rx.event.EventSpec | None:
        """The browser has the answer that a message left: say so, and offer the next one (ME-161)."""
        found = await self._look_up(load_sent, parse_id(draft_id))
        if found is None:
            return None
        self.notice = words.sent_to(found.recipients, is_waiting=found.is_waiting)
        if self.conversation_id:
            await self._read_reply(anew=True)
            return None
        return rx.redirect(f"{INBOX}/{found.conversation_id}")

    @event(Audience.MAILBOX)
    async def begin_again(self) -> rx.event.EventSpec | None:
        """A form for what is not in the message that left: the browser puts the words in it."""
        if self.conversation_id and await self._read_reply(anew=True):
            return None
        return rx.redirect(NEW)

    @event(Audience.MAILBOX)
    def ask_delete(self) -> None:
        """« Supprimer le brouillon » asks first (ME-150)."""
        self.is_deleting = True

    @event(Audience.MAILBOX)
    def keep_draft(self) -> None:
        """« Annuler »."""
        self.is_deleting = False

    @event(Audience.MAILBOX)
    async def delete(self) -> rx.event.EventSpec | None:
        """Forget what was written, with its attachments."""
        self.is_deleting = False
        done = await self._perform(_forget, parse_id(self.draft_id), now=utc_now())
        if done is None:
            return None
        self.notice = words.DELETED
        if self.conversation_id:
            await self._read_reply(anew=True)
            return None
        return rx.redirect(INBOX)

    async def _read_reply(self, *, anew: bool = False) -> bool:
        """Whether there is a conversation to answer in."""
        found = await self._look_up(open_reply, self._id_of_page(), now=utc_now())
        if found is not None:
            self._show_reply(found, anew=anew)
        return found is not None

    def _show_reply(self, found: ReplyView, *, anew: bool) -> None:
        self.conversation_id = str(found.conversation_id)
        self.is_patient = found.is_patient
        self._show_draft(found.draft_id, found.draft, anew=anew)
        self.reply_to_id = str(found.reply_to_id or "")
        self.to_one, self.to_all = words.names(found.to), words.names(found.to_all)
        ended = "message.recipient_ended" if found.is_patient else "message.nobody_left"
        self.refusal = "" if found.may_send else sentence(ended)
        # What was begun is shown even where nobody can be answered any more: its words are not lost.
        self.is_shown = found.may_write and (found.may_send or found.draft is not None)

    def _show_draft(self, draft_id: UUID, draft: DraftView | None, *, anew: bool) -> None:
        """The fields of the form. What is on screen under this key stays: the browser knows it better."""
        if not anew and self.draft_id == str(draft_id):
            return
        self.draft_id, self.form_key = str(draft_id), new_key()
        self.text = draft.text if draft else ""
        self.subject = draft.subject if draft else ""
        self.priority = (draft.priority if draft else Priority.INFORMATION).value
        self.is_reply_all = draft.is_reply_all if draft else False
        self.revision = draft.revision if draft else 0
        self.saved = words.saved(draft.saved_at) if draft else ""


def _forget(session: Session, actor: Actor, draft_id: UUID, *, now: datetime) -> bool:
    """Delete a draft; one that was never saved is gone already."""
    try:
        delete_draft(session, actor, draft_id, now=now)
    except NotFound:
        return False
    return True
