"""The states of a screen: loading, ready, empty, not found, failed, refused."""

import reflex as rx

from app.components.button import link_button
from app.components.callout import callout
from app.components.icons import icon
from app.components.markup import Child, Flag, Text
from app.state.base import AppState

# The address as the browser has it: the server hears of a new one a moment later.
PATH_HERE = rx.Var(
    '(typeof window==="undefined"?"":window.location.pathname.replace(/\\/+$/,"")||"/")',
    _var_type=str,
).guess_type()


def ready(
    *content: Child, loading: Child | None = None, not_found: Child | None = None
) -> rx.Component:
    """The content once it was loaded for this very address, and the state of the screen until then.

    What was loaded for the page before is not shown while the server hears of the new address.
    """
    waiting = loading or skeleton_rows()
    return rx.cond(
        AppState.shown_path == PATH_HERE,
        rx.match(
            AppState.page_status,
            ("ready", rx.fragment(*content)),
            ("not_found", not_found or not_found_panel()),
            ("failed", failed_panel()),
            waiting,
        ),
        waiting,
    )


def when_loaded(is_loaded: Flag, *content: Child, loading: Child | None = None) -> rx.Component:
    """The content of a page that depends on no address, once its own state says it is there.

    Kept while it is read again, so that coming back to the page shows it at once.
    """
    return rx.cond(
        is_loaded,
        rx.fragment(page_error(), *content),
        rx.cond(AppState.page_status == "failed", failed_panel(), loading or skeleton_rows()),
    )


def skeleton_rows(rows: int = 4) -> rx.Component:
    """A list on its way: drawn after 300 ms, so that a quick answer does not flash."""
    bar = rx.el.span(class_name="skel", style={"width": "58%"})
    short = rx.el.span(class_name="skel", style={"width": "36%"})
    line = rx.el.div(
        rx.el.span(class_name="skel disc"),
        rx.el.span(bar, short, class_name="grow"),
        rx.el.span(class_name="skel", style={"width": "72px"}),
        class_name="skel-row",
    )
    return rx.el.div(
        rx.el.p("Chargement…", role="status", class_name="vh"),
        *[line for _ in range(rows)],
        class_name="panel waiting",
        aria_busy="true",
    )


def empty(
    words: Text, *action: Child, icon_name: str = "folder-open", bare: bool = False
) -> rx.Component:
    """Nothing yet: an icon, one line, one action. `bare`: inside a panel that is already there."""
    return rx.el.div(
        icon(icon_name, "xl"),
        rx.el.p(words, class_name="fw"),
        *action,
        class_name="empty" if bare else "panel empty",
    )


def empty_filtered(words: Text, clear: Child, *, bare: bool = False) -> rx.Component:
    """Nothing under these filters, and the way out of them."""
    return rx.el.div(
        icon("list-filter", "xl"),
        rx.el.p(words),
        clear,
        class_name="empty" if bare else "panel empty",
    )


def not_found_panel(
    words: Text = "Cette page est introuvable.",
    hint: Text = "L’adresse est incomplète, ou ce dossier ne vous est pas ouvert.",
    way_out: Child | None = None,
    *,
    is_page: bool = False,
) -> rx.Component:
    """What does not exist, or is not theirs to know: the same words for both.

    `is_page`: nothing else is on the page, so that its words are the title.
    """
    title = rx.el.h1 if is_page else rx.el.p
    return rx.el.div(
        icon("search", "xl"),
        title(words, class_name="fw"),
        rx.el.p(hint, class_name="muted"),
        way_out or link_button("Voir mes patients", href="/patients"),
        class_name="panel empty",
        role="alert",
    )


def failed_panel() -> rx.Component:
    """A fault of ours: what could not be done, its reference, and trying again."""
    return callout(
        rx.el.p(AppState.error),
        rx.el.p(link_button("Réessayer", href="", icon_name="rotate-cw", reload_document=True)),
        tone="danger",
        urgent=True,
    )


def page_error(retry: Child | None = None) -> rx.Component:
    """The sentence of what just failed, unless fields say it better; above the content."""
    is_told = (AppState.error != "") & (AppState.page_status == "ready")
    return rx.cond(
        is_told & (AppState.field_errors.keys().length() == 0),
        callout(
            rx.el.p(AppState.error),
            *([] if retry is None else [retry]),
            tone="danger",
            urgent=True,
            is_page_error=True,
        ),
    )


def refused(words: Text, what_next: Child) -> rx.Component:
    """What is visible but not theirs to do: why, and what would make it possible."""
    return callout(rx.el.p(words), what_next, tone="warning", icon_name="lock")


def partly(words: Text, retry: Child | None = None) -> rx.Component:
    """What is missing from a page that shows the rest."""
    return callout(words, *([] if retry is None else [" ", retry]), tone="neutral")
