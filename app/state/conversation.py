"""A conversation opened beside its list: read, live, treated, deleted, ended (CX-39, ME-129 to ME-136)."""

from dataclasses import replace

import reflex as rx
from reflex_base.utils.format import format_event_handler

from app.homes import MESSAGES_PAGE
from app.i18n import conversation as words
from app.i18n.messages import sentence
from app.services.conversation_change import archive, delete_conversation, unarchive
from app.services.conversation_reading import MESSAGES_SHOWN, ConversationView, mark_read
from app.services.exchange import end_exchanges
from app.services.read_receipt import send_read_receipt
from app.state.address import path_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import today, utc_now
from app.state.conversation_summary import ConversationSummary
from app.state.live import tabs
from app.state.message import Found, MessageList, read_messages
from app.state.message_attachment import MessageAttachmentState
from app.state.message_composer import NEW, ComposerState
from app.state.message_new import NewMessageState
from app.state.message_thread_view import Reader, ThreadView, thread_view
from app.state.summary import SummaryView

DELETE, END = "delete", "end"
# More than ever came between two looks: the reading place stays while messages arrive.
_AHEAD = 20


class ConversationState(ConversationSummary, MessageList, AppState):
    """The mailbox of a page: its list, and the conversation of the address."""

    refusal: str = ""
    arrival: str = ""
    done: str = ""
    undo_id: str = ""
    question: str = ""
    ending_words: list[str] = []

    _first_id: str = ""  # the oldest message on screen
    _newest_id: str = ""
    _asked_id: str = ""  # the newest one when the question was asked
    _newest_words: str = ""

    @event(Audience.MAILBOX)
    async def load(self) -> None:
        """Show what the address asks for; opening a conversation reads it."""
        self.arrival, self.question = "", ""
        conversation_id = self._conversation_id()
        is_known = conversation_id is not None and self.thread.id == str(conversation_id)
        if not is_known:
            self.thread, self.refusal, self._first_id = ThreadView(), "", ""
        if not self.is_loaded:
            self.page_status = "loading"
        # Watched before it is read: a change in between makes one reading too many, not one too few.
        tabs.watch_mailbox(
            self.router.session.client_token, format_event_handler(ConversationState.refresh)
        )
        found = await self._perform(
            read_messages,
            conversation_id,
            **self._asked(),
            shown=MESSAGES_SHOWN,
            is_reading=not is_known,
            now=utc_now(),
        )
        if found is not None:
            self._first_id = ""
            self._show(found)
            self.page_status = "ready"
            await self._read_summary()

    @event(Audience.MAILBOX, passive=True)
    async def refresh(self) -> rx.event.EventSpec | None:
        """Something changed in the mailbox: the same page, read again; nothing is marked read by it."""
        if not self.is_loaded or not path_of(self.router.url).startswith(MESSAGES_PAGE):
            return None
        newest = self._newest_id
        await self._read_again(shown=len(self.thread.messages) + _AHEAD)
        if self._newest_id != newest:
            self.arrival = self._newest_words
        if path_of(self.router.url) == NEW:
            return NewMessageState.refresh_named
        # A conversation one no longer sees takes the file opened in it along.
        return ComposerState.refresh_reply if self.thread.id else MessageAttachmentState.refresh

    @event(Audience.MAILBOX)
    async def show_older(self) -> None:
        """Thirty messages more, above those on screen."""
        self._first_id = ""
        await self._read_again(shown=len(self.thread.messages) + MESSAGES_SHOWN)

    @event(Audience.MAILBOX, passive=True)
    async def read(self) -> None:
        """The page is in front of somebody: what arrived in the conversation is read."""
        if not self.thread.waiting:
            return
        done = await self._perform(mark_read, parse_id(self.thread.id), now=utc_now())
        if done is None:
            self.thread = replace(self.thread, waiting=0)  # or the page would ask again and again
        else:
            await self._read_again(shown=len(self.thread.messages) + _AHEAD)

    @event(Audience.MAILBOX)
    async def treat(self) -> rx.event.EventSpec | None:
        """« Marquer comme traité », then the next conversation of the list."""
        key = self.thread.id
        shown_id = parse_id(self._newest_id)
        treated = self._perform(archive, parse_id(key), shown_id=shown_id, now=utc_now())
        if await treated is None:
            return None
        self.done, self.undo_id = words.TREATED, key
        return rx.redirect(self._after(key))

    @event(Audience.MAILBOX)
    async def undo(self) -> rx.event.EventSpec | None:
        """« Annuler »: the conversation is to be treated again, and shown."""
        key = self.undo_id
        if not key or await self._perform(unarchive, parse_id(key), now=utc_now()) is None:
            return None
        self.close_done()
        return rx.redirect(self._go_to(f"{MESSAGES_PAGE}/{key}"))

    @event(Audience.MAILBOX)
    async def put_back(self) -> None:
        """« Remettre à traiter »."""
        if await self._perform(unarchive, parse_id(self.thread.id), now=utc_now()) is not None:
            self.done, self.undo_id = words.TO_TREAT, ""
            await self._read_again(shown=len(self.thread.messages))

    @event(Audience.MAILBOX)
    def ask_delete(self) -> None:
        """Ask before the conversation is deleted (ME-136), as it is on screen now."""
        self.question, self._asked_id = DELETE, self._newest_id

    @event(Audience.MAILBOX)
    def ask_end(self) -> None:
        """Say what ending does, before it is done (ME-167)."""
        self.ending_words = list(words.ending_question(self.thread.patient_name))
        self.question = END

    @event(Audience.MAILBOX)
    def close_question(self) -> None:
        """Nothing of it."""
        self.question = ""

    @event(Audience.MAILBOX)
    async def delete(self) -> rx.event.EventSpec | None:
        """Delete one's own copy of the conversation."""
        self.question = ""
        key = parse_id(self.thread.id)
        shown_id = parse_id(self._asked_id)
        deleted = self._perform(delete_conversation, key, shown_id=shown_id, now=utc_now())
        if await deleted is None:
            return None
        self.done, self.undo_id = words.DELETED, ""
        # The answer begun went with it.
        (await self.get_state(ComposerState)).reset()
        return rx.redirect(self.mailbox.back or MESSAGES_PAGE)

    @event(Audience.MAILBOX)
    async def end(self) -> None:
        """« Mettre fin aux échanges » with the patient of the conversation."""
        self.question = ""
        patient_id = parse_id(self.thread.patient_id)
        if await self._perform(end_exchanges, patient_id, now=utc_now()) is not None:
            self.done, self.undo_id = words.ENDING_DONE, ""
            await self._read_again(shown=len(self.thread.messages))

    @event(Audience.PATIENT)
    async def send_receipt(self, message_id: str) -> None:
        """« Envoyer l’accusé de lecture » (FB-08)."""
        sent = self._perform(send_read_receipt, parse_id(message_id), now=utc_now())
        if await sent is not None:
            await self._read_again(shown=len(self.thread.messages))

    @event(Audience.MAILBOX)
    def close_done(self) -> None:
        """Close the notice."""
        self.done, self.undo_id = "", ""

    @event(Audience.SIGNED_IN, passive=True)
    def leave_page(self) -> None:
        """Another page is shown: nothing of a message stays (S007)."""
        if not path_of(self.router.url).startswith(MESSAGES_PAGE):
            self.reset()

    async def _read_again(self, *, shown: int) -> None:
        found = await self._look_up(
            read_messages,
            self._conversation_id(),
            **self._asked(),
            shown=shown,
            is_reading=False,
            now=utc_now(),
        )
        if found is not None:
            self._show(found)

    def _show(self, found: Found) -> None:
        self._show_list(found)
        self.refusal = sentence(found.refusal) if found.refusal else ""
        if found.opened is None:
            self.thread, self._first_id, self._newest_id = ThreadView(), "", ""
            self.summary, self.summary_of = SummaryView(), ""
            return
        view = thread_view(
            found.opened,
            reader=Reader(
                is_patient=self._actor.is_patient,
                name=self.viewer_name,
                holder=self.acting_for,
                piece_href=lambda key: self._go_to(piece=key),
            ),
            today=today(),
            since=self._first_id,
        )
        self.thread = view
        self._first_id = view.messages[0].id if view.messages else ""
        self._newest_id = view.messages[-1].id if view.messages else ""
        self._newest_words = _newest_words(found.opened)


def _newest_words(view: ConversationView) -> str:
    """What is said of the newest message when it comes, unless it is one's own."""
    newest = view.messages[-1] if view.messages else None
    return words.arrived(newest.author, newest.sent_at) if newest and not newest.is_mine else ""
