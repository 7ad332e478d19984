"""What the pages under « Paramètres » share: their frame, the way back up, the export of the history."""

import reflex as rx

from app.components.button import submit_button
from app.components.form import native_form
from app.components.markup import Child, Text
from app.components.panel import page_head
from app.components.shell import patient_shell

EXPORT = "/api/record/history"


def settings_page(title: Text, *content: Child, lead: Child = None) -> rx.Component:
    """One page under « Paramètres »."""
    return patient_shell(
        rx.el.div(
            rx.el.p(rx.el.a("Paramètres", href="/parametres"), class_name="sm up no-print"),
            page_head(title, lead=lead),
            *content,
            class_name="narrow",
        ),
        current="settings",
    )


def export_form(*hidden: Child, words: str = "Exporter") -> rx.Component:
    """The history as a table for a spreadsheet: the answer to the post is the file (S082)."""
    return native_form(*hidden, submit_button(words, kind="", icon_name="download"), action=EXPORT)
