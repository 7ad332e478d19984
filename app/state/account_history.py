"""The access history of one's own account, page by page (issue 3, item 4)."""

from dataclasses import dataclass

from app.i18n.format import NARROW, clock, full_name, local_day, weekday
from app.i18n.journal import END_REASONS, action_label
from app.i18n.messages import MESSAGES
from app.i18n.professional import short_label
from app.models.journal import JournalKind
from app.services.account_history import HistoryLine, Person, list_history
from app.state.address import address, number_in, query_of
from app.state.base import AppState, Audience, event

PAGE = "/compte/historique"
_MOST = 10**15
_ICONS = {
    JournalKind.READ: "eye",
    JournalKind.CHANGE: "pencil",
    JournalKind.REFUSAL: "circle-x",
    JournalKind.ACCESS: "log-in",
}


@dataclass(frozen=True)
class LineView:
    """One line. `day`: filled where another day begins."""

    id: str
    day: str
    at: str
    what: str
    more: str
    icon: str
    is_refusal: bool


class AccountHistoryState(AppState):
    """One page of the history."""

    is_loaded: bool = False
    lines: list[LineView] = []
    older: str = ""
    newest: str = ""

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show the page the address names: the newest, or the one before a line."""
        if not self.is_loaded:
            self.page_status = "loading"
        before = number_in(query_of(self.router.url), "avant", most=_MOST)
        found = await self._look_up(list_history, before=before)
        if found is None:
            return
        self.lines = history_lines(found.lines)
        self.older = address(PAGE, avant=found.older) if found.older else ""
        self.newest = PAGE if before else ""
        self.is_loaded, self.page_status = True, "ready"


def history_lines(lines: tuple[HistoryLine, ...]) -> list[LineView]:
    """Lines of the journal in words, the day above the first of each."""
    return _with_days([_line(line) for line in lines], lines)


def _line(line: HistoryLine) -> LineView:
    is_refusal = line.kind is JournalKind.REFUSAL
    return LineView(
        id=str(line.seq),
        day="",
        at=clock(line.at),
        what=action_label(line.action, line.kind),
        more=" · ".join(
            part for part in (_who(line), _patient(line), _result(line), _place(line)) if part
        ),
        icon=_ICONS[line.kind],
        is_refusal=is_refusal,
    )


def _with_days(views: list[LineView], lines: tuple[HistoryLine, ...]) -> list[LineView]:
    """The day above the first line of each."""
    shown, last = [], None
    for view, line in zip(views, lines, strict=True):
        on = local_day(line.at)
        shown.append(LineView(**{**vars(view), "day": weekday(on) if on != last else ""}))
        last = on
    return shown


def _who(line: HistoryLine) -> str:
    if line.is_system:
        return "Par le portail"
    who = _by(line.actor)
    if line.behalf is not None:
        return f"{who or 'Par vous'}, pour {short_label(line.behalf)}"
    return who


def _by(person: Person | None) -> str:
    if person is None:
        return ""
    name = short_label(person)
    return f"Par {name}, administration" if person.is_administrator else f"Par {name}"


def _patient(line: HistoryLine) -> str:
    if line.patient is not None:
        return full_name(*line.patient)
    return "Un patient que vous ne suivez pas" if line.has_patient else ""


def _result(line: HistoryLine) -> str:
    if line.result == "ok":
        return ""
    if line.action == "session.ended":
        return END_REASONS.get(line.result, "")
    words = MESSAGES.get(line.result, "")
    return words if words and "{" not in words else ""


def _place(line: HistoryLine) -> str:
    return f"Adresse{NARROW}: {line.address}" if line.address else ""
