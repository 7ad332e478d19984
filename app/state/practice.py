"""Adding a place of practice to one's own account (MM-11 to MM-14): the establishment and its laboratory."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.format import plural
from app.services.facility import FacilityHit, list_laboratories, search_facilities
from app.services.fields import parse_key
from app.services.practice import add_practice, remove_practice
from app.services.registration_place import read_place
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, key_of, new_key, with_picked
from app.state.profile import ProfileState
from app.state.registration_place import FacilityOption, facility_option

_MAX_TYPED = 120


class PracticeState(AppState):
    """The window of a new place."""

    is_open: bool = False
    form_key: str = ""
    chosen_id: str = ""
    chosen: str = ""
    chosen_detail: str = ""
    is_typed: bool = False
    found: list[FacilityOption] = []
    search_status: str = ""
    laboratories: list[Choice] = []

    @event(Audience.OWN_ACCOUNT)
    async def open(self) -> None:
        """« Ajouter un lieu »."""
        self._reset_choice()
        rows = await self._look_up(list_laboratories, now=utc_now())
        self.laboratories = [Choice(str(row.id), _named(row)) for row in rows or ()]
        self.is_open, self.is_typed, self.form_key = True, False, new_key()
        self.error, self.field_errors = "", {}

    @event(Audience.OWN_ACCOUNT)
    def close(self) -> None:
        """Close the window; nothing is kept."""
        self.is_open, self.error, self.field_errors = False, "", {}

    @event(Audience.OWN_ACCOUNT)
    async def search(self, typed: str) -> None:
        """Find an establishment as one types its name, town, postcode or FINESS number."""
        query = str(typed)[:_MAX_TYPED]
        rows = await self._look_up(search_facilities, query, now=utc_now()) if query else []
        self.found = [facility_option(row) for row in rows or ()]
        count = plural(len(self.found), "établissement", "établissements")
        self.search_status = count if query else ""

    @event(Audience.OWN_ACCOUNT)
    def pick(self, facility_id: str) -> None:
        """Choose an establishment."""
        option = next((row for row in self.found if row.id == str(facility_id)), None)
        if option is not None:
            self._reset_choice()
            self.chosen_id, self.chosen = option.id, option.name
            self.chosen_detail, self.field_errors = option.detail, {}

    @event(Audience.OWN_ACCOUNT)
    def unpick(self) -> None:
        """Search again."""
        self._reset_choice()

    @event(Audience.OWN_ACCOUNT)
    def type_by_hand(self, is_typed: bool) -> None:
        """« Mon établissement n'est pas dans la liste »."""
        self.is_typed, self.field_errors = is_typed is True, {}
        self._reset_choice()

    @event(Audience.OWN_ACCOUNT)
    async def add(self, form: dict[str, str]) -> object:
        """« Ajouter »."""
        fields = {name: str(value)[:250] for name, value in form.items()}
        fields = with_picked(fields, facility_id=self.chosen_id)
        fields["is_typed"] = "on" if self.is_typed else ""
        if await self._perform(_add, fields, key=key_of(form), now=utc_now()) is None:
            return None
        self.is_open, self.notice = False, "Le lieu d’exercice est ajouté."
        return ProfileState.refresh

    @event(Audience.OWN_ACCOUNT)
    async def remove(self, practice_id: str) -> object:
        """Take a place away."""
        if await self._perform(remove_practice, parse_id(practice_id), now=utc_now()):
            self.notice = "Le lieu d’exercice est retiré."
            return ProfileState.refresh
        return None

    def _reset_choice(self) -> None:
        self.chosen_id, self.chosen, self.chosen_detail = "", "", ""
        self.found, self.search_status = [], ""


def _add(
    session: Session, actor: Actor, fields: Mapping[str, str], *, key: UUID, now: datetime
) -> UUID:
    place = read_place(session, actor, fields, now=now)
    laboratory_id = parse_key(fields.get("laboratory_id", ""))
    return add_practice(session, actor, place, laboratory_id=laboratory_id, key=key, now=now)


def _named(row: FacilityHit) -> str:
    return f"{row.name}, {row.city}" if row.city else row.name
