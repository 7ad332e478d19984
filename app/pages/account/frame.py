"""The frame of the pages of one's own account: its sub-pages as links beside the content."""

from typing import Literal

import reflex as rx

from app.components.icons import icon
from app.components.markup import Child, Text
from app.components.panel import page_head
from app.components.shell import signed_in_shell
from app.state.base import AppState

Section = Literal[
    "profile", "contacts", "security", "notifications", "history", "data", "team", "members"
]

_SECTIONS = {
    "profile": ("Mon profil", "/compte", "id-card"),
    "contacts": ("Adresses et téléphones", "/compte/coordonnees", "mail"),
    "notifications": ("Notifications", "/compte/notifications", "bell"),
    "security": ("Sécurité", "/compte/securite", "shield-check"),
    "history": ("Historique", "/compte/historique", "history"),
    "data": ("Mes données", "/compte/donnees", "download"),
}
# Of those who work together: a professional's team, the people of a secretariat.
_TEAM = ("Mon équipe", "/compte/equipe", "users")
_MEMBERS = ("Membres du compte", "/compte/membres", "users")


def account_page(
    title: Text, *content: Child, current: Section, lead: Child = None, action: Child = None
) -> rx.Component:
    """One sub-page of « Mon compte »."""
    return signed_in_shell(
        rx.el.div(
            _nav(current),
            page_head(title, *([] if action is None else [action]), lead=lead),
            rx.el.div(*content, class_name="stack wide sheet"),
            class_name="acct",
        ),
        current="account",
    )


def _nav(current: Section) -> rx.Component:
    has_mailbox = (AppState.viewer_role == "professional") | (AppState.viewer_role == "patient")

    def link(key: str, section: tuple[str, str, str]) -> rx.Component:
        label, href, icon_name = section
        here = {"aria_current": "page"} if key == current else {}
        item = rx.el.li(rx.el.a(icon(icon_name, "s"), label, href=href, **here))
        return rx.cond(has_mailbox, item) if key == "notifications" else item

    return rx.el.nav(
        rx.el.ul(
            *[link(key, section) for key, section in _SECTIONS.items()],
            rx.match(
                AppState.viewer_role,
                ("professional", link("team", _TEAM)),
                ("secretary", rx.fragment(link("team", _TEAM), link("members", _MEMBERS))),
                rx.fragment(),
            ),
            rx.cond(
                (AppState.viewer_role == "professional") | (AppState.viewer_role == "secretary"),
                rx.el.li(
                    rx.el.a(icon("handshake", "s"), "Délégations", href="/compte/delegations")
                ),
            ),
        ),
        class_name="acctnav",
        aria_label="Mon compte",
    )
