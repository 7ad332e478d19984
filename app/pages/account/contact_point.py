"""Addresses and telephones of one's own account (MM-41 to MM-48)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button
from app.components.callout import callout
from app.components.icons import icon
from app.components.markup import hidden_text
from app.components.panel import panel
from app.components.states import empty, when_loaded
from app.i18n.format import NARROW
from app.pages.account.contact_point_windows import windows
from app.pages.account.frame import account_page
from app.pages.table import page
from app.state.base import Audience
from app.state.contact_point import AddressView, ContactState, PhoneView


@page(
    route="/compte/coordonnees",
    title="Adresses et téléphones",
    audience=Audience.OWN_ACCOUNT,
    on_load=ContactState.load,
)
def contact_page() -> rx.Component:
    """What reaches the person."""
    return account_page(
        "Adresses et téléphones",
        when_loaded(ContactState.is_loaded, _content()),
        windows(),
        current="contacts",
        lead="Pour vous connecter, recevoir vos codes et vos notifications.",
    )


def _content() -> rx.Component:
    return rx.el.div(
        panel(
            rx.el.ul(rx.foreach(ContactState.addresses, _address), class_name="lines"),
            title="Adresses e-mail",
            title_id="adresses",
            end=button("Ajouter une adresse", icon_name="plus", on_click=ContactState.open_email),
            bare=True,
        ),
        panel(
            rx.cond(
                ContactState.phones.length() > 0,
                rx.el.ul(rx.foreach(ContactState.phones, _phone), class_name="lines"),
                empty(
                    "Aucun téléphone. Ajoutez-en un pour recevoir vos codes par SMS.",
                    icon_name="smartphone",
                    bare=True,
                ),
            ),
            title="Téléphones",
            title_id="telephones",
            end=button("Ajouter un téléphone", icon_name="plus", on_click=ContactState.open_phone),
            bare=True,
        ),
        callout(
            "Le SMS est le moyen le moins sûr de recevoir un code. Une ",
            rx.el.a("application d’authentification", href="/compte/securite"),
            " vous protège mieux.",
            tone="neutral",
            icon_name="shield-check",
        ),
        class_name="stack wide",
    )


def _address(row: rx.Var[AddressView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("mail"), class_name="disc", aria_hidden="true"),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.address),
                rx.cond(row.is_login, badge("Connexion", "line", "key-round")),
                rx.cond(
                    row.is_starred,
                    rx.el.span(
                        rx.el.span(icon("star", "s"), class_name="star row"),
                        "Notifications",
                        class_name="badge line",
                    ),
                ),
                class_name="row wrap",
            ),
            rx.el.p(row.since, class_name="sm muted"),
            rx.cond(
                row.applications,
                rx.el.p(f"Identifiant dans{NARROW}: ", row.applications, class_name="sm"),
            ),
            class_name="grow",
        ),
        rx.el.details(
            rx.el.summary(
                "Modifier", hidden_text(row.address), icon("chevron-down", "s"), class_name="btn"
            ),
            rx.el.div(
                rx.cond(
                    ~row.is_starred,
                    _menu_item("star", "Recevoir les notifications ici", ContactState.star(row.id)),
                ),
                _menu_item(
                    "layout-grid",
                    "Applications de cette adresse",
                    ContactState.open_uses(row.id),
                ),
                rx.cond(
                    ~row.is_login,
                    _menu_item(
                        "key-round",
                        "Me connecter avec cette adresse",
                        ContactState.ask("login", row.id, row.address),
                    ),
                ),
                rx.cond(
                    row.may_remove,
                    _menu_item(
                        "trash-2",
                        "Supprimer",
                        ContactState.ask("remove-email", row.id, row.address),
                    ),
                ),
                class_name="menu-list",
            ),
            class_name="menu",
        ),
        key=row.id,
    )


def _menu_item(icon_name: str, words: str, act: rx.event.EventCallback) -> rx.Component:
    return rx.el.button(icon(icon_name, "s"), words, type="button", on_click=act)


def _phone(row: rx.Var[PhoneView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("smartphone"), class_name="disc", aria_hidden="true"),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.number, class_name="tn nw"),
                rx.cond(~row.is_verified, badge("Non vérifié", "warning")),
                class_name="row wrap",
            ),
            rx.cond(row.since, rx.el.p(row.since, class_name="sm muted")),
            class_name="grow",
        ),
        rx.el.div(
            button(
                "Supprimer",
                hidden_text(row.number),
                icon_name="trash-2",
                on_click=ContactState.ask("remove-phone", row.id, row.number),
            ),
            class_name="acts",
        ),
        key=row.id,
    )
