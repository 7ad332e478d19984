"""Personal data: what is kept, why, who sees it, and the rights of each person."""

import reflex as rx

from app.components.info import contact_link, info_page, section
from app.pages.table import page
from app.state.base import AppState, Audience


@page(route="/donnees-personnelles", title="Données personnelles", audience=Audience.PUBLIC)
def personal_data() -> rx.Component:
    return info_page(
        "Données personnelles",
        section(
            "Pourquoi ces données",
            "Elles servent au suivi des traitements d’un patient par les professionnels de santé de "
            "son cercle, avec son consentement. Elles ne servent ni à la publicité, ni à la mesure "
            "d’audience, et ne sont ni vendues ni cédées.",
            rx.el.p(
                "Responsable du traitement : ",
                rx.el.b(AppState.instance_name),
                rx.cond(AppState.instance_place, f", {AppState.instance_place}", ""),
                ".",
            ),
        ),
        section(
            "Ce qui est enregistré",
            [
                (
                    "Pour un patient : identité, coordonnées, traitements suivis, entrées de tolérance, "
                    "d’interaction et d’observance, consentements avec leur date et leur mode."
                ),
                "Pour un professionnel : identité, profession, numéro RPPS, lieu d’exercice, e-mail.",
                (
                    "Pour un message : ses participants, son texte, ses pièces jointes, ses dates, et ce que "
                    "chacun a lu ou archivé."
                ),
                "Pour chaque connexion : date, appareil et adresse du réseau.",
                (
                    "Pour chaque lecture ou modification d’un dossier : qui, quand et quel acte, dans un "
                    "journal que personne ne peut réécrire sans que cela se voie. Le journal ne contient "
                    "aucune information médicale."
                ),
            ],
        ),
        section(
            "Qui y a accès",
            "Les professionnels du cercle du patient, tant que le lien dure. Hors du cercle, le "
            "patient n’apparaît dans aucune liste, aucune recherche et aucun compte. "
            "L’administration du portail ne voit pas le contenu médical. Un message n’est lu que de ses "
            "participants et de leurs délégués ; l’e-mail qui l’annonce ne nomme personne et ne dit rien de "
            "son contenu.",
        ),
        section(
            "Combien de temps",
            "L’exploitant fixe la durée de conservation des dossiers selon ses obligations légales et "
            "la communique sur demande. Un message reste tant que l’un de ses participants le garde ; "
            "supprimé par tous, il est effacé pour de bon avec ses pièces jointes. Le brouillon d’un message "
            "reste jusqu’à son envoi ou sa suppression, une autre saisie abandonnée est effacée après "
            "30 jours. Un code à usage unique cesse de servir après 10 minutes.",
        ),
        section(
            "Ce qui est gardé dans votre navigateur",
            [
                "Un cookie de session, jusqu’à la déconnexion.",
                "Un cookie de connexion en cours, pendant 30 minutes au plus.",
                "Un cookie qui reconnaît cet appareil lors de la connexion, pendant 90 jours.",
                "Un cookie d’inscription en cours, pendant 30 jours au plus.",
                "Votre choix d’apparence, claire ou sombre.",
            ],
            "Ils sont nécessaires au service ou demandés par vous. Rien n’est chargé depuis un autre "
            "site.",
        ),
        section(
            "Vos droits",
            rx.el.p(
                (
                    "Vous pouvez demander à consulter vos données, à les rectifier, à les effacer, à "
                    "en limiter l’usage ou à en recevoir une copie, et retirer votre consentement. "
                    "Écrivez à "
                ),
                contact_link(),
                (
                    ". Si la réponse ne vous convient pas, vous pouvez saisir la CNIL, 3 place de "
                    "Fontenoy, TSA 80715, 75334 Paris Cedex 07."
                ),
            ),
        ),
    )
