"""Drug interactions (CX-27 to CX-29)."""

import reflex as rx

from app.components.choice_field import mini_select, select_field
from app.components.combobox import combobox, picked
from app.pages.professional.entry_page import entry_page
from app.pages.professional.entry_parts import error_of, typed
from app.pages.table import page
from app.state.base import Audience
from app.state.interaction import LEVEL_CHOICES, InteractionState, Substance


@page(
    route="/patients/[patient_id]/interactions",
    title="Interaction médicamenteuse",
    audience=Audience.PROFESSIONAL,
    on_load=InteractionState.load,
)
def interaction_page() -> rx.Component:
    """Form beside history."""
    return entry_page(
        "interactions",
        "Interaction médicamenteuse",
        InteractionState,
        _substance_field(),
        select_field(
            "Type d’interaction",
            "level",
            [(choice.value, choice.label) for choice in LEVEL_CHOICES],
            value=typed("level"),
            empty="Choisir un niveau",
            error=error_of("level"),
            required=True,
        ),
        own_filter=mini_select(
            "Type",
            "filtre_type",
            [(choice.value, choice.label) for choice in LEVEL_CHOICES],
            value=InteractionState.filter_level,
            empty="Tous",
            on_change=InteractionState.choose_level,
        ),
        is_narrowed=InteractionState.filter_level != "",
        what="d’interaction",
        correct=InteractionState.correct,
    )


def _substance_field() -> rx.Component:
    def line(item: rx.Var[Substance]) -> rx.Component:
        return rx.fragment(
            rx.el.b(item.name),
            rx.cond(item.detail, rx.el.span(item.detail, class_name="sm muted")),
        )

    return rx.cond(
        typed("substance") != "",
        picked(
            typed("substance"),
            on_change=InteractionState.unpick,
            name="substance",
            value=typed("substance"),
        ),
        combobox(
            "DCI ou molécule",
            "substance_search",
            on_search=InteractionState.search,
            results=InteractionState.substances,
            draw=line,
            on_pick=lambda item: InteractionState.pick(item.name),
            status=InteractionState.substance_status,
            hint="Les premières lettres suffisent, par exemple clarithro",
            error=error_of("substance"),
            required=True,
            last=(
                rx.fragment(
                    "Utiliser «\u202f", InteractionState.substance_typed, "\u202f» tel quel"
                ),
                InteractionState.pick(InteractionState.substance_typed),
            ),
            last_if=InteractionState.substance_typed.length() > 1,
        ),
    )
