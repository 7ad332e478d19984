"""Legal texts: the terms in force for anybody, and what somebody must accept before anything else (U-25)."""

import reflex as rx

from app.components.button import print_button, submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox
from app.components.code import signature
from app.components.form import error_summary, native_form
from app.components.panel import page_head, panel
from app.components.shell import viewer_shell
from app.components.signed_out import card, signed_out_shell
from app.components.states import page_error, ready, when_loaded
from app.components.text_block import text_blocks
from app.i18n.format import NARROW
from app.pages.table import page
from app.state.base import Audience
from app.state.legal_text import ConditionsState, LegalTextState


@page(
    route="/conditions-generales",
    title="Conditions générales d’utilisation",
    audience=Audience.PUBLIC,
    on_load=LegalTextState.load_terms,
)
def terms_page() -> rx.Component:
    """The terms in force, in the frame of whoever reads them."""
    state = LegalTextState
    return viewer_shell(
        page_head("Conditions générales d’utilisation", print_button(), lead=state.version),
        when_loaded(state.is_loaded, panel(text_blocks(state.body))),
        signed_out=signed_out_shell(
            card(
                "Conditions générales d’utilisation",
                when_loaded(state.is_loaded, text_blocks(state.body)),
                lead=state.version,
            ),
            wide=True,
        ),
    )


@page(
    route="/conditions",
    title="Texte à accepter",
    audience=Audience.SIGNED_IN,
    on_load=ConditionsState.load,
)
def conditions_page() -> rx.Component:
    """One text to read and accept; or to sign out."""
    state = ConditionsState
    return signed_out_shell(
        card(
            "Avant de continuer",
            ready(
                error_summary(),
                page_error(),
                rx.el.h2(state.title),
                rx.el.p(state.version, class_name="muted sm"),
                rx.el.div(
                    text_blocks(state.body),
                    class_name="legal-text",
                    role="region",
                    aria_label=state.title,
                    tab_index=0,
                ),
                rx.cond(state.is_contract, _contract(), _terms()),
                native_form(
                    submit_button("Se déconnecter sans accepter", kind="ghost", block=True),
                    action="/auth/sign-out",
                ),
            ),
            lead=state.progress,
        ),
        wide=True,
    )


def _terms() -> rx.Component:
    return native_form(
        rx.el.input(type="hidden", name="text_id", value=ConditionsState.text_id),
        checkbox("J’ai lu ce texte et je l’accepte", "accepted"),
        submit_button("Accepter et continuer", block=True, big=True),
        action="/auth/conditions",
        class_name="stack form",
    )


def _contract() -> rx.Component:
    return signature(
        ConditionsState,
        rx.el.input(type="hidden", name="text_id", value=ConditionsState.text_id),
        rx.cond(
            ConditionsState.is_late,
            callout(
                "L’e-mail a du retard. Il partira dès que possible.",
                tone="warning",
                icon_name="clock-alert",
            ),
        ),
        whose=f"Comme sur votre compte{NARROW}: ",
        action="/auth/conditions",
        words="Signer et continuer",
    )
