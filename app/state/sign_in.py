"""The sign-in pages: what the last post left to say. Nothing secret passes through here."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from app import cookies
from app.authz.actor import ANONYMOUS
from app.db import reading
from app.homes import HOME
from app.i18n import demonstration
from app.i18n.format import clock, moment
from app.i18n.messages import sentence
from app.services import sign_in
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.worker import to_reader

_SOON_SECONDS = 12 * 3_600


@dataclass(frozen=True)
class _Seen:
    identifier: str
    next_path: str
    destination: str
    error: str
    retry_at: datetime | None
    sent_at: datetime | None
    is_waiting_for_code: bool


@dataclass(frozen=True)
class DemoAccount:
    """An account anybody may try in the demonstration. `fill`: what it writes in the form."""

    label: str
    email: str
    fill: str


class SignInState(AppState):
    """E-mail and password, then the code."""

    identifier: str = ""
    destination: str = ""
    sent_label: str = ""
    sign_in_error: str = ""
    next_path: str = ""
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
        self.sign_in_error = self._sentence(seen) if seen and not seen.is_waiting_for_code else ""
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
        if seen is None or not seen.is_waiting_for_code:
            return rx.redirect("/connexion")
        self.destination = seen.destination
        self.sent_label = clock(seen.sent_at) if seen.sent_at else ""
        self.sign_in_error = self._sentence(seen)
        self.page_status = "ready"
        return None

    async def _read_attempt(self) -> _Seen | None:
        token = cookies.read(self.router.headers.cookie or "", cookies.ATTEMPT)
        return await to_reader(_read, token, utc_now())

    @staticmethod
    def _sentence(seen: _Seen) -> str:
        if not seen.error:
            return ""
        is_soon = (
            seen.retry_at is not None
            and (seen.retry_at - utc_now()).total_seconds() < _SOON_SECONDS
        )
        time = ""
        if seen.retry_at is not None:
            time = clock(seen.retry_at) if is_soon else moment(seen.retry_at)
        return sentence(seen.error, time=time)


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
        if attempt is None:
            return None
        return _Seen(
            attempt.identifier,
            attempt.next_path,
            attempt.masked_destination,
            attempt.error,
            attempt.retry_at,
            sign_in.last_code_sent_at(session, ANONYMOUS, attempt),
            attempt.password_ok,
        )
