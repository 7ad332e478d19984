"""Single-use codes on a page, and the two fields that sign a contract on screen (D-11)."""

from typing import Any

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.field import text_field
from app.components.form import native_form
from app.components.markup import Child, Text
from app.i18n.format import NARROW
from app.state.base import AppState


def code_field(name: str = "code", error: Any = None, label: Text = "Code OTP") -> rx.Component:
    """A single-use code: never kept, filled in by the browser where it can."""
    return text_field(
        label,
        "code",
        id=name,
        hint="6 chiffres",
        error=error,
        input_mode="numeric",
        auto_complete="one-time-code",
        max_length=12,
        data_no_draft="",
    )


def demonstration_note() -> rx.Component:
    """Where the messages of the demonstration are read."""
    return rx.cond(
        AppState.is_demo,
        callout(
            f"Démonstration{NARROW}: rien ne quitte cette machine. Le message est dans la ",
            rx.el.a("boîte d’envoi (nouvel onglet)", href="/demo/boite-envoi", target="_blank"),
            ".",
            tone="neutral",
        ),
    )


def signature(
    state: Any, version: Child, late: Child, *, whose: Text, action: str, words: Text, **props: Any
) -> rx.Component:
    """Ask for the code, then sign with one's name and it.

    `state`: what tells `sent`, `own_name` and the name typed so far in `fields`; `version`: the hidden field
    of the text; `late`: what to say of a message that does not leave; `action`: where it is posted, the code
    being asked for below it; `props`: of the form that signs.
    """
    props.setdefault("class_name", "stack form")
    return rx.cond(
        state.sent,
        rx.fragment(
            late,
            rx.el.p(state.sent, ".", class_name="sm muted"),
            native_form(
                version,
                text_field(
                    "Votre prénom et votre nom, en guise de signature",
                    "signed_name",
                    value=state.fields.get("signed_name", ""),
                    hint=rx.el.span(whose, state.own_name),
                    auto_complete="name",
                    max_length=200,
                ),
                code_field(label="Code de signature"),
                submit_button(words, big=True),
                action=action,
                no_validate=True,
                **props,
            ),
            demonstration_note(),
            native_form(
                version,
                submit_button("Renvoyer le code", kind="ghost", icon_name="mail"),
                action=f"{action}/code",
            ),
        ),
        rx.fragment(
            rx.el.p("Votre nom et un code à usage unique, envoyé à votre adresse e-mail."),
            native_form(
                version,
                submit_button("Recevoir mon code de signature", icon_name="mail"),
                action=f"{action}/code",
            ),
        ),
    )
