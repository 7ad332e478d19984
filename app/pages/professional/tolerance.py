"""Tolerance of the followed treatments (CX-23 to CX-25)."""

import reflex as rx

from app.components.choice_field import mini_select, radio_cards, select_field
from app.components.form import error_summary
from app.components.panel import columns, page_head
from app.pages.professional.entry_parts import (
    entry_form,
    error_of,
    history_panel,
    treatment_filter,
    typed,
)
from app.pages.professional.patient_frame import patient_page
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
    return patient_page(
        "tolerance",
        error_summary(),
        page_head("Tolérance", lead=ToleranceState.lead),
        columns(
            entry_form(
                "tolerance",
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
                on_submit=ToleranceState.submit,
            ),
            history_panel(
                treatment_filter(ToleranceState.choose_treatment),
                mini_select(
                    "Domaine",
                    "filtre_domaine",
                    [(choice.value, choice.label) for choice in DOMAIN_CHOICES],
                    value=ToleranceState.filter_domain,
                    empty="Tous",
                    on_change=ToleranceState.choose_domain,
                ),
                on_correct=ToleranceState.correct,
                what="de tolérance",
                clear=ToleranceState.banner.base + "/tolerance",
                is_filtered=(ToleranceState.filter_treatment != "")
                | (ToleranceState.filter_domain != ""),
            ),
            shape="tol",
        ),
    )
