"""Words of messaging (ME-126 to ME-172, CX-37 to CX-45)."""

from app.models.message import Priority

MESSAGES: dict[str, str] = {
    "message.no_mailbox": "La messagerie est réservée aux professionnels de santé et aux patients.",
    "message.conversation_not_found": (
        "Cette conversation n’existe plus, ou vous n’y avez plus accès. Si vous étiez en train d’écrire, "
        "copiez votre texte dans un nouveau message."
    ),
    "message.arrived_meanwhile": "Un message vient d’arriver dans cette conversation. Lisez-le, puis recommencez.",
    "message.draft_not_found": "Ce brouillon n’existe plus. Écrivez un nouveau message.",
    "message.draft_changed": (
        "Ce brouillon a été modifié dans un autre onglet ou sur un autre appareil. Choisissez la version à garder."
    ),
    "message.draft_sent": (
        "Ce message est déjà parti depuis un autre onglet, avec un autre texte. "
        "Copiez ce que vous venez d’écrire dans un nouveau message."
    ),
    "message.recipient_missing": "Choisissez un destinataire",
    "message.subject_missing": "Saisissez l’objet du message",
    "message.subject_too_long": "Raccourcissez l’objet\u202f: 80 caractères au plus",
    "message.text_missing": "Écrivez votre message, ou joignez un document",
    "message.too_long": (
        "Raccourcissez votre message\u202f: 20\u202f000 caractères au plus. Un texte plus long se joint en fichier."
    ),
    "message.unsendable": (
        "Retirez les caractères invisibles de ce texte, souvent collés avec lui\u202f: ils ne peuvent pas être envoyés"
    ),
    "message.too_many_recipients": "Choisissez {most} destinataires au plus.",
    "message.to_oneself": "Choisissez quelqu’un d’autre que vous comme destinataire.",
    "message.one_recipient": "Choisissez un seul destinataire.",
    "message.one_patient": "Un message ne peut être adressé qu’à un seul patient à la fois.",
    "message.about_another": "Un message à un patient ne peut concerner que lui. Retirez le patient du "
    "message, ou son destinataire.",
    "message.too_many_drafts": "Vous avez {most}\u00a0brouillons, c’est le plus possible. Supprimez-en un "
    "dans votre messagerie, puis reprenez ce message.",
    "message.recipient_ended": (
        "Ce professionnel ne peut plus recevoir vos messages. Votre texte reste en brouillon."
    ),
    "message.recipient_inactive": (
        "Un des destinataires n’a pas de messagerie active sur le portail. Retirez-le, puis envoyez."
    ),
    "message.outside_circle": (
        "Un des destinataires ne suit pas ce patient. Ajoutez-le au cercle de soins, ou retirez-le du message."
    ),
    "message.no_reply": "Ce message d’accueil n’attend pas de réponse.",
    "message.pace": "Vous avez envoyé 60 messages en une heure. Réessayez un peu plus tard\u202f: votre texte est gardé.",
    "message.too_heavy": "Retirez une pièce jointe\u202f: 10\u00a0Mo au plus pour un message.",
    "message.attachment_gone": (
        "Retirez la pièce «\u202f{name}\u202f»\u202f: elle a été supprimée, ou vous n’y avez plus accès."
    ),
    "message.attachment_not_theirs": (
        "Retirez la pièce «\u202f{name}\u202f»\u202f: un des destinataires n’a pas le droit de la lire."
    ),
    "message.attachment_unscanned": (
        "L’analyse d’une pièce jointe n’est pas terminée. Réessayez dans un instant."
    ),
}

PRIORITIES = {
    Priority.CONTACT: "Pour besoin de contact",
    Priority.INFORMATION: "Pour information",
}
