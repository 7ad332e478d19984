"""Small pieces the administrators' pages share."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from app.components.button import button, submit_button
from app.components.field import textarea_field
from app.components.form import form, form_actions
from app.components.markup import Child
from app.components.pagination import pagination
from app.components.states import empty_filtered
from app.components.table import data_table

_REASON_MAX = 500


def facts(lines: Any) -> rx.Component:
    """Names and values, one under the other. `lines`: objects of the state with `label` and `value`."""
    return rx.el.dl(
        rx.foreach(lines, lambda line: rx.el.div(rx.el.dt(line.label), rx.el.dd(line.value))),
        class_name="facts",
    )


def list_sheet(
    toolbar: Child,
    table: Child,
    *,
    label: str,
    has_rows: Any,
    nothing: Child,
    paging: Any,
) -> rx.Component:
    """A long list: what narrows it, then its table and the way to both neighbours, or `nothing`."""
    return rx.el.section(
        toolbar,
        rx.cond(has_rows, rx.fragment(table, page_links(paging)), nothing),
        class_name="panel pts",
        aria_label=label,
    )


def searched_list(
    state: Any,
    caption: str,
    heads: tuple[str, ...],
    line: Callable[[Any], rx.Component],
    *,
    toolbar: Child,
    nothing: str,
) -> rx.Component:
    """A list one searches. `state`: with `rows`, `paging` and `clear`; `nothing`: when no line answers."""
    return list_sheet(
        toolbar,
        data_table(caption, heads, rx.foreach(state.rows, line)),
        label="Recherche et liste",
        has_rows=state.rows.length() > 0,
        nothing=empty_filtered(
            nothing, button("Effacer la recherche", on_click=state.clear), bare=True
        ),
        paging=state.paging,
    )


def reason_field(label: str, value: Any, *, rows: int = 3) -> rx.Component:
    """Why something is done to somebody: they will read it."""
    return textarea_field(
        label, "reason", value=value, rows=rows, max_length=_REASON_MAX, required=True
    )


def refusal_form(verb: str, state: Any, *, rows: int = 3) -> rx.Component:
    """The reason of a refusal, in its dialog. `state`: with `typed_reason`, `refuse` and `close_dialog`."""
    return form(
        reason_field("Motif du refus", state.typed_reason, rows=rows),
        form_actions(
            submit_button(verb, kind="danger"),
            button("Annuler", kind="ghost", on_click=state.close_dialog),
        ),
        on_submit=state.refuse,
    )


def page_links(paging: Any) -> rx.Component:
    """The way to both neighbours of a page of a list; nothing when it has one page. `paging`: a `Paging`."""
    return rx.cond(
        paging.summary,
        pagination(paging.summary, previous=paging.previous, following=paging.following),
    )
