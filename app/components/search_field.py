"""The search of a list, as one types: what the search link of the top bar and the keyboard lead to."""

import reflex as rx

from app.components.icons import icon
from app.components.markup import Handler, Text, ident

_DEBOUNCE_MS = 120
_MOST_CHARACTERS = 120


def search_field(
    label: str,
    element_id: str,
    *,
    hint: str,
    value: Text,
    status: Text,
    on_search: Handler,
    key: Text,
) -> rx.Component:
    """What one looks for. `status`: how many were found, read out; `key`: a new one draws the field anew."""
    return rx.el.div(
        rx.el.label(label, html_for=element_id),
        rx.el.p(hint, class_name="hint", **ident(f"{element_id}-hint")),
        rx.el.div(
            icon("search", "s"),
            rx.el.input(
                type="search",
                name="query",
                default_value=value,
                on_change=on_search.debounce(_DEBOUNCE_MS),
                auto_complete="off",
                spell_check=False,
                max_length=_MOST_CHARACTERS,
                class_name="input",
                aria_describedby=f"{element_id}-hint",
                key=key,
                **ident(element_id, **{"data-search": ""}),
            ),
            class_name="combo",
        ),
        rx.el.p(status, role="status", class_name="hint"),
        class_name="field",
    )
