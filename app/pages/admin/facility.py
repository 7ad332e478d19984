"""Establishments and partner laboratories: list, search, add, change, close (MM-11 to MM-14)."""

import reflex as rx

from app.components.badge import badge
from app.components.breadcrumb import breadcrumb
from app.components.button import link_button, submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox, mini_select
from app.components.field import text_field
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.panel import page_head, panel
from app.components.search_field import search_field
from app.components.shell import administrator_shell
from app.components.states import (
    not_found_panel,
    page_error,
    ready,
    skeleton_rows,
    when_loaded,
)
from app.components.table import cell, row, row_head
from app.i18n.facility_admin import FIRST_MESSAGES
from app.pages.admin.parts import searched_list
from app.pages.table import page
from app.state.base import Audience
from app.state.facility_admin import (
    NEW,
    PATH,
    FacilityEditState,
    FacilityLine,
    FacilityListState,
)


@page(
    route="/admin/etablissements",
    title="Établissements et laboratoires",
    audience=Audience.ADMINISTRATOR,
    on_load=FacilityListState.load,
)
def facility_list_page() -> rx.Component:
    """The facilities, by name."""
    state = FacilityListState
    return administrator_shell(
        page_head(
            "Établissements et laboratoires",
            link_button(
                "Ajouter", href=f"{PATH}/{NEW}", kind="primary", icon_name="plus", big=True
            ),
            lead=state.lead,
        ),
        when_loaded(
            state.is_loaded,
            searched_list(
                state,
                "Établissements et laboratoires",
                ("Nom", "Commune", "FINESS", "Origine", "État"),
                _line,
                toolbar=_toolbar(),
                nothing="Aucun établissement ne correspond.",
            ),
            loading=skeleton_rows(6),
        ),
        current="facilities",
    )


def _toolbar() -> rx.Component:
    state = FacilityListState
    return rx.el.div(
        search_field(
            "Rechercher un établissement ouvert",
            "facility-search",
            hint="Nom, commune, code postal ou FINESS",
            value=state.query,
            status=state.search_status,
            on_search=FacilityListState.search,
            key=state.search_key,
        ),
        mini_select(
            "Origine",
            "genre",
            state.kind_choices,
            value=state.kind,
            on_change=FacilityListState.choose_kind,
            empty="Toutes",
        ),
        class_name="toolbar",
        role="search",
    )


def _line(line: rx.Var[FacilityLine]) -> rx.Component:
    return row(
        row_head(rx.el.a(line.name, href=line.href), under=line.under),
        cell(line.town, label="Commune"),
        cell(line.finess, label="FINESS", look="nw"),
        cell(line.kind, label="Origine"),
        cell(
            rx.el.span(
                rx.cond(line.is_closed, badge("Fermé", ""), badge("Ouvert", "success")),
                rx.cond(line.is_partner, badge("Laboratoire partenaire", "info", "flask-conical")),
                class_name="row wrap",
            ),
            label="État",
        ),
        key=line.id,
    )


@page(
    route="/admin/etablissements/[facility_id]",
    title="Fiche d’un établissement",
    audience=Audience.ADMINISTRATOR,
    on_load=FacilityEditState.load,
)
def facility_page() -> rx.Component:
    """The form of one facility; of a national one, only the partnership changes."""
    state = FacilityEditState
    return administrator_shell(
        ready(
            breadcrumb(("Établissements et laboratoires", PATH), here=state.title),
            error_summary(),
            page_head(state.title),
            page_error(),
            panel(
                rx.cond(
                    state.is_national,
                    callout(
                        "Cette fiche vient du répertoire national : seuls le partenariat et la messagerie se règlent ici.",
                        tone="neutral",
                    ),
                ),
                form(
                    rx.cond(~state.is_national, mandatory_note()),
                    _field("Nom", "name", required=True, max_length=200),
                    _field("Adresse", "address", max_length=250),
                    _field("Code postal", "postcode", required=True, max_length=5),
                    _field("Commune", "city", required=True, max_length=100),
                    _field("Téléphone", "phone", max_length=20),
                    _field(
                        "N° FINESS", "finess", hint="9 caractères, s’il y en a un", max_length=12
                    ),
                    checkbox(
                        "Laboratoire partenaire",
                        "is_partner_laboratory",
                        is_checked=state.is_partner,
                        hint="Proposé aux professionnels comme laboratoire habituel",
                    ),
                    checkbox(
                        "Les patients peuvent écrire en premier",
                        "accepts_first_messages",
                        is_checked=state.accepts_first,
                        hint=FIRST_MESSAGES,
                    ),
                    rx.cond(
                        ~state.is_new & ~state.is_national,
                        checkbox(
                            "Ouvert",
                            "is_open",
                            is_checked=state.is_open,
                            hint="Décoché, il n’est plus proposé à personne",
                        ),
                    ),
                    form_actions(
                        submit_button("Enregistrer"),
                        link_button("Annuler", href=PATH, kind="ghost"),
                    ),
                    on_submit=FacilityEditState.save,
                    key=state.form_key,
                ),
                class_name="spaced narrow",
            ),
            not_found=not_found_panel(
                "Cet établissement est introuvable.",
                "L’adresse est incomplète, ou cet établissement n’existe pas.",
                rx.el.a("Voir les établissements", href=PATH, class_name="btn"),
                is_page=True,
            ),
        ),
        current="facilities",
    )


def _field(
    label: str, name: str, *, required: bool = False, hint: str = "", max_length: int
) -> rx.Component:
    state = FacilityEditState
    return text_field(
        label,
        name,
        value=state.fields[name],
        hint=hint,
        required=required,
        max_length=max_length,
        read_only=state.is_national,
        auto_complete="off",
    )
