"""Changes of identity on the administrators' screen: before, after, the answer (MM-40)."""

from dataclasses import dataclass, field
from typing import Any

from app.i18n import account_admin, identity_review as words
from app.i18n.format import moment
from app.i18n.professional import name_label, rpps_label
from app.i18n.profile import TRAITS
from app.services.identity_change import IdentityTraits
from app.services.identity_review import (
    PAGE_SIZE,
    ChangeRow,
    approve_change,
    list_waiting_changes,
    refuse_change,
)
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.paging import Paging, paging

PATH = "/admin/modifications"


@dataclass(frozen=True)
class Difference:
    """One trait, before and after."""

    label: str
    before: str
    after: str
    is_changed: bool


@dataclass(frozen=True)
class ChangeLine:
    """One change that waits."""

    id: str
    name: str
    role: str
    href: str
    asked: str
    is_own: bool
    warning: str
    differences: list[Difference] = field(default_factory=list)


def change_line(row: ChangeRow) -> ChangeLine:
    """A change as the page shows it."""
    return ChangeLine(
        id=str(row.id),
        name=name_label(row.before),
        role=account_admin.ROLES[row.role],
        href=f"/admin/comptes/{row.account_id}",
        asked=moment(row.asked_at),
        is_own=row.is_own,
        warning=words.LOSES_CERTIFICATION if row.loses_certification else "",
        differences=[
            Difference(label, _shown(row.before, name), _shown(row.asked, name), changed)
            for name, label in TRAITS.items()
            if (changed := getattr(row.before, name) != getattr(row.asked, name))
            or name in {"given_name", "family_name"}
        ],
    )


def _shown(traits: IdentityTraits, name: str) -> str:
    value = str(getattr(traits, name))
    return rpps_label(value) if name == "rpps" and value else value or "–"


class IdentityReviewState(AppState):
    """The changes that wait, the oldest first."""

    rows: list[ChangeLine] = []
    is_loaded: bool = False
    lead: str = ""
    paging: Paging = Paging()
    refusing: str = ""
    refusing_name: str = ""
    typed_reason: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the page of the address."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.refusing = ""
        self._watch_topics(("identity_change",), IdentityReviewState.refresh)
        await self._read()

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """Somebody asked, answered or took back."""
        if path_of(self.router.url) == PATH:
            await self._read()

    @event(Audience.ADMINISTRATOR)
    async def approve(self, change_id: str) -> None:
        """Make the change true; pressed twice, its line has gone."""
        if all(row.id != change_id for row in self.rows):
            return
        done = await self._perform(approve_change, parse_id(change_id), now=utc_now())
        await self._after(words.APPROVED if done else "")

    @event(Audience.ADMINISTRATOR)
    def open_refuse(self, change_id: str) -> None:
        """Ask for the reason."""
        line = next((row for row in self.rows if row.id == change_id), None)
        if line is not None:
            self.refusing, self.refusing_name, self.typed_reason = line.id, line.name, ""
            self.error, self.field_errors = "", {}

    @event(Audience.ADMINISTRATOR)
    def close_dialog(self) -> None:
        """Leave everything as it is."""
        self.refusing, self.error, self.field_errors = "", "", {}

    @event(Audience.ADMINISTRATOR)
    async def refuse(self, fields: dict[str, Any]) -> None:
        """Refuse with the reason typed, once: the window closes with it."""
        if not self.refusing:
            return
        self.typed_reason = str(fields.get("reason", ""))
        done = await self._perform(
            refuse_change, parse_id(self.refusing), reason=self.typed_reason, now=utc_now()
        )
        if done is None and self.field_errors:
            return
        self.refusing = ""
        await self._after(words.REFUSED if done else "")

    async def _after(self, notice: str) -> None:
        # The sentence of a fault of the traits themselves stands above the list.
        failure = " ".join(self.field_errors.values()) or self.error
        self.field_errors = {}
        await self._read()
        self.error = failure
        if notice:
            self.notice = notice

    async def _read(self) -> None:
        asked = number_in(query_of(self.router.url), "page", most=9_999)
        found = await self._look_up(list_waiting_changes, page=asked, now=utc_now())
        if found is None:
            return
        self.rows = [change_line(row) for row in found.rows]
        self.lead = words.lead(found.waiting)
        self.paging = paging(
            "Modifications",
            lambda number: address(PATH, page=number),
            page=found.page,
            pages=found.pages,
            size=PAGE_SIZE,
            shown=len(found.rows),
            total=found.waiting,
        )
        self.is_loaded, self.page_status = True, "ready"
