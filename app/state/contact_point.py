"""Addresses and telephones: added with a code, starred, used to sign in, removed (MM-41 to MM-48)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.contact_point import APPLICATION_MARK, DONE, EMAIL_FORM, PHONE_FORM
from app.i18n.format import clock, day, local_day, phone as phone_label
from app.models.one_time_code import CodePurpose
from app.services import application, contact_email, contact_phone, contact_point, form_reply
from app.services.contact_point import AddressRow, Contacts, Waiting
from app.services.form_reply import Reply
from app.services.one_time_code import Outcome
from app.state.address import query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.factor import told

PAGE = "/compte/coordonnees"


@dataclass(frozen=True)
class AddressView:
    """One address."""

    id: str
    address: str
    is_starred: bool
    is_login: bool
    since: str
    applications: str
    may_remove: bool


@dataclass(frozen=True)
class PhoneView:
    """One telephone."""

    id: str
    number: str
    since: str
    is_verified: bool


@dataclass(frozen=True)
class UseView:
    """An application to tick; `elsewhere`: the address it is used with now."""

    id: str
    field: str
    name: str
    is_used: bool
    elsewhere: str


@dataclass(frozen=True)
class CodeView:
    """A code to give back: where it went, when, and what went wrong with it."""

    target: str = ""
    shown: str = ""
    sent: str = ""
    error: str = ""


class ContactState(AppState):
    """What reaches somebody, and the window that is open."""

    is_loaded: bool = False
    addresses: list[AddressView] = []
    phones: list[PhoneView] = []
    window: str = ""
    subject_id: str = ""
    subject: str = ""
    uses: list[UseView] = []
    email_code: CodeView = CodeView()
    phone_code: CodeView = CodeView()
    typed: str = ""
    window_error: str = ""

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show the addresses and telephones, and the window that the address or the last post asks for."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.window = ""
        found = await self._perform(_read, now=utc_now())
        if found is None:
            return
        contacts, email_reply, phone_reply = found
        self._show(contacts)
        self.email_code = _code(contacts.waiting_address, email_reply)
        self.phone_code = _code(contacts.waiting_phone, phone_reply)
        done = email_reply.context.get("done", "") or phone_reply.context.get("done", "")
        if done:
            self.notice = DONE[done]
        elif self.email_code.target:
            self.window = "email-code"
        elif self.phone_code.target:
            self.window = "phone-code"
        else:
            self._open(query_of(self.router.url).get("ouvrir", ""))

    @event(Audience.OWN_ACCOUNT)
    def open_email(self) -> rx.event.EventSpec | None:
        """« Ajouter une adresse »."""
        return self._confirm_first(f"{PAGE}?ouvrir=email") or self._open("email")

    @event(Audience.OWN_ACCOUNT)
    def open_phone(self) -> rx.event.EventSpec | None:
        """« Ajouter un téléphone »."""
        return self._confirm_first(f"{PAGE}?ouvrir=phone") or self._open("phone")

    @event(Audience.OWN_ACCOUNT)
    async def send_email_code(self, form: dict[str, str]) -> None:
        """« VALIDER L'ADRESSE »: a code leaves for it."""
        await self._send(contact_email.ask_address, str(form.get("email", "")), "email-code")

    @event(Audience.OWN_ACCOUNT)
    async def send_phone_code(self, form: dict[str, str]) -> None:
        """A code leaves for the number, by SMS."""
        await self._send(contact_phone.ask_phone, str(form.get("phone", "")), "phone-code")

    @event(Audience.OWN_ACCOUNT)
    async def send_again(self) -> None:
        """Another code to the same place."""
        if self.window == "email-code":
            await self._send(contact_email.ask_address, self.email_code.target, self.window)
        else:
            await self._send(contact_phone.ask_phone, self.phone_code.target, self.window)

    @event(Audience.OWN_ACCOUNT)
    async def give_up(self) -> None:
        """Another address, or none: the code that was sent opens nothing any more."""
        purpose = CodePurpose.EMAIL_ADDRESS if self.window == "email-code" else CodePurpose.PHONE
        await self._perform(contact_point.forget_waiting, purpose, now=utc_now())
        self.email_code, self.phone_code = CodeView(), CodeView()
        self._open("")

    @event(Audience.OWN_ACCOUNT)
    async def star(self, email_id: str) -> None:
        """Send notifications to this address."""
        if await self._perform(contact_email.star_address, parse_id(email_id), now=utc_now()):
            self.notice = DONE["starred"]
            await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    def ask(self, window: str, subject_id: str, subject: str) -> rx.event.EventSpec | None:
        """Open what is confirmed first: `login`, `remove-email` or `remove-phone`."""
        way = self._confirm_first(PAGE)
        if way is None and window in {"login", "remove-email", "remove-phone"}:
            self._open(window)
            self.subject_id, self.subject = str(subject_id)[:40], str(subject)[:254]
        return way

    @event(Audience.OWN_ACCOUNT)
    async def confirm(self) -> None:
        """Do what the open window asks about."""
        acts = {
            "login": contact_email.use_for_sign_in,
            "remove-email": contact_email.remove_address,
            "remove-phone": contact_phone.remove_phone,
        }
        act, done = acts.get(self.window), self.window
        if act is None:
            return
        self.window = ""
        if await self._perform(act, parse_id(self.subject_id), now=utc_now()):
            self.notice = DONE[done]
            await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    async def open_uses(self, email_id: str) -> None:
        """The applications where this address is the identifier (MM-48)."""
        found = await self._look_up(contact_point.read_contacts, now=utc_now())
        row = next((a for a in found.addresses if str(a.id) == email_id), None) if found else None
        if found is None or row is None:
            return
        self._open("uses")
        self.subject_id, self.subject = str(row.id), row.address
        self.uses = _uses(found, row)

    @event(Audience.OWN_ACCOUNT)
    async def save_uses(self, form: dict[str, str]) -> None:
        """The applications that are ticked, and no other."""
        wanted = [parse_id(use.id) for use in self.uses if form.get(use.field)]
        email_id = parse_id(self.subject_id)
        self.window = ""
        if await self._perform(application.choose_uses, email_id, wanted, now=utc_now()):
            self.notice = DONE["uses"]
            await self._refresh()

    @event(Audience.OWN_ACCOUNT)
    def close(self) -> None:
        """Close the window."""
        self._open("")

    def _open(self, window: str) -> None:
        self.window, self.window_error, self.typed = window, "", ""
        self.error, self.field_errors = "", {}

    async def _send(self, service: object, typed: str, then: str) -> None:
        self.typed, self.window_error = typed[:254], ""
        outcome = await self._perform(service, typed, now=utc_now())  # type: ignore[arg-type]
        if outcome is None:
            return
        assert isinstance(outcome, Outcome)
        if not outcome.is_ok:
            self.window_error = told(outcome.error, outcome.retry_at)
            return
        contacts = await self._look_up(contact_point.read_contacts, now=utc_now())
        if contacts is not None:
            self.email_code = _code(contacts.waiting_address, Reply())
            self.phone_code = _code(contacts.waiting_phone, Reply())
            self.uses = _uses(contacts, None)
            self._open(then)

    async def _refresh(self) -> None:
        found = await self._look_up(contact_point.read_contacts, now=utc_now())
        if found is not None:
            self._show(found)

    def _show(self, found: Contacts) -> None:
        self.addresses = [_address(row, found) for row in found.addresses]
        self.phones = [
            PhoneView(
                str(row.id),
                phone_label(row.number),
                f"Vérifié le {day(local_day(row.verified_at))}" if row.verified_at else "",
                row.verified_at is not None,
            )
            for row in found.phones
        ]
        self.uses = _uses(found, None)
        self.is_loaded, self.page_status = True, "ready"


def _read(session: Session, actor: Actor, *, now: datetime) -> tuple[Contacts, Reply, Reply]:
    """The contacts, and what the last posts left to say: said once."""
    replies = []
    for form in (EMAIL_FORM, PHONE_FORM):
        replies.append(form_reply.read_reply(session, actor, form, now=now))
        form_reply.clear_reply(session, actor, form)
    return contact_point.read_contacts(session, actor, now=now), replies[0], replies[1]


def _address(row: AddressRow, found: Contacts) -> AddressView:
    return AddressView(
        id=str(row.id),
        address=row.address,
        is_starred=row.is_starred,
        is_login=row.is_login,
        since=f"Vérifiée le {day(local_day(row.verified_at))}",
        applications=", ".join(name.name for name in row.applications),
        may_remove=not row.is_login and len(found.addresses) > 1,
    )


def _uses(found: Contacts, row: AddressRow | None) -> list[UseView]:
    where = {name.id: address for address in found.addresses for name in address.applications}
    return [
        UseView(
            id=str(name.id),
            field=f"{APPLICATION_MARK}{name.id}",
            name=name.name,
            is_used=row is not None and where.get(name.id) == row,
            elsewhere=where[name.id].address if name.id in where and where[name.id] != row else "",
        )
        for name in found.applications
    ]


def _code(waiting: Waiting | None, reply: Reply) -> CodeView:
    """The code that is waited for, or what became of the one that was: too many tries, too late."""
    to = waiting.to if waiting else reply.context.get("to", "") if reply.faults else ""
    return CodeView(
        target=to,
        shown=phone_label(to),
        sent=clock(waiting.sent_at) if waiting else "",
        error=_fault(reply.faults),
    )


def _fault(faults: Mapping[str, str]) -> str:
    return next((told(code, None) for code in faults.values()), "")
