"""What stands around every page, signed in or not: the way past it, whose portal it is, the footer."""

import reflex as rx

from app.components.markup import Child, anchor, ident
from app.i18n.format import NARROW
from app.state.base import AppState

_CONTENT = "contenu"
_FOOTER = (
    ("Aide", "/aide"),
    ("Contact", "/contact"),
    ("Conditions générales", "/conditions-generales"),
    ("Mentions légales", "/mentions-legales"),
    ("Données personnelles", "/donnees-personnelles"),
    ("Accessibilité", "/accessibilite"),
)


def skip_link() -> rx.Component:
    """The first link of a page: past its frame, to `main_region`."""
    return anchor("Aller au contenu", target=_CONTENT, class_name="skip")


def main_region(*content: Child, class_name: str = "") -> rx.Component:
    """The page itself."""
    look = {"class_name": class_name} if class_name else {}
    return rx.el.main(*content, tab_index=-1, **look, **ident(_CONTENT))


def instance() -> rx.Component:
    """Whose portal it is: logo, name, place (DM-23)."""
    return rx.el.span(
        rx.cond(
            AppState.instance_logo,
            rx.el.img(src=AppState.instance_logo, alt="", class_name="inst-logo"),
        ),
        rx.el.span(AppState.instance_name),
        rx.el.span(AppState.instance_place),
        class_name="inst",
    )


def footer() -> rx.Component:
    """Help, legal texts, emergency numbers."""
    return rx.el.footer(
        *[rx.el.a(words, href=href) for words, href in _FOOTER],
        rx.el.span(*emergency_numbers(), class_name="urg"),
        class_name="foot",
    )


def emergency_numbers() -> list[Child]:
    """« Urgences : 15 · 112 · 114 par SMS »."""
    return [
        f"Urgences{NARROW}: ",
        rx.el.strong("15"),
        " · ",
        rx.el.strong("112"),
        " · ",
        rx.el.strong("114"),
        " par SMS",
    ]
