"""Words of the documents: the groupings they are shown in."""

from app.i18n.format import NARROW
from app.models.document import DocumentClass, FileFormat, PatientCategory, RecordCategory

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
}

MESSAGES = {
    "document.not_found": "Ce document n’existe pas, ou vous n’y avez plus accès.",
    "document.title_missing": "Saisissez le nom du document",
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
    "document.too_many": "Choisissez 500 documents au plus à la fois.",
}
