"""The treatment list and « Ajouter un traitement » (CX-19, U-18)."""

from typing import Any

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.choice_field import checkbox
from app.components.dialog import dialog, lose_or_keep
from app.components.field import date_fields, text_field
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.markup import Child, Text
from app.components.panel import columns, page_head, panel
from app.components.states import empty
from app.pages.professional.entry_parts import error_of, writing_panel
from app.pages.professional.medicine_picker import medicine_picker
from app.pages.professional.patient_frame import patient_page
from app.pages.table import page
from app.state.base import Audience
from app.state.treatment import TreatmentState, TreatmentView


def _typed(name: str) -> rx.Var[str]:
    return TreatmentState.fields.get(name, "")


@page(
    route="/patients/[patient_id]/traitements",
    title="Traitements",
    audience=Audience.PROFESSIONAL,
    on_load=TreatmentState.load,
)
def treatment_page() -> rx.Component:
    """Form beside list."""
    return patient_page(
        "traitements",
        rx.cond(TreatmentState.dialog == "", error_summary()),
        page_head("Traitements", lead=TreatmentState.lead),
        columns(
            _form(),
            rx.el.div(
                _list("En cours", "en-cours", TreatmentState.current, "Aucun traitement en cours."),
                rx.cond(
                    TreatmentState.ended.length() > 0,
                    _list("Terminés", "termines", TreatmentState.ended, ""),
                ),
                class_name="stack",
            ),
            shape="tol",
        ),
        _end_dialog(),
        _change_dialog(),
        _remove_dialog(),
    )


def _form() -> rx.Component:
    return writing_panel(
        form(
            rx.el.input(type="hidden", name="key", value=TreatmentState.form_key),
            mandatory_note(),
            medicine_picker(error=error_of("label")),
            text_field(
                "Posologie",
                "posology",
                value=_typed("posology"),
                hint="Par exemple 1 comprimé matin et soir",
                error=error_of("posology"),
                max_length=200,
            ),
            _date("Début du traitement", "started_on", required=True),
            checkbox(
                "Traitement suivi",
                "is_followed",
                is_checked=_typed("is_followed") != "",
                hint="Ouvre les entrées de tolérance, d’interaction et d’observance.",
            ),
            form_actions(
                submit_button("Ajouter le traitement", class_name="btn primary big"),
                button("Annuler", kind="ghost", big=True, on_click=TreatmentState.cancel),
            ),
            on_submit=TreatmentState.submit,
            draft="traitements",
            scope=TreatmentState.banner.id,
            key=TreatmentState.form_key,
        ),
        title="Ajouter un traitement",
    )


def _date(label: Text, name: str, *, required: bool = False, prefix: str = "") -> rx.Component:
    shown = prefix + name
    return date_fields(
        label,
        name,
        day=_typed(f"{shown}_day"),
        month=_typed(f"{shown}_month"),
        year=_typed(f"{shown}_year"),
        hint="Par exemple 9 3 2026",
        error=error_of(name),
        required=required,
    )


def _list(title: str, title_id: str, rows: rx.Var, nothing: str) -> rx.Component:
    return panel(
        rx.cond(
            rows.length() > 0,
            rx.el.ul(rx.foreach(rows, _line), class_name="tlist"),
            empty(nothing or title, icon_name="pill", bare=True),
        ),
        title=title,
        title_id=title_id,
        beside=rx.el.span(rows.length(), class_name="count"),
        bare=True,
    )


def _line(row: rx.Var[TreatmentView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.b(row.label),
                badge(row.follow_label, rx.cond(row.is_followed, "success", "line")),
                rx.cond(
                    row.adherence, badge("Observance\u202f: " + row.adherence, row.adherence_tone)
                ),
                class_name="row wrap",
            ),
            rx.cond(row.substances, rx.el.p(row.substances, class_name="sm muted")),
            rx.cond(row.posology, rx.el.p(row.posology)),
            rx.el.p(
                row.period, rx.cond(row.end_reason, " · " + row.end_reason, ""), class_name="sm"
            ),
            rx.el.p(row.added, " · ", row.entry_count, class_name="sm muted"),
            class_name="grow",
        ),
        rx.cond(
            row.may_change,
            rx.el.div(
                rx.cond(
                    row.is_current,
                    rx.fragment(
                        _act("Modifier", row, TreatmentState.open_change),
                        _act("Terminer", row, TreatmentState.open_end),
                    ),
                ),
                rx.cond(row.may_resume, _act("Reprendre", row, TreatmentState.resume)),
                rx.cond(row.may_remove, _act("Supprimer", row, TreatmentState.open_remove)),
                class_name="row wrap acts",
            ),
        ),
        class_name="tline",
        key=row.id,
    )


def _act(words: str, row: rx.Var[TreatmentView], handler: Any) -> rx.Component:
    return button(words, rx.el.span(" ", row.label, class_name="vh"), on_click=handler(row.id))


def _end_dialog() -> rx.Component:
    return _dialog(
        "end",
        "Terminer " + TreatmentState.chosen_label,
        form(
            _date("Date de fin", "ended_on", required=True),
            text_field(
                "Raison de l’arrêt",
                "end_reason",
                error=error_of("end_reason"),
                hint="Facultative, lue par tout le cercle",
                max_length=200,
            ),
            _verbs(submit_button("Terminer le traitement")),
            on_submit=TreatmentState.submit_end,
        ),
    )


def _change_dialog() -> rx.Component:
    return _dialog(
        "change",
        "Modifier " + TreatmentState.chosen_label,
        form(
            text_field(
                "Posologie",
                "posology",
                value=_typed("changed_posology"),
                error=error_of("posology"),
                max_length=200,
                id="changed-posology",
            ),
            date_fields(
                "Début du traitement",
                "started_on",
                day=_typed("changed_started_on_day"),
                month=_typed("changed_started_on_month"),
                year=_typed("changed_started_on_year"),
                error=error_of("started_on"),
                required=True,
                id="changed-started-on",
            ),
            checkbox(
                "Traitement suivi",
                "is_followed",
                is_checked=_typed("changed_is_followed") != "",
                id="changed-is-followed",
            ),
            _verbs(submit_button("Enregistrer")),
            on_submit=TreatmentState.submit_change,
        ),
    )


def _remove_dialog() -> rx.Component:
    return dialog(
        "Supprimer " + TreatmentState.chosen_label + " ?",
        rx.el.p(
            "Le traitement quitte la liste\u202f: réservez cela à une erreur de saisie. "
            "Un traitement arrêté se termine."
        ),
        is_open=TreatmentState.dialog == "remove",
        on_close=TreatmentState.close_dialog,
        actions=lose_or_keep(
            "Supprimer", TreatmentState.confirm_remove, keep=TreatmentState.close_dialog
        ),
        dialog_id="remove",
    )


def _dialog(name: str, title: Text, content: Child) -> rx.Component:
    return dialog(
        title,
        content,
        is_open=TreatmentState.dialog == name,
        on_close=TreatmentState.close_dialog,
        dialog_id=name,
    )


def _verbs(primary: rx.Component) -> rx.Component:
    return form_actions(
        primary, button("Annuler", kind="ghost", on_click=TreatmentState.close_dialog)
    )
