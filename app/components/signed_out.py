"""The frame of a page open to all: one card, the plant behind it."""

import reflex as rx

from app.components.brand import brand, vine
from app.components.frame import footer, instance, main_region, skip_link
from app.components.icons import icon
from app.components.markup import Child, Text
from app.components.mode import acting_bar
from app.components.navigation import HELP
from app.components.notice import notice_region


def signed_out_shell(
    *content: Child, wide: bool = False, look: str = "", beside: Child | None = None
) -> rx.Component:
    """The whole page: `card`, or what is wider than one.

    `look`: class of a page wider than a card; `beside`: a line before « Aide ».
    """
    return rx.el.div(
        skip_link(),
        rx.el.div(
            vine(),
            rx.el.header(
                brand("/"),
                instance(),
                rx.el.span(
                    *([] if beside is None else [beside]),
                    rx.el.a(icon(HELP.icon_name, "s"), "Aide", href="/aide", class_name="sm hl"),
                    class_name="row",
                ),
                class_name="otop",
            ),
            acting_bar(),
            main_region(*content, class_name=look or ("wide" if wide else "")),
            footer(),
            class_name="outp",
        ),
        notice_region(),
        class_name="out",
    )


def card(title: Text, *content: Child, lead: Child = None) -> rx.Component:
    """The one card of a signed-out page."""
    head = rx.el.div(
        rx.el.h1(title, tab_index=-1),
        *([] if lead is None else [rx.el.p(lead, class_name="muted")]),
    )
    return rx.el.div(head, *content, class_name="card")


def under_card(*content: Child) -> rx.Component:
    """A second, smaller card below."""
    return rx.el.div(*content, class_name="under")
