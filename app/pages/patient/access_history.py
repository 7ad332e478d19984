"""« Qui a consulté »: every act on the record, or on one document, day by day (ME-106)."""

import reflex as rx

from app.components.badge import chip_link
from app.components.button import link_button, print_button
from app.components.callout import callout
from app.components.choice_field import mini_select
from app.components.icons import icon
from app.components.pagination import pagination
from app.components.panel import panel, stack
from app.components.states import empty, empty_filtered, when_loaded
from app.i18n.access_history import CUT, NOTHING_FOUND, NOTHING_YET
from app.pages.patient.settings_parts import export_form, settings_page
from app.pages.table import page
from app.state.access_history import AccessHistoryState
from app.state.access_history_view import LineView
from app.state.base import Audience


@page(
    route="/parametres/consultations",
    title="Qui a consulté",
    audience=Audience.PATIENT,
    on_load=AccessHistoryState.load,
)
def access_history_page() -> rx.Component:
    """Filters, then acts under their days, newest first."""
    state = AccessHistoryState
    return settings_page(
        "Qui a consulté",
        when_loaded(
            state.is_loaded,
            stack(
                _filters(),
                panel(
                    rx.cond(
                        state.lines.length() > 0,
                        rx.el.ol(rx.foreach(state.lines, _line), class_name="days"),
                        rx.cond(
                            state.is_filtered,
                            empty_filtered(
                                NOTHING_FOUND,
                                link_button("Effacer les filtres", href=state.whole_address),
                                bare=True,
                            ),
                            empty(NOTHING_YET, icon_name="history", bare=True),
                        ),
                    ),
                    rx.cond(
                        state.is_cut,
                        rx.el.div(callout(CUT, tone="neutral"), class_name="body"),
                    ),
                    rx.cond(
                        (state.older != "") | (state.newest != ""),
                        pagination(
                            "50 lignes par page",
                            previous=state.newest,
                            following=state.older,
                            back="Revenir au début",
                            on="Plus anciennes",
                        ),
                    ),
                    bare=True,
                ),
                wide=True,
            ),
        ),
        lead="Chaque lecture et chaque changement de votre dossier, en clair.",
    )


def _filters() -> rx.Component:
    state = AccessHistoryState
    return rx.el.div(
        rx.cond(
            state.document_id,
            rx.el.p(
                icon("file-text", "s"),
                rx.cond(
                    state.document_title,
                    rx.fragment("Document\u202f: ", rx.el.b(state.document_title)),
                    "Un document",
                ),
                " ",
                rx.el.a("Voir tout le dossier", href=state.whole_address),
                class_name="row wrap",
            ),
        ),
        rx.el.div(
            rx.el.div(
                mini_select(
                    "Professionnel",
                    "qui",
                    state.readers,
                    value=state.reader,
                    on_change=AccessHistoryState.choose_reader,
                    empty="Tous",
                ),
                chip_link(
                    "En urgence",
                    state.urgent_address,
                    is_current=state.is_emergency,
                    icon_name="siren",
                ),
                class_name="row wrap",
            ),
            rx.el.div(
                export_form(
                    rx.el.input(type="hidden", name="document", value=state.document_id),
                    rx.el.input(type="hidden", name="qui", value=state.reader),
                    rx.el.input(
                        type="hidden", name="urgence", value=rx.cond(state.is_emergency, "1", "")
                    ),
                ),
                print_button(),
                class_name="row wrap",
            ),
            class_name="filters-line no-print",
        ),
        class_name="stack",
    )


def _line(line: rx.Var[LineView]) -> rx.Component:
    return rx.fragment(
        rx.cond(line.day, rx.el.li(line.day, class_name="dayhead")),
        rx.el.li(
            icon(line.icon, "s"),
            rx.el.div(
                rx.el.p(rx.el.b(line.who), " ", line.what),
                rx.cond(line.place, rx.el.p(line.place, class_name="sm")),
                rx.cond(line.ground, rx.el.p(line.ground, class_name="sm muted")),
                class_name="grow",
            ),
            rx.el.time(line.at, class_name="sm muted"),
            class_name=rx.cond(line.is_urgent, "ev urgent", "ev"),
        ),
        key=line.id,
    )
