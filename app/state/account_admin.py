"""Accounts on the administrators' screen: search, one account, what is done to it, the administrator role."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from app.i18n import account_admin as words, administration as shared
from app.i18n.format import moment, phone
from app.i18n.professional import name_label, profession_label, rpps_label
from app.models.account import AccountState, Role
from app.services.account_admin import (
    MAX_QUERY,
    PAGE_SIZE,
    AccountRow,
    AccountView,
    close_account,
    end_sign_ins,
    list_accounts,
    reactivate_account,
    read_account,
    suspend_account,
)
from app.services.role_grant import (
    GrantView,
    confirm_administrator,
    list_grants,
    propose_administrator,
    refuse_grant,
)
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.paging import Paging, paging

PATH = "/admin/comptes"
SEARCHING = "recherche"
SUSPEND, REACTIVATE, CLOSE, PROPOSE = "suspendre", "reactiver", "fermer", "proposer"
ROLE_WORDS = {
    "professionnels": Role.PROFESSIONAL,
    "secretariats": Role.SECRETARY,
    "patients": Role.PATIENT,
    "administration": Role.ADMINISTRATOR,
}
STATE_WORDS = {
    "actifs": AccountState.ACTIVE,
    "en-attente": AccountState.PENDING,
    "suspendus": AccountState.SUSPENDED,
    "fermes": AccountState.CLOSED,
}


@dataclass(frozen=True)
class AccountLine:
    """One line of the list, in words."""

    id: str = ""
    href: str = ""
    name: str = ""
    under: str = ""
    email: str = ""
    role: str = ""
    rpps: str = ""
    state: str = ""
    tone: str = ""
    created: str = ""


@dataclass(frozen=True)
class GrantLine:
    """A proposal of the administrator role that waits."""

    id: str
    name: str
    href: str
    words: str
    reason: str
    is_own: bool


@dataclass(frozen=True)
class SignInLine:
    """One open sign-in."""

    id: str
    device: str
    method: str
    opened: str
    last: str
    address: str


@dataclass(frozen=True)
class Fact:
    """A name and its value."""

    label: str
    value: str


def account_line(row: AccountRow) -> AccountLine:
    """An account as the list shows it."""
    state, tone = words.STATES[row.state]
    under = ""
    if row.profession is not None:
        under = row.speciality or profession_label(row.profession, row.civility)
    elif row.shared_title:
        under = name_label(row)
    return AccountLine(
        id=str(row.id),
        href=f"{PATH}/{row.id}",
        name=row.shared_title or name_label(row),
        under=_capital(under),
        email=row.email,
        role=words.ROLES[row.role],
        rpps=rpps_label(row.rpps) if row.rpps else "",
        state=state,
        tone=tone,
        created=moment(row.created_at),
    )


class AccountListState(AppState):
    """The accounts of the portal, 25 at a time."""

    rows: list[AccountLine] = []
    grants: list[GrantLine] = []
    is_loaded: bool = False
    lead: str = ""
    query: str = ""
    search_key: str = ""
    search_status: str = ""
    role: str = ""
    state: str = ""
    role_choices: list[Choice] = [
        Choice(word, words.ROLES[role]) for word, role in ROLE_WORDS.items()
    ]
    state_choices: list[Choice] = [
        Choice(word, words.STATES[state][0]) for word, state in STATE_WORDS.items()
    ]
    paging: Paging = Paging()

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the page of the address."""
        chosen = query_of(self.router.url)
        if SEARCHING not in chosen and self.query:
            self.query, self.search_key = "", new_key()
        if not self.is_loaded:
            self.page_status = "loading"
        self._watch_topics(("account", "role_grant", "registration"), AccountListState.refresh)
        await self._read(number_in(chosen, "page", most=99_999))

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """An account changed: the same page again."""
        if path_of(self.router.url) == PATH:
            await self._read(number_in(query_of(self.router.url), "page", most=99_999))

    @event(Audience.ADMINISTRATOR)
    async def search(self, typed: str) -> rx.event.EventSpec | None:
        """Find as one types, from the first page. What is typed stays out of the address (S083)."""
        self.query = str(typed)[:MAX_QUERY]
        await self._read(1)
        chosen = query_of(self.router.url)
        if self.query and (SEARCHING not in chosen or "page" in chosen):
            return rx.redirect(self._address(page=0), replace=True)
        return None

    @event(Audience.ADMINISTRATOR)
    async def clear(self) -> rx.event.EventSpec:
        """Forget the search and the filters."""
        self.query, self.search_key = "", new_key()
        return rx.redirect(PATH)

    @event(Audience.ADMINISTRATOR)
    def choose_role(self, value: str) -> rx.event.EventSpec:
        """Only the accounts of one role."""
        return rx.redirect(self._address(role=value if value in ROLE_WORDS else "", page=0))

    @event(Audience.ADMINISTRATOR)
    def choose_state(self, value: str) -> rx.event.EventSpec:
        """Only the accounts in one state."""
        return rx.redirect(self._address(etat=value if value in STATE_WORDS else "", page=0))

    @event(Audience.ADMINISTRATOR)
    async def confirm(self, grant_id: str) -> rx.event.EventSpec | None:
        """The second « oui » to a proposal of the administrator role (S067)."""
        if (first := self._confirm_first(PATH)) is not None:
            return first
        if await self._perform(confirm_administrator, parse_id(grant_id), now=utc_now()):
            self.notice = words.ROLE_GIVEN
        await self._read_again()
        return None

    @event(Audience.ADMINISTRATOR)
    async def decline(self, grant_id: str) -> None:
        """Say no to a proposal, or take one's own back."""
        if await self._perform(refuse_grant, parse_id(grant_id), now=utc_now()):
            self.notice = words.PROPOSAL_ENDED
        await self._read_again()

    async def _read_again(self) -> None:
        failure = self.error
        await self._read(number_in(query_of(self.router.url), "page", most=99_999))
        self.error = failure

    async def _read(self, page: int) -> None:
        chosen = query_of(self.router.url)
        self.role, self.state = chosen.get("role", ""), chosen.get("etat", "")
        found = await self._look_up(
            list_accounts,
            query=self.query,
            role=ROLE_WORDS.get(self.role),
            state=STATE_WORDS.get(self.state),
            page=page,
            now=utc_now(),
        )
        if found is None:
            return
        grants = await self._look_up(list_grants)
        self.rows = [account_line(row) for row in found.rows]
        self.grants = [_grant_line(grant) for grant in grants or ()]
        is_narrowed = bool(self.query.strip() or self.role or self.state)
        self.search_status = shared.found(found.total) if is_narrowed else ""
        if not is_narrowed:
            self.lead = words.total(found.total)
        self.paging = paging(
            "Comptes",
            lambda number: self._address(page=number),
            page=found.page,
            pages=found.pages,
            size=PAGE_SIZE,
            shown=len(found.rows),
            total=found.total,
        )
        self.is_loaded, self.page_status = True, "ready"

    def _address(self, **changes: object) -> str:
        chosen = {
            name: value
            for name, value in query_of(self.router.url).items()
            if name in {"role", "etat", "page"}
        }
        searching = {SEARCHING: "oui"} if self.query else {}
        return address(PATH, **{**chosen, **searching, **changes})


def _grant_line(grant: GrantView) -> GrantLine:
    return GrantLine(
        id=str(grant.id),
        name=name_label(grant),
        href=f"{PATH}/{grant.account_id}",
        words=words.proposed(grant.proposed_by, grant.proposed_at),
        reason=grant.reason,
        is_own=grant.is_own,
    )


class AccountAdminState(AppState):
    """One account: what it is, its open sign-ins, what may be done."""

    line: AccountLine = AccountLine()
    facts: list[Fact] = []
    sign_ins: list[SignInLine] = []
    explanation: str = ""
    may_suspend: bool = False
    may_reactivate: bool = False
    may_close: bool = False
    may_propose: bool = False
    dialog: str = ""
    dialog_title: str = ""
    dialog_words: str = ""
    dialog_act: str = ""
    is_reason_asked: bool = False
    typed_reason: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the account of the address, and what was being done before a factor was asked for."""
        self.dialog, self.page_status = "", "loading"
        self._watch_topics(
            ("account", "role_grant", "registration", "session"), AccountAdminState.refresh
        )
        await self._read()
        asked = query_of(self.router.url).get("faire", "")
        if self.page_status == "ready" and asked in words.DIALOGS:
            self._open(asked)

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """Somebody else changed this account, or signed in or out of it."""
        if path_of(self.router.url).startswith(f"{PATH}/"):
            await self._read()

    @event(Audience.ADMINISTRATOR)
    def ask(self, act: str) -> rx.event.EventSpec | None:
        """Open the dialog of an act, after a fresh factor (S054)."""
        if act not in words.DIALOGS:
            return None
        if (first := self._confirm_first(f"{PATH}/{self.line.id}?faire={act}")) is not None:
            return first
        self._open(act)
        return None

    @event(Audience.ADMINISTRATOR)
    def close_dialog(self) -> None:
        """Leave everything as it is."""
        self.dialog, self.error, self.field_errors = "", "", {}

    @event(Audience.ADMINISTRATOR)
    async def act(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """Do what the dialog says."""
        service = {
            SUSPEND: suspend_account,
            REACTIVATE: reactivate_account,
            CLOSE: close_account,
            PROPOSE: propose_administrator,
        }.get(self.dialog)
        if service is None:
            return None
        if (first := self._confirm_first(f"{PATH}/{self.line.id}?faire={self.dialog}")) is not None:
            return first
        self.typed_reason = str(fields.get("reason", ""))
        act = self.dialog
        done = await self._perform(
            service, self._id_of_page(), reason=self.typed_reason, now=utc_now()
        )
        if done is None and self.field_errors:
            return None
        self.dialog = ""
        await self._after(words.DONE[act] if done is not None else "")
        return None

    @event(Audience.ADMINISTRATOR)
    async def end_one(self, session_id: str) -> None:
        """End one sign-in."""
        await self._end(parse_id(session_id))

    @event(Audience.ADMINISTRATOR)
    async def end_all(self) -> None:
        """End every sign-in of the account."""
        await self._end(None)

    async def _end(self, session_id: UUID | None) -> None:
        ended = await self._perform(
            end_sign_ins, self._id_of_page(), session_id=session_id, now=utc_now()
        )
        await self._after(words.ended(ended) if ended is not None else "")

    async def _after(self, notice: str) -> None:
        failure = self.error
        await self._read()
        self.error = failure
        if notice:
            self.notice, self.typed_reason = notice, ""

    def _open(self, act: str) -> None:
        title, explanation, button, is_reason_asked = words.DIALOGS[act]
        self.dialog, self.dialog_title, self.dialog_words = act, title, explanation
        self.dialog_act, self.is_reason_asked = button, is_reason_asked
        self.error, self.field_errors = "", {}

    async def _read(self) -> None:
        found = await self._perform(read_account, self._id_of_page(), now=utc_now())
        if found is None:
            return
        row = found.row
        self.line, self.facts = account_line(row), _facts(found)
        self.sign_ins = [
            SignInLine(
                str(sign_in.id),
                sign_in.device,
                words.METHODS[sign_in.method],
                moment(sign_in.opened_at),
                moment(sign_in.last_act_at),
                sign_in.address,
            )
            for sign_in in found.sign_ins
        ]
        is_open_to_change = not (found.is_own or found.is_last_administrator)
        self.may_suspend = row.state is AccountState.ACTIVE and is_open_to_change
        self.may_reactivate = row.state is AccountState.SUSPENDED and not found.is_own
        self.may_close = (
            row.state in {AccountState.ACTIVE, AccountState.SUSPENDED} and is_open_to_change
        )
        self.may_propose = (
            row.state is AccountState.ACTIVE and row.role is Role.SECRETARY and not row.shared_title
        )
        self.explanation = words.explanation(
            row.state, is_own=found.is_own, is_last=found.is_last_administrator
        )
        self.page_status = "ready"


def _facts(found: AccountView) -> list[Fact]:
    row = found.row
    lines = [
        ("Titulaire", name_label(row)),
        ("Intitulé du compte", row.shared_title),
        ("Rôle", words.ROLES[row.role]),
        (
            "Profession",
            _capital(profession_label(row.profession, row.civility)) if row.profession else "",
        ),
        ("Spécialité", _capital(row.speciality)),
        ("N° RPPS", rpps_label(row.rpps) if row.rpps else ""),
        (
            "Identité",
            words.certified(found.identity_certified_at) if found.identity_certified_at else "",
        ),
        ("Identifiant", found.login_name),
        *(
            ("E-mail des notifications" if starred and len(found.emails) > 1 else "E-mail", address)
            for address, starred in found.emails
        ),
        *(
            ("Téléphone", f"{phone(number)}{'' if proved else ' (non vérifié)'}")
            for number, proved in found.phones
        ),
        ("Créé le", moment(row.created_at)),
    ]
    return [Fact(label, value) for label, value in lines if value]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
