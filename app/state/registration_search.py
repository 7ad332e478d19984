"""Finding oneself in the national directory, as one types (MM-07, MM-08)."""

from dataclasses import dataclass

import reflex as rx

from app.i18n import directory as directory_words, registration as words
from app.i18n.messages import sentence
from app.i18n.professional import name_label, rpps_label
from app.services.directory import DirectoryHit
from app.services.registration_identity import choose_identity, shown_civility
from app.services.registration_progress import Step
from app.state.base import Audience, event
from app.state.clock import utc_now
from app.state.directory import count_soon, look_people_up
from app.state.registration import RegistrationFlow
from app.state.registration_steps import PATHS
from app.state.registration_words import uncapitalised

_FIELDS = ("search_family_name", "search_given_name", "search_rpps")
_MAX_TYPED = 60
_ROWS = 20


@dataclass(frozen=True)
class _Person:
    civility: str
    given_name: str
    family_name: str


@dataclass(frozen=True)
class HitView:
    """A line of the list. `key`: number and profession; `go_on`: the words of the button."""

    key: str
    name: str
    profession: str
    place: str
    number: str
    go_on: str


class RegistrationSearch(RegistrationFlow):
    """What is typed in the three fields, who it finds, who was picked."""

    typed: dict[str, str] = {}
    rows: list[HitView] = []
    status: str = ""
    source: str = ""
    picked: str = ""
    go_on_words: str = ""

    @event(Audience.PUBLIC, passive=True)
    async def restore(self) -> None:
        """Search again for what was typed before the page was left."""
        self.typed = {name: self.fields.get(name, "") for name in _FIELDS}
        self.picked, self.go_on_words = "", ""
        await self._search()

    @event(Audience.PUBLIC)
    async def search(self, field: str, typed: str) -> None:
        """Search as one of the fields changes."""
        if field not in _FIELDS:
            return
        self.typed = {**self.typed, field: str(typed)[:_MAX_TYPED]}
        await self._search()
        if any(self.typed.values()):
            count_soon(self)

    @event(Audience.PUBLIC)
    async def search_all(self, fields: dict[str, str]) -> None:
        """« Rechercher »."""
        self.typed = {name: str(fields.get(name, ""))[:_MAX_TYPED] for name in _FIELDS}
        await self._search()

    @event(Audience.PUBLIC)
    def pick(self, key: str) -> None:
        """Choose a line."""
        self.picked = str(key)
        self.go_on_words = next((row.go_on for row in self.rows if row.key == self.picked), "")
        self.field_errors = {}

    @event(Audience.PUBLIC)
    def choose_manual(self, is_manual: bool) -> None:
        """« Je ne me trouve pas dans la liste… »: what was searched for need not be typed again."""
        self.is_manual, self.field_errors, self.error = bool(is_manual), {}, ""
        searched = {name.removeprefix("search_"): value for name, value in self.typed.items()}
        self.fields = {
            **self.fields,
            **{k: v for k, v in searched.items() if v and not self.fields.get(k)},
        }

    @event(Audience.PUBLIC)
    async def go_on(self) -> rx.event.EventSpec | None:
        """« Continuer avec … »: the identity and the known places fill themselves in (MM-08, MM-12)."""
        number, _, profession = self.picked.partition("|")
        if not self.picked:
            self.field_errors = {"directory": sentence("registration.nobody_chosen")}
            return None
        is_whole = await self._perform(
            choose_identity, self._token(), number, profession, now=utc_now()
        )
        if is_whole is None:
            return None
        if is_whole:
            return rx.redirect(PATHS[Step.PLACES])
        await self._refresh()
        return None

    async def _search(self) -> None:
        query = " ".join(value for value in self.typed.values() if value.strip())
        if not query:
            self.rows, self.status, self.source = [], "", ""
            return
        self.error = ""
        found = await look_people_up(self, query, limit=_ROWS)
        if found is None:
            self.rows, self.status = [], ""
            return
        self.rows = [_view(hit) for hit in found.rows]
        self.source = directory_words.source_line(found)
        self.status = (
            words.found(len(self.rows), found.is_more) if self.rows else directory_words.NOT_FOUND
        )
        if self.picked not in {row.key for row in self.rows}:
            self.picked, self.go_on_words = "", ""


def _view(hit: DirectoryHit) -> HitView:
    person = _Person(shown_civility(hit.civility), hit.given_name, hit.family_name)
    label = directory_words.profession_label(hit.profession, hit.profession_label)
    first = hit.places[0] if hit.places else None
    place = ""
    if first is not None:
        town = f"{first.postcode} {first.city}".strip()
        place = ", ".join(part for part in (first.name, town) if part)
    return HitView(
        key=f"{hit.number}|{hit.profession}",
        name=" ".join(
            part for part in (person.civility, person.family_name, person.given_name) if part
        ),
        profession=", ".join(part for part in (label, uncapitalised(hit.speciality)) if part),
        place=place,
        number=rpps_label(hit.rpps) if hit.rpps else hit.number,
        go_on=words.continue_with(person) if name_label(person) else "Continuer",
    )
