"""Words of the legal texts: terms of use, contract, proofs of acceptance."""

from datetime import datetime

from app.i18n.account_admin import ROLES
from app.i18n.format import day, local_day
from app.models.legal_text import AcceptanceMode, LegalTextKind
from app.services.legal_text_admin import AcceptanceRow

KINDS = {
    LegalTextKind.TERMS: "Conditions générales d’utilisation",
    LegalTextKind.CONTRACT: "Contrat des professionnels de santé",
    LegalTextKind.NOTICE: "Notice d’information",
}
MODES = {
    AcceptanceMode.BOX: "Case cochée",
    AcceptanceMode.TYPED_NAME: "Nom tapé",
    AcceptanceMode.SCAN: "Exemplaire déposé",
    AcceptanceMode.PSC: "Pro Santé Connect",
}

MESSAGES = {
    "legal_text.none": "Aucun texte de ce genre n’est publié.",
    "legal_text.not_found": "Ce texte est introuvable.",
    "legal_text.not_concerned": "Ce texte ne concerne pas ce compte.",
    "legal_text.own_only": "Chacun accepte un texte pour soi-même.",
    "legal_text.superseded": "Une nouvelle version de ce texte vient de paraître. Lisez-la d’abord.",
    "legal_text.owed": "Lisez et acceptez d’abord les textes de ce portail.",
    "legal_text.signature": "Tapez votre prénom et votre nom, comme sur votre compte",
    "legal_text.not_ticked": "Cochez la case pour accepter ce texte",
    "legal_text.title": "Saisissez un titre de 200 caractères au plus",
    "legal_text.body_missing": "Saisissez le texte",
    "legal_text.published_already": (
        "Ce texte est déjà publié\u202f: il ne change plus. Écrivez une nouvelle version."
    ),
    "legal_text.draft_changed": (
        "Quelqu’un a modifié ce brouillon entre-temps. Relisez-le avant de le publier."
    ),
}


def version_line(version: int, published_at: datetime | None) -> str:
    """`Version 2, publiée le 5 mars 2026`; a draft is called one."""
    if published_at is None:
        return f"Brouillon de la version {version}"
    return f"Version {version}, publiée le {day(local_day(published_at))}"


def progress(owed: int) -> str:
    """What waits before the portal opens."""
    if owed > 1:
        return f"{owed} textes sont à lire et à accepter pour utiliser ce portail."
    return "Un texte est à lire et à accepter pour utiliser ce portail."


DRAFT_SAVED = "Le brouillon est enregistré."
PUBLISHED = "Le texte est en vigueur. Chaque personne concernée le lira et l’acceptera à sa prochaine action."
NOTICE_PUBLISHED = "La notice est en vigueur. C’est elle qui se remet aux patients désormais."
DISCARDED = "Le brouillon est supprimé."


def state_of(published_at: datetime | None, *, is_in_force: bool) -> tuple[str, str]:
    """Word and tone of a version."""
    if published_at is None:
        return "Brouillon", "line"
    return ("En vigueur", "success") if is_in_force else ("Remplacée", "")


def proof_heads() -> list[str]:
    """The heads of the exported proofs."""
    return [
        "Nom",
        "Prénom",
        "E-mail",
        "Rôle",
        "Manière",
        "Signature",
        "Acceptée le (UTC)",
        "Adresse",
        "Empreinte SHA-256 du texte",
    ]


def proof_cells(row: AcceptanceRow) -> list[str]:
    """One exported proof."""
    return [
        row.family_name,
        row.given_name,
        row.email,
        ROLES[row.role],
        MODES[row.mode],
        row.signed_name,
        row.accepted_at.isoformat(timespec="seconds"),
        row.address,
        row.digest,
    ]
