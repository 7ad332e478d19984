"""One profession of the matrix on the administrators' screen: each type and its two rights (DM-45)."""

from dataclasses import dataclass, replace

import reflex as rx

from app.i18n import matrix as words
from app.i18n.professional import PROFESSIONS
from app.models.document import RecordCategory
from app.models.matrix import MatrixRight
from app.models.professional import Profession
from app.services.document_type import document_type, types_of
from app.services.matrix_admin import change_cells, list_versions, load_changes, read_column
from app.services.matrix_reference import Cell, CellValue
from app.services.text import fold
from app.state.address import address, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.matrix import PATH, TOPICS, CellView, cell_view

_MAX_QUERY = 80
READ, DEPOSIT = MatrixRight.READ, MatrixRight.DEPOSIT


@dataclass(frozen=True)
class TypeLine:
    """One type of document: what the profession may do with it."""

    code: str
    label: str
    read: CellView
    deposit: CellView
    is_changed: bool


def _is_shown(line: TypeLine, shown: str) -> bool:
    """Whether a filter of the address keeps a line."""
    return {
        "autorises": line.read.label == words.ALLOWED,
        "refuses": line.read.label == words.REFUSED,
        "a-confirmer": line.read.is_unconfirmed or line.deposit.is_unconfirmed,
        "modifies": line.is_changed,
    }.get(shown, True)


class MatrixColumnState(AppState):
    """The types by category of the record, narrowed by a word and a filter; read, or edited."""

    profession: str = ""
    label: str = ""
    choices: list[Choice] = [Choice(p.value, label) for p, label in PROFESSIONS.items()]
    version: str = ""
    lines: dict[str, list[TypeLine]] = {}
    query: str = ""
    search_key: str = ""
    search_status: str = ""
    shown: str = ""
    is_editing: bool = False
    has_lines: bool = False
    generation: str = ""
    waiting: str = ""
    filters: dict[str, str] = {}
    edit_href: str = ""

    _base_id: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the profession of the address."""
        here, chosen = path_of(self.router.url).rsplit("/", 1)[-1], query_of(self.router.url)
        if here != self.profession:
            self.page_status, self.query = "loading", ""
        self.shown, self.is_editing = chosen.get("montrer", ""), chosen.get("modifier") == "1"
        if here not in set(Profession):
            self.page_status = "not_found"
            return
        self.profession, self.label = here, PROFESSIONS[Profession(here)]
        self.search_key = self.generation = new_key()
        self._watch_topics(TOPICS, MatrixColumnState.refresh)
        self._link()
        await self._read()

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """Somebody published: the same page again."""
        if path_of(self.router.url) == f"{PATH}/{self.profession}":
            self.generation = new_key()
            await self._read()

    @event(Audience.ADMINISTRATOR)
    async def search(self, typed: str) -> None:
        """Only the types whose name or code holds these words."""
        self.query = str(typed)[:_MAX_QUERY]
        await self._read()

    @event(Audience.ADMINISTRATOR)
    async def clear(self) -> None:
        """Forget the word that was typed."""
        self.query, self.search_key = "", new_key()
        await self._read()

    @event(Audience.ADMINISTRATOR)
    def choose(self, profession: str) -> rx.event.EventSpec | None:
        """Another profession, under the same filter."""
        if profession not in set(Profession):
            return None
        edited = "1" if self.is_editing else ""
        return rx.redirect(address(f"{PATH}/{profession}", montrer=self.shown, modifier=edited))

    @event(Audience.ADMINISTRATOR)
    async def change(self, code: str, right: str, word: str) -> None:
        """One cell says something else; it waits for publication."""
        await self._change([code], right, word)

    @event(Audience.ADMINISTRATOR)
    async def change_all(self, category: str, right: str, word: str) -> None:
        """Every type of a category that is shown says the same."""
        await self._change([line.code for line in self.lines.get(category, [])], right, word)
        self.generation = new_key()

    async def _change(self, codes: list[str], right: str, word: str) -> None:
        is_known = right in set(MatrixRight) and word in words.CHOICES
        if not (is_known and self.profession and codes):
            return
        value = words.CHOICES[word][0]
        asked: dict[Cell, CellValue] = {
            (Profession(self.profession), MatrixRight(right), code): value for code in codes
        }
        done = await self._perform(change_cells, parse_id(self._base_id), asked, now=utc_now())
        if done is None:
            self.generation = new_key()
        else:
            self.waiting = words.waiting(len(done))
            self.lines = {
                category: [_changed(line, done, asked) for line in lines]
                for category, lines in self.lines.items()
            }

    async def _read(self) -> None:
        if not self.profession:  # called before any page was opened
            return
        found = await self._look_up(list_versions, now=utc_now())
        own = await self._look_up(load_changes)
        if not found or own is None:
            return
        profession, newest = Profession(self.profession), found[0]
        base = await self._look_up(read_column, newest.id, profession)
        if base is None:
            return
        self._base_id, self.version = (
            str(newest.id),
            words.version(newest.number, newest.effective_on),
        )
        self.waiting = words.waiting(len(own))
        looked_for, lines = fold(self.query).split(), {}
        for category in RecordCategory:
            of_category = [
                line
                for code in types_of(category)
                if (line := _line(profession, code, base | own, own))
                and _is_shown(line, self.shown)
                and all(word in fold(f"{line.label} {code}") for word in looked_for)
            ]
            lines[category.value] = of_category
        self.lines = lines
        total = sum(len(each) for each in lines.values())
        self.has_lines, self.search_status = total > 0, words.types_found(total)
        self.page_status = "ready"

    def _link(self) -> None:
        here, edited = f"{PATH}/{self.profession}", "1" if self.is_editing else ""
        self.filters = {
            name or "tous": address(here, montrer=name, modifier=edited)
            for name in ("", "autorises", "refuses", "a-confirmer", "modifies")
        }
        self.edit_href = address(here, montrer=self.shown, modifier="" if self.is_editing else "1")


def _line(
    profession: Profession, code: str, cells: dict[Cell, CellValue], own: dict[Cell, CellValue]
) -> TypeLine:
    read, deposit = (profession, READ, code), (profession, DEPOSIT, code)
    return TypeLine(
        code=code,
        label=document_type(code).label,
        read=cell_view(cells[read]),
        deposit=cell_view(cells[deposit]),
        is_changed=read in own or deposit in own,
    )


def _changed(
    line: TypeLine, waiting: dict[Cell, CellValue], asked: dict[Cell, CellValue]
) -> TypeLine:
    for cell, value in asked.items():
        profession, right, code = cell
        if code == line.code:
            view = cell_view(value)
            line = replace(line, read=view) if right is READ else replace(line, deposit=view)
            is_changed = any((profession, each, code) in waiting for each in MatrixRight)
            line = replace(line, is_changed=is_changed)
    return line
