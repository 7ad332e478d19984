"""Adding files: a button first, a zone second, one line a file while it is sent (ME-091 to ME-096)."""

from typing import Any

import reflex as rx

from app.components.button import button
from app.components.icons import icon
from app.components.markup import Handler, Text
from app.i18n import document_upload as words

_ACCEPTED = ".jpg,.jpeg,.pdf,.png,.txt,.rtf,.tif,.tiff"


def file_drop(
    *,
    on_arrived: Handler,
    patient: Text = "",
    label: Text = words.BROWSE,
    element_id: str = "ajout",
    **data: Any,
) -> rx.Component:
    """The files go by themselves (assets/upload.js); `on_arrived` runs when the last one is answered.

    `patient`: whose record, where it is not one's own; `data`: where else they go, as `data_…`. Formats and size are said before choosing, and only
    help to choose: the server looks at each file itself.
    """
    hint = f"{element_id}-formats"
    return rx.el.div(
        rx.el.div(
            button(label, data_browse="", aria_describedby=hint),
            icon("upload", "xl"),
            rx.el.div(
                rx.el.p(words.DROP, class_name="fw"),
                rx.el.p(words.LIMITS, class_name="sm muted", custom_attrs={"id": hint}),
                class_name="grow",
            ),
            # Chosen through the button above, whose words are French whatever the browser speaks.
            rx.el.input(
                type="file", multiple=True, accept=_ACCEPTED, hidden=True, aria_hidden="true"
            ),
            class_name="file-drop",
            data_drop="",
        ),
        rx.el.ul(class_name="up-lines", data_upload_list="", aria_label=words.SENT_LIST),
        rx.el.p(class_name="vh", role="status", data_upload_status=""),
        rx.el.button(type="button", hidden=True, data_uploads_arrived="", on_click=on_arrived),
        class_name="uploads",
        data_uploads="",
        data_patient=patient,
        **data,
    )
