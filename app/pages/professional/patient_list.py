"""« Mes patients »: search, order, pages; a table, and cards on a phone (CX-18)."""

from typing import Any

import reflex as rx

from app.components.button import button
from app.components.callout import callout
from app.components.choice_field import mini_select
from app.components.pagination import pagination
from app.components.panel import page_head
from app.components.search_field import search_field
from app.components.shell import professional_shell
from app.components.states import empty_filtered, skeleton_rows, when_loaded
from app.components.table import data_table, sort_header
from app.i18n.patient_list import WARNING
from app.pages.professional.patient_line import add_patient, nobody_followed, patient_row
from app.pages.table import page
from app.state.base import Audience
from app.state.patient_list import PatientListState


@page(
    route="/patients",
    title="Mes patients",
    audience=Audience.PROFESSIONAL,
    on_load=PatientListState.load,
)
def patient_list_page() -> rx.Component:
    """The list, or what there is to do while it is empty."""
    return professional_shell(
        page_head(
            "Mes patients",
            rx.cond(PatientListState.may_enrol, add_patient(big=True)),
            lead=PatientListState.lead,
        ),
        when_loaded(
            PatientListState.is_loaded,
            rx.cond(
                PatientListState.is_empty, nobody_followed(PatientListState.may_enrol), _list()
            ),
            loading=skeleton_rows(6),
        ),
        current="patients",
    )


def _list() -> rx.Component:
    return rx.el.section(
        _toolbar(),
        rx.cond(
            PatientListState.rows.length() > 0,
            rx.fragment(
                rx.el.div(callout(WARNING, tone="warning"), class_name="pts-warning"),
                data_table(
                    "Patients de votre cercle",
                    (
                        _sort("Patient", PatientListState.by_name),
                        "Né(e) le",
                        "Traitements suivis",
                        _sort("Dernière entrée", PatientListState.by_entry),
                        "Observance",
                        _sort("À lire", PatientListState.by_unread),
                        "Cercle",
                    ),
                    rx.foreach(
                        PatientListState.rows, lambda line: patient_row(line, with_unread=True)
                    ),
                ),
                rx.cond(
                    PatientListState.page_summary,
                    pagination(
                        PatientListState.page_summary,
                        previous=PatientListState.previous_page,
                        following=PatientListState.next_page,
                    ),
                ),
            ),
            empty_filtered(
                "Aucun patient de votre cercle ne correspond à cette recherche.",
                button(
                    "Effacer la recherche", on_click=PatientListState.clear, data_wants_search=""
                ),
                bare=True,
            ),
        ),
        class_name="panel pts",
        aria_label="Patients",
    )


def _sort(words: str, head: Any) -> rx.Component:
    return sort_header(words, head.href, head.direction)


def _toolbar() -> rx.Component:
    search = search_field(
        "Rechercher un patient",
        "patient-search",
        hint="Nom, prénom, date de naissance ou matricule INS",
        value=PatientListState.query,
        status=PatientListState.search_status,
        on_search=PatientListState.search,
        key=PatientListState.search_key,
    )
    order = rx.el.div(
        mini_select(
            "Trier par",
            "tri",
            PatientListState.sort_choices,
            value=PatientListState.sort_choice,
            on_change=PatientListState.choose_sort,
        ),
        class_name="narrow-only row",
    )
    return rx.el.div(search, order, class_name="toolbar", role="search")
