"""The description of a document in a form: name, date, category, who may see it (ME-097 to ME-103)."""

from typing import Any

import reflex as rx

from app.components.button import button
from app.components.callout import callout
from app.components.choice_field import radio_cards, select_field
from app.components.dialog import dialog, safe
from app.components.field import date_fields, text_field
from app.components.markup import Child, Handler
from app.components.panel import disclosure
from app.i18n.document_change import VISIBILITIES
from app.i18n.format import NARROW
from app.state.base import AppState


def description_fields(fields: rx.Var[dict[str, str]], categories: Any, prefix: str) -> list[Child]:
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
            categories,
            value=fields["category"],
            empty="Choisir une catégorie",
            required=True,
            id=f"{prefix}-category",
        ),
    ]


def visibility_fields(fields: rx.Var[dict[str, str]], readers: Any) -> list[Child]:
    """Visible or masked, and who has access (ME-103). `readers`: their names."""
    return [
        radio_cards(
            "Qui peut voir ce document",
            "visibility",
            VISIBILITIES,
            value=fields["visibility"],
            hint="Un document masqué reste visible de vous, qui l’ajoutez.",
            required=True,
        ),
        disclosure(
            "Voir les professionnels qui ont accès à mes documents",
            rx.cond(
                readers.length() > 0,
                rx.el.ul(rx.foreach(readers, lambda who: rx.el.li(who)), class_name="doc-names"),
                rx.el.p("Aucun professionnel n’a accès à votre dossier aujourd’hui."),
            ),
            rx.el.p(
                "Chaque profession ne lit que les types de documents qui la concernent. ",
                rx.el.a(
                    f"Régler qui a accès{NARROW}: confidentialité",
                    href="/parametres/confidentialite",
                ),
                class_name="sm",
            ),
        ),
    ]


def same_file_dialog(
    state: Any, *, on_add: Handler, on_leave: Handler, dialog_id: str
) -> rx.Component:
    """The record has this file already: add it once more, or not. `state` holds `is_duplicate`."""
    return dialog(
        "Ce fichier est déjà dans vos documents",
        callout(
            f"Son contenu est exactement le même. Voulez-vous l’ajouter une seconde fois{NARROW}?",
            tone="warning",
        ),
        is_open=AppState.is_hydrated & state.is_duplicate,
        on_close=state.close_duplicate,
        actions=rx.fragment(
            button("Ajouter quand même", on_click=on_add),
            button("Ne pas l’ajouter", kind="primary", on_click=on_leave, **safe()),
        ),
        dialog_id=dialog_id,
        look="",
    )
