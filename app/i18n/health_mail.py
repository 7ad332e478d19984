"""Words of health mail: the administrators' page, why a server or an archive cannot be used."""

from app.i18n.administration import when
from app.i18n.format import NARROW, number
from app.models.health_mail import MailReason
from app.services.health_mail_admin import HealthMailPage

ARCHIVE_TITLE = "Documents de cette archive"
KEEP = "Enregistrer dans mes documents"
NOT_KEPT = "À télécharger avec l’archive"
NOBODY = "Non lisible"
ASKED = "Le portail réessaie dans moins d’une minute."
DISCARDED = "Le message est écarté."
REASONS = {
    MailReason.MALFORMED: "Illisible",
    MailReason.TOO_LARGE: "Plus de 25 Mo",
    MailReason.SENDER_AMBIGUOUS: "Expéditeur absent ou ambigu",
    MailReason.SENDER_UNPROVEN: "Expéditeur non authentifié",
    MailReason.TOO_MANY_PARTS: "Trop de pièces jointes",
    MailReason.TOO_MANY_RECIPIENTS: "Trop de destinataires",
    MailReason.UNKNOWN_SENDER: "Expéditeur hors des domaines autorisés",
    MailReason.UNKNOWN_RECIPIENT: "Aucun patient à cette adresse",
    MailReason.HARMFUL: "Pièce jointe dangereuse",
    MailReason.FAULT: "Erreur du portail",
    MailReason.REPORT: "Avis automatique",
}

MESSAGES = {
    "health_mail.address_refused": "L’adresse du destinataire n’est pas correcte",
    "health_mail.certificate": "Le serveur de la messagerie de santé présente un certificat qui n’est pas reconnu",
    "health_mail.fault": "Une erreur du portail empêche cet échange",
    "health_mail.later": "Le serveur de la messagerie de santé demande de réessayer plus tard",
    "health_mail.mailbox_closed": "La messagerie du destinataire est fermée",
    "health_mail.mailbox_full": "La messagerie du destinataire est pleine",
    "health_mail.mailbox_unknown": "Le destinataire n’existe pas à cette adresse",
    "health_mail.no_address": "Le patient n’a plus d’adresse sécurisée",
    "health_mail.no_receipt": "Aucun accusé de lecture ne peut être envoyé pour ce message.",
    "health_mail.no_retry": f"Ce message n’a pas été gardé{NARROW}: il peut seulement être écarté.",
    "health_mail.not_encrypted": "La messagerie de santé refuse une connexion sans chiffrement",
    "health_mail.not_found": "Ce message n’est plus en quarantaine.",
    "health_mail.rejected": "La messagerie de santé n’a pas pu remettre ce message au destinataire",
    "health_mail.setup": "Les réglages de la messagerie de santé sont incomplets",
    "health_mail.sign_in_refused": "La messagerie de santé refuse l’identifiant ou le mot de passe",
    "health_mail.silent": "Le serveur de la messagerie de santé ne répond pas",
    "health_mail.too_large": "Le message est trop volumineux pour la messagerie du destinataire",
    "health_mail.unreachable": "Le serveur de la messagerie de santé n’est pas joignable",
    "xdm.damaged": f"Cette archive est endommagée{NARROW}: vous pouvez seulement la télécharger.",
    "xdm.empty": f"Cette archive ne décrit aucun document{NARROW}: vous pouvez seulement la télécharger.",
    "xdm.link": f"Cette archive contient des liens, elle n’est pas ouverte{NARROW}: vous pouvez seulement la télécharger.",
    "xdm.no_document": "Ce document n’est pas dans l’archive",
    "xdm.not_one": "Ce fichier n’est pas une archive de documents",
    "xdm.too_large": f"Cette archive est trop volumineuse pour être ouverte{NARROW}: vous pouvez seulement la télécharger.",
    "xdm.too_many": f"Cette archive contient trop de fichiers pour être ouverte{NARROW}: vous pouvez seulement la télécharger.",
    "xdm.xml": f"La description de cette archive n’est pas lisible{NARROW}: vous pouvez seulement la télécharger.",
}


def connection(found: HealthMailPage) -> list[tuple[str, str]]:
    """The state of the connection, line by line."""
    return [
        ("Domaine des adresses des patients", found.domain or "Aucun"),
        ("Réception", "En service" if found.comes_in else "Arrêtée"),
        ("Dernière lecture réussie", when(found.looked_at)),
        ("Envoi", "En service" if found.goes_out else "Arrêté"),
        ("Réponses en attente d’envoi", number(found.waiting)),
    ]


def trouble(found: HealthMailPage) -> str:
    """Why the last look failed, and when; nothing when it went well."""
    if not found.error:
        return ""
    reason = MESSAGES.get(found.error, MESSAGES["health_mail.fault"])
    return f"{reason.rstrip('.')} ({when(found.failed_at)}). Le portail réessaie toutes les 30 secondes."
