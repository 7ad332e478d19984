"""The authorisation matrix on the administrators' screen: professions, versions, what waits (DM-45)."""

from dataclasses import dataclass

import reflex as rx

from app.i18n import matrix as words
from app.i18n.format import day, local_day, number
from app.i18n.professional import PROFESSIONS, name_label
from app.models.professional import Profession
from app.services.document_type import document_type
from app.services.fields import date_fields, paris_day
from app.services.matrix_admin import (
    ColumnCount,
    Difference,
    VersionRow,
    count_columns,
    discard_changes,
    list_pending,
    list_versions,
    load_changes,
    publish_version,
)
from app.services.matrix_reference import CellValue
from app.state.address import path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import key_of, new_key

PATH = "/admin/matrice"
TOPICS = ("matrix",)
PUBLISH, DISCARD = "publier", "abandonner"
_TYPED = ("effective_on_day", "effective_on_month", "effective_on_year", "note", "source")
_MAX_TYPED = 600


@dataclass(frozen=True)
class CellView:
    """One value in words. `word`: what it is called in a form."""

    word: str
    label: str
    tone: str
    icon: str
    is_unconfirmed: bool


@dataclass(frozen=True)
class ProfessionLine:
    """What one profession may, in numbers."""

    href: str
    label: str
    readable: str
    depositable: str
    to_confirm: str


@dataclass(frozen=True)
class VersionLine:
    """One version, in words."""

    href: str
    label: str
    effective: str
    state: str
    tone: str
    published: str
    by: str
    note: str
    source: str


@dataclass(frozen=True)
class ChangeLine:
    """One cell that changes."""

    key: str
    profession: str
    document: str
    right: str
    before: CellView
    after: CellView


def cell_view(value: CellValue) -> CellView:
    """A value as the tables show it."""
    return CellView(
        word=words.WORD_OF[value],
        label=words.ALLOWED if value.allowed else words.REFUSED,
        tone="success" if value.allowed else "",
        icon="check" if value.allowed else "x",
        is_unconfirmed=not value.is_confirmed,
    )


def change_line(change: Difference) -> ChangeLine:
    """A difference as its table shows it."""
    profession, right, code = change.cell
    return ChangeLine(
        key=f"{profession}-{right}-{code}",
        profession=PROFESSIONS[profession],
        document=document_type(code).label,
        right=words.RIGHTS[right],
        before=cell_view(change.before),
        after=cell_view(change.after),
    )


def version_line(row: VersionRow) -> VersionLine:
    """A version as the history shows it."""
    state, tone = words.state_of(
        row.effective_on, paris_day(utc_now()), is_in_force=row.is_in_force
    )
    return VersionLine(
        href=f"{PATH}/versions/{row.id}",
        label=f"Version {row.number}",
        effective=day(row.effective_on),
        state=state,
        tone=tone,
        published=day(local_day(row.published_at)),
        by=name_label(row) or words.CAME_WITH,
        note=row.note,
        source=row.source,
    )


def _profession_line(profession: Profession, count: ColumnCount) -> ProfessionLine:
    return ProfessionLine(
        href=f"{PATH}/{profession.value}",
        label=PROFESSIONS[profession],
        readable=number(count.readable) if count.readable else "–",
        depositable=number(count.depositable) if count.depositable else "–",
        to_confirm=number(count.unconfirmed),
    )


class MatrixState(AppState):
    """The whole matrix in numbers, its versions, and the changes that wait for publication."""

    is_loaded: bool = False
    lead: str = ""
    coming: str = ""
    professions: list[ProfessionLine] = []
    versions: list[VersionLine] = []
    changes: list[ChangeLine] = []
    changes_label: str = ""
    dialog: str = ""
    form_key: str = ""
    typed: dict[str, str] = dict.fromkeys(_TYPED, "")

    _base_id: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the matrix; after a factor given for it, the question before publishing."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.dialog = ""
        self._watch_topics(TOPICS, MatrixState.refresh)
        await self._read()
        if query_of(self.router.url).get("faire") == PUBLISH and self.changes:
            self._open(PUBLISH)

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """Somebody published: the same page again."""
        if path_of(self.router.url) == PATH:
            await self._read()

    @event(Audience.ADMINISTRATOR)
    def ask(self, act: str) -> rx.event.EventSpec | None:
        """Before publishing, a fresh factor (S054) and a date; before giving up, a question."""
        if act not in {PUBLISH, DISCARD} or not self.changes:
            return None
        if act == PUBLISH and (first := self._confirm_first(f"{PATH}?faire={PUBLISH}")) is not None:
            return first
        self._open(act)
        return None

    @event(Audience.ADMINISTRATOR)
    def close_dialog(self) -> None:
        """Leave everything as it is."""
        self.dialog, self.error, self.field_errors = "", "", {}

    @event(Audience.ADMINISTRATOR)
    async def publish(self, form: dict[str, str]) -> rx.event.EventSpec | None:
        """Publish what waits, made from the version that was read here."""
        self.typed = {name: str(form.get(name, ""))[:_MAX_TYPED] for name in _TYPED}
        if (first := self._confirm_first(f"{PATH}?faire={PUBLISH}")) is not None:
            return first
        done = await self._perform(
            publish_version, parse_id(self._base_id), self.typed, key=key_of(form), now=utc_now()
        )
        if done is None and self.field_errors:
            return None
        failure, self.dialog = self.error, ""
        await self._read()
        if done is None:
            self.error = failure
            return None
        self.typed = dict.fromkeys(_TYPED, "")
        self.notice = words.PUBLISHED.format(number=self.versions[0].label.rpartition(" ")[2])
        return rx.redirect(PATH)

    @event(Audience.ADMINISTRATOR)
    async def discard(self) -> None:
        """Give the changes up."""
        self.dialog = ""
        if await self._perform(discard_changes) is not None:
            await self._read()
            self.notice = words.DISCARDED

    def _open(self, act: str) -> None:
        if not any(self.typed.get(name) for name in _TYPED):
            today = date_fields("effective_on", paris_day(utc_now()))
            self.typed = {"note": "", "source": self.versions[0].source, **today}
        self.dialog, self.error, self.field_errors, self.form_key = act, "", {}, new_key()

    async def _read(self) -> None:
        now = utc_now()
        found = await self._look_up(list_versions, now=now)
        if not found:
            return
        newest, in_force = found[0], next((v for v in found if v.is_in_force), found[-1])
        counts = await self._look_up(count_columns, newest.id)
        own = await self._look_up(load_changes)
        pending = await self._look_up(list_pending, newest.id, now=now)
        if counts is None or own is None or pending is None:
            return
        self._base_id = str(newest.id)
        self.lead = words.lead(in_force.number, in_force.effective_on)
        self.coming = "" if newest.is_in_force else words.coming(newest.number, newest.effective_on)
        self.professions = [_profession_line(p, counts[p]) for p in Profession]
        self.versions = [version_line(row) for row in found]
        self.changes = [change_line(change) for change in pending] if own else []
        self.changes_label = words.changes(len(pending))
        self.is_loaded, self.page_status = True, "ready"
