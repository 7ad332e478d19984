"""The steps of a form in several pages, along the thread."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.vars.base import Var

from app.components.icons import icon
from app.components.markup import Child, hidden_text


def wizard(steps: rx.Component, *content: Child) -> rx.Component:
    """Steps at the left, the current one's sheet at the right."""
    return rx.el.div(steps, rx.el.div(*content), class_name="wiz")


def step_list(
    labels: Sequence[tuple[str, str]],
    current: int | Var[int],
    *,
    name: str,
    done: Var[list[int]] | None = None,
) -> rx.Component:
    """Steps as (title, line below); `current` counts from 1; `name`: « Étapes de l’inscription ».

    `done`: the numbers of the steps that are done, where they are not simply those before the current one.
    """
    total = len(labels)
    return rx.el.nav(
        rx.el.p("Étape ", current, f" sur {total}", class_name="sm muted"),
        rx.el.ol(
            *[
                _step(index, title, under, current, done)
                for index, (title, under) in enumerate(labels, 1)
            ]
        ),
        class_name="steps",
        aria_label=name,
    )


def _step(
    index: int, title: str, under: str, current: int | Var[int], done: Var[list[int]] | None
) -> rx.Component:
    is_current = current == index
    is_done = current > index if done is None else done.contains(index) & (current != index)
    return rx.el.li(
        rx.el.span(
            rx.cond(is_done, rx.fragment(icon("check", "s"), hidden_text("Fait")), str(index)),
            class_name="sn",
        ),
        rx.el.span(rx.el.b(title), *([rx.el.span(under, class_name="sd")] if under else [])),
        class_name=rx.cond(is_current, "cur", ""),
        aria_current=rx.cond(is_current, "step", "false"),
    )


def pick_list(rows: Child, *, legend: str) -> rx.Component:
    """A choice of one line among results: `pick_row` or an `rx.foreach` of them."""
    return rx.el.fieldset(rx.el.legend(legend, class_name="vh"), rx.el.ul(rows, class_name="picks"))


def pick_row(
    name: str, value: Child, *lines: Child, end: Child = None, **props: object
) -> rx.Component:
    """A line to choose: the first of `lines` is its title."""
    return rx.el.li(
        rx.el.label(
            rx.el.input(type="radio", name=name, value=value, **props),
            rx.el.span(*lines, class_name="grow"),
            *([] if end is None else [rx.el.span(end, class_name="sm tn rp")]),
            class_name="pick",
        )
    )
