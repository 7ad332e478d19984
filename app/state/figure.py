"""Positions of the figures: percent along the time axis, pixels down (ADR 0006).

The adherence axis counts « oui »: 0 is good and stands at the top. A score is a step of 25 px.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.i18n.adherence import score as score_label
from app.i18n.format import NARROW, bound, day, day_without_year, short_month
from app.models.adherence import AdherenceClass
from app.models.entry import EntryKind
from app.services.adherence import Curve
from app.services.timeline import Timeline

TOP, STEP = 16, 25
TONES = ("p", "l", "o", "c")
_LATE = 70  # percent: from there on, words stand before the bar
SPARK_WIDTH, SPARK_HEIGHT, SPARK_STEP = 92, 30, 4


@dataclass(frozen=True)
class Segment:
    """A piece of a curve."""

    x1: str
    y1: int
    x2: str
    y2: int
    tone: str


@dataclass(frozen=True)
class Point:
    """A marker. `shape`: circle, square, triangle, diamond; `tone`: of its curve, or alert."""

    x: str
    y: int
    shape: str
    tone: str


@dataclass(frozen=True)
class Lane:
    """A treatment over time."""

    label: str
    left: str
    width: str
    tone: str
    is_cut: bool
    after: str
    is_late: bool


@dataclass(frozen=True)
class Tick:
    """A month on the axis."""

    x: str
    label: str


@dataclass(frozen=True)
class Series:
    """A curve of the legend."""

    label: str
    tone: str
    shape: str


@dataclass(frozen=True)
class Value:
    """A line of the table under the figure."""

    day: str
    treatment: str
    score: str


@dataclass(frozen=True)
class Figure:
    """Everything the drawing needs, and the words that stand for it."""

    summary: str = ""
    series: tuple[Series, ...] = ()
    segments: tuple[Segment, ...] = ()
    points: tuple[Point, ...] = ()
    marks: tuple[Point, ...] = ()
    lanes: tuple[Lane, ...] = ()
    ticks: tuple[Tick, ...] = ()
    scores: tuple[Value, ...] = ()
    today_x: str = ""
    today: str = ""
    has_tolerance: bool = False
    has_interaction: bool = False
    has_poor: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.points or self.marks or self.lanes)


def draw(timeline: Timeline) -> Figure:
    """The figure « Observance et traitements »."""
    axis = _Axis(timeline.start_on, timeline.end_on)
    tones = {curve.treatment_id: TONES[n % len(TONES)] for n, curve in enumerate(timeline.curves)}
    marks = tuple(
        Point(
            axis.x(mark.occurred_on),
            15,
            "triangle" if mark.kind is EntryKind.TOLERANCE else "diamond",
            "ta" if mark.is_severe else ("t" if mark.kind is EntryKind.TOLERANCE else "i"),
        )
        for mark in timeline.marks
    )
    lanes = tuple(
        Lane(
            label=bound(bar.label),
            left=axis.x(max(bar.started_on, timeline.start_on)),
            width=axis.width(
                max(bar.started_on, timeline.start_on), bar.ended_on or timeline.end_on
            ),
            tone=tones.get(bar.treatment_id, "o" if bar.ended_on is None else "c"),
            is_cut=bar.started_on < timeline.start_on,
            after=_period_label(bar.started_on, bar.ended_on),
            is_late=axis.percent(bar.started_on) > _LATE,
        )
        for bar in timeline.bars
    )
    curves = _curves(timeline.curves, axis)
    kinds = {mark.kind for mark in timeline.marks}
    return Figure(
        summary=_summary(timeline.curves, timeline.start_on, timeline.end_on),
        marks=marks,
        lanes=lanes,
        ticks=axis.ticks(),
        today_x=axis.x(timeline.end_on),
        today=day_without_year(timeline.end_on),
        has_tolerance=EntryKind.TOLERANCE in kinds,
        has_interaction=EntryKind.INTERACTION in kinds,
        **curves,
    )


def draw_curves(curves: Sequence[Curve], today: date) -> Figure:
    """The curve of adherence per treatment, from its first score to today."""
    first = min((p.occurred_on for c in curves for p in c.points), default=today)
    axis = _Axis(first.replace(day=1), today)
    return Figure(
        summary=_summary(curves, first, today),
        ticks=axis.ticks(),
        today_x=axis.x(today),
        today=day_without_year(today),
        **_curves(curves, axis),
    )


@dataclass(frozen=True)
class Spark:
    """A score series as small as a word: `points` of a polyline in a 92 × 30 box, and its end."""

    points: str = ""
    end_x: int = 0
    end_y: int = 0


def spark(scores: Sequence[int]) -> Spark:
    """The drawing of a series of « oui » counts, oldest first."""
    if not scores:
        return Spark()
    wide = (SPARK_WIDTH - 12) / max(len(scores) - 1, 1)
    places = [(round(6 + n * wide, 1), 3 + SPARK_STEP * score) for n, score in enumerate(scores)]
    return Spark(
        " ".join(f"{x},{y}" for x, y in places), round(places[-1][0]), round(places[-1][1])
    )


class _Axis:
    """Days as percentages between two days."""

    _LAST = 97.0

    def __init__(self, start: date, end: date) -> None:
        self.start, self.end = start, end
        self.days = max((end - start).days, 1)

    def percent(self, on: date) -> float:
        inside = min(max(on, self.start), self.end)
        return (inside - self.start).days / self.days * self._LAST

    def x(self, on: date) -> str:
        return f"{self.percent(on):.2f}%"

    def width(self, start: date, end: date) -> str:
        return f"{max(self.percent(end) - self.percent(start), 0.6):.2f}%"

    def ticks(self) -> tuple[Tick, ...]:
        months = []
        first = self.start.replace(day=1)
        while first <= self.end:
            if first >= self.start:
                months.append(first)
            first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        every = -(-len(months) // 8) or 1
        return tuple(
            Tick(self.x(m), short_month(m) + (f" {m.year}" if m.month == 1 else ""))
            for m in months[::every]
        )


def _curves(curves: Sequence[Curve], axis: _Axis) -> dict[str, object]:
    series, segments, points, values = [], [], [], []
    for n, curve in enumerate(curves):
        tone = TONES[n % len(TONES)]
        shape = ("circle", "square")[n % 2]
        series.append(Series(bound(curve.label), tone, shape))
        for before, after in zip(curve.points, curve.points[1:], strict=False):
            segments.append(
                Segment(
                    axis.x(before.occurred_on),
                    TOP + STEP * before.yes_count,
                    axis.x(after.occurred_on),
                    TOP + STEP * after.yes_count,
                    tone,
                )
            )
        for point in curve.points:
            poor = point.adherence_class is AdherenceClass.POOR
            points.append(
                Point(
                    axis.x(point.occurred_on),
                    TOP + STEP * point.yes_count,
                    "diamond" if poor else shape,
                    "a" if poor else tone,
                )
            )
            values.append((point.occurred_on, bound(curve.label), point.yes_count))
    values.sort(key=lambda value: value[0], reverse=True)
    return {
        "series": tuple(series),
        "segments": tuple(segments),
        "points": tuple(points),
        "scores": tuple(Value(day(on), label, score_label(yes)) for on, label, yes in values),
        "has_poor": any(AdherenceClass.of(yes) is AdherenceClass.POOR for _, _, yes in values),
    }


def _summary(curves: Sequence[Curve], start: date, end: date) -> str:
    said = [
        f"{bound(curve.label)}{NARROW}: {score_label(curve.points[-1].yes_count)} "
        f"le {day(curve.points[-1].occurred_on)}"
        for curve in curves
        if curve.points
    ]
    latest = ". ".join(said) or "Aucun score d’observance"
    return f"Du {day(start)} au {day(end)}. {latest}. Les valeurs sont dans le tableau qui suit."


def _period_label(start: date, end: date | None) -> str:
    if end is None:
        return ""
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{end.day} {short_month(end)}"
    return f"{start.day} {short_month(start)} – {end.day} {short_month(end)}"
