"""Who is signed in and what they may do about it: the menu at the top right, and its lines in the drawer."""

import reflex as rx

from app.components.badge import avatar
from app.components.button import link_button, submit_button
from app.components.form import native_form
from app.components.icons import icon
from app.components.leaving import sign_out_form
from app.components.markup import hidden_text
from app.components.mode import holder_choices, quit_form
from app.components.navigation import ACCOUNT, DELEGATION
from app.i18n.format import NARROW
from app.models.account import Role
from app.state.base import AppState


def viewer_menu() -> rx.Component:
    """At the right of the top bar."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(
                rx.el.b(AppState.viewer_name),
                rx.el.span(AppState.viewer_label, class_name="muted"),
                class_name="t",
            ),
            avatar(AppState.viewer_initials),
            hidden_text("Mon compte et déconnexion"),
            class_name="who",
        ),
        rx.el.div(
            rx.el.div(
                operator_line(),
                rx.el.p(AppState.viewer_name, class_name="fw"),
                rx.el.p(AppState.viewer_label, class_name="muted"),
                door_lines(),
                class_name="status",
            ),
            acting_choices(),
            rx.cond(AppState.acting_for == "", _own_pages()),
            rx.el.hr(),
            _theme_choice(),
            rx.el.hr(),
            sign_out_form(),
            native_form(
                submit_button("Se déconnecter partout", kind="ghost", block=True),
                action="/auth/sign-out-everywhere",
            ),
            class_name="menu-sheet",
        ),
        class_name="menu",
    )


def operator_line() -> rx.Component:
    """« Opérateur « 12 » connecté » (PS-26)."""
    words = rx.el.b(f"Opérateur «{NARROW}", AppState.viewer_operator, f"{NARROW}» connecté")
    return rx.cond(AppState.viewer_operator, rx.el.p(icon("store", "s"), words, class_name="row"))


def door_lines() -> rx.Component:
    """The RPPS number, and how one came in: the state of Pro Santé Connect, or the factor given (PS-26)."""
    psc = rx.el.p(
        icon("shield-check", "s"),
        rx.el.span(f"Pro Santé Connect{NARROW}: ", rx.el.b("Connecté")),
        class_name="row",
    )
    return rx.fragment(
        rx.cond(AppState.viewer_rpps, rx.el.p("RPPS ", AppState.viewer_rpps, class_name="muted")),
        rx.cond(AppState.viewer_has_psc, psc, rx.el.p(AppState.viewer_door, class_name="muted sm")),
    )


def acting_choices() -> rx.Component:
    """« Agir pour… » in a menu, or the way back."""
    return rx.fragment(
        rx.cond(AppState.acting_for, rx.fragment(rx.el.hr(), quit_form(block=True))),
        rx.cond(AppState.holders.length() > 0, rx.fragment(rx.el.hr(), holder_choices())),
    )


def _own_pages() -> rx.Component:
    """The links to one's own account (MM-35)."""
    is_team = (AppState.viewer_role == Role.PROFESSIONAL.value) | (
        AppState.viewer_role == Role.SECRETARY.value
    )
    return rx.fragment(
        rx.el.hr(),
        link_button("Mon compte", href=ACCOUNT.href, icon_name=ACCOUNT.icon_name, block=True),
        rx.cond(
            is_team,
            link_button(
                "Mes délégations",
                href=DELEGATION.href,
                icon_name=DELEGATION.icon_name,
                kind="ghost",
                block=True,
            ),
        ),
    )


def _theme_choice() -> rx.Component:
    def piece(value: str, words: str) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="radio", name="theme", value=value, data_theme_choice=""),
            rx.el.span(words),
        )

    return rx.el.fieldset(
        rx.el.legend("Apparence"),
        rx.el.div(
            piece("light", "Claire"),
            piece("dark", "Sombre"),
            piece("system", "Auto"),
            class_name="seg",
        ),
    )
