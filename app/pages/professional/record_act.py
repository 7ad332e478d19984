"""Under a document opened by a professional: its warnings, and what its depositor may do with it."""

from typing import Any

import reflex as rx

from app.components.button import button, submit_button, text_button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep, safe
from app.components.field import date_fields
from app.components.form import form
from app.components.markup import Child
from app.i18n import record_document as words
from app.i18n.format import NARROW
from app.state.record_act import RecordActState
from app.state.record_deposit import RecordDepositState
from app.state.record_document import RecordDocumentState

_PREVIEW = RecordDocumentState.preview


def preview_foot() -> rx.Component:
    """Who does not see the document, in words; then the acts of whoever deposited it (FC-15 to FC-18)."""
    return rx.el.div(
        rx.cond(
            _PREVIEW.is_superseded,
            callout(rx.el.p(words.SUPERSEDED), tone="neutral", icon_name="history"),
        ),
        rx.cond(_PREVIEW.is_hidden, _hidden_warning()),
        rx.cond(
            _PREVIEW.is_hidden_from_representatives,
            callout(rx.el.p(words.HIDDEN_FROM_REPRESENTATIVES), tone="warning"),
        ),
        rx.cond(
            RecordDocumentState.record.masked_note,
            callout(
                rx.el.p(RecordDocumentState.record.masked_note), tone="neutral", icon_name="eye-off"
            ),
        ),
        rx.cond(_PREVIEW.may_change, _acts()),
        class_name="doc-foot",
    )


def _hidden_warning() -> rx.Component:
    show = button(
        "Montrer au patient",
        icon_name="eye",
        on_click=RecordActState.show_to_patient(_PREVIEW.id),
    )
    return callout(
        rx.el.p(words.HIDDEN),
        rx.cond(_PREVIEW.hidden_until, rx.el.p(_PREVIEW.hidden_until)),
        rx.cond(_PREVIEW.may_change, show),
        tone="warning",
    )


def _acts() -> rx.Component:
    def act(label: str, handler: Any, icon_name: str) -> rx.Component:
        return text_button(label, on_click=handler(_PREVIEW.id), icon_name=icon_name)

    is_free = ~_PREVIEW.is_masked & ~_PREVIEW.is_hidden
    return rx.el.div(
        act("Déposer une nouvelle version", RecordDepositState.begin_version, "upload"),
        act("Modifier", RecordDepositState.begin_edit, "pencil"),
        rx.cond(is_free, act("Ne pas montrer au patient", RecordActState.ask_hide, "clock")),
        rx.cond(_PREVIEW.is_hidden, act("Changer la date", RecordActState.ask_hide, "calendar")),
        rx.cond(
            is_free,
            act("Masquer à la demande du patient", RecordActState.ask_mask, "eye-off"),
        ),
        rx.cond(_PREVIEW.is_masked, act("Ne plus masquer", RecordActState.unmask, "eye")),
        rx.cond(RecordDocumentState.record.is_minor, _of_representatives()),
        act("Supprimer", RecordActState.ask_delete, "trash-2"),
        class_name="row wrap doc-links",
        role="group",
        aria_label="Actes sur ce document",
    )


def _of_representatives() -> rx.Component:
    def choice(label: str, *, is_hidden: bool) -> rx.Component:
        return text_button(
            label, on_click=RecordActState.keep_from_representatives(_PREVIEW.id, is_hidden)
        )

    return rx.cond(
        _PREVIEW.is_hidden_from_representatives,
        choice("Montrer aux représentants légaux", is_hidden=False),
        choice("Ne pas montrer aux représentants légaux", is_hidden=True),
    )


def act_dialogs() -> rx.Component:
    """The questions asked before a document is masked, kept back, or taken out."""
    return rx.fragment(_mask_dialog(), _hide_dialog(), _delete_dialog())


def _mask_dialog() -> rx.Component:
    return _question(
        "mask",
        "Masquer ce document aux professionnels",
        rx.el.p(f"Le patient l’a demandé. Verront encore ce document{NARROW}:"),
        rx.el.ul(
            rx.foreach(RecordActState.who_still_sees, lambda who: rx.el.li(who)), class_name="dots"
        ),
        rx.el.p("Les autres professionnels n’en verront ni le nom, ni qu’il existe."),
        actions=rx.fragment(
            button("Masquer", kind="primary", on_click=RecordActState.mask),
            button("Laisser visible", on_click=RecordActState.close, **safe()),
        ),
    )


def _hide_dialog() -> rx.Component:
    return _question(
        "hide",
        "Ne pas montrer au patient jusqu’à l’annonce",
        form(
            rx.el.p(
                "Le patient ne verra ni ce document, ni qu’il existe, jusqu’à ce que vous le lui "
                "montriez. Les professionnels autorisés le voient, avec un avertissement."
            ),
            date_fields(
                "Date d’annonce prévue",
                "announce",
                hint="Facultative. Ce jour-là, cette page vous le rappelle.",
                id="announce-ask",
            ),
            rx.el.div(
                submit_button("Ne pas montrer au patient"),
                button("Laisser comme avant", on_click=RecordActState.close, **safe()),
                class_name="acts",
            ),
            on_submit=RecordActState.hide,
        ),
    )


def _delete_dialog() -> rx.Component:
    return _question(
        "delete",
        "Supprimer ce document",
        rx.el.p(
            "Le document et ses versions quittent le dossier, pour tous. Vous pouvez annuler pendant "
            "un jour."
        ),
        actions=lose_or_keep(
            "Supprimer le document", RecordActState.delete, keep=RecordActState.close
        ),
    )


def _question(what: str, title: str, *content: Child, actions: Child | None = None) -> rx.Component:
    return dialog(
        title,
        *content,
        is_open=RecordActState.asking == what,
        on_close=RecordActState.close,
        actions=actions,
        dialog_id=f"ask-{what}",
    )
