"""Words of the patient's own page."""

from app.i18n.consent import MODES
from app.i18n.format import NARROW, day, local_day
from app.i18n.professional import by_label, full_label
from app.models.consent import ConsentKind
from app.services.consent import ConsentRow

NO_MEMBER = "Aucun professionnel ne suit vos traitements ici pour le moment."
NO_CONSENT = "Aucun accord n’est enregistré à votre nom."


def consent_title(row: ConsentRow) -> str:
    """`Votre inscription dans le suivi`, `Ajout de M. Karim Haddad, pharmacien`."""
    if row.kind is ConsentKind.ENROLMENT:
        return "Votre inscription dans le suivi"
    return f"Ajout d’un professionnel{NARROW}: {full_label(row.for_professional)}"


def consent_given(row: ConsentRow) -> str:
    """`Accord oral du 2 septembre 2025, recueilli par la Dre Martin`."""
    mode = MODES[row.mode].lower()
    if row.collected_by is None:
        return f"Accord {mode} du {day(row.given_on)}, donné par vous dans votre espace"
    return f"Accord {mode} du {day(row.given_on)}, recueilli {by_label(row.collected_by)}"


def notice_handed(row: ConsentRow) -> str:
    """`Notice d’information, version 1, remise le 2 septembre 2025`."""
    return (
        f"Notice d’information, version {row.notice_version}, remise le {day(row.notice_handed_on)}"
    )


def consent_withdrawn(row: ConsentRow) -> str:
    """`Retiré le 3 mars 2026`, or nothing."""
    return f"Retiré le {day(local_day(row.withdrawn_at))}" if row.withdrawn_at else ""
