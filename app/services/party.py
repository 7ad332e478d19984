"""Who is at one end of a message, as screens name them; one query a kind, whatever the number."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.account import Account, AccountState, Role
from app.models.message import Correspondent
from app.models.patient import Patient
from app.models.professional import Profession, Professional
from app.services.mailbox import Party, PartyKind
from app.services.patient_label import PatientLabel, label_of
from app.services.professional import select_cards


@dataclass(frozen=True)
class PartyCard:
    """One end of a message. `name` is what a correspondent calls itself, beside its address.

    `is_active`: somebody can read what is sent there.
    """

    party: Party
    civility: str = ""
    given_name: str = ""
    family_name: str = ""
    profession: Profession | None = None
    speciality: str = ""
    place_name: str = ""
    place_city: str = ""
    name: str = ""
    address: str = ""
    patient: PatientLabel | None = None
    is_active: bool = True


def list_party_cards(
    session: Session, actor: Actor, parties: Iterable[Party]
) -> dict[Party, PartyCard]:
    """The cards of parties the actor exchanges with; one that does not exist is absent."""
    by_kind: dict[PartyKind, set[UUID]] = {kind: set() for kind in PartyKind}
    for party in parties:
        by_kind[party.kind].add(party.id)
    cards = [
        *_professionals(session, by_kind[PartyKind.PROFESSIONAL]),
        *_patients(session, by_kind[PartyKind.PATIENT]),
        *_correspondents(session, by_kind[PartyKind.CORRESPONDENT]),
    ]
    return {card.party: card for card in cards}


def _professionals(session: Session, ids: set[UUID]) -> list[PartyCard]:
    if not ids:
        return []
    rows = session.execute(
        select_cards().add_columns(col(Account.state)).where(col(Professional.id).in_(ids))
    )
    return [
        PartyCard(
            Party(PartyKind.PROFESSIONAL, row.id),
            civility=row.civility,
            given_name=row.given_name,
            family_name=row.family_name,
            profession=row.profession,
            speciality=row.speciality,
            place_name=row.place_name,
            place_city=row.place_city,
            is_active=row.state is AccountState.ACTIVE,
        )
        for row in rows
    ]


def _patients(session: Session, ids: set[UUID]) -> list[PartyCard]:
    if not ids:
        return []
    patients = session.execute(select(Patient).where(col(Patient.id).in_(ids))).scalars().all()
    active = set(
        session.execute(
            select(col(Account.patient_id)).where(
                col(Account.patient_id).in_(ids),
                col(Account.role) == Role.PATIENT,
                col(Account.state) == AccountState.ACTIVE,
            )
        ).scalars()
    )
    return [
        PartyCard(
            Party(PartyKind.PATIENT, patient.id),
            given_name=patient.given_name,
            family_name=patient.used_name or patient.birth_name,
            patient=label_of(patient),
            is_active=patient.id in active,
        )
        for patient in patients
    ]


def _correspondents(session: Session, ids: set[UUID]) -> list[PartyCard]:
    if not ids:
        return []
    rows = session.execute(select(Correspondent).where(col(Correspondent.id).in_(ids))).scalars()
    return [
        PartyCard(Party(PartyKind.CORRESPONDENT, row.id), name=row.name, address=row.address)
        for row in rows
    ]
