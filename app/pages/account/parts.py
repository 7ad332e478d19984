"""Small pieces the pages of one's own account share."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from app.components.button import button
from app.components.markup import Child, Handler, Text, hidden_text
from app.components.panel import panel
from app.components.table import data_table, header


def table_panel(
    title: str,
    title_id: str,
    heads: tuple[str, ...],
    rows: Any,
    line: Callable[[Any], rx.Component],
    *below: Child,
    nothing: Child = None,
    caption: str = "",
) -> rx.Component:
    """A sheet that is a table, its last column what one does to a line. `nothing`: when there is none."""
    table = data_table(
        caption or title, (*heads, header(hidden_text("Actions"))), rx.foreach(rows, line)
    )
    return panel(
        table if nothing is None else rx.cond(rows.length() > 0, table, nothing),
        *below,
        title=title,
        title_id=title_id,
        bare=True,
    )


def remove_button(name: Text, on_click: Handler) -> rx.Component:
    """« Retirer », and whom or what to those who only hear it."""
    return button("Retirer", hidden_text(name), kind="ghost", on_click=on_click)
