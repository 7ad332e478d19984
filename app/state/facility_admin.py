"""Establishments and partner laboratories on the administrators' screen: list, search, one of them."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.i18n import facility_admin as words
from app.i18n.format import day
from app.models.facility import FacilityKind
from app.services.facility import FacilityHit, current_source, get_facility, search_facilities
from app.services.facility_admin import PAGE_SIZE, create_facility, list_facilities, update_facility
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.paging import Paging, paging_of

PATH = "/admin/etablissements"
NEW = "nouveau"
_MAX_QUERY = 120
_FIELDS = ("name", "address", "postcode", "city", "phone", "finess")
KIND_WORDS = {
    "nationaux": FacilityKind.FINESS,
    "locaux": FacilityKind.LOCAL,
    "laboratoires": FacilityKind.LABORATORY,
}


@dataclass(frozen=True)
class FacilityLine:
    """One facility, in words."""

    id: str
    href: str
    name: str
    under: str
    town: str
    finess: str
    kind: str
    is_partner: bool
    is_closed: bool


def facility_line(hit: FacilityHit) -> FacilityLine:
    """A facility as the list shows it."""
    return FacilityLine(
        id=str(hit.id),
        href=f"{PATH}/{hit.id}",
        name=hit.name,
        under=" · ".join(part for part in (hit.category, hit.address) if part),
        town=" ".join(part for part in (hit.postcode, hit.city) if part),
        finess=hit.finess or "–",
        kind=words.KINDS[hit.kind],
        is_partner=hit.is_partner_laboratory,
        is_closed=not hit.is_open,
    )


class FacilityListState(AppState):
    """The facilities by name, 25 at a time, or those a search finds."""

    rows: list[FacilityLine] = []
    is_loaded: bool = False
    lead: str = ""
    query: str = ""
    search_key: str = ""
    search_status: str = ""
    kind: str = ""
    kind_choices: list[Choice] = [
        Choice(word, words.KINDS[kind]) for word, kind in KIND_WORDS.items()
    ]
    paging: Paging = Paging()

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the page of the address."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.query, self.search_key, self.search_status = "", new_key(), ""
        source = await self._look_up(current_source, now=utc_now())
        self.lead = words.source(source.source, day(source.as_of)) if source else words.NO_SOURCE
        await self._read()

    @event(Audience.ADMINISTRATOR)
    async def search(self, typed: str) -> None:
        """Find as one types; nothing typed shows the list again."""
        self.query = str(typed)[:_MAX_QUERY]
        if not self.query.strip():
            self.search_status = ""
            await self._read()
            return
        found = await self._look_up(search_facilities, self.query, limit=50, now=utc_now())
        if found is not None:
            self.rows = [facility_line(hit) for hit in found]
            self.search_status = words.found(len(found))
            self.paging = Paging()

    @event(Audience.ADMINISTRATOR)
    async def clear(self) -> None:
        """Forget the search."""
        self.query, self.search_key, self.search_status = "", new_key(), ""
        await self._read()

    @event(Audience.ADMINISTRATOR)
    def choose_kind(self, value: str) -> rx.event.EventSpec:
        """Only one kind."""
        return rx.redirect(address(PATH, genre=value if value in KIND_WORDS else ""))

    async def _read(self) -> None:
        chosen = query_of(self.router.url)
        self.kind = chosen.get("genre", "")
        found = await self._look_up(
            list_facilities,
            kind=KIND_WORDS.get(self.kind),
            page=number_in(chosen, "page", most=99_999),
            now=utc_now(),
        )
        if found is None:
            return
        self.rows = [facility_line(hit) for hit in found.rows]
        self.paging = paging_of(
            "Établissements",
            lambda number: address(PATH, genre=self.kind, page=number),
            found,
            size=PAGE_SIZE,
        )
        self.is_loaded, self.page_status = True, "ready"


class FacilityEditState(AppState):
    """One facility, or a new one."""

    title: str = ""
    is_new: bool = False
    is_national: bool = False
    is_partner: bool = False
    accepts_first: bool = False
    is_open: bool = True
    fields: dict[str, str] = {}
    form_key: str = ""

    _version: int = 0

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the facility of the address, or an empty form."""
        self.page_status = "loading"
        await self._read()

    @event(Audience.ADMINISTRATOR)
    async def save(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """Add it, or change it."""
        typed = {str(name): str(value) for name, value in fields.items()}
        self.fields = {**self.fields, **{name: typed.get(name, "") for name in _FIELDS}}
        self.is_partner = "is_partner_laboratory" in typed
        self.accepts_first = "accepts_first_messages" in typed
        self.is_open = self.is_new or "is_open" in typed
        if self.is_new:
            made = await self._perform(create_facility, typed, now=utc_now())
            done = made is not None
        else:
            version = await self._perform(
                update_facility, self._id_of_page(), typed, version=self._version, now=utc_now()
            )
            done = version is not None
        if not done:
            return None
        self.notice = words.SAVED
        return rx.redirect(PATH)

    async def _read(self) -> None:
        last = path_of(self.router.url).rsplit("/", 1)[-1]
        self.is_new, self.form_key = last == NEW, new_key()
        if self.is_new:
            self.title, self.fields = words.NEW, dict.fromkeys(_FIELDS, "")
            self.is_national, self.is_partner, self.is_open = False, False, True
            self.accepts_first = False
            self.page_status = "ready"
            return
        found = await self._look_up(get_facility, self._id_of_page(), now=utc_now())
        if found is None:
            return
        self.title, self._version = found.name, found.version
        self.is_national = found.kind is FacilityKind.FINESS
        self.is_partner, self.is_open = found.is_partner_laboratory, found.is_open
        self.accepts_first = found.accepts_first_messages
        self.fields = {name: str(getattr(found, name) or "") for name in _FIELDS}
        self.page_status = "ready"
