"""The catalogue of the demonstration: six invented applications of invented publishers."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.application import ApplicationAudience
from app.services.catalogue import ApplicationSheet, add_application

_NAMESPACE = UUID("0c1f5a54-5a5e-4c63-9f0b-6d5f4f0f7c11")

_ALL, _PATIENTS, _TEAMS = ApplicationAudience

APPLICATIONS = (
    ApplicationSheet(
        "Carnet de pas",
        "Atelier des Sentiers",
        "Compte vos pas et vos sorties, et vous aide à reprendre une activité douce.",
        "https://carnet-de-pas.example",
        _PATIENTS,
        is_labelled=True,
        shared_data="Nombre de pas par jour.",
    ),
    ApplicationSheet(
        "Mésange",
        "Coopérative Mésange",
        "Un journal de l’humeur et du sommeil, à tenir en deux minutes le soir.",
        "https://mesange.example",
        _PATIENTS,
        is_labelled=True,
        shared_data="Notes d’humeur et heures de sommeil.",
    ),
    ApplicationSheet(
        "Pilulier du Marais",
        "Pharmaciens du Marais",
        "Rappelle l’heure des prises et prévient un proche en cas d’oubli.",
        "https://pilulier-du-marais.example",
        _ALL,
        is_labelled=True,
        shared_data="Traitements en cours et prises confirmées.",
    ),
    ApplicationSheet(
        "Table de Niort",
        "Les Tables fleuries",
        "Des recettes simples, adaptées aux goûts et aux dégoûts pendant un traitement.",
        "https://table-de-niort.example",
        _PATIENTS,
    ),
    ApplicationSheet(
        "Passage de relais",
        "Collectif Relais",
        "Prépare les transmissions entre équipes de ville et d’hôpital.",
        "https://passage-de-relais.example",
        _TEAMS,
        is_labelled=True,
        shared_data="Coordonnées des membres de l’équipe de soins.",
    ),
    ApplicationSheet(
        "Agenda du Donjon",
        "Éditions du Donjon",
        "Un agenda partagé pour le cabinet, avec ses salles et ses remplacements.",
        "https://agenda-du-donjon.example",
        _TEAMS,
    ),
)


def add_demo_applications(session: Session, actor: Actor, *, now: datetime) -> None:
    """Enter the whole catalogue."""
    for sheet in APPLICATIONS:
        add_application(session, actor, sheet, key=uuid5(_NAMESPACE, sheet.name), now=now)
