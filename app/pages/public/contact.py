"""Contact: whom to ask about this portal."""

import reflex as rx

from app.components.info import contact_link, info_page, section
from app.pages.table import page
from app.state.base import AppState, Audience


@page(route="/contact", title="Contact", audience=Audience.PUBLIC)
def contact() -> rx.Component:
    return info_page(
        "Contact",
        section(
            "Une question sur ce portail",
            rx.el.p(
                "Ce portail est exploité par ",
                rx.el.b(AppState.instance_name),
                rx.cond(AppState.instance_place, f", {AppState.instance_place}", ""),
                ". Écrivez à ",
                contact_link(),
                ".",
            ),
            "N’écrivez ni nom de patient ni information médicale dans ce message.",
        ),
        section(
            "Une question sur votre santé",
            "Adressez-vous à votre médecin, à votre pharmacien ou à votre infirmier.",
        ),
        section(
            "En cas d’urgence",
            "Composez le 15 (Samu), le 112 (numéro européen) ou le 114 par SMS.",
        ),
    )
