"""What a doctor with the « statut administrateur » does for their patient: readers, blocks (FC-10)."""

from dataclasses import dataclass
from typing import Any

from app.i18n import record_keeper as words
from app.i18n.professional import full_label
from app.services.access_change import block_professional
from app.services.access_history import HistoryFilter, list_history
from app.services.access_history_line import HistoryLine
from app.services.access_list import list_authorised
from app.services.professional import ProfessionalCard
from app.state.base import Audience, event, parse_id
from app.state.clock import utc_now
from app.state.patient import PatientState
from app.state.record_document import RecordDocumentState

HISTORY, BLOCK, SURE = "history", "block", "sure"


@dataclass(frozen=True)
class ReadingLine:
    """One act on the record."""

    key: str = ""
    when: str = ""
    who: str = ""
    what: str = ""
    why: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class ReaderLine:
    """Somebody who may read the record now."""

    id: str = ""
    name: str = ""


class RecordKeeperState(PatientState):
    """The dialogs of the menu « Accès au dossier ». Refused by the services to anybody else."""

    keeping: str = ""
    readings: list[ReadingLine] = []
    older: int = 0
    present: list[ReaderLine] = []
    question: str = ""

    _cards: dict[str, ProfessionalCard] = {}
    _chosen: str = ""

    @event(Audience.PROFESSIONAL)
    async def open_history(self) -> None:
        """Who consulted, the newest first."""
        self.readings = []
        await self._read(0)

    @event(Audience.PROFESSIONAL)
    async def show_older(self) -> None:
        """The fifty before."""
        if self.older:
            await self._read(self.older)

    @event(Audience.PROFESSIONAL)
    async def open_block(self) -> None:
        """Who may be shut out: whoever reads the record now, save oneself."""
        found = await self._perform(list_authorised, self._patient_id(), now=utc_now())
        if found is None:
            return
        cards = [row.professional for row in found]
        others = [card for card in cards if card.id != self._actor.professional_id]
        self._cards = {str(card.id): card for card in others}
        self.present = [ReaderLine(key, full_label(card)) for key, card in self._cards.items()]
        self.keeping = BLOCK

    @event(Audience.PROFESSIONAL)
    def ask_block(self, professional_id: str) -> None:
        """Ask once more before somebody loses every access."""
        card = self._cards.get(str(professional_id))
        if card is not None:
            self._chosen, self.question, self.keeping = str(card.id), words.question(card), SURE

    @event(Audience.PROFESSIONAL)
    async def block(self) -> Any:
        """Shut them out, as the patient asked."""
        card = self._cards.get(self._chosen)
        done = await self._perform(
            block_professional, self._patient_id(), parse_id(self._chosen), now=utc_now()
        )
        if done is None or card is None:
            return None
        self.notice = words.blocked(card)
        self._close()
        return RecordDocumentState.refresh

    @event(Audience.PROFESSIONAL)
    def close_keeping(self) -> None:
        """Leave things as they are."""
        self._close()

    async def _read(self, before: int) -> None:
        page = await self._perform(
            list_history, self._patient_id(), HistoryFilter(), before=before, now=utc_now()
        )
        if page is not None:
            self.readings = [*self.readings, *map(self._line, page.lines)]
            self.older, self.keeping = page.older, HISTORY

    def _line(self, line: HistoryLine) -> ReadingLine:
        return ReadingLine(
            key=str(line.seq),
            when=words.when(line),
            who=words.who(line, self._sex),
            what=words.what(line),
            why=words.why(line),
            is_urgent=line.is_urgent,
        )

    def _close(self) -> None:
        self.keeping, self._chosen, self.question = "", "", ""
        self.readings, self.older, self.present, self._cards = [], 0, [], {}
