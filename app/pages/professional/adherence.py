"""Adherence: the curve, the history, and the Girerd questions or a typed score (CX-30 to CX-33)."""

import reflex as rx

from app.components.callout import callout
from app.components.choice_field import radio_cards, select_field
from app.components.figure import figure
from app.components.panel import panel
from app.components.states import empty
from app.i18n.format import NARROW
from app.pages.professional.entry_page import entry_page
from app.pages.professional.entry_parts import error_of, typed
from app.pages.table import page
from app.state.adherence import (
    ANSWER_CHOICES,
    DIRECTION_CHOICES,
    SCORE_CHOICES,
    WAYS,
    AdherenceState,
    Question,
)
from app.state.base import Audience


@page(
    route="/patients/[patient_id]/observance",
    title="Observance",
    audience=Audience.PROFESSIONAL,
    on_load=AdherenceState.load,
)
def adherence_page() -> rx.Component:
    """The curve above, form beside history below."""
    return entry_page(
        "observance",
        "Observance",
        AdherenceState,
        rx.el.input(type="hidden", name="way", value=AdherenceState.way),
        rx.el.input(type="hidden", name="questionnaire_id", value=typed("questionnaire_id")),
        _way(),
        rx.cond(AdherenceState.way == "score", _score(), _questions()),
        above=_curves(),
        what="d’observance",
        correct=AdherenceState.correct_score,
    )


def _curves() -> rx.Component:
    return panel(
        rx.cond(
            AdherenceState.total > 0,
            figure(
                AdherenceState.curves,
                caption=(
                    f"Score de Girerd, nombre de «{NARROW}oui{NARROW}» sur 6{NARROW}: "
                    "plus la courbe est haute, meilleure est l’observance."
                ),
                with_lanes=False,
            ),
            empty(
                "La courbe apparaîtra avec le premier score.",
                icon_name="calendar-check",
                bare=True,
            ),
        ),
        title="Évolution par traitement",
        title_id="courbe",
        class_name="curve",
    )


def _way() -> rx.Component:
    return radio_cards(
        f"Comment l’observance a-t-elle été évaluée{NARROW}?",
        "way_choice",
        [(choice.value, choice.label) for choice in WAYS],
        value=AdherenceState.way,
        on_change=AdherenceState.choose_way,
        required=True,
    )


def _score() -> rx.Component:
    return rx.fragment(
        select_field(
            "Score",
            "score",
            [(choice.value, choice.label) for choice in SCORE_CHOICES],
            value=typed("score"),
            empty="De 0 à 6",
            error=error_of("score"),
            required=True,
        ),
        radio_cards(
            "Sens du score",
            "direction",
            [(choice.value, choice.label) for choice in DIRECTION_CHOICES],
            value=typed("direction"),
            hint="Deux comptages opposés circulent\u202f: précisez le vôtre",
            error=error_of("direction"),
            required=True,
            two=False,
        ),
    )


def _questions() -> rx.Component:
    def line(question: rx.Var[Question]) -> rx.Component:
        return radio_cards(
            question.number + ". " + question.text,
            question.name,
            [(choice.value, choice.label) for choice in ANSWER_CHOICES],
            value=question.answer,
            error=question.error,
            on_change=AdherenceState.answer(question.name),
        )

    return rx.el.div(
        rx.el.p(
            AdherenceState.questionnaire_title,
            rx.cond(
                AdherenceState.questionnaire_source,
                " · " + AdherenceState.questionnaire_source,
                "",
            ),
            class_name="hint",
        ),
        rx.foreach(AdherenceState.questions, line),
        rx.cond(
            AdherenceState.computed,
            rx.el.div(callout(rx.el.b(AdherenceState.computed), tone="neutral"), role="status"),
        ),
        class_name="stack girerd",
    )
