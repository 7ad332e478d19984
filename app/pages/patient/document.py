"""« Documents »: the patient's own record, its list, its preview, its acts (ME-089 to ME-111)."""

from typing import Any

import reflex as rx

from app.components.button import button, link_button, text_button
from app.components.document_browser import (
    browser_skeleton,
    closed_record,
    document_browser,
    is_bare,
)
from app.components.document_preview import download_form
from app.components.notice import notice
from app.components.panel import page_head
from app.components.shell import patient_shell
from app.components.states import when_loaded
from app.components.switch import switch
from app.pages.patient.document_adding import adding, waiting_callout
from app.pages.patient.document_window import windows
from app.pages.table import page
from app.state.base import Audience
from app.state.document_adding import DocumentAddingState as Documents
from app.state.document_list import DocumentListState


@page(
    route="/documents",
    title="Documents",
    audience=Audience.PATIENT,
    on_load=[DocumentListState.load, Documents.find_uploads],
)
def document_page() -> rx.Component:
    """The three zones, then where files are added."""
    return patient_shell(
        rx.el.div(
            page_head(
                "Documents",
                link_button(
                    "Qui a consulté",
                    href="/parametres/consultations",
                    icon_name="eye",
                ),
                rx.cond(~Documents.is_closed & ~is_bare(Documents), _add_button()),
                lead=rx.fragment(
                    Documents.lead,
                    " ",
                    rx.cond(
                        Documents.lead != "",
                        rx.el.a("Voir qui y a accès", href="/parametres/confidentialite"),
                    ),
                ),
            ),
            when_loaded(
                Documents.is_loaded,
                rx.cond(Documents.is_closed, closed_record(), _open_record()),
                loading=browser_skeleton(),
            ),
            rx.el.div(
                rx.cond(
                    Documents.done != "",
                    notice(
                        Documents.done,
                        Documents.close_done,
                        link=rx.cond(
                            Documents.can_undo, text_button("Annuler", on_click=Documents.undo)
                        ),
                    ),
                ),
                role="status",
                class_name="notices",
            ),
            windows(),
            on_unmount=Documents.leave_page,
        ),
        current="documents",
    )


def _open_record() -> rx.Component:
    return rx.fragment(
        document_browser(
            Documents,
            above=waiting_callout(),
            foot=_foot(),
            bulk=_bulk(),
            first_action=_add_button(),
        ),
        rx.el.div(
            rx.cond(
                Documents.browser.total > 0,
                rx.el.p(
                    text_button(
                        "Masquer tous mes documents",
                        icon_name="eye-off",
                        on_click=Documents.ask_mask_all(True),
                    ),
                    text_button(
                        "Rendre visibles tous mes documents",
                        icon_name="eye",
                        on_click=Documents.ask_mask_all(False),
                    ),
                    class_name="row wrap doc-links doc-every",
                ),
            ),
            adding(),
            class_name="doc-aside",
        ),
    )


def _add_button() -> rx.Component:
    return button("Ajouter un document", kind="primary", icon_name="plus", data_scrolls="ajout")


def _bulk() -> rx.Component:
    ids = Documents.chosen.join(" ")
    return rx.fragment(
        download_form(ids, kind=""),
        button("Masquer", icon_name="eye-off", on_click=Documents.ask_mask_chosen(True)),
        button("Rendre visibles", icon_name="eye", on_click=Documents.ask_mask_chosen(False)),
        button("Supprimer", icon_name="trash-2", on_click=Documents.delete_chosen),
    )


def _foot() -> rx.Component:
    preview: Any = Documents.preview
    return rx.el.div(
        switch(
            "Visible par les professionnels autorisés",
            preview.mask_words,
            element_id="document-visible",
            is_on=~preview.is_masked,
            on_change=Documents.ask_mask(preview.id).prevent_default,
        ),
        rx.el.p(
            rx.el.a("Qui a consulté ce document", href=preview.history),
            rx.cond(
                preview.may_change,
                rx.fragment(
                    text_button("Modifier", on_click=Documents.open_edit(preview.id)),
                    text_button("Supprimer", on_click=Documents.delete_one(preview.id)),
                ),
            ),
            class_name="row wrap doc-links",
        ),
        class_name="doc-foot",
    )
