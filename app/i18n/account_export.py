"""Words of the export of one's data. Its JSON keeps the names of the product; its page is in French."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from html import escape
from typing import Any

from app.i18n.format import day, moment
from app.models.account_export import ExportState

MESSAGES = {
    "export.not_found": (
        "Ce fichier n’est plus disponible : il ne se télécharge qu’une fois, dans l’heure. "
        "Préparez-en un autre."
    ),
}

STATES = {
    ExportState.WAITING: "Votre demande va être traitée",
    ExportState.RUNNING: "Préparation en cours",
    ExportState.READY: "Votre fichier est prêt",
    ExportState.FAILED: "Le fichier n’a pas pu être préparé",
    ExportState.FETCHED: "Fichier téléchargé",
    ExportState.EXPIRED: "Fichier supprimé sans avoir été téléchargé",
}

READY_NOTE = "{size}, à télécharger une seule fois avant {until}"

SECTIONS = {
    "account": "Votre compte",
    "professional": "Votre exercice",
    "addresses": "Vos adresses e-mail",
    "phones": "Vos téléphones",
    "notifications": "Vos notifications par e-mail",
    "members": "Les personnes de votre compte partagé",
    "identity_changes": "Vos demandes de changement d’identité",
    "authenticator": "Votre application d’authentification",
    "recovery_codes": "Vos codes de secours",
    "federated_identities": "Pro Santé Connect",
    "devices": "Vos appareils connus",
    "sign_ins": "Vos connexions",
    "exports": "Vos exports",
    "acceptances": "Les textes que vous avez acceptés",
    "delegations": "Vos délégations",
    "applications": "Vos applications",
    "messages": "Vos messages (les pièces jointes se téléchargent depuis la messagerie)",
    "drafts": "Vos brouillons de messages",
    "circle": "Votre cercle de soins",
    "consents": "Vos accords",
    "record": "Vos choix sur votre dossier",
    "documents": "Vos documents (les fichiers se téléchargent depuis la page Documents)",
    "journal": "Votre historique",
}

FIELDS = {
    "allows_emergency": "Tous les professionnels en urgence",
    "allows_masked_in_emergency": "Documents masqués en urgence",
    "allows_regulation": "SAMU",
    "deletion_asked_at": "Suppression demandée le",
    "deposited_at": "Déposé le",
    "depositor_name": "Déposé par",
    "depositor_place": "Lieu",
    "document_date": "Date du document",
    "document_type": "Type",
    "format": "Format",
    "is_confidential": "Tout masqué",
    "is_masked": "Masqué",
    "revision": "Version",
    "state_at": "État depuis le",
    "accepted_at": "Accepté le",
    "action": "Action",
    "actor": "Par",
    "added_by": "Ajouté par",
    "address": "Adresse",
    "asked_at": "Demandé le",
    "at": "Date",
    "attachments": "Pièces jointes",
    "author": "De",
    "behalf": "Pour",
    "card_number": "Carte CPS ou CPE",
    "chosen_at": "Choisi le",
    "civility": "Civilité",
    "claimed_until": "Pris en charge jusqu’au",
    "collected_by": "Recueilli par",
    "confirmed_at": "Confirmée le",
    "contact_per_day": "E-mails par jour, pour besoin de contact",
    "consented_at": "Accord donné le",
    "created_at": "Créé le",
    "decided_at": "Répondu le",
    "decision": "Réponse",
    "delegate_number": "Numéro du délégué",
    "device": "Appareil",
    "direction": "Sens",
    "email": "Adresse de connexion",
    "end_reason": "Motif de fin",
    "ended_at": "Terminé le",
    "ends_on": "Jusqu’au",
    "expires_at": "Expire le",
    "factor_at": "Second facteur donné le",
    "family_name": "Nom",
    "first_seen_at": "Vu la première fois le",
    "for_professional": "Professionnel",
    "forgotten_at": "Oublié le",
    "given_name": "Prénom",
    "given_on": "Donné le",
    "has_enrolled": "A inscrit le patient",
    "has_patient": "Concerne un patient",
    "identifier": "Identifiant",
    "identity_certified_at": "Identité certifiée le",
    "read_at": "Lu le",
    "saved_at": "Enregistré le",
    "sent_at": "Envoyé le",
    "text": "Texte",
    "psc_unlinked_at": "Pro Santé Connect dissocié le",
    "information": "E-mails pour information",
    "is_me": "Vous",
    "is_starred": "Reçoit les notifications",
    "is_system": "Par le portail",
    "issuer": "Fournisseur d’identité",
    "kind": "Nature",
    "label": "Nom",
    "last_act_at": "Dernière action le",
    "last_seen_at": "Vu la dernière fois le",
    "linked_at": "Relié le",
    "login_name": "Identifiant",
    "may_remove": "Peut être retiré",
    "method": "Moyen",
    "mode": "Manière",
    "name": "Nom",
    "notice_handed_on": "Notice remise le",
    "notice_version": "Version de la notice",
    "number": "Numéro",
    "patient": "Patient",
    "place_city": "Ville",
    "place_name": "Lieu d’exercice",
    "priority": "Priorité",
    "profession": "Profession (code national)",
    "professional": "Professionnel",
    "progress": "Avancement (%)",
    "ready_at": "Prêt le",
    "reason": "Motif",
    "recorded_at": "Enregistré le",
    "result": "Résultat",
    "role": "Type de compte",
    "rpps": "RPPS",
    "scope": "Étendue",
    "seq": "Numéro de ligne",
    "shared_title": "Intitulé du compte",
    "signed_name": "Nom signé",
    "since": "Depuis le",
    "size_bytes": "Taille (octets)",
    "speciality": "Spécialité",
    "starts_on": "À partir du",
    "state": "État",
    "subject": "Identifiant chez le fournisseur",
    "title": "Texte",
    "used_at": "Utilisé le",
    "verified_at": "Vérifié le",
    "version": "Version",
    "withdrawn_at": "Retiré le",
}

# Enumerations of the product, in words.
VALUES = {
    "active": "actif",
    "administrator": "administration",
    "approved": "approuvée",
    "access": "accès",
    "both": "lecture et ajout",
    "box": "case cochée",
    "change": "modification",
    "circle_addition": "ajout d’un professionnel",
    "closed": "fermé",
    "daily": "une fois par jour",
    "every_three_days": "tous les 3 jours",
    "email_code": "code par e-mail",
    "enrolment": "inscription dans le suivi",
    "expired": "supprimé sans être téléchargé",
    "open": "ouvert",
    "opposed": "refusé",
    "failed": "non préparé",
    "fetched": "téléchargé",
    "given": "accordée",
    "manage": "tout le suivi",
    "operator": "code opérateur",
    "oral": "oral",
    "patient": "patient",
    "pending": "en attente",
    "professional": "professionnel de santé",
    "psc": "Pro Santé Connect",
    "read": "lecture",
    "ready": "prêt",
    "received": "reçue",
    "record": "saisie du suivi",
    "recovery_code": "code de secours",
    "refusal": "refus",
    "refused": "refusée",
    "running": "en préparation",
    "scan": "contrat numérisé",
    "secretary": "secrétariat",
    "sms_code": "code par SMS",
    "suspended": "suspendu",
    "totp": "application d’authentification",
    "typed_name": "nom saisi",
    "waiting": "en attente",
    "weekly": "une fois par semaine",
    "withdrawn": "retirée",
    "written": "écrit",
}

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2024}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "th,td{text-align:left;vertical-align:top;border-top:1px solid #d9d9e0;padding:.4rem .6rem}"
    "h2{margin-top:2.5rem}"
)


def export_page_head(at: datetime) -> str:
    """The beginning of the readable page of an export."""
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Vos données – Liane</title>'
        f"<style>{_STYLE}</style></head><body><h1>Vos données</h1>"
        f"<p>Préparé le {moment(at)}. Les mêmes données, pour un logiciel, sont dans le fichier "
        "donnees.json ; votre historique complet est dans historique.json.</p>"
    )


def export_page_end() -> str:
    """Its end."""
    return "</body></html>\n"


def export_section(name: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """One section of the page: a table for each row, with the fields that say something."""
    tables = "".join(f"<table><tbody>{_lines(row)}</tbody></table>" for row in rows)
    return f"<h2>{escape(SECTIONS[name])}</h2>{tables}"


def _lines(row: Mapping[str, Any]) -> str:
    return "".join(
        f'<tr><th scope="row">{escape(FIELDS.get(name, name))}</th><td>{escape(_words(value))}</td></tr>'
        for name, value in row.items()
        if not _is_blank(value)
    )


def _is_blank(value: object) -> bool:
    return value is None or value in ("", [], {}, ())


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return ", ".join(_words(inner) for inner in value.values() if not _is_blank(inner))
    if isinstance(value, list | tuple):
        return ", ".join(_words(inner) for inner in value)
    plain = str(value.value) if isinstance(value, Enum) else str(value)
    return VALUES.get(plain, plain)
