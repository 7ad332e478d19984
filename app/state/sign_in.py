"""The sign-in pages: what the last post left to say. Nothing secret passes through here."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import reflex as rx
from sqlmodel import Session

from app import cookies
from app.authz.actor import ANONYMOUS
from app.db import reading
from app.homes import CODE_PAGE, HOME, MEMBER_PAGE, SIGN_IN_PAGE
from app.i18n import demonstration
from app.i18n.professional import name_label
from app.i18n.sign_in import GOOD_NEWS
from app.i18n.team import responsible_label
from app.models.session import SignInAttempt, SignInMethod
from app.services import sign_in, sign_in_factor, workstation
from app.services.member import MemberRow
from app.services.second_factor import Way
from app.services.workstation import Workplace
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.factor import FactorView, factor_view, told
from app.state.form import Choice
from app.state.worker import to_reader


@dataclass(frozen=True)
class _Seen:
    """An attempt as a page needs it. `ways`: what its account may give, once the password was right."""

    identifier: str
    next_path: str
    error: str
    retry_at: datetime | None
    is_password_right: bool
    is_factor_given: bool
    is_operator: bool
    ways: tuple[Way, ...]
    present: Way | None
    sent_at: datetime | None
    is_late: bool
    members: tuple[MemberRow, ...]


@dataclass(frozen=True)
class DemoAccount:
    """An account anybody may try in the demonstration. `fill`: what it writes in the form."""

    label: str
    email: str
    fill: str


class SignInState(AppState):
    """Identifier and password, then the factor, then the member of a shared account."""

    identifier: str = ""
    sign_in_error: str = ""
    sign_in_good_news: str = ""
    next_path: str = ""
    workstation_label: str = ""
    is_operator_door_open: bool = False
    factor: FactorView = FactorView()
    members: list[Choice] = []
    demo_accounts: list[DemoAccount] = []
    demo_password: str = ""

    @event(Audience.PUBLIC, passive=True)
    async def load_sign_in(self) -> rx.event.EventSpec | None:
        """Show the sign-in form with what the last attempt says; whoever is signed in goes home."""
        if self._actor.is_signed_in:
            return rx.redirect(HOME[self.viewer_role])
        query = parse_qs(urlsplit(str(self.router.url)).query)
        seen = await self._read_attempt()
        before = seen.next_path if seen else ""
        self.next_path = (query.get("suite") or [before])[0][:500]
        self.identifier = seen.identifier if seen else ""
        is_told_here = seen is not None and not seen.is_password_right
        words = told(seen.error, seen.retry_at) if seen and is_told_here else ""
        is_good = seen is not None and seen.error in GOOD_NEWS
        self.sign_in_good_news, self.sign_in_error = (words, "") if is_good else ("", words)
        self.is_operator_door_open = seen is not None and seen.is_operator
        await self._show_workstation()
        if self.is_demo:
            self.demo_accounts, self.demo_password = _demo_accounts(), demonstration.PASSWORD
        self.page_status = "ready"
        return None

    @event(Audience.PUBLIC, passive=True)
    async def load_code(self) -> rx.event.EventSpec | None:
        """Show where the code went; without an attempt under way, back to the first step."""
        if self._actor.is_signed_in:
            return rx.redirect(HOME[self.viewer_role])
        seen = await self._read_attempt()
        if seen is None or not seen.is_password_right:
            return rx.redirect(SIGN_IN_PAGE)
        if seen.is_factor_given:
            return rx.redirect(MEMBER_PAGE)
        self._show_factor(seen)
        self.sign_in_good_news, self.sign_in_error = "", told(seen.error, seen.retry_at)
        self.page_status = "ready"
        return None

    @event(Audience.PUBLIC, passive=True)
    async def look_late(self) -> None:
        """Say that the message is late once it is."""
        seen = await self._read_attempt()
        if seen is not None and seen.is_password_right and seen.is_late != self.factor.is_late:
            self._show_factor(seen)

    @event(Audience.PUBLIC, passive=True)
    async def load_member(self) -> rx.event.EventSpec | None:
        """Show who may name themselves; before the factor, back to it."""
        if self._actor.is_signed_in:
            return rx.redirect(HOME[self.viewer_role])
        seen = await self._read_attempt()
        if seen is None or not seen.is_factor_given:
            return rx.redirect(CODE_PAGE)
        self.members = [Choice(str(member.id), name_label(member)) for member in seen.members]
        self.sign_in_good_news, self.sign_in_error = "", told(seen.error, seen.retry_at)
        self.page_status = "ready"
        return None

    async def _show_workstation(self) -> None:
        token = cookies.read(self.router.headers.cookie or "", cookies.WORKSTATION)
        place = await to_reader(_workplace, token)
        self.workstation_label = (
            f"Sur ce poste, sous la responsabilité de {responsible_label(place.responsible)}."
            if place
            else ""
        )

    def _show_factor(self, seen: _Seen) -> None:
        self.factor = factor_view(
            seen.ways,
            seen.present,
            sent_at=seen.sent_at,
            is_late=seen.is_late,
            is_sent=seen.sent_at is not None,
        )

    async def _read_attempt(self) -> _Seen | None:
        token = cookies.read(self.router.headers.cookie or "", cookies.ATTEMPT)
        return await to_reader(_read, token, utc_now())


def _demo_accounts() -> list[DemoAccount]:
    accounts = []
    for login, label in demonstration.ACCOUNTS.items():
        email = demonstration.email_of(login)
        fill = json.dumps({"identifier": email, "password": demonstration.PASSWORD})
        accounts.append(DemoAccount(label, email, fill))
    return accounts


def _read(token: str, now: datetime) -> _Seen | None:
    with reading() as session:
        attempt = sign_in.access_attempt(session, token, now=now)
        return _seen(session, attempt, now) if attempt is not None else None


def _workplace(token: str) -> Workplace | None:
    if not token:
        return None
    with reading() as session:
        return workstation.find_workplace(session, ANONYMOUS, token)


def _seen(session: Session, attempt: SignInAttempt, now: datetime) -> _Seen:
    ways = sign_in_factor.list_ways(session, ANONYMOUS, attempt)
    return _Seen(
        identifier=attempt.identifier,
        next_path=attempt.next_path,
        error=attempt.error,
        retry_at=attempt.retry_at,
        is_password_right=attempt.password_ok,
        is_factor_given=attempt.factor_at is not None,
        is_operator=attempt.way is SignInMethod.OPERATOR,
        ways=ways,
        present=sign_in_factor.present_way(attempt, ways),
        sent_at=sign_in_factor.last_code_sent_at(session, ANONYMOUS, attempt),
        is_late=sign_in_factor.is_code_late(session, ANONYMOUS, attempt, now=now),
        members=sign_in_factor.list_attempt_members(session, ANONYMOUS, attempt),
    )
