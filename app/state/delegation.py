"""« Ma délégation »: those one granted, those one may act under (CX-46 to CX-48)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import delegation as words
from app.i18n.messages import sentence
from app.i18n.professional import place_label, role_label, the_label
from app.models.delegation import DelegationScope
from app.services import draft, form_reply
from app.services.delegation import OpenDelegation, list_open
from app.services.delegation_grant import (
    MAX_TYPED,
    DelegationTense,
    GrantedDelegation,
    find_name,
    grant,
    list_granted,
    read_delegation,
    withdraw,
)
from app.services.fields import date_fields, paris_day
from app.services.timeline import months_before
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import key_of, new_key

FORM, ACT_FORM = "delegation", "act-for"
_USUAL_MONTHS = 3


@dataclass(frozen=True)
class GrantedView:
    """A delegation one granted, in words."""

    id: str
    who: str
    number: str
    period: str
    scope: str
    state: str
    tone: str
    used: str
    is_live: bool


@dataclass(frozen=True)
class OpenView:
    """Somebody one may act for, in words."""

    id: str
    label: str
    role: str
    scope: str
    until: str


class DelegationState(AppState):
    """The page of delegations, on one's own account."""

    is_holder: bool = False
    live: list[GrantedView] = []
    past: list[GrantedView] = []
    open_to_me: list[OpenView] = []
    refusal: str = ""

    fields: dict[str, str] = {}
    form_key: str = ""
    carrier: str = ""
    is_asking: bool = False
    chosen_label: str = ""

    _chosen: UUID | None = None

    @event(Audience.STAFF)
    async def load(self) -> None:
        """Show both lists and an empty form, or what was typed before."""
        self.is_asking, self.page_status = False, "loading"
        found = await self._look_up(_read, now=utc_now())
        if found is None:
            return
        self.is_holder = self._actor.is_professional
        self.refusal = found.refusal
        self._empty_form(found.typed)
        self.carrier = found.carrier
        self._show(found)
        self.page_status = "ready"

    @event(Audience.STAFF)
    async def look_up_carrier(self, typed: str) -> None:
        """Say who carries the number, when the directory or a shared circle knows."""
        self.carrier = await self._look_up(find_name, str(typed)[:MAX_TYPED], now=utc_now()) or ""

    @event(Audience.STAFF)
    async def submit(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """Grant the delegation of the form, after a factor of the last five minutes (S054)."""
        self.fields = typed = {str(name): str(value) for name, value in fields.items()}
        done = await self._perform(_grant, typed, key=key_of(typed), now=utc_now())
        if done is None:
            # The form holds; it is found again after the detour.
            detour = None if self.field_errors else self._confirm_first()
            if detour is not None:
                self.error = ""
                await self._perform(draft.save_draft, FORM, "", typed, now=utc_now())
            return detour
        self.notice = "La délégation est accordée. Vous pouvez la retirer à tout moment."
        self._empty_form({})
        await self._refresh()
        return None

    @event(Audience.STAFF)
    async def cancel(self) -> None:
        """Give up what is typed."""
        await self._perform(draft.drop_draft, FORM, "")
        self._empty_form({})

    @event(Audience.STAFF)
    def open_withdraw(self, delegation_id: str) -> None:
        """Ask before a delegation is withdrawn."""
        row = next((row for row in self.live if row.id == str(delegation_id)), None)
        if row is not None:
            self.error, self._chosen = "", parse_id(row.id)
            self.is_asking, self.chosen_label = True, row.who

    @event(Audience.STAFF)
    def close_dialog(self) -> None:
        """Close the dialog; nothing is done."""
        self.is_asking, self._chosen = False, None

    @event(Audience.STAFF)
    async def confirm_withdraw(self) -> None:
        """Withdraw the chosen delegation at once."""
        if self._chosen is None:
            return
        done = await self._perform(withdraw, self._chosen, now=utc_now())
        self.is_asking, self._chosen = False, None
        if done is not None:
            self.notice = "La délégation est retirée."
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._look_up(_read, now=utc_now())
        if found is not None:
            self._show(found)

    def _show(self, found: "DelegationPage") -> None:
        views = [_granted_view(row) for row in found.granted]
        self.live = [view for view in views if view.is_live]
        self.past = [view for view in views if not view.is_live]
        self.open_to_me = [_open_view(row) for row in found.open_to_me]

    def _empty_form(self, typed: Mapping[str, str]) -> None:
        today = paris_day(utc_now())
        self.fields = {
            **date_fields("starts_on", today),
            **date_fields("ends_on", months_before(today, -_USUAL_MONTHS)),
            "scope": DelegationScope.RECORD.value,
            **typed,
        }
        self.form_key, self.carrier = new_key(), ""
        self.field_errors, self.error = {}, ""


@dataclass(frozen=True)
class DelegationPage:
    """What the page shows, read at one moment."""

    granted: tuple[GrantedDelegation, ...]
    open_to_me: tuple[OpenDelegation, ...]
    typed: dict[str, str]
    carrier: str
    refusal: str


def _read(session: Session, actor: Actor, *, now: datetime) -> DelegationPage:
    typed = draft.load_draft(session, actor, FORM, "")
    number = typed.get("number", "")
    reply = form_reply.read_reply(session, actor, ACT_FORM, now=now)
    return DelegationPage(
        granted=list_granted(session, actor, now=now),
        open_to_me=list_open(session, actor, now=now),
        typed=typed,
        carrier=find_name(session, actor, number, now=now) if number else "",
        refusal="".join(sentence(code) for code in reply.faults.values()),
    )


def _grant(
    session: Session, actor: Actor, fields: Mapping[str, str], *, key: UUID, now: datetime
) -> UUID:
    new = read_delegation(fields, today=paris_day(now))
    granted = grant(session, actor, new, key=key, now=now)
    draft.drop_draft(session, actor, FORM, "")
    return granted


def _granted_view(row: GrantedDelegation) -> GrantedView:
    number = words.number_label(row.number)
    return GrantedView(
        id=str(row.id),
        who=row.name or number,
        number=number,
        period=words.period(row.starts_on, row.ends_on),
        scope=words.SCOPES[row.scope],
        state=words.state(row),
        tone=words.TONES[row.tense],
        used=words.used(row.last_used_at),
        is_live=row.tense is not DelegationTense.PAST,
    )


def _open_view(row: OpenDelegation) -> OpenView:
    return OpenView(
        id=str(row.id),
        label=the_label(row),
        role=", ".join(part for part in (role_label(row), place_label(row)) if part),
        scope=words.SCOPES[row.scope],
        until=words.until_label(row.ends_on),
    )
