"""Plain text with headings and lists, drawn from blocks of the state."""

from typing import Any

import reflex as rx


def text_blocks(blocks: Any) -> rx.Component:
    """The blocks of a legal text or a notice. `blocks`: a list of `Block` in the state."""
    return rx.el.div(rx.foreach(blocks, _block), class_name="text prose")


def _block(block: Any) -> rx.Component:
    return rx.match(
        block.kind,
        ("title", rx.el.h2(block.text)),
        ("list", rx.el.ul(rx.foreach(block["items"], lambda item: rx.el.li(item)))),
        rx.el.p(block.text),
    )
