"""Buttons and links that look like them. One primary per view."""

from typing import Any, Literal

import reflex as rx

from app.components.icons import icon
from app.components.markup import Child, Handler, Text, hidden_text

Kind = Literal["", "primary", "soft", "ghost", "danger", "danger-solid"]


def _look(kind: Kind, *, big: bool, block: bool, extra: str = "") -> str:
    parts = ("btn", kind, "big" if big else "", "block" if block else "", extra)
    return " ".join(part for part in parts if part)


def button(
    *children: Child,
    kind: Kind = "",
    icon_name: str = "",
    on_click: Handler = None,
    big: bool = False,
    block: bool = False,
    **props: Any,
) -> rx.Component:
    """A button that acts in the page. Not a submit button: see `submit_button`."""
    if on_click is not None:
        props["on_click"] = on_click
    props.setdefault("type", "button")
    extra = props.pop("class_name", "")
    return rx.el.button(
        *([icon(icon_name, "s")] if icon_name else []),
        *children,
        class_name=_look(kind, big=big, block=block, extra=extra),
        **props,
    )


def submit_button(*children: Child, kind: Kind = "primary", **props: Any) -> rx.Component:
    """The button that sends a form."""
    return button(*children, kind=kind, type="submit", **props)


def link_button(
    *children: Child,
    href: Text,
    kind: Kind = "",
    icon_name: str = "",
    big: bool = False,
    block: bool = False,
    **props: Any,
) -> rx.Component:
    """A link to a page, drawn as a button."""
    extra = props.pop("class_name", "")
    return rx.el.a(
        *([icon(icon_name, "" if big else "s")] if icon_name else []),
        *children,
        href=href,
        class_name=_look(kind, big=big, block=block, extra=extra),
        **props,
    )


def icon_button(
    icon_name: str, label: Text, *, kind: Kind = "ghost", on_click: Handler = None, **props: Any
) -> rx.Component:
    """A square button whose words are only heard: for close crosses and the like."""
    if on_click is not None:
        props["on_click"] = on_click
    extra = f"icon {props.pop('class_name', '')}".strip()
    return rx.el.button(
        icon(icon_name),
        hidden_text(label),
        type="button",
        class_name=_look(kind, big=False, block=False, extra=extra),
        **props,
    )


def text_button(*children: Child, on_click: Handler, icon_name: str = "") -> rx.Component:
    """An act inside a line of text, drawn as a link."""
    return rx.el.button(
        *([icon(icon_name, "s")] if icon_name else []),
        *children,
        type="button",
        on_click=on_click,
        class_name="lnk",
    )


def print_button(label: Text = "Imprimer", kind: Kind = "") -> rx.Component:
    """Opens the browser's print dialog."""
    return button(label, kind=kind, icon_name="printer", data_print="")
