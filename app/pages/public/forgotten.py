"""« Mot de passe oublié », « Identifiant oublié », and the page of the link (MM-34, ME-026, ME-027, U-07)."""

import reflex as rx

from app.components.button import link_button, submit_button
from app.components.callout import callout
from app.components.field import text_field
from app.components.form import error_summary, link_token, native_form
from app.components.password import new_password_fields
from app.components.signed_out import card, signed_out_shell, under_card
from app.components.states import ready
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.forgotten import ForgottenState


@page(
    route="/connexion/mot-de-passe-oublie",
    title="Mot de passe oublié",
    audience=Audience.PUBLIC,
    on_load=ForgottenState.load_forgotten,
)
def forgotten_password() -> rx.Component:
    return _asking(
        "Mot de passe oublié",
        "Vous recevrez un lien pour en choisir un nouveau. Il sera valable 30 minutes.",
        "Si un compte correspond à cette adresse, un lien vient de lui être envoyé. Il est valable "
        "30 minutes. Votre mot de passe actuel fonctionne jusque-là.",
        "/auth/forgotten-password",
    )


@page(
    route="/connexion/identifiant-oublie",
    title="Identifiant oublié",
    audience=Audience.PUBLIC,
    on_load=ForgottenState.load_forgotten,
)
def forgotten_identifier() -> rx.Component:
    return _asking(
        "Identifiant oublié",
        "Vous recevrez votre identifiant par e-mail. Votre adresse e-mail convient aussi pour vous "
        "connecter.",
        "Si un compte correspond à cette adresse, son identifiant vient de lui être envoyé.",
        "/auth/forgotten-identifier",
    )


@page(
    route="/connexion/nouveau-mot-de-passe",
    title="Nouveau mot de passe",
    audience=Audience.PUBLIC,
    on_load=ForgottenState.load_new_password,
)
def new_password() -> rx.Component:
    return signed_out_shell(
        card(
            "Nouveau mot de passe",
            ready(
                error_summary(),
                rx.cond(
                    ForgottenState.link_error,
                    callout(
                        ForgottenState.link_error, tone="danger", urgent=True, is_page_error=True
                    ),
                ),
                rx.cond(
                    ForgottenState.is_link_gone,
                    link_button(
                        "Demander un autre lien",
                        href="/connexion/mot-de-passe-oublie",
                        kind="primary",
                        block=True,
                    ),
                    native_form(
                        link_token(),
                        new_password_fields(
                            label="Nouveau mot de passe",
                            error=AppState.field_errors["password"],
                            again_error=AppState.field_errors["password_again"],
                        ),
                        submit_button("Enregistrer le mot de passe", block=True),
                        action="/auth/new-password",
                    ),
                ),
            ),
            lead="Vos autres connexions seront fermées. La vérification en deux étapes reste demandée.",
        ),
        _back(),
    )


def _asking(title: str, lead: str, sent: str, action: str) -> rx.Component:
    return signed_out_shell(
        card(
            title,
            ready(
                rx.cond(
                    ForgottenState.is_sent,
                    rx.fragment(
                        callout(sent, tone="success", icon_name="mail", urgent=True),
                        _in_demonstration(),
                    ),
                    native_form(
                        text_field(
                            "Entrez votre email",
                            "email",
                            kind="email",
                            error=ForgottenState.email_error,
                            auto_complete="email",
                            max_length=254,
                        ),
                        submit_button("Envoyer", block=True),
                        action=action,
                    ),
                ),
            ),
            lead=lead,
        ),
        _back(),
    )


def _in_demonstration() -> rx.Component:
    return rx.cond(
        AppState.is_demo,
        rx.el.p(
            rx.el.a("Démonstration\u202f: lire les messages envoyés", href="/demo/boite-envoi"),
            class_name="sm",
        ),
    )


def _back() -> rx.Component:
    return under_card(rx.el.a("Revenir à la connexion", href="/connexion"))
