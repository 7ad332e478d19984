"""The patient's sheet on the « Contacts » page: shown beside the circle, or edited in its place."""

from typing import Any

import reflex as rx

from app.components.button import button, link_button, submit_button
from app.components.callout import callout
from app.components.form import draft_status, error_summary, form, form_actions, mandatory_note
from app.components.panel import page_head, panel
from app.i18n.format import NARROW
from app.pages.professional.sheet_form import (
    contact_fields,
    doubt_dialog,
    strict_fields,
    used_fields,
)
from app.state.patient_sheet import CONFIRMED, FORM, PatientSheetState, Trait, edit_address
from app.state.sheet_form import FIELDS

_OPEN = frozenset({"used_name", "used_given_name", "phone", "email", "address"})


def _typed(name: str) -> rx.Var[str]:
    return PatientSheetState.fields.get(name, "")


def swapped_head(title: str, **props: Any) -> rx.Component:
    """The head of the sheet or of its form: each takes the focus when it replaces the other."""
    return rx.el.div(page_head(title, **props), data_focus="")


def sheet_panel() -> rx.Component:
    """What is known of the patient, and the way to change it."""
    return panel(
        _trait_list("Identité", PatientSheetState.identity),
        _trait_list("Coordonnées", PatientSheetState.contact),
        rx.cond(
            PatientSheetState.banner.may_manage,
            link_button(
                "Modifier la fiche patient",
                href=edit_address(PatientSheetState.banner.base),
                icon_name="pencil",
                block=True,
            ),
        ),
        title="Fiche patient",
        title_id="fiche",
        class_name="sheet",
    )


def _trait_list(title: str, rows: Any) -> rx.Component:
    def line(row: rx.Var[Trait]) -> rx.Component:
        return rx.el.div(rx.el.dt(row.label), rx.el.dd(row.value, class_name="keep-lines"))

    return rx.fragment(rx.el.h3(title), rx.el.dl(rx.foreach(rows, line), class_name="traits"))


def sheet_editor() -> rx.Component:
    """The form of the sheet, and what a colleague changed meanwhile."""
    return rx.fragment(
        rx.cond(PatientSheetState.doubts.length() == 0, error_summary()),
        swapped_head("Modifier la fiche patient"),
        rx.cond(
            PatientSheetState.is_stale,
            callout(
                "La fiche a été modifiée depuis votre saisie. Ce que vous changez remplacera ces valeurs"
                f"{NARROW}:",
                rx.el.ul(
                    rx.foreach(
                        PatientSheetState.changed_since,
                        lambda row: rx.el.li(row.label, f"{NARROW}: ", rx.el.b(row.value)),
                    )
                ),
                tone="warning",
            ),
        ),
        form(
            rx.el.input(type="hidden", name="version", value=PatientSheetState.version),
            rx.el.input(type="hidden", name="base", value=PatientSheetState.base),
            rx.el.input(type="hidden", name=CONFIRMED, value=_typed(CONFIRMED)),
            mandatory_note(),
            rx.cond(PatientSheetState.is_locked, _locked(), strict_fields(_typed)),
            rx.el.h2("Identité utilisée", class_name="part"),
            used_fields(_typed),
            rx.el.h2("Coordonnées", class_name="part"),
            contact_fields(_typed),
            form_actions(
                submit_button("Enregistrer la fiche", big=True),
                button("Annuler", kind="ghost", big=True, on_click=PatientSheetState.cancel),
            ),
            draft_status(),
            on_submit=PatientSheetState.submit,
            draft=FORM,
            scope=PatientSheetState.banner.id,
            class_name="panel step stack form narrow",
            aria_label="Fiche patient",
            key=PatientSheetState.form_key,
        ),
        doubt_dialog(
            PatientSheetState.doubts,
            is_open=PatientSheetState.doubts.length() > 0,
            on_correct=PatientSheetState.close_dialog,
            on_confirm=PatientSheetState.confirm_doubts,
        ),
    )


def _locked() -> rx.Component:
    """A qualified identity: its traits are shown, and sent back as they are."""
    strict = [name for name in FIELDS if name not in _OPEN]
    return rx.fragment(
        *[rx.el.input(type="hidden", name=name, value=_typed(name)) for name in strict],
        callout(
            "L’identité de ce patient est qualifiée\u202f: ses traits ne se modifient plus ici.",
            tone="neutral",
            icon_name="lock",
        ),
        rx.el.dl(
            rx.foreach(
                PatientSheetState.identity,
                lambda row: rx.el.div(rx.el.dt(row.label), rx.el.dd(row.value)),
            ),
            class_name="traits",
        ),
    )
