"""A professional's deposit: a file that arrived, its form, who will read it; new versions, corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import Unusual
from app.i18n import record_deposit as words
from app.i18n.messages import sentence
from app.services import document, document_deposit, document_upload
from app.services.document_description import read_document
from app.services.document_query import DocumentFilter
from app.services.document_readers import find_types, list_reading_professions
from app.services.document_reading import refresh_document
from app.services.document_row import DocumentRow
from app.services.document_type import DocumentType, document_type
from app.services.fields import date_fields, paris_day
from app.services.record_header import get_record
from app.state.base import Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, key_of, new_key, with_picked
from app.state.patient import PatientState
from app.state.record_deposit_view import (
    TypeOption,
    UploadView,
    type_option,
    type_options,
    upload_view,
)

NEW, VERSION, EDIT = "new", "version", "edit"
_MAX_QUERY = 80
_DUPLICATE = "document.duplicate"


@dataclass(frozen=True)
class _Begun:
    """What a form is drawn from. `row`: the document that is corrected or replaced."""

    uploads: list[document_upload.Upload]
    kinds: tuple[DocumentType, ...]
    row: DocumentRow | None
    is_minor: bool


class RecordDepositState(PatientState):
    """The form of a deposit. `purpose`: '' while none is open; `doubt`: what has to be confirmed first."""

    purpose: str = ""
    title: str = ""
    verb: str = ""
    uploads: list[UploadView] = []
    file: UploadView = UploadView()
    fields: dict[str, str] = {}
    form_key: str = ""
    visibilities: list[Choice] = []
    visibility: str = words.VISIBLE
    is_minor: bool = False
    kind: TypeOption = TypeOption()
    kinds: list[TypeOption] = []
    kinds_status: str = ""
    readers: list[str] = []
    doubt: str = ""

    _document_id: str = ""
    _revision: int = 0

    @event(Audience.PROFESSIONAL)
    async def begin(self) -> None:
        """Open the place where files are dropped, and the form of one that waits already."""
        await self._begin(NEW)

    @event(Audience.PROFESSIONAL)
    async def begin_version(self, document_id: str) -> None:
        """Replace one's own document: a file, then the form as it was filled."""
        await self._begin(VERSION, document_id)

    @event(Audience.PROFESSIONAL)
    async def begin_edit(self, document_id: str) -> None:
        """Correct the description of one's own document."""
        await self._begin(EDIT, document_id)

    @event(Audience.PROFESSIONAL)
    async def arrived(self) -> None:
        """A file was kept: its form is drawn, unless another is being filled."""
        if self.purpose in {NEW, VERSION}:
            await self._begin(self.purpose, self._document_id, keeps_form=bool(self.file.id))

    @event(Audience.PROFESSIONAL)
    async def choose_file(self, upload_id: str) -> None:
        """Fill the form of another file that waits."""
        found = next((each for each in self.uploads if each.id == upload_id), None)
        if found is not None and self.purpose in {NEW, VERSION}:
            self._take(found)

    @event(Audience.PROFESSIONAL)
    async def discard(self, upload_id: str) -> None:
        """Give up a file that was not deposited."""
        done = await self._perform(
            document_upload.discard_upload, parse_id(upload_id), now=utc_now()
        )
        if done is not None:
            self.file = UploadView() if self.file.id == upload_id else self.file
            await self._begin(self.purpose or NEW, self._document_id, keeps_form=bool(self.file.id))

    @event(Audience.PROFESSIONAL)
    def cancel(self) -> None:
        """Close the form; a file that waits keeps waiting for a day."""
        self._close()

    @event(Audience.PROFESSIONAL)
    async def search_type(self, typed: str) -> None:
        """Find a type by the first letters of its words."""
        kinds = await self._look_up(
            find_types, self._patient_id(), str(typed)[:_MAX_QUERY], now=utc_now()
        )
        self._show_kinds(kinds or ())

    @event(Audience.PROFESSIONAL)
    async def pick_type(self, code: str) -> None:
        """Choose a type."""
        found = next((each for each in self.kinds if each.code == code), None)
        if found is not None:
            self.kind, self.kinds, self.kinds_status = found, [], ""
            await self._tell_readers()

    @event(Audience.PROFESSIONAL)
    async def unpick_type(self) -> None:
        """Choose again."""
        self.kind, self.readers = TypeOption(), []
        self._show_kinds(
            await self._look_up(find_types, self._patient_id(), "", now=utc_now()) or ()
        )

    @event(Audience.PROFESSIONAL)
    async def choose_visibility(self, value: str) -> None:
        """Say who will read it."""
        self.visibility = str(value)[:40]
        await self._tell_readers()

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """Deposit, replace or correct."""
        typed = {name: str(value) for name, value in fields.items()}
        typed = with_picked(typed, type=self.kind.code)
        self.fields = typed
        if self.purpose == EDIT:
            done = await self._perform(
                _edit,
                self._patient_id(),
                parse_id(self._document_id),
                typed,
                revision=self._revision,
                now=utc_now(),
            )
        else:
            done = await self._perform(
                _deposit,
                self._patient_id(),
                parse_id(self.file.id),
                parse_id(self._document_id) if self.purpose == VERSION else None,
                typed,
                key=key_of(typed),
                confirmed=bool(self.doubt) and typed.get("confirmed") == "1",
                now=utc_now(),
            )
        if done is None:
            return None
        if done == _DUPLICATE:
            self.doubt = sentence(_DUPLICATE)
            return None
        self.notice = words.DONE[self.purpose]
        self._close()
        return rx.redirect(f"{self.banner.base}/documents?document={done}")

    async def _begin(
        self, purpose: str, document_id: str = "", *, keeps_form: bool = False
    ) -> None:
        key = parse_id(document_id) if document_id else None
        begun = await self._look_up(_begin, self._patient_id(), key, now=utc_now())
        if begun is None:
            return
        self.uploads = [upload_view(each) for each in begun.uploads]
        if keeps_form:
            return
        self.purpose, self._document_id = purpose, document_id
        self.title, self.verb = words.TITLES[purpose], words.VERBS[purpose]
        self.visibilities = [Choice(*each) for each in words.visibility_choices(self._sex)]
        self.is_minor, self.doubt = begun.is_minor, ""
        self.fields = date_fields("document", paris_day(utc_now()))
        self.kind, self.visibility, self.readers = TypeOption(), words.VISIBLE, []
        if begun.row is not None:
            self._describe(begun.row)
        self._show_kinds(() if self.kind.code else begun.kinds)
        newest = self.uploads[-1:] if purpose == VERSION else self.uploads[:1]
        self._take(newest[0] if newest and purpose != EDIT else UploadView())
        await self._tell_readers()

    def _describe(self, row: DocumentRow) -> None:
        """The form of a document as it is."""
        self._revision = row.revision
        self.visibility = (
            words.MASKED
            if row.is_masked
            else words.HIDDEN
            if row.is_hidden_from_patient
            else words.VISIBLE
        )
        if row.is_masked:
            # Showing it again is an act of its own.
            self.visibilities = [each for each in self.visibilities if each.value == words.MASKED]
        self.kind = type_option(document_type(row.type_code))
        self.fields = {
            **date_fields("document", row.document_date),
            **date_fields("announce", row.announce_on),
            "title": row.title,
            "hidden_from_representatives": "1" if row.is_hidden_from_representatives else "",
        }

    def _take(self, upload: UploadView) -> None:
        """The form is that of this file; its name is the first title."""
        self.file, self.form_key = upload, new_key()
        self.field_errors, self.error, self.doubt = {}, "", ""
        if upload.id and self.purpose == NEW:
            self.fields = {**self.fields, "title": upload.name}

    def _show_kinds(self, kinds: tuple[DocumentType, ...]) -> None:
        self.kinds = type_options(kinds)
        self.kinds_status = words.types_found(len(kinds)) if kinds or not self.kind.code else ""

    async def _tell_readers(self) -> None:
        if not self.kind.code:
            self.readers = []
            return
        found = await self._look_up(
            list_reading_professions, self._patient_id(), self.kind.code, now=utc_now()
        )
        if found is not None:
            self.readers = words.who_will_see(self.visibility, found, self._sex)

    def _close(self) -> None:
        self.purpose, self._document_id, self.file = "", "", UploadView()
        self.kind, self.kinds, self.readers, self.fields = TypeOption(), [], [], {}
        self.field_errors, self.error, self.doubt = {}, "", ""


def _begin(
    session: Session, actor: Actor, patient_id: UUID, document_id: UUID | None, *, now: datetime
) -> _Begun:
    row = None
    if document_id is not None:
        opened = refresh_document(
            session, actor, patient_id, document_id, DocumentFilter(), now=now
        )
        row = opened.row
    return _Begun(
        uploads=document_upload.list_uploads(session, actor, patient_id, now=now),
        kinds=find_types(session, actor, patient_id, "", now=now),
        row=row,
        is_minor=get_record(session, actor, patient_id, now=now).is_minor,
    )


def _deposit(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    upload_id: UUID,
    replaced_id: UUID | None,
    fields: Mapping[str, str],
    *,
    key: UUID,
    confirmed: bool,
    now: datetime,
) -> str:
    """The key of the document, or what has to be confirmed first."""
    new = read_document(fields, is_patient=False, today=paris_day(now))
    if replaced_id is not None:
        made = document_deposit.replace(
            session, actor, patient_id, replaced_id, upload_id, new, key=key, now=now
        )
        return str(made)
    try:
        made = document_deposit.deposit(
            session, actor, patient_id, upload_id, new, key=key, confirmed=confirmed, now=now
        )
    except Unusual as doubt:
        return doubt.code
    return str(made)


def _edit(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    fields: Mapping[str, str],
    *,
    revision: int,
    now: datetime,
) -> str:
    new = read_document(fields, is_patient=False, today=paris_day(now))
    document.edit(session, actor, patient_id, document_id, new, revision=revision, now=now)
    return str(document_id)
