"""Callouts: a sentence that concerns what is around it."""

from typing import Any, Literal

import reflex as rx

from app.components.icons import icon
from app.components.markup import Child, Text

Tone = Literal["info", "neutral", "success", "warning", "danger"]
_ICONS = {
    "info": "info",
    "neutral": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
}


def callout(
    *children: Child,
    tone: Tone = "info",
    title: Text = "",
    icon_name: str = "",
    urgent: bool = False,
    is_page_error: bool = False,
    class_name: str = "",
) -> rx.Component:
    """A sentence with its icon. `urgent`: read out at once (role alert).

    `is_page_error`: the page's title gains « Erreur – » while it is there.
    """
    attributes: dict[str, Any] = {"role": "alert"} if urgent else {}
    if is_page_error:
        attributes["data_page_error"] = ""
    return rx.el.div(
        icon(icon_name or _ICONS[tone]),
        rx.el.div(*([rx.el.b(title, " ")] if title else []), *children, class_name="grow"),
        class_name=f"callout {tone} {class_name}".strip(),
        **attributes,
    )


def live_line(text: Text, icon_name: str = "radio") -> rx.Component:
    """What just arrived from a colleague, said without moving the focus; empty text shows nothing."""
    return rx.el.div(
        rx.cond(
            text,
            rx.el.p(icon(icon_name, "s"), text, class_name="live sm"),
            rx.fragment(),
        ),
        role="status",
    )
