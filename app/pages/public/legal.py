"""Legal texts: who runs this portal, and what it is made of."""

import reflex as rx

from app.components.info import contact_link, info_page, section
from app.pages.table import page
from app.state.base import AppState, Audience


@page(route="/mentions-legales", title="Mentions légales", audience=Audience.PUBLIC)
def legal() -> rx.Component:
    return info_page(
        "Mentions légales",
        rx.cond(
            AppState.is_demo,
            section(
                "Portail de démonstration",
                "Les patients, les professionnels et les messages de ce portail sont inventés. N’y "
                "saisissez aucune donnée réelle.",
            ),
        ),
        section(
            "Éditeur et exploitant",
            rx.el.p(
                rx.el.b(AppState.instance_name),
                rx.cond(AppState.instance_place, f", {AppState.instance_place}", ""),
                ". Contact : ",
                contact_link(),
                ".",
            ),
        ),
        section(
            "Hébergement",
            "Des données de santé ne peuvent être confiées qu’à un hébergeur certifié (article "
            "L. 1111-8 du code de la santé publique). L’exploitant indique sur demande celui de ce "
            "portail.",
        ),
        section(
            "Ce que ce portail n’est pas",
            "Liane aide les professionnels de santé à suivre les traitements d’un patient et à "
            "partager leurs observations. Elle ne pose aucun diagnostic, ne prescrit rien et ne "
            "remplace pas le jugement d’un professionnel.",
        ),
        section(
            "Sources et licences",
            [
                (
                    "Médicaments : base de données publique des médicaments (ANSM, HAS, UNCAM), ou la "
                    "petite liste livrée avec le portail."
                ),
                "Police de caractères : Atkinson Hyperlegible Next, licence SIL Open Font License 1.1.",
                "Icônes : Lucide, licence ISC.",
            ],
        ),
    )
