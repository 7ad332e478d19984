"""Where files are added to « Documents »: the zone, then one form a file (ME-091 to ME-104)."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.document_fields import description_fields, visibility_fields
from app.components.file_drop import file_drop
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.markup import Child, ident
from app.components.panel import panel
from app.state.document_adding import DocumentAddingState as Documents


def adding() -> rx.Component:
    """The form of the first file that waits, then the zone for more."""
    return rx.el.section(
        rx.cond(Documents.upload.id != "", _form()),
        file_drop(on_arrived=Documents.find_uploads, element_id="ajout-fichiers"),
        aria_label="Fichiers à ajouter",
        class_name="doc-adding stack",
        **ident("ajout"),
    )


def waiting_callout() -> rx.Component:
    """Files of an earlier visit, or of a moment ago, that no form has validated."""
    words: Child = rx.cond(
        Documents.waiting > 1,
        f"{Documents.waiting} fichiers attendent d’être validés.",
        "Un fichier attend d’être validé.",
    )
    return rx.cond(
        Documents.waiting > 0,
        rx.el.div(
            callout(
                words,
                " ",
                button("Continuer l’ajout", data_scrolls="ajout"),
                tone="info",
                icon_name="upload",
            ),
            class_name="doc-aside doc-waiting",
        ),
    )


def _form() -> rx.Component:
    upload = Documents.upload
    return panel(
        form(
            error_summary(),
            rx.el.p(
                rx.el.b(upload.name),
                " ",
                rx.el.span(upload.about, class_name="muted"),
                class_name="doc-file",
            ),
            rx.cond(
                upload.notices.length() > 0,
                callout(rx.foreach(upload.notices, lambda line: rx.el.p(line)), tone="neutral"),
            ),
            mandatory_note(),
            *description_fields(Documents.upload_fields, Documents.categories, "add"),
            *visibility_fields(Documents.upload_fields, Documents.readers),
            rx.el.input(type="hidden", name="key", value=Documents.upload_key, read_only=True),
            form_actions(
                submit_button("Valider pour continuer"),
                button("Ne pas ajouter ce fichier", on_click=Documents.give_up),
            ),
            on_submit=Documents.save_upload,
            key=Documents.upload_key,
        ),
        title="Ajouter un document",
        title_id="ajout-titre",
        beside=rx.el.span(upload.position, class_name="muted sm", role="status"),
    )
