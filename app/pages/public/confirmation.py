"""Giving a factor again before an act that cannot be taken back (S054), then back to the page."""

import reflex as rx

from app.components.callout import callout
from app.components.factor import factor_forms, factor_lead
from app.components.signed_out import card, signed_out_shell, under_card
from app.components.states import ready
from app.pages.table import page
from app.state.base import Audience
from app.state.confirmation import ConfirmationState


@page(
    route="/connexion/confirmer",
    title="Confirmez votre identité",
    audience=Audience.SIGNED_IN,
    on_load=ConfirmationState.load_confirmation,
)
def confirmation() -> rx.Component:
    return signed_out_shell(
        card(
            "Confirmez que c’est vous",
            rx.el.p(
                "Ce que vous allez faire touche à la sécurité de votre compte. Votre confirmation vaut "
                "5 minutes.",
                class_name="sm muted",
            ),
            ready(
                rx.cond(
                    ConfirmationState.confirm_error,
                    callout(
                        ConfirmationState.confirm_error,
                        tone="danger",
                        urgent=True,
                        is_page_error=True,
                    ),
                ),
                rx.el.p(factor_lead(ConfirmationState.confirm_factor)),
                factor_forms(
                    ConfirmationState.confirm_factor,
                    action="/auth/confirm",
                    send_action="/auth/confirm/send",
                    hidden=(
                        rx.el.input(type="hidden", name="next", value=ConfirmationState.back_to),
                    ),
                    submit_words="Confirmer",
                    ask_again=ConfirmationState.look_late_confirmation,
                ),
            ),
        ),
        under_card(rx.el.a("Revenir à la page", href=ConfirmationState.back_to)),
    )
