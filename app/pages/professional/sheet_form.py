"""The fields of a patient's sheet, as the enrolment and the editing show them (CX-11)."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from app.components.button import button
from app.components.choice_field import radio_cards, select_field
from app.components.dialog import dialog, safe
from app.components.field import MANDATORY, date_fields, text_field, textarea_field
from app.components.markup import Handler
from app.i18n.format import NARROW
from app.pages.professional.entry_parts import error_of
from app.state.sheet_form import PROOF_CHOICES, SEX_CHOICES

Typed = Callable[[str], Any]


def strict_fields(typed: Typed) -> rx.Component:
    """The traits that identify somebody: mandatory, except the matricule and the proof."""
    return rx.fragment(
        rx.el.div(
            _line(
                typed,
                "Nom de naissance",
                "birth_name",
                hint="Celui de l’état civil",
                max_length=100,
                required=True,
            ),
            _line(
                typed,
                "Prénoms de naissance",
                "birth_given_names",
                hint="Tous, dans l’ordre de l’état civil",
                max_length=150,
                required=True,
            ),
            class_name="cols",
        ),
        rx.el.div(
            date_fields(
                "Date de naissance",
                "birth",
                day=typed("birth_day"),
                month=typed("birth_month"),
                year=typed("birth_year"),
                hint="Par exemple 4 6 1958",
                error=error_of("birth"),
                required=True,
            ),
            _line(
                typed,
                "Lieu de naissance",
                "birth_place",
                hint="Commune, ou pays à l’étranger",
                max_length=100,
                required=True,
            ),
            class_name="cols",
        ),
        radio_cards(
            "Sexe",
            "sex",
            [(choice.value, choice.label) for choice in SEX_CHOICES],
            value=typed("sex"),
            error=error_of("sex"),
            required=True,
        ),
        rx.el.div(
            _line(
                typed,
                "Matricule INS (numéro de sécurité sociale)",
                "ins",
                hint="15 caractères, clé comprise",
                max_length=30,
            ),
            select_field(
                "Pièce d’identité vérifiée",
                "proof",
                [(choice.value, choice.label) for choice in PROOF_CHOICES],
                value=typed("proof"),
                hint="Celle que vous avez vue",
                error=error_of("proof"),
            ),
            class_name="cols",
        ),
        _line(
            typed,
            "Numéro de carte Vitale",
            "vitale_card",
            hint="Le numéro de série de la carte, pour retrouver le dossier",
            max_length=30,
            input_mode="numeric",
        ),
    )


def used_fields(typed: Typed) -> rx.Component:
    """How the person is called, when it differs."""
    return rx.el.div(
        _line(
            typed,
            "Nom utilisé",
            "used_name",
            hint="S’il diffère du nom de naissance",
            max_length=100,
        ),
        _line(
            typed,
            "Prénom utilisé",
            "used_given_name",
            hint="S’il diffère du premier prénom",
            max_length=100,
        ),
        class_name="cols",
    )


def contact_fields(typed: Typed) -> rx.Component:
    """Telephone or e-mail, at least one (D-01)."""
    return rx.fragment(
        rx.el.p("Un téléphone ou une adresse e-mail au moins" + MANDATORY, class_name="hint"),
        rx.el.div(
            _line(
                typed,
                "Téléphone",
                "phone",
                hint="Par exemple 06 12 34 56 78",
                max_length=40,
                kind="tel",
            ),
            _line(
                typed,
                "E-mail",
                "email",
                hint="Par exemple nom@exemple.fr",
                max_length=254,
                kind="email",
            ),
            class_name="cols",
        ),
        textarea_field(
            "Adresse",
            "address",
            value=typed("address"),
            error=error_of("address"),
            rows=2,
            max_length=300,
            auto_complete="off",
        ),
    )


def _line(typed: Typed, label: str, name: str, **props: Any) -> rx.Component:
    """One line of text about somebody else: the browser proposes nothing of whoever types."""
    return text_field(
        label, name, value=typed(name), error=error_of(name), auto_complete="off", **props
    )


def doubt_dialog(
    doubts: Any, *, is_open: Any, on_correct: Handler, on_confirm: Handler
) -> rx.Component:
    """Possible but unlikely values: « Corriger » or « Confirmer »."""
    return dialog(
        f"Vérifiez avant de continuer{NARROW}:",
        rx.el.ul(rx.foreach(doubts, rx.el.li), class_name="stack tight"),
        is_open=is_open,
        on_close=on_correct,
        actions=rx.fragment(
            button("Confirmer", on_click=on_confirm),
            button("Corriger", kind="primary", on_click=on_correct, **safe()),
        ),
        dialog_id="doubt",
    )
