"""The documents of an archive received with a message (FB-13)."""

import reflex as rx

from app.components.button import button
from app.components.callout import callout
from app.components.markup import Text, hidden_text
from app.i18n import health_mail as words
from app.state.xdm import XdmLine, XdmState


def archive_documents(attachment_id: Text) -> rx.Component:
    """What an archive holds, each with its way into the patient's documents."""
    return rx.el.section(
        rx.cond(XdmState.trouble, callout(XdmState.trouble, tone="warning", urgent=True)),
        rx.cond(
            XdmState.is_read,
            rx.el.div(
                rx.el.h3(words.ARCHIVE_TITLE),
                rx.el.ul(rx.foreach(XdmState.lines, _line), class_name="lines"),
                class_name="panel",
            ),
        ),
        class_name="archive",
        on_mount=XdmState.open(attachment_id),
    )


def _line(line: rx.Var[XdmLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.title, class_name="fw"),
            rx.el.p(line.about, class_name="sm muted"),
            class_name="grow",
        ),
        rx.cond(
            line.may_keep,
            button(
                words.KEEP,
                hidden_text(line.title),
                icon_name="folder",
                on_click=XdmState.keep(line.number),
            ),
            rx.el.p(words.NOT_KEPT, class_name="sm muted"),
        ),
        key=line.number.to_string(),
    )
