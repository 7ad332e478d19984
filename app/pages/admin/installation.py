"""The administrators' page: the state of the installation, and the commands that change it."""

import reflex as rx

from app.components.callout import callout
from app.components.panel import columns, page_head, panel
from app.components.shell import administrator_shell
from app.components.states import when_loaded
from app.i18n.format import NARROW
from app.pages.table import page
from app.state.base import Audience
from app.state.installation import Figure, InstallationState


@page(
    route="/admin/installation",
    title="Installation",
    audience=Audience.ADMINISTRATOR,
    on_load=InstallationState.load,
)
def installation_page() -> rx.Component:
    """One panel for each thing an administrator looks after."""
    state = InstallationState
    return administrator_shell(
        page_head(
            "Installation",
            lead="Un compte d’administration ne voit aucune donnée de santé.",
        ),
        when_loaded(
            state.is_loaded,
            rx.cond(
                ~state.is_journal_intact,
                callout(
                    "La dernière vérification a trouvé le journal des accès altéré.",
                    tone="danger",
                    urgent=True,
                ),
            ),
            columns(
                _panel(
                    "Portail", "portail", state.general, "Vérifier l’installation", "liane doctor"
                ),
                _panel(
                    "Comptes",
                    "comptes",
                    state.accounts,
                    "Créer un compte d’administration",
                    "liane admin create",
                ),
                _panel(
                    "Journal des accès",
                    "journal",
                    state.journal,
                    "Vérifier toute la chaîne",
                    "liane journal verify",
                ),
                _panel(
                    "Base des médicaments",
                    "medicaments",
                    state.medicines,
                    "Charger une édition",
                    "liane import medicines DOSSIER",
                ),
                panel(
                    _figures(state.outbox),
                    rx.cond(
                        state.has_failures,
                        callout(
                            "Des messages n’ont pas pu partir. Vérifiez le serveur de messagerie.",
                            tone="warning",
                        ),
                    ),
                    title="Messages des 7 derniers jours",
                    title_id="messages",
                ),
                shape="adm",
            ),
        ),
        current="installation",
    )


def _panel(
    title: str, title_id: str, figures: rx.Var[list[Figure]], act: str, command: str
) -> rx.Component:
    return panel(
        _figures(figures),
        rx.el.p(f"{act}{NARROW}: ", rx.el.code(command), class_name="sm muted"),
        title=title,
        title_id=title_id,
    )


def _figures(figures: rx.Var[list[Figure]]) -> rx.Component:
    return rx.el.dl(
        rx.foreach(
            figures,
            lambda figure: rx.el.div(rx.el.dt(figure.label), rx.el.dd(figure.value)),
        ),
        class_name="figures",
    )
