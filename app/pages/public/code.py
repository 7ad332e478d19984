"""The second step of signing in: the factor of whichever way was chosen (MM-33, ME-028, ME-029)."""

import reflex as rx

from app.components.choice_field import checkbox
from app.components.factor import factor_forms, factor_lead
from app.components.signed_out import card, signed_out_shell, under_card
from app.pages.public.sign_in import sign_in_error
from app.pages.table import page
from app.state.base import Audience
from app.state.sign_in import SignInState


@page(
    route="/connexion/code",
    title="Vérification en deux étapes",
    audience=Audience.PUBLIC,
    on_load=SignInState.load_code,
)
def code() -> rx.Component:
    return signed_out_shell(
        card(
            "Vérification en deux étapes",
            sign_in_error(),
            factor_forms(
                SignInState.factor,
                action="/auth/code",
                send_action="/auth/code/resend",
                before_submit=checkbox(
                    "Reconnaître cet appareil pendant 90 jours",
                    "keeps_device",
                    hint="Ne cochez pas sur un appareil partagé.",
                    error="",
                ),
                submit_words="Valider mon code à usage unique",
                ask_again=SignInState.look_late,
            ),
            lead=factor_lead(SignInState.factor),
        ),
        under_card(rx.el.a("Revenir à la connexion", href="/connexion")),
    )
