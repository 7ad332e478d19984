"""What every page state shares: who is looking, what just happened, and the one way to call a service."""

import logging
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import reflex as rx
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app.authz.actor import ANONYMOUS, Actor
from app.authz.policies import is_factor_fresh
from app.db import reading, unit_of_work
from app.errors import AppError, Forbidden, Invalid, NotFound
from app.homes import MESSAGES_PAGE, SEARCH_PAGE, confirm_path
from app.i18n.messages import sentence, sentence_of
from app.i18n.record_access import LEFT, mode as mode_words, time_left
from app.services import journal
from app.services.access_mode import Mode
from app.services.delegation import DELEGATE_ROLES, Holder
from app.services.record_access import leave_access
from app.state.address import path_of
from app.state.clock import utc_now
from app.state.live import tabs
from app.state.worker import to_reader, to_writer

P = ParamSpec("P")
T = TypeVar("T")

NOBODY = UUID(int=0)

logger = logging.getLogger("liane.state")


class Audience(StrEnum):
    """Who an event or a page is for. `STAFF`: professionals and secretariats, each on their own account.

    `MAILBOX`: professionals, whoever acts for one, and patients.
    """

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    OWN_ACCOUNT = "own_account"
    PROFESSIONAL = "professional"
    SECRETARY = "secretary"
    STAFF = "staff"
    MAILBOX = "mailbox"
    PATIENT = "patient"
    ADMINISTRATOR = "administrator"


def allows(audience: Audience, actor: Actor) -> bool:
    """Whether an actor belongs to an audience."""
    return {
        Audience.PUBLIC: True,
        Audience.SIGNED_IN: actor.is_signed_in,
        Audience.OWN_ACCOUNT: actor.is_signed_in and not actor.is_delegate,
        Audience.PROFESSIONAL: actor.is_professional,
        Audience.SECRETARY: actor.is_secretary,
        Audience.STAFF: actor.role in DELEGATE_ROLES and not actor.is_delegate,
        Audience.MAILBOX: actor.is_professional or actor.is_patient,
        Audience.PATIENT: actor.is_patient,
        Audience.ADMINISTRATOR: actor.is_administrator,
    }[audience]


def event(
    audience: Audience, *, passive: bool = False, even_owing: bool = False, **options: Any
) -> Callable[[Any], Any]:
    """An event handler open to one audience; the guard refuses every handler without one.

    `passive`: started by the page and not by the person, so it does not keep a sign-in alive. `even_owing`:
    open too while a legal text waits for their acceptance (U-25).
    """

    def mark(function: Any) -> Any:
        function._audience = audience
        function._passive = passive
        function._even_owing = even_owing or audience is Audience.PUBLIC
        return rx.event(function, **options) if options else rx.event(function)

    return mark


@dataclass(frozen=True)
class HolderChoice:
    """Somebody one may act for: « la Dre Martin »."""

    id: str
    label: str


class AppState(rx.State):
    """The base of every page state. Holds what the shell shows; gives no right to anybody."""

    viewer_name: str = ""
    viewer_label: str = ""
    viewer_initials: str = ""
    viewer_role: str = ""
    viewer_door: str = ""
    viewer_rpps: str = ""
    viewer_operator: str = ""
    viewer_has_psc: bool = False
    acting_for: str = ""
    acting_until: str = ""
    holders: list[HolderChoice] = []
    mode_words: str = ""
    mode_left: str = ""
    mode_seconds: int = 0
    mode_record: str = ""
    unseen: int = 0  # documents the patient has not opened, in the navigation
    unread: int = 0  # messages not read, there and in the title of the document
    message_notice: str = ""
    message_href: str = ""
    instance_name: str = ""
    instance_place: str = ""
    contact_email: str = ""
    instance_logo: str = ""
    is_demo: bool = False
    has_psc: bool = False

    notice: str = ""
    error: str = ""
    reference: str = ""
    field_errors: dict[str, str] = {}
    page_status: str = "loading"
    shown_path: str = ""
    is_leaving_soon: bool = False

    _owner: str = "?"  # nobody was looked up yet
    _holder: Holder | None = None
    _mode: Mode | None = None
    _actor: Actor = ANONYMOUS
    _carried: str = ""  # the notice of the page before, shown on this one
    _told_until: datetime | None = None  # messages before it were told of, or seen with the page

    @event(Audience.PUBLIC)
    def close_notice(self) -> None:
        """Close the notice at the bottom of the page."""
        self.notice = ""

    def _arrive(self, path: str) -> None:
        """Another page was opened: nothing of the one before is true of it, save the notice that led here.

        A notice that was already carried to one page is not carried to the next.
        """
        if path != self.shown_path:
            if self.notice == self._carried:
                self.notice = ""
            self._carried = self.notice
            self.shown_path, self.page_status = path, "loading"
            self.error, self.reference, self.field_errors = "", "", {}
        if path.startswith(MESSAGES_PAGE):
            self.message_notice = ""

    @event(Audience.SIGNED_IN, passive=True, even_owing=True)
    def warn_leaving(self) -> None:
        """Idleness will soon end the sign-in: offer to stay."""
        self.is_leaving_soon = True

    @event(Audience.SIGNED_IN, even_owing=True)
    def stay(self) -> None:
        """The person is still there; being an act of theirs, this very event keeps the sign-in alive."""
        self.is_leaving_soon = False

    @event(Audience.SIGNED_IN, passive=True)
    def check_mode(self) -> None:
        """A delegation seems to have ended: the guard looks, as at every event, and sends the page home."""

    @event(Audience.PROFESSIONAL)
    async def leave_mode(self) -> rx.event.EventSpec | None:
        """« Quitter le dossier »: the emergency ends before its time."""
        if self._mode is None:
            return None
        done = await self._perform(leave_access, self._mode.id, now=utc_now())
        if done is None:
            return None
        self._show_mode(None)
        self.notice = LEFT
        return rx.redirect(SEARCH_PAGE)

    @event(Audience.PUBLIC, passive=True)
    def leave(self) -> rx.event.EventSpec:
        """The sign-in ended elsewhere or by itself: leave the page."""
        self.is_leaving_soon = False
        return rx.redirect("/connexion")

    def _show_mode(self, mode: Mode | None) -> None:
        """What the bar of an emergency says; nothing of it outside one."""
        if mode is None and self._mode is None:
            return
        self._mode = mode
        remaining = mode.ends_at - utc_now() if mode else timedelta()
        self.mode_words = mode_words(mode.kind) if mode else ""
        self.mode_left = time_left(remaining) if mode else ""
        self.mode_seconds = max(0, int(remaining.total_seconds()))
        self.mode_record = f"/patients/{mode.patient_id}/documents" if mode else ""

    async def _perform(
        self,
        service: Callable[Concatenate[Session, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T | None:
        """Run a service in a worker thread inside one unit of work.

        Returns its result (True when it has none), or None after putting the French sentence of an
        expected failure in `error` (and `field_errors`). A fault of ours is logged under a reference number,
        which is all that is shown.
        """
        self.error, self.reference, self.field_errors = "", "", {}
        return await self._run(unit_of_work, service, args, kwargs)

    async def _look_up(
        self,
        service: Callable[Concatenate[Session, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T | None:
        """Run a service that changes nothing, such as a search: it waits for no writer.

        Faults already shown beside other fields stay.
        """
        return await self._run(reading, service, args, kwargs)

    async def _run(
        self,
        opening: Callable[[], AbstractContextManager[Session]],
        service: Callable[..., T],
        args: Any,
        kwargs: dict[str, Any],
    ) -> T | None:
        actor = self._actor
        run = to_reader if opening is reading else to_writer

        def work() -> tuple[T, journal.Written]:
            with opening() as session:
                result = service(session, actor, *args, **kwargs)
                return result, journal.written_here(session)

        try:
            result, written = await run(work)
        except AppError as failure:
            await _journal_refusal(actor, _act_name(service, args, kwargs), failure)
            self._show_failure(failure)
            return None
        except Exception:
            self.reference = secrets.token_hex(3).upper()
            logger.exception("fault %s in %s", self.reference, service.__name__)
            self.error = sentence("error.unexpected", reference=self.reference)
            if self.page_status == "loading":
                self.page_status = "failed"
            return None
        tabs.saw(self.router.session.client_token, written.seq)
        if written.is_change:
            tabs.wake()
        return cast("T", True) if result is None else result

    def _confirm_first(self, path: str = "") -> rx.event.EventSpec | None:
        """Where a factor is given again, when none was in the last five minutes; None when one was (S054).

        `path`: where to come back to, this page unless said otherwise.

            if (detour := self._confirm_first()) is not None:
                return detour
        """
        if is_factor_fresh(self._actor, now=utc_now()):
            return None
        back_to = path or path_of(self.router.url)
        return rx.redirect(confirm_path(back_to))

    def _id_of_page(self) -> UUID:
        """What the address ends in; the id of nothing when that is none."""
        return parse_id(path_of(self.router.url).rsplit("/", 1)[-1])

    def _watch_topics(self, topics: tuple[str, ...], refresh: Any) -> None:
        """Run `refresh` when an act of these features changes what this tab shows."""
        tabs.watch_topics(self.router.session.client_token, topics, format_event_handler(refresh))

    def _show_failure(self, failure: AppError) -> None:
        if isinstance(failure, Invalid):
            self.field_errors = {
                name: sentence(code, **failure.context) for name, code in failure.fields.items()
            }
        if isinstance(failure, NotFound) and self.page_status != "ready":
            self.page_status = "not_found"
        self.error = sentence_of(failure)


def _act_name(service: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> str:
    """The service that acts, when the one called here only surrounds it."""
    inner = [value for value in (*args, *kwargs.values()) if callable(value)]
    return str(getattr(inner[-1] if inner else service, "__name__", "act"))


async def _journal_refusal(actor: Actor, action: str, failure: AppError) -> None:
    if not isinstance(failure, NotFound | Forbidden) or not actor.is_signed_in:
        return

    def work() -> None:
        with unit_of_work() as session:
            journal.record_refusal(session, actor, action, failure.code, now=utc_now())

    await to_writer(work)


def parse_id(text: object) -> UUID:
    """An identifier from the browser; what cannot be one becomes the id of nothing."""
    try:
        return UUID(str(text))
    except ValueError:
        return NOBODY
