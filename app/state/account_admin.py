"""One account on the administrators' screen: what it is, and what is done to it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from app.i18n import account_admin as words
from app.i18n.format import moment, phone
from app.i18n.professional import name_label, profession_label, rpps_label
from app.models.account import AccountState, Role
from app.models.professional import Profession
from app.services.account_admin import (
    AccountView,
    close_account,
    end_sign_ins,
    reactivate_account,
    read_account,
    suspend_account,
)
from app.services.account_list import AccountRow
from app.services.regulator import (
    confirm_regulator,
    end_regulator,
    list_regulators,
    propose_regulator,
)
from app.services.role_grant import propose_administrator
from app.state.account_list import PATH, AccountLine, account_line, with_capital
from app.state.address import path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now

SUSPEND, REACTIVATE, CLOSE, PROPOSE = "suspendre", "reactiver", "fermer", "proposer"
REGULATE, CONFIRM_REGULATION, END_REGULATION = (
    "regulateur",
    "confirmer-regulateur",
    "retirer-regulateur",
)


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
    may_regulate: bool = False
    may_confirm_regulation: bool = False
    may_end_regulation: bool = False
    dialog: str = ""
    dialog_title: str = ""
    dialog_words: str = ""
    dialog_act: str = ""
    is_reason_asked: bool = False
    reason_label: str = ""
    typed_reason: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the account of the address, and what was being done before a factor was asked for."""
        self.dialog, self.page_status = "", "loading"
        self._watch_topics(
            ("account", "role_grant", "regulator", "registration", "session"),
            AccountAdminState.refresh,
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
            REGULATE: propose_regulator,
            CONFIRM_REGULATION: confirm_regulator,
            END_REGULATION: end_regulator,
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
        self.reason_label = words.ASKED.get(act, "Motif")
        self.error, self.field_errors = "", {}

    async def _read(self) -> None:
        found = await self._perform(read_account, self._id_of_page(), now=utc_now())
        if found is None:
            return
        row = found.row
        self.line, self.facts = account_line(row), _facts(found)
        await self._read_regulation(row)
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

    async def _read_regulation(self, row: AccountRow) -> None:
        found = await self._look_up(list_regulators, account_id=row.id)
        live = found[0] if found else None
        is_doctor = row.profession is Profession.DOCTOR and row.state is AccountState.ACTIVE
        self.may_regulate = is_doctor and live is None
        self.may_end_regulation = live is not None
        self.may_confirm_regulation = (
            live is not None and live.confirmed_at is None and not live.is_own
        )
        if live is not None:
            said = words.regulates(
                live.centre,
                live.proposed_by,
                live.confirmed_at or live.proposed_at,
                is_confirmed=live.confirmed_at is not None,
            )
            self.facts = [*self.facts, Fact("Régulation (SAMU)", said)]


def _facts(found: AccountView) -> list[Fact]:
    row = found.row
    lines = [
        ("Titulaire", name_label(row)),
        ("Intitulé du compte", row.shared_title),
        ("Rôle", words.ROLES[row.role]),
        (
            "Profession",
            with_capital(profession_label(row.profession, row.civility)) if row.profession else "",
        ),
        ("Spécialité", with_capital(row.speciality)),
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
