"""The chart of deposits: stacked bars in percent of its height, and the words that stand for them (DM-52)."""

from dataclasses import dataclass
from math import floor, log10

from app.i18n import document_statistic as words
from app.i18n.format import number, short_month
from app.services.document_statistic import MONTHS, MONTHS_A_YEAR, MonthLine, list_months
from app.services.document_type import StatisticGroup
from app.state.address import address, number_in, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now

PATH = "/admin/statistiques"
PERIODS = (12, 24, MONTHS)
_STEPS, _QUARTER = 4, 3
_LOOKS = {group: f"s{n}" for n, group in enumerate(StatisticGroup)}


@dataclass(frozen=True)
class Segment:
    """The part of one group in a bar. `height`: percent of the plot; `look`: its colour and pattern."""

    look: str
    height: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One month, its groups from the bottom up."""

    key: str
    label: str
    year: str
    is_over: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Level:
    """A line across the plot, at a height in percent."""

    at: str
    label: str


@dataclass(frozen=True)
class LegendLine:
    """A group that the chart shows, the topmost first."""

    look: str
    label: str


@dataclass(frozen=True)
class ValueLine:
    """One month of the table."""

    key: str
    month: str
    population: str
    deposited: str
    rate: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """The whole drawing."""

    summary: str = ""
    bars: tuple[Bar, ...] = ()
    levels: tuple[Level, ...] = ()
    legend: tuple[LegendLine, ...] = ()
    table: tuple[ValueLine, ...] = ()


def draw(lines: tuple[MonthLine, ...]) -> Chart:
    """The chart of some months, at least one."""
    step = _step(max(line.rate() or 0.0 for line in lines))
    top = step * _STEPS
    every = 1 if len(lines) <= PERIODS[0] else _QUARTER
    shown = [group for group in StatisticGroup if any(line.deposited.get(group) for line in lines)]
    return Chart(
        summary=words.summary(lines),
        bars=tuple(_bar(line, top, every, is_first=line is lines[0]) for line in lines),
        levels=tuple(
            Level(f"{100 * n / _STEPS:g}%", number(round(step * n, 6))) for n in range(_STEPS + 1)
        ),
        legend=tuple(LegendLine(_LOOKS[group], words.GROUPS[group]) for group in reversed(shown)),
        table=tuple(_value_line(line) for line in reversed(lines)),
    )


def _step(highest: float) -> float:
    """A round step of which a few reach the highest value: 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    rough = highest / _STEPS
    power = 10.0 ** floor(log10(rough))
    return float(next(m * power for m in (1, 2, 2.5, 5, 10) if m * power * _STEPS >= highest))


def _bar(line: MonthLine, top: float, every: int, *, is_first: bool) -> Bar:
    month = words.month_label(line)
    segments = [
        Segment(
            look=_LOOKS[group],
            height=f"{100 * (line.rate(group) or 0.0) / top:.3f}%",
            title=f"{month}, {words.GROUPS[group]}\u202f: {words.rate(line.rate(group))}",
        )
        for group in StatisticGroup
        if line.deposited.get(group) and line.population
    ]
    place = line.month.month - 1
    # The year stands under January, and under the first month unless January follows close behind.
    shows_year = place == 0 or (is_first and place < MONTHS_A_YEAR - 2 * every)
    return Bar(
        key=line.month.isoformat(),
        label=short_month(line.month) if place % every == 0 else "",
        year=str(line.month.year) if shows_year else "",
        is_over=line.is_over,
        segments=tuple(segments),
    )


def _value_line(line: MonthLine) -> ValueLine:
    return ValueLine(
        key=line.month.isoformat(),
        month=words.month_label(line),
        population=number(line.population),
        deposited=number(line.total),
        rate=words.rate(line.rate()),
        groups=tuple(words.rate(line.rate(group)) for group in StatisticGroup),
    )


class StatisticState(AppState):
    """Deposits of the last months, in the period of the address."""

    is_loaded: bool = False
    is_empty: bool = True
    chart: Chart = Chart()
    period: int = PERIODS[0]
    last_month: str = ""
    last_rate: str = ""
    last_deposited: str = ""
    last_population: str = ""
    current: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Draw the period of the address."""
        if not self.is_loaded:
            self.page_status = "loading"
        asked = number_in(query_of(self.router.url), "mois", most=MONTHS)
        self.period = asked if asked in PERIODS else PERIODS[0]
        found = await self._look_up(list_months, now=utc_now())
        if found is None:
            return
        self.is_empty = not found
        if found:
            self._show(found)
        self.is_loaded, self.page_status = True, "ready"

    def _show(self, found: tuple[MonthLine, ...]) -> None:
        self.chart = draw(found[-self.period :])
        present = found[-1]
        last = found[-2] if len(found) > 1 else present
        self.last_month = words.month_label(last)
        self.last_rate = words.rate(last.rate())
        self.last_deposited = words.deposits(last.total)
        self.last_population = words.records(last.population)
        self.current = (
            f"{words.month_label(present)}\u202f: {words.deposits(present.total)} à ce jour."
        )


def period_href(months: int) -> str:
    """The same page over another period."""
    return address(PATH, mois=months if months != PERIODS[0] else "")
