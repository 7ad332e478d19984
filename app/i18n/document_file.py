"""Documents that are downloaded: names of archives, what is left out of one, what cannot be sent."""

from collections.abc import Sequence

from app.i18n.format import plural

MESSAGES = {
    "document.busy": "Trop de documents sont téléchargés en ce moment. Réessayez dans une minute",
    "document.too_many_files": "Choisissez 200 documents au plus à télécharger ensemble",
}
NO_FILE = "Document indisponible"
BACK = "Revenir au portail"
ARCHIVE_NAME = "documents.zip"
LEFT_OUT_NAME = "LISEZ-MOI.txt"


def left_out(reasons: Sequence[str]) -> str:
    """What stands in an archive in place of the documents that could not be read."""
    first = f"{plural(len(reasons), 'document demandé n’est pas', 'documents demandés ne sont pas')} dans cette archive."
    return "\r\n".join([first, "", *(f"- {reason}." for reason in reasons), ""])
