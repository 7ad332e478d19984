"""Messages: for patients, for professionals, and the end of exchanges (ME-169)."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps, Way

OWN = Chapter(
    "ma-messagerie",
    "Ma messagerie de patient",
    "Lire ce que vos professionnels vous écrivent, leur répondre, joindre un document.",
    (
        Part(
            "Avant d’écrire",
            (
                Note(
                    "Cette messagerie n’est pas surveillée en permanence. En cas d’urgence, composez le 15 "
                    "(Samu), le 112 (numéro européen) ou le 114 par SMS.",
                    is_warning=True,
                ),
                (
                    "Un professionnel vous écrit d’abord ; vous pouvez ensuite lui répondre, ou lui écrire avec "
                    "« Nouveau message ». Certains établissements acceptent aussi que leurs patients écrivent "
                    "les premiers. Un e-mail vous prévient de chaque message, sans rien en dire : ni qui écrit, "
                    "ni à quel sujet."
                ),
                (
                    "Quand le portail est relié à la messagerie de santé, « Mon adresse sécurisée » est au-dessus "
                    "de la liste, avec un bouton pour la copier. Donnez-la à un professionnel qui veut vous écrire. "
                    "S’il demande un accusé de lecture, il ne part que si vous appuyez sur le bouton, une seule fois."
                ),
            ),
        ),
        Part(
            "Lire et répondre",
            (
                Picture("messagerie", "La messagerie d’un patient, et l’une de ses conversations."),
                Points(
                    (
                        (
                            "Une conversation rassemble tous les messages échangés sur un sujet. Un point rose "
                            "marque ce que vous n’avez pas lu."
                        ),
                        "« Répondre » écrit à l’auteur du dernier message.",
                        (
                            "« Répondre à tous » est proposé quand plusieurs personnes participent : votre réponse "
                            "va à celles-là, et à personne d’autre."
                        ),
                    )
                ),
            ),
        ),
        Part(
            "Écrire un nouveau message",
            (
                Steps(
                    (
                        (
                            "Choisissez un seul destinataire, par les premières lettres de son nom ou de son "
                            "prénom. La liste contient ceux qui vous ont déjà écrit et n’ont pas mis fin à vos "
                            "échanges."
                        ),
                        "Écrivez l’objet, en 80 caractères au plus, puis votre message.",
                        "Joignez des documents si besoin, puis « Envoyer ».",
                    )
                ),
                (
                    "Si la liste est vide, vous pouvez écrire quand même : votre brouillon est gardé, et l’envoi "
                    "attend qu’un professionnel vous ait écrit."
                ),
                Note(
                    "Votre texte est enregistré dès le premier caractère. Vous le retrouvez sur un autre appareil, "
                    "avec la mention « Brouillon », même si la connexion a été coupée. « Supprimer le "
                    "brouillon » l’efface."
                ),
            ),
        ),
        Part(
            "Joindre un document",
            (
                Points(
                    (
                        "Un fichier de votre appareil, choisi ou glissé dans la page.",
                        "Une pièce administrative déjà enregistrée.",
                        "Un ou plusieurs documents de votre espace.",
                        (
                            "Votre profil médical : un PDF établi à l’instant, avec votre identité, vos traitements "
                            "et les professionnels qui vous suivent."
                        ),
                    )
                ),
                "Les pièces d’un message font 10 Mo au plus, toutes ensemble.",
            ),
        ),
        Part(
            "Garder une pièce jointe reçue",
            (
                (
                    "Affichez-la, téléchargez-la, ou enregistrez-la dans vos documents : vous choisissez alors son "
                    "nom, sa catégorie, sa date et qui la voit. Un fichier de plus de 5 Mo, ou d’un autre format que "
                    "JPG, PDF, PNG, TXT, RTF et TIF, peut seulement être téléchargé."
                ),
            ),
        ),
        Part(
            "Supprimer une conversation",
            (
                (
                    "Elle disparaît de votre messagerie, avec la réponse que vous aviez commencée. Les autres "
                    "participants gardent la leur."
                ),
                Way("Ouvrir ma messagerie", "/messagerie"),
            ),
        ),
    ),
    related=("fin-des-echanges", "mes-documents", "au-clavier"),
)

PROFESSIONAL = Chapter(
    "mes-messages",
    "Mes messages de professionnel",
    "Écrire aux collègues et aux patients, traiter ce qui demande une réponse, régler ses e-mails.",
    (
        Part(
            "Les trois boîtes",
            (
                Picture(
                    "messages", "Les messages reçus d’un médecin, et une conversation ouverte."
                ),
                Points(
                    (
                        (
                            "« Reçus » : d’abord « Pour besoin de contact », puis « Pour information ». Un message "
                            "d’un patient est toujours « Pour besoin de contact »."
                        ),
                        "« Envoyés » : les conversations où vous avez écrit.",
                        "« Archivés » : ce que vous avez traité.",
                    )
                ),
                (
                    "« Marquer comme traité » archive la conversation pour vous seulement, et s’annule. Un nouveau "
                    "message la ramène dans « Reçus »."
                ),
                Way("Ouvrir mes messages", "/messagerie"),
            ),
        ),
        Part(
            "Écrire",
            (
                (
                    "À des professionnels du cercle, de votre établissement ou de l’annuaire du portail, et aux "
                    "patients que vous suivez qui ont un compte. Le message peut se rapporter à un patient, à un "
                    "traitement, à une entrée du suivi : ses destinataires doivent alors suivre ce patient."
                ),
                (
                    "En ajoutant une entrée de tolérance, d’interaction ou d’observance, « Prévenir le cercle » "
                    "l’envoie aux autres membres, avec la priorité de votre choix."
                ),
                Note(
                    "Une conversation avec un patient, ou à son sujet, n’est plus lisible par un professionnel qui "
                    "ne le suit plus."
                ),
            ),
        ),
        Part(
            "Être prévenu",
            (
                (
                    "Des e-mails regroupent les messages non lus, à l’adresse marquée d’une étoile dans votre "
                    "compte. Ils ne contiennent ni nom de patient ni donnée de santé. Les heures sont celles de "
                    "Paris."
                ),
                Points(
                    (
                        "« Pour besoin de contact » : une, deux ou trois fois par jour.",
                        "« Pour information » : chaque jour, tous les trois jours ou chaque semaine.",
                    )
                ),
            ),
        ),
        Part(
            "Mettre fin aux échanges",
            (
                (
                    "« Mettre fin aux échanges » ferme toutes vos conversations avec ce patient : il ne peut plus "
                    "vous répondre, et la page le lui dit. Un nouveau message de votre part rouvre les échanges."
                ),
            ),
        ),
        Part(
            "Par délégation",
            (
                (
                    "Un délégué lit la messagerie du titulaire. Il y écrit si la délégation comprend la saisie du "
                    "suivi, et met fin aux échanges si elle comprend la gestion des patients. Les messages non lus "
                    "restent ceux du titulaire."
                ),
            ),
        ),
    ),
    related=("fin-des-echanges", "au-clavier"),
)

ENDED = Chapter(
    "fin-des-echanges",
    "Fin des échanges",
    "Ce que veut dire « a mis fin à vos échanges », et ce que vous pouvez faire.",
    (
        Part(
            "Ce que cela veut dire",
            (
                (
                    "Le professionnel a terminé ses échanges par messagerie avec vous, le plus souvent parce que "
                    "votre demande est réglée ou que le suivi est terminé. Cela vaut pour toutes vos "
                    "conversations avec lui."
                ),
                Points(
                    (
                        "Vous relisez toujours les messages et les pièces jointes.",
                        "Vous ne pouvez plus lui répondre, ni lui écrire un nouveau message.",
                        "Il redevient possible de répondre dès qu’il vous écrit de nouveau.",
                    )
                ),
            ),
        ),
        Part(
            "Ce que cela ne change pas",
            (
                (
                    "Vos documents, vos traitements et les accès à votre dossier restent comme ils étaient : mettre "
                    "fin aux échanges n’est pas cesser de vous suivre. Vos échanges avec les autres "
                    "professionnels continuent."
                ),
            ),
        ),
        Part(
            "Si vous avez encore une question",
            (
                "Téléphonez à son cabinet ou à son établissement, ou demandez-lui un rendez-vous.",
                Note(
                    "En cas d’urgence, composez le 15 (Samu), le 112 (numéro européen) ou le 114 par SMS.",
                    is_warning=True,
                ),
            ),
        ),
    ),
    related=("ma-messagerie",),
)

SHELF = Shelf("Messagerie", (OWN, PROFESSIONAL, ENDED))
