"""Words of the administrators' page."""

from app.i18n.format import day, moment, number, plural
from app.models.account import Role
from app.services.installation import Accounts, JournalState, MedicinesState, OutboxStateCounts

ROLES = {
    Role.PROFESSIONAL: "Professionnels de santé",
    Role.SECRETARY: "Secrétariats",
    Role.PATIENT: "Patients",
    Role.ADMINISTRATOR: "Administration",
}
DATABASES = {"sqlite": "SQLite chiffrée, intégrée", "postgresql": "PostgreSQL"}
MODES = {True: "Démonstration", False: "Production"}

Line = tuple[str, str]


def accounts(found: Accounts) -> list[Line]:
    """How many accounts of each role may sign in, and how many are closed."""
    lines = [(label, number(found.active[role])) for role, label in ROLES.items()]
    return [*lines, ("Comptes fermés", number(found.closed))]


def journal(found: JournalState) -> list[Line]:
    """Length of the access journal, and its last verification."""
    verified = "Jamais vérifié"
    if found.verified_at is not None:
        outcome = "journal intact" if found.is_intact else "journal altéré"
        verified = f"{moment(found.verified_at)}, {outcome}"
    return [("Lignes", number(found.lines)), ("Dernière vérification", verified)]


def medicines(found: MedicinesState | None) -> list[Line]:
    """The edition in use: source, date, size."""
    if found is None:
        return [("Source", "Aucune base chargée")]
    source = f"{found.source} (liste courte)" if found.is_builtin else found.source
    lines = [
        ("Source", source),
        ("Données du", day(found.data_on)),
        ("Chargées le", moment(found.imported_at)),
        ("Contenu", _size(found)),
    ]
    if found.rejected:
        lines.append(("Lignes écartées", number(found.rejected)))
    return lines


def _size(found: MedicinesState) -> str:
    return (
        f"{plural(found.medicines, 'spécialité', 'spécialités')}, "
        f"{plural(found.substances, 'substance', 'substances')}"
    )


def outbox(found: OutboxStateCounts) -> list[Line]:
    """Messages of the last days."""
    return [
        ("En attente", number(found.waiting)),
        ("Envoyés", number(found.sent)),
        ("En échec", number(found.failed)),
    ]
