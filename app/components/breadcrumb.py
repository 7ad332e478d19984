"""The way back up: « Patients › Nouveau patient »."""

import reflex as rx

from app.components.icons import icon
from app.components.markup import Text


def breadcrumb(*above: tuple[str, str], here: Text) -> rx.Component:
    """The pages above this one as (words, address), the nearest last, then this page."""
    links = [
        rx.el.li(rx.el.a(words, href=href), icon("chevron-right", "s")) for words, href in above
    ]
    return rx.el.nav(
        rx.el.ol(*links, rx.el.li(rx.el.span(here, aria_current="page"))),
        class_name="crumbs sm",
        aria_label="Fil d’Ariane",
    )
