"""The patient's own page: their circle and their recorded consents."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import own_record as words
from app.i18n.format import day, initials, local_day
from app.i18n.professional import name_label, place_label, role_label
from app.services.care_circle import MemberRow
from app.services.consent import ConsentRow
from app.services.own_record import my_circle, my_consents
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now


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
        found = await self._perform(_read, now=utc_now())
        if found is None:
            return
        members, consents = found
        self.members = [_member(row) for row in members]
        self.consents = [_consent(row) for row in consents]
        self.is_loaded, self.page_status = True, "ready"


def _read(
    session: Session, actor: Actor, *, now: datetime
) -> tuple[tuple[MemberRow, ...], list[ConsentRow]]:
    return my_circle(session, actor, now=now), my_consents(session, actor, now=now)


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
