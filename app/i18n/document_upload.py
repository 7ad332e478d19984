"""What is said of a file that arrives, before its form (ME-091 to ME-098)."""

from app.i18n.file_check import FORMATS, removed_sentence
from app.i18n.format import NARROW, file_size
from app.services.document_upload import Upload

MESSAGES = {
    "document.quota_files": "Ce dossier contient déjà {files} fichiers, le nombre permis. Supprimez-en avant d’en ajouter",
    "document.quota_bytes": "Ce dossier atteindrait {megabytes}\u00a0Mo, la taille permise. Supprimez des documents avant d’en ajouter",
    "document.upload_pace": "Beaucoup de fichiers viennent d’être envoyés. Réessayez dans 10\u00a0minutes",
    "document.upload_busy": "Beaucoup de fichiers arrivent en ce moment. Réessayez dans une minute",
    "document.upload_cut": "L’envoi s’est interrompu et rien n’a été enregistré. Renvoyez ce fichier",
}  # fmt: skip
LIMITS = f"{FORMATS}. 5\u00a0Mo au plus par fichier."
BROWSE = "Parcourir les fichiers"
DROP = "Déposez vos fichiers ici"
SENT_LIST = "Fichiers envoyés"
CONVERTED = "Cette image PNG est enregistrée en JPG."
DUPLICATE = "Ce fichier est déjà dans ce dossier."
UNSCANNED = "Analyse en cours."
INFECTED = (
    f"L’antivirus y a reconnu un contenu dangereux{NARROW}: ce fichier ne peut pas être ajouté."
)
FORMAT_LABELS = {"jpg": "JPG", "pdf": "PDF", "txt": "TXT", "rtf": "RTF", "tif": "TIF"}


def ready_sentence(upload: Upload) -> str:
    """`« Bilan » est prêt : PDF, 1,2 Mo.`, then what whoever sent it has to know."""
    about = f"{FORMAT_LABELS[upload.format]}, {file_size(upload.byte_size)}"
    sentences = [f"«{NARROW}{upload.name}{NARROW}» est prêt{NARROW}: {about}.", *notices(upload)]
    return " ".join(sentences)


def notices(upload: Upload) -> list[str]:
    """What was changed in a file, and what is particular about it."""
    found = [
        CONVERTED if upload.was_converted else "",
        removed_sentence(upload.removed),
        DUPLICATE if upload.is_duplicate else "",
        UNSCANNED if upload.is_unscanned else "",
        INFECTED if upload.is_infected else "",
    ]
    return [sentence for sentence in found if sentence]
