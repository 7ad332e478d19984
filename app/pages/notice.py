"""The information notice, to read and to print, for whoever is signed in (CX-14)."""

import reflex as rx

from app.components.button import link_button, print_button
from app.components.panel import page_head, panel
from app.components.shell import signed_in_shell
from app.components.states import not_found_panel, ready, skeleton_rows
from app.components.text_block import text_blocks
from app.pages.table import page
from app.state.base import Audience
from app.state.notice import NoticeState


@page(
    route="/notice/[notice_id]",
    title="Notice d’information, version remise",
    audience=Audience.SIGNED_IN,
    on_load=NoticeState.load,
)
@page(
    route="/notice",
    title="Notice d’information",
    audience=Audience.SIGNED_IN,
    on_load=NoticeState.load,
)
def notice_page() -> rx.Component:
    """The version in use, or the one that was handed to a patient."""
    return signed_in_shell(_notice())


def _notice() -> rx.Component:
    return ready(
        rx.cond(
            NoticeState.is_loaded,
            rx.el.article(
                page_head(NoticeState.title, print_button(), lead=NoticeState.version),
                panel(text_blocks(NoticeState.body)),
                class_name="narrow",
            ),
            skeleton_rows(),
        ),
        not_found=not_found_panel(
            "Cette notice d’information est introuvable.",
            "L’adresse est incomplète, ou cette version n’a jamais existé.",
            link_button("Lire la notice en vigueur", href="/notice"),
            is_page=True,
        ),
    )
