"""Words of the documents: the groupings they are shown in."""

from app.models.document import DocumentClass, PatientCategory, RecordCategory

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

MESSAGES = {
    "document.type_unknown": "Choisissez le type du document dans la liste",
}
