"""The accounts on the administrators' screen, and the administrator roles that wait for a second yes."""

from dataclasses import dataclass

import reflex as rx

from app.i18n import account_admin as words, administration as shared
from app.i18n.format import moment
from app.i18n.professional import name_label, profession_label, rpps_label
from app.models.account import AccountState, Role
from app.services.account_list import MAX_QUERY, PAGE_SIZE, AccountRow, list_accounts
from app.services.regulator import RegulatorView, list_regulators
from app.services.role_grant import (
    GrantView,
    confirm_administrator,
    list_grants,
    refuse_grant,
)
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.paging import Paging, paging_of

PATH = "/admin/comptes"
SEARCHING = "recherche"
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
        under=with_capital(under),
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
    regulators: list[GrantLine] = []
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
        self._watch_topics(
            ("account", "role_grant", "regulator", "registration"), AccountListState.refresh
        )
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
        waiting = await self._look_up(list_regulators)
        self.regulators = [_regulator_line(each) for each in waiting or ()]
        is_narrowed = bool(self.query.strip() or self.role or self.state)
        self.search_status = shared.found(found.total) if is_narrowed else ""
        if not is_narrowed:
            self.lead = words.total(found.total)
        self.paging = paging_of(
            "Comptes", lambda number: self._address(page=number), found, size=PAGE_SIZE
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


def _regulator_line(row: RegulatorView) -> GrantLine:
    return GrantLine(
        id=str(row.account_id),
        name=name_label(row),
        href=f"{PATH}/{row.account_id}",
        words=words.regulates(row.centre, row.proposed_by, row.proposed_at, is_confirmed=False),
        reason="",
        is_own=row.is_own,
    )


def with_capital(words: str) -> str:
    return words[:1].upper() + words[1:]
