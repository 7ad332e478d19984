"""Ways through a long list: neighbours in the address, or more of it below."""

import reflex as rx

from app.components.button import button
from app.components.icons import icon
from app.components.markup import Handler, Text


def pagination(
    summary: Text,
    *,
    previous: Text,
    following: Text,
    back: str = "Page précédente",
    on: str = "Page suivante",
) -> rx.Component:
    """« Patients 51 à 100 sur 5 000 », with links to both sides; an empty address means there is none."""
    return rx.el.nav(
        rx.cond(
            previous,
            rx.el.a(icon("arrow-left", "s"), back, href=previous, class_name="btn"),
            rx.el.span(),
        ),
        rx.el.p(summary, role="status"),
        rx.cond(
            following,
            rx.el.a(on, icon("arrow-right", "s"), href=following, class_name="btn"),
            rx.el.span(),
        ),
        class_name="pager",
        aria_label="Pages",
    )


def more_button(label: Text, on_click: Handler) -> rx.Component:
    """« Afficher 2025 (11 entrées) », under a thread."""
    return rx.el.p(button(label, icon_name="chevron-down", on_click=on_click), class_name="morey")
