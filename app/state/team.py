"""« Mon équipe »: members by invitation, workstations, and the teams one is in (PS-11, PS-16)."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app import cookies
from app.authz.actor import Actor
from app.i18n.format import moment
from app.i18n.messages import sentence
from app.i18n.professional import name_label
from app.i18n.team import responsible_label
from app.services import form_reply, team, workstation
from app.services.team import MemberRow, MembershipRow
from app.services.workstation import WorkstationRow
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import key_of, new_key

WORKSTATION_FORM = "workstation"


@dataclass(frozen=True)
class MemberLine:
    """A member, or somebody invited."""

    id: str
    operator_code: str
    name: str
    email: str
    status: str


@dataclass(frozen=True)
class TeamLine:
    """A team one is in, or invited to."""

    id: str
    responsible: str
    place: str
    operator_code: str
    is_accepted: bool


@dataclass(frozen=True)
class WorkstationLine:
    """A registered browser."""

    id: str
    name: str
    since: str
    last_seen: str
    is_this_one: bool


@dataclass(frozen=True)
class _Seen:
    members: tuple[MemberRow, ...]
    workstations: tuple[WorkstationRow, ...]
    teams: tuple[MembershipRow, ...]
    faults: dict[str, str]


class TeamState(AppState):
    """What the page lists. The cookie of a workstation never comes here."""

    members: list[MemberLine] = []
    workstations: list[WorkstationLine] = []
    teams: list[TeamLine] = []
    is_workstation: bool = False
    workstation_error: str = ""
    team_key: str = ""
    ending_id: str = ""
    ending_name: str = ""
    ending_workstation_id: str = ""
    ending_workstation_name: str = ""

    @event(Audience.OWN_ACCOUNT, passive=True)
    async def load_team(self) -> None:
        """Read the team, the workstations and the invitations."""
        token = cookies.read(self.router.headers.cookie or "", cookies.WORKSTATION)
        seen = await self._look_up(_read, token, now=utc_now())
        if seen is None:
            return
        self.members = [_member(row) for row in seen.members]
        self.workstations = [_workstation(row) for row in seen.workstations]
        self.teams = [_team(row) for row in seen.teams]
        self.is_workstation = any(row.is_this_one for row in seen.workstations)
        fault = next(iter(seen.faults.values()), "")
        self.workstation_error = sentence(fault) if fault else ""
        self._close()
        self.team_key = self.team_key or new_key()
        self.page_status = "ready"

    @event(Audience.PROFESSIONAL)
    async def invite(self, fields: dict[str, str]) -> rx.event.EventSpec | None:
        """Invite an address, after a factor given just now."""
        if (detour := self._confirm_first()) is not None:
            return detour
        done = await self._perform(
            team.invite_member,
            str(fields.get("email", "")),
            str(fields.get("operator_code", "")),
            key=key_of(fields),
            now=utc_now(),
        )
        if done is None:
            return None
        self.notice, self.team_key = "Invitation envoyée.", new_key()
        return TeamState.load_team

    @event(Audience.OWN_ACCOUNT)
    async def join(self, member_id: str) -> rx.event.EventSpec | None:
        """Accept an invitation."""
        if await self._perform(team.accept_membership, parse_id(member_id), now=utc_now()):
            self.notice = "Vous avez rejoint l’équipe."
        return TeamState.load_team

    @event(Audience.OWN_ACCOUNT)
    async def quit(self, member_id: str) -> rx.event.EventSpec | None:
        """Leave a team, or decline an invitation."""
        if await self._perform(team.end_membership, parse_id(member_id), now=utc_now()):
            self.notice = "Vous ne faites plus partie de cette équipe."
        return TeamState.load_team

    @event(Audience.PROFESSIONAL)
    def ask_end(self, member_id: str) -> None:
        """Ask before somebody is taken out."""
        found = next((member for member in self.members if member.id == member_id), None)
        if found is not None:
            self.ending_id, self.ending_name = found.id, found.name

    @event(Audience.PROFESSIONAL)
    def ask_end_workstation(self, workstation_id: str) -> None:
        """Ask before a workstation is ended."""
        found = next((w for w in self.workstations if w.id == workstation_id), None)
        if found is not None:
            self.ending_workstation_id, self.ending_workstation_name = found.id, found.name

    @event(Audience.PROFESSIONAL)
    def keep(self) -> None:
        """Close the question; nothing changes."""
        self._close()

    @event(Audience.PROFESSIONAL)
    async def end(self) -> rx.event.EventSpec | None:
        """Take out whom the question is about; their open sign-ins end at once."""
        name = self.ending_name
        if await self._perform(team.end_membership, parse_id(self.ending_id), now=utc_now()):
            self.notice = f"{name} ne fait plus partie de votre équipe."
        return TeamState.load_team

    @event(Audience.PROFESSIONAL)
    async def end_workstation(self) -> rx.event.EventSpec | None:
        """End the workstation the question is about."""
        workstation_id, name = parse_id(self.ending_workstation_id), self.ending_workstation_name
        if await self._perform(workstation.end_workstation, workstation_id, now=utc_now()):
            self.notice = f"Le poste {name} n’est plus enregistré."
        return TeamState.load_team

    def _close(self) -> None:
        self.ending_id = self.ending_name = ""
        self.ending_workstation_id = self.ending_workstation_name = ""


def _read(session: Session, actor: Actor, token: str, *, now: datetime) -> _Seen:
    is_responsible = actor.is_professional
    return _Seen(
        members=team.list_team(session, actor) if is_responsible else (),
        workstations=workstation.list_workstations(session, actor, token) if is_responsible else (),
        teams=team.list_memberships(session, actor),
        faults=dict(form_reply.read_reply(session, actor, WORKSTATION_FORM, now=now).faults),
    )


def _member(row: MemberRow) -> MemberLine:
    status = "Dans l’équipe" if row.is_accepted else "Invitation envoyée"
    return MemberLine(
        str(row.id), row.operator_code, name_label(row) or row.email, row.email, status
    )


def _team(row: MembershipRow) -> TeamLine:
    return TeamLine(
        str(row.id),
        responsible_label(row.responsible),
        row.responsible.place,
        row.operator_code,
        row.is_accepted,
    )


def _workstation(row: WorkstationRow) -> WorkstationLine:
    last = moment(row.last_seen_at) if row.last_seen_at else "Jamais utilisé"
    return WorkstationLine(str(row.id), row.name, moment(row.registered_at), last, row.is_this_one)
