"""What stands over every page: the lost connection, and the screen of a fault in the browser."""

import reflex as rx
from reflex_base.vars.base import Var
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.el.elements.inline import A

from app.components.icons import icon


def connection_lost() -> rx.Component:
    """The bar of a lost connection; it goes by itself when the connection is back."""
    return rx.el.div(
        rx.cond(
            has_connection_errors,
            rx.el.p(
                icon("wifi-off"),
                rx.el.span(rx.el.b("Connexion interrompue."), " Vos saisies sont conservées."),
                class_name="callout warning offline",
            ),
        ),
        role="status",
    )


def overlay() -> rx.Component:
    """Drawn by the application over every page, which it wraps: hence a fragment."""
    return rx.fragment(connection_lost())


def crash_screen() -> rx.Component:
    """Drawn in place of a page whose own script failed; what was typed is kept as a draft."""
    words = rx.el.main(
        rx.el.div(
            icon("circle-alert", "xl"),
            rx.el.h1("Cette page ne peut pas s’afficher"),
            rx.el.p("Une erreur est survenue dans le navigateur. Vos saisies sont conservées."),
            # A plain link: nothing of the page can be relied upon here.
            A.create("Recharger la page", href="", class_name="btn primary"),
            class_name="panel empty",
        ),
        class_name="crash",
    )
    return ErrorBoundary.create(fallback_render=Var.create(words))
