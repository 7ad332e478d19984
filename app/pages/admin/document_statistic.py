"""Statistics of deposits: documents per inhabitant and per year, by month and type (DM-52, DM-53, DM-57)."""

import reflex as rx

from app.components.badge import chip_link, chips
from app.components.button import submit_button
from app.components.form import native_form
from app.components.panel import page_head, panel, stack
from app.components.shell import administrator_shell
from app.components.states import empty, skeleton_rows, when_loaded
from app.components.statistic import stacked_chart, values_table
from app.pages.table import page
from app.state.base import Audience
from app.state.document_statistic import PERIODS, StatisticState, period_href


@page(
    route="/admin/statistiques",
    title="Statistiques",
    audience=Audience.ADMINISTRATOR,
    on_load=StatisticState.load,
)
def statistic_page() -> rx.Component:
    """The chart, its numbers, and how they are made."""
    state = StatisticState
    return administrator_shell(
        page_head(
            "Statistiques",
            lead="Les documents mis à disposition sur ce portail, sans jamais lire ce qu’ils contiennent.",
        ),
        when_loaded(
            state.is_loaded,
            rx.cond(
                state.is_empty,
                empty(
                    "Aucun document n’a encore été déposé. Le premier dépôt commence la courbe.",
                    icon_name="trending-up",
                ),
                stack(_figures(), _chart(), _method(), wide=True),
            ),
            loading=skeleton_rows(6),
        ),
        current="statistics",
    )


def _figures() -> rx.Component:
    state = StatisticState
    return panel(
        rx.el.div(
            rx.el.p(
                rx.el.strong(state.last_rate, class_name="st-big"),
                " documents par habitant et par an",
            ),
            rx.el.p(state.last_deposited, " · ", state.last_population, class_name="muted"),
            rx.el.p(state.current, class_name="sm muted"),
            class_name="stack",
        ),
        title=state.last_month,
        title_id="dernier-mois",
    )


def _chart() -> rx.Component:
    state = StatisticState
    return panel(
        chips(
            *[
                chip_link(
                    f"{months}\u00a0mois", period_href(months), is_current=state.period == months
                )
                for months in PERIODS
            ],
            label="Période",
        ),
        stacked_chart(state.chart),
        values_table(state.chart),
        title="Nombre de documents mis à disposition, par type",
        title_id="courbe",
        end=native_form(
            submit_button("Exporter (CSV)", kind="", icon_name="download"),
            action="/api/admin/statistics",
        ),
        class_name="spaced",
    )


def _method() -> rx.Component:
    return panel(
        rx.el.p(
            "Les dépôts d’un mois sont multipliés par 12, puis divisés par la population\u202f: les dossiers "
            "ouverts sur ce portail à la fin du mois, sans ceux dont le patient s’est opposé ou a clos son "
            "dossier. C’est la méthode de l’indicateur national."
        ),
        rx.el.p(
            "Chaque dépôt ajoute un à un compteur par mois et par type, au moment où il est enregistré. Aucun "
            "document n’est ouvert, ni aucun dossier. Un document supprimé ensuite reste compté. Le mois en "
            "cours est dessiné en pointillé\u202f: il n’est pas terminé."
        ),
        rx.el.p(
            rx.el.a("Les 114 types de documents", href="/aide/types-de-documents"),
            " se regroupent en 15 familles. Ce que les patients déposent compte dans « Autres ».",
        ),
        title="Comment ce chiffre est calculé",
        title_id="methode",
        class_name="spaced",
    )
