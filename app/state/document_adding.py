"""Files that arrived, and the form that makes a document of each (ME-097 to ME-105)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Unusual
from app.i18n import document_change as words
from app.i18n.document import FORMATS
from app.i18n.document_upload import notices
from app.i18n.format import file_size
from app.services.document_deposit import deposit
from app.services.document_description import read_document
from app.services.document_upload import Upload, discard_upload, list_uploads
from app.services.fields import date_fields, paris_day
from app.state.base import Audience, event, parse_id
from app.state.clock import today, utc_now
from app.state.document_change import DocumentChangeState
from app.state.form import key_of, new_key

_KEPT = ("category", "visibility")
_DUPLICATE = "duplicate"


@dataclass(frozen=True)
class UploadView:
    """The file whose form is shown. `position`: « Fichier 1 sur 3 »."""

    id: str = ""
    name: str = ""
    about: str = ""
    position: str = ""
    notices: list[str] = field(default_factory=list)


class DocumentAddingState(DocumentChangeState):
    """One form after the other, for the files that wait."""

    upload: UploadView = UploadView()
    waiting: int = 0
    upload_fields: dict[str, str] = {}
    upload_key: str = ""
    is_duplicate: bool = False

    _sent: dict[str, str] = {}
    _kept: dict[str, str] = {}
    _seen: int = 0

    @event(Audience.PATIENT)
    async def find_uploads(self) -> None:
        """The files that arrived and wait, also those of before a reload."""
        if self.is_closed:
            return
        found = await self._look_up(_list, now=utc_now())
        if found is not None:
            self._show_uploads(found)

    @event(Audience.PATIENT)
    async def save_upload(self, form: dict[str, Any]) -> None:
        """« Valider pour continuer »: make a document of the file, unless the record has it already."""
        self._sent = {name: str(value) for name, value in form.items()}
        await self._deposit(is_confirmed=False)

    @event(Audience.PATIENT)
    async def add_again(self) -> None:
        """A file the record has already, added all the same."""
        if self.is_duplicate:
            await self._deposit(is_confirmed=True)

    @event(Audience.PATIENT)
    def close_duplicate(self) -> None:
        """Go back to the form of a file the record has already."""
        self.is_duplicate = False

    @event(Audience.PATIENT)
    async def give_up(self) -> None:
        """Forget the file whose form is shown."""
        self.is_duplicate = False
        if not self.upload.id:
            return
        gone = await self._perform(discard_upload, parse_id(self.upload.id), now=utc_now())
        if gone is not None:
            self._say(words.given_up(self.upload.name))
            await self.find_uploads()

    async def _deposit(self, *, is_confirmed: bool) -> None:
        self.is_duplicate = False
        if not self.upload.id:
            return
        made = await self._perform(
            _deposit, parse_id(self.upload.id), self._sent, confirmed=is_confirmed, now=utc_now()
        )
        if made is None:
            return
        if made == _DUPLICATE:
            self.is_duplicate = True
            return
        self._kept = {name: self._sent.get(name, "") for name in _KEPT}
        self._say(words.added(self._sent.get("title", "")))
        await self._read_again()
        found = await self._look_up(_list, now=utc_now())
        self._show_uploads(found or [])

    def _show_uploads(self, found: list[Upload]) -> None:
        """The form of the first one that waits; the form being filled stays as it is."""
        if not found:
            self.upload, self.waiting, self.upload_fields, self._seen = UploadView(), 0, {}, 0
            return
        first, is_same = found[0], self.upload.id == str(found[0].id)
        if not is_same and self.upload.id:
            self._seen += 1
        self.waiting = len(found)
        self.upload = UploadView(
            id=str(first.id),
            name=first.name,
            about=f"{FORMATS[first.format]}, {file_size(first.byte_size)}",
            position=words.file_of(self._seen + 1, self._seen + len(found)),
            notices=notices(first),
        )
        if is_same:
            return
        self.upload_key, self.field_errors = new_key(), {}
        self.upload_fields = {
            "title": first.name,
            "visibility": words.VISIBILITIES[0][0],
            "category": "",
            **date_fields("document", today()),
            **{name: value for name, value in self._kept.items() if value},
        }


def _list(session: Session, actor: Actor, *, now: datetime) -> list[Upload]:
    return list_uploads(session, actor, policies.require_own_record(actor), now=now)


def _deposit(
    session: Session,
    actor: Actor,
    upload_id: UUID,
    typed: Mapping[str, str],
    *,
    confirmed: bool,
    now: datetime,
) -> str:
    """The key of the document, or the mark of a file the record has already."""
    own = policies.require_own_record(actor)
    new = read_document(typed, is_patient=True, today=paris_day(now))
    try:
        made = deposit(
            session,
            actor,
            own,
            upload_id,
            new,
            key=key_of(dict(typed)),
            confirmed=confirmed,
            now=now,
        )
    except Unusual:
        return _DUPLICATE
    return str(made)
