"""Legal texts: versions of each, the draft to edit and publish, the proofs of acceptance (U-25)."""

from typing import Any

import reflex as rx

from app.components.badge import badge
from app.components.breadcrumb import breadcrumb
from app.components.button import button, link_button, submit_button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep, safe
from app.components.field import text_field, textarea_field
from app.components.form import error_summary, form, form_actions, mandatory_note, native_form
from app.components.panel import page_head, panel, stack
from app.components.shell import administrator_shell
from app.components.states import (
    empty,
    not_found_panel,
    page_error,
    ready,
    skeleton_rows,
    when_loaded,
)
from app.components.table import cell, data_table, header, row, row_head
from app.components.text_block import text_blocks
from app.i18n.format import NARROW
from app.i18n.legal_text import KINDS
from app.models.legal_text import LegalTextKind
from app.pages.table import page
from app.state.base import Audience
from app.state.legal_text_admin import (
    DISCARD,
    PATH,
    PUBLISH,
    LegalTextEditState,
    LegalTextListState,
    ProofLine,
    VersionLine,
)

_BODY_MAX = 60_000


@page(
    route="/admin/textes",
    title="Textes et notices",
    audience=Audience.ADMINISTRATOR,
    on_load=LegalTextListState.load,
)
def legal_text_list_page() -> rx.Component:
    """One panel for each text, and the notice handed to patients."""
    state = LegalTextListState
    return administrator_shell(
        page_head(
            "Textes et notices",
            lead="Une version publiée ne change plus : une nouvelle version des conditions ou du contrat "
            "demande à chacun de l’accepter, une nouvelle notice se remet aux patients.",
        ),
        when_loaded(
            state.is_loaded,
            stack(
                _versions(LegalTextKind.TERMS, state.terms),
                _versions(LegalTextKind.CONTRACT, state.contract),
                _versions(LegalTextKind.NOTICE, state.information),
                rx.el.p(
                    link_button("Lire la notice en vigueur", href="/notice", icon_name="file-text")
                ),
                wide=True,
            ),
            loading=skeleton_rows(4),
        ),
        current="texts",
    )


def _versions(kind: LegalTextKind, lines: Any) -> rx.Component:
    def line(version: rx.Var[VersionLine]) -> rx.Component:
        return row(
            row_head(rx.el.a(version.version, href=version.href), under=version.title),
            cell(badge(version.state, version.tone), label="État"),
            cell(version.published, label="Publiée le"),
            cell(version.accepted, label="Acceptations", numeric=True),
            key=version.id,
        )

    return panel(
        data_table(
            f"Versions{NARROW}: {KINDS[kind]}",
            ("Version", "État", "Publiée le", header("Acceptations", numeric=True)),
            rx.foreach(lines, line),
        ),
        title=KINDS[kind],
        title_id=f"texte-{kind.value}",
        end=button(
            "Écrire une nouvelle version",
            rx.el.span(f"{NARROW}: {KINDS[kind]}", class_name="vh"),
            icon_name="file-pen-line",
            on_click=LegalTextListState.write(kind.value),
        ),
        bare=True,
    )


@page(
    route="/admin/textes/[text_id]",
    title="Version d’un texte",
    audience=Audience.ADMINISTRATOR,
    on_load=LegalTextEditState.load,
)
def legal_text_page() -> rx.Component:
    """A draft to edit, or a version with its proofs."""
    state = LegalTextEditState
    return administrator_shell(
        ready(
            breadcrumb(("Textes et notices", PATH), here=state.version),
            error_summary(),
            page_head(state.kind, lead=state.version),
            page_error(),
            rx.cond(state.is_draft, _editor(), _published()),
            _publish_dialog(),
            _discard_dialog(),
            not_found=not_found_panel(
                "Ce texte est introuvable.",
                "L’adresse est incomplète, ou ce brouillon a été supprimé.",
                rx.el.a("Voir les textes", href=PATH, class_name="btn"),
                is_page=True,
            ),
        ),
        current="texts",
    )


def _editor() -> rx.Component:
    state = LegalTextEditState
    return rx.el.div(
        panel(
            form(
                mandatory_note(),
                text_field(
                    "Titre", "title", value=state.typed_title, required=True, max_length=200
                ),
                textarea_field(
                    "Texte",
                    "body",
                    value=state.typed_body,
                    hint="« ## » ouvre un intertitre, « - » un point de liste, une ligne vide un paragraphe",
                    rows=22,
                    max_length=_BODY_MAX,
                    required=True,
                ),
                form_actions(
                    submit_button("Enregistrer le brouillon"),
                    button(
                        "Publier…",
                        on_click=LegalTextEditState.ask(PUBLISH),
                        aria_haspopup="dialog",
                    ),
                    button(
                        "Supprimer le brouillon",
                        kind="danger",
                        on_click=LegalTextEditState.ask(DISCARD),
                        aria_haspopup="dialog",
                    ),
                ),
                on_submit=LegalTextEditState.save,
                key=state.form_key,
            ),
            title="Brouillon",
            title_id="brouillon",
        ),
        panel(
            rx.el.h3(state.title),
            text_blocks(state.body),
            title="Aperçu du brouillon enregistré",
            title_id="apercu",
            class_name="spaced",
        ),
        class_name="grid two",
    )


def _published() -> rx.Component:
    state = LegalTextEditState
    return stack(
        panel(
            text_blocks(state.body),
            rx.el.p("Empreinte SHA-256 : ", rx.el.code(state.digest), class_name="sm muted digest"),
            title=state.title,
            title_id="texte",
            class_name="spaced",
        ),
        rx.cond(state.is_notice, rx.fragment(), _proofs()),
        wide=True,
    )


def _proofs() -> rx.Component:
    state = LegalTextEditState

    def line(proof: rx.Var[ProofLine]) -> rx.Component:
        return row(
            row_head(rx.el.a(proof.name, href=proof.href), under=proof.role),
            cell(proof.mode, label="Manière"),
            cell(proof.accepted, label="Acceptée le"),
            cell(proof.address, label="Adresse"),
            key=proof.id,
        )

    return panel(
        rx.cond(
            state.proofs.length() > 0,
            rx.fragment(
                data_table(
                    "Personnes qui ont accepté",
                    ("Personne", "Manière", "Acceptée le", "Adresse"),
                    rx.foreach(state.proofs, line),
                ),
                rx.cond(
                    state.next_page,
                    rx.el.p(
                        rx.el.a("Preuves plus anciennes", href=state.next_page, class_name="btn"),
                        class_name="morey",
                    ),
                ),
            ),
            empty("Personne n’a encore accepté cette version.", icon_name="user-check", bare=True),
        ),
        title="Preuves d’acceptation",
        title_id="preuves",
        beside=rx.el.span(state.proof_total, class_name="count"),
        end=native_form(
            rx.el.input(type="hidden", name="text_id", value=state.text_id),
            submit_button("Exporter (CSV)", kind="", icon_name="download"),
            action="/api/admin/acceptances",
        ),
        bare=True,
    )


def _publish_dialog() -> rx.Component:
    return dialog(
        "Publier cette version",
        callout(
            rx.cond(
                LegalTextEditState.is_notice,
                "Elle ne changera plus. Elle se remettra aux patients à la place de la version en vigueur, "
                "que ceux qui l’ont reçue gardent.",
                "Elle ne changera plus. Chaque personne concernée, vous compris, devra la lire et l’accepter "
                "avant de continuer.",
            ),
            tone="warning",
        ),
        is_open=LegalTextEditState.dialog == PUBLISH,
        on_close=LegalTextEditState.close_dialog,
        actions=rx.fragment(
            button("Publier", kind="primary", on_click=LegalTextEditState.publish),
            button("Continuer à écrire", on_click=LegalTextEditState.close_dialog, **safe()),
        ),
        dialog_id="publication",
    )


def _discard_dialog() -> rx.Component:
    return dialog(
        "Supprimer ce brouillon",
        rx.el.p("Le texte du brouillon sera perdu. La version en vigueur ne change pas."),
        is_open=LegalTextEditState.dialog == DISCARD,
        on_close=LegalTextEditState.close_dialog,
        actions=lose_or_keep(
            "Supprimer le brouillon",
            LegalTextEditState.discard,
            keep=LegalTextEditState.close_dialog,
        ),
        dialog_id="suppression",
    )
