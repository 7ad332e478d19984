"""Leaving: at once, after « Rester connecté ? », or by idleness."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.dialog import closes, dialog, opens, page_dialog, safe
from app.components.form import native_form
from app.components.markup import Text
from app.i18n.format import NARROW
from app.state.base import AppState

_ADDRESS = "/auth/sign-out"
_STAY = f"Rester connecté{NARROW}?"
_QUIT = "quitter"


def sign_out_form(words: str = "Se déconnecter") -> rx.Component:
    """At once; on a workstation or after Pro Santé Connect one first chooses to stay or not (PS-24, PS-25).

    A page that shows it also draws `quit_dialog`.
    """
    return rx.cond(
        (AppState.viewer_operator != "") | AppState.viewer_has_psc,
        button(words, block=True, icon_name="log-out", **opens(_QUIT)),
        native_form(
            submit_button(words, kind="", block=True, icon_name="log-out"), action=_ADDRESS
        ),
    )


def quit_dialog() -> rx.Component:
    """« Rester connecté ? » on leaving: keep the connection active, or end it (PS-24, PS-25)."""
    return page_dialog(
        _STAY,
        rx.cond(
            AppState.viewer_has_psc,
            rx.el.p(
                "Si vous restez connecté, votre session Pro Santé Connect reste active. Vous déconnecter "
                "la ferme aussi."
            ),
            rx.el.p(
                f"Si vous gardez la connexion de l’opérateur «{NARROW}",
                AppState.viewer_operator,
                f"{NARROW}» active, quiconque utilise ce poste agit en votre nom, jusqu’à 30 minutes "
                "sans activité.",
            ),
        ),
        actions=rx.fragment(
            _leave(),
            button("Garder la connexion active", kind="primary", **closes(), **safe()),
        ),
        dialog_id=_QUIT,
    )


def idle_dialog(look: Text) -> rx.Component:
    """« Rester connecté ? » when idleness is about to end the sign-in (S052). `look`: that of the frame."""
    return dialog(
        _STAY,
        rx.el.p(
            "Sans réponse, votre session se fermera dans 2 minutes. Vos saisies sont conservées."
        ),
        is_open=AppState.is_leaving_soon,
        on_close=AppState.stay,
        actions=rx.fragment(
            _leave(),
            button("Rester connecté", kind="primary", on_click=AppState.stay, **safe()),
        ),
        dialog_id="rester",
        cross=False,
        look=look,
    )


def _leave() -> rx.Component:
    return native_form(submit_button("Se déconnecter", kind=""), action=_ADDRESS)
