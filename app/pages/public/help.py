"""Help: what can be done here, in the words of the screens."""

import reflex as rx

from app.components.info import contact_link, info_page, section
from app.pages.table import page
from app.state.base import Audience


@page(route="/aide", title="Aide", audience=Audience.PUBLIC)
def help_page() -> rx.Component:
    return info_page(
        "Aide",
        section(
            "En cas d’urgence",
            "Liane ne remplace pas un appel aux secours. Composez le 15 (Samu), le 112 (numéro européen) "
            "ou le 114 par SMS si vous ne pouvez pas parler.",
        ),
        section(
            "Se connecter",
            "Saisissez votre e-mail et votre mot de passe, puis le code à usage unique que nous vous "
            "envoyons par e-mail. Le code compte 6 chiffres, sert une seule fois et reste valable "
            "10 minutes.",
            [
                (
                    "Le code n’arrive pas ? Regardez dans les courriers indésirables, puis demandez-en un "
                    "autre : seul le dernier envoyé fonctionne."
                ),
                (
                    "Après plusieurs erreurs, un délai s’impose avant l’essai suivant. L’écran dit à quelle "
                    "heure réessayer."
                ),
                (
                    "Sans activité, la session se ferme d’elle-même. Un message vous prévient 2 minutes "
                    "avant, et vos saisies sont conservées."
                ),
                (
                    "« Se déconnecter partout », dans le menu à votre nom, ferme aussi vos sessions sur "
                    "les autres appareils."
                ),
            ],
        ),
        section(
            "Suivre un patient",
            [
                (
                    "« Mon tableau de bord » montre ce qui demande votre attention : observances en "
                    "baisse, entrées de collègues à lire, patients sans entrée récente."
                ),
                (
                    "« Ajouter un patient » se fait en trois étapes : la fiche, la notice d’information, "
                    "le consentement. Rien n’est créé avant la fin, et ce qui est tapé est conservé."
                ),
                (
                    "« Mes patients » cherche pendant que vous tapez, sans tenir compte des accents ni "
                    "de l’ordre des mots."
                ),
                (
                    "Autour d’un patient : Contacts, Traitements, Tolérance, Interaction médicamenteuse, "
                    "Observance et Synthèse. La synthèse réunit les entrées de tout le cercle."
                ),
                (
                    "Seuls les professionnels du cercle d’un patient voient son dossier. Chaque ajout "
                    "d’un professionnel demande l’accord du patient."
                ),
                "Une entrée se corrige par son auteur ; la version précédente reste lisible.",
            ],
        ),
        section(
            "Au clavier",
            [
                "Tabulation passe d’un élément au suivant, Entrée ou Espace l’active.",
                "Le premier appui sur Tabulation propose « Aller au contenu ».",
                (
                    "Dans une recherche : flèches haut et bas pour désigner un résultat, Début et Fin "
                    "pour le premier et le dernier, Entrée pour choisir, Échap pour fermer la liste."
                ),
                "Échap ferme aussi les menus et les fenêtres.",
            ],
            "Aucun raccourci ne tient en une seule lettre.",
        ),
        section(
            "Nous joindre",
            rx.el.p("Pour une question sur ce portail : ", contact_link(), "."),
        ),
        current="help",
    )
