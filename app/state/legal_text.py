"""The legal texts on the screen: those in force for anybody, and those one must accept first (U-25)."""

import reflex as rx

from app.homes import HOME
from app.i18n import legal_text as words
from app.models.legal_text import LegalTextKind
from app.services.contract_signature import read_signature_code
from app.services.form_reply import read_reply
from app.services.legal_text import TextView, current_text, list_owed
from app.services.registration_email import Sent
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.factor import sentences
from app.state.registration_words import sent_words
from app.state.text_block import Block, blocks_of

FORM = "conditions"


class LegalTextState(AppState):
    """The terms in force, open to all."""

    is_loaded: bool = False
    title: str = ""
    version: str = ""
    body: list[Block] = []

    @event(Audience.PUBLIC, passive=True)
    async def load_terms(self) -> None:
        """Show the terms in force."""
        found = await self._look_up(current_text, LegalTextKind.TERMS, now=utc_now())
        if found is not None:
            self._show(found)
            self.is_loaded, self.page_status = True, "ready"

    def _show(self, found: TextView) -> None:
        self.title, self.body = found.title, blocks_of(found.body)
        self.version = words.version_line(found.version, found.published_at)


class ConditionsState(AppState):
    """What the person must still accept: one text at a time."""

    is_loaded: bool = False
    text_id: str = ""
    is_contract: bool = False
    title: str = ""
    version: str = ""
    body: list[Block] = []
    own_name: str = ""
    sent: str = ""
    is_late: bool = False
    fields: dict[str, str] = {}
    progress: str = ""

    @event(Audience.SIGNED_IN, even_owing=True)
    async def load(self) -> rx.event.EventSpec | None:
        """Show the first text that waits; go home when none does."""
        now = utc_now()
        owed = await self._look_up(list_owed, now=now)
        if owed is None:
            return None
        if not owed:
            return rx.redirect(HOME.get(self.viewer_role, "/connexion"))
        first = owed[0]
        self.text_id, self.is_contract = str(first.id), first.kind is LegalTextKind.CONTRACT
        self.title, self.body = first.title, blocks_of(first.body)
        self.version = words.version_line(first.version, first.published_at)
        self.own_name = self.viewer_name
        self.progress = words.progress(len(owed))
        reply = await self._look_up(read_reply, FORM, now=now)
        if reply is not None:
            self.field_errors = sentences(reply)
            self.error = self.field_errors.pop("", "")
            self.fields = {"signed_name": reply.context.get("signed_name", "")}
        self.sent, self.is_late = "", False
        if self.is_contract:
            sent = await self._look_up(read_signature_code, first.id, now=now)
            self.sent, self.is_late = sent_words(sent if isinstance(sent, Sent) else None)
        self.is_loaded, self.page_status = True, "ready"
        return None
