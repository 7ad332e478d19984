"""Signing in by three doors (U-05): what is typed goes to plain endpoints and never enters page state."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.field import password_field, text_field
from app.components.form import native_form
from app.components.icons import chevron, icon
from app.components.psc import psc_door
from app.components.signed_out import card, signed_out_shell, under_card
from app.i18n.format import NARROW
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
                    "E-mail ou identifiant",
                    "identifier",
                    value=SignInState.identifier,
                    error="",
                    auto_complete="username",
                    auto_capitalize="none",
                    spell_check=False,
                    max_length=254,
                ),
                password_field(
                    "Mot de passe", "password", auto_complete="current-password", error=""
                ),
                submit_button("Connectez-vous", block=True),
                rx.el.p(
                    rx.el.a("Identifiant oublié", href="/connexion/identifiant-oublie"),
                    rx.el.a("Mot de passe oublié", href="/connexion/mot-de-passe-oublie"),
                    class_name="lks",
                ),
                action="/auth/sign-in",
            ),
            rx.el.p("ou, pour les professionnels", class_name="or"),
            rx.el.div(
                psc_door(next_path=SignInState.next_path), operator_door(), class_name="doors"
            ),
            lead="Patients et professionnels de santé",
        ),
        under_card(
            rx.el.p(f"Pas encore de compte{NARROW}?"),
            rx.el.a("Créez votre compte en quelques clics", href="/inscription"),
            rx.el.p(
                rx.el.a("Activer l’application e-CPS", href="/aide/activer-l-e-cps"),
                class_name="sm",
            ),
        ),
        rx.cond(AppState.is_demo, _demonstration()),
    )


def operator_door() -> rx.Component:
    """« Code opérateur », on a workstation registered by whoever answers for the team (PS-16, PS-17)."""
    return rx.el.details(
        rx.el.summary(icon("store"), "Code opérateur, en officine", chevron()),
        rx.el.div(
            rx.cond(
                SignInState.workstation_label,
                _operator_form(),
                rx.fragment(
                    rx.el.p(
                        "Ce navigateur n’est pas enregistré comme poste de travail.",
                        class_name="fw",
                    ),
                    rx.el.p(
                        "Le professionnel responsable de l’équipe l’enregistre une fois, depuis ce poste"
                        f"{NARROW}: il se connecte, puis ouvre « Mon équipe ». En attendant, "
                        "connectez-vous avec votre e-mail ou Pro Santé Connect.",
                        class_name="hint",
                    ),
                ),
            ),
            class_name="in",
        ),
        class_name="opd",
        open=SignInState.is_operator_door_open,
    )


def _operator_form() -> rx.Component:
    return native_form(
        rx.el.p(SignInState.workstation_label, class_name="hint"),
        rx.el.input(type="hidden", name="next", value=SignInState.next_path),
        rx.el.div(
            text_field(
                "Code opérateur",
                "operator_code",
                error="",
                auto_complete="off",
                max_length=20,
            ),
            password_field(
                "Mot de passe",
                "password",
                id="operator_password",
                auto_complete="off",
                error="",
            ),
            class_name="two",
        ),
        submit_button("Ouvrir la session", kind="", block=True),
        action="/auth/operator",
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
        callout(SignInState.sign_in_error, ".", tone="danger", urgent=True, is_page_error=True),
        rx.cond(
            SignInState.sign_in_good_news,
            callout(SignInState.sign_in_good_news, ".", tone="success", urgent=True),
        ),
    )
