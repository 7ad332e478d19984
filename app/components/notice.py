"""The notice at the bottom: what was just done.

It stays until it is closed, and never carries alone what the screen should show.
"""

import reflex as rx

from app.components.badge import at_most_99
from app.components.icons import icon
from app.components.markup import Child, Handler, Text, hidden_text
from app.state.arrival import ArrivalState
from app.state.base import AppState


def notice(
    words: Text, on_close: Handler, *, link: Child | None = None, icon_name: str = "check"
) -> rx.Component:
    """A dark strip: icon, sentence, a link, a cross."""
    return rx.el.div(
        icon(icon_name),
        rx.el.span(words, *([] if link is None else [" ", link])),
        rx.el.button(icon("x", "s"), hidden_text("Fermer"), type="button", on_click=on_close),
        class_name="notice",
    )


def notice_region() -> rx.Component:
    """Where the notices of the page appear; being there from the start, it is read out when it fills."""
    return rx.el.div(
        rx.cond(AppState.notice != "", notice(AppState.notice, AppState.close_notice)),
        rx.cond(
            AppState.message_notice != "",
            notice(
                AppState.message_notice,
                ArrivalState.close,
                link=rx.el.a("Lire", href=AppState.message_href),
                icon_name="mail",
            ),
        ),
        role="status",
        class_name="notices",
    )


def unread_in_title() -> rx.Component:
    """« (3) Messagerie – Liane »: the number the script of the page puts before the title of the document."""
    number = rx.cond(AppState.unread > 0, at_most_99(AppState.unread), "")
    return rx.el.span(hidden=True, custom_attrs={"data-unread": number})
