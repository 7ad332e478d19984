"""A field that searches as one types (WAI-ARIA combobox): arrows move, Enter chooses, Escape closes.

The keyboard lives in the browser script; the results are a list of the state, and choosing one is a click
on it. What was chosen belongs in a hidden field beside, or in a `picked` line in place of the search.
"""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_base.vars.base import Var

from app.components.button import button
from app.components.field import FieldParts
from app.components.icons import icon
from app.components.markup import Child, Handler, Text, ident

DEBOUNCE_MS = 150


def combobox(
    label: Text,
    name: str,
    *,
    on_search: Handler,
    results: Var,
    draw: Callable[[Any], Child],
    on_pick: Callable[[Any], Handler],
    status: Text = "",
    value: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    placeholder: Text = "",
    last: tuple[Child, Handler] | None = None,
    last_if: Any = True,
    heading: Callable[[Any], Text] | None = None,
    id: str = "",  # noqa: A002 - the name of the attribute
    **props: Any,
) -> rx.Component:
    """Search field and its results.

    `on_search(text)` fills `results`; `draw(result)` gives what a line shows; `on_pick(result)` the event of
    choosing it. `status`: « 12 médicaments », read out. `last`: a line after the results, such as
    « Utiliser “…” tel quel », shown while `last_if`. `heading(result)`: words seen above a line that begins a group, '' elsewhere; the
    line says them too.
    """
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    list_id = f"{parts.id}-list"

    def line(result: Any, index: Any) -> rx.Component:
        option = _option(draw(result), f"{list_id}-{index}", on_pick(result))
        return option if heading is None else rx.fragment(_heading(heading(result)), option)

    after = []
    if last is not None:
        words, chosen = last
        after = [rx.cond(last_if, _option(words, f"{list_id}-last", chosen), rx.fragment())]
    field = rx.el.input(
        type="text",
        name=name,
        default_value=value,
        placeholder=placeholder,
        on_change=on_search.debounce(DEBOUNCE_MS),
        role="combobox",
        auto_complete="off",
        spell_check=False,
        aria_autocomplete="list",
        aria_expanded="false",
        aria_controls=list_id,
        class_name="input",
        **parts.control(props),
    )
    return parts.wrap(
        rx.el.div(
            icon("search", "s"),
            field,
            rx.el.ul(
                rx.foreach(results, line),
                *after,
                role="listbox",
                aria_label=label,
                **ident(list_id),
            ),
            class_name="combo",
        ),
        rx.el.p(status, role="status", class_name="hint"),
    )


def _heading(words: Text) -> Any:
    above = rx.el.li(words, role="presentation", aria_hidden="true", class_name="combo-heading")
    return rx.cond(words, above)


def _option(content: Child, option_id: Any, on_click: Handler) -> rx.Component:
    return rx.el.li(
        content, role="option", aria_selected="false", on_click=on_click, **ident(option_id)
    )


def picked(
    content: Child, *, on_change: Handler, name: str = "", value: Text = "", words: Text = "Changer"
) -> rx.Component:
    """What was chosen, in place of the search. `name`: a hidden field that sends `value` with the form."""
    hidden = [rx.el.input(type="hidden", name=name, value=value)] if name else []
    return rx.el.div(
        rx.el.div(content, class_name="grow"),
        *hidden,
        button(words, kind="ghost", on_click=on_change),
        class_name="picked",
    )
