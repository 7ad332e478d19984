"""The table of documents by category and year: every number a link to the list (DM-51)."""

from typing import Any

import reflex as rx

from app.components.button import button
from app.components.icons import icon
from app.components.markup import Flag, Text, hidden_text, ident, when
from app.components.panel import panel
from app.i18n.document_grid import CAPTION, SHOW
from app.state.document_grid import GridCell, GridRow, GridView

_GRID = "tableau-documents"


def document_grid(title: Text, grid: rx.Var[GridView], *, is_folded: Flag) -> rx.Component:
    """The table, behind a button on a narrow screen, and everywhere once a choice made it `is_folded`."""
    opener = rx.el.span(
        button(
            SHOW,
            icon_name="layout-grid",
            aria_expanded="false",
            aria_controls=_GRID,
            data_expands=_GRID,
        ),
        class_name=rx.cond(is_folded, "grid-opener folded", "grid-opener"),
    )
    return rx.cond(
        grid.years.length() > 0,
        panel(
            rx.el.div(
                _table(grid),
                rx.cond(grid.left_out, rx.el.p(grid.left_out, class_name="hint")),
                class_name=rx.cond(is_folded, "gridbox folded", "gridbox"),
                **ident(_GRID),
            ),
            title=title,
            title_id="tableau-titre",
            end=opener,
            bare=True,
            class_name="doc-aside gridzone",
        ),
    )


def _table(grid: rx.Var[GridView]) -> rx.Component:
    head = [
        rx.el.th("Catégorie", scope="col"),
        rx.foreach(grid.years, lambda year: rx.el.th(year, scope="col", class_name="num")),
        rx.el.th("Total", scope="col", class_name="num"),
    ]
    foot = [
        rx.el.th("Toutes les catégories", scope="row"),
        rx.foreach(grid.totals, _cell),
        _cell(grid.every),
    ]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(CAPTION, class_name="vh"),
            rx.el.thead(rx.el.tr(*head)),
            rx.el.tbody(rx.foreach(grid.rows, _row)),
            rx.el.tfoot(rx.el.tr(*foot)),
        ),
        class_name="tw grid-scroll",
        role="region",
        aria_label=CAPTION,
        tab_index=0,
        data_from_end="",
    )


def _row(row: rx.Var[GridRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.el.span(icon(row.icon), row.label, class_name="row"), scope="row"),
        rx.foreach(row.cells, _cell),
        _cell(row.total),
        class_name=rx.cond(row.is_current, "here", ""),
    )


def _cell(cell: Any) -> rx.Component:
    count: rx.Var[GridCell] = cell
    link = rx.el.a(
        count.count,
        hidden_text(" " + count.words),
        href=count.href,
        aria_current=when(count.is_current, "true"),
    )
    return rx.el.td(rx.cond(count.count, link, rx.fragment()), class_name="num")
