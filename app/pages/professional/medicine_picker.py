"""The medicine picker of a form: a search, then what was chosen in its place."""

from typing import Any

import reflex as rx

from app.components.combobox import combobox, picked
from app.i18n.format import NARROW
from app.state.medicine import MedicineOption, MedicineState


def medicine_picker(*, error: Any, required: bool = True) -> rx.Component:
    """Sends `label` and `medicine_cis` with the form; the error of `label` leads here."""
    return rx.el.div(
        rx.el.input(type="hidden", name="medicine_cis", value=MedicineState.cis),
        rx.cond(
            MedicineState.label,
            picked(
                MedicineState.label,
                on_change=MedicineState.unpick,
                name="label",
                value=MedicineState.label,
            ),
            combobox(
                "Médicament",
                "label_search",
                on_search=MedicineState.search,
                results=MedicineState.found,
                draw=_option,
                on_pick=lambda item: MedicineState.pick(item.cis, item.name),
                status=MedicineState.search_status,
                value=MedicineState.typed,
                hint=f"Nom ou substance, par exemple doliprane 1000{NARROW}; saisie libre possible",
                error=error,
                required=required,
                last=(
                    rx.fragment(f"Utiliser «{NARROW}", MedicineState.typed, f"{NARROW}» tel quel"),
                    MedicineState.keep_typed,
                ),
                last_if=MedicineState.typed.length() > 1,
                id="label",
            ),
        ),
        rx.cond(MedicineState.source, rx.el.p(MedicineState.source, class_name="hint")),
        class_name="stack tight",
    )


def _option(item: rx.Var[MedicineOption]) -> rx.Component:
    return rx.fragment(
        rx.el.b(item.name), rx.cond(item.detail, rx.el.span(item.detail, class_name="sm muted"))
    )
