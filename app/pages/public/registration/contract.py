"""Sixth and seventh steps: the terms of use, and the contract in one of three ways (MM-21, CX-07, D-11)."""

import reflex as rx

from app.components.button import print_button, submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox
from app.components.code import signature
from app.components.file_field import file_field
from app.components.form import native_form
from app.components.markup import Child, ident
from app.components.text_block import text_blocks
from app.i18n.format import NARROW
from app.pages.public.registration.frame import (
    acts,
    at_step,
    go_on,
    late,
    small_form,
    step_page,
)
from app.state.registration import RegistrationFlow
from app.state.registration_steps import Step


def _text() -> rx.Component:
    flow = RegistrationFlow
    return rx.fragment(
        rx.el.div(
            rx.el.div(rx.el.h2(flow.text_title), rx.el.p(flow.text_version, class_name="sm muted")),
            print_button(),
            class_name="row wrap between",
        ),
        rx.el.div(
            text_blocks(flow.text_body),
            class_name="legal-text",
            role="region",
            aria_label=flow.text_title,
            tab_index=0,
        ),
    )


def _version() -> rx.Component:
    return rx.el.input(type="hidden", name="text_id", value=RegistrationFlow.text_id)


@at_step(Step.TERMS)
def terms_page() -> rx.Component:
    return step_page(
        Step.TERMS,
        "Conditions d’utilisation",
        _text(),
        native_form(
            _version(),
            checkbox(
                "J’ai lu et j’accepte les conditions générales d’utilisation",
                "accepted",
                is_checked=RegistrationFlow.is_accepted,
            ),
            acts(Step.TERMS, go_on("Valider")),
            action="/auth/registration/terms",
            no_validate=True,
            class_name="stack form",
        ),
        lead=rx.cond(
            RegistrationFlow.is_secretary,
            "C’est la dernière étape\u202f: votre inscription part ensuite en vérification.",
            "",
        ),
    )


@at_step(Step.CONTRACT)
def contract_page() -> rx.Component:
    flow = RegistrationFlow
    return step_page(
        Step.CONTRACT,
        "Votre contrat",
        _text(),
        rx.cond(flow.is_certified, _with_provider()),
        _on_screen(),
        _scan(),
        rx.cond(
            flow.is_certified,
            rx.fragment(),
            rx.el.p(
                "La signature avec votre carte CPS est proposée quand l’inscription est faite avec Pro Santé Connect.",
                class_name="sm muted",
            ),
        ),
        acts(Step.CONTRACT, rx.fragment()),
        lead=f"Signez-le d’une seule de ces manières{NARROW}: votre inscription part ensuite en vérification.",
    )


def _way(title: str, title_id: str, *content: Child) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, **ident(title_id)),
        *content,
        class_name="way",
        aria_labelledby=title_id,
    )


def _on_screen() -> rx.Component:
    flow = RegistrationFlow
    return _way(
        "Signer à l’écran",
        "way-screen",
        signature(
            flow,
            _version(),
            late(
                "L’e-mail a du retard. Il partira dès que possible. Votre inscription est conservée."
            ),
            whose=f"Comme dans votre inscription{NARROW}: ",
            action="/auth/registration/contract",
            words="Signer le contrat",
            data_draft="registration",
            data_scope=Step.CONTRACT.value,
        ),
    )


def _scan() -> rx.Component:
    return _way(
        "Signer à la main",
        "way-scan",
        rx.el.p("Imprimez le contrat, signez-le, puis déposez ici sa photo ou son scan."),
        native_form(
            _version(),
            file_field(
                "Contrat signé",
                "scan",
                accept=".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png",
                max_bytes=5_000_000,
                hint=f"Formats acceptés{NARROW}: PDF, JPG, PNG. 5\u00a0Mo au plus",
            ),
            submit_button("Déposer le contrat signé", kind="", icon_name="upload"),
            action="/auth/registration/contract/scan",
            enc_type="multipart/form-data",
            class_name="stack form",
        ),
    )


def _with_provider() -> rx.Component:
    return _way(
        "Signer avec Pro Santé Connect",
        "way-provider",
        rx.cond(
            RegistrationFlow.may_use_provider,
            rx.fragment(
                rx.el.p("Votre identification de tout à l’heure tient lieu de signature."),
                small_form(
                    "contract/provider",
                    _version(),
                    submit_button("Signer avec Pro Santé Connect", icon_name="shield-check"),
                ),
            ),
            rx.fragment(
                callout(
                    "Votre identification date de plus de 30\u00a0minutes. Identifiez-vous à nouveau pour signer ainsi.",
                    tone="neutral",
                ),
                provider_form("S’identifier avec Pro Santé Connect"),
            ),
        ),
    )


def provider_form(words: str) -> rx.Component:
    """Off to Pro Santé Connect, and back to the doors of registration."""
    return native_form(
        rx.el.input(type="hidden", name="purpose", value="register"),
        submit_button(words, kind="", icon_name="shield-check"),
        action="/auth/psc/start",
    )
