"""Files at rest: why one cannot be read or kept for now, and what the commands about keys say."""

from collections.abc import Sequence

from app.i18n.format import plural
from app.services.stored_file_key import KeyUse

MESSAGES = {
    "document.file_damaged": "Ce fichier a été altéré dans le stockage et ne peut pas être ouvert. L’administration de l’instance en est avertie",
    "document.file_missing": "Ce fichier est introuvable dans le stockage. L’administration de l’instance en est avertie",
    "document.key_missing": "La clé qui ouvre ce fichier manque sur le serveur. L’administration de l’instance en est avertie",
    "document.store_full": "Il ne reste pas assez de place pour déposer ce document. Rien n’a été enregistré\u202f; réessayez plus tard",
    "document.store_unreachable": "Le stockage des documents ne répond pas. Rien n’est perdu\u202f; réessayez dans quelques minutes",
}


def key_lines(uses: Sequence[KeyUse]) -> list[str]:
    """One line for each key: its name, its place, the files it opens."""
    return [
        f"{use.key_id}  {_place(use)}  {plural(use.files, 'fichier', 'fichiers')}" for use in uses
    ]


def _place(use: KeyUse) -> str:
    if not use.is_held:
        return "absente du fichier de clé"
    return "en service" if use.is_newest else "ancienne"


def left_words(left: int) -> str:
    """How many files are still under an earlier key, at the end of a rotation."""
    return f"{plural(left, 'fichier', 'fichiers')} sous une ancienne clé"
