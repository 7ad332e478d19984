"""« Rechercher un patient »: who authorised me, and the three ways to find somebody else (DM-24 to DM-37).

The address says where one is, never what is looked for: names and criteria stay in the page (S083).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.errors import AppError
from app.homes import SEARCH_PAGE
from app.i18n import patient_search as words
from app.i18n.document import RECORD_CATEGORIES
from app.i18n.format import age, full_name, short_day, years
from app.i18n.messages import sentence
from app.i18n.patient import SEXES, ins_label
from app.i18n.professional import profession_label
from app.i18n.record_access import ground, refused
from app.services.access_mode import OpenRecord, list_open_records
from app.services.account_history import list_history
from app.services.fields import paris_day
from app.services.own_rights import CategoryRights, list_own_rights
from app.services.patient_criteria import FIELDS, read_criteria
from app.services.patient_list import PAGE_SIZE, PatientRow, list_patients
from app.services.patient_search import (
    Found,
    SearchResults,
    search_by_card_number,
    search_by_identity,
    search_by_ins,
)
from app.state.account_history import LineView, history_lines
from app.state.address import address, number_in, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import today, utc_now
from app.state.form import Choice, new_key
from app.state.paging import Paging, paging_of
from app.state.patient import leave_record

PATH = SEARCH_PAGE
TAB, SETTINGS = "onglet", "parametrages"
WAY, IDENTITY = "acces", "identite"
_MAX_PAGE, _MAX_LINE, _MAX_VALUE = 99_999, 10**15, 200
DEPARTMENTS = [Choice(code, f"{code} {name}") for code, name in words.DEPARTMENTS.items()]
_TYPED = (*FIELDS, "ins", "vitale_card")
RANGES = ("born_from", "born_to", "age_from", "age_to")


@dataclass(frozen=True)
class MineLine:
    """Somebody whose record is open to the actor. `ground`: why."""

    id: str
    href: str
    name: str
    used_name: str
    birth: str
    sex: str
    ground: str


@dataclass(frozen=True)
class ResultLine:
    """One record found, in the columns of DM-37. `href`: empty when an authorisation is needed."""

    id: str
    href: str
    relevance: str
    birth_name: str
    given_name: str
    used_name: str
    birth: str
    age: str
    ins: str
    access: str
    refusal: str


@dataclass(frozen=True)
class RightsLine:
    """What one's profession reads of a category: in words, then the types themselves."""

    category: str
    words: str
    readable: str
    closed: str


def documents_of(patient_id: object) -> str:
    """The address of the documents of a record."""
    return f"/patients/{patient_id}/documents"


class PatientSearchState(AppState):
    """The page « Rechercher un patient »."""

    is_loaded: bool = False
    view: str = ""
    lead: str = ""
    rows: list[MineLine] = []
    paging: Paging = Paging()
    refusal: str = ""

    fields: dict[str, str] = {}
    form_key: str = ""
    has_range: bool = False
    has_results: bool = False
    has_more: bool = False
    results: list[ResultLine] = []
    results_words: str = ""
    asked: str = ""

    rights: list[RightsLine] = []
    profession: str = ""
    history: list[LineView] = []
    older: str = ""
    newest: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the view of the address; what was found stays until one leaves its view."""
        await leave_record(self)
        self.error, self.reference, self.field_errors = "", "", {}
        chosen = query_of(self.router.url)
        view = _view_of(chosen)
        if view != self.view or not self.is_loaded:
            self._forget()
        self.view = view
        self.refusal = _refusal(self._actor)
        if view == SETTINGS:
            await self._read_settings(number_in(chosen, "avant", most=_MAX_LINE))
        elif not view:
            await self._read_mine(number_in(chosen, "page", most=_MAX_PAGE))
        else:
            self.is_loaded, self.page_status = True, "ready"

    @event(Audience.PROFESSIONAL)
    async def search_ins(self, fields: dict[str, Any]) -> None:
        """« Accès par matricule INS »."""
        typed = self._typed(fields, "ins")
        self._show(await self._perform(search_by_ins, typed["ins"], now=utc_now()))

    @event(Audience.PROFESSIONAL)
    async def search_card(self, fields: dict[str, Any]) -> None:
        """« Accès par la carte Vitale », its number typed."""
        typed = self._typed(fields, "vitale_card")
        found = await self._perform(search_by_card_number, typed["vitale_card"], now=utc_now())
        self._show(found)

    @event(Audience.PROFESSIONAL)
    async def search_identity(self, fields: dict[str, Any]) -> None:
        """« Accès par critères d’identité »: every fault at once, else who corresponds."""
        typed = self._typed(fields, *FIELDS)
        self.has_range = any(typed[name] for name in RANGES)
        self._show(await self._perform(_search_identity, typed, now=utc_now()))

    @event(Audience.PROFESSIONAL)
    def clear(self) -> None:
        """« Effacer les critères »: nothing typed, nothing found."""
        self._forget()
        self.error, self.field_errors = "", {}

    def _typed(self, fields: dict[str, Any], *names: str) -> dict[str, str]:
        typed = {name: str(fields.get(name, ""))[:_MAX_VALUE] for name in names}
        self.fields = {**self.fields, **typed}
        return typed

    def _forget(self) -> None:
        self.asked = ""
        self.fields, self.form_key, self.has_range = dict.fromkeys(_TYPED, ""), new_key(), False
        self.has_results, self.has_more, self.results, self.results_words = False, False, [], ""

    def _show(self, found: SearchResults | None) -> None:
        self.has_results = found is not None
        self.results = [_result(row) for row in found.rows] if found else []
        self.has_more = found is not None and found.has_more
        self.results_words = words.found(len(self.results)) if found else ""

    async def _read_mine(self, page: int) -> None:
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._look_up(list_patients, page=page, now=utc_now())
        if found is None:
            return
        opened = await self._look_up(list_open_records, now=utc_now()) if page < 2 else ()  # noqa: PLR2004
        self.rows = [*map(_opened, opened or ()), *map(_mine, found.rows)]
        self.lead = words.lead(found.total)
        self.paging = paging_of(
            "Patients", lambda number: address(PATH, page=number), found, size=PAGE_SIZE
        )
        self.is_loaded, self.page_status = True, "ready"

    async def _read_settings(self, before: int) -> None:
        if not self.is_loaded:
            self.page_status = "loading"
        rights = await self._look_up(list_own_rights, now=utc_now())
        self.rights = [_rights(row) for row in rights or ()]
        if self._actor.profession is not None:
            self.profession = profession_label(self._actor.profession)
        if self._actor.is_delegate:
            self.history, self.older, self.newest = [], "", ""
            self.is_loaded, self.page_status = True, "ready"
            return
        found = await self._look_up(list_history, before=before, about_patients=True)
        if found is None:
            return
        self.history = history_lines(found.lines)
        place = {TAB: SETTINGS}
        self.older = address(PATH, avant=found.older, **place) if found.older else ""
        self.newest = address(PATH, **place) if before else ""
        self.is_loaded, self.page_status = True, "ready"


def _search_identity(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> SearchResults:
    policies.require_searcher(actor)
    criteria = read_criteria(fields, today=paris_day(now))
    return search_by_identity(session, actor, criteria, now=now)


def _view_of(chosen: Mapping[str, str]) -> str:
    """The view an address names; '' for « Mes patients »."""
    if chosen.get(WAY) == IDENTITY:
        return IDENTITY
    return SETTINGS if chosen.get(TAB) == SETTINGS else ""


def _refusal(actor: Actor) -> str:
    try:
        policies.require_searcher(actor)
    except AppError as failure:
        return sentence(failure.code)
    return ""


def _mine(row: PatientRow) -> MineLine:
    return _line(row, row.id, words.CARE_TEAM)


def _line(row: PatientRow | OpenRecord, patient_id: UUID, why: str) -> MineLine:
    return MineLine(
        id=str(patient_id),
        href=documents_of(patient_id),
        name=full_name(row.birth_name, row.given_name),
        used_name=words.used_name(row.used_name),
        birth=f"{short_day(row.birth_date)} · {years(age(row.birth_date, today()))}",
        sex=SEXES[row.sex],
        ground=why,
    )


def _rights(row: CategoryRights) -> RightsLine:
    return RightsLine(
        category=RECORD_CATEGORIES[row.category],
        words=words.readable(len(row.readable), len(row.readable) + len(row.closed)),
        readable=", ".join(row.readable),
        closed=", ".join(row.closed),
    )


def _opened(row: OpenRecord) -> MineLine:
    return _line(row, row.patient_id, ground(row.kind, row.ends_at))


def _result(row: Found) -> ResultLine:
    return ResultLine(
        id=str(row.patient_id),
        href=documents_of(row.patient_id) if row.has_access else "",
        relevance=words.percent(row.relevance),
        birth_name=row.birth_name.upper(),
        given_name=row.given_name,
        used_name=row.used_name.upper() or "–",
        birth=short_day(row.birth_date),
        age=years(row.age),
        ins=ins_label(row.ins) or "–",
        access=words.ACCESS if row.has_access else words.NO_ACCESS,
        refusal=refused(row.sex, full_name(row.birth_name, row.given_name)),
    )
