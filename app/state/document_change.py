"""What patients change of their documents: hidden, shown, corrected, deleted, restored (ME-110, DM-04)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n import document_change as words
from app.i18n.document import PATIENT_CATEGORIES
from app.services.document import delete, edit, restore
from app.services.document_description import read_document
from app.services.document_masking import MaskEffect, mask, mask_all, mask_effect
from app.services.document_query import DocumentFilter
from app.services.document_reading import refresh_document
from app.services.document_row import DocumentRow
from app.services.fields import date_fields, paris_day
from app.state.base import Audience, event, parse_id
from app.state.clock import utc_now
from app.state.document_list import DocumentListState
from app.state.form import Choice

CATEGORY_CHOICES = [Choice(each.value, label) for each, label in PATIENT_CATEGORIES.items()]
_ALL = "all"


@dataclass(frozen=True)
class Question:
    """What is asked before documents are hidden or shown: who will no longer see them, and who still will."""

    title: str = ""
    lines: list[str] = field(default_factory=list)
    still_title: str = ""
    still: list[str] = field(default_factory=list)
    verb: str = ""
    is_masking: bool = False


class DocumentChangeState(DocumentListState):
    """The acts of the page, each said at its bottom when it is done."""

    question: Question = Question()
    editing: str = ""
    fields: dict[str, str] = {}
    categories: list[Choice] = CATEGORY_CHOICES
    done: str = ""
    can_undo: bool = False

    _asked: tuple[str, ...] = ()
    _deleted: tuple[UUID, ...] = ()
    _revision: int = 0

    @event(Audience.PATIENT)
    async def ask_mask(self, document_id: str) -> None:
        """Hide the opened document, or show it again: asked first."""
        await self._ask([str(document_id)], is_masking=not self.preview.is_masked)

    @event(Audience.PATIENT)
    async def ask_mask_chosen(self, is_masking: bool) -> None:
        """The same for what is ticked."""
        await self._ask(self.chosen, is_masking=bool(is_masking))

    @event(Audience.PATIENT)
    async def ask_mask_all(self, is_masking: bool) -> None:
        """The same for every document of the record (DM-04)."""
        await self._ask([_ALL], is_masking=bool(is_masking))

    @event(Audience.PATIENT)
    async def confirm_mask(self) -> None:
        """Hide or show what was asked about."""
        asked, is_masked = self._asked, self.question.is_masking
        if not asked:
            return
        changed = await self._perform(_mask, _ids(asked), is_masked=is_masked, now=utc_now())
        self.close_window()
        if changed is not None:
            self._say(words.masked(int(changed), is_masked=is_masked))
            self.chosen = []
            await self._read_again()

    @event(Audience.PATIENT)
    async def delete_one(self, document_id: str) -> Any:
        """Delete one of one's own documents; the notice brings it back."""
        return await self._delete([str(document_id)])

    @event(Audience.PATIENT)
    async def delete_chosen(self) -> Any:
        """The same for what is ticked."""
        return await self._delete(self.chosen)

    @event(Audience.PATIENT)
    async def undo(self) -> None:
        """Bring back what was just deleted."""
        deleted, self._deleted = self._deleted, ()
        self.can_undo = False
        if not deleted:
            return
        found = await self._perform(_restore, deleted, now=utc_now())
        if found is not None:
            self._say(words.restored(len(deleted)))
            await self._read_again()

    @event(Audience.PATIENT)
    async def open_edit(self, document_id: str) -> None:
        """The description of one of one's own documents, in a form."""
        row = await self._look_up(_row, parse_id(document_id), now=utc_now())
        if row is None or not row.may_change:
            return
        self.fields = {
            "title": row.title,
            "category": row.patient_category.value,
            **date_fields("document", row.document_date),
        }
        self._revision, self.editing = row.revision, str(row.id)
        self.field_errors = {}

    @event(Audience.PATIENT)
    async def save_edit(self, form: dict[str, Any]) -> None:
        """Save the corrected description."""
        if not self.editing:
            return
        typed = {name: str(value) for name, value in form.items()}
        saved = await self._perform(
            _edit, parse_id(self.editing), typed, revision=self._revision, now=utc_now()
        )
        if saved is None:
            return
        self.close_window()
        self._say(words.EDITED)
        await self._read_again()

    @event(Audience.PATIENT)
    def close_window(self) -> None:
        """Give up what was asked or typed."""
        self.question, self._asked = Question(), ()
        self.editing, self.fields, self.field_errors = "", {}, {}

    @event(Audience.PATIENT)
    def close_done(self) -> None:
        """Close the notice at the bottom of the page."""
        self.done, self.can_undo = "", False

    def _say(self, sentence: str, *, can_undo: bool = False) -> None:
        self.done, self.can_undo = sentence, can_undo

    async def _ask(self, asked: Iterable[str], *, is_masking: bool) -> None:
        self._asked = tuple(asked)
        effect = await self._look_up(_effect, _ids(self._asked), now=utc_now())
        if effect is not None:
            self.question = _question(effect, self.readers, is_masking=is_masking)

    async def _delete(self, asked: Iterable[str]) -> Any:
        ids = tuple(parse_id(key) for key in asked)
        if not ids:
            return None
        deleted = await self._perform(_delete, ids, now=utc_now())
        if deleted is None:
            return None
        self._deleted = ids
        self._say(words.deleted(len(ids)), can_undo=True)
        self.chosen = []
        if parse_id(self.preview.id) in ids:
            return rx.redirect(self._go_to(document=""))
        await self._read_again()
        return None


def _ids(asked: Iterable[str]) -> tuple[UUID, ...] | None:
    """The keys of what was asked about; None for every document."""
    keys = tuple(asked)
    return None if keys == (_ALL,) else tuple(parse_id(key) for key in keys)


def _effect(
    session: Session, actor: Actor, ids: tuple[UUID, ...] | None, *, now: datetime
) -> MaskEffect:
    return mask_effect(session, actor, policies.require_own_record(actor), ids, now=now)


def _mask(
    session: Session,
    actor: Actor,
    ids: tuple[UUID, ...] | None,
    *,
    is_masked: bool,
    now: datetime,
) -> int:
    own = policies.require_own_record(actor)
    if ids is None:
        return mask_all(session, actor, own, is_masked=is_masked, now=now)
    return mask(session, actor, own, ids, is_masked=is_masked, now=now)


def _delete(session: Session, actor: Actor, ids: tuple[UUID, ...], *, now: datetime) -> int:
    return delete(session, actor, policies.require_own_record(actor), ids, now=now)


def _restore(session: Session, actor: Actor, ids: tuple[UUID, ...], *, now: datetime) -> int:
    return restore(session, actor, policies.require_own_record(actor), ids, now=now)


def _row(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> DocumentRow:
    own = policies.require_own_record(actor)
    return refresh_document(session, actor, own, document_id, DocumentFilter(), now=now).row


def _edit(
    session: Session,
    actor: Actor,
    document_id: UUID,
    typed: dict[str, str],
    *,
    revision: int,
    now: datetime,
) -> None:
    own = policies.require_own_record(actor)
    new = read_document(typed, is_patient=True, today=paris_day(now))
    edit(session, actor, own, document_id, new, revision=revision, now=now)


def _question(effect: MaskEffect, readers: list[str], *, is_masking: bool) -> Question:
    return Question(
        title=words.mask_title(effect.documents, is_masking=is_masking),
        lines=words.mask_lines(effect, readers, is_masking=is_masking),
        still_title=words.STILL_SEE if is_masking else "",
        still=words.still_see(effect) if is_masking else [],
        verb=words.mask_verb(effect.documents, is_masking=is_masking),
        is_masking=is_masking,
    )
