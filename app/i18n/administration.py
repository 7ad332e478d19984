"""Words shared by the administrators' pages."""

from datetime import datetime

from app.i18n.format import moment, number, plural

NEVER = "Jamais"


def span(first: int, last: int, total: int, many: str) -> str:
    """`Comptes 26 à 50 sur 5 000`."""
    return f"{many} {number(first)} à {number(last)} sur {number(total)}"


def found(total: int) -> str:
    """`12 comptes trouvés`, said as one types."""
    if not total:
        return "Aucun compte trouvé"
    return plural(total, "compte trouvé", "comptes trouvés")


def waiting(total: int) -> str:
    """`3 demandes à vérifier`."""
    if not total:
        return "Aucune demande à vérifier"
    return plural(total, "demande à vérifier", "demandes à vérifier")


def when(value: datetime | None) -> str:
    """`5 mars 2026 à 14 h 05`, or a dash."""
    return moment(value) if value else "–"


def yes_no(value: bool | None) -> str:
    """How a check ended: `yes`, `no`, or `none` when it does not apply."""
    return "none" if value is None else "yes" if value else "no"
