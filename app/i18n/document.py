"""Words of the documents: the groupings they are shown in."""

from datetime import datetime

from app.i18n.format import NARROW, day, file_size, moment, plural
from app.models.document import DocumentClass, FileFormat, PatientCategory, RecordCategory
from app.services.document_query import DocumentSort
from app.services.document_row import DocumentRow

PATIENT_CATEGORIES = {
    PatientCategory.SUMMARY: "Ma santé en résumé",
    PatientCategory.PRESCRIPTIONS: "Ordonnances et soins",
    PatientCategory.IMAGING: "Radio, écho, scanner, IRM",
    PatientCategory.LABORATORY: "Résultats de biologie",
    PatientCategory.REPORTS: "Comptes rendus",
    PatientCategory.PREVENTION: "Prévention et dépistage",
    PatientCategory.CERTIFICATES: "Certificats médicaux",
    PatientCategory.OTHER: "Autres documents",
    PatientCategory.ADMINISTRATIVE: "Pièces administratives",
}
RECORD_CATEGORIES = {
    RecordCategory.SUMMARIES: "Synthèses",
    RecordCategory.TREATMENTS: "Traitements et soins",
    RecordCategory.REPORTS: "Comptes-rendus",
    RecordCategory.IMAGING: "Imagerie médicale",
    RecordCategory.LABORATORY: "Biologie",
    RecordCategory.PREVENTION: "Prévention",
    RecordCategory.CERTIFICATES: "Certificats, déclarations",
    RecordCategory.REIMBURSEMENT: "Données de remboursement",
    RecordCategory.PATIENT_OTHER: "Autres documents déposés par le patient",
    RecordCategory.ADMINISTRATIVE: "Documents administratifs et de gestion",
}
CLASSES = {
    DocumentClass.REPORT: "Compte rendu",
    DocumentClass.SUMMARY: "Synthèse",
    DocumentClass.IMAGING: "Imagerie médicale",
    DocumentClass.PRESCRIPTION: "Prescription",
    DocumentClass.DISPENSATION: "Dispensation",
    DocumentClass.CARE_PLAN: "Plan de soins, protocole de soins",
    DocumentClass.ADMINISTERED_TREATMENT: "Traitement administré",
    DocumentClass.CERTIFICATE: "Certificat, déclaration",
    DocumentClass.REIMBURSEMENT: "Données de remboursement",
    DocumentClass.PATIENT_DEPOSIT: "Autres documents déposés par le patient",
    DocumentClass.MANAGEMENT: "Document de gestion",
}


FORMATS = {
    FileFormat.JPG: "JPG",
    FileFormat.PDF: "PDF",
    FileFormat.TXT: "TXT",
    FileFormat.RTF: "RTF",
    FileFormat.TIF: "TIF",
    FileFormat.OTHER: "Fichier",
}

MESSAGES = {
    "document.not_found": "Ce document n’existe pas, ou vous n’y avez plus accès.",
    "document.title_missing": "Saisissez le nom du document",
    "document.title_too_long": "Raccourcissez le nom du document\u202f: 255\u00a0caractères au plus",
    "document.date_missing": "Saisissez la date du document",
    "document.date_future": "La date du document ne peut pas être dans le futur",
    "document.category_missing": "Choisissez une catégorie",
    "document.type_unknown": "Choisissez le type du document dans la liste",
    "document.type_missing": "Choisissez le type du document",
    "document.type_forbidden": "Votre profession ne dépose pas ce type de document"
    f"{NARROW}: choisissez-en un autre",
    "document.one_hiding": "Un document ne peut pas être à la fois masqué aux professionnels et non "
    f"visible du patient{NARROW}: choisissez l’un ou l’autre.",
    "document.hiding_forbidden": "Seul un professionnel peut rendre un document non visible.",
    "document.announce_past": "La date d’annonce doit être aujourd’hui ou plus tard",
    "document.announce_late": "La date d’annonce doit être dans l’année",
    "document.duplicate": "Ce fichier est déjà dans le dossier. Voulez-vous l’ajouter une seconde fois"
    f"{NARROW}?",
    "document.unchanged": "Ce fichier est le même que la version déposée"
    f"{NARROW}: choisissez le fichier corrigé.",
    "document.upload_gone": "Ce fichier n’est plus en attente"
    f"{NARROW}: choisissez-le de nouveau, puis validez.",
    "document.deposit_forbidden": "Votre profession ne permet pas de déposer de document dans ce dossier.",
    "document.replace_forbidden": "Ajoutez le nouveau document, puis supprimez l’ancien.",
    "document.change_forbidden": "Seule la personne qui a déposé ce document peut le modifier.",
    "document.delete_forbidden": "Vous ne pouvez supprimer que les documents que vous avez déposés"
    f"{NARROW}; vous pouvez masquer les autres.",
    "document.mask_forbidden": "Seuls le patient et la personne qui a déposé un document peuvent le "
    "masquer.",
    "document.mask_is_patients": "Le patient a masqué ce document"
    f"{NARROW}: lui seul peut le montrer de nouveau.",
    "document.already_seen": "Le patient a déjà ouvert ce document"
    f"{NARROW}: il n’est plus possible de le lui cacher.",
    "document.too_many": "Choisissez 500 documents au plus à la fois.",
}

ALL = "Tous les documents"
MINE = "Ajouté par moi"
SORTS = {
    DocumentSort.DATE: ("date", "Date"),
    DocumentSort.TITLE: ("nom", "Nom"),
    DocumentSort.DEPOSITOR: ("deposant", "Auteur"),
}
PATIENT_ICONS = {
    PatientCategory.SUMMARY: "file-heart",
    PatientCategory.PRESCRIPTIONS: "file-pen-line",
    PatientCategory.IMAGING: "scan-line",
    PatientCategory.LABORATORY: "flask-conical",
    PatientCategory.REPORTS: "file-text",
    PatientCategory.PREVENTION: "shield-check",
    PatientCategory.CERTIFICATES: "stamp",
    PatientCategory.OTHER: "file",
    PatientCategory.ADMINISTRATIVE: "id-card",
}
RECORD_ICONS = {
    RecordCategory.SUMMARIES: "file-heart",
    RecordCategory.TREATMENTS: "file-pen-line",
    RecordCategory.REPORTS: "file-text",
    RecordCategory.IMAGING: "scan-line",
    RecordCategory.LABORATORY: "flask-conical",
    RecordCategory.PREVENTION: "shield-check",
    RecordCategory.CERTIFICATES: "stamp",
    RecordCategory.REIMBURSEMENT: "tablets",
    RecordCategory.PATIENT_OTHER: "file",
    RecordCategory.ADMINISTRATIVE: "id-card",
}
EMPTY_FIRST = "Vous n’avez pas encore de document."
EMPTY_FILTERED = "Aucun document ne correspond à ces filtres."
CLEAR = "Effacer les filtres"
NO_PREVIEW = "Ce type de fichier ne s’affiche pas ici."
NO_PICTURE = "L’aperçu de cette page n’a pas pu être affiché."
STILL_POSSIBLE = (
    "Vous pouvez réessayer, ou télécharger le document pour l’ouvrir avec une autre application."
)


def documents(count: int) -> str:
    """`12 documents`."""
    return plural(count, "document", "documents")


def found(count: int) -> str:
    """`3 documents trouvés`, said as one types."""
    return (
        plural(count, "document trouvé", "documents trouvés") if count else "Aucun document trouvé"
    )


def search_label(category: str) -> str:
    """`Rechercher dans « Résultats de biologie »`."""
    return f"Rechercher dans «{NARROW}{category}{NARROW}»"


def depositor(row: DocumentRow) -> str:
    """`Ajouté par moi`, `Dre Claire Martin, Clinique des Tilleuls, Niort`, `Laboratoire des Halles, Niort`."""
    if row.is_mine and row.is_of_patient:
        return MINE
    return ", ".join(filter(None, (row.depositor_name, row.depositor_place)))


def under_title(row: DocumentRow) -> str:
    """`Dre Claire Martin · 5 mars 2026 · PDF, 312 Ko`."""
    who = MINE if row.is_mine and row.is_of_patient else row.depositor_name
    return f"{who} · {day(row.document_date)} · {FORMATS[row.format]}, {file_size(row.byte_size)}"


def page_of(page: int, pages: int) -> str:
    """`Page 2 sur 3`, '' for a document of one page."""
    return f"Page {page} sur {pages}" if pages > 1 else ""


def page_alternative(title: str, page: int, pages: int) -> str:
    """What stands for the picture of a page, for those who do not see it."""
    which = f"Page {page} sur {pages} du document" if pages > 1 else "Document"
    return f"{which} «{NARROW}{title}{NARROW}». Téléchargez-le pour en lire le texte."


def place(position: int, count: int) -> str:
    """`3 sur 12`, '' when the filter of the list leaves the document out."""
    return f"{position} sur {count}" if position else ""


def year_spoken(count: int, *, is_current: bool) -> str:
    """` : 2 documents`, after the year."""
    more = ", afficher toutes les années" if is_current else ""
    return f"{NARROW}: {documents(count)}{more}"


def version(row: DocumentRow) -> str:
    """`Version 2`, '' for a first version."""
    if row.is_superseded:
        return f"Version {row.version}, remplacée"
    return f"Version {row.version}" if row.version > 1 else ""


def version_label(number: int, at: datetime) -> str:
    """`Version 1, déposée le 5 mars 2026 à 14 h 05`."""
    return f"Version {number}, déposée le {moment(at)}"


def hidden_until(row: DocumentRow) -> str:
    """`Annonce prévue le 12 mars 2026`, '' without a date."""
    return f"Annonce prévue le {day(row.announce_on)}" if row.announce_on else ""


def mask_hint(row: DocumentRow) -> str:
    """Who sees a document once it is masked, under its switch; the confirmation names everybody."""
    depositor_too = (
        "" if row.is_of_patient else f", de la personne qui l’a déposé ({row.depositor_name})"
    )
    who = f"que de vous{depositor_too} et de votre médecin au statut administrateur"
    if row.is_masked:
        return f"Il n’est visible {who}."
    return f"Si vous le masquez, il ne sera plus visible {who}."
