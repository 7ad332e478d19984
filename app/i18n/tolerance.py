"""Sentences and labels of tolerance."""

from app.i18n.format import NARROW
from app.models.tolerance import PatientAppreciation, ToleranceDomain

MESSAGES = {
    "tolerance.domain_missing": "Choisissez le domaine",
    "tolerance.appreciation_missing": "Choisissez l’appréciation du patient",
    "tolerance.grade_missing": "Choisissez l’appréciation du professionnel",
    "tolerance.grade_range": "Le grade doit être compris entre 0 et 5",
}

DOMAINS = {
    ToleranceDomain.DIGESTIVE: "Digestif",
    ToleranceDomain.SKIN: "Cutané",
    ToleranceDomain.GENERAL: "Général, fatigue",
    ToleranceDomain.PAIN: "Douleur",
    ToleranceDomain.NEUROLOGICAL: "Neurologique",
    ToleranceDomain.CARDIOVASCULAR: "Cardiovasculaire",
    ToleranceDomain.RESPIRATORY: "Respiratoire",
    ToleranceDomain.BLOOD: "Hématologique",
    ToleranceDomain.LIVER_KIDNEY: "Hépatique, rénal",
    ToleranceDomain.MUSCULOSKELETAL: "Musculo-articulaire",
    ToleranceDomain.PSYCHIC: "Psychique",
    ToleranceDomain.OTHER: "Autre",
}

APPRECIATIONS = {
    PatientAppreciation.WELL_TOLERATED: "Bien toléré",
    PatientAppreciation.SLIGHT: "Gêne légère",
    PatientAppreciation.SERIOUS: "Gêne importante",
    PatientAppreciation.UNBEARABLE: "Insupportable",
}

GRADES = {
    0: "Grade 0, aucun effet",
    1: "Grade 1, léger",
    2: "Grade 2, modéré",
    3: "Grade 3, sévère",
    4: "Grade 4, menaçant le pronostic vital",
    5: "Grade 5, décès",
}


def result(domain: ToleranceDomain, grade: int) -> str:
    """`Hématologique : grade 3, sévère`."""
    label = GRADES[grade]
    return f"{DOMAINS[domain]}{NARROW}: {label[0].lower()}{label[1:]}"
