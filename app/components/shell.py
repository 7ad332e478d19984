"""Whole pages of whoever is signed in: top bar, rail, drawer, mode bar, footer, and the content between them."""

from typing import Literal

import reflex as rx

from app.components.brand import brand
from app.components.drawer import drawer, drawer_button
from app.components.frame import footer, instance, main_region, skip_link
from app.components.icons import icon
from app.components.leaving import idle_dialog, quit_dialog
from app.components.markup import Child, either, shown
from app.components.mode import acting_bar, emergency_bar
from app.components.navigation import rail
from app.components.notice import notice_region, unread_in_title
from app.components.viewer_menu import viewer_menu
from app.homes import HOME
from app.models.account import Role
from app.state.base import AppState

AdministratorPlace = Literal[
    "registrations",
    "changes",
    "accounts",
    "facilities",
    "catalogue",
    "texts",
    "health_mail",
    "journal",
    "instance",
    "installation",
]


def professional_shell(
    *content: Child,
    current: Literal["dashboard", "patients", "records", "messages"],
    banner: Child = None,
) -> rx.Component:
    """A professional's page. `banner`: the patient banner."""
    return _frame(content, Role.PROFESSIONAL, current, banner=banner)


def patient_shell(
    *content: Child, current: Literal["home", "documents", "messages", "settings"]
) -> rx.Component:
    """A patient's or a representative's page."""
    return _frame(content, Role.PATIENT, current)


def administrator_shell(*content: Child, current: AdministratorPlace) -> rx.Component:
    """An administrator's page: nothing there leads to a patient."""
    return _frame(content, Role.ADMINISTRATOR, current)


def signed_in_shell(
    *content: Child,
    current: Literal["applications", "delegation", "account", "messages", "help", ""] = "",
) -> rx.Component:
    """A page of several roles: the frame is that of whoever reads it."""
    return _frame(content, None, current)


def viewer_shell(
    *content: Child, signed_out: rx.Component, current: Literal["help", ""] = ""
) -> rx.Component:
    """A page open to all: `signed_out`, or the content in the frame of whoever is signed in."""
    return rx.cond(AppState.viewer_role, signed_in_shell(*content, current=current), signed_out)


def _frame(
    content: tuple[Child, ...], role: Role | None, current: str, *, banner: Child = None
) -> rx.Component:
    """The one frame of those who are signed in. `role`: None to follow the role of whoever reads the page."""
    reader = role.value if role else AppState.viewer_role
    has_drawer = reader != Role.PATIENT.value
    look = either(has_drawer, "pro", "pat")
    return rx.el.div(
        skip_link(),
        unread_in_title(),
        rx.el.div(
            _top_bar(role),
            rx.el.div(acting_bar(), emergency_bar(), class_name="modes"),
            rail(role, current),
            *([] if banner is None else [banner]),
            main_region(*content),
            footer(),
            class_name="app",
        ),
        shown(has_drawer, drawer(role, current)),
        notice_region(),
        idle_dialog(look),
        quit_dialog(),
        class_name=look,
    )


def _top_bar(role: Role | None) -> rx.Component:
    reader = role.value if role else AppState.viewer_role
    search = rx.el.a(
        icon("search", "s"), "Rechercher un patient…", href="/patients", class_name="search"
    )
    return rx.el.header(
        shown(reader != Role.PATIENT.value, drawer_button()),
        brand(HOME[role.value] if role else rx.match(AppState.viewer_role, *HOME.items(), "/")),
        instance(),
        shown(reader == Role.PROFESSIONAL.value, search, rx.el.span(class_name="push")),
        viewer_menu(),
        class_name="top",
    )
