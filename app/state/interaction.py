"""The drug interaction page: history and form with its picker (CX-27 to CX-29)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.i18n.format import plural
from app.i18n.interaction import LEVELS
from app.models.interaction import InteractionLevel
from app.services import interaction
from app.services.fields import FieldReader
from app.services.medicine import search_substances
from app.state.base import Audience, event
from app.state.clock import utc_now
from app.state.follow_up import FollowUpState, go
from app.state.form import Choice, key_of, read_fact, with_picked

SECTION = "interactions"
LEVEL_CHOICES = [Choice(level.value, label) for level, label in LEVELS.items()]


@dataclass(frozen=True)
class Substance:
    """A line of the picker."""

    name: str
    detail: str


class InteractionState(FollowUpState):
    """Drug interactions noticed for one patient."""

    filter_level: str = ""
    substances: list[Substance] = []
    substance_status: str = ""
    substance_typed: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the history and an empty form, or what was typed before."""
        self.substances, self.substance_status = [], ""
        await self._read()

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Show what a colleague just wrote, leaving the form alone."""
        await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    async def search(self, typed: str) -> None:
        """Find the DCI or the molecule as it is typed."""
        self.substance_typed = str(typed)[:250]
        found = await self._look_up(search_substances, self.substance_typed)
        self.substances = [Substance(row.name, row.medicine) for row in found or ()]
        self.substance_status = (
            plural(len(self.substances), "résultat", "résultats") if self.substance_typed else ""
        )

    @event(Audience.PROFESSIONAL)
    def pick(self, name: str) -> None:
        """Choose a substance, or keep the words as typed."""
        self.fields = {**self.fields, "substance": str(name)[:250]}
        self.substances, self.substance_status = [], ""

    @event(Audience.PROFESSIONAL)
    def unpick(self) -> None:
        """Search again."""
        self.fields = {**self.fields, "substance": ""}

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> None:
        """Record the entry of the form."""
        sent = {name: str(value) for name, value in fields.items()}
        self.fields = typed = with_picked(sent, substance=self.fields.get("substance", ""))
        reader = FieldReader(typed)
        level = reader.choice("level", InteractionLevel, missing=None)
        saved = await self._save(
            interaction.record_interaction,
            interaction.correct_interaction,
            "L’interaction médicamenteuse est enregistrée.",
            fact=read_fact(typed, reader),
            substance=typed.get("substance", ""),
            level=level,
            key=key_of(typed),
            now=utc_now(),
        )
        if saved:
            self.substances, self.substance_typed = [], ""
            await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def choose_treatment(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one treatment."""
        return go(self._address(traitement=value, page=1))

    @event(Audience.PROFESSIONAL)
    def choose_level(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one level."""
        return go(self._address(type=value, page=1))

    async def _read(self, *, is_refresh: bool = False) -> None:
        self.filter_level = self._query().get("type", "")
        known = {level.value: level for level in InteractionLevel}
        page = await self._show(
            SECTION,
            interaction.list_interaction,
            refresh=InteractionState.refresh,
            is_refresh=is_refresh,
            level=known.get(self.filter_level),
        )
        if page is not None:
            self._show_history(page, is_refresh=is_refresh)
