"""« Rechercher un patient »: who authorised me, the ways to somebody else, what I may see (DM-24 to DM-37)."""

import reflex as rx

from app.components.callout import callout
from app.components.pagination import pagination
from app.components.panel import disclosure, page_head, panel, stack
from app.components.shell import professional_shell
from app.components.states import empty, skeleton_rows, when_loaded
from app.components.table import cell, data_table, row, row_head
from app.i18n import patient_search as words
from app.i18n.format import NARROW
from app.i18n.help.documents import TYPES
from app.i18n.patient_list import WARNING
from app.pages.account.account_history import history
from app.pages.professional.identity_search import identity_search, search_results, ways_in
from app.pages.professional.record_access import authorisation_dialog
from app.pages.table import page
from app.state.base import Audience
from app.state.patient_search import (
    IDENTITY,
    PATH,
    SETTINGS,
    TAB,
    MineLine,
    PatientSearchState,
    RightsLine,
)

_TYPES_PAGE = TYPES.href
_SETTINGS_PATH = f"{PATH}?{TAB}={SETTINGS}"


@page(
    route=PATH,
    title=words.TITLE,
    audience=Audience.PROFESSIONAL,
    on_load=PatientSearchState.load,
)
def patient_search_page() -> rx.Component:
    """The view of the address."""
    return professional_shell(
        rx.el.div(page_head(words.TITLE, lead=PatientSearchState.lead), data_focus=""),
        _views(),
        when_loaded(
            PatientSearchState.is_loaded,
            rx.cond(
                PatientSearchState.view != SETTINGS,
                rx.el.div(callout(WARNING, tone="warning"), class_name="always"),
            ),
            rx.match(
                PatientSearchState.view,
                (IDENTITY, identity_search()),
                (SETTINGS, _settings()),
                _mine(),
            ),
            loading=skeleton_rows(6),
        ),
        authorisation_dialog(),
        current="records",
    )


def _views() -> rx.Component:
    is_settings = PatientSearchState.view == SETTINGS

    def view(label: str, href: str, is_here: rx.Var[bool]) -> rx.Component:
        return rx.cond(
            is_here,
            rx.el.a(label, href=href, aria_current="page"),
            rx.el.a(label, href=href),
        )

    return rx.el.nav(
        view(words.PATIENTS_TAB, PATH, ~is_settings),
        view(words.SETTINGS_TAB, _SETTINGS_PATH, is_settings),
        class_name="views",
        aria_label="Vues",
    )


def _mine() -> rx.Component:
    return stack(
        rx.cond(
            PatientSearchState.refusal,
            callout(PatientSearchState.refusal, tone="neutral"),
            rx.fragment(ways_in(), search_results()),
        ),
        panel(
            rx.cond(
                PatientSearchState.rows.length() > 0,
                rx.fragment(
                    data_table(
                        "Patients qui vous ont autorisé",
                        ("Patient", "Né(e) le", "Sexe", "Autorisation"),
                        rx.foreach(PatientSearchState.rows, _mine_row),
                    ),
                    rx.cond(
                        PatientSearchState.paging.summary,
                        pagination(
                            PatientSearchState.paging.summary,
                            previous=PatientSearchState.paging.previous,
                            following=PatientSearchState.paging.following,
                        ),
                    ),
                ),
                empty(words.NO_PATIENT, icon_name="users", bare=True),
            ),
            title=words.PATIENTS_TAB,
            title_id="mes-patients",
            bare=True,
        ),
        wide=True,
    )


def _mine_row(line: rx.Var[MineLine]) -> rx.Component:
    return row(
        row_head(
            rx.el.a(line.name, href=line.href),
            rx.cond(line.used_name, rx.el.span(line.used_name, class_name="muted u")),
        ),
        cell(line.birth, look="nw"),
        cell(line.sex, label="Sexe"),
        cell(line.ground, label="Autorisation"),
        key=line.id,
    )


def _settings() -> rx.Component:
    return stack(
        panel(
            rx.el.div(
                rx.el.p(words.RIGHTS),
                rx.el.p(rx.el.a("Les types de documents et leur rangement", href=_TYPES_PAGE)),
                class_name="stack tight body",
            ),
            data_table(
                "Ce que votre profession voit",
                ("Rubrique", "Documents que vous voyez", "Le détail"),
                rx.foreach(PatientSearchState.rights, _rights_row),
            ),
            title="Ce que je peux voir",
            title_id="droits",
            beside=rx.el.span(PatientSearchState.profession, class_name="muted sm"),
            bare=True,
        ),
        rx.cond(
            PatientSearchState.acting_for != "",
            callout(words.DELEGATE_HISTORY, tone="neutral"),
            panel(
                *history(
                    PatientSearchState.history,
                    older=PatientSearchState.older,
                    newest=PatientSearchState.newest,
                ),
                title="Mon historique d’accès",
                title_id="historique",
                bare=True,
            ),
        ),
        wide=True,
    )


def _rights_row(line: rx.Var[RightsLine]) -> rx.Component:
    return row(
        row_head(line.category),
        cell(line.words, label="Documents"),
        cell(
            disclosure(
                "Voir les types",
                rx.cond(line.readable, rx.el.p(rx.el.b(f"Ouverts{NARROW}: "), line.readable)),
                rx.cond(line.closed, rx.el.p(rx.el.b(f"Fermés{NARROW}: "), line.closed)),
            ),
            look="gap",
        ),
        key=line.category,
    )
