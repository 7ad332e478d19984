"""« Dossier médical partagé »: a patient's documents, for a professional who may open them (DM-43 to DM-51)."""

import reflex as rx

from app.components.button import button, link_button
from app.components.callout import callout
from app.components.choice_field import mini_select
from app.components.document_browser import document_browser
from app.components.document_grid import document_grid
from app.components.form import error_summary
from app.components.panel import page_head
from app.components.states import empty, not_found_panel
from app.i18n import record_document as words
from app.i18n.format import NARROW
from app.pages.professional.patient_frame import patient_page
from app.pages.professional.record_act import act_dialogs, preview_foot
from app.pages.professional.record_deposit import deposit_panel
from app.pages.professional.record_keeper import keeper_dialogs, keeper_menu
from app.pages.table import page
from app.state.base import Audience
from app.state.record_act import RecordActState
from app.state.record_deposit import RecordDepositState
from app.state.record_document import RecordDocumentState

_RECORD = RecordDocumentState.record
_TYPES = "/aide/types-de-documents"


@page(
    route="/patients/[patient_id]/documents",
    title="Documents du dossier",
    audience=Audience.PROFESSIONAL,
    on_load=RecordDocumentState.load,
)
def record_document_page() -> rx.Component:
    """Table, list and preview; the form of a deposit above them while it is open."""
    return patient_page(
        "documents",
        rx.cond(RecordActState.asking == "", error_summary()),
        rx.cond(
            _RECORD.is_closed,
            rx.fragment(page_head(words.TITLE), empty(words.CLOSED, icon_name="lock")),
            rx.fragment(
                page_head(
                    words.TITLE,
                    rx.el.div(
                        rx.cond(_RECORD.has_status, keeper_menu()),
                        _deposit_button(),
                        class_name="row wrap no-print",
                    ),
                    lead=_RECORD.lead,
                ),
                _remarks(),
                deposit_panel(),
                rx.cond(_RECORD.refusal, rx.fragment(), _documents()),
                act_dialogs(),
                keeper_dialogs(),
            ),
        ),
        not_found=not_found_panel(
            "Ce patient est introuvable.",
            way_out=link_button("Rechercher un patient", href="/dossiers"),
            is_page=True,
        ),
    )


def _deposit_button() -> rx.Component:
    return rx.cond(
        _RECORD.may_deposit & (RecordDepositState.purpose == ""),
        button(
            "Déposer un document",
            kind="primary",
            icon_name="plus",
            on_click=RecordDepositState.begin,
        ),
    )


def _remarks() -> rx.Component:
    """What this reader may not do here, what waits to be announced, what was just deleted."""

    def refusal(sentence: rx.Var[str]) -> rx.Component:
        link = rx.el.a(words.WHO_READS, href=_TYPES)
        return rx.cond(sentence, callout(rx.el.p(sentence, " ", link), tone="neutral"))

    return rx.el.div(
        refusal(_RECORD.refusal),
        refusal(_RECORD.deposit_refusal),
        rx.cond(
            _RECORD.to_announce.length() > 0,
            callout(
                rx.el.p(f"{words.TO_ANNOUNCE}{NARROW}:"),
                rx.el.ul(
                    rx.foreach(
                        _RECORD.to_announce,
                        lambda each: rx.el.li(rx.el.a(each.label, href=each.value)),
                    )
                ),
                tone="warning",
                icon_name="alarm-clock",
            ),
        ),
        rx.cond(
            RecordActState.deleted,
            callout(
                RecordActState.deleted,
                " ",
                button("Annuler la suppression", icon_name="undo-2", on_click=RecordActState.undo),
                tone="neutral",
                icon_name="trash-2",
            ),
        ),
        class_name="stack remarks",
    )


def _documents() -> rx.Component:
    return rx.fragment(
        document_grid(_RECORD.title, RecordDocumentState.grid, is_folded=_RECORD.is_folded),
        document_browser(
            RecordDocumentState,
            foot=preview_foot(),
            nothing=words.NOTHING_YET,
            filters=mini_select(
                "Afficher",
                "affichage",
                RecordDocumentState.showings,
                value=RecordDocumentState.showing,
                on_change=RecordDocumentState.choose_showing,
            ),
        ),
    )
