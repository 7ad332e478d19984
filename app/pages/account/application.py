"""The portal: internal modules and external applications, as tiles (MM-49, MM-50, U-21, DM-01, DM-02)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, link_button, submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards
from app.components.dialog import dialog, lose_or_keep, safe
from app.components.form import form
from app.components.icons import icon
from app.components.markup import Child, hidden_text
from app.components.panel import page_head
from app.components.shell import signed_in_shell
from app.components.states import empty, when_loaded
from app.i18n.format import NARROW
from app.pages.table import page
from app.state.application import PortalState, TileView
from app.state.base import AppState, Audience

_NEW_TAB = {"target": "_blank", "rel": "noopener noreferrer"}
_MODULES = {
    "professional": (
        (
            "Mon tableau de bord",
            "Ce qui attend votre attention",
            "/tableau-de-bord",
            "layout-dashboard",
        ),
        ("Mes patients", "Suivi des traitements", "/patients", "users"),
    ),
    "patient": (("Mon espace", "Votre cercle et vos accords", "/accueil", "house"),),
    "administrator": (
        ("Administration", "Comptes, textes, journal", "/admin", "settings"),
        ("Catalogue", "Les applications proposées", "/admin/applications", "store"),
    ),
}
_ACCOUNT = ("Mon compte", "Profil, sécurité, données", "/compte", "circle-user-round")


@page(
    route="/applications",
    title="Applications",
    audience=Audience.OWN_ACCOUNT,
    on_load=PortalState.load,
)
def portal_page() -> rx.Component:
    """The modules of the role, then the applications of other publishers."""
    return signed_in_shell(
        rx.el.div(
            page_head(
                "Applications",
                lead="Les modules du portail, et les applications de santé proposées à côté.",
            ),
            when_loaded(
                PortalState.is_loaded,
                rx.el.section(
                    rx.el.div(
                        rx.el.h2("Dans le portail", custom_attrs={"id": "modules"}),
                        class_name="section-head",
                    ),
                    rx.match(
                        AppState.viewer_role,
                        *[(role, _modules(modules)) for role, modules in _MODULES.items()],
                        _modules(()),
                    ),
                    aria_labelledby="modules",
                ),
                rx.el.section(
                    rx.el.div(
                        rx.el.h2("Catalogue", custom_attrs={"id": "catalogue"}),
                        rx.el.p(
                            "Des applications de santé et de bien-être d’autres éditeurs",
                            class_name="muted sm",
                        ),
                        class_name="section-head",
                    ),
                    rx.cond(
                        PortalState.tiles.length() > 0,
                        rx.el.ul(rx.foreach(PortalState.tiles, _tile), class_name="tiles"),
                        empty("Le catalogue est vide pour le moment.", icon_name="store"),
                    ),
                    aria_labelledby="catalogue",
                ),
            ),
            _identifier(),
            _open(),
            _consent(),
            _withdrawal(),
            class_name="stack wide portal",
        ),
        current="applications",
    )


def _modules(modules: tuple[tuple[str, str, str, str], ...]) -> rx.Component:
    return rx.el.ul(*[_module(*module) for module in (*modules, _ACCOUNT)], class_name="tiles")


def _module(title: str, words: str, href: str, icon_name: str) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.div(
                rx.el.span(icon(icon_name), class_name="mark"),
                rx.el.div(rx.el.p(rx.el.b(title)), rx.el.p(words, class_name="sm muted")),
                class_name="th",
            ),
            href=href,
            class_name="tile",
        )
    )


def _tile(tile: rx.Var[TileView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(tile.initial, class_name="mark", aria_hidden="true"),
            rx.el.div(
                rx.el.h3(tile.name),
                rx.el.p("Éditée par ", tile.publisher, class_name="sm muted"),
            ),
            class_name="th",
        ),
        rx.cond(
            tile.is_labelled,
            rx.el.p(badge("Labellisée par l’État", "success", "badge-check")),
        ),
        rx.el.p(tile.description),
        rx.cond(
            tile.shared_data,
            rx.el.p(f"Données échangées{NARROW}: ", tile.shared_data, class_name="sm muted"),
        ),
        rx.cond(
            tile.identifier,
            rx.el.p(
                f"Votre identifiant{NARROW}: ",
                rx.el.b(tile.identifier),
                " ",
                rx.el.button(
                    "changer",
                    hidden_text(f" l’identifiant de {NARROW}"),
                    hidden_text(tile.name),
                    type="button",
                    class_name="lnk",
                    on_click=PortalState.ask_identifier(tile.id),
                ),
                class_name="sm keep-lines",
            ),
        ),
        rx.cond(tile.consent, rx.el.p(icon("link", "s"), tile.consent, class_name="row sm")),
        rx.el.div(
            rx.cond(
                tile.identifier,
                _way_in(tile, "Ouvrir", ""),
                button(
                    "Ouvrir",
                    hidden_text(tile.name),
                    icon_name="arrow-up-right",
                    on_click=PortalState.ask_identifier(tile.id),
                ),
            ),
            rx.cond(
                tile.consent,
                button(
                    "Retirer mon accord",
                    hidden_text(tile.name),
                    kind="ghost",
                    icon_name="unlink",
                    on_click=PortalState.ask_withdrawal(tile.id),
                ),
                rx.cond(
                    tile.shared_data,
                    button(
                        "Synchroniser",
                        hidden_text(tile.name),
                        kind="ghost",
                        icon_name="link",
                        on_click=PortalState.ask_consent(tile.id),
                    ),
                ),
            ),
            class_name="foot-acts",
        ),
        class_name="tile",
        key=tile.id,
    )


def _way_in(tile: rx.Var[TileView], words: str, kind: str) -> rx.Component:
    return link_button(
        words,
        hidden_text(tile.name),
        hidden_text(" (nouvel onglet)"),
        href=tile.url,
        kind=kind,
        icon_name="arrow-up-right",
        **_NEW_TAB,
    )


def _window(name: str, title: Child, *content: Child, actions: Child = None) -> rx.Component:
    return dialog(
        title,
        rx.cond(AppState.error, callout(AppState.error, tone="danger", urgent=True)),
        *content,
        is_open=AppState.is_hydrated & (PortalState.window == name),
        on_close=PortalState.close,
        actions=actions,
        dialog_id=f"fenetre-{name}",
        look="",
    )


def _acts(submit: Child) -> rx.Component:
    return rx.el.div(
        button("Annuler", on_click=PortalState.close, **safe()), submit, class_name="acts"
    )


def _identifier() -> rx.Component:
    """Which address is the identifier to use there (MM-50)."""
    return _window(
        "identifier",
        rx.fragment("Votre identifiant dans ", PortalState.chosen.name),
        form(
            radio_cards(
                "Avec laquelle de vos adresses y avez-vous un compte ?",
                "email",
                PortalState.addresses,
                value=PortalState.chosen_address,
                hint="Le portail s’en souvient pour vous. Elle n’est pas envoyée à l’application.",
                error="",
                two=False,
            ),
            rx.el.p(
                rx.el.a("Ajouter une adresse", href="/compte/coordonnees?ouvrir=email"),
                class_name="sm",
            ),
            _acts(submit_button("Utiliser cette adresse")),
            on_submit=PortalState.choose_identifier,
        ),
    )


def _open() -> rx.Component:
    """The way to the application, once the identifier is known."""
    return _window(
        "open",
        rx.fragment("Ouvrir ", PortalState.chosen.name),
        rx.el.p(
            f"Votre identifiant y est{NARROW}: ",
            rx.el.b(PortalState.chosen.identifier),
            ". L’application s’ouvre dans un nouvel onglet ; elle n’est pas tenue par le portail.",
        ),
        actions=rx.fragment(
            button("Plus tard", on_click=PortalState.close, **safe()),
            _way_in(PortalState.chosen, "Ouvrir", "primary"),
        ),
    )


def _consent() -> rx.Component:
    """What would be exchanged, said before agreeing (DM-02)."""
    chosen = PortalState.chosen
    return _window(
        "consent",
        rx.fragment("Synchroniser avec ", chosen.name),
        rx.el.div(
            rx.el.p(f"Données concernées{NARROW}: ", rx.el.b(chosen.shared_data)),
            callout(
                "Les échanges ne sont pas encore ouverts. Votre accord est enregistré dès maintenant, "
                "mais aucune donnée ne part avant leur ouverture. Vous pouvez le retirer à tout moment.",
                tone="info",
            ),
            class_name="stack",
        ),
        form(
            radio_cards(
                "Ce que vous acceptez",
                "mode",
                PortalState.modes,
                value="read",
                error="",
                two=False,
            ),
            _acts(submit_button("Donner mon accord")),
            on_submit=PortalState.give_consent,
        ),
    )


def _withdrawal() -> rx.Component:
    return _window(
        "withdraw",
        rx.fragment("Retirer votre accord à ", PortalState.chosen.name, f"{NARROW}?"),
        rx.el.p("Il prend fin aussitôt, sans raison à donner. Vous pourrez le donner à nouveau."),
        actions=lose_or_keep(
            "Retirer mon accord",
            PortalState.withdraw,
            keep=PortalState.close,
            kept="Garder mon accord",
        ),
    )
