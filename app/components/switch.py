"""A switch: what is on or off at once, with its words as part of the target."""

import reflex as rx

from app.components.markup import Child, Flag, Handler, Text, ident


def switch(
    label: Child, hint: Child, *, element_id: Text, is_on: Flag, on_change: Handler
) -> rx.Component:
    """« Visible par les professionnels autorisés », and what changing it would do. Drawn by the state."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            role="switch",
            checked=is_on,
            on_change=on_change,
            aria_describedby=f"{element_id}-hint",
            **ident(element_id),
        ),
        rx.el.span(
            rx.el.b(label), rx.el.span(hint, class_name="sm muted", **ident(f"{element_id}-hint"))
        ),
        html_for=element_id,
        class_name="switch",
    )
