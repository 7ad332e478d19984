"""Words of a doctor with the « statut administrateur »: who consulted, and who is shut out (FC-10)."""

from app.i18n.access_history import GROUNDS, PORTAL, ground
from app.i18n.format import NARROW, moment
from app.i18n.journal import action_label
from app.i18n.patient import PATIENT
from app.i18n.professional import full_label, name_label, of_label, the_label
from app.models.patient import Sex
from app.services.access_history_line import HistoryLine
from app.services.professional import ProfessionalCard

MENU = "Accès au dossier"
HISTORY, BLOCK = "Qui a consulté", "Bloquer à la demande du patient"
NOBODY_YET = "Personne n’a encore consulté ce dossier."
WARNING = (
    f"Ce professionnel n’aura plus aucun accès à ce dossier, même en urgence{NARROW}: ni aux documents, ni au "
    "suivi. Le patient peut le débloquer."
)


def who(line: HistoryLine, sex: Sex) -> str:
    """`Patiente`, `Dre Claire Martin`, `Mme Camille Roy, pour le compte de la Dre Martin`."""
    if line.is_own:
        return PATIENT[sex]
    if line.by is None:
        return PORTAL
    name = line.by.shared_title or (
        full_label(line.by.card) if line.by.card else name_label(line.by)
    )
    return f"{name}, pour le compte {of_label(line.behalf)}" if line.behalf else name


def what(line: HistoryLine) -> str:
    """`Document lu, « Numération »`."""
    label = action_label(line.action, line.kind)
    return f"{label}, «{NARROW}{line.document}{NARROW}»" if line.document else label


def why(line: HistoryLine) -> str:
    """`Équipe de soin`, `Accès en urgence · Motif : …`."""
    return ground(line) if line.ground in GROUNDS else ""


def when(line: HistoryLine) -> str:
    """`5 mars 2026 à 14 h 05`."""
    return moment(line.at)


def blocked(card: ProfessionalCard) -> str:
    """`M. Haddad n’a plus accès à ce dossier, à la demande du patient.`."""
    name = the_label(card)
    return f"{name[:1].upper()}{name[1:]} n’a plus accès à ce dossier, à la demande du patient."


def question(card: ProfessionalCard) -> str:
    """`Bloquer M. Haddad`."""
    return f"Bloquer {the_label(card)}"
