"""Changes of identity to approve: before and after, side by side (MM-40)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button
from app.components.callout import callout
from app.components.dialog import dialog
from app.components.markup import Text
from app.components.panel import page_head, stack
from app.components.shell import administrator_shell
from app.components.states import empty, skeleton_rows, when_loaded
from app.components.table import cell, data_table, row, row_head
from app.i18n.identity_review import OWN
from app.pages.admin.parts import page_links, refusal_form
from app.pages.table import page
from app.state.base import Audience
from app.state.identity_review import ChangeLine, Difference, IdentityReviewState


@page(
    route="/admin/modifications",
    title="Modifications à approuver",
    audience=Audience.ADMINISTRATOR,
    on_load=IdentityReviewState.load,
)
def identity_review_page() -> rx.Component:
    """One sheet for each change that waits."""
    state = IdentityReviewState
    return administrator_shell(
        page_head("Modifications à approuver", lead=state.lead),
        when_loaded(
            state.is_loaded,
            rx.cond(
                state.rows.length() > 0,
                stack(
                    rx.foreach(state.rows, _change),
                    page_links(state.paging),
                    wide=True,
                ),
                empty(
                    "Aucune modification d’identité n’attend votre réponse.",
                    icon_name="id-card",
                ),
            ),
            loading=skeleton_rows(3),
        ),
        _refuse_dialog(),
        current="changes",
    )


def _change(line: rx.Var[ChangeLine]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(rx.el.a(line.name, href=line.href)),
            rx.el.span(line.role, class_name="muted sm"),
            rx.el.div(
                rx.el.span("Demandée le ", line.asked, class_name="sm muted"), class_name="end"
            ),
            class_name="head",
        ),
        data_table(
            _caption(line.name),
            ("Information", "Aujourd’hui", "Demandé"),
            rx.foreach(line["differences"], _difference),
        ),
        rx.el.div(
            rx.cond(line.warning, callout(line.warning, tone="warning")),
            rx.cond(
                line.is_own,
                callout(OWN, tone="neutral"),
                rx.el.div(
                    button(
                        "Approuver",
                        rx.el.span(" le changement de ", line.name, class_name="vh"),
                        kind="primary",
                        icon_name="check",
                        on_click=IdentityReviewState.approve(line.id),
                    ),
                    button(
                        "Refuser",
                        rx.el.span(" le changement de ", line.name, class_name="vh"),
                        kind="danger",
                        on_click=IdentityReviewState.open_refuse(line.id),
                        aria_haspopup="dialog",
                    ),
                    class_name="row wrap",
                ),
            ),
            class_name="body stack",
        ),
        class_name="panel",
        aria_label=line.name,
        key=line.id,
    )


def _caption(name: Text) -> Text:
    return f"Changement demandé par {name}"


def _difference(line: rx.Var[Difference]) -> rx.Component:
    return row(
        row_head(line.label),
        cell(line.before, label="Aujourd’hui"),
        cell(
            rx.cond(
                line.is_changed,
                rx.el.span(
                    rx.el.b(line.after), " ", badge("Modifié", "info"), class_name="row wrap"
                ),
                line.after,
            ),
            label="Demandé",
        ),
        key=line.label,
    )


def _refuse_dialog() -> rx.Component:
    state = IdentityReviewState
    return dialog(
        "Refuser ce changement",
        rx.el.p("L’identité de ", rx.el.b(state.refusing_name), " reste comme elle est."),
        refusal_form("Refuser le changement", IdentityReviewState),
        is_open=state.refusing != "",
        on_close=IdentityReviewState.close_dialog,
        dialog_id="refus",
    )
