"""Giving a second factor: the code and its words, and the other ways, as native posts (S005, S038)."""

from typing import Any

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards
from app.components.code import demonstration_note
from app.components.field import text_field
from app.components.form import native_form
from app.components.icons import icon
from app.components.markup import Child, hidden_text, ident
from app.i18n.format import NARROW


def factor_lead(view: Any) -> rx.Component:
    """The sentence under the title: where the code went, or where to read it."""
    return rx.fragment(
        view.lead,
        rx.cond(view.destination, rx.fragment(" ", rx.el.b(view.destination, class_name="nw ink"))),
        view.after,
    )


def factor_forms(
    view: Any,
    *,
    action: str,
    send_action: str,
    hidden: tuple[Child, ...] = (),
    before_submit: Child = None,
    submit_words: str,
    ask_again: Any,
) -> rx.Component:
    """The code of the present way, or the choice of one, then the other ways; nothing until it is known which.

    `hidden`: fields every form carries. `ask_again`: the passive event that looks whether a message is late.
    """
    return rx.cond(
        view.lead,
        rx.fragment(
            rx.cond(
                view.method,
                _code_form(view, action, hidden, before_submit, submit_words),
                _place_form(view, send_action, hidden),
            ),
            _around(view, send_action, hidden),
            _watch(ask_again),
        ),
    )


def _around(view: Any, send_action: str, hidden: tuple[Child, ...]) -> rx.Component:
    """What is said of the present way, and the other ways."""
    return rx.fragment(
        rx.cond(view.is_late, _late()),
        rx.cond(view.method == "sms_code", _sms_risk()),
        rx.cond(
            view.others.length() > 0,
            rx.fragment(
                rx.el.p(view.before_others, class_name="or"),
                rx.el.div(
                    rx.foreach(view.others, lambda way: _other(way, send_action, hidden)),
                    class_name="dest",
                ),
            ),
        ),
        demonstration_note(),
    )


def _code_form(
    view: Any, action: str, hidden: tuple[Child, ...], before_submit: Child, submit_words: str
) -> rx.Component:
    digits = rx.el.div(
        text_field(
            "Code à usage unique",
            "code",
            hint=view.hint,
            error="",
            input_mode="numeric",
            auto_complete="one-time-code",
            max_length=12,
        ),
        class_name="code",
    )
    words = text_field(
        "Code de secours",
        "code",
        hint=view.hint,
        error="",
        auto_complete="off",
        auto_capitalize="none",
        spell_check=False,
        max_length=40,
    )
    return native_form(
        *hidden,
        rx.el.input(type="hidden", name="way", value=view.value),
        rx.cond(view.method == "recovery_code", words, digits),
        *([] if before_submit is None else [before_submit]),
        submit_button(submit_words, block=True),
        action=action,
    )


def _place_form(view: Any, action: str, hidden: tuple[Child, ...]) -> rx.Component:
    return native_form(
        *hidden,
        radio_cards(
            "Recevoir le code", "way", view.places, value=view.first_place, error="", two=False
        ),
        submit_button("Continuer", block=True),
        action=action,
    )


def _other(way: Any, action: str, hidden: tuple[Child, ...]) -> rx.Component:
    return native_form(
        *hidden,
        rx.el.input(type="hidden", name="way", value=way.value),
        rx.el.button(icon(way.icon, "s"), way.label, type="submit", class_name="btn block"),
        action=action,
    )


def _late() -> rx.Component:
    return callout(
        f"Le message tarde à partir{NARROW}: le service d’envoi ne répond pas. Il partira dès que "
        "possible, ou choisissez un autre moyen.",
        tone="warning",
        urgent=True,
    )


def _sms_risk() -> rx.Component:
    return callout(
        "Le SMS est le moyen le moins sûr\u202f: un numéro peut être détourné. Une application "
        "d’authentification protège mieux. Vous pouvez l’ajouter depuis « Mon compte ».",
        tone="neutral",
    )


def _watch(ask_again: Any) -> rx.Component:
    """The page looks again by itself whether the message left; nobody sees nor reaches these."""
    return rx.el.div(
        rx.el.input(type="checkbox", default_checked=True, data_repeats="message-watch"),
        rx.el.button(
            hidden_text("Vérifier"), type="button", on_click=ask_again, **ident("message-watch")
        ),
        hidden=True,
    )
