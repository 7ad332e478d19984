"""The frame of every page: top bar, rail, drawer, mode bar, footer. Only destinations that exist."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import reflex as rx

from app.components.badge import avatar
from app.components.brand import brand, logo, vine
from app.components.button import button, icon_button, link_button, submit_button
from app.components.dialog import closes, dialog, opens, page_dialog, safe
from app.components.form import native_form
from app.components.icons import icon
from app.components.markup import Child, Flag, Text, anchor, hidden_text, ident, shown
from app.components.mode import acting_bar, holder_choices, quit_form
from app.components.notice import notice_region
from app.homes import HOME
from app.i18n.format import NARROW
from app.models.account import Role
from app.state.base import AppState


@dataclass(frozen=True)
class Destination:
    """A place of the main navigation."""

    key: str
    label: str
    href: str
    icon_name: str


_APPLICATIONS = Destination("applications", "Applications", "/applications", "layout-grid")
_DELEGATION = Destination("delegation", "Ma délégation", "/compte/delegations", "handshake")
_ACCOUNT = Destination("account", "Mon compte", "/compte", "circle-user-round")
_PROFESSIONAL = (
    Destination("dashboard", "Mon tableau de bord", "/tableau-de-bord", "layout-dashboard"),
    Destination("patients", "Mes patients", "/patients", "users"),
    _DELEGATION,
    _APPLICATIONS,
    _ACCOUNT,
)
_SECRETARY = (
    _APPLICATIONS,
    Destination("delegation", "Agir pour…", "/compte/delegations", "handshake"),
    _ACCOUNT,
)
# Of one's own account: out of reach while acting for somebody.
_OWN_ACCOUNT = frozenset({"applications", "delegation", "account"})
_PATIENT = (
    Destination("home", "Accueil", "/accueil", "house"),
    _APPLICATIONS,
    _ACCOUNT,
)
_ADMINISTRATOR = (
    Destination("registrations", "Demandes d’inscription", "/admin", "user-plus"),
    Destination("changes", "Modifications à approuver", "/admin/modifications", "id-card"),
    Destination("accounts", "Comptes", "/admin/comptes", "users"),
    Destination("catalogue", "Catalogue d’applications", "/admin/applications", "store"),
    Destination(
        "facilities", "Établissements et laboratoires", "/admin/etablissements", "building-2"
    ),
    Destination("texts", "Textes et notices", "/admin/textes", "file-text"),
    Destination("journal", "Journal", "/admin/journal", "history"),
    Destination("instance", "Paramètres de l’instance", "/admin/parametres", "settings"),
    Destination("installation", "Installation", "/admin/installation", "monitor"),
    _ACCOUNT,
)
_DESTINATIONS = {
    Role.PROFESSIONAL: _PROFESSIONAL,
    Role.SECRETARY: _SECRETARY,
    Role.PATIENT: _PATIENT,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}
_HELP = Destination("help", "Aide", "/aide", "circle-question-mark")

_FOOTER = (
    ("Aide", "/aide"),
    ("Contact", "/contact"),
    ("Conditions générales", "/conditions-generales"),
    ("Mentions légales", "/mentions-legales"),
    ("Données personnelles", "/donnees-personnelles"),
    ("Accessibilité", "/accessibilite"),
)
_DRAWER = "menu-principal"
_QUIT = "quitter"


def professional_shell(
    *content: Child,
    current: Literal["dashboard", "patients", "delegation", "help", ""] = "",
    banner: Child | None = None,
    mode: Child | None = None,
) -> rx.Component:
    """The frame of a professional's page. `banner`: the patient banner; `mode`: a `mode_bar`."""
    return _signed_in(
        content,
        _PROFESSIONAL,
        current,
        home="/tableau-de-bord",
        look="pro",
        banner=banner,
        mode=mode,
    )


def patient_shell(
    *content: Child, current: Literal["home", "help", ""] = "", mode: Child | None = None
) -> rx.Component:
    """The frame of a patient's or a representative's page."""
    return _signed_in(
        content, _PATIENT, current, home="/accueil", look="pat", banner=None, mode=mode
    )


def secretary_shell(
    *content: Child, current: Literal["delegation", "help", ""] = ""
) -> rx.Component:
    """The frame of a secretariat's page: no patient before acting for somebody."""
    return _signed_in(
        content,
        _SECRETARY,
        current,
        home=HOME["secretary"],
        look="pro",
        banner=None,
        mode=None,
        with_search=False,
    )


AdministratorPlace = Literal[
    "registrations",
    "changes",
    "accounts",
    "facilities",
    "catalogue",
    "texts",
    "journal",
    "instance",
    "installation",
    "help",
    "",
]


def administrator_shell(*content: Child, current: AdministratorPlace = "") -> rx.Component:
    """The frame of an administrator's page: nothing there leads to a patient."""
    return _signed_in(
        content,
        _ADMINISTRATOR,
        current,
        home="/admin",
        look="pro",
        banner=None,
        mode=None,
        with_search=False,
    )


def viewer_shell(
    build: Callable[[], rx.Component],
    *,
    current: Literal["help", ""] = "",
    signed_out: rx.Component | None = None,
) -> rx.Component:
    """A page several roles read, in the frame of whoever reads it. `signed_out`: for anybody else."""
    return rx.match(
        AppState.viewer_role,
        ("professional", professional_shell(build(), current=current)),
        ("secretary", secretary_shell(build(), current=current)),
        ("patient", patient_shell(build(), current=current)),
        ("administrator", administrator_shell(build(), current=current)),
        signed_out or signed_out_shell(build(), wide=True),
    )


def member_shell(*content: Child, current: str = "") -> rx.Component:
    """A page of everybody who is signed in, drawn once for all roles: the frame follows the role."""
    is_patient = AppState.viewer_role == Role.PATIENT.value
    return rx.el.div(
        _skip_link(),
        rx.el.div(
            _top_bar(
                rx.match(AppState.viewer_role, *HOME.items(), "/"),
                with_menu=~is_patient,
                with_search=AppState.viewer_role == Role.PROFESSIONAL.value,
            ),
            rx.el.div(acting_bar(), class_name="modes"),
            _by_role(lambda destinations: _rail(destinations, current)),
            rx.el.main(*content, tab_index=-1, **ident("contenu")),
            _footer(),
            class_name="app",
        ),
        rx.cond(~is_patient, _by_role(lambda destinations: _drawer(destinations, current))),
        notice_region(),
        rx.cond(is_patient, _leaving_soon("pat"), _leaving_soon("pro")),
        class_name=rx.cond(is_patient, "pat", "pro"),
    )


def _by_role(draw: Callable[[tuple[Destination, ...]], rx.Component]) -> rx.Component:
    """A part of the frame for whatever role the viewer has."""
    return rx.match(
        AppState.viewer_role,
        *[(role.value, draw(destinations)) for role, destinations in _DESTINATIONS.items()],
        rx.fragment(),
    )


def signed_out_shell(
    *content: Child, wide: bool = False, look: str = "", beside: Child | None = None
) -> rx.Component:
    """The frame of a page open to all: one card, the plant behind it.

    `look`: class of a page wider than a card; `beside`: a line before « Aide ».
    """
    return rx.el.div(
        _skip_link(),
        rx.el.div(
            vine(),
            rx.el.header(
                brand("/"),
                _instance(),
                rx.el.span(
                    *([] if beside is None else [beside]),
                    rx.el.a(icon(_HELP.icon_name, "s"), "Aide", href="/aide", class_name="sm hl"),
                    class_name="row",
                ),
                class_name="otop",
            ),
            acting_bar(),
            rx.el.main(
                *content,
                tab_index=-1,
                class_name=look or ("wide" if wide else ""),
                **ident("contenu"),
            ),
            _footer(),
            class_name="outp",
        ),
        notice_region(),
        class_name="out",
    )


def card(title: Text, *content: Child, lead: Child = None) -> rx.Component:
    """The one card of a signed-out page."""
    head = rx.el.div(
        rx.el.h1(title, tab_index=-1),
        *([] if lead is None else [rx.el.p(lead, class_name="muted")]),
    )
    return rx.el.div(head, *content, class_name="card")


def under_card(*content: Child) -> rx.Component:
    """A second, smaller card below."""
    return rx.el.div(*content, class_name="under")


def _signed_in(
    content: tuple[Child, ...],
    destinations: tuple[Destination, ...],
    current: str,
    *,
    home: str,
    look: str,
    banner: Child | None,
    mode: Child | None,
    with_search: bool = True,
) -> rx.Component:
    has_drawer = look == "pro"
    return rx.el.div(
        _skip_link(),
        rx.el.div(
            _top_bar(home, with_menu=has_drawer, with_search=has_drawer and with_search),
            rx.el.div(acting_bar(), *([] if mode is None else [mode]), class_name="modes"),
            _rail(destinations, current),
            *([] if banner is None else [banner]),
            rx.el.main(*content, tab_index=-1, **ident("contenu")),
            _footer(),
            class_name="app",
        ),
        *([_drawer(destinations, current)] if has_drawer else []),
        notice_region(),
        _leaving_soon(look),
        _quit_dialog(),
        class_name=look,
    )


def _skip_link() -> rx.Component:
    return anchor("Aller au contenu", target="contenu", class_name="skip")


def _top_bar(home: Text, *, with_menu: Flag, with_search: Flag) -> rx.Component:
    menu_button = rx.el.button(
        icon("menu", "l"),
        hidden_text("Ouvrir le menu"),
        type="button",
        class_name="menu-btn",
        **opens(_DRAWER),
    )
    search = rx.el.a(
        icon("search", "s"), "Rechercher un patient…", href="/patients", class_name="search"
    )
    return rx.el.header(
        shown(with_menu, menu_button),
        brand(home),
        _instance(),
        shown(with_search, search, rx.el.span(class_name="push")),
        _viewer_menu(),
        class_name="top",
    )


def _instance() -> rx.Component:
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


def _viewer_menu() -> rx.Component:
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
            rx.el.div(_operator_line(), *_who(), _door_lines(), class_name="status"),
            *_acting(),
            rx.cond(AppState.acting_for == "", _own_pages()),
            rx.el.hr(),
            _theme_choice(),
            rx.el.hr(),
            _sign_out_form(),
            native_form(
                submit_button("Se déconnecter partout", kind="ghost", block=True),
                action="/auth/sign-out-everywhere",
            ),
            class_name="menu-sheet",
        ),
        class_name="menu",
    )


def _who() -> list[rx.Component]:
    return [
        rx.el.p(AppState.viewer_name, class_name="fw"),
        rx.el.p(AppState.viewer_label, class_name="muted"),
    ]


def _operator_line() -> rx.Component:
    """« Opérateur « 12 » connecté » (PS-26)."""
    words = rx.el.b(f"Opérateur «{NARROW}", AppState.viewer_operator, f"{NARROW}» connecté")
    return rx.cond(AppState.viewer_operator, rx.el.p(icon("store", "s"), words, class_name="row"))


def _door_lines() -> rx.Component:
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


def _acting() -> list[rx.Component]:
    """« Agir pour… » in a menu, or the way back."""
    return [
        rx.cond(AppState.acting_for, rx.fragment(rx.el.hr(), quit_form(block=True))),
        rx.cond(AppState.holders.length() > 0, rx.fragment(rx.el.hr(), holder_choices())),
    ]


def _own_pages() -> rx.Component:
    """The links to one's own account (MM-35)."""
    is_team = (AppState.viewer_role == Role.PROFESSIONAL.value) | (
        AppState.viewer_role == Role.SECRETARY.value
    )
    return rx.fragment(
        rx.el.hr(),
        link_button("Mon compte", href=_ACCOUNT.href, icon_name=_ACCOUNT.icon_name, block=True),
        rx.cond(
            is_team,
            link_button(
                "Mes délégations",
                href=_DELEGATION.href,
                icon_name=_DELEGATION.icon_name,
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


def _sign_out_form(words: str = "Se déconnecter") -> rx.Component:
    """At once; on a workstation or after Pro Santé Connect one first chooses to stay or not (PS-24, PS-25)."""
    return rx.cond(
        (AppState.viewer_operator != "") | AppState.viewer_has_psc,
        button(words, block=True, icon_name="log-out", **opens(_QUIT)),
        native_form(
            submit_button(words, kind="", block=True, icon_name="log-out"), action="/auth/sign-out"
        ),
    )


def _quit_dialog() -> rx.Component:
    """« Rester connecté ? » on leaving: keep the connection active, or end it (PS-24, PS-25)."""
    return page_dialog(
        f"Rester connecté{NARROW}?",
        rx.cond(
            AppState.viewer_has_psc,
            rx.el.p(
                "Si vous restez connecté, votre session Pro Santé Connect reste active. Vous déconnecter "
                "la ferme aussi."
            ),
            rx.el.p(
                f"Si vous gardez la connexion de l’opérateur «{NARROW}",
                AppState.viewer_operator,
                f"{NARROW}» active, quiconque utilise ce poste agit en votre nom, jusqu’à 30 minutes "
                "sans activité.",
            ),
        ),
        actions=rx.fragment(
            native_form(submit_button("Se déconnecter", kind=""), action="/auth/sign-out"),
            button("Garder la connexion active", kind="primary", **closes(), **safe()),
        ),
        dialog_id=_QUIT,
    )


def _link(destination: Destination, current: str) -> rx.Component:
    here = {"aria_current": "page"} if destination.key == current else {}
    line = rx.el.li(
        rx.el.a(
            icon(destination.icon_name),
            rx.el.span(destination.label, class_name="w"),
            href=destination.href,
            **here,
        )
    )
    return rx.cond(AppState.acting_for == "", line) if destination.key in _OWN_ACCOUNT else line


def _rail(destinations: tuple[Destination, ...], current: str) -> rx.Component:
    return rx.el.nav(
        rx.el.ul(*[_link(destination, current) for destination in destinations]),
        rx.el.ul(_link(_HELP, current), class_name="push"),
        class_name="rail",
        aria_label="Navigation principale",
    )


def _drawer(destinations: tuple[Destination, ...], current: str) -> rx.Component:
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
                _operator_line(),
                rx.el.p(AppState.viewer_name, class_name="fw"),
                rx.el.p(AppState.viewer_label, class_name="sm muted"),
                _door_lines(),
                class_name="grow",
            ),
            *_acting(),
            _sign_out_form("Déconnecter"),
            class_name="drawer-who",
        ),
        rx.el.nav(
            rx.el.ul(*[_link(destination, current) for destination in destinations]),
            rx.el.ul(_link(_HELP, current), class_name="push"),
            class_name="drawer-nav",
            aria_label="Menu",
        ),
        rx.el.p(*_emergency_numbers(), class_name="sm drawer-foot"),
        class_name="drawer",
        aria_labelledby=title,
        **ident(_DRAWER),
    )


def _footer() -> rx.Component:
    return rx.el.footer(
        *[rx.el.a(words, href=href) for words, href in _FOOTER],
        rx.el.span(*_emergency_numbers(), class_name="urg"),
        class_name="foot",
    )


def _emergency_numbers() -> list[Child]:
    return [
        f"Urgences{NARROW}: ",
        rx.el.strong("15"),
        " · ",
        rx.el.strong("112"),
        " · ",
        rx.el.strong("114"),
        " par SMS",
    ]


def _leaving_soon(look: str) -> rx.Component:
    """Idleness is about to end the sign-in (S052)."""
    return dialog(
        f"Rester connecté{NARROW}?",
        rx.el.p(
            "Sans réponse, votre session se fermera dans 2 minutes. Vos saisies sont conservées."
        ),
        is_open=AppState.is_leaving_soon,
        on_close=AppState.stay,
        actions=rx.fragment(
            native_form(submit_button("Se déconnecter", kind=""), action="/auth/sign-out"),
            button("Rester connecté", kind="primary", on_click=AppState.stay, **safe()),
        ),
        dialog_id="rester",
        cross=False,
        look=look,
    )
