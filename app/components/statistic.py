"""Stacked bars over months: colour and pattern tell the groups apart, a legend names them, a table follows."""

import reflex as rx

from app.components.markup import hidden_text
from app.components.panel import disclosure
from app.components.table import cell, data_table, header, row, row_head
from app.i18n.document_statistic import GROUPS, UNIT
from app.state.document_statistic import Bar, Chart, LegendLine, Level, Segment, ValueLine


def stacked_chart(chart: rx.Var[Chart]) -> rx.Component:
    """The drawing with its legend; its sentence stands for it where it is not seen."""
    return rx.el.figure(
        rx.el.p(UNIT[0].upper() + UNIT[1:], class_name="sm muted", aria_hidden="true"),
        rx.el.div(
            rx.foreach(chart.levels, _level),
            rx.el.div(rx.foreach(chart.bars, _bar), class_name="st-bars"),
            class_name="st-plot",
            role="img",
            aria_label=chart.summary,
        ),
        rx.el.ul(rx.foreach(chart.legend, _key), class_name="st-leg sm"),
        class_name="st",
    )


def values_table(chart: rx.Var[Chart]) -> rx.Component:
    """The numbers of the drawing, the newest month first."""

    def line(value: rx.Var[ValueLine]) -> rx.Component:
        return row(
            row_head(value.month),
            cell(value.population, numeric=True),
            cell(value.deposited, numeric=True),
            cell(value.rate, numeric=True),
            rx.foreach(value.groups, lambda rate: cell(rate, numeric=True)),
            key=value.key,
        )

    return disclosure(
        "Voir les valeurs",
        data_table(
            "Dossiers, dépôts, puis documents par habitant et par an de chaque type",
            (
                "Mois",
                *(
                    header(label, numeric=True)
                    for label in ("Dossiers ouverts", "Dépôts", "Tous types", *GROUPS.values())
                ),
            ),
            rx.foreach(chart.table, line),
            cards=False,
            show_caption=True,
        ),
    )


def _level(level: rx.Var[Level]) -> rx.Component:
    return rx.el.span(rx.el.span(level.label), class_name="st-level", style={"bottom": level.at})


def _bar(bar: rx.Var[Bar]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(bar.segments, _segment),
            class_name=rx.cond(bar.is_over, "st-stack", "st-stack now"),
        ),
        rx.el.span(bar.label, rx.cond(bar.year, rx.el.b(bar.year)), class_name="st-month"),
        class_name="st-bar",
        key=bar.key,
    )


def _segment(part: rx.Var[Segment]) -> rx.Component:
    return rx.el.div(
        class_name="st-seg " + part.look, style={"height": part.height}, title=part.title
    )


def _key(line: rx.Var[LegendLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(class_name="st-key " + line.look, aria_hidden="true"),
        line.label,
        hidden_text("."),
    )
