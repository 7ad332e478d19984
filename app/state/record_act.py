"""What a professional does with a document of their own: show it, keep it back, mask it, take it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import record_document as words
from app.services import document, document_masking
from app.services.document_description import read_announcement
from app.services.fields import paris_day
from app.state.base import Audience, event, parse_id
from app.state.clock import utc_now
from app.state.patient import PatientState
from app.state.record_document import RecordDocumentState

_MASK, _HIDE, _DELETE = "mask", "hide", "delete"


class RecordActState(PatientState):
    """The question asked before an act (`asking`), and what can be undone."""

    asking: str = ""
    who_still_sees: list[str] = []
    deleted: str = ""

    _document_id: str = ""
    _deleted_id: str = ""

    @event(Audience.PROFESSIONAL)
    async def ask_mask(self, document_id: str) -> None:
        """Say who will still see the document, before it is masked."""
        effect = await self._look_up(
            document_masking.mask_effect, self._patient_id(), [parse_id(document_id)], now=utc_now()
        )
        if effect is not None:
            self.who_still_sees = words.mask_question(effect, self._sex)
            self._ask(_MASK, document_id)

    @event(Audience.PROFESSIONAL)
    def ask_hide(self, document_id: str) -> None:
        """Ask when the patient will be told."""
        self._ask(_HIDE, document_id)

    @event(Audience.PROFESSIONAL)
    def ask_delete(self, document_id: str) -> None:
        """Ask before a document is taken out of the record."""
        self._ask(_DELETE, document_id)

    @event(Audience.PROFESSIONAL)
    def close(self) -> None:
        """Leave things as they are."""
        self._ask("", "")

    @event(Audience.PROFESSIONAL)
    async def mask(self) -> Any:
        """Mask the document the question was about."""
        return await self._mask(self._document_id, is_masked=True)

    @event(Audience.PROFESSIONAL)
    async def unmask(self, document_id: str) -> Any:
        """Show a document to the professionals again."""
        return await self._mask(document_id, is_masked=False)

    @event(Audience.PROFESSIONAL)
    async def hide(self, fields: dict[str, Any]) -> Any:
        """Keep the document from the patient until it is announced."""
        typed = {name: str(value) for name, value in fields.items()}
        done = await self._perform(
            _hide, self._patient_id(), parse_id(self._document_id), typed, now=utc_now()
        )
        return self._done(done, words.KEPT_BACK)

    @event(Audience.PROFESSIONAL)
    async def show_to_patient(self, document_id: str) -> Any:
        """The announcement was made: the patient sees the document."""
        done = await self._perform(
            document_masking.hide_from_patient,
            self._patient_id(),
            parse_id(document_id),
            is_hidden=False,
            now=utc_now(),
        )
        return self._done(done, words.SHOWN)

    @event(Audience.PROFESSIONAL)
    async def keep_from_representatives(self, document_id: str, is_hidden: bool) -> Any:
        """At the minor's request, keep a document from their representatives, or show it to them."""
        done = await self._perform(
            document_masking.hide_from_representatives,
            self._patient_id(),
            parse_id(document_id),
            is_hidden=bool(is_hidden),
            now=utc_now(),
        )
        return self._done(
            done, words.KEPT_FROM_REPRESENTATIVES if is_hidden else words.SHOWN_TO_ALL
        )

    @event(Audience.PROFESSIONAL)
    async def delete(self) -> Any:
        """Take the document out of the record; a day to undo it."""
        document_id = self._document_id
        done = await self._perform(
            document.delete, self._patient_id(), [parse_id(document_id)], now=utc_now()
        )
        if done is None:
            return None
        self.deleted, self._deleted_id = words.deleted(1), document_id
        self._ask("", "")
        return rx.redirect(f"{self.banner.base}/documents")

    @event(Audience.PROFESSIONAL)
    async def undo(self) -> Any:
        """Put back what was just deleted."""
        document_id, self.deleted, self._deleted_id = self._deleted_id, "", ""
        done = await self._perform(
            document.restore, self._patient_id(), [parse_id(document_id)], now=utc_now()
        )
        return self._done(done, words.RESTORED)

    async def _mask(self, document_id: str, *, is_masked: bool) -> Any:
        done = await self._perform(
            document_masking.mask,
            self._patient_id(),
            [parse_id(document_id)],
            is_masked=is_masked,
            now=utc_now(),
        )
        return self._done(done, words.MASKED if is_masked else words.UNMASKED)

    def _ask(self, what: str, document_id: str) -> None:
        self.asking, self._document_id = what, str(document_id)
        self.field_errors, self.error = {}, ""

    def _done(self, done: object, notice: str) -> Any:
        if done is None:
            return None
        self.notice = notice
        self._ask("", "")
        return RecordDocumentState.refresh


def _hide(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    fields: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    announce_on = read_announcement(fields, today=paris_day(now))
    document_masking.hide_from_patient(
        session, actor, patient_id, document_id, is_hidden=True, announce_on=announce_on, now=now
    )
