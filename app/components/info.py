"""Pages of text open to all: help, contact, legal texts. Who is signed in keeps their own frame."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from app.components.markup import Child
from app.components.panel import page_head, panel
from app.components.shell import viewer_shell
from app.components.signed_out import card, signed_out_shell
from app.state.base import AppState


def info_page(
    title: str, *content: Child, lead: str = "", current: Literal["help", ""] = ""
) -> rx.Component:
    """A page of text in the frame of whoever reads it."""
    words = lead or None
    return viewer_shell(
        page_head(title, lead=words),
        panel(rx.el.div(*content, class_name="text prose")),
        current=current,
        signed_out=signed_out_shell(
            card(title, rx.el.div(*content, class_name="text prose"), lead=words), wide=True
        ),
    )


def section(title: str, *paragraphs: Child) -> rx.Component:
    """A heading and what it says; strings become paragraphs, lists of strings become lists."""
    return rx.fragment(rx.el.h2(title), *[_block(paragraph) for paragraph in paragraphs])


def _block(block: Child) -> rx.Component:
    if isinstance(block, str):
        return rx.el.p(block)
    if isinstance(block, Sequence):
        return rx.el.ul(*[rx.el.li(item) for item in block])
    return block


def contact_link() -> rx.Component:
    """The address of whoever runs this instance, or the words that say there is none."""
    return rx.cond(
        AppState.contact_email,
        rx.el.a(
            AppState.contact_email, href=f"mailto:{AppState.contact_email}", reload_document=True
        ),
        rx.el.span("l’exploitant de ce portail"),
    )
