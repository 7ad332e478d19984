"""Signing in: e-mail and password, posted to a plain endpoint so that they never enter page state."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.field import password_field, text_field
from app.components.form import native_form
from app.components.icons import chevron
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
        rx.cond(AppState.is_demo, _demonstration()),
    )


def _demonstration() -> rx.Component:
    """Accounts to try, and where the codes are read: only where nobody is real."""
    return under_card(
        rx.el.p("Portail de démonstration\u202f: tous les patients y sont inventés."),
        rx.el.p(
            rx.el.a("Démonstration\u202f: lire les messages envoyés", href="/demo/boite-envoi")
        ),
        rx.el.details(
            rx.el.summary(chevron(), "Comptes à essayer", class_name="lnk"),
            rx.el.ul(
                rx.foreach(
                    SignInState.demo_accounts,
                    lambda account: rx.el.li(
                        rx.el.span(account.label, class_name="sm muted"),
                        rx.el.button(
                            account.email, type="button", class_name="lnk", data_fill=account.fill
                        ),
                    ),
                ),
                class_name="tries",
            ),
            rx.el.p(
                "Mot de passe\u202f: ", rx.el.code(SignInState.demo_password), class_name="sm muted"
            ),
        ),
    )


def sign_in_error() -> rx.Component:
    """What the last post of these pages left to say."""
    return rx.cond(
        SignInState.sign_in_error,
        callout(SignInState.sign_in_error, tone="danger", urgent=True, is_page_error=True),
    )
