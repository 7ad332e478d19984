"""The queue of registrations: the list, then one registration with its checks and its decision (MM-23)."""

from typing import Any

import reflex as rx

from app.components.badge import badge, chip_link, chips
from app.components.breadcrumb import breadcrumb
from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.dialog import dialog
from app.components.form import native_form
from app.components.icons import icon
from app.components.panel import columns, page_head, panel, stack
from app.components.shell import administrator_shell
from app.components.states import (
    empty,
    not_found_panel,
    page_error,
    ready,
    skeleton_rows,
    when_loaded,
)
from app.components.table import cell, data_table, row, row_head
from app.pages.admin.parts import facts, list_sheet, refusal_form
from app.pages.table import page
from app.state.base import Audience
from app.state.registration_queue import PATH, QueueLine, RegistrationQueueState
from app.state.registration_review import Check, RegistrationReviewState


@page(
    route="/admin",
    title="Administration",
    audience=Audience.ADMINISTRATOR,
    on_load=RegistrationQueueState.load,
)
@page(
    route="/admin/inscriptions",
    title="Demandes d’inscription",
    audience=Audience.ADMINISTRATOR,
    on_load=RegistrationQueueState.load,
)
def registration_queue_page() -> rx.Component:
    """What waits, the oldest first."""
    state = RegistrationQueueState
    return administrator_shell(
        page_head("Demandes d’inscription", lead=state.lead),
        when_loaded(
            state.is_loaded,
            list_sheet(
                rx.el.div(
                    chips(
                        chip_link(
                            "À vérifier",
                            PATH,
                            is_current=~state.is_decided,
                            number=state.waiting,
                        ),
                        chip_link("Traitées", f"{PATH}?vue=traitees", is_current=state.is_decided),
                        label="Filtrer les demandes",
                    ),
                    class_name="toolbar",
                ),
                data_table(
                    "Demandes d’inscription",
                    ("Demandeur", "Source", "État", "Date", "Décision"),
                    rx.foreach(state.rows, _line),
                ),
                label="Demandes",
                has_rows=state.rows.length() > 0,
                nothing=empty(
                    rx.cond(
                        state.is_decided,
                        "Aucune demande n’a encore été traitée.",
                        "Aucune demande d’inscription n’attend votre vérification.",
                    ),
                    icon_name="user-check",
                    bare=True,
                ),
                paging=state.paging,
            ),
            loading=skeleton_rows(4),
        ),
        current="registrations",
    )


def _line(line: rx.Var[QueueLine]) -> rx.Component:
    return row(
        row_head(rx.el.a(line.name, href=line.href), under=line.what),
        cell(source_badge(line), label="Source"),
        cell(
            rx.el.span(
                badge(line.state, line.tone),
                rx.cond(line.warning, badge(line.warning, "danger", "triangle-alert")),
                class_name="row wrap",
            ),
            label="État",
        ),
        cell(line.when, label="Date", look="nw"),
        cell(
            rx.cond(
                line.may_approve_here,
                button(
                    "Approuver",
                    rx.el.span(" ", line.name, class_name="vh"),
                    kind="primary",
                    icon_name="check",
                    on_click=RegistrationQueueState.approve(line.id),
                ),
                rx.el.a(
                    "Examiner", rx.el.span(" ", line.name, class_name="vh"), href=line.href,
                    class_name="btn",
                ),
            ),
            look="gap",
        ),
        key=line.id,
    )  # fmt: skip


def source_badge(line: Any) -> rx.Component:
    """Where the identity comes from; a certified one is marked."""
    return rx.cond(
        line.is_certified, badge(line.source, "success", "badge-check"), badge(line.source, "line")
    )


@page(
    route="/admin/inscriptions/[registration_id]",
    title="Examen d’une demande d’inscription",
    audience=Audience.ADMINISTRATOR,
    on_load=RegistrationReviewState.load,
)
def registration_review_page() -> rx.Component:
    """Everything the decision rests on."""
    state = RegistrationReviewState
    return administrator_shell(
        ready(
            breadcrumb(("Demandes d’inscription", PATH), here=state.line.name),
            page_head(state.line.name, lead=state.line.what),
            page_error(),
            columns(
                stack(_identity(), _checks(), wide=True),
                stack(_decision(), _directory(), wide=True),
                shape="db",
            ),
            _refuse_dialog(),
            not_found=not_found_panel(
                "Cette demande est introuvable.",
                "L’adresse est incomplète, ou la demande n’est pas encore envoyée.",
                rx.el.a("Voir les demandes", href=PATH, class_name="btn"),
                is_page=True,
            ),
        ),
        current="registrations",
    )


def _identity() -> rx.Component:
    state = RegistrationReviewState
    return panel(
        facts(state.identity),
        rx.cond(
            state.places.length() > 0,
            rx.el.div(
                rx.el.h3("Lieux d’exercice"),
                rx.el.ul(
                    rx.foreach(state.places, lambda place: rx.el.li(place)), class_name="bullets"
                ),
                class_name="stack",
            ),
        ),
        title="Identité donnée",
        title_id="identite",
        beside=source_badge(state.line),
        class_name="spaced",
    )


def _checks() -> rx.Component:
    state = RegistrationReviewState
    return panel(
        rx.el.ul(rx.foreach(state.checks, _check), class_name="checklist"),
        rx.cond(
            state.has_scan,
            native_form(
                rx.el.input(type="hidden", name="registration_id", value=state.registration_id),
                submit_button("Télécharger l’exemplaire signé", kind="", icon_name="download"),
                action="/api/admin/contract",
            ),
        ),
        title="Vérifications",
        title_id="verifications",
        class_name="spaced",
    )


def _check(check: rx.Var[Check]) -> rx.Component:
    return rx.el.li(
        rx.match(
            check.outcome,
            ("yes", icon("circle-check", class_name="ok")),
            ("no", icon("circle-x", class_name="bad")),
            icon("circle", class_name="muted"),
        ),
        rx.el.div(rx.el.b(check.label), rx.el.span(check.value), class_name="grow"),
    )


def _directory() -> rx.Component:
    state = RegistrationReviewState
    return rx.cond(
        state.directory.length() > 0,
        panel(facts(state.directory), title="Ce que dit l’annuaire", title_id="annuaire"),
    )


def _decision() -> rx.Component:
    state = RegistrationReviewState
    return panel(
        rx.el.p(badge(state.line.state, state.line.tone)),
        rx.cond(state.first_line, rx.el.p(state.first_line)),
        rx.cond(state.decided_line, rx.el.p(state.decided_line)),
        rx.cond(state.explanation, rx.el.p(state.explanation, class_name="muted")),
        rx.cond(
            state.step != "decided",
            rx.el.div(
                rx.cond(
                    state.approve_label,
                    button(
                        state.approve_label,
                        kind="primary",
                        icon_name="check",
                        on_click=RegistrationReviewState.approve,
                    ),
                ),
                button(
                    "Refuser",
                    kind="danger",
                    on_click=RegistrationReviewState.open_refuse,
                    aria_haspopup="dialog",
                ),
                class_name="row wrap",
            ),
        ),
        title="Décision",
        title_id="decision",
        class_name="spaced",
    )


def _refuse_dialog() -> rx.Component:
    state = RegistrationReviewState
    return dialog(
        "Refuser cette demande",
        callout(
            "Le motif est envoyé par e-mail à la personne. Son adresse et son numéro RPPS redeviennent "
            "libres\u202f: elle pourra s’inscrire à nouveau.",
            tone="neutral",
        ),
        refusal_form("Refuser la demande", RegistrationReviewState, rows=4),
        is_open=state.dialog == "refuse",
        on_close=RegistrationReviewState.close_dialog,
        dialog_id="refus",
        wide=True,
    )
