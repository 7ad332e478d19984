"""Words of what patients do with their documents: who reads them, hiding, deleting, adding."""

from app.i18n.document import documents
from app.i18n.format import NARROW, plural
from app.i18n.professional import name_label
from app.services.document_masking import MaskEffect


def lead(count: int, readers: int, *, is_confidential: bool) -> str:
    """`40 documents · visibles par 4 professionnels autorisés`."""
    if not count:
        return _first(readers, is_confidential=is_confidential)
    if is_confidential:
        return f"{documents(count)} · aucun n’est visible des professionnels{NARROW}: votre dossier est confidentiel."
    if not readers:
        return f"{documents(count)} · aucun professionnel n’y a accès."
    visible = "visible" if count < 2 else "visibles"  # noqa: PLR2004 - French counts from two
    who = plural(readers, "professionnel autorisé", "professionnels autorisés")
    return f"{documents(count)} · {visible} par {who}."


def _first(readers: int, *, is_confidential: bool) -> str:
    """Of a record without any document yet: who will read the first one."""
    if is_confidential:
        return (
            f"Aucun professionnel ne verra vos documents{NARROW}: votre dossier est confidentiel."
        )
    if not readers:
        return "Aucun professionnel n’a accès à votre dossier aujourd’hui."
    if readers == 1:
        return "Le professionnel autorisé verra vos documents ici."
    return f"Les {readers}\u00a0professionnels autorisés verront vos documents ici."


VISIBLE = "Visible par les professionnels autorisés"
MASKED = "Masqué"
VISIBILITIES = (("visible", VISIBLE), ("masked", MASKED))
EDITED = "Les modifications de votre document sont enregistrées."
STILL_SEE = "Verront encore"
YOU = "Vous"


def mask_title(count: int, *, is_masking: bool) -> str:
    """`Masquer ce document ?`, `Rendre visibles 3 documents ?`."""
    return f"{mask_verb(count, is_masking=is_masking)}{NARROW}?"


def mask_verb(count: int, *, is_masking: bool) -> str:
    """`Masquer ce document`, `Rendre visibles 3 documents`."""
    if count == 1:
        return "Masquer ce document" if is_masking else "Rendre ce document visible"
    return f"{'Masquer' if is_masking else 'Rendre visibles'} {documents(count)}"


def mask_lines(effect: MaskEffect, readers: list[str], *, is_masking: bool) -> list[str]:
    """Who will no longer see the documents, or will see them again."""
    which = "ce document" if effect.documents == 1 else f"ces {documents(effect.documents)}"
    if not readers:
        return [
            "Aucun professionnel n’a accès à votre dossier aujourd’hui. Votre choix vaudra pour les prochains."
        ]
    still = {*effect.depositors, *(name_label(card) for card in effect.administrators)}
    others = [who for who in readers if who.partition(",")[0] not in still]
    if is_masking:
        if not others:
            return [
                "Tous ceux qui ont accès à votre dossier aujourd’hui continueront à voir ce qu’ils ont déposé."
            ]
        return [f"Ne verront plus {which}{NARROW}: {_listed(others)}."]
    return [f"Verront de nouveau {which}, selon leur profession{NARROW}: {_listed(readers)}."]


def _listed(names: list[str]) -> str:
    return f"{NARROW}; ".join(names)


def still_see(effect: MaskEffect) -> list[str]:
    """Who keeps seeing masked documents: the patient, each depositor, doctors with the status (ME-102, U-17)."""
    deposited = "qui l’a déposé" if effect.documents == 1 else "pour ses propres dépôts"
    return [
        YOU,
        *(f"{name}, {deposited}" for name in effect.depositors),
        *(f"{name_label(card)}, au statut administrateur" for card in effect.administrators),
    ]


def masked(count: int, *, is_masked: bool) -> str:
    """`3 documents sont masqués`."""
    if not count:
        return "Rien n’a changé."
    if count == 1:
        return "Le document est masqué." if is_masked else "Le document est de nouveau visible."
    return f"{documents(count)} sont {'masqués' if is_masked else 'de nouveau visibles'}."


def deleted(count: int) -> str:
    """`Le document est supprimé`."""
    return "Le document est supprimé." if count == 1 else f"{documents(count)} sont supprimés."


def restored(count: int) -> str:
    """`Le document est de nouveau dans votre dossier`."""
    if count == 1:
        return "Le document est de nouveau dans votre dossier."
    return f"{documents(count)} sont de nouveau dans votre dossier."


def file_of(number: int, files: int) -> str:
    """`Fichier 1 sur 3`, '' for a single one."""
    return f"Fichier {number} sur {files}" if files > 1 else ""


def added(title: str) -> str:
    """`« Ordonnance » est ajouté à vos documents`."""
    return f"«{NARROW}{title.strip()}{NARROW}» est ajouté à vos documents."


def given_up(name: str) -> str:
    """`« scan0001 » n’est pas ajouté`."""
    return f"«{NARROW}{name}{NARROW}» n’est pas ajouté."
