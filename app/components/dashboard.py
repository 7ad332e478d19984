"""Pieces of the dashboard: counters, and rows of what needs attention."""

from typing import Any

import reflex as rx

from app.components.icons import icon
from app.components.markup import Child, Flag, Number, Text, look


def counters(*items: Child, label: Text, three: bool = False) -> rx.Component:
    """The counters at the top: `counter` or an `rx.foreach` of them.

    `label`: « À voir aujourd’hui, en nombres ».
    """
    return rx.el.ul(
        *items,
        class_name="kps three" if three else "kps",
        aria_label=label,
    )


def counter(
    value: Number | Text,
    title: Text,
    under: Text,
    *,
    href: Text,
    icon_name: Text,
    tone: Text = "",
    is_current: Flag = False,
) -> rx.Component:
    """A number that leads to its list. `tone`: `warm` when someone waits, `alert` for danger.

    `is_current`: its list is the one shown.
    """
    return rx.el.li(
        rx.el.a(
            rx.el.span(icon(icon_name, "l"), class_name="ki"),
            rx.el.span(value, class_name="kn"),
            rx.el.span(rx.el.b(title), rx.el.span(under, class_name="muted sm"), class_name="kl"),
            href=href,
            class_name=look("kp", tone),
            aria_current=rx.cond(is_current, "true", "false"),
        )
    )


def attention_list(*rows: Child) -> rx.Component:
    """What needs attention, the most urgent first: `attention_row` or an `rx.foreach` of them."""
    return rx.el.ol(*rows)


def attention_row(
    *,
    kind: Text,
    patient: Text,
    patient_href: Text,
    age: Text,
    reason: Text,
    when: Text,
    action: Child,
    icon_name: Text,
    tone: Text = "",
    curve: Child = None,
    **props: Any,
) -> rx.Component:
    """One thing to look at. `tone`: `danger`, `warning` or empty; `action`: one button."""
    return rx.el.li(
        rx.el.span(icon(icon_name), class_name=look("ai", tone)),
        rx.el.div(
            rx.el.p(rx.el.b(kind), class_name="ak"),
            rx.el.p(
                rx.el.a(patient, href=patient_href),
                " ",
                rx.el.span(age, class_name="muted"),
                class_name="an",
            ),
            rx.el.p(reason, class_name="sm"),
            class_name="grow",
        ),
        *([] if curve is None else [curve]),
        rx.el.div(rx.el.p(when, class_name="sm muted"), action, class_name="aw"),
        class_name="att",
        **props,
    )


def circle(initials: Child, label: Text) -> rx.Component:
    """The circle of a patient: discs, then « 4 PdS »."""
    return rx.el.span(initials, rx.el.span(label, class_name="sm muted"), class_name="circ")
