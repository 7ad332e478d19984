"""Tolerance of the followed treatments (CX-23 to CX-25)."""

import reflex as rx

from app.components.choice_field import mini_select, radio_cards, select_field
from app.pages.professional.entry_page import entry_page
from app.pages.professional.entry_parts import error_of, typed
from app.pages.table import page
from app.state.base import Audience
from app.state.tolerance import (
    APPRECIATION_CHOICES,
    DOMAIN_CHOICES,
    GRADE_CHOICES,
    ToleranceState,
)


@page(
    route="/patients/[patient_id]/tolerance",
    title="Tolérance",
    audience=Audience.PROFESSIONAL,
    on_load=ToleranceState.load,
)
def tolerance_page() -> rx.Component:
    """Form beside history."""
    return entry_page(
        "tolerance",
        "Tolérance",
        ToleranceState,
        select_field(
            "Domaine",
            "domain",
            [(choice.value, choice.label) for choice in DOMAIN_CHOICES],
            value=typed("domain"),
            empty="Choisir un domaine",
            error=error_of("domain"),
            required=True,
        ),
        radio_cards(
            rx.cond(
                ToleranceState.banner.region == "Patiente",
                "Appréciation de la patiente",
                "Appréciation du patient",
            ),
            "patient_appreciation",
            [(choice.value, choice.label) for choice in APPRECIATION_CHOICES],
            value=typed("patient_appreciation"),
            error=error_of("patient_appreciation"),
            required=True,
        ),
        select_field(
            "Appréciation du professionnel",
            "grade",
            [(choice.value, choice.label) for choice in GRADE_CHOICES],
            value=typed("grade"),
            empty="Choisir un grade",
            hint="Grade de 0 (aucun effet) à 5",
            error=error_of("grade"),
            required=True,
        ),
        own_filter=mini_select(
            "Domaine",
            "filtre_domaine",
            [(choice.value, choice.label) for choice in DOMAIN_CHOICES],
            value=ToleranceState.filter_domain,
            empty="Tous",
            on_change=ToleranceState.choose_domain,
        ),
        is_narrowed=ToleranceState.filter_domain != "",
        what="de tolérance",
        correct=ToleranceState.correct,
    )
