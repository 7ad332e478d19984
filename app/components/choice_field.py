"""Fields where one chooses: lists, radio buttons, boxes to tick. They are tied together as every field is."""

from typing import Any

import reflex as rx
from reflex_base.vars.base import Var

from app.components.field import FieldParts
from app.components.markup import Child, Flag, Handler, Text, each, ident, pair


def select_field(
    label: Text,
    name: str,
    options: Any,
    *,
    value: Text = "",
    empty: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    id: str = "",  # noqa: A002 - the name of the attribute
    **props: Any,
) -> rx.Component:
    """A choice in a native list. `options`: `(value, label)` pairs, or a list of `Choice` in the state.

    `empty`: the label of the first line, which chooses nothing (« Choisir un grade »).
    """
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    return parts.wrap(
        _select(
            options,
            empty,
            name=name,
            default_value=value,
            class_name="input",
            **parts.control(props),
        )
    )


def mini_select(
    label: Text,
    name: str,
    options: Any,
    *,
    value: Text,
    on_change: Handler,
    empty: str = "",
) -> rx.Component:
    """A filter in the head of a panel: label and list on one line. `empty`: « Tous »."""
    select = _select(
        options,
        empty,
        name=name,
        value=value,
        on_change=on_change,
        class_name="input mini",
        **ident(f"filter-{name}"),
    )
    return rx.el.label(label, " ", select, html_for=f"filter-{name}", class_name="row sm")


def _select(options: Any, empty: Text, **props: Any) -> rx.Component:
    def line(option: Any) -> rx.Component:
        choice, words = pair(option)
        return rx.el.option(words, value=choice)

    # A list in the state arrives after the first drawing: the key draws it anew, with its choice made.
    if isinstance(options, Var):
        props.setdefault("key", options.length().to_string())
    first = [rx.el.option(empty, value="")] if empty else []
    return rx.el.select(*first, each(options, line), **props)


def radio_cards(
    label: Text,
    name: str,
    options: Any,
    *,
    value: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    two: bool = True,
    on_change: Handler = None,
    id: str = "",  # noqa: A002 - the name of the attribute
) -> rx.Component:
    """A choice among few, each on a line that is a target as a whole. `two`: two columns where they fit.

    `options`: `(value, label)` or `(value, label, hint)`, or a list of `Choice` in the state.
    """
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    events = {} if on_change is None else {"on_change": on_change}

    def card(option: Any) -> rx.Component:
        choice, words = pair(option)
        explained = option[2] if isinstance(option, tuple) and len(option) > 2 else ""  # noqa: PLR2004
        more = [rx.el.span(explained, class_name="hint")] if explained else []
        return rx.el.label(
            rx.el.input(
                type="radio", name=name, value=choice, default_checked=value == choice, **events
            ),
            rx.el.span(words, *more),
            class_name="opt",
        )

    return parts.group(rx.el.div(each(options, card), class_name="radios two" if two else "radios"))


def checkbox(
    label: Child,
    name: str,
    *,
    is_checked: Flag = False,
    hint: Text = "",
    error: Text | None = None,
    id: str = "",  # noqa: A002 - the name of the attribute
    **props: Any,
) -> rx.Component:
    """A box to tick, with its words as part of the target."""
    parts = FieldParts("", name, element_id=id, hint="", error=error, required=False)
    more = [rx.el.span(hint, class_name="hint")] if hint else []
    return rx.el.div(
        *parts.messages(),
        rx.el.label(
            rx.el.input(
                type="checkbox", name=name, default_checked=is_checked, **parts.control(props)
            ),
            rx.el.span(label, *more),
            class_name="check",
        ),
        class_name=parts.look(),
    )
