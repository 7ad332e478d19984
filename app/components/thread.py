"""The thread: the moss line with round nodes that carries chronologies and histories.

The line is decoration; order and meaning live in the `ol`.
"""

from typing import Any

import reflex as rx

from app.components.icons import chevron, icon
from app.components.markup import Child, Text, ident, look, shown


def thread_box(*children: Child) -> rx.Component:
    """What the line runs through: threads, and the months between them."""
    return rx.el.div(*children, class_name="threadbox")


def thread(*items: Child, **props: Any) -> rx.Component:
    """An ordered list along the line: `thread_item` or an `rx.foreach` of them."""
    return rx.el.ol(*items, class_name="thread", **props)


def month_title(label: Text, anchor: Text = "") -> rx.Component:
    """« Mars 2026 », with its small solid node. `anchor`: an id to jump to."""
    named = ident(anchor) if not isinstance(anchor, str) or anchor else {}
    return rx.el.h3(rx.el.span(class_name="dot"), label, class_name="yr", **named)


def thread_item(*content: Child, icon_name: Text, tone: Text = "", **props: Any) -> rx.Component:
    """One entry and its node. `tone`: `alert` red, `inter` amber, empty moss."""
    return rx.el.li(
        rx.el.span(icon(icon_name, "s"), class_name=look("node", tone)), *content, **props
    )


def history_entry(
    *,
    when: Text,
    about: Text,
    author: Text,
    title: Child,
    tags: Child = None,
    lines: Child = None,
    note: Text = "",
    actions: Child = None,
) -> rx.Component:
    """An entry of a page's history: date and treatment, author, result, what was said, note, acts."""
    return rx.el.article(
        rx.el.p(
            rx.el.span(
                rx.el.time(when, class_name="fw"),
                " ",
                rx.el.span("· ", about, class_name="muted"),
            ),
            rx.el.span(author, class_name="muted"),
            class_name="row wrap between sm",
        ),
        rx.el.p(rx.el.b(title), *([] if tags is None else [tags]), class_name="row wrap tags"),
        *([] if lines is None else [lines]),
        shown(note, rx.el.p(note, class_name="sm nt keep-lines")),
        *([] if actions is None else [rx.el.div(actions, class_name="acts no-print")]),
        class_name="te",
    )


def said(label: Text, words: Text) -> rx.Component:
    """« Patiente : gêne légère »."""
    return rx.el.p(rx.el.span(label, "\u202f: ", class_name="muted"), words, class_name="sm")


def chronology_entry(
    *,
    kind: Text,
    when: Text,
    author: Text,
    result: Child,
    treatment: Text,
    details: Child,
    after: Text = "",
    is_strong: Any = False,
    badge: Child = None,
    is_open: Any = False,
) -> rx.Component:
    """An entry of the synthesis, with « Afficher les détails » that opens `details` in place.

    `details`: a `details_list`, then the acts. `is_strong`: the result stands out (severe, poor);
    `after`: said plainly after it.
    """
    return rx.el.article(
        rx.el.div(
            rx.el.p(
                rx.el.b(kind),
                rx.el.span("·", class_name="sep", aria_hidden="true"),
                rx.el.time(when),
                *([] if badge is None else [badge]),
                class_name="k",
            ),
            rx.el.p(author, class_name="a"),
            class_name="eh",
        ),
        rx.el.p(
            shown(is_strong, rx.el.b(result), result),
            after,
            rx.el.span(treatment, class_name="tr"),
            class_name="res",
        ),
        rx.el.details(
            rx.el.summary(
                chevron(),
                rx.el.span("Afficher les détails", class_name="shut"),
                rx.el.span("Masquer les détails", class_name="open"),
                rx.el.span(" de l’entrée du ", when, class_name="vh"),
                class_name="lnk",
            ),
            details,
            **({} if is_open is False else {"open": is_open}),
        ),
        class_name="entry",
    )


def details_list(*items: Child) -> rx.Component:
    """Two columns of `detail`."""
    return rx.el.dl(*items, class_name="det")


def detail(label: Text, value: Child, *, wide: bool = False, after: Text = "") -> rx.Component:
    """A line of the details. `after`: in grey after the value (« saisie le 6 mars à 8 h 12 »)."""
    return rx.el.div(
        rx.el.dt(label),
        rx.el.dd(value, shown(after, rx.el.span(" · ", after, class_name="muted"))),
        class_name="w" if wide else "",
    )


def year_rail(years: Any, draw: Any) -> rx.Component:
    """Jumps to a year; `draw(year)` gives the link."""
    return rx.el.nav(rx.foreach(years, draw), class_name="years", aria_label="Aller à une année")
