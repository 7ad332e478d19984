"""« Qui a consulté »: each act on a record as a sentence its patient understands (ME-106, S132)."""

from datetime import date

from app.i18n.format import NARROW, clock, day, local_day, weekday
from app.i18n.journal import action_label
from app.i18n.professional import name_label, of_label, place_label, role_label, the_label, to_label
from app.models.account import Role
from app.models.journal import JournalKind
from app.services.access_history_line import HistoryLine
from app.services.journal_person import JournalPerson

# Said after « a » of somebody, after « avez » of the patient. {about}, {to}: a professional; {document}: a title.
PAST = {
    "access_history.exported": "exporté l’historique des consultations de votre dossier",
    "access_history.read": "lu l’historique des consultations de votre dossier",
    "access_list.blocked": "bloqué {about}",
    "access_list.read": "lu la liste des accès à votre dossier",
    "access_list.status_given": "donné le statut administrateur {to}",
    "access_list.status_withdrawn": "retiré le statut administrateur {to}",
    "access_list.unblocked": "débloqué {about}",
    "adherence.corrected": "corrigé une évaluation de votre observance",
    "adherence.curves_read": "lu vos courbes d’observance",
    "adherence.read": "lu l’historique de votre observance",
    "adherence.recorded": "noté votre observance",
    "care_circle.listed": "lu la liste des professionnels de votre cercle",
    "care_circle.member_added": "ajouté {about} à votre cercle de soins",
    "care_circle.member_removed": "retiré {about} de votre cercle de soins",
    "consent.listed": "lu vos accords enregistrés",
    "consent.recorded": "enregistré un accord de votre part",
    "document.attached": "joint {document} à un message",
    "document.deleted": "supprimé {document}",
    "document.deposited": "déposé {document}",
    "document.downloaded": "téléchargé {document}",
    "document.edited": "modifié la description de {document}",
    "document.hidden_from_patient": "différé l’annonce de {document}",
    "document.hidden_from_representatives": "masqué {document} aux représentants légaux",
    "document.listed": "lu la liste de vos documents",
    "document.masked": "masqué {document}",
    "document.read": "lu {document}",
    "document.replaced": "déposé une nouvelle version de {document}",
    "document.restored": "remis {document}",
    "document.shown_to_patient": "rendu {document} visible pour vous",
    "document.shown_to_representatives": "rendu {document} visible aux représentants légaux",
    "document.unmasked": "rendu {document} visible aux professionnels autorisés",
    "enrolment.read": "lu l’historique de votre inscription",
    "entry.versions_read": "lu les versions d’une entrée de votre suivi",
    "interaction.corrected": "corrigé une interaction notée dans votre suivi",
    "interaction.read": "lu l’historique de vos interactions médicamenteuses",
    "interaction.recorded": "noté une interaction médicamenteuse",
    "message.attachment_downloaded": "téléchargé une pièce jointe de vos échanges",
    "message.attachment_read": "ouvert une pièce jointe de vos échanges",
    "message.attachment_saved": "ajouté une pièce jointe à vos documents",
    "message.exchanges_ended": "mis fin à vos échanges",
    "message.opened": "ouvert une conversation avec vous",
    "message.sent": "envoyé un message",
    "medical_profile.made": "établi votre profil médical en PDF",
    "own_record.circle_read": "lu votre page d’accueil",
    "own_record.consents_read": "lu vos accords enregistrés",
    "own_record.exported": "exporté les données de votre compte",
    "own_record.identity_read": "lu votre identité",
    "patient.edited": "modifié votre fiche",
    "patient.enrolled": "ouvert votre suivi",
    "patient.opened": "ouvert votre dossier",
    "patient.sheet_read": "lu votre fiche",
    "record_access.declared": "déclaré votre accord, puis ouvert votre dossier",
    "record_access.emergency": "ouvert votre dossier en urgence",
    "record_access.left": "quitté votre dossier",
    "record_access.regulation": "ouvert votre dossier en régulation du SAMU",
    "record_life.closed": "clôturé votre dossier partagé",
    "record_life.deleted": "supprimé les documents de votre dossier clôturé",
    "record_life.deletion_asked": "demandé la suppression de votre dossier clôturé",
    "record_life.opposed": "refusé le dossier partagé",
    "record_life.reopened": "rouvert votre dossier partagé",
    "record_settings.allows_emergency_off": "fermé l’accès en urgence à tous les professionnels",
    "record_settings.allows_emergency_on": "ouvert l’accès en urgence à tous les professionnels",
    "record_settings.allows_masked_in_emergency_off": "gardé vos documents masqués en cas d’urgence",
    "record_settings.allows_masked_in_emergency_on": "ouvert vos documents masqués en cas d’urgence",
    "record_settings.allows_regulation_off": "fermé l’accès en urgence au SAMU",
    "record_settings.allows_regulation_on": "ouvert l’accès en urgence au SAMU",
    "record_settings.is_confidential_off": "rendu vos informations visibles aux professionnels autorisés",
    "record_settings.is_confidential_on": "masqué toutes vos informations aux professionnels",
    "synthesis.read": "lu votre synthèse de suivi",
    "synthesis.timeline_read": "lu la chronologie de votre suivi",
    "tolerance.corrected": "corrigé une évaluation de votre tolérance",
    "tolerance.read": "lu l’historique de votre tolérance",
    "tolerance.recorded": "noté votre tolérance à un traitement",
    "treatment.added": "ajouté un traitement",
    "treatment.changed": "modifié un traitement",
    "treatment.corrected": "corrigé un traitement",
    "treatment.ended": "noté la fin d’un traitement",
    "treatment.followed": "ajouté un traitement à ceux qui sont suivis",
    "treatment.listed": "lu la liste de vos traitements",
    "treatment.read": "lu l’historique de vos traitements",
    "treatment.removed": "retiré un traitement saisi par erreur",
    "treatment.resumed": "noté la reprise d’un traitement",
    "treatment.unfollowed": "retiré un traitement de ceux qui sont suivis",
}

GROUNDS = {
    "care_link": "Équipe de soin",
    "declared_consent": "Accord déclaré par le professionnel",
    "consent": "Avec votre accord",
    "emergency": "Accès en urgence",
    "regulation": "Régulation du SAMU",
    "delegation": "Par délégation",
    "own_record": "",
    "system": "Fait automatiquement",
}

YOU, PORTAL, SOMEBODY = "Vous", "Le portail", "Une personne dont le compte n’existe plus"
A_DOCUMENT, A_PROFESSIONAL = "un document", "un professionnel"
NOTHING_YET = "Personne n’a encore consulté votre dossier."
NOTHING_FOUND = "Aucune consultation ne correspond à ces filtres."
CUT = "La recherche s’est arrêtée avant le début de l’historique. Vous pouvez la poursuivre."

_ICONS = {
    JournalKind.READ: "eye",
    JournalKind.CHANGE: "pencil",
    JournalKind.REFUSAL: "circle-x",
    JournalKind.ACCESS: "shield-check",
}
_OWN_ICONS = {
    "document.downloaded": "download",
    "message.attachment_downloaded": "download",
    "access_history.exported": "download",
    "own_record.exported": "download",
}


def who(line: HistoryLine) -> str:
    """`Vous`, `Dre Claire Martin`, `Mme Camille Roy, pour le compte de la Dre Martin`."""
    if line.is_own:
        return YOU
    if line.by is None:
        return PORTAL
    name = _name(line.by)
    if line.behalf is not None:
        return f"{name}, {_behalf(line)}"
    return name


def what(line: HistoryLine) -> str:
    """`a lu votre synthèse de suivi`, `avez masqué « Marqueurs tumoraux »`."""
    words = PAST.get(line.action)
    if words is None:
        return action_label(line.action, line.kind).lower()
    title = f"«{NARROW}{line.document}{NARROW}»" if line.document else A_DOCUMENT
    about = the_label(line.about) if line.about else A_PROFESSIONAL
    to = to_label(line.about) if line.about else f"à {A_PROFESSIONAL}"
    done = words.format(document=title, about=about, to=to)
    return f"{'avez' if line.is_own else 'a'} {done}"


def ground(line: HistoryLine) -> str:
    """`Équipe de soin`, `Accès en urgence · Motif : douleur thoracique`."""
    words = GROUNDS.get(line.ground, "")
    reason = f"Motif{NARROW}: {line.reason}" if line.reason else ""
    return " · ".join(part for part in (words, reason) if part)


def place(line: HistoryLine) -> str:
    """`Oncologue, Clinique des Tilleuls, Niort`: who they are, for somebody one may not know."""
    card = line.by.card if line.by is not None and not line.is_own else None
    if card is None:
        return ""
    role = role_label(card)
    return ", ".join(part for part in (role[:1].upper() + role[1:], place_label(card)) if part)


def icon_of(line: HistoryLine) -> str:
    """The sign of the kind of act."""
    if line.is_urgent:
        return "siren"
    if line.action in _OWN_ICONS:
        return _OWN_ICONS[line.action]
    return "user-round" if line.is_own else _ICONS[line.kind]


def when(line: HistoryLine, today: date) -> str:
    """`Aujourd’hui, 10 mars 2026, 9 h 47`."""
    on = local_day(line.at)
    days = (today - on).days
    near = {0: "Aujourd’hui, ", 1: "Hier, "}.get(days, "")
    return f"{near}{day(on)}, {clock(line.at)}"


def day_title(line: HistoryLine, today: date) -> str:
    """`Aujourd’hui, mardi 10 mars 2026`."""
    on = local_day(line.at)
    words = weekday(on)
    near = {0: "Aujourd’hui", 1: "Hier"}.get((today - on).days)
    return f"{near}, {words[:1].lower()}{words[1:]}" if near else words


def heads() -> list[str]:
    """The heads of the exported table."""
    return [
        "Date", "Heure", "Qui", "Profession et lieu", "Pour le compte de", "Acte", "Document",
        "Fondement", "Motif", "Urgence",
    ]  # fmt: skip


def cells(line: HistoryLine) -> list[str]:
    """One exported line."""
    on = local_day(line.at)
    name = YOU if line.is_own else (_name(line.by) if line.by is not None else PORTAL)
    return [
        on.isoformat(),
        clock(line.at),
        name,
        place(line),
        name_label(line.behalf) if line.behalf else "",
        what(line),
        line.document,
        GROUNDS.get(line.ground, line.ground),
        line.reason,
        "oui" if line.is_urgent else "non",
    ]


def _name(by: JournalPerson) -> str:
    name = by.shared_title or name_label(by) or SOMEBODY
    return f"{name}, administration" if by.role is Role.ADMINISTRATOR else name


def _behalf(line: HistoryLine) -> str:
    assert line.behalf is not None
    return f"pour le compte {of_label(line.behalf)}"
