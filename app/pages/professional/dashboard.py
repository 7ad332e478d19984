"""The dashboard: what needs attention today, and the patients opened last (CX-09)."""

import reflex as rx

from app.components.badge import at_most_99, count
from app.components.button import link_button
from app.components.callout import live_line
from app.components.dashboard import attention_list, attention_row, counter, counters
from app.components.figure import sparkline
from app.components.icons import icon
from app.components.markup import hidden_text
from app.components.message_list import priority_badge
from app.components.pagination import pagination
from app.components.panel import columns, page_head, panel
from app.components.shell import professional_shell
from app.components.states import empty, empty_filtered, when_loaded
from app.components.table import data_table
from app.homes import MESSAGES_PAGE
from app.i18n.conversation import ALL_READ
from app.i18n.dashboard import NOTHING, NOTHING_LISTED
from app.i18n.format import NARROW
from app.pages.professional.patient_line import add_patient, nobody_followed, patient_row
from app.pages.table import page
from app.state.base import Audience
from app.state.dashboard import ADDRESS, AttentionView, Counter, DashboardState
from app.state.message_list_view import ConversationLine


@page(
    route=ADDRESS,
    title="Mon tableau de bord",
    audience=Audience.PROFESSIONAL,
    on_load=DashboardState.load,
)
def dashboard_page() -> rx.Component:
    """Figures above, then today's list and the patients opened last, or one whole list."""
    return professional_shell(
        page_head(
            "Mon tableau de bord",
            rx.cond(DashboardState.may_enrol, add_patient(big=True)),
            lead=DashboardState.lead,
        ),
        when_loaded(
            DashboardState.is_loaded,
            counters(
                rx.foreach(DashboardState.counters, _counter),
                label="À voir aujourd’hui, en nombres",
            ),
            live_line(DashboardState.arrival),
            rx.cond(
                DashboardState.selection == "",
                rx.fragment(columns(_today(), _messages(), shape="db"), _recent()),
                _whole_list(),
            ),
        ),
        current="dashboard",
    )


def _counter(item: rx.Var[Counter]) -> rx.Component:
    return counter(
        item.value,
        item.title,
        item.under,
        href=item.href,
        icon_name=item.icon,
        tone=item.tone,
        is_current=item.is_current,
    )


def _today() -> rx.Component:
    return panel(
        rx.cond(
            DashboardState.rows.length() > 0,
            attention_list(rx.foreach(DashboardState.rows, _attention)),
            rx.cond(
                DashboardState.has_patients,
                empty(NOTHING, icon_name="circle-check", bare=True),
                nobody_followed(DashboardState.may_enrol, bare=True),
            ),
        ),
        title=DashboardState.list_title,
        title_id="a-voir",
        beside=rx.el.span("le plus urgent d’abord", class_name="muted sm"),
        end=rx.cond(
            DashboardState.show_all,
            rx.el.a(DashboardState.show_all, href=f"{ADDRESS}?liste=tout", class_name="sm"),
        ),
        bare=True,
    )


def _messages() -> rx.Component:
    def line(item: rx.Var[ConversationLine]) -> rx.Component:
        return rx.el.li(
            rx.el.span(class_name="dot", aria_hidden="true"),
            rx.el.div(
                rx.el.p(
                    rx.el.b(hidden_text(f"Non lu{NARROW}: "), item.names),
                    rx.el.time(item.when, date_time=item.iso, class_name="sm muted nw"),
                    class_name="row between",
                ),
                rx.el.p(rx.el.a(item.subject, href=item.href)),
                rx.el.p(
                    priority_badge(item.priority, item.is_contact),
                    rx.el.span(item.patient, class_name="sm muted"),
                    class_name="row wrap",
                ),
                class_name="grow",
            ),
            class_name="mg",
            key=item.id,
        )

    return panel(
        rx.cond(
            DashboardState.messages.length() > 0,
            rx.el.ul(rx.foreach(DashboardState.messages, line), class_name="mgs"),
            empty(ALL_READ, icon_name="circle-check", bare=True),
        ),
        title="Messages non lus",
        title_id="messages-non-lus",
        beside=rx.cond(
            DashboardState.unread_messages > 0,
            count(at_most_99(DashboardState.unread_messages), hot=True),
        ),
        end=rx.el.a("Mes messages", href=MESSAGES_PAGE, class_name="sm"),
        bare=True,
    )


def _whole_list() -> rx.Component:
    back = rx.el.a(
        icon("arrow-left", "s"), "Retour au tableau de bord", href=ADDRESS, class_name="lnk"
    )
    return panel(
        rx.cond(
            DashboardState.rows.length() > 0,
            rx.fragment(
                attention_list(rx.foreach(DashboardState.rows, _attention)),
                rx.cond(
                    DashboardState.pages.summary,
                    pagination(
                        DashboardState.pages.summary,
                        previous=DashboardState.pages.previous,
                        following=DashboardState.pages.following,
                    ),
                ),
            ),
            empty_filtered(
                NOTHING_LISTED,
                link_button("Voir le tableau de bord", href=ADDRESS),
                bare=True,
            ),
        ),
        title=DashboardState.list_title,
        title_id="liste",
        end=back,
        bare=True,
    )


def _attention(item: rx.Var[AttentionView]) -> rx.Component:
    return attention_row(
        kind=item.kind,
        patient=item.patient,
        patient_href=item.href,
        age=item.age,
        reason=item.reason,
        when=item.when,
        action=link_button(
            "Ouvrir la synthèse", hidden_text(f" de {item.patient}"), href=item.href
        ),
        icon_name=item.icon,
        tone=item.tone,
        curve=rx.cond(item.has_curve, sparkline(item.curve)),
        key=item.key,
    )


def _recent() -> rx.Component:
    return rx.cond(
        DashboardState.has_patients,
        panel(
            rx.cond(
                DashboardState.patients.length() > 0,
                data_table(
                    "Patients vus récemment",
                    (
                        "Patient",
                        "Né(e) le",
                        "Traitements suivis",
                        "Dernière entrée",
                        "Observance",
                        "Cercle",
                    ),
                    rx.foreach(DashboardState.patients, patient_row),
                ),
                empty(
                    "Vous n’avez encore ouvert aucun dossier.",
                    link_button("Voir mes patients", href="/patients"),
                    icon_name="folder-open",
                    bare=True,
                ),
            ),
            title="Mes patients",
            title_id="mes-patients",
            beside=rx.el.span("vus récemment", class_name="muted sm"),
            end=rx.el.a(DashboardState.all_patients, href="/patients", class_name="sm"),
            bare=True,
            class_name="pts",
        ),
    )
