"""Registering: the guide of MM, on today's screens."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps, Way


def _to_the_end(last: str) -> Part:
    """The steps every door leads through; `last`: what hands the registration in."""
    return Part(
        "Jusqu’à l’ouverture du compte",
        (
            Steps(
                (
                    "E-mail : ouvrez le lien reçu, ou saisissez le code du même message.",
                    "Téléphone : saisissez le code reçu par SMS. Cette étape peut se passer.",
                    "Mot de passe : les règles se cochent d’elles-mêmes pendant que vous tapez.",
                    last,
                )
            ),
            Note(
                "Vous pouvez quitter l’inscription à tout moment et la reprendre où vous en étiez, sur le même "
                "appareil ou par le lien reçu."
            ),
            (
                "Votre compte est vérifié par l’administration avant d’être activé. Vous n’avez rien d’autre à "
                "faire : un message vous prévient."
            ),
            Way("Créer mon compte", "/inscription"),
        ),
    )


_TO_THE_END = _to_the_end("Conditions générales d’utilisation, puis signature du contrat.")

PROFESSIONAL = Chapter(
    "inscription-professionnel",
    "Créer un compte de professionnel",
    "Ayez votre numéro RPPS à portée de main.",
    (
        Part(
            "Votre identité",
            (
                Steps(
                    (
                        "Choisissez « Je suis un médecin », ou une autre profession de santé.",
                        "Cherchez-vous dans l’annuaire par votre nom, votre prénom ou votre numéro RPPS.",
                        "Cliquez sur votre ligne : vos informations se remplissent.",
                    )
                ),
                Picture("inscription", "La recherche dans l’annuaire."),
                (
                    "Vous ne vous trouvez pas ? Cochez « Je ne me trouve pas dans la liste ou je souhaite "
                    "m’inscrire manuellement »."
                ),
            ),
        ),
        Part(
            "Vos lieux d’exercice",
            (
                (
                    "« Je renseigne mon lieu d’exercice » : choisissez l’établissement, « Continuer », puis le "
                    "laboratoire avec lequel il travaille d’habitude, « Terminer ». Un établissement connu de "
                    "l’annuaire est déjà choisi ; vous pouvez en indiquer plusieurs."
                ),
            ),
        ),
        _TO_THE_END,
    ),
    related=("se-connecter", "inscription-pro-sante-connect"),
)

SECRETARY = Chapter(
    "inscription-secretariat",
    "Créer un compte « Secrétariat »",
    "Pour une personne, ou pour plusieurs secrétaires qui se nomment chacune.",
    (
        Part(
            "Votre identité",
            (
                "Indiquez la profession, la civilité, le nom et le prénom. Aucun numéro RPPS n’est demandé.",
            ),
        ),
        Part(
            "Un compte partagé",
            (
                (
                    "Cochez « Je souhaite créer un compte partagé avec plusieurs secrétaires » et donnez un "
                    "intitulé au compte."
                ),
                Points(
                    (
                        "Chaque secrétaire a son nom et son code personnel.",
                        "À la connexion, elle se nomme et saisit ce code.",
                        "Tout ce qui est fait porte son nom.",
                    )
                ),
            ),
        ),
        Part(
            "Vos établissements",
            (
                (
                    "« Ajouter un établissement », « Continuer », le laboratoire, « Terminer ». Vous pouvez en "
                    "ajouter plusieurs."
                ),
            ),
        ),
        _to_the_end("Conditions générales d’utilisation, puis envoi de l’inscription."),
    ),
    related=("se-connecter", "mon-compte"),
)

FEDERATED = Chapter(
    "inscription-pro-sante-connect",
    "Créer un compte avec Pro Santé Connect",
    "Votre identité est certifiée : il reste peu à saisir.",
    (
        Part(
            "S’identifier",
            (
                (
                    "Choisissez « Pro Santé Connect », puis identifiez-vous avec l’application e-CPS, la carte "
                    "CPS ou une clé de sécurité. Numéro RPPS, profession, civilité, nom et prénom sont remplis."
                ),
            ),
        ),
        _TO_THE_END,
    ),
    related=("pro-sante-connect", "se-connecter"),
)

SHELF = Shelf("Créer un compte", (PROFESSIONAL, SECRETARY, FEDERATED))
