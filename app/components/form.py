"""A form and what frames it: its note, its buttons, its summary of errors."""

from typing import Any

import reflex as rx

from app.components.markup import Child, Handler, Text, anchor
from app.i18n.format import NO_BREAK
from app.state.base import AppState


def form(
    *children: Child,
    on_submit: Handler,
    draft: str = "",
    scope: Text = "",
    class_name: str = "stack form",
    **props: Any,
) -> rx.Component:
    """A form sent to a handler. `draft`: its name, to keep what is typed on the server as it is typed."""
    if draft:
        props.update(data_draft=draft, data_scope=scope)
    return rx.el.form(
        *children, on_submit=on_submit, no_validate=True, class_name=class_name, **props
    )


def native_form(*children: Child, action: str, **props: Any) -> rx.Component:
    """A form the browser posts to a plain endpoint, once: what it carries never enters page state."""
    return rx.el.form(
        *children, action=action, method="post", on_submit=None, data_once="", **props
    )


def link_token(*, send: bool = False) -> rx.Component:
    """The hidden field `token` of a native form: what stands after # in the address of a link we sent.

    `send`: the form is posted at once.
    """
    return rx.el.input(type="hidden", name="token", data_fragment="send" if send else "")


def draft_status() -> rx.Component:
    """« Enregistré à 10 h 12 », written by the browser script inside a form with a draft."""
    return rx.el.p(role="status", class_name="hint", data_draft_status="")


def mandatory_note(*, all_of_them: bool = False) -> rx.Component:
    """The line « * Champs obligatoires » that stands above a form."""
    words = (
        "Tous les champs sont obligatoires" if all_of_them else f"*{NO_BREAK}Champs obligatoires"
    )
    return rx.el.p(words, class_name="hint")


def form_actions(*children: Child) -> rx.Component:
    """The buttons of a form: the primary one first."""
    return rx.el.div(*children, class_name="form-acts")


def error_summary(errors: Any = None) -> rx.Component:
    """« Il y a 2 erreurs dans le formulaire », one link per field, first in the main region.

    It takes the focus when it arrives, and the title of the page gains « Erreur – ». `errors`: sentences by
    field name, `AppState.field_errors` unless said otherwise.
    """
    found = AppState.field_errors if errors is None else errors
    number = found.keys().length()
    return rx.cond(
        number > 0,
        rx.el.div(
            rx.el.h2(
                rx.cond(
                    number > 1,
                    f"Il y a {number} erreurs dans le formulaire",
                    "Il y a 1 erreur dans le formulaire",
                )
            ),
            rx.el.ul(
                rx.foreach(
                    found,
                    lambda item: rx.el.li(anchor(item[1], target=item[0])),
                )
            ),
            role="alert",
            tab_index=-1,
            class_name="errsum",
        ),
    )
