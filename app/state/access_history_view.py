"""« Qui a consulté » in words, line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.i18n import access_history as words
from app.i18n.format import clock, local_day
from app.services.access_history_line import HistoryLine


@dataclass(frozen=True)
class LineView:
    """One act. `day`: filled where another day begins; `when`: day and hour, for a list without days."""

    id: str
    day: str
    at: str
    when: str
    who: str
    place: str
    what: str
    ground: str
    icon: str
    is_urgent: bool


def line_views(lines: Iterable[HistoryLine], today: date) -> list[LineView]:
    """The lines in words, with the day above the first line of each."""
    shown: list[LineView] = []
    last: date | None = None
    for line in lines:
        on = local_day(line.at)
        shown.append(
            LineView(
                id=str(line.seq),
                day=words.day_title(line, today) if on != last else "",
                at=clock(line.at),
                when=words.when(line, today),
                who=words.who(line),
                place=words.place(line),
                what=words.what(line),
                ground=words.ground(line),
                icon=words.icon_of(line),
                is_urgent=line.is_urgent,
            )
        )
        last = on
    return shown
