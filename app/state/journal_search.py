"""The journal on the administrators' screen: filters, pages, verification; nothing of it in the address."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.i18n import journal_search as words
from app.i18n.format import moment
from app.i18n.messages import MESSAGES as SENTENCES, sentence
from app.models.journal import JournalKind
from app.services.account_list import list_accounts
from app.services.fields import FieldReader, parse_key
from app.services.journal_search import (
    JournalFilter,
    JournalLine,
    note_request,
    search_journal,
)
from app.state.account_list import account_line
from app.state.address import query_of
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.journal_check import check

PATH = "/admin/journal"
SHOWN_ACCOUNTS = 6
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class JournalRow:
    """One line, in words."""

    seq: str
    at: str
    who: str
    who_href: str
    under: str
    act: str
    about: str
    kind: str
    result: str
    why: str
    is_ok: bool
    address: str


@dataclass(frozen=True)
class FoundAccount:
    """An account a filter may be put on."""

    id: str
    name: str
    under: str


def journal_row(line: JournalLine) -> JournalRow:
    """A line as the list shows it."""
    under = []
    if line.member is not None:
        under.append(words.person(line.member))
    if line.behalf is not None:
        under.append(f"pour {words.person(line.behalf)}")
    return JournalRow(
        seq=str(line.seq),
        at=moment(line.at),
        who=words.person(line.who),
        who_href=f"/admin/comptes/{line.account_id}" if line.who else "",
        under=", ".join(under),
        act=words.act(line),
        about=words.about(line),
        kind=words.KINDS[line.kind],
        result=words.result(line),
        why=_why(line),
        is_ok=line.result == "ok",
        address=line.address,
    )


def _why(line: JournalLine) -> str:
    """The sentence of a refusal, as the person read it; '' for what went well."""
    return SENTENCES.get(line.result) or words.why(line)


def read_filter(fields: dict[str, str], faults: dict[str, str]) -> JournalFilter:
    """What a form looks for; what cannot be read waits in `faults`."""
    typed_object = fields.get("object_id", "").strip()
    object_id = parse_key(typed_object) if typed_object else None
    if typed_object and object_id is None:
        faults["object_id"] = "journal_search.object"
    kind = fields.get("kind", "")
    result = fields.get("result", "")
    return JournalFilter(
        account_id=parse_key(fields.get("account_id", "")),
        action=fields.get("action", "")[:60],
        kind=JournalKind(kind) if kind in {each.value for each in JournalKind} else None,
        is_ok={"reussi": True, "refuse": False}.get(result),
        object_id=object_id,
        from_on=_day(fields.get("from_on", ""), "from_on", faults),
        to_on=_day(fields.get("to_on", ""), "to_on", faults),
    )


def _day(typed: str, name: str, faults: dict[str, str]) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        faults[name] = "date.format"
        return None


class JournalSearchState(AppState):
    """The lines a filter finds, 50 at a time."""

    rows: list[JournalRow] = []
    is_loaded: bool = False
    form_key: str = ""
    fields: dict[str, str] = {}
    applied: dict[str, str] = {}
    account_name: str = ""
    accounts: list[FoundAccount] = []
    account_key: str = ""
    action_choices: list[Choice] = []
    has_older: bool = False
    is_first: bool = True
    cut_words: str = ""
    is_checking: bool = False
    check_words: str = ""
    is_intact: bool = True

    _wanted: JournalFilter = JournalFilter()
    _older: int = 0

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the newest lines, or those of the account a link asks for."""
        if not self.is_loaded:
            self.page_status = "loading"
            self.action_choices = [Choice(action, label) for label, action in words.actions()]
        asked = parse_key(query_of(self.router.url).get("compte", ""))
        self._forget()
        if asked is not None:
            await self._choose(asked)
        await self._read(0)

    @event(Audience.ADMINISTRATOR)
    async def find_account(self, typed: str) -> None:
        """Accounts with these words, to put the filter on one."""
        query = str(typed).strip()
        if len(query) < 2:  # noqa: PLR2004 - one letter finds too much
            self.accounts = []
            return
        found = await self._look_up(list_accounts, query=query, now=utc_now())
        lines = [account_line(row) for row in found.rows[:SHOWN_ACCOUNTS]] if found else []
        self.accounts = [FoundAccount(line.id, line.name, line.email) for line in lines]

    @event(Audience.ADMINISTRATOR)
    async def choose_account(self, account_id: str) -> None:
        """Only the lines of this account, and those on its behalf."""
        chosen = next((row for row in self.accounts if row.id == account_id), None)
        if chosen is None:
            return
        self.account_name, self.accounts, self.account_key = chosen.name, [], new_key()
        self._wanted = replace(self._wanted, account_id=parse_key(chosen.id))
        await self._read(0)

    @event(Audience.ADMINISTRATOR)
    async def drop_account(self) -> None:
        """The lines of everybody again."""
        self.account_name, self.account_key = "", new_key()
        self._wanted = replace(self._wanted, account_id=None)
        await self._read(0)

    @event(Audience.ADMINISTRATOR)
    async def search(self, fields: dict[str, Any]) -> None:
        """Apply the filters of the form."""
        typed = {str(name): str(value) for name, value in fields.items()}
        faults: dict[str, str] = {}
        days = FieldReader(typed)
        period = {name: days.date(name, missing=None) for name in ("from_on", "to_on")}
        wanted = replace(read_filter(typed, faults), **period)
        faults |= days.faults
        self.fields = typed
        if faults:
            self.field_errors = {name: sentence(code) for name, code in faults.items()}
            return
        self.field_errors = {}
        self._wanted = replace(wanted, account_id=self._wanted.account_id)
        await self._read(0)

    @event(Audience.ADMINISTRATOR)
    async def clear(self) -> None:
        """No filter any more."""
        self._forget()
        await self._read(0)

    @event(Audience.ADMINISTRATOR)
    async def older(self) -> None:
        """The lines before those shown, or the rest of a search that stopped."""
        if self._older:
            await self._read(self._older)

    @event(Audience.ADMINISTRATOR)
    async def newest(self) -> None:
        """Back to the newest lines."""
        await self._read(0)

    @event(Audience.ADMINISTRATOR)
    async def verify(self) -> None:
        """Have the whole chain read again, in the background."""
        if await self._perform(note_request, now=utc_now()) is None:
            return
        check.start()
        self._show_check()

    @event(Audience.ADMINISTRATOR, passive=True, background=True)
    async def follow_check(self) -> None:
        """Show how far the verification is, until it ends."""
        while check.progress.is_running:
            async with self:
                self._show_check()
            await asyncio.sleep(_POLL_SECONDS)
        async with self:
            self._show_check()

    def _show_check(self) -> None:
        now = check.progress
        self.is_checking = now.is_running
        if now.is_running:
            self.check_words = words.progress(now.lines, now.total)
        elif now.is_done:
            self.check_words = words.verified(now.lines, now.first_bad_seq)
        self.is_intact = not (now.first_bad_seq or now.is_failed)
        if now.is_failed:
            self.check_words = words.FAILED

    def _forget(self) -> None:
        self._wanted, self.fields = JournalFilter(), {}
        self.account_name, self.accounts = "", []
        self.form_key, self.account_key = new_key(), new_key()
        self.error, self.field_errors = "", {}

    async def _choose(self, account_id: UUID) -> None:
        self._wanted = JournalFilter(account_id=account_id)
        found = await self._look_up(search_journal, self._wanted, now=utc_now())
        line = next((x for x in found.lines if x.account_id == account_id), None) if found else None
        self.account_name = words.person(line.who) if line and line.who else words.ONE_ACCOUNT

    async def _read(self, before: int) -> None:
        found = await self._look_up(search_journal, self._wanted, before=before, now=utc_now())
        if found is None:
            return
        self.rows = [journal_row(line) for line in found.lines]
        self._older, self.has_older = found.older, found.older > 0
        self.is_first = before == 0
        self.cut_words = words.CUT if found.is_cut else ""
        self.applied = _applied(self._wanted)
        self._show_check()
        self.is_loaded, self.page_status = True, "ready"


def _applied(wanted: JournalFilter) -> dict[str, str]:
    """The filters in force, as the export sends them back."""
    result = {None: "", True: "reussi", False: "refuse"}[wanted.is_ok]
    return {
        "account_id": str(wanted.account_id or ""),
        "action": wanted.action,
        "kind": wanted.kind.value if wanted.kind else "",
        "result": result,
        "object_id": str(wanted.object_id or ""),
        "from_on": wanted.from_on.isoformat() if wanted.from_on else "",
        "to_on": wanted.to_on.isoformat() if wanted.to_on else "",
    }
