"""A file of a message opened in place of its conversation, and kept in one's documents (ME-137 to ME-147).

The file is in the address (`?piece=`), so that a link, a reload and « Précédent » find it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.db import get_database
from app.errors import AppError, NotFound, Unusual
from app.i18n import document_change as change_words
from app.i18n.document import PATIENT_CATEGORIES
from app.i18n.messages import sentence, sentence_of
from app.i18n.professional import full_label
from app.integrations.document_store import get_store
from app.services.access_list import list_readers
from app.services.document_description import read_document
from app.services.document_upload import Prepared, take_back
from app.services.fields import date_fields, paris_day
from app.services.message_attachment_reading import (
    AttachmentView,
    offer_preview,
    open_attachment,
    refresh_attachment,
)
from app.services.message_attachment_saving import (
    Kept,
    Savable,
    prepare_copy,
    require_savable,
    save_attachment,
)
from app.services.professional import ProfessionalCard
from app.state.address import address, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import today, utc_now
from app.state.document_preview import turned
from app.state.form import Choice, key_of, new_key
from app.state.message_attachment_view import PieceView, is_drawn, piece_view
from app.state.worker import to_checker

PIECE = "piece"
CATEGORIES = [Choice(each.value, label) for each, label in PATIENT_CATEGORIES.items()]


@dataclass(frozen=True)
class Opened:
    """A file read at one moment. `refusal`: why the asked one is not there."""

    view: AttachmentView | None
    ticket: str
    refusal: str


class MessageAttachmentState(AppState):
    """One file, its pages, and the form that makes a document of it."""

    preview: PieceView = PieceView()
    is_saving: bool = False
    is_duplicate: bool = False
    is_saved: bool = False
    trouble: str = ""
    fields: dict[str, str] = {}
    form_key: str = ""
    categories: list[Choice] = CATEGORIES
    readers: list[str] = []

    _sent: dict[str, str] = {}

    @event(Audience.MAILBOX)
    async def load(self) -> None:
        """The file of the address; none when it names none."""
        asked = query_of(self.router.url).get(PIECE, "")
        if not asked:
            self.reset()
            return
        key = parse_id(asked)
        is_known = self.preview.id == str(key)
        if not is_known:
            self.reset()
        found = await self._perform(_read, key, is_known=is_known, now=utc_now())
        if found is not None:
            self._show(found)

    @event(Audience.MAILBOX, passive=True)
    async def refresh(self) -> None:
        """The conversation is not one's own to see any more: the file is asked for again (S062)."""
        if self.preview.id:
            await self.load()

    @event(Audience.MAILBOX, passive=True)
    def leave(self) -> None:
        """The conversation or another page is shown: nothing of a file stays (S007)."""
        if not query_of(self.router.url).get(PIECE):
            self.reset()

    @event(Audience.MAILBOX)
    async def turn_page(self, number: int) -> None:
        """Another page of the opened file, or the same picture again."""
        offer = partial(self._look_up, offer_preview, now=utc_now())
        if (shown := await turned(self.preview, number, offer)) is not None:
            self.preview = shown

    @event(Audience.PATIENT)
    async def open_saving(self) -> None:
        """« Enregistrer dans mes documents »: the form, its name and date filled in (ME-142, ME-144)."""
        if not self.preview.is_savable:
            return
        self.is_saved, self.trouble = False, ""
        found = await self._look_up(_readers, parse_id(self.preview.id), now=utc_now())
        if found is None:
            self._take_trouble()
            return
        self.readers = [full_label(who) for who in found]
        self.form_key, self.field_errors = new_key(), {}
        self.fields = {
            "title": self.preview.title.rpartition(".")[0],
            "category": "",
            "visibility": change_words.VISIBILITIES[0][0],
            **date_fields("document", today()),
        }
        self.is_saving = True

    @event(Audience.PATIENT)
    def close_saving(self) -> None:
        """The cross: nothing was added (ME-146)."""
        self.is_saving, self.is_duplicate, self.trouble = False, False, ""
        self.field_errors = {}

    @event(Audience.PATIENT)
    async def save(self, form: dict[str, Any]) -> None:
        """« Ajouter »: a document of one's own, unless the record has this content already."""
        self._sent = {name: str(value) for name, value in form.items()}
        await self._save(is_confirmed=False)

    @event(Audience.PATIENT)
    async def save_again(self) -> None:
        """A file the record has already, added all the same."""
        if self.is_duplicate:
            await self._save(is_confirmed=True)

    @event(Audience.PATIENT)
    def close_duplicate(self) -> None:
        """Go back to the form."""
        self.is_duplicate = False

    @event(Audience.PATIENT)
    def close_saved(self) -> None:
        """Close the notice at the bottom of the page."""
        self.is_saved = False

    async def _save(self, *, is_confirmed: bool) -> None:
        self.is_duplicate, self.trouble = False, ""
        if not self.is_saving:
            return
        key = parse_id(self.preview.id)
        # What was typed is looked at first: a file is only copied for a form that is right.
        found = await self._perform(_check, key, self._sent, now=utc_now())
        if found is None:
            self._take_trouble()
            return
        prepared = await self._copy(found)
        if prepared is None:
            return
        kept = None
        try:
            kept = await self._perform(
                _save, key, prepared, self._sent, confirmed=is_confirmed, now=utc_now()
            )
        finally:
            if not (isinstance(kept, Kept) and kept.is_new):
                await to_checker(take_back, get_store(), prepared)
        if kept is None:
            self._take_trouble()
        elif kept is False:
            self.is_duplicate = True
        else:
            self.is_saving, self.is_saved, self.notice = False, True, ""

    async def _copy(self, savable: Savable) -> Prepared | None:
        """The copy of the file, sealed for the record, its rows not written yet."""
        try:
            return await to_checker(prepare_copy, get_database().keyring, get_store(), savable)
        except AppError as failure:
            self.trouble = sentence_of(failure)
            return None

    def _take_trouble(self) -> None:
        """What went wrong is said beside the file, not above the page."""
        if not self.field_errors:
            self.trouble = self.error
        self.error = ""

    def _show(self, found: Opened) -> None:
        url = self.router.url
        rest = {name: value for name, value in query_of(url).items() if name != PIECE}
        back = address(path_of(url), **rest)
        if found.view is None:
            self.preview = PieceView(failure=sentence(found.refusal), back=back)
            return
        page = self.preview.page if self.preview.id == str(found.view.file.id) else 1
        self.preview = piece_view(found.view, ticket=found.ticket, page=page, back=back)


def _read(
    session: Session, actor: Actor, attachment_id: UUID, *, is_known: bool, now: datetime
) -> Opened:
    read = refresh_attachment if is_known else open_attachment
    try:
        view = read(session, actor, attachment_id, now=now)
    except NotFound as failure:
        return Opened(None, "", failure.code)
    ticket = ""
    if is_drawn(view.file):
        ticket = offer_preview(session, actor, attachment_id, now=now)
    return Opened(view, ticket, "")


def _readers(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> list[ProfessionalCard]:
    """Who would see the document of a file that may be kept."""
    savable = require_savable(session, actor, attachment_id, now=now)
    return list_readers(session, actor, savable.patient_id, now=now)


def _check(
    session: Session, actor: Actor, attachment_id: UUID, typed: Mapping[str, str], *, now: datetime
) -> Savable:
    policies.require_own_record(actor)
    read_document(typed, is_patient=True, today=paris_day(now))
    return require_savable(session, actor, attachment_id, now=now)


def _save(
    session: Session,
    actor: Actor,
    attachment_id: UUID,
    prepared: Prepared,
    typed: Mapping[str, str],
    *,
    confirmed: bool,
    now: datetime,
) -> Kept | bool:
    """What was made, or False for a file the record has already."""
    new = read_document(typed, is_patient=True, today=paris_day(now))
    key = key_of(dict(typed))
    try:
        return save_attachment(
            session, actor, attachment_id, prepared, new, key=key, confirmed=confirmed, now=now
        )
    except Unusual:
        return False
