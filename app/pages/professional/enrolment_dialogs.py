"""What an enrolment asks: unlikely values, likely duplicates, the consent, giving up."""

from typing import Any

import reflex as rx

from app.components.button import button, link_button, submit_button
from app.components.dialog import dialog, lose_or_keep, safe
from app.components.form import form, form_actions, mandatory_note
from app.components.markup import Child, Text
from app.i18n.format import NARROW
from app.pages.professional.consent_form import consent_fields
from app.pages.professional.sheet_form import doubt_dialog
from app.state.enrolment import ABANDON, COLLECT, DOUBT, DUPLICATE, SAME, EnrolmentState
from app.state.enrolment_view import DuplicateView


def _typed(name: str) -> rx.Var[str]:
    return EnrolmentState.fields.get(name, "")


def enrolment_dialogs() -> rx.Component:
    """One of them at most is open."""
    return rx.fragment(
        doubt_dialog(
            EnrolmentState.doubts,
            is_open=EnrolmentState.dialog == DOUBT,
            on_correct=EnrolmentState.close_dialog,
            on_confirm=EnrolmentState.confirm_doubts,
        ),
        _duplicate_dialog(),
        _same_dialog(),
        _consent_dialog(),
        _abandon_dialog(),
    )


def _dialog(name: str, title: Text, *content: Child, **props: Any) -> rx.Component:
    return dialog(
        title,
        *content,
        is_open=EnrolmentState.dialog == name,
        on_close=EnrolmentState.close_dialog,
        dialog_id=name,
        **props,
    )


def _duplicate_dialog() -> rx.Component:
    def line(row: rx.Var[DuplicateView]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(
                    rx.el.b(row.name),
                    rx.cond(row.used_name, rx.el.span(" ", row.used_name, class_name="muted sm")),
                ),
                rx.el.p(row.birth),
                rx.el.p(row.reason, ", ", row.relevance, class_name="sm muted"),
                class_name="grow",
            ),
            link_button(
                "Ouvrir sa fiche", rx.el.span(" ", row.name, class_name="vh"), href=row.href
            ),
            class_name="tline",
            key=row.href,
        )

    return _dialog(
        DUPLICATE,
        "Cette personne est peut-être déjà suivie",
        rx.el.ul(rx.foreach(EnrolmentState.duplicates, line), class_name="tlist boxed"),
        rx.el.p("Ce que vous avez saisi reste enregistré.", class_name="sm muted"),
        actions=rx.fragment(
            button("Ce n’est pas la même personne", on_click=EnrolmentState.deny_duplicates),
            button("Corriger la saisie", on_click=EnrolmentState.close_dialog, **safe()),
        ),
        wide=True,
    )


def _same_dialog() -> rx.Component:
    return _dialog(
        SAME,
        "Ce matricule INS est celui d’un de vos patients",
        rx.el.p(
            "Un matricule ne désigne qu’une personne. Ouvrez sa fiche, ou vérifiez le matricule saisi."
        ),
        actions=rx.fragment(
            link_button("Ouvrir sa fiche", href=EnrolmentState.same_href),
            button(
                "Corriger le matricule",
                kind="primary",
                on_click=EnrolmentState.close_dialog,
                **safe(),
            ),
        ),
    )


def _consent_dialog() -> rx.Component:
    return _dialog(
        COLLECT,
        "Recueillir le consentement du patient",
        form(
            mandatory_note(),
            consent_fields(
                _typed,
                "Informé par la notice, le patient (ou son représentant légal) consent au suivi de ses "
                "traitements par les professionnels de son cercle.",
            ),
            form_actions(
                submit_button("Enregistrer le consentement"),
                button("Annuler", kind="ghost", on_click=EnrolmentState.close_dialog),
            ),
            on_submit=EnrolmentState.collect_consent,
        ),
    )


def _abandon_dialog() -> rx.Component:
    return _dialog(
        ABANDON,
        f"Abandonner l’inscription{NARROW}?",
        rx.el.p("Tout ce qui est saisi sera effacé. Aucune fiche n’a été créée."),
        actions=lose_or_keep(
            "Abandonner l’inscription",
            EnrolmentState.abandon,
            keep=EnrolmentState.close_dialog,
            kept="Conserver la saisie",
        ),
    )
