"""Plain text with headings and lists, drawn from blocks of the state."""

from typing import Any

import reflex as rx


def text_blocks(blocks: Any) -> rx.Component:
    """The blocks of a legal text or a notice. `blocks`: a list of `Block` in the state."""
    return rx.el.div(rx.foreach(blocks, lambda block: text_block(block)), class_name="text prose")


def text_block(block: Any, heading: Any = rx.el.h2) -> rx.Component:
    """One block; `heading`: the element of its titles, where they stand lower in the page."""
    return rx.match(
        block.kind,
        ("title", heading(block.text)),
        ("list", rx.el.ul(rx.foreach(block["items"], lambda item: rx.el.li(item)))),
        rx.el.p(block.text),
    )
