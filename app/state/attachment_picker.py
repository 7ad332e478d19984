"""The pieces of what is being written: what is attached, and the ways to attach more (ME-152 to ME-159).

Files of the device go by themselves over plain HTTP (app/api/message_attachment.py); this shows them.
"""

import logging
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.db import get_database
from app.errors import AppError, NotFound
from app.i18n import message_attachment as words
from app.i18n.messages import sentence, sentence_of
from app.integrations.document_store import get_store
from app.models.document import MAX_TITLE
from app.models.message import AttachmentSource
from app.services.document_upload import receive, take_back
from app.services.fields import parse_key
from app.services.medical_profile import build_profile
from app.services.message_attaching import (
    MOST_LISTED,
    Attachable,
    Shelf,
    attach_documents,
    attach_file,
    detach,
    list_attachable,
    list_pieces,
    require_room,
)
from app.services.message_input import Typed
from app.services.message_reading import AttachedFile
from app.state.base import NOBODY, AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.medical_profile import make_profile_file
from app.state.message_attachment_view import (
    DraftPiece,
    ShelfGroup,
    draft_pieces,
    percent,
    shelf_categories,
    shelf_groups,
    sift,
)
from app.state.worker import to_checker

SHELF_PAGE = 40
PAPERS, DOCUMENTS, RECORD = (each.value for each in Shelf)
BY_DATE, BY_CATEGORY = "date", "category"

logger = logging.getLogger("liane.state")


class AttachmentPickerState(AppState):
    """One draft's pieces. `shelf`: the window of documents that is open; `empty`: why it shows none."""

    pieces: list[DraftPiece] = []
    weight: str = ""
    percent: str = "0%"
    trouble: str = ""
    shelf: str = ""
    groups: list[ShelfGroup] = []
    order: str = BY_DATE
    category: str = ""
    categories: list[Choice] = []
    found_words: str = ""
    more: str = ""
    search_key: str = ""
    picked: list[str] = []
    chosen: str = ""
    is_without_patient: bool = False
    is_making: bool = False

    _draft: str = ""
    _conversation: str = ""
    _reply_to: str = ""
    _about: str = ""
    _found: list[Attachable] = []
    _sought: str = ""
    _most: int = SHELF_PAGE

    @event(Audience.MAILBOX)
    async def open_draft(self, draft_id: str, conversation_id: str, reply_to_id: str) -> None:
        """The form of a message is on screen: what is attached to it."""
        self.reset()
        self._draft, self._conversation = str(draft_id), str(conversation_id)
        self._reply_to = str(reply_to_id)
        await self._read_pieces()

    @event(Audience.MAILBOX, passive=True)
    async def refresh(self) -> None:
        """Files of the device arrived."""
        await self._read_pieces()

    @event(Audience.MAILBOX)
    async def remove(self, attachment_id: str) -> None:
        """Take a piece off."""
        name = await self._perform(detach, parse_id(attachment_id), now=utc_now())
        self._take_trouble()
        if name is not None:
            self.notice = words.removed(name)
        await self._read_pieces()

    @event(Audience.MAILBOX)
    async def open_shelf(self, shelf: str, about_patient: str) -> None:
        """The documents one can attach: of one's own record, or of the patient the message is about."""
        own = (Shelf.ADMINISTRATIVE, Shelf.DOCUMENTS)
        wanted = [each for each in Shelf if each.value == shelf]
        if not wanted or (wanted[0] in own) != self._actor.is_patient or self._draft_id() == NOBODY:
            return
        self._about = str(about_patient)
        self.picked, self.chosen, self.groups, self._found = [], words.chosen(0), [], []
        self.categories = []
        self.is_without_patient, self.order = False, BY_DATE
        self.category, self._sought, self._most = "", "", SHELF_PAGE
        self.search_key = new_key()
        found = await self._perform(
            _list, self._draft_id(), self._typed(), wanted[0], now=utc_now()
        )
        self._take_trouble()
        if found is None:
            return
        self.is_without_patient = found is False
        self._found = found if isinstance(found, list) else []
        self.shelf = wanted[0].value
        self.categories = shelf_categories(self._found, wanted[0])
        self._arrange()

    @event(Audience.MAILBOX)
    def choose_order(self, value: str) -> None:
        """Newest first, or by category (ME-154)."""
        self.order = BY_CATEGORY if str(value) == BY_CATEGORY else BY_DATE
        self._arrange()

    @event(Audience.MAILBOX)
    def choose_category(self, value: str) -> None:
        """Only the documents of one category, or of all; what is ticked stays so."""
        self.category, self._most = str(value), SHELF_PAGE
        self._arrange()

    @event(Audience.MAILBOX)
    def search_shelf(self, words_typed: str) -> None:
        """Only the documents whose name holds these words."""
        self._sought, self._most = str(words_typed)[:MAX_TITLE], SHELF_PAGE
        self._arrange()

    @event(Audience.MAILBOX)
    def show_more(self) -> None:
        """The documents that follow."""
        self._most += SHELF_PAGE
        self._arrange()

    @event(Audience.MAILBOX)
    def pick(self, document_id: str) -> None:
        """Tick a document, or no longer."""
        key = str(parse_id(document_id))
        if key in self.picked:
            self.picked = [each for each in self.picked if each != key]
        elif len(self.picked) < MOST_LISTED:
            self.picked = [*self.picked, key]
        self.chosen = words.chosen(len(self.picked))

    @event(Audience.MAILBOX)
    async def join_picked(self) -> None:
        """« Ajouter » what is ticked."""
        if not self.picked or self._draft_id() == NOBODY:
            return
        ids = [parse_id(key) for key in self.picked]
        added = await self._perform(
            attach_documents, self._draft_id(), self._typed(), ids, now=utc_now()
        )
        self._take_trouble()
        if added is None:
            return
        self.close_shelf()
        self.notice = words.joined([each.name for each in added]) if added else words.ALREADY
        await self._read_pieces()

    @event(Audience.MAILBOX)
    def close_shelf(self) -> None:
        """Leave the window without adding."""
        self.shelf, self.groups, self.picked, self.trouble = "", [], [], ""
        self._found, self.categories = [], []

    @event(Audience.PATIENT)
    async def join_profile(self) -> None:
        """« Mon profil médical »: made of what the record holds now, and attached, in one click (ME-158)."""
        if self.is_making or self._draft_id() == NOBODY:
            return
        self.is_making = True
        yield
        try:
            added = await self._join_profile()
        finally:
            self.is_making = False
        if added is not None:
            self.notice = words.joined([added.name])
        await self._read_pieces()

    async def _join_profile(self) -> AttachedFile | None:
        draft_id, typed, now = self._draft_id(), self._typed(), utc_now()
        profile = await self._perform(_profile, draft_id, typed, now=now)
        self._take_trouble()
        if profile is None:
            return None
        store = get_store()
        try:
            made = await make_profile_file(profile)
            prepared = await to_checker(
                receive,
                get_database().keyring,
                store,
                draft_id,
                made.name,
                made.content,
                is_of_record=False,
            )
        except AppError as failure:
            self.trouble = sentence_of(failure)
            return None
        except Exception:
            reference = secrets.token_hex(3).upper()
            logger.exception("fault %s in a medical profile", reference)
            self.trouble = sentence("error.unexpected", reference=reference)
            return None
        added = None
        try:
            added = await self._perform(
                attach_file, draft_id, typed, prepared, source=AttachmentSource.PROFILE, now=now
            )
        finally:
            if added is None:
                await to_checker(take_back, store, prepared)
        self._take_trouble()
        return added

    async def _read_pieces(self) -> None:
        if self._draft_id() == NOBODY:
            return
        found = await self._look_up(list_pieces, self._draft_id())
        if found is not None:
            self.pieces = draft_pieces(found)
            self.weight, self.percent = words.weight(found.byte_size), percent(found)

    def _arrange(self) -> None:
        shelf = next((each for each in Shelf if each.value == self.shelf), Shelf.DOCUMENTS)
        found = sift(self._found, shelf, category=self.category, sought=self._sought)
        by_category = self.order == BY_CATEGORY
        self.groups = shelf_groups(found, shelf, by_category=by_category, most=self._most)
        self.found_words = words.found(len(found))
        self.more = words.following(len(found) - self._most, SHELF_PAGE)

    def _take_trouble(self) -> None:
        """What went wrong is said where it was asked for, not above the page."""
        self.trouble, self.error = self.error, ""

    def _draft_id(self) -> UUID:
        return parse_id(self._draft)

    def _typed(self) -> Typed:
        """Where a draft that is not there yet begins."""
        return Typed(
            conversation_id=parse_key(self._conversation),
            reply_to_id=parse_key(self._reply_to),
            about_patient_id=parse_key(self._about),
        )


def _list(
    session: Session, actor: Actor, draft_id: UUID, typed: Typed, shelf: Shelf, *, now: datetime
) -> list[Attachable] | bool:
    """The documents of a shelf; False while the message is about nobody."""
    try:
        return list_attachable(session, actor, draft_id, typed, shelf, now=now)
    except NotFound as failure:
        if failure.code == "patient.not_found" and shelf is Shelf.RECORD:
            return False
        raise


def _profile(session: Session, actor: Actor, draft_id: UUID, typed: Typed, *, now: datetime) -> Any:
    pieces = list_pieces(session, actor, draft_id).files
    # One that is attached already gives its place, even in a message that is full.
    if all(piece.source is not AttachmentSource.PROFILE for piece in pieces):
        require_room(session, actor, draft_id, typed)
    return build_profile(session, actor, now=now)
