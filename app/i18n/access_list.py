"""Words of « Accès des professionnels de santé » and of the settings around it (ME-112 to ME-125)."""

from datetime import date, datetime

from app.i18n.format import NARROW, clock, day, day_without_year, local_day, plural
from app.i18n.professional import (
    Named,
    Practising,
    is_feminine,
    name_label,
    place_label,
    role_label,
    the_label,
    to_label,
)
from app.models.record_access import AccessKind
from app.services.access_list import AuthorisedRow, BlockedRow
from app.services.professional import ProfessionalCard
from app.services.record_audience import RecordAudience

MESSAGES = {
    "access_list.not_authorised": (
        "Ce professionnel n’a plus accès à votre dossier. Rechargez la page pour voir la liste à jour."
    ),
    "access_list.doctors_only": "Le statut administrateur ne peut être donné qu’à un médecin.",
    "access_list.yourself": (
        "Vous ne pouvez pas vous bloquer vous-même. Pour ne plus suivre ce patient, quittez le cercle "
        "depuis la page Contacts."
    ),
    "access_list.status_needed": (
        "Seul un médecin à qui le patient a donné le statut administrateur peut voir ou changer les "
        "accès à ce dossier."
    ),
}

VISIBLE = "Mes informations sont visibles par mes professionnels autorisés"
NOBODY_AUTHORISED = "Aucun professionnel n’a accès à votre dossier pour le moment."
NOBODY_BLOCKED = "Vous n’avez bloqué aucun professionnel."
# Name of a switch, its words, and what it means while it is on, and off.
EMERGENCY_SWITCHES = (
    (
        "allows_regulation",
        "Le SAMU peut voir mes informations",
        "Quand vous, ou un proche, appelez le 15 ou le 112.",
        f"Désactivé{NARROW}: le SAMU ne voit rien de votre dossier, même quand vous appelez.",
    ),
    (
        "allows_emergency",
        "Tous les professionnels peuvent les voir en urgence",
        "Le motif est demandé et un message vous prévient ensuite.",
        f"Désactivé{NARROW}: en urgence, seuls vos professionnels autorisés voient votre dossier.",
    ),
    (
        "allows_masked_in_emergency",
        "Mes documents masqués peuvent être lus en urgence",
        "En urgence seulement, avec les autres documents.",
        f"Désactivé{NARROW}: vos documents masqués restent masqués.",
    ),
)
_OUTSIDE = {
    AccessKind.DECLARED: "Accès déclaré, hors de votre cercle",
    AccessKind.EMERGENCY: "Accès en urgence",
    AccessKind.REGULATION: "Régulation du SAMU",
}
_RECENT_DAYS = 7


def practice(who: ProfessionalCard) -> str:
    """`Oncologue, Clinique des Tilleuls, Niort`."""
    role = role_label(who)
    return ", ".join(part for part in (role[:1].upper() + role[1:], place_label(who)) if part)


def since(row: AuthorisedRow, today: date) -> str:
    """`Autorisée depuis le 2 septembre 2025 · dernière consultation le 10 mars à 9 h 47`."""
    if row.access is not None and row.until is not None:
        first = f"{_OUTSIDE[row.access]} depuis {clock(row.since)}, jusqu’à {clock(row.until)}"
    else:
        agreed = "Autorisée" if is_feminine(row.professional.civility) else "Autorisé"
        first = f"{agreed} depuis le {day(local_day(row.since))}"
    return f"{first} · {_last_read(row.last_read_at, today)}"


def blocked_since(row: BlockedRow) -> str:
    """`dermatologue, bloqué depuis le 3 février 2026. Il ne voit plus rien, même en cas d’urgence.`."""
    who = row.professional
    is_she = is_feminine(who.civility)
    return (
        f"{role_label(who)}, {'bloquée' if is_she else 'bloqué'} depuis le "
        f"{day(local_day(row.since))}. {'Elle' if is_she else 'Il'} ne voit plus rien, même en cas "
        "d’urgence."
    )


def consequence(audience: RecordAudience, *, is_visible: bool) -> str:
    """What the global switch comes to, counted as the professionals' own lists are."""
    if not is_visible:
        return f"Vos documents sont masqués aux professionnels. {still_see(audience)}"
    who = plural(len(audience.members), "professionnel voit", "professionnels voient")
    if not audience.members:
        seen = "Aucun professionnel n’a accès à votre dossier."
    elif not audience.documents:
        seen = "Vous n’avez pas encore de document."
    elif audience.is_even:
        seen = f"{who} {plural(audience.most, 'document', 'documents')}."
    else:
        seen = f"{who} vos documents selon leur profession, {audience.most} au plus."
    masked = ""
    if audience.masked:
        masked = f" {plural(audience.masked, 'document est masqué', 'documents sont masqués')} un par un."
    return seen + masked


def still_see(audience: RecordAudience) -> str:
    """Who sees masked documents still, besides the patient."""
    keepers = [the_label(each.professional) for each in audience.members if each.is_administrator]
    if not keepers:
        return "Chaque professionnel voit encore ce qu’il a déposé lui-même."
    names = _listed(keepers)
    verb = "les voit encore" if len(keepers) == 1 else "les voient encore"
    return (
        f"{names[:1].upper()}{names[1:]} {verb} (statut administrateur), et chaque professionnel voit "
        "ce qu’il a déposé lui-même."
    )


def will_not_see(audience: RecordAudience) -> str:
    """Who loses sight of the documents."""
    losing = [
        the_label(each.professional) for each in audience.members if not each.is_administrator
    ]
    if not losing:
        return "Aucun de vos professionnels ne perd l’accès à vos documents."
    verb = "ne verra plus" if len(losing) == 1 else "ne verront plus"
    names = _listed(losing)
    return f"{names[:1].upper()}{names[1:]} {verb} vos documents."


def will_see(audience: RecordAudience) -> str:
    """Who sees the documents again."""
    names = _listed([the_label(each.professional) for each in audience.members])
    if not names:
        return "Aucun professionnel n’a accès à votre dossier pour le moment."
    verb = "verra" if len(audience.members) == 1 else "verront"
    return (
        f"{names[:1].upper()}{names[1:]} {verb} de nouveau vos documents, sauf ceux que vous avez "
        "masqués un par un."
    )


def block_title(who: Named) -> str:
    """`Bloquer le Dr Caradec ?`."""
    return f"Bloquer {the_label(who)}{NARROW}?"


def block_effect(who: Named, *, is_last: bool) -> str:
    """What blocking does."""
    she = "Elle" if is_feminine(who.civility) else "Il"
    words = (
        f"{she} ne verra plus rien de votre dossier, ni vos documents ni votre suivi, même en cas "
        "d’urgence. Vos autres professionnels continuent de le voir."
    )
    if is_last:
        words = (
            f"{she} ne verra plus rien de votre dossier, même en cas d’urgence. C’est votre dernier "
            f"professionnel{NARROW}: plus personne ne suivra vos traitements ici."
        )
    return f"{words} Vous pourrez revenir sur ce choix à tout moment."


def unblock_title(who: Named) -> str:
    """`Débloquer le Dr Vasseur ?`."""
    return f"Débloquer {the_label(who)}{NARROW}?"


def unblock_effect(who: Named, *, was_member: bool) -> str:
    """What unblocking does."""
    she = "Elle" if is_feminine(who.civility) else "Il"
    if was_member:
        return (
            f"{she} fera de nouveau partie de votre cercle de soins, et verra votre suivi et vos "
            "documents visibles. Vous donnez votre accord en le débloquant."
        ).replace("le débloquant", "la débloquant" if she == "Elle" else "le débloquant")
    return (
        f"{she} ne fait pas partie de votre cercle de soins. {she} pourra de nouveau demander à ouvrir "
        "votre dossier, avec votre accord ou en cas d’urgence."
    )


def status_title(who: Named) -> str:
    """`Donner le statut administrateur à la Dre Martin ?`."""
    return f"Donner le statut administrateur {to_label(who)}{NARROW}?"


def status_effect(who: Named) -> str:
    """What the status gives."""
    she = "Elle" if is_feminine(who.civility) else "Il"
    return (
        f"{she} verra aussi vos documents masqués, et l’historique des consultations de votre dossier. "
        f"{she} pourra bloquer un professionnel si vous le demandez."
    )


def unstatus_title(who: Named) -> str:
    """`Retirer le statut administrateur à la Dre Martin ?`."""
    return f"Retirer le statut administrateur {to_label(who)}{NARROW}?"


def unstatus_effect(who: Named) -> str:
    """What taking it back does."""
    she = "Elle" if is_feminine(who.civility) else "Il"
    return f"{she} garde l’accès à votre dossier, mais ne verra plus vos documents masqués."


def done(act: str, who: Practising) -> str:
    """What is said once it is done."""
    label = name_label(who)
    she = is_feminine(who.civility)
    return {
        "block": f"{label} est {'bloquée' if she else 'bloqué'} et ne voit plus rien de votre dossier.",
        "unblock": f"{label} n’est plus {'bloquée' if she else 'bloqué'}.",
        "status": f"{label} a maintenant le statut administrateur.",
        "unstatus": f"{label} n’a plus le statut administrateur.",
    }[act]


def _last_read(at: datetime | None, today: date) -> str:
    if at is None:
        return "pas de consultation récente"
    on = local_day(at)
    if (today - on).days < _RECENT_DAYS:
        near = day_without_year(on) if on.year == today.year else day(on)
        return f"dernière consultation le {near} à {clock(at)}"
    return f"dernière consultation le {day(on)}"


def _listed(names: list[str]) -> str:
    """`la Dre Martin, M. Haddad et Mme Roy`."""
    if len(names) < 2:  # noqa: PLR2004 - a pair needs « et »
        return "".join(names)
    return f"{', '.join(names[:-1])} et {names[-1]}"
