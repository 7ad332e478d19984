"""White sheets on warm paper, and the head of a page."""

from typing import Any

import reflex as rx

from app.components.icons import chevron
from app.components.markup import Child, Flag, Text, ident


def panel(
    *children: Child,
    title: Text = "",
    title_id: str = "",
    beside: Child = None,
    end: Child = None,
    bare: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A sheet. With a title it is a named section: `title_id` is then needed.

    `beside`: after the title (a count, a muted line); `end`: at the right. `bare`: without inner margin,
    for lists and tables that reach the edges.
    """
    body = children if bare else (rx.el.div(*children, class_name="body"),)
    look = f"panel {class_name}".strip()
    if isinstance(title, str) and not title:
        return rx.el.div(*body, class_name=look, **props)
    assert title_id, "a titled panel needs an id for its title"
    head = rx.el.div(
        rx.el.h2(title, **ident(title_id)),
        *([] if beside is None else [beside]),
        *([] if end is None else [rx.el.div(end, class_name="end row wrap")]),
        class_name="head",
    )
    return rx.el.section(head, *body, class_name=look, aria_labelledby=title_id, **props)


def page_head(title: Text, *actions: Child, lead: Child = None) -> rx.Component:
    """The one h1 of a screen, a line that sums it up, and what one does here."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, tab_index=-1),
            *([] if lead is None else [rx.el.p(lead, class_name="lead")]),
        ),
        *_actions(actions),
        class_name="pagehead",
    )


def _actions(actions: tuple[Child, ...]) -> list[Child]:
    if len(actions) > 1:
        return [rx.el.div(*actions, class_name="row wrap no-print")]
    return list(actions)


def columns(*children: Child, shape: str = "") -> rx.Component:
    """Panels side by side. `shape`: `db` dashboard, `tol` form and history, `syn` synthesis."""
    return rx.el.div(*children, class_name=f"grid {shape}".strip())


def stack(*children: Child, wide: bool = False, **props: Any) -> rx.Component:
    """One under the other, 16 px apart, or 24."""
    return rx.el.div(*children, class_name="stack wide" if wide else "stack", **props)


def disclosure(label: Text, *children: Child, is_open: Flag = False) -> rx.Component:
    """« Voir les valeurs »: what is there for who wants it. `is_open`: shown from the start."""
    opening = {"open": is_open} if isinstance(is_open, rx.Var) or is_open else {}
    return rx.el.details(
        rx.el.summary(chevron(), label, class_name="lnk"),
        *children,
        class_name="vals",
        **opening,
    )
