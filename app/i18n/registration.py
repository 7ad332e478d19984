"""Sentences of registration, and its words."""

from datetime import datetime

from app.i18n.format import NARROW, clock, moment
from app.i18n.professional import Named, by_label, name_label, short_label
from app.models.registration import Occupation, RegistrationKind, RegistrationState

MESSAGES = {
    "registration.none": "Votre inscription n’est plus ouverte dans ce navigateur. Reprenez-la avec le lien reçu par e-mail, ou commencez-en une autre.",
    "registration.not_found": "Cette inscription est introuvable.",
    "registration.too_many": "Beaucoup d’inscriptions viennent d’être commencées depuis cette adresse. Réessayez dans une heure.",
    "registration.handed_in": "Votre inscription est déjà envoyée.",
    "registration.decided": "Cette inscription a déjà reçu une réponse.",
    "registration.rpps_taken": "Un autre compte porte déjà ce numéro RPPS.",
    "registration.email_taken": "Cette adresse e-mail est devenue celle d’un compte. Connectez-vous, ou revenez à l’étape E-mail pour en donner une autre.",
    "registration.other_kind": "Cette étape n’est pas celle de votre inscription. Revenez au choix du compte.",
    "registration.certified": "Votre identité est certifiée par Pro Santé Connect et ne se saisit pas.",
    "registration.not_certified": "Seule une inscription faite avec Pro Santé Connect peut être signée ainsi.",
    "registration.provider_no_rpps": "Pro Santé Connect ne donne pas de numéro RPPS pour vous. Inscrivez-vous par une autre porte.",
    "registration.provider_no_profession": "Pro Santé Connect donne une profession que ce portail ne connaît pas. Inscrivez-vous par une autre porte.",
    "registration.profession_unchosen": "Choisissez la profession de ce compte",
    "registration.proof_old": "Votre identification par Pro Santé Connect date de plus de 30 minutes. Identifiez-vous à nouveau, puis signez.",
    "registration.not_in_directory": "Cette personne n’est plus dans l’annuaire. Cherchez-vous à nouveau, ou inscrivez-vous manuellement.",
    "registration.nobody_chosen": "Choisissez votre ligne, ou inscrivez-vous manuellement",
    "registration.rpps_missing": "Saisissez votre numéro RPPS",
    "registration.profession_missing": "Choisissez votre profession",
    "registration.civility_missing": "Choisissez votre civilité",
    "registration.family_name_missing": "Saisissez le nom",
    "registration.given_name_missing": "Saisissez le prénom",
    "registration.shared_title_missing": "Saisissez l’intitulé du compte",
    "registration.place_missing": "Indiquez au moins un lieu d’exercice",
    "registration.place_not_found": "Ce lieu d’exercice est introuvable.",
    "registration.email_missing": "Saisissez votre adresse e-mail",
    "registration.phone_missing": "Saisissez un numéro de téléphone",
    "registration.phones_full": "Cinq numéros au plus",
    "registration.phone_not_found": "Ce numéro est introuvable.",
    "registration.password_missing": "Choisissez un mot de passe",
    "registration.password_differs": "Saisissez deux fois le même mot de passe",
    "registration.not_shared": "Ce compte n’est pas partagé.",
    "registration.member_missing": "Ajoutez au moins une personne",
    "registration.member_not_found": "Cette personne est introuvable.",
    "registration.members_full": "Cinquante personnes au plus",
    "registration.terms_missing": "Cochez la case pour accepter les conditions générales d’utilisation",
    "registration.text_changed": "Une nouvelle version de ce texte vient de paraître. Lisez-la avant de continuer.",
    "registration.steps_missing": "Il reste une étape avant celle-ci.",
    "registration.signature_missing": "Saisissez votre prénom et votre nom",
    "registration.signature_differs": "Saisissez votre prénom et votre nom tels qu’ils figurent dans votre inscription",
    "registration.scan_missing": "Choisissez le fichier du contrat signé",
    "registration.scan_too_large": "Le fichier est trop lourd. La taille maximale est de 5\u00a0Mo",
    "registration.scan_kind": f"Formats acceptés{NARROW}: PDF, JPG, PNG",
    "registration.scan_not_found": "Ce fichier est introuvable.",
    "registration.too_many_uploads": "Trop de fichiers envoyés. Réessayez dans 10 minutes.",
}  # fmt: skip
# Title of a step and the line below it, in order.
STEPS = (
    ("Identité", "Vous, dans l’annuaire"),
    ("Lieux d’exercice", "et laboratoire partenaire"),
    ("E-mail", "vérifié par code ou lien"),
    ("Téléphone", "facultatif, code par SMS"),
    ("Mot de passe", ""),
    ("Conditions d’utilisation", ""),
    ("Contrat", "signature à l’écran ou scan"),
    ("Vérification", "par un administrateur"),
)
# A secretariat signs no contract.
SECRETARY_STEPS = (("Identité", "Vous et votre secrétariat"), *STEPS[1:6], STEPS[7])

KINDS = {
    RegistrationKind.PROFESSIONAL: "Je suis un médecin ou un autre professionnel de santé",
    RegistrationKind.SECRETARY: f"Je crée un compte «{NARROW}Secrétariat{NARROW}»",
}
CERTIFIED_KIND = "Je m’inscris avec Pro Santé Connect"
OCCUPATIONS = {
    Occupation.MEDICAL_SECRETARY: "Secrétaire médical ou médicale",
    Occupation.MEDICAL_ASSISTANT: "Assistant médical ou assistante médicale",
    Occupation.ADMINISTRATIVE_ASSISTANT: "Assistant administratif ou assistante administrative",
    Occupation.ADMINISTRATIVE_MANAGER: "Responsable administratif ou administrative",
    Occupation.OTHER: "Autre fonction",
}
STATES = {
    RegistrationState.DRAFT: "commencée",
    RegistrationState.EMAIL_VERIFIED: "e-mail vérifié",
    RegistrationState.CONTRACT_SIGNED: "contrat signé",
    RegistrationState.TO_VALIDATE: "en attente de vérification",
    RegistrationState.APPROVED: "acceptée",
    RegistrationState.REFUSED: "refusée",
}

HANDED_IN = (
    "Votre inscription est envoyée. Un administrateur la vérifie, et vous recevrez un e-mail dès que "
    "votre compte sera ouvert."
)


def saved_at(when: datetime) -> str:
    """`Enregistré à 10 h 12, vous pouvez reprendre plus tard`."""
    return f"Enregistré à {clock(when)}, vous pouvez reprendre plus tard"


def found(count: int, is_more: bool) -> str:
    """`4 professionnels correspondent`."""
    if is_more:
        return f"Plus de {count} professionnels correspondent, précisez votre recherche"
    if count == 1:
        return "1 professionnel correspond"
    return f"{count} professionnels correspondent"


def continue_with(who: Named) -> str:
    """`Continuer avec la Dre Claire Martin`."""
    article = by_label(who).removeprefix("par ").removesuffix(short_label(who))
    return f"Continuer avec {article}{name_label(who)}"


def sent_line(to: str, at: datetime) -> str:
    """`Message envoyé à nom@exemple.fr à 10 h 12.`."""
    return f"Envoyé à {to} à {clock(at)}"


def handed_in_at(when: datetime) -> str:
    """`Envoyée le 22 novembre 2026 à 10 h 12`."""
    return f"Envoyée le {moment(when)}"


def remaining(titles: list[str]) -> str:
    """`Il reste : Téléphone, Mot de passe et Contrat`."""
    if not titles:
        return ""
    *first, last = titles
    words = f"{', '.join(first)} et {last}" if first else last
    return f"Il reste{NARROW}: {words}"
