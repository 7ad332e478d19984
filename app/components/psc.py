"""The door of Pro Santé Connect, wherever it stands: a form the browser posts, so that it takes a click."""

import reflex as rx

from app.components.form import native_form
from app.components.icons import icon
from app.components.markup import Text
from app.state.base import AppState


def psc_door(*, purpose: str = "sign_in", next_path: Text = "") -> rx.Component:
    """« S’identifier avec PRO SANTE CONNECT » and its mention (PS-02, FA-21).

    Drawn only where a provider is set. `purpose`: `sign_in`, or `register` to come back to the registration when no account answers.
    """
    return rx.cond(AppState.has_psc, _door(purpose, next_path))


def _door(purpose: str, next_path: Text) -> rx.Component:
    return rx.el.div(
        native_form(
            rx.el.input(type="hidden", name="purpose", value=purpose),
            rx.el.input(type="hidden", name="next", value=next_path),
            rx.el.button(
                icon("shield-check", "l"),
                rx.el.span(
                    rx.el.span("S’identifier avec", class_name="nw"),
                    " ",
                    rx.el.b("PRO SANTE CONNECT", class_name="nw"),
                ),
                type="submit",
                class_name="psc",
            ),
            action="/auth/psc/start",
        ),
        rx.el.p("Un service du ministère chargé de la Santé", class_name="hint"),
        class_name="psc-door",
    )
