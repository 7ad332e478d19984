"""The security of one's own account: password, open sign-ins, known browsers, how one is recognised."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.format import day, local_day, moment
from app.i18n.security import DONE, METHODS, PASSWORD_FORM, TOTP_FORM
from app.services import form_reply, open_sign_in, psc_link, totp
from app.services.form_reply import Reply
from app.services.open_sign_in import DeviceRow, SecurityView, SignInRow
from app.state.address import query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.factor import sentences

PAGE = "/compte/securite"
# Windows that open by themselves when one comes back from giving a factor.
_ON_ARRIVAL = frozenset({"password", "totp", "totp-remove", "codes", "psc-unlink"})


@dataclass(frozen=True)
class SignInView:
    """One open sign-in."""

    id: str
    device: str
    address: str
    method: str
    opened: str
    last_act: str
    is_this_one: bool


@dataclass(frozen=True)
class DeviceView:
    """One known browser."""

    id: str
    label: str
    seen: str
    is_this_one: bool


class SecurityState(AppState):
    """How the account is kept, and the window that is open."""

    is_loaded: bool = False
    sign_ins: list[SignInView] = []
    devices: list[DeviceView] = []
    totp_since: str = ""
    recovery_left: int = 0
    psc_since: str = ""
    psc_unlinked: str = ""
    is_team: bool = False
    window: str = ""

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show the security of the account, and the window the address or the last post asks for."""
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._perform(_read, now=utc_now())
        if found is None:
            return
        view, replies = found
        self._show(view)
        self.window = ""
        for window, reply in replies.items():
            if done := reply.context.get("done", ""):
                self.notice = DONE[done]
            elif reply.faults:
                self.window, faults = window, sentences(reply)
                self.error = faults.pop("", "")
                self.field_errors = faults
        wanted = query_of(self.router.url).get("ouvrir", "")
        is_asked = (
            view.is_fresh
            and wanted in _ON_ARRIVAL
            and not any(reply.context or reply.faults for reply in replies.values())
        )
        if is_asked and (wanted != "totp" or await self._perform(_start_totp, now=utc_now())):
            self.window = wanted

    @event(Audience.OWN_ACCOUNT)
    def open_password(self) -> rx.event.EventSpec | None:
        """« Changer de mot de passe »."""
        return self._confirm_first(f"{PAGE}?ouvrir=password") or self._open("password")

    @event(Audience.OWN_ACCOUNT)
    async def open_totp(self) -> rx.event.EventSpec | None:
        """« Ajouter »: a seed that waits for its first code; the page asks for it outside page state."""
        if (way := self._confirm_first(f"{PAGE}?ouvrir=totp")) is not None:
            return way
        if await self._perform(_start_totp, now=utc_now()):
            self._open("totp")
        return None

    @event(Audience.OWN_ACCOUNT)
    def ask_remove_totp(self) -> rx.event.EventSpec | None:
        """Whether to stop using the application."""
        return self._confirm_first(f"{PAGE}?ouvrir=totp-remove") or self._open("totp-remove")

    @event(Audience.OWN_ACCOUNT)
    async def remove_totp(self) -> None:
        """Stop using it."""
        self.window = ""
        if await self._perform(totp.remove_totp, now=utc_now()):
            self.notice = DONE["totp_removed"]
        await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    def ask_unlink_psc(self) -> rx.event.EventSpec | None:
        """« Dissocier »: whether to."""
        return self._confirm_first(f"{PAGE}?ouvrir=psc-unlink") or self._open("psc-unlink")

    @event(Audience.OWN_ACCOUNT)
    async def unlink_psc(self) -> rx.event.EventSpec | None:
        """Tie the account to Pro Santé Connect no more."""
        if (way := self._confirm_first(f"{PAGE}?ouvrir=psc-unlink")) is not None:
            return way
        if await self._perform(_unlink_psc, now=utc_now()):
            self.window, self.notice = "", DONE["psc_unlinked"]
        await self._refresh()
        return None

    @event(Audience.OWN_ACCOUNT)
    def open_codes(self) -> rx.event.EventSpec | None:
        """« Créer des codes de secours »: they are made and told outside page state."""
        return self._confirm_first(f"{PAGE}?ouvrir=codes") or self._open("codes")

    @event(Audience.OWN_ACCOUNT)
    async def close_codes(self) -> None:
        """The codes were kept somewhere: they are not shown again."""
        self._open("")
        await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    async def close_sign_in(self, session_id: str) -> None:
        """End one sign-in."""
        wanted = parse_id(session_id)
        if await self._perform(open_sign_in.close_sign_in, wanted, now=utc_now()):
            self.notice = DONE["closed"]
        await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    def ask_close_others(self) -> None:
        """Whether to end all the others."""
        self._open("close-others")

    @event(Audience.OWN_ACCOUNT)
    async def close_others(self) -> None:
        """End all the others."""
        self.window = ""
        if await self._perform(open_sign_in.close_others, now=utc_now()) is not None:
            self.notice = DONE["closed_others"]
        await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    async def forget_device(self, device_id: str) -> None:
        """Know a browser no more."""
        wanted = parse_id(device_id)
        if await self._perform(open_sign_in.forget_device, wanted, now=utc_now()):
            self.notice = DONE["forgotten"]
        await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    def close(self) -> None:
        """Close the window."""
        self._open("")

    def _open(self, window: str) -> None:
        self.window, self.error, self.field_errors = window, "", {}

    async def _refresh(self) -> None:
        found = await self._look_up(open_sign_in.read_security, now=utc_now())
        if found is not None:
            self._show(found)

    def _show(self, view: SecurityView) -> None:
        self.sign_ins = [_sign_in(row) for row in view.sign_ins]
        self.devices = [_device(row) for row in view.devices]
        self.totp_since = _since(view.totp_since)
        self.recovery_left = view.recovery_left
        self.psc_since = _since(view.psc_since)
        self.psc_unlinked = _since(view.psc_unlinked_at)
        self.is_team = self._actor.own_professional_id is not None
        self.is_loaded, self.page_status = True, "ready"


def _read(
    session: Session, actor: Actor, *, now: datetime
) -> tuple[SecurityView, dict[str, Reply]]:
    """The security of the account, and what the last posts left to say, by window: said once."""
    replies = {}
    for window, form in (("password", PASSWORD_FORM), ("totp", TOTP_FORM)):
        replies[window] = form_reply.read_reply(session, actor, form, now=now)
        form_reply.clear_reply(session, actor, form)
    return open_sign_in.read_security(session, actor, now=now), replies


def _start_totp(session: Session, actor: Actor, *, now: datetime) -> bool:
    """The seed stays in the base: it is not the page state's to hold."""
    totp.start_totp(session, actor, now=now)
    return True


def _unlink_psc(session: Session, actor: Actor, *, now: datetime) -> bool:
    psc_link.unlink_identity(session, actor, now=now)
    return True


def _since(at: datetime | None) -> str:
    return day(local_day(at)) if at else ""


def _sign_in(row: SignInRow) -> SignInView:
    return SignInView(
        id=str(row.id),
        device=row.device or "Navigateur inconnu",
        address=row.address,
        method=METHODS[row.method],
        opened=moment(row.opened_at),
        last_act=moment(row.last_act_at),
        is_this_one=row.is_this_one,
    )


def _device(row: DeviceRow) -> DeviceView:
    first, last = day(local_day(row.first_seen_at)), day(local_day(row.last_seen_at))
    seen = f"Vu le {last}" if first == last else f"Vu du {first} au {last}"
    return DeviceView(str(row.id), row.label or "Navigateur inconnu", seen, row.is_this_one)
