"""An address that leads nowhere."""

import reflex as rx

from app.components.button import link_button
from app.components.info import info_page
from app.pages.table import page
from app.state.base import Audience


@page(route="404", title="Page introuvable", audience=Audience.PUBLIC)
def not_found() -> rx.Component:
    return info_page(
        "Page introuvable",
        rx.el.p(
            "L’adresse est incomplète ou n’existe plus. Vérifiez-la, ou repartez de la page "
            "d’accueil."
        ),
        rx.el.p(link_button("Aller à l’accueil", href="/", kind="primary")),
    )
