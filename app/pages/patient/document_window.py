"""The windows of « Documents »: before hiding or showing, the description, a file that is there already."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import select_field
from app.components.dialog import dialog, safe
from app.components.field import date_fields, text_field
from app.components.form import error_summary, form
from app.components.markup import Child
from app.i18n.format import NARROW
from app.state.base import AppState
from app.state.document_adding import DocumentAddingState as Documents


def windows() -> rx.Component:
    """Each of them, drawn while it is open."""
    return rx.fragment(_mask(), _edit(), _duplicate())


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
            *description_fields(Documents.fields, "edit"),
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


def description_fields(fields: rx.Var[dict[str, str]], prefix: str) -> list[Child]:
    """Name, date and category of a document, as they are now."""
    return [
        text_field(
            "Nom du document",
            "title",
            value=fields["title"],
            required=True,
            max_length=255,
            auto_complete="off",
            id=f"{prefix}-title",
        ),
        date_fields(
            "Date du document",
            "document",
            day=fields["document_day"],
            month=fields["document_month"],
            year=fields["document_year"],
            required=True,
            id=f"{prefix}-document",
        ),
        select_field(
            "Catégorie",
            "category",
            Documents.categories,
            value=fields["category"],
            empty="Choisir une catégorie",
            required=True,
            id=f"{prefix}-category",
        ),
    ]


def _duplicate() -> rx.Component:
    return dialog(
        "Ce fichier est déjà dans vos documents",
        callout(
            f"Son contenu est exactement le même. Voulez-vous l’ajouter une seconde fois{NARROW}?",
            tone="warning",
        ),
        is_open=AppState.is_hydrated & Documents.is_duplicate,
        on_close=Documents.close_duplicate,
        actions=rx.fragment(
            button("Ajouter quand même", on_click=Documents.add_again),
            button("Ne pas l’ajouter", kind="primary", on_click=Documents.give_up, **safe()),
        ),
        dialog_id="document-duplicate",
        look="",
    )
