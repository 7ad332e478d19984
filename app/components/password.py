"""Choosing a password: two native fields and criteria that tick themselves as one types (ME-019, S020).

What is typed never leaves the form: the browser script compares it with the rules of the list, which are
those of `services/password.py`.
"""

import reflex as rx

from app.components.field import password_field
from app.components.icons import icon
from app.components.markup import Text, hidden_text, ident

CRITERIA = {
    "length": "8 caractères au moins",
    "upper": "Une majuscule",
    "lower": "Une minuscule",
    "digit": "Un chiffre",
    "special": "Un caractère spécial, comme # @ % +",
    "again": "Deux saisies identiques",
}


def new_password_fields(
    *,
    label: Text = "Mot de passe",
    again_label: Text = "Confirmez le mot de passe",
    error: Text | None = None,
    again_error: Text | None = None,
) -> rx.Component:
    """The fields `password` and `password_again` of a native form, and their criteria."""
    return rx.el.div(
        password_field(
            label,
            "password",
            auto_complete="new-password",
            hint="12 caractères ou plus, c’est mieux. Une phrase convient très bien.",
            error=error,
            told_by="password-criteria",
        ),
        password_field(
            again_label, "password_again", auto_complete="new-password", error=again_error
        ),
        _criteria(),
        class_name="stack",
        data_new_password="",
    )


def _criteria() -> rx.Component:
    return rx.el.div(
        rx.el.p("Votre mot de passe contient", class_name="sm fw"),
        rx.el.ul(
            *[
                rx.el.li(
                    icon("circle", "s", "todo"),
                    icon("circle-check", "s", "done"),
                    rx.el.span(words),
                    hidden_text(""),
                    data_criterion=name,
                )
                for name, words in CRITERIA.items()
            ],
            class_name="criteria",
            **ident("password-criteria"),
        ),
        rx.el.p(role="status", class_name="vh", data_criteria_status=""),
    )
