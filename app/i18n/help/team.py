"""Pharmacy teams and secretariats."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps

OPERATOR = Chapter(
    "code-operateur",
    "Le code opérateur",
    "Se connecter vite, au comptoir, sur un poste enregistré.",
    (
        Part(
            "Se connecter au comptoir",
            (
                (
                    "Sur un poste enregistré, saisissez votre code opérateur et votre mot de passe. Un acte "
                    "sensible vous demandera en plus un code à usage unique."
                ),
                Picture("code-operateur", "La porte « Code opérateur » de la page de connexion."),
            ),
        ),
        Part(
            "Enregistrer un poste, inscrire l’équipe",
            (
                Steps(
                    (
                        "Le pharmacien responsable ouvre « Mon équipe » sur le poste du comptoir.",
                        "Il enregistre ce poste et lui donne un nom.",
                        "Il ajoute les membres de l’équipe avec leur code opérateur.",
                    )
                ),
                Picture("equipe", "L’équipe d’une pharmacie et ses postes."),
                Note(
                    "Un poste perdu ou cédé se retire de la liste : plus personne n’y entre par code."
                ),
            ),
        ),
        Part(
            "En quittant le poste",
            (
                (
                    "Le panneau à votre nom dit qui est connecté et comment. « Déconnecter » ferme la session ; "
                    "« Rester connecté ? » vous laisse le choix."
                ),
            ),
        ),
    ),
    related=("se-connecter", "pro-sante-connect"),
)

SHARED = Chapter(
    "compte-partage",
    "Le compte partagé d’un secrétariat",
    "Un compte, plusieurs personnes, un nom sur chaque acte.",
    (
        Part(
            "Se nommer",
            (
                "Après le mot de passe et le code, choisissez votre nom et saisissez votre code personnel.",
            ),
        ),
        Part(
            "Arrivées et départs",
            (
                Points(
                    (
                        "Ajoutez une personne avec son nom et un code qu’elle choisit.",
                        "Retirez-la à son départ : son code n’ouvre plus rien.",
                    )
                ),
            ),
        ),
    ),
    related=("inscription-secretariat", "se-connecter"),
)

SHELF = Shelf("Travailler en équipe", (OPERATOR, SHARED))
