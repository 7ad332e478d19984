"""The words of the medical profile, as the paper that is made of it."""

from collections.abc import Sequence
from datetime import date

from app.i18n.format import NARROW, NO_BREAK, bound, clock, day, local_day, moment, plural
from app.i18n.patient import FIELDS, SEXES, ins_label
from app.i18n.professional import name_label, of_name, place_label, role_label
from app.integrations.paper import Cell, Fact, Paper, Section
from app.models.patient import Sex
from app.services.medical_profile import (
    MedicalProfile,
    ProfileIdentity,
    ProfileMember,
    ProfileTreatment,
)

TITLE = "Profil médical"
NO_POSOLOGY = "Non renseignée"
NO_CURRENT = "Aucun traitement en cours n’est inscrit dans le dossier."
NO_PAST = "Aucun traitement passé n’est inscrit dans le dossier."
NO_MEMBER = "Aucun professionnel de santé ne suit ce dossier aujourd’hui."
UNDRAWN = "Le signe □ remplace un caractère que ce document ne sait pas écrire."
_ASKED_BY = {
    Sex.FEMALE: "de la patiente",
    Sex.MALE: "du patient",
    Sex.UNKNOWN: "de la personne concernée",
}


def profile_name(profile: MedicalProfile) -> str:
    """`Profil médical de Jeanne Besson au 22 novembre 2026.pdf`."""
    on = day(local_day(profile.made_at))
    return f"{TITLE} {of_name(_name(profile.identity))} au {on}.pdf"


def profile_paper(profile: MedicalProfile) -> Paper:
    """What is written on it: identity, treatments, professionals, and where all of it comes from."""
    name, made_on = _name(profile.identity), day(local_day(profile.made_at))
    title = f"{TITLE} {of_name(name)}"
    return Paper(
        title=title,
        kind=TITLE,
        name=name,
        place=profile.place,
        made=f"Établi le {moment(profile.made_at)}",
        running=f"{title} · {made_on}, {clock(profile.made_at)}",
        page_words=("Page", "sur"),
        facts=_facts(profile.identity),
        sections=(
            _treatments(
                "Traitements en cours", NO_CURRENT, "Depuis le", profile.current_treatments
            ),
            _treatments("Traitements passés", NO_PAST, "À partir du", profile.past_treatments),
            _circle(profile.members),
        ),
        notes_title="D’où viennent ces informations",
        notes=_notes(profile),
        undrawn=UNDRAWN,
        made_at=profile.made_at,
    )


def _notes(profile: MedicalProfile) -> tuple[str, str]:
    made = (
        f"Document établi par Liane à la demande {_ASKED_BY[profile.identity.sex]}, d’après ce que le "
        f"dossier contenait le {moment(profile.made_at)}."
    )
    limits = (
        "Les traitements sont ceux que les professionnels de santé y ont inscrits. Des informations "
        f"peuvent manquer, ou avoir changé depuis{NARROW}: ce document ne remplace ni un avis médical "
        "ni une ordonnance."
    )
    return made, limits


def _name(who: ProfileIdentity) -> str:
    return f"{who.given_name} {who.used_name or who.birth_name}"


def _facts(who: ProfileIdentity) -> tuple[Fact, ...]:
    values = {
        "birth_name": who.birth_name.upper(),
        "used_name": who.used_name,
        "birth_given_names": who.birth_given_names,
        "birth": day(who.birth_date),
        "sex": SEXES[who.sex],
        "ins": ins_label(who.ins),
    }
    return tuple(Fact(FIELDS[name], value) for name, value in values.items() if value)


def _treatments(title: str, empty: str, since: str, rows: Sequence[ProfileTreatment]) -> Section:
    return Section(
        title=title,
        count=plural(len(rows), "traitement", "traitements") if rows else "",
        empty=empty,
        heads=("Traitement", "Posologie", since, "Dernière mise à jour"),
        shares=(2.9, 2.9, 2.3, 2.5),
        rows=tuple(map(_treatment, rows)),
    )


def _treatment(row: ProfileTreatment) -> tuple[Cell, ...]:
    until = f"jusqu’au {_day(row.ended_on)}" if row.ended_on else ""
    return (
        Cell(bound(row.label), row.substances),
        Cell(bound(row.posology) or NO_POSOLOGY),
        Cell(_day(row.started_on), until),
        Cell(name_label(row.author), f"{role_label(row.author)}, {_day(row.written_on)}"),
    )


def _circle(members: Sequence[ProfileMember]) -> Section:
    return Section(
        title="Professionnels de santé",
        count=plural(len(members), "professionnel", "professionnels") if members else "",
        empty=NO_MEMBER,
        heads=("Professionnel", "Lieu d’exercice", "Suivi depuis le"),
        shares=(3.0, 3.0, 2.0),
        rows=tuple(
            (
                Cell(name_label(member.professional), role_label(member.professional)),
                Cell(place_label(member.professional)),
                Cell(_day(member.since)),
            )
            for member in members
        ),
    )


def _day(value: date) -> str:
    """On one line."""
    return day(value).replace(" ", NO_BREAK)
