"""The patient's own page: their circle and their recorded consents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n import own_record as words
from app.i18n.format import day, initials, local_day
from app.i18n.professional import name_label, place_label, role_label
from app.services.care_circle import MemberRow, fetch_circle
from app.services.consent import ConsentRow, fetch_consents
from app.services.own_record import my_circle, my_consents
from app.state.address import path_of
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.live import tabs

PAGE = "/accueil"


@dataclass(frozen=True)
class MemberView:
    """One professional of the circle."""

    id: str
    initials: str
    name: str
    role: str
    place: str
    since: str


@dataclass(frozen=True)
class ConsentView:
    """One agreement of the patient."""

    id: str
    title: str
    given: str
    notice: str
    notice_href: str
    withdrawn: str


class OwnRecordState(AppState):
    """What patients see of themselves."""

    is_loaded: bool = False
    members: list[MemberView] = []
    consents: list[ConsentView] = []

    @event(Audience.PATIENT)
    async def load(self) -> None:
        """Show the circle and the consents as they are now."""
        if not self.is_loaded:
            self.page_status = "loading"
        if await self._read(self._perform, is_refresh=False):
            self.is_loaded, self.page_status = True, "ready"

    @event(Audience.PATIENT, passive=True)
    async def refresh(self) -> None:
        """The circle or the consents changed, here or elsewhere."""
        if path_of(self.router.url) == PAGE:
            await self._read(self._look_up, is_refresh=True)

    async def _read(self, run: Callable[..., Any], *, is_refresh: bool) -> bool:
        found: OwnPage | None = await run(_read, is_refresh=is_refresh, now=utc_now())
        if found is None:
            return False
        self.members = [_member(row) for row in found.members]
        self.consents = [_consent(row) for row in found.consents]
        tabs.watch(
            self.router.session.client_token,
            found.patient_id,
            format_event_handler(OwnRecordState.refresh),
        )
        return True


@dataclass(frozen=True)
class OwnPage:
    """What the page shows, read at one moment."""

    patient_id: UUID
    members: tuple[MemberRow, ...]
    consents: list[ConsentRow]


def _read(session: Session, actor: Actor, *, is_refresh: bool, now: datetime) -> OwnPage:
    patient_id = policies.require_own_record(actor)
    if is_refresh:
        members = fetch_circle(session, actor, patient_id).members
        return OwnPage(patient_id, members, fetch_consents(session, actor, patient_id))
    return OwnPage(
        patient_id, my_circle(session, actor, now=now), my_consents(session, actor, now=now)
    )


def _member(row: MemberRow) -> MemberView:
    who = row.professional
    role = role_label(who)
    return MemberView(
        id=str(row.link_id),
        initials=initials(who.given_name, who.family_name),
        name=name_label(who),
        role=role[:1].upper() + role[1:],
        place=place_label(who),
        since=f"Dans votre cercle depuis le {day(local_day(row.since))}",
    )


def _consent(row: ConsentRow) -> ConsentView:
    return ConsentView(
        id=str(row.id),
        title=words.consent_title(row),
        given=words.consent_given(row),
        notice=words.notice_handed(row),
        notice_href=f"/notice/{row.notice_id}",
        withdrawn=words.consent_withdrawn(row),
    )
