"""Where one can go: the destinations of each role, beside the page. Only what exists is listed."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.vars.base import Var

from app.components.badge import at_most_99, count
from app.components.icons import icon
from app.components.markup import Text, shown
from app.homes import MESSAGES_PAGE
from app.models.account import Role
from app.state.base import AppState


@dataclass(frozen=True)
class Destination:
    """A place of the main navigation."""

    key: str
    label: str
    href: str
    icon_name: str


APPLICATIONS = Destination("applications", "Applications", "/applications", "layout-grid")
DELEGATION = Destination("delegation", "Ma délégation", "/compte/delegations", "handshake")
ACCOUNT = Destination("account", "Mon compte", "/compte", "circle-user-round")
DOCUMENTS = Destination("documents", "Documents", "/documents", "folder")
MESSAGES = Destination("messages", "Mes messages", MESSAGES_PAGE, "messages-square")
HELP = Destination("help", "Aide", "/aide", "circle-question-mark")
# Of one's own account: out of reach while acting for somebody.
_OWN_ACCOUNT = {APPLICATIONS.key, DELEGATION.key, ACCOUNT.key}

_DESTINATIONS = {
    Role.PROFESSIONAL: (
        Destination("dashboard", "Mon tableau de bord", "/tableau-de-bord", "layout-dashboard"),
        Destination("patients", "Mes patients", "/patients", "users"),
        Destination("records", "Rechercher un patient", "/dossiers", "search"),
        MESSAGES,
        DELEGATION,
        APPLICATIONS,
        ACCOUNT,
    ),
    Role.SECRETARY: (
        APPLICATIONS,
        Destination(DELEGATION.key, "Agir pour…", DELEGATION.href, DELEGATION.icon_name),
        ACCOUNT,
    ),
    Role.PATIENT: (
        Destination("home", "Accueil", "/accueil", "house"),
        DOCUMENTS,
        Destination(MESSAGES.key, "Messagerie", MESSAGES.href, "mail"),
        Destination("settings", "Paramètres", "/parametres", "settings"),
        APPLICATIONS,
        ACCOUNT,
    ),
    Role.ADMINISTRATOR: (
        Destination("registrations", "Demandes d’inscription", "/admin", "user-plus"),
        Destination("changes", "Modifications à approuver", "/admin/modifications", "id-card"),
        Destination("accounts", "Comptes", "/admin/comptes", "users"),
        Destination("catalogue", "Catalogue d’applications", "/admin/applications", "store"),
        Destination(
            "facilities", "Établissements et laboratoires", "/admin/etablissements", "building-2"
        ),
        Destination("matrix", "Matrice d’habilitation", "/admin/matrice", "shield-check"),
        Destination("texts", "Textes et notices", "/admin/textes", "file-text"),
        Destination("statistics", "Statistiques", "/admin/statistiques", "trending-up"),
        Destination("health_mail", "Messagerie de santé", "/admin/messagerie-de-sante", "mail"),
        Destination("journal", "Journal", "/admin/journal", "history"),
        Destination("instance", "Paramètres de l’instance", "/admin/parametres", "settings"),
        Destination("installation", "Installation", "/admin/installation", "monitor"),
        ACCOUNT,
    ),
}


def rail(role: Role | None, current: str) -> rx.Component:
    """The main navigation, beside the page; there once one knows whose. See `destination_lists`."""
    navigation = rx.el.nav(
        *destination_lists(role, current), class_name="rail", aria_label="Navigation principale"
    )
    is_known = True if role else AppState.viewer_role != ""
    return shown(is_known, navigation)


def destination_lists(role: Role | None, current: str) -> list[rx.Component]:
    """Where a role may go, then the help. `role`: None for whoever is signed in; `current`: the key of the page."""
    if role is None:
        places = rx.match(
            AppState.viewer_role,
            *[(each.value, _links(_DESTINATIONS[each], current)) for each in Role],
            rx.fragment(),
        )
    else:
        places = _links(_DESTINATIONS[role], current)
    return [rx.el.ul(places), rx.el.ul(_link(HELP, current), class_name="push")]


def _links(destinations: tuple[Destination, ...], current: str) -> rx.Component:
    return rx.fragment(*[_link(destination, current) for destination in destinations])


def _link(destination: Destination, current: str) -> rx.Component:
    here = {"aria_current": "page"} if destination.key == current else {}
    line = rx.el.li(
        rx.el.a(
            icon(destination.icon_name),
            rx.el.span(destination.label, class_name="w"),
            *_waiting(destination.key),
            href=destination.href,
            **here,
        ),
        # On a phone the patient's bar has no room for them: « Paramètres » leads to both.
        class_name="roomy" if destination in {APPLICATIONS, ACCOUNT} else "",
    )
    return rx.cond(AppState.acting_for == "", line) if destination.key in _OWN_ACCOUNT else line


def _waiting(key: str) -> list[rx.Component]:
    """The pill of a destination: what was not opened yet."""
    if key == DOCUMENTS.key:
        return [_pill(AppState.unseen, " à découvrir")]
    if key == MESSAGES.key:
        return [_pill(AppState.unread, rx.cond(AppState.unread > 1, " non lus", " non lu"))]
    return []


def _pill(number: Var[int], words: Text) -> rx.Component:
    return rx.cond(number > 0, count(at_most_99(number), words, hot=True))
