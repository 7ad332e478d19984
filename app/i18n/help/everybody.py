"""What everybody needs: signing in, one's account, the keyboard."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps, Way

SIGN_IN = Chapter(
    "se-connecter",
    "Se connecter",
    "Un mot de passe, puis un code : deux preuves valent mieux qu’une.",
    (
        Part(
            "Avec un mot de passe",
            (
                Steps(
                    (
                        "Saisissez votre e-mail ou votre identifiant, puis votre mot de passe.",
                        (
                            "Choisissez comment recevoir le code à usage unique : e-mail, téléphone ou "
                            "application d’authentification."
                        ),
                        "Saisissez les 6 chiffres du code.",
                    )
                ),
                Picture("connexion", "La page « Connexion »."),
                Points(
                    (
                        "Le code sert une seule fois. Il vaut 10 minutes par e-mail, 5 minutes par SMS.",
                        (
                            "Seul le dernier code envoyé fonctionne. Regardez aussi dans les courriers "
                            "indésirables."
                        ),
                        "Après plusieurs erreurs, un délai s’impose. L’écran dit à quelle heure réessayer.",
                    )
                ),
                Note(
                    "Personne ne vous demandera jamais votre mot de passe ni un code, ni par téléphone ni "
                    "par message.",
                    is_warning=True,
                ),
            ),
        ),
        Part(
            "Mot de passe ou identifiant oublié",
            (
                (
                    "« Mot de passe oublié » envoie un lien valable 30 minutes, qui sert une fois. Votre ancien "
                    "mot de passe fonctionne tant que vous n’en avez pas choisi un autre."
                ),
                (
                    "« Identifiant oublié » vous l’envoie par e-mail. L’écran répond la même chose, que le compte "
                    "existe ou non."
                ),
            ),
        ),
        Part(
            "Téléphone perdu",
            (
                (
                    "Un code de secours remplace l’application d’authentification. Chaque code sert une fois : "
                    "gardez-les à l’abri, hors de votre téléphone."
                ),
            ),
        ),
        Part(
            "Rester maître de ses connexions",
            (
                Points(
                    (
                        (
                            "Sans activité, la session se ferme d’elle-même. Un message vous prévient 2 minutes "
                            "avant, et vos saisies sont conservées."
                        ),
                        "« Se déconnecter partout » ferme aussi vos sessions sur les autres appareils.",
                        "Un message vous est envoyé à la première connexion d’un appareil inconnu.",
                    )
                ),
            ),
        ),
    ),
    related=("mon-compte", "pro-sante-connect", "code-operateur"),
)

ACCOUNT = Chapter(
    "mon-compte",
    "Mon compte",
    "Vos informations, vos adresses, votre sécurité.",
    (
        Part(
            "Mon profil",
            (
                (
                    "« Mon compte », en haut à droite, montre toutes vos informations. Cochez « J’édite mon "
                    "profil » pour les modifier : rien ne change avant « Valider »."
                ),
                Picture("mon-compte", "Le profil d’un professionnel."),
                Note(
                    "La civilité, le prénom, le nom et le numéro RPPS changent après l’accord d’un "
                    "administrateur."
                ),
            ),
        ),
        Part(
            "Mes adresses e-mail",
            (
                Steps(
                    (
                        "Choisissez « Ajouter une adresse », saisissez-la, puis validez.",
                        "Saisissez le code reçu à cette adresse.",
                        (
                            "Dites si elle reçoit les notifications, et sur quelles applications vous pensez "
                            "avoir un compte avec elle."
                        ),
                    )
                ),
                (
                    "Une étoile marque l’adresse qui reçoit les notifications. La dernière adresse ne peut pas "
                    "être supprimée."
                ),
            ),
        ),
        Part(
            "Mes notifications",
            (
                (
                    "« Notifications » dit à quelle adresse des e-mails vous préviennent de vos messages. Un patient en "
                    "reçoit un pour chaque message, aussitôt."
                ),
                (
                    "Un professionnel choisit son rythme, séparément pour « Pour besoin de contact » (1, 2 ou 3 fois par "
                    "jour) et « Pour information » (chaque jour, tous les 3 jours ou chaque semaine). Un e-mail ne part "
                    "que s’il y a du nouveau et que vous ne l’avez pas encore lu."
                ),
                Note(
                    "Ces e-mails ne disent jamais qui vous écrit, ni de qui, ni de quoi il s’agit : cela se lit une fois "
                    "connecté."
                ),
                Way("Ouvrir mes notifications", "/compte/notifications"),
            ),
        ),
        Part(
            "Ma sécurité",
            (
                Points(
                    (
                        "Changez votre mot de passe quand vous voulez ; rien ne vous y oblige à date fixe.",
                        "Ajoutez une application d’authentification : c’est le moyen le plus sûr.",
                        "Fermez à distance une connexion que vous ne reconnaissez pas.",
                    )
                ),
                Picture("securite", "La sécurité d’un compte."),
            ),
        ),
        Part(
            "Mes données",
            (
                "Vous pouvez lire l’historique de votre compte et télécharger vos données.",
                Way("Ouvrir mon compte", "/compte"),
            ),
        ),
    ),
    related=("se-connecter", "applications"),
)

APPLICATIONS = Chapter(
    "applications",
    "Le portail d’applications",
    "Les modules de Liane, et les applications labellisées par l’État.",
    (
        Part(
            "Ouvrir une application",
            (
                (
                    "Cliquez sur sa tuile. Si aucune de vos adresses n’y est associée, une fenêtre demande "
                    "laquelle y sert d’identifiant."
                ),
                Picture("applications", "Les tuiles d’un professionnel."),
            ),
        ),
        Part(
            "Échanger des données",
            (
                "Un lien d’échange avec une application demande votre accord, et se retire à tout moment.",
            ),
        ),
    ),
    related=("mon-compte",),
)

KEYBOARD = Chapter(
    "au-clavier",
    "Au clavier",
    "Tout se fait sans souris. Aucun raccourci ne tient en une seule lettre.",
    (
        Part(
            "Se déplacer",
            (
                Points(
                    (
                        "Tabulation passe d’un élément au suivant, Entrée ou Espace l’active.",
                        "Le premier appui sur Tabulation propose « Aller au contenu ».",
                        "Échap ferme les menus et les fenêtres.",
                    )
                ),
            ),
        ),
        Part(
            "Parcourir des messages ou des documents",
            (
                (
                    "La liste est un seul arrêt : flèches haut et bas pour changer de ligne, Début et Fin "
                    "pour la première et la dernière, Entrée pour ouvrir, Espace pour cocher un document, "
                    "Échap pour refermer et revenir à la liste."
                ),
            ),
        ),
        Part(
            "Chercher",
            (
                (
                    "Dans une recherche : flèches haut et bas pour désigner un résultat, Début et Fin pour le "
                    "premier et le dernier, Entrée pour choisir, Échap pour fermer la liste."
                ),
            ),
        ),
    ),
    related=("se-connecter",),
)

SHELF = Shelf("Pour tous", (SIGN_IN, ACCOUNT, APPLICATIONS, KEYBOARD))
