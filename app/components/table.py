"""Tables: a real one at every width; with `cards`, each line reads as a card on a phone."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_base.vars.base import Var

from app.components.icons import icon
from app.components.markup import Child, Text, hidden_text


def data_table(
    caption: Text,
    headers: Sequence[Child],
    rows: Any,
    *,
    cards: bool = True,
    show_caption: bool = False,
) -> rx.Component:
    """A table in a frame that scrolls sideways where it must.

    `headers`: words, or `header(...)`; `rows`: `row(...)` components, or an `rx.foreach` of them.
    """
    body = rows if isinstance(rows, list | tuple) else [rows]
    heads = [head if isinstance(head, rx.Component) else header(head) for head in headers]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="" if show_caption else "vh"),
            rx.el.thead(rx.el.tr(*heads)),
            rx.el.tbody(*body),
            class_name="cards" if cards else "",
        ),
        class_name="tw",
        role="region",
        aria_label=caption,
        tab_index=0,
    )


def header(label: Child, *, numeric: bool = False) -> rx.Component:
    """The head of a column."""
    return rx.el.th(label, scope="col", class_name="num" if numeric else "")


def sort_header(label: Text, href: Text, direction: Text) -> rx.Component:
    """The head of a column that sorts. `direction`: `ascending`, `descending` or `none`."""
    arrow = rx.match(
        direction,
        ("ascending", icon("arrow-up", "s")),
        ("descending", icon("arrow-down", "s")),
        icon("chevrons-up-down", "s"),
    )
    return rx.el.th(
        rx.el.a(label, arrow, hidden_text(", trier"), href=href, class_name="sort"),
        scope="col",
        aria_sort=direction,
    )


def row(*cells: Child, **props: Any) -> rx.Component:
    """A line: `row_head(...)` first, then `cell(...)`."""
    return rx.el.tr(*cells, **props)


def row_head(*children: Child, under: Text = "") -> rx.Component:
    """The cell that names the line; `under`: a second line in grey."""
    show = isinstance(under, Var) or bool(under)
    more = [rx.el.span(under, class_name="muted u")] if show else []
    return rx.el.th(*children, *more, scope="row")


def cell(*children: Child, label: str = "", numeric: bool = False, look: str = "") -> rx.Component:
    """A cell. `label`: said before the value where the table reads as cards.

    `look`: `nw` keeps one line; on a phone `gap` stands apart and `wide` is left out.
    """
    classes = " ".join(part for part in ("num" if numeric else "", look) if part)
    named = {"data_label": label} if label else {}
    return rx.el.td(*children, class_name=classes, **named)
