"""The catalogue of applications, kept by administrators (DM-01)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox, select_field
from app.components.dialog import dialog, lose_or_keep
from app.components.field import text_field, textarea_field
from app.components.form import error_summary, form, mandatory_note
from app.components.markup import hidden_text
from app.components.panel import page_head, panel
from app.components.shell import administrator_shell
from app.components.states import empty, when_loaded
from app.i18n.format import NARROW
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.catalogue import CatalogueState, CatalogueView


@page(
    route="/admin/applications",
    title="Catalogue d’applications",
    audience=Audience.ADMINISTRATOR,
    on_load=CatalogueState.load,
)
def catalogue_page() -> rx.Component:
    """Every application, and who sees it."""
    state = CatalogueState
    return administrator_shell(
        page_head(
            "Catalogue d’applications",
            button(
                "Ajouter une application",
                kind="primary",
                icon_name="plus",
                on_click=state.open_sheet(""),
            ),
            lead="Ce que les patients et les équipes trouvent dans « Applications ».",
        ),
        when_loaded(
            state.is_loaded,
            rx.cond(
                state.rows.length() > 0,
                panel(rx.el.ul(rx.foreach(state.rows, _row), class_name="lines"), bare=True),
                empty("Aucune application dans le catalogue.", icon_name="store"),
            ),
        ),
        _sheet(),
        _withdrawal(),
        current="catalogue",
    )


def _row(row: rx.Var[CatalogueView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.b(row.name),
                rx.cond(row.is_withdrawn, badge("Retirée", "line")),
                rx.cond(row.is_labelled, badge("Labellisée par l’État", "success", "badge-check")),
                class_name="row wrap",
            ),
            rx.el.p(row.publisher, " · ", row.audience_label, class_name="sm"),
            rx.el.p(row.description, class_name="sm muted"),
            rx.cond(
                row.shared_data,
                rx.el.p(
                    f"Données échangées{NARROW}: ",
                    row.shared_data,
                    rx.cond(row.consents, rx.fragment(" (", row.consents, ")")),
                    class_name="sm muted",
                ),
            ),
            class_name="grow",
        ),
        rx.el.div(
            button(
                "Modifier",
                hidden_text(row.name),
                icon_name="pencil",
                on_click=CatalogueState.open_sheet(row.id),
            ),
            rx.cond(
                row.is_withdrawn,
                button(
                    "Remettre",
                    hidden_text(row.name),
                    icon_name="undo-2",
                    on_click=CatalogueState.restore(row.id),
                ),
                button(
                    "Retirer",
                    hidden_text(row.name),
                    icon_name="circle-x",
                    on_click=CatalogueState.ask_withdrawal(row.id),
                ),
            ),
            class_name="acts",
        ),
        key=row.id,
    )


def _sheet() -> rx.Component:
    sheet = CatalogueState.sheet
    return dialog(
        rx.cond(sheet.id, "Modifier l’application", "Ajouter une application"),
        error_summary(),
        rx.cond(
            (AppState.field_errors.keys().length() == 0) & (AppState.error != ""),
            callout(AppState.error, tone="danger", urgent=True),
        ),
        form(
            mandatory_note(),
            rx.el.input(type="hidden", name="key", value=CatalogueState.form_key),
            rx.el.div(
                text_field("Nom", "name", value=sheet.name, required=True, max_length=80),
                text_field(
                    "Éditeur", "publisher", value=sheet.publisher, required=True, max_length=120
                ),
                class_name="fieldgrid",
            ),
            textarea_field(
                "Description",
                "description",
                value=sheet.description,
                required=True,
                max_length=400,
            ),
            text_field(
                "Adresse de l’application",
                "url",
                value=sheet.url,
                hint="Elle commence par https://",
                required=True,
                kind="url",
                max_length=300,
            ),
            select_field(
                "Qui la voit",
                "audience",
                CatalogueState.audiences,
                value=sheet.audience,
                empty="Choisir",
                required=True,
            ),
            textarea_field(
                "Données échangées",
                "shared_data",
                value=sheet.shared_data,
                hint="Vide si rien ne s’échange. Changer ce texte met fin aux accords déjà donnés.",
                max_length=400,
            ),
            checkbox(
                "Labellisée par l’État", "is_labelled", is_checked=sheet.is_labelled, error=""
            ),
            rx.el.div(
                button("Annuler", on_click=CatalogueState.close),
                submit_button("Enregistrer"),
                class_name="acts",
            ),
            on_submit=CatalogueState.save,
            key=CatalogueState.form_key,
        ),
        is_open=AppState.is_hydrated & (CatalogueState.window == "sheet"),
        on_close=CatalogueState.close,
        dialog_id="fiche-application",
        wide=True,
    )


def _withdrawal() -> rx.Component:
    sheet = CatalogueState.sheet
    return dialog(
        rx.fragment("Retirer ", sheet.name, f" du catalogue{NARROW}?"),
        rx.el.p(
            "Elle disparaît de tous les portails, et les accords de synchronisation donnés prennent fin."
        ),
        rx.cond(sheet.consents, rx.el.p(rx.el.b(sheet.consents), ".")),
        is_open=AppState.is_hydrated & (CatalogueState.window == "withdraw"),
        on_close=CatalogueState.close,
        actions=lose_or_keep(
            "Retirer du catalogue",
            CatalogueState.withdraw,
            keep=CatalogueState.close,
            kept="Garder",
        ),
        dialog_id="retrait-application",
    )
