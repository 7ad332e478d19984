"""The third step of a shared account: who one is, and one's personal code (MM-25, U-20)."""

import reflex as rx

from app.components.button import submit_button
from app.components.choice_field import radio_cards
from app.components.field import password_field
from app.components.form import native_form
from app.components.signed_out import card, signed_out_shell, under_card
from app.pages.public.sign_in import sign_in_error
from app.pages.table import page
from app.state.base import Audience
from app.state.sign_in import SignInState


@page(
    route="/connexion/membre",
    title="Qui se connecte",
    audience=Audience.PUBLIC,
    on_load=SignInState.load_member,
)
def member() -> rx.Component:
    return signed_out_shell(
        card(
            "Qui se connecte\u202f?",
            sign_in_error(),
            native_form(
                radio_cards("Votre nom", "member", SignInState.members, error="", two=False),
                password_field(
                    "Code personnel",
                    "code",
                    auto_complete="off",
                    hint="6 à 12 chiffres, connus de vous seul",
                    error="",
                ),
                submit_button("Se connecter", block=True),
                action="/auth/member",
            ),
            lead="Ce compte est partagé. Chaque acte portera votre nom.",
        ),
        under_card(rx.el.a("Revenir à la connexion", href="/connexion")),
    )
