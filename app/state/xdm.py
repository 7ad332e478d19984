"""The documents of an archive received with a message, each filed by hand (FB-13)."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from app.db import get_database
from app.errors import AppError
from app.i18n.format import day, file_size
from app.i18n.messages import sentence_of
from app.integrations.document_store import get_store
from app.services.document_upload import take_back
from app.services.xdm import (
    Archive,
    keep_document,
    list_archive,
    may_keep,
    prepare_document,
    require_archive,
)
from app.state.base import NOBODY, AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.worker import to_checker

FILING = "/documents"


@dataclass(frozen=True)
class XdmLine:
    """One document of the archive."""

    number: int
    title: str
    about: str
    may_keep: bool


class XdmState(AppState):
    """The archive that is open."""

    lines: list[XdmLine] = []
    trouble: str = ""
    is_read: bool = False

    _attachment: str = ""

    @event(Audience.PATIENT)
    async def open(self, attachment_id: str) -> None:
        """Read what the archive describes."""
        self.reset()
        self._attachment = str(attachment_id)
        archive = await self._archive()
        if archive is None:
            return
        try:
            found = await to_checker(list_archive, get_database().keyring, get_store(), archive)
        except AppError as failure:
            self.trouble = sentence_of(failure)
            return
        self.lines = [
            XdmLine(
                number=each.number,
                title=each.title,
                about=" · ".join(
                    part
                    for part in (
                        day(each.made_on) if each.made_on else "",
                        file_size(each.byte_size),
                    )
                    if part
                ),
                may_keep=may_keep(each),
            )
            for each in found
        ]
        self.is_read = True

    @event(Audience.PATIENT)
    async def keep(self, number: int) -> rx.event.EventSpec | None:
        """« Enregistrer dans mes documents »: the file waits for its form."""
        self.trouble = ""
        archive = await self._archive()
        if archive is None or not any(line.number == number for line in self.lines):
            return None
        try:
            prepared = await to_checker(
                prepare_document, get_database().keyring, get_store(), archive, int(number)
            )
        except AppError as failure:
            self.trouble = sentence_of(failure)
            return None
        kept = None
        try:
            kept = await self._perform(keep_document, self._key(), prepared, now=utc_now())
        finally:
            if kept is None:
                await to_checker(take_back, get_store(), prepared)
        if kept is None:
            self.trouble, self.error = self.error, ""
            return None
        return rx.redirect(FILING)

    async def _archive(self) -> Archive | None:
        if self._key() == NOBODY:
            return None
        found = await self._look_up(require_archive, self._key(), now=utc_now())
        if found is None:
            self.trouble, self.error = self.error, ""
        return found

    def _key(self) -> UUID:
        return parse_id(self._attachment)
