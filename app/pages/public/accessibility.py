"""Accessibility: what was checked, and that no audit has been made."""

import reflex as rx

from app.components.info import contact_link, info_page, section
from app.pages.table import page
from app.state.base import Audience


@page(route="/accessibilite", title="Accessibilité", audience=Audience.PUBLIC)
def accessibility() -> rx.Component:
    return info_page(
        "Accessibilité",
        section(
            "État de conformité",
            "Aucun audit de ce portail selon le référentiel général d’amélioration de "
            "l’accessibilité (RGAA 4.1) n’a été réalisé à ce jour. Nous ne pouvons donc pas le "
            "déclarer conforme.",
        ),
        section(
            "Ce qui est vérifié",
            [
                (
                    "Un outil de contrôle automatique (axe-core) examine chaque page et ne doit relever "
                    "aucun défaut. Un tel outil ne trouve qu’une partie des défauts possibles."
                ),
                (
                    "Les parcours principaux sont rejoués dans un navigateur en retrouvant les éléments "
                    "par leur rôle et leur nom, comme le fait un lecteur d’écran."
                ),
                (
                    "Les couleurs sont choisies pour un contraste d’au moins 4,5 pour le texte et 3 pour "
                    "les champs et les courbes, en apparence claire et sombre."
                ),
            ],
        ),
        section(
            "Ce qui ne l’est pas encore",
            [
                "Aucun essai suivi avec des personnes qui utilisent un lecteur d’écran.",
                "Aucune évaluation des 106 critères du RGAA par un tiers.",
            ],
        ),
        section(
            "Signaler une difficulté",
            rx.el.p(
                (
                    "Si un écran vous empêche de lire ou d’agir, dites-le-nous en précisant la page "
                    "et votre matériel, sans information médicale : "
                ),
                contact_link(),
                ".",
            ),
            "Si vous n’obtenez pas de réponse, vous pouvez vous adresser au Défenseur des droits : "
            "Libre réponse 71120, 75342 Paris Cedex 07, ou 09 69 39 00 00.",
        ),
    )
