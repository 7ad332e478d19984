"""A file to send: words in French whatever the browser speaks, a click or a drop, the name of what was chosen."""

import reflex as rx

from app.components.field import FieldParts
from app.components.icons import icon
from app.components.markup import Child, Text


def file_field(
    label: Text,
    name: str,
    *,
    accept: str,
    max_bytes: int,
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    above: Child = None,
    below: Child = None,
) -> rx.Component:
    """One file. Only for native forms. `above`, `below`: what stands around it inside the field.

    `accept` and `max_bytes` only help to choose: the server looks at the file itself.
    """
    parts = FieldParts(label, name, element_id="", hint=hint, error=error, required=required)
    return parts.wrap(
        *([] if above is None else [above]),
        rx.el.div(
            rx.el.input(
                type="file",
                name=name,
                accept=accept,
                **parts.control({"custom_attrs": {"data-max-bytes": str(max_bytes)}}),
            ),
            rx.el.span(
                icon("folder-open", "s"), "Choisir un fichier", class_name="btn", aria_hidden="true"
            ),
            # Its words change in the browser alone: assets/liane.js.
            rx.el.span(
                "Aucun fichier choisi", class_name="sm muted", role="status", data_file_name=""
            ),
            class_name="filebox",
        ),
        *([] if below is None else [below]),
    )
