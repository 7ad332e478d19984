"""The one default-deny guard: every event of every page passes here first (S001–S003, S050–S053).

Identity is looked up from the cookie of the connection at each event. Page state holds no authority: when
its owner is not that identity any more, all of it is dropped before the handler runs.
"""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote, urlsplit
from uuid import UUID

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from sqlmodel import Session

from app import cookies
from app.authz.actor import ANONYMOUS, Actor
from app.db import reading, unit_of_work
from app.homes import CONDITIONS_PAGE, HOME, SIGN_IN_PAGE
from app.i18n.delegation import mode_ended, until_label
from app.i18n.format import initials
from app.i18n.messages import sentence
from app.i18n.professional import rpps_label, the_label
from app.i18n.record_access import over as access_over
from app.i18n.viewer import door_label, viewer_label
from app.models.session import SignInMethod
from app.pace import Pace, socket_pace
from app.services import delegation, delegation_mode, session as sessions, team
from app.services.access_mode import Mode, find_mode
from app.services.document_query import count_unseen
from app.services.instance import InstanceView, read_instance
from app.services.mailbox_unread import read_waiting
from app.settings import get_settings
from app.state.base import AppState, Audience, HolderChoice, allows
from app.state.clock import utc_now
from app.state.live import tabs
from app.state.worker import to_reader, to_writer

_BROWSER_FAULT = (
    "reflex___state____state.reflex___state____frontend_event_exception_state"
    ".handle_frontend_exception"
)
# What the browser sends first, on opening a page and on going to another.
_ON_LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
_NAVIGATION = frozenset({"reflex___state____state.hydrate_and_load", _ON_LOAD})
# The first event of a connection: the page was loaded whole.
_LOADS = frozenset({"reflex___state____state.hydrate", "reflex___state____state.hydrate_and_load"})
FRAMEWORK_EVENTS = frozenset(
    {
        "reflex___state____state.hydrate",
        "reflex___state____state.hydrate_and_load",
        "reflex___state____state.set_is_hydrated",
        "reflex___state____on_load_internal_state.on_load_internal",
        "reflex___state____on_load_internal_state.set_is_hydrated",
        "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal",
        "reflex___state____state.reflex___state____on_load_internal_state.set_is_hydrated",
        "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
        _BROWSER_FAULT,
    }
)


# Said at home of a page that is closed to a role, or to a delegate; not said again on the next page.
_CLOSED_PAGES = (sentence("page.not_yours"), sentence("page.not_as_delegate"))


class PaceKeeper(rx.Middleware):
    """Before the guard: too many events at once get a sentence, and the socket stays (S072)."""

    pace: ClassVar[Pace] = socket_pace()

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event through."""
        if self.pace.take(state.router.session.client_token):
            return None
        base = await state.get_state(AppState)
        base.notice = sentence("request.too_fast")
        return await _answer(state, [])


class Guard(rx.Middleware):
    """Finds who sends the event, drops a state that is not theirs, lets through what is open to them."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event through; an update is the refusal."""
        router = state.router
        token = cookies.read(router.headers.cookie or "", cookies.SESSION)
        now = utc_now()
        arrives = event.name in _NAVIGATION
        identity, instance, mode, waiting = await to_reader(
            _look_up, token, router.session.client_ip, now, arrives=arrives
        )
        base = await state.get_state(AppState)
        actor = identity.actor if identity else replace(ANONYMOUS, address=router.session.client_ip)
        owner = identity.owner if identity else ""
        was, ended = base._owner, ""
        over = _ended_access(base, mode, _here(state), event) if was == owner else ""
        is_anew = was != owner or bool(over)
        if is_anew:
            ended = over or _ended_mode(base, identity, event)
            await _drop(state)
            base._owner = owner
            await _introduce(base, identity)
            base.notice = ended
        base._show_mode(mode)
        if identity and identity.has_lost_mode:
            await to_writer(_release, identity, now)
        if identity and (is_anew or event.name in _LOADS):
            base.holders = await to_reader(_holders, identity, now)
        base._actor = actor
        if instance is not None:
            _show_instance(base, instance)
            base.unseen, base.unread = waiting
            base._told_until = now
        if arrives:
            base.notice = _still_true(base, _here(state))
            base._arrive(_here(state))

        entry = RegistrationContext.get().event_handlers.get(event.name)
        function = getattr(entry.handler, "fn", None) if entry else None
        passive = event.name in FRAMEWORK_EVENTS or getattr(function, "_passive", True)
        idle_ends_at = identity.idle_ends_at if identity else None
        if identity and not passive and sessions.is_touch_due(identity, now=now):
            idle_ends_at = await to_writer(_touch, identity, now)
        tabs.belongs(
            router.session.client_token,
            actor.session_id,
            idle_ends_at,
            actor.delegation_id,
            mode.id if mode else None,
            mailbox_id=_mailbox(actor),
        )
        if ended and event.name not in _LOADS:
            return await _send_home(state, base)

        if event.name in FRAMEWORK_EVENTS:
            return None
        audience = getattr(function, "_audience", None)
        is_open = isinstance(audience, Audience) and allows(audience, actor)
        if is_open and (not actor.owes_acceptance or getattr(function, "_even_owing", False)):
            return None
        return await _refuse(state, base)


async def _drop(state: BaseState) -> None:
    root = state._get_root_state()
    # With Redis a substate is loaded only when asked for: all of them, or some would survive the reset.
    for state_class in list(RegistrationContext.get().base_states.values()):
        if state_class is not rx.State:
            await root.get_state(state_class)
    root.reset()


async def _introduce(base: AppState, identity: sessions.Identity | None) -> None:
    settings = get_settings()
    base.is_demo = settings.is_demo
    base.has_psc = settings.has_psc
    if identity is None:
        return
    base.viewer_name = identity.actor.name
    base.viewer_label = viewer_label(identity)
    base.viewer_initials = initials(identity.given_name, identity.family_name)
    base.viewer_role = identity.actor.role.value if identity.actor.role else ""
    base.viewer_door = door_label(identity)
    base.viewer_rpps = rpps_label(identity.rpps) if identity.rpps else ""
    base.viewer_has_psc = identity.actor.method is SignInMethod.PSC
    if identity.actor.method is SignInMethod.OPERATOR:
        base.viewer_operator = await to_reader(_operator, identity)
    base._holder = identity.holder
    if identity.holder is not None:
        base.acting_for = the_label(identity.holder)
        base.acting_until = until_label(identity.holder.ends_on)


def _still_true(base: AppState, path: str) -> str:
    """The notice of a page that was closed is for the home it led to, and goes with the next page."""
    is_past = base.notice in _CLOSED_PAGES and path != HOME.get(base.viewer_role)
    return "" if is_past else base.notice


def _ended_mode(base: AppState, identity: sessions.Identity | None, event: Event) -> str:
    """What to tell somebody whose delegation ended while they acted under it; '' for anybody else.

    Going back by oneself takes a new token, and with it a new connection: its first event is a load.
    """
    if identity is None or identity.actor.is_delegate:
        return ""
    acted = base.acting_for and base._owner.startswith(f"{identity.actor.session_id}/")
    is_cut = identity.has_lost_mode or (acted and event.name not in _LOADS)
    return mode_ended(base._holder) if is_cut else ""


def _ended_access(base: AppState, mode: Mode | None, path: str, event: Event) -> str:
    """What to tell somebody whose emergency ended while they read that record; '' to anybody else."""
    was = base._mode
    if was is None or was == mode or event.name in _LOADS:
        return ""
    is_there = path.startswith(f"/patients/{was.patient_id}")
    return access_over(was.kind) if is_there else ""


async def _refuse(state: BaseState, base: AppState) -> StateUpdate:
    """Send the person to where they may be: their home when signed in, the sign-in page otherwise.

    Whoever owes an acceptance reads the text first (U-25).
    """
    path = CONDITIONS_PAGE if base._actor.owes_acceptance else HOME.get(base.viewer_role, "")
    if not path:
        here = urlsplit(str(state.router.url)).path
        path = (
            SIGN_IN_PAGE
            if here in {"", "/", SIGN_IN_PAGE}
            else f"{SIGN_IN_PAGE}?suite={quote(here)}"
        )
    elif path != CONDITIONS_PAGE:
        base.notice = base.notice or _CLOSED_PAGES[base._actor.is_delegate]
    return await _answer(state, Event.from_event_type(rx.redirect(path)))


async def _send_home(state: BaseState, base: AppState) -> StateUpdate:
    """Send the page to the person's own home; one that is there already loads what it shows anew."""
    home = HOME[base.viewer_role]
    again = [Event(name=_ON_LOAD)]
    going = again if _here(state) == home else Event.from_event_type(rx.redirect(home))
    return await _answer(state, going)


async def _answer(state: BaseState, events: list[Event]) -> StateUpdate:
    delta = await state._get_resolved_delta()
    state._clean()
    return StateUpdate(delta=delta, events=events)


def _here(state: BaseState) -> str:
    return urlsplit(str(state.router.url)).path.rstrip("/") or "/"


def _operator(identity: sessions.Identity) -> str:
    with reading() as session:
        return team.operator_code_of(session, identity.actor)


def _mailbox(actor: Actor) -> UUID | None:
    """Whose messages the tab counts: the holder's while acting for them, nobody's without a role."""
    if actor.is_patient:
        return actor.patient_id
    return actor.professional_id if actor.is_professional else None


def _look_up(
    token: str, address: str, now: datetime, *, arrives: bool
) -> tuple[sessions.Identity | None, InstanceView | None, Mode | None, tuple[int, int]]:
    """Who holds the cookie, in which mode; for a page that opens, whose portal it is and what waits there."""
    if not token and not arrives:
        return None, None, None, (0, 0)
    with reading() as session:
        identity = sessions.look_up(session, token, address=address, now=now)
        instance = read_instance(session, ANONYMOUS) if arrives else None
        mode = find_mode(session, identity.actor, now=now) if identity else None
        waiting = _waiting(session, identity.actor, now) if identity and arrives else (0, 0)
        return identity, instance, mode, waiting


def _waiting(session: Session, actor: Actor, now: datetime) -> tuple[int, int]:
    """Documents not opened yet, messages not read."""
    return count_unseen(session, actor, now=now), read_waiting(session, actor).unread


def _show_instance(base: AppState, instance: InstanceView) -> None:
    shown = (base.instance_name, base.instance_place, base.contact_email, base.instance_logo)
    logo = f"/instance/logo?v={instance.logo_digest}" if instance.logo_digest else ""
    found = (instance.name, instance.place, instance.contact_email, logo)
    if shown != found:
        base.instance_name, base.instance_place, base.contact_email, base.instance_logo = found


def _touch(identity: sessions.Identity, now: datetime) -> datetime:
    with unit_of_work() as session:
        return sessions.touch(session, identity.actor, now=now)


def _holders(identity: sessions.Identity, now: datetime) -> list[HolderChoice]:
    with reading() as session:
        found = delegation.list_open(session, identity.actor, now=now)
    return [HolderChoice(str(row.id), the_label(row)) for row in found]


def _release(identity: sessions.Identity, now: datetime) -> None:
    with unit_of_work() as session:
        delegation_mode.release(session, identity.actor, now=now)
