"""The figures: adherence in named bands, other entries, treatments, on one axis of time (ADR 0006)."""

import reflex as rx

from app.components.icons import icon
from app.components.markup import Child, Text
from app.state.figure import Figure, Lane, Point, Segment, Series, Spark, Tick, Value

_PLOT_HEIGHT = 182
_LANE_HEIGHT = 34
# The bands meet half-way between two scores: 0 | 1–2 | 3–6.
_GOOD_END, _SLIGHT_END = 28, 78


def figure(
    drawing: rx.Var[Figure], *, caption: Child, with_lanes: bool = True, table_open: bool = False
) -> rx.Component:
    """The drawing, its legend, and its values in a table."""
    return rx.el.figure(
        _legend(drawing),
        rx.el.div(
            rx.el.div(
                _months_lines(drawing),
                _today(drawing),
                _bands(),
                _plot(drawing),
                *([_marks(drawing), _lanes(drawing)] if with_lanes else []),
                _months(drawing),
                class_name="tl-area",
                aria_hidden="true",
            ),
            class_name="tl",
            role="img",
            aria_label=drawing.summary,
        ),
        rx.el.figcaption(caption, class_name="sm muted"),
        _values(drawing, is_open=table_open),
        class_name="fig",
    )


def sparkline(drawing: rx.Var[Spark]) -> rx.Component:
    """A score series as small as a word; decoration beside the words that say it."""
    return rx.el.svg(
        rx.el.svg.polyline(points=drawing.points, fill="none"),
        rx.el.svg(
            rx.el.svg.path(d="M0 -6l6 6-6 6-6-6z", class_name="end"),
            custom_attrs={"x": drawing.end_x.to_string(), "y": drawing.end_y.to_string()},
        ),
        width="92",
        height="34",
        class_name="spark",
        custom_attrs={"aria-hidden": "true"},
    )


def _legend(drawing: rx.Var[Figure]) -> rx.Component:
    def key(series: rx.Var[Series]) -> rx.Component:
        return rx.el.span(
            rx.el.svg(
                rx.el.svg.line(x1="0", y1="7", x2="26", y2="7", class_name="ser " + series.tone),
                _shape(series.shape, series.tone, "13", "7"),
                width="26",
                height="14",
                custom_attrs={"aria-hidden": "true"},
            ),
            series.label,
        )

    return rx.el.p(
        rx.foreach(drawing.series, key),
        rx.cond(drawing.has_poor, _key("diamond", "a", "Mauvaise observance")),
        rx.cond(drawing.has_tolerance, _key("triangle", "t", "Tolérance")),
        rx.cond(drawing.has_interaction, _key("diamond", "i", "Interaction")),
        class_name="leg sm",
    )


def _key(shape: str, tone: str, words: str) -> rx.Component:
    return rx.el.span(
        rx.el.svg(
            _shape(shape, tone, "9", "9"),
            width="18",
            height="18",
            custom_attrs={"aria-hidden": "true"},
        ),
        words,
    )


def _bands() -> rx.Component:
    return rx.fragment(
        rx.el.span("Bonne · 0", class_name="tl-band good"),
        rx.el.span("Minime problème", class_name="tl-band slight"),
        rx.el.span("Mauvaise", class_name="tl-band poor"),
    )


def _plot(drawing: rx.Var[Figure]) -> rx.Component:
    def segment(piece: rx.Var[Segment]) -> rx.Component:
        return rx.el.svg.line(
            x1=piece.x1,
            y1=piece.y1.to_string(),
            x2=piece.x2,
            y2=piece.y2.to_string(),
            class_name="ser " + piece.tone,
        )

    return rx.el.svg(
        _rect("0", _GOOD_END, "b0"),
        _rect(str(_GOOD_END), _SLIGHT_END - _GOOD_END, "b1"),
        _rect(str(_SLIGHT_END), _PLOT_HEIGHT - _SLIGHT_END, "b2"),
        _edge(_GOOD_END),
        _edge(_SLIGHT_END),
        rx.foreach(drawing.segments, segment),
        rx.foreach(drawing.points, _point),
        width="100%",
        height=str(_PLOT_HEIGHT),
        class_name="tl-plot",
    )


def _rect(y: str, height: int, look: str) -> rx.Component:
    return rx.el.svg.rect(x="0", y=y, width="100%", height=str(height), class_name=look)


def _edge(y: int) -> rx.Component:
    return rx.el.svg.line(x1="0", y1=str(y), x2="100%", y2=str(y), class_name="edge")


def _point(point: rx.Var[Point]) -> rx.Component:
    return _shape(point.shape, point.tone, point.x, point.y.to_string())


def _shape(shape: Text, tone: Text, x: Text, y: Text) -> rx.Component:
    """A marker around its own origin, placed by a nested drawing: a path knows no percentages."""
    look = "mk " + tone
    return rx.el.svg(
        rx.match(
            shape,
            ("square", rx.el.svg.rect(x="-5", y="-5", width="10", height="10", class_name=look)),
            ("diamond", rx.el.svg.path(d="M0-8l8 8-8 8-8-8z", class_name=look)),
            ("triangle", rx.el.svg.path(d="M0-8l9 15h-18z", class_name=look)),
            rx.el.svg.circle(cx="0", cy="0", r="5.5", class_name=look),
        ),
        custom_attrs={"x": x, "y": y},
    )


def _marks(drawing: rx.Var[Figure]) -> rx.Component:
    return rx.el.div(
        rx.el.span("Autres entrées", class_name="tl-label"),
        rx.el.svg(rx.foreach(drawing.marks, _point), width="100%", height=str(_LANE_HEIGHT)),
        class_name="tl-row tl-marks",
    )


def _lanes(drawing: rx.Var[Figure]) -> rx.Component:
    def lane(item: rx.Var[Lane]) -> rx.Component:
        return rx.el.div(
            rx.el.span(
                item.label,
                rx.cond(item.after, rx.el.span(" · ", item.after, class_name="narrow-only muted")),
                class_name="tl-label strong",
            ),
            rx.el.span(
                rx.el.span(
                    class_name=rx.cond(
                        item.is_cut, "tl-bar cut " + item.tone, "tl-bar " + item.tone
                    ),
                    style={"left": item.left, "width": item.width},
                ),
                rx.cond(
                    item.after,
                    rx.el.span(
                        item.after,
                        class_name=rx.cond(item.is_late, "tl-after late", "tl-after"),
                        style={"left": item.left},
                    ),
                ),
                class_name="tl-track",
            ),
            class_name="tl-row",
        )

    return rx.fragment(rx.foreach(drawing.lanes, lane))


def _months_lines(drawing: rx.Var[Figure]) -> rx.Component:
    def line(tick: rx.Var[Tick]) -> rx.Component:
        return rx.el.span(class_name="tl-grid", style={"left": tick.x})

    return rx.fragment(rx.foreach(drawing.ticks, line))


def _today(drawing: rx.Var[Figure]) -> rx.Component:
    return rx.el.span(
        rx.el.span(drawing.today), class_name="tl-today", style={"left": drawing.today_x}
    )


def _months(drawing: rx.Var[Figure]) -> rx.Component:
    def label(tick: rx.Var[Tick]) -> rx.Component:
        return rx.el.span(tick.label, style={"left": tick.x})

    return rx.el.div(rx.foreach(drawing.ticks, label), class_name="tl-months")


def _values(drawing: rx.Var[Figure], *, is_open: bool) -> rx.Component:
    def line(value: rx.Var[Value]) -> rx.Component:
        return rx.el.tr(
            rx.el.td(value.day, class_name="nw"), rx.el.td(value.treatment), rx.el.td(value.score)
        )

    return rx.el.details(
        rx.el.summary(icon("chevron-right", "s", "chev"), "Voir les valeurs", class_name="lnk"),
        rx.el.table(
            rx.el.caption("Scores d’observance", class_name="vh"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Date", scope="col"),
                    rx.el.th("Traitement", scope="col"),
                    rx.el.th("Score", scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(drawing.scores, line)),
        ),
        class_name="vals",
        open=is_open,
    )
