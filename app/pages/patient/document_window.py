"""The windows of « Documents »: before hiding or showing, the description, a file that is there already."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.dialog import dialog, safe
from app.components.document_fields import description_fields, same_file_dialog
from app.components.form import error_summary, form
from app.i18n.format import NARROW
from app.state.base import AppState
from app.state.document_adding import DocumentAddingState as Documents


def windows() -> rx.Component:
    """Each of them, drawn while it is open."""
    return rx.fragment(
        _mask(),
        _edit(),
        same_file_dialog(
            Documents,
            on_add=Documents.add_again,
            on_leave=Documents.give_up,
            dialog_id="document-duplicate",
        ),
    )


def _mask() -> rx.Component:
    question = Documents.question
    return dialog(
        question.title,
        rx.foreach(question.lines, lambda line: rx.el.p(line)),
        rx.cond(
            question.still.length() > 0,
            rx.el.div(
                rx.el.p(question.still_title, f"{NARROW}:", class_name="fw"),
                rx.el.ul(
                    rx.foreach(question.still, lambda who: rx.el.li(who)), class_name="doc-names"
                ),
            ),
        ),
        rx.el.p(
            rx.el.a("Voir et régler qui a accès à mon dossier", href="/parametres/confidentialite"),
            class_name="sm",
        ),
        is_open=AppState.is_hydrated & (question.title != ""),
        on_close=Documents.close_window,
        actions=rx.fragment(
            button(question.verb, kind="primary", on_click=Documents.confirm_mask),
            button("Ne rien changer", on_click=Documents.close_window, **safe()),
        ),
        dialog_id="document-mask",
        look="",
    )


def _edit() -> rx.Component:
    return dialog(
        "Modifier le document",
        form(
            error_summary(),
            *description_fields(Documents.fields, Documents.categories, "edit"),
            rx.el.div(
                submit_button("Enregistrer"),
                button("Annuler", on_click=Documents.close_window),
                class_name="acts",
            ),
            on_submit=Documents.save_edit,
            key=Documents.editing,
        ),
        is_open=AppState.is_hydrated & (Documents.editing != ""),
        on_close=Documents.close_window,
        dialog_id="document-edit",
        look="",
    )
