"""The second step of signing in: the single-use code received by e-mail."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.field import text_field
from app.components.form import native_form
from app.components.shell import card, signed_out_shell, under_card
from app.pages.public.sign_in import sign_in_error
from app.pages.table import page
from app.state.base import AppState, Audience
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
            native_form(
                rx.el.div(
                    text_field(
                        "Code à usage unique",
                        "code",
                        hint=rx.cond(
                            SignInState.sent_label,
                            f"6 chiffres, reçus par e-mail à {SignInState.sent_label}",
                            "6 chiffres, reçus par e-mail",
                        ),
                        error="",
                        input_mode="numeric",
                        auto_complete="one-time-code",
                        max_length=12,
                    ),
                    class_name="code",
                ),
                submit_button("Valider mon code à usage unique", block=True),
                action="/auth/code",
            ),
            rx.el.p("Vous n’avez pas reçu le code ?", class_name="or"),
            rx.el.div(
                native_form(
                    submit_button(
                        "Renvoyer le code par e-mail", kind="", icon_name="mail", block=True
                    ),
                    action="/auth/code/resend",
                ),
                class_name="dest",
            ),
            rx.cond(AppState.is_demo, _where_demonstration_mail_goes()),
            lead=rx.fragment(
                "Nous avons envoyé un code à usage unique à ",
                rx.el.b(SignInState.destination, class_name="nw ink"),
                ". Il est valable 10 minutes.",
            ),
        ),
        under_card(rx.el.a("Revenir à la connexion", href="/connexion")),
    )


def _where_demonstration_mail_goes() -> rx.Component:
    return callout(
        "Démonstration : rien ne quitte cette machine. Le message est dans la ",
        rx.el.a("boîte d’envoi (nouvel onglet)", href="/demo/boite-envoi", target="_blank"),
        ".",
        tone="neutral",
    )
