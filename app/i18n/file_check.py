"""Why a file is refused, and what was taken out of one that is kept (ME-096, S095)."""

from app.i18n.format import NARROW

FORMATS = f"Formats acceptés{NARROW}: JPG, PDF, PNG, TXT, RTF, TIF"
MESSAGES = {
    "file.empty": "Ce fichier est vide. Choisissez-en un autre",
    "file.too_large": "Le fichier pèse {megabytes}\u00a0Mo. La taille maximale est de 5\u00a0Mo",
    "file.kind": FORMATS,
    "file.name": "Le nom de ce fichier ne peut pas être repris. Renommez-le en 255 caractères au plus, puis envoyez-le à nouveau",
    "file.mismatch": "Le contenu de ce fichier ne correspond pas à son nom. Enregistrez-le à nouveau dans le format voulu, puis renvoyez-le",
    "file.damaged": "Ce fichier est endommagé ou incomplet. Ouvrez-le sur votre appareil, enregistrez-le à nouveau, puis renvoyez-le",
    "file.password": "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis renvoyez-le",
    "file.no_page": "Ce fichier ne contient aucune page. Choisissez-en un autre",
    "file.signed_active": "Ce PDF est signé et contient des éléments actifs, qui ne peuvent pas être retirés sans rompre la signature. Imprimez-le en PDF, puis envoyez ce nouveau fichier",
    "file.too_many_pixels": f"Cette image est trop grande. Réduisez-la à 64\u00a0millions de pixels et 20{NARROW}000\u00a0pixels de côté au plus, puis renvoyez-la",
    "file.too_many_pages": f"Ce fichier a trop de pages. Séparez-le en fichiers de 200\u00a0pages au plus (TIF) ou de 2{NARROW}000\u00a0pages au plus (PDF)",
    "file.rtf_object": "Ce texte contient un objet ou un lien vers un autre fichier. Enregistrez-le en PDF, puis envoyez ce nouveau fichier",
    "file.text_encoding": "Ce fichier n’est pas un texte lisible. Enregistrez-le en texte UTF-8, puis renvoyez-le",
    "file.converted_too_large": "Une fois mise en forme pour le portail, cette image dépasse la taille permise. Réduisez-la, puis renvoyez-la",
    "file.infected": "L’antivirus a reconnu un contenu dangereux dans ce fichier. Il n’a pas été enregistré",
    "file.scanner_silent": "L’antivirus ne répond pas. Le fichier sera visible dès qu’il l’aura analysé",
    "file.check_failed": "Ce fichier n’a pas pu être vérifié. Réessayez\u202f; s’il est refusé à nouveau, enregistrez-le en PDF ou en JPG",
}  # fmt: skip

# What was taken out, as it is told to whoever sent the file.
REMOVED = {
    "javascript": "des programmes JavaScript",
    "attachments": "des fichiers joints",
    "launch": "une commande qui lance un programme",
    "submit": "un envoi de formulaire",
    "import": "un import de données",
    "remote": "des liens vers d’autres fichiers",
    "media": "des sons, vidéos ou objets 3D",
    "xfa": "un formulaire dynamique XFA",
    "metadata": "les informations de l’appareil, de lieu et d’auteur",
}
REPAIRED = "La structure de ce PDF a été réparée."


def removed_sentence(codes: tuple[str, ...]) -> str:
    """`Nous avons retiré de ce fichier des programmes JavaScript et des fichiers joints`, as a sentence."""
    words = [REMOVED[code] for code in codes if code in REMOVED]
    sentences = []
    if words:
        *first, last = words
        listed = f"{', '.join(first)} et {last}" if first else last
        sentences.append(f"Nous avons retiré de ce fichier {listed}.")
    if "repaired" in codes:
        sentences.append(REPAIRED)
    return " ".join(sentences)
