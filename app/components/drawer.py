"""The drawer of a narrow screen: who is signed in, and where to go."""

import reflex as rx

from app.components.badge import avatar
from app.components.brand import logo
from app.components.button import icon_button
from app.components.dialog import closes, opens
from app.components.frame import emergency_numbers
from app.components.icons import icon
from app.components.leaving import sign_out_form
from app.components.markup import hidden_text, ident
from app.components.navigation import destination_lists
from app.components.viewer_menu import acting_choices, door_lines, operator_line
from app.models.account import Role
from app.state.base import AppState

_DRAWER = "menu-principal"


def drawer_button() -> rx.Component:
    """What opens it, in the top bar."""
    return rx.el.button(
        icon("menu", "l"),
        hidden_text("Ouvrir le menu"),
        type="button",
        class_name="menu-btn",
        **opens(_DRAWER),
    )


def drawer(role: Role | None, current: str) -> rx.Component:
    """The drawer itself. `role`, `current`: as in `destination_lists`."""
    title = f"{_DRAWER}-titre"
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(logo(), "Liane", class_name="brand", **ident(title)),
            icon_button("x", "Fermer le menu", **closes()),
            class_name="drawer-head",
        ),
        rx.el.div(
            avatar(AppState.viewer_initials),
            rx.el.div(
                operator_line(),
                rx.el.p(AppState.viewer_name, class_name="fw"),
                rx.el.p(AppState.viewer_label, class_name="sm muted"),
                door_lines(),
                class_name="grow",
            ),
            acting_choices(),
            sign_out_form("Déconnecter"),
            class_name="drawer-who",
        ),
        rx.el.nav(
            *destination_lists(role, current),
            class_name="drawer-nav",
            aria_label="Menu",
        ),
        rx.el.p(*emergency_numbers(), class_name="sm drawer-foot"),
        class_name="drawer",
        aria_labelledby=title,
        **ident(_DRAWER),
    )
