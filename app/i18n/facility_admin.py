"""Words of establishments and laboratories as administrators keep them."""

from app.i18n.format import plural
from app.models.facility import FacilityKind

KINDS = {
    FacilityKind.FINESS: "Répertoire national",
    FacilityKind.LOCAL: "Ajouté ici",
    FacilityKind.LABORATORY: "Laboratoire ajouté ici",
}
FIRST_MESSAGES = (
    "Coché, un patient suivi par un professionnel qui exerce ici peut lui écrire sans avoir reçu de "
    "message de lui. Décoché, le professionnel écrit toujours le premier"
)
NEW = "Ajouter un établissement ou un laboratoire"
SAVED = "L’établissement est enregistré."
NO_SOURCE = "Aucun répertoire national n’est chargé : « liane import facilities FICHIER »."


def source(name: str, as_of: str) -> str:
    """`Source : FINESS, données du 1er novembre 2026`."""
    return f"Source : {name}, données du {as_of}"


def found(count: int) -> str:
    """`3 établissements trouvés`."""
    if not count:
        return "Aucun établissement trouvé"
    return plural(count, "établissement trouvé", "établissements trouvés")
