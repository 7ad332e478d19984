"""The record that is open: its banner, and the one way every page « Autour du patient » is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n.format import age, day, full_name, number, years
from app.i18n.messages import sentence
from app.i18n.patient import BORN, IDENTITY_STATUSES, PATIENT, SEXES
from app.models.patient import IdentityStatus, Sex
from app.services import record_header
from app.services.entry import list_versions
from app.services.patient import PatientCounts
from app.services.record_header import RecordHeader
from app.state.address import path_of, query_of
from app.state.base import NOBODY, AppState, Audience, event, parse_id
from app.state.clock import today, utc_now
from app.state.entry_view import EntryView, entry_views
from app.state.live import tabs

_IDENTITY_TONES = {
    IdentityStatus.PROVISIONAL: "warning",
    IdentityStatus.RETRIEVED: "",
    IdentityStatus.VALIDATED: "success",
    IdentityStatus.QUALIFIED: "success",
}


@dataclass(frozen=True)
class Banner:
    """Who the record is about, on every clinical screen, and the figures of the sub-menu.

    `refusal`: why the actor writes no entry here, '' when they may. `documents`: '' when the shared record is
    closed. Who is no member of the circle finds the shared record there, and nothing else.
    """

    id: str = ""
    name: str = ""
    used_name: str = ""
    birth: str = ""
    born: str = "Né(e) le"
    sex: str = ""
    identity: str = ""
    identity_tone: str = ""
    region: str = "Patient"
    base: str = ""
    may_record: bool = False
    may_manage: bool = False
    refusal: str = ""
    contacts: int = 0
    treatments: int = 0
    tolerance: int = 0
    interactions: int = 0
    adherence: int = 0
    documents: str = ""
    is_member: bool = True


class PatientState(AppState):
    """The base of the pages of one patient. What it holds is dropped when another record is opened."""

    banner: Banner = Banner()
    section: str = ""
    versions: list[EntryView] = []

    _sex: Sex = Sex.UNKNOWN

    @event(Audience.PROFESSIONAL)
    async def show_versions(self, entry_id: str) -> None:
        """Open the earlier versions of a corrected entry."""
        rows = await self._perform(list_versions, parse_id(entry_id), now=utc_now())
        self.versions = entry_views(rows, sex=self._sex) if rows else []

    @event(Audience.PROFESSIONAL)
    def close_versions(self) -> None:
        """Close the earlier versions."""
        self.versions = []

    async def _load_page(
        self,
        section: str,
        service: Callable[..., Any],
        *,
        refresh: Any = None,
        is_for_members: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Open or re-read the record in the address together with what the page shows of it.

        One unit of work, hence one moment, for banner and content. Returns what the service returned, or
        None when the record does not exist for the actor. `refresh`: the event that reads the page again when
        somebody else changes the record. `is_for_members`: the page is of the circle alone.
        """
        if self._section_here() != section:
            # A refresh that arrives after the person left for another page.
            return None
        patient_id = self._patient_id()
        if self.banner.id != str(patient_id):
            await _forget_record(self, but=type(self))
        is_shown = bool(self.banner.id) and self.section == section
        self.page_status = "loading"
        loaded = await self._perform(
            _open,
            patient_id,
            service,
            is_opening=not self.banner.id,
            is_for_members=is_for_members,
            now=utc_now(),
            **kwargs,
        )
        if loaded is None:
            if self.page_status == "not_found":
                # Also a record that was open until now: whoever left the circle sees no more of it.
                self.section, self.banner = "", Banner()
                await _forget_pages(self, PatientState)
            elif is_shown:
                self.page_status = "ready"
            return None
        header, content = loaded
        self.banner, self._sex = _banner(header, self._actor), header.patient.sex
        self.section, self.page_status = section, "ready"
        if refresh is not None:
            tabs.watch(
                self.router.session.client_token,
                patient_id,
                format_event_handler(refresh),
                ends_at=header.ends_at,
            )
        return content

    def _patient_id(self) -> UUID:
        """The patient of the address; what cannot be an id names nobody."""
        match self._path():
            case ["patients", patient_id, *_]:
                return parse_id(patient_id)
        return NOBODY

    def _section_here(self) -> str:
        """The page « Autour du patient » of the address, '' elsewhere."""
        match self._path():
            case ["patients", _, section]:
                return section
        return ""

    def _path(self) -> list[str]:
        return path_of(self.router.url).strip("/").split("/")

    def _query(self) -> dict[str, str]:
        """The choices kept in the address: filters, pages."""
        return query_of(self.router.url)


async def leave_record(state: AppState) -> None:
    """No record is open any more: the tab follows none, and the next one to open is an opening."""
    await _forget_record(state)
    tabs.watch(state.router.session.client_token, None, "")


async def _forget_record(state: AppState, *, but: type[AppState] | None = None) -> None:
    """Drop what the pages of the open record hold, here and in the browser (S007).

    `but`: the page that is being loaded, which is about to write its own anew.
    """
    record = await state.get_state(PatientState)
    if record.banner.id:
        record.banner, record.section, record.versions = Banner(), "", []
        await _forget_pages(state, PatientState, but)


async def _forget_pages(
    state: AppState, parent: type[rx.State], but: type[AppState] | None = None
) -> None:
    for page in parent.get_substates():
        await _forget_pages(state, page, but)
        if but is None or not issubclass(but, page):
            (await state.get_state(page)).reset()


def _open(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    service: Callable[..., Any],
    *,
    is_opening: bool,
    is_for_members: bool,
    now: Any,
    **kwargs: Any,
) -> tuple[RecordHeader, Any]:
    if is_for_members:
        policies.require_link(session, actor, patient_id)
    opened = record_header.open_record if is_opening else record_header.get_record
    header = opened(session, actor, patient_id, now=now)
    return header, service(session, actor, patient_id, now=now, **kwargs)


_NO_COUNTS = PatientCounts(0, 0, 0, 0, 0, 0)


def _banner(record: RecordHeader, actor: Actor) -> Banner:
    header = record.patient
    counts = header.counts or _NO_COUNTS
    return Banner(
        id=str(header.id),
        name=full_name(header.birth_name, header.given_name),
        used_name=header.used_name.upper(),
        birth=f"{day(header.birth_date)} ({years(age(header.birth_date, today()))})",
        born=BORN[header.sex],
        sex=SEXES[header.sex].lower(),
        identity=IDENTITY_STATUSES[header.identity_status],
        identity_tone=_IDENTITY_TONES[header.identity_status],
        region=PATIENT[header.sex],
        base=f"/patients/{header.id}",
        may_record=header.may_record,
        may_manage=header.may_manage,
        refusal="" if header.may_record else sentence(policies.assessment_refusal(actor)),
        contacts=counts.members,
        treatments=counts.treatments,
        tolerance=counts.tolerance,
        interactions=counts.interaction,
        adherence=counts.adherence,
        documents="" if record.documents is None else number(record.documents),
        is_member=record.is_member,
    )
