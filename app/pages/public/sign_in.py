"""Signing in: e-mail and password, posted to a plain endpoint so that they never enter page state."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.field import native_form, password_field, text_field
from app.components.shell import card, signed_out_shell, under_card
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.sign_in import SignInState


@page(route="/", title="Accueil", audience=Audience.PUBLIC, on_load=SignInState.load_sign_in)
@page(
    route="/connexion",
    title="Connexion",
    audience=Audience.PUBLIC,
    on_load=SignInState.load_sign_in,
)
def sign_in() -> rx.Component:
    return signed_out_shell(
        card(
            "Connexion",
            sign_in_error(),
            native_form(
                rx.el.input(type="hidden", name="next", value=SignInState.next_path),
                text_field(
                    "E-mail",
                    "identifier",
                    kind="email",
                    value=SignInState.identifier,
                    error="",
                    auto_complete="username",
                    input_mode="email",
                    max_length=254,
                ),
                password_field(
                    "Mot de passe", "password", auto_complete="current-password", error=""
                ),
                submit_button("Connectez-vous", block=True),
                action="/auth/sign-in",
            ),
            lead="Patients et professionnels de santé",
        ),
        rx.cond(
            AppState.is_demo,
            under_card("Portail de démonstration : tous les patients y sont inventés."),
        ),
    )


def sign_in_error() -> rx.Component:
    """What the last post of these pages left to say."""
    return rx.cond(
        SignInState.sign_in_error,
        callout(SignInState.sign_in_error, tone="danger", urgent=True, is_page_error=True),
    )
