"""The notice to hand and the fields of a consent, for an enrolment and for each addition (CX-14, CX-21)."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from app.components.choice_field import checkbox, radio_cards
from app.components.field import MANDATORY, date_fields
from app.components.markup import Child
from app.components.text_block import text_block
from app.pages.professional.entry_parts import error_of
from app.state.consent_form import MODE_CHOICES, NoticeText

Typed = Callable[[str], Any]


def notice_box(notice: rx.Var[NoticeText]) -> rx.Component:
    """The notice in a frame that scrolls."""
    return rx.el.div(
        rx.foreach(notice.blocks, lambda block: text_block(block, rx.el.h4)),
        class_name="notice-text",
        role="region",
        aria_label=notice.title,
        tab_index=0,
    )


def notice_date(typed: Typed) -> rx.Component:
    """When the notice was handed to the patient."""
    return date_fields(
        "Date de remise de la notice",
        "notice",
        day=typed("notice_day"),
        month=typed("notice_month"),
        year=typed("notice_year"),
        hint="Par exemple 9 3 2026",
        error=error_of("notice"),
        required=True,
    )


def consent_fields(typed: Typed, words: Child) -> rx.Component:
    """Mode, date, and the box by which the professional attests to the patient's yes."""
    return rx.fragment(
        radio_cards(
            "Comment le patient a-t-il donné son consentement\u202f?",
            "consent_mode",
            [(choice.value, choice.label) for choice in MODE_CHOICES],
            value=typed("consent_mode"),
            error=error_of("consent_mode"),
            required=True,
        ),
        date_fields(
            "Date du consentement",
            "consent",
            day=typed("consent_day"),
            month=typed("consent_month"),
            year=typed("consent_year"),
            hint="Par exemple 9 3 2026",
            error=error_of("consent"),
            required=True,
        ),
        checkbox(
            rx.fragment(words, MANDATORY),
            "consent_given",
            is_checked=typed("consent_given") != "",
            error=error_of("consent_given"),
            id="consent-box",
        ),
    )
