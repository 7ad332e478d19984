"""Words of the files of messages: adding, reading, keeping them (ME-133, ME-137 to ME-147, ME-152 to ME-159)."""

from app.i18n.document import FORMATS
from app.i18n.document_upload import CONVERTED, UNSCANNED
from app.i18n.file_check import removed_sentence
from app.i18n.format import NARROW, file_size, plural
from app.models.document import FileFormat, ScanState
from app.services.document_upload import Prepared
from app.services.message_attachment import MAX_TOTAL_BYTES
from app.services.message_reading import AttachedFile

MESSAGES = {
    "message.attachment_not_found": "Cette pièce jointe n’existe plus, ou vous n’y avez plus accès.",
    "message.too_many_attachments": "Un message porte {most}\u00a0pièces jointes au plus. Retirez-en une, ou envoyez un second message",
    "message.attachment_not_savable": "Cette pièce jointe ne peut pas être ajoutée à vos documents. Vous pouvez la télécharger",
    "file.unscanned": "L’antivirus n’a pas encore analysé ce fichier. Réessayez dans quelques minutes",
    "file.refused": "L’antivirus a reconnu un contenu dangereux dans ce fichier. Il ne peut pas être ouvert",
}  # fmt: skip

TITLE = "Pièces jointes"
DEVICE, PAPERS, DOCUMENTS, PROFILE = (
    "Mes fichiers",
    "Pièces administratives",
    "Mes documents",
    "Mon profil médical",
)
JOIN = "Joindre"
OF_PATIENT = "Documents du patient"
ADD = "Ajouter"
BACK = "Retour à la conversation"
SAVE = "Enregistrer dans mes documents"
REPLY = "Répondre"
DOWNLOAD = "Télécharger"
ALREADY = "Ce que vous avez choisi est déjà joint."
SAVED = "Le document a été ajouté."
NO_PAPERS = "Vous n’avez pas encore de pièce administrative"
NO_PAPERS_HINT = (
    "Une pièce d’identité, une attestation de droits, une carte de mutuelle s’ajoutent dans Documents, "
    "catégorie «\u202fPièces administratives\u202f»."
)
NO_DOCUMENTS = "Vous n’avez pas encore de document"
NO_DOCUMENTS_HINT = (
    "Les documents que vous ajoutez, et ceux que vos professionnels déposent, seront proposés ici."
)
NO_RECORD = "Aucun document de ce patient ne vous est ouvert"
NO_RECORD_HINT = "Les documents que vous pouvez lire dans son dossier seront proposés ici."
NONE_FOUND = "Aucun document ne correspond. Changez la catégorie ou les mots cherchés."
OFFERED = "Documents à joindre"
SEARCH = "Rechercher par le nom"
ALL_CATEGORIES = "Toutes"
NO_PATIENT = (
    "Choisissez d’abord le patient dont vous parlez\u202f: ses documents seront proposés ici."
)
CANNOT_SHOW = "Cette pièce jointe ne peut pas être affichée"
CANNOT_SHOW_HINT = "Téléchargez-la pour l’ouvrir avec une autre application."
INCOMPATIBLE = "Cette pièce jointe n’est pas dans un format du portail"
INCOMPATIBLE_HINT = (
    "Vous pouvez seulement la télécharger. N’ouvrez que ce que vous attendiez de cet expéditeur."
)
WAITS = "L’antivirus analyse cette pièce jointe"
WAITS_HINT = (
    "Elle pourra être ouverte dès qu’il aura terminé, en général dans les minutes qui viennent."
)
REFUSED = "Cette pièce jointe contient un élément dangereux"
REFUSED_HINT = "L’antivirus l’a reconnu. Le fichier ne peut être ni ouvert, ni téléchargé."

_PICTURES = frozenset({FileFormat.JPG, FileFormat.TIF})


def kind_and_size(kind: FileFormat, byte_size: int) -> str:
    """`PDF · 184 Ko`."""
    return f"{FORMATS[kind]} · {file_size(byte_size)}"


def icon_of(kind: FileFormat) -> str:
    """The sign of a format."""
    if kind is FileFormat.OTHER:
        return "file"
    return "image" if kind in _PICTURES else "file-text"


def joined(names: list[str]) -> str:
    """`« Bilan.pdf » a été joint.`, `3 documents ont été joints.`."""
    if len(names) == 1:
        return f"«{NARROW}{names[0]}{NARROW}» a été joint."
    return f"{plural(len(names), 'document a', 'documents ont')} été joints."


def joined_sentence(added: AttachedFile, prepared: Prepared) -> str:
    """What is said beside a file that arrived: that it is attached, and what was changed in it."""
    about = kind_and_size(added.format, added.byte_size)
    sentences = [
        f"«{NARROW}{added.name}{NARROW}» a été joint{NARROW}: {about}.",
        CONVERTED if prepared.was_converted else "",
        removed_sentence(prepared.removed),
        UNSCANNED if added.scan is ScanState.PENDING else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def removed(name: str) -> str:
    """`« Bilan.pdf » a été retiré du message.`."""
    return f"«{NARROW}{name}{NARROW}» a été retiré du message."


def weight(byte_size: int) -> str:
    """`4,4 Mo sur 10 Mo`."""
    return f"{file_size(byte_size)} sur {file_size(MAX_TOTAL_BYTES)}"


def found(count: int) -> str:
    """`12 documents`, `Aucun document ne correspond`."""
    return plural(count, "document", "documents") if count else NONE_FOUND


def following(left: int, most: int) -> str:
    """`Afficher 40 documents de plus`, and nothing at the end."""
    return (
        f"Afficher {plural(min(left, most), 'document', 'documents')} de plus" if left > 0 else ""
    )


def chosen(count: int) -> str:
    """`2 documents choisis`."""
    return plural(count, "document choisi", "documents choisis")


def remove_label(name: str) -> str:
    """`Retirer Bilan.pdf`."""
    return f"Retirer {name}"
