"""The window of a place of practice: the establishment, then its partner laboratory (MM-14)."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import reflex as rx

from app.i18n.format import plural
from app.services import registration_place as places
from app.services.facility import FacilityHit, search_facilities
from app.services.fields import parse_key
from app.services.registration_progress import Step
from app.state.base import NOBODY, Audience, event
from app.state.clock import utc_now
from app.state.directory import count_soon
from app.state.form import key_of, with_picked
from app.state.registration import RegistrationFlow
from app.state.registration_steps import PATHS

PLACE, LABORATORY = "place", "laboratory"
_SHOWN = ("facility_id", "name", "address", "postcode", "city")
_MAX_TYPED = 120


@dataclass(frozen=True)
class FacilityOption:
    """An establishment to choose."""

    id: str
    name: str
    detail: str


class RegistrationPlaces(RegistrationFlow):
    """The window, at one of its two panels. `place_id`: of a place that only lacks its laboratory."""

    panel: str = ""
    place_id: str = ""
    form_key: str = ""
    place: dict[str, str] = {}
    chosen: str = ""
    chosen_detail: str = ""
    is_typed: bool = False
    found: list[FacilityOption] = []
    search_status: str = ""

    @event(Audience.PUBLIC)
    def open_place(self) -> None:
        """« JE RENSEIGNE MON LIEU D'EXERCICE », « AJOUTER UN ETABLISSEMENT »."""
        self._open(PLACE)

    @event(Audience.PUBLIC)
    def open_laboratory(self, place_id: str, name: str) -> None:
        """Choose the laboratory of a place the directory gave."""
        self._open(LABORATORY)
        self.place_id, self.chosen = str(place_id), str(name)[:200]

    @event(Audience.PUBLIC)
    def close(self) -> None:
        """Close the window; nothing is kept."""
        self.panel, self.field_errors, self.error = "", {}, ""

    @event(Audience.PUBLIC)
    def back(self) -> None:
        """Back to the establishment."""
        self.panel, self.field_errors, self.error = PLACE, {}, ""

    @event(Audience.PUBLIC)
    async def search(self, typed: str) -> None:
        """Find an establishment as one types its name, town, postcode or FINESS number."""
        query = str(typed)[:_MAX_TYPED]
        rows = await self._look_up(search_facilities, query, now=utc_now()) if query else []
        self.found = [facility_option(row) for row in rows or ()]
        count = plural(len(self.found), "établissement", "établissements")
        self.search_status = count if query else ""
        if query:
            count_soon(self)

    @event(Audience.PUBLIC)
    def pick(self, facility_id: str) -> None:
        """Choose an establishment."""
        option = next((row for row in self.found if row.id == str(facility_id)), None)
        if option is not None:
            self.place = {"facility_id": option.id}
            self.chosen, self.chosen_detail = option.name, option.detail
            self.found, self.search_status, self.field_errors = [], "", {}

    @event(Audience.PUBLIC)
    def unpick(self) -> None:
        """Search again."""
        self.place, self.chosen, self.chosen_detail = {}, "", ""

    @event(Audience.PUBLIC)
    def type_by_hand(self, is_typed: bool) -> None:
        """« Mon établissement n'est pas dans la liste »."""
        self.is_typed, self.field_errors = bool(is_typed), {}
        self.unpick()

    @event(Audience.PUBLIC)
    async def go_on(self, fields: dict[str, Any]) -> None:
        """« CONTINUER »: the establishment is known; its laboratory comes next."""
        typed = {name: str(fields.get(name, ""))[:250] for name in _SHOWN}
        if self.is_typed:
            typed = {**typed, "facility_id": "", "is_typed": "on"}
        else:
            typed = with_picked(typed, facility_id=self.place.get("facility_id", ""))
        self.place = typed
        read = await self._perform(places.read_place, typed, now=utc_now())
        if read is not None:
            self.panel, self.chosen = LABORATORY, read.name
            self.chosen_detail = f"{read.postcode} {read.city}".strip()

    @event(Audience.PUBLIC)
    async def finish(self, fields: dict[str, Any]) -> None:
        """« TERMINER »: the place and its laboratory join the registration."""
        laboratory = str(fields.get("laboratory_id", ""))
        now = utc_now()
        if self.place_id:
            done = await self._perform(
                places.choose_laboratory,
                self._token(),
                parse_key(self.place_id) or NOBODY,
                parse_key(laboratory),
                now=now,
            )
        else:
            done = await self._perform(
                places.add_place,
                self._token(),
                {**self.place, "laboratory_id": laboratory},
                key=key_of({"key": self.form_key}),
                now=now,
            )
        if done is not None:
            self.panel = ""
            await self._refresh()

    @event(Audience.PUBLIC)
    async def remove(self, place_id: str) -> None:
        """Take a place away."""
        key = parse_key(str(place_id)) or NOBODY
        if await self._perform(places.remove_place, self._token(), key, now=utc_now()) is not None:
            await self._refresh()

    @event(Audience.PUBLIC)
    async def leave_step(self) -> rx.event.EventSpec | None:
        """« Continuer » to the next step."""
        if await self._perform(places.finish_places, self._token(), now=utc_now()) is None:
            return None
        return rx.redirect(PATHS[Step.EMAIL])

    def _open(self, panel: str) -> None:
        self.panel, self.place_id, self.form_key = panel, "", str(uuid4())
        self.place, self.chosen, self.chosen_detail = {}, "", ""
        self.is_typed, self.found, self.search_status = False, [], ""
        self.field_errors, self.error = {}, ""


def facility_option(row: FacilityHit) -> FacilityOption:
    """An establishment as a line of the list."""
    town = f"{row.postcode} {row.city}".strip()
    parts = (row.category, row.address, town)
    return FacilityOption(str(row.id), row.name, " · ".join(part for part in parts if part))
