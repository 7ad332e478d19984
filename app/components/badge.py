"""Badges, filter chips and counts: word, icon, colour, in that order of meaning."""

from typing import Any

import reflex as rx
from reflex_base.vars.base import Var

from app.components.icons import icon
from app.components.markup import Child, Flag, Handler, Number, Text, hidden_text, look, shown

# Tones: "" neutral, "new", "success", "warning", "danger", "info", "line".

_MOST_SHOWN = 99


def badge(label: Child, tone: Text = "", icon_name: Text = "") -> rx.Component:
    """A word about a thing. `tone` and `icon_name` may come from the state."""
    mark = icon(icon_name) if isinstance(icon_name, Var) or icon_name else None
    return rx.el.span(
        *([] if mark is None else [shown(icon_name, mark)]), label, class_name=look("badge", tone)
    )


def count(value: Number | Text, words: Text = "", *, hot: bool = False) -> rx.Component:
    """A number in a pill; `words` say what is counted to those who only hear it."""
    said = [hidden_text(words)] if isinstance(words, Var) or words else []
    return rx.el.span(value, *said, class_name="count hot" if hot else "count")


def at_most_99(number: Var[int]) -> Var[str]:
    """`7`, and « 99+ » beyond."""
    return rx.cond(number > _MOST_SHOWN, f"{_MOST_SHOWN}+", number.to_string())


def chip_link(
    label: Child, href: Text, *, is_current: Flag = False, number: Any = None, icon_name: str = ""
) -> rx.Component:
    """A filter kept in the address."""
    return rx.el.a(
        *_chip(label, number, icon_name),
        href=href,
        class_name="chip",
        aria_current=rx.cond(is_current, "true", "false"),
    )


def chip_button(
    label: Child, *, is_on: Flag, on_click: Handler, number: Any = None, icon_name: str = ""
) -> rx.Component:
    """A filter switched in the page."""
    return rx.el.button(
        *_chip(label, number, icon_name),
        type="button",
        on_click=on_click,
        class_name="chip",
        aria_pressed=rx.cond(is_on, "true", "false"),
    )


def chips(*children: Child, label: Text) -> rx.Component:
    """A group of filters. `label`: « Filtrer par type »."""
    return rx.el.div(
        rx.el.div(*children, class_name="chips"),
        role="group",
        aria_label=label,
        class_name="filters",
    )


def _chip(label: Child, number: Any, icon_name: str) -> list[Child]:
    return [
        *([icon(icon_name, "s")] if icon_name else []),
        label,
        *([] if number is None else [rx.el.span(number, class_name="n")]),
    ]


def avatar(initials: Text, *, small: bool = False) -> rx.Component:
    """Initials in a disc: decoration, the name stands beside."""
    return rx.el.span(initials, class_name="avatar s" if small else "avatar", aria_hidden="true")
