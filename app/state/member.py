"""« Membres du compte »: the people of a shared account (MM-25). Their codes never come here."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.format import day, local_day
from app.i18n.messages import sentence
from app.i18n.professional import name_label
from app.services import form_reply, member
from app.services.form_reply import Reply
from app.services.member import MemberRow
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import new_key

MEMBER_FORM = "member"


@dataclass(frozen=True)
class PersonLine:
    """A member as the page lists them."""

    id: str
    name: str
    since: str


@dataclass(frozen=True)
class _Seen:
    members: tuple[MemberRow, ...]
    reply: Reply


class MemberState(AppState):
    """The list, and what the last form left to say. `changing_id`: whose code is being changed."""

    people: list[PersonLine] = []
    member_fields: dict[str, str] = {}
    form_key: str = ""
    changing_id: str = ""
    changing_name: str = ""
    leaving_id: str = ""
    leaving_name: str = ""

    @event(Audience.SECRETARY, passive=True)
    async def load_members(self) -> None:
        """Read the people, and the faults of the last form."""
        seen = await self._look_up(_read, now=utc_now())
        if seen is None:
            return
        self.people = [
            PersonLine(str(row.id), name_label(row), day(local_day(row.created_at)))
            for row in seen.members
        ]
        self.member_fields = dict(seen.reply.context)
        self.field_errors = {
            name: sentence(code) for name, code in seen.reply.faults.items() if name
        }
        self.form_key = new_key()
        self.error = sentence(seen.reply.faults[""]) if "" in seen.reply.faults else ""
        self.changing_id = self.changing_name = self.leaving_id = self.leaving_name = ""
        if changing := seen.reply.context.get("member_id"):
            self._open_code(changing)
        self.page_status = "ready"

    @event(Audience.SECRETARY)
    def ask_code(self, member_id: str) -> rx.event.EventSpec | None:
        """Open the form of another code, after a factor given just now."""
        if (detour := self._confirm_first()) is not None:
            return detour
        self._open_code(member_id)
        return None

    @event(Audience.SECRETARY)
    def ask_leave(self, member_id: str) -> rx.event.EventSpec | None:
        """Ask before somebody is taken out, after a factor given just now."""
        if (detour := self._confirm_first()) is not None:
            return detour
        found = next((person for person in self.people if person.id == member_id), None)
        if found is not None:
            self.leaving_id, self.leaving_name = found.id, found.name
        return None

    @event(Audience.SECRETARY)
    def close_member(self) -> None:
        """Close the window; nothing changes."""
        self.changing_id = self.changing_name = self.leaving_id = self.leaving_name = ""

    @event(Audience.SECRETARY)
    async def end_member(self) -> rx.event.EventSpec | None:
        """Take out whom the question is about."""
        name = self.leaving_name
        done = await self._perform(member.end_member, parse_id(self.leaving_id), now=utc_now())
        self.leaving_id = self.leaving_name = ""
        if not done:
            return None
        self.notice = f"{name} ne fait plus partie de ce compte."
        return MemberState.load_members

    def _open_code(self, member_id: str) -> None:
        found = next((person for person in self.people if person.id == member_id), None)
        if found is not None:
            self.changing_id, self.changing_name = found.id, found.name


def _read(session: Session, actor: Actor, *, now: datetime) -> _Seen:
    return _Seen(
        member.list_own_members(session, actor),
        form_reply.read_reply(session, actor, MEMBER_FORM, now=now),
    )
