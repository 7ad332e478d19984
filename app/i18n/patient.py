"""Words of the patient list, the banner and the sheet."""

from datetime import date

from app.i18n.format import NARROW, NO_BREAK, age, full_name, years
from app.models.patient import IdentityProof, IdentityStatus, Sex
from app.services.patient_label import PatientLabel

MESSAGES = {
    "action.patients_only": "Cette page est réservée aux patients.",
    "patient.not_found": "Ce patient est introuvable.",
    "patient.same_ins": (
        "Un patient de votre liste porte déjà ce matricule INS. Ouvrez sa fiche, ou vérifiez le "
        "matricule saisi."
    ),
    "identity.birth_name_missing": "Saisissez le nom de naissance",
    "identity.given_names_missing": "Saisissez le ou les prénoms de naissance",
    "identity.birth_missing": "Saisissez la date de naissance",
    "identity.birth_future": "La date de naissance ne peut pas être dans le futur",
    "identity.sex_missing": "Choisissez le sexe",
    "identity.birth_place_missing": "Saisissez le lieu de naissance, par exemple Niort",
    "identity.name_letters": (
        "Un nom s’écrit avec des lettres, des espaces, des traits d’union et des apostrophes"
    ),
    "identity.age_high": (
        f"Un âge de {{age}} ans est inhabituel. La date de naissance est-elle la bonne{NARROW}?"
    ),
    "identity.age_low": (
        f"Une date de naissance de moins d’un an est inhabituelle. Est-elle la bonne{NARROW}?"
    ),
    "identity.qualified_locked": (
        f"L’identité de ce patient est qualifiée{NARROW}: ses traits ne se modifient plus ici. Vous "
        "pouvez modifier le nom utilisé, le prénom utilisé et les coordonnées."
    ),
    "ins.format": (
        f"Le matricule INS compte 15 caractères{NARROW}: 13, puis la clé de 2 chiffres. Vérifiez-le "
        "sur la carte Vitale"
    ),
    "ins.key": "Vérifiez le matricule INS, et ses deux derniers chiffres (la clé)",
    "ins.sex_differs": (
        "Le premier chiffre du matricule INS ne correspond pas au sexe saisi. "
        f"Est-ce bien le matricule de ce patient{NARROW}?"
    ),
    "ins.birth_differs": (
        "L’année ou le mois du matricule INS ne correspondent pas à la date de naissance saisie. "
        f"Est-ce bien le matricule de ce patient{NARROW}?"
    ),
    "vitale_card.format": (
        "Le numéro de série de la carte Vitale s’écrit en chiffres, le plus souvent dix. Vérifiez-le "
        "sur la carte"
    ),
    "phone.format": "Saisissez un numéro de téléphone, par exemple 06 12 34 56 78",
    "contact.missing": "Saisissez un numéro de téléphone ou une adresse e-mail",
}

SEXES = {Sex.FEMALE: "Féminin", Sex.MALE: "Masculin", Sex.UNKNOWN: "Indéterminé"}

# As the banner says it: « Née le », « Né le », « Né(e) le ».
BORN = {Sex.FEMALE: "Née le", Sex.MALE: "Né le", Sex.UNKNOWN: "Né(e) le"}

PATIENT = {Sex.FEMALE: "Patiente", Sex.MALE: "Patient", Sex.UNKNOWN: "Patient"}
THE_PATIENT = {Sex.FEMALE: "la patiente", Sex.MALE: "le patient", Sex.UNKNOWN: "le patient"}

IDENTITY_STATUSES = {
    IdentityStatus.PROVISIONAL: "Identité provisoire",
    IdentityStatus.VALIDATED: "Identité validée",
    IdentityStatus.RETRIEVED: "Identité récupérée",
    IdentityStatus.QUALIFIED: "Identité qualifiée",
}

IDENTITY_PROOFS = {
    IdentityProof.NONE: "Aucune pièce vérifiée",
    IdentityProof.IDENTITY_CARD: "Carte nationale d’identité",
    IdentityProof.PASSPORT: "Passeport",
    IdentityProof.RESIDENCE_PERMIT: "Titre de séjour",
    IdentityProof.FAMILY_RECORD: "Livret de famille",
}

# Label of each field of the sheet, named as the forms and the faults name it.
FIELDS = {
    "birth_name": "Nom de naissance",
    "used_name": "Nom utilisé",
    "birth_given_names": "Prénoms de naissance",
    "used_given_name": "Prénom utilisé",
    "birth": "Date de naissance",
    "sex": "Sexe",
    "birth_place": "Lieu de naissance",
    "ins": "Matricule INS",
    "vitale_card": "Numéro de carte Vitale",
    "proof": "Pièce d’identité vérifiée",
    "phone": "Téléphone",
    "email": "E-mail",
    "address": "Adresse",
}

_INS_GROUPS = (1, 3, 5, 7, 10, 13)


def ins_label(ins: str) -> str:
    """`2 58 06 79 191 234 18`: as it is printed."""
    ends = (*_INS_GROUPS, len(ins))
    groups = (ins[start:end] for start, end in zip((0, *_INS_GROUPS), ends, strict=True))
    return NO_BREAK.join(group for group in groups if group)


def patient_label(label: PatientLabel, today: date) -> str:
    """`LEFÈVRE Jeanne, 67 ans`."""
    name = full_name(label.birth_name, label.given_name)
    return f"{name}, {years(age(label.birth_date, today))}"
