"""Finding whom to write to, by the beginnings of names (ME-162 to ME-164)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.care_link import CareLink
from app.models.practice import Practice
from app.models.professional import Professional
from app.services.care_circle import search_professionals
from app.services.mailbox import Mailbox, Party, PartyKind, require_mailbox
from app.services.message_recipient import MOST_RECIPIENTS, list_allowed
from app.services.party import PartyCard, list_party_cards
from app.services.patient_list import list_patients
from app.services.text import fold, tokens

MOST_FOUND = 10


class RecipientGroup(StrEnum):
    """Where somebody one may write to is known from."""

    WROTE_FIRST = "wrote_first"
    CIRCLE = "circle"
    ESTABLISHMENT = "establishment"
    DIRECTORY = "directory"
    PATIENT = "patient"


@dataclass(frozen=True)
class Recipient:
    """Somebody one may write to."""

    card: PartyCard
    group: RecipientGroup


def search_recipients(
    session: Session,
    actor: Actor,
    query: str,
    *,
    about_patient_id: UUID | None = None,
    now: datetime,
) -> list[Recipient]:
    """Those whose name or first name begins so, for nothing typed those one has at hand.

    A patient reads all of theirs in the order of names (ME-164). Of a message about a patient, a professional
    finds the circle first, and nobody outside it.
    """
    mailbox = require_mailbox(session, actor)
    if mailbox.is_patient:
        allowed = list_allowed(session, actor, mailbox, now=now)
        cards = list_party_cards(session, actor, allowed).values()
        found = [card for card in cards if _begins(card, query)]
        found.sort(key=lambda card: fold(f"{card.family_name} {card.given_name} {card.name}"))
        return [Recipient(card, RecipientGroup.WROTE_FIRST) for card in found]
    if about_patient_id is not None:
        policies.require_link(session, actor, about_patient_id)
        return _circle(session, actor, mailbox, about_patient_id, query)
    return [
        *_colleagues(session, actor, mailbox, query),
        *_own_patients(session, actor, query, now=now),
    ][: 2 * MOST_FOUND]


def _circle(
    session: Session, actor: Actor, mailbox: Mailbox, patient_id: UUID, query: str
) -> list[Recipient]:
    members = session.execute(
        select(col(CareLink.professional_id)).where(
            col(CareLink.patient_id) == patient_id, col(CareLink.ended_at).is_(None)
        )
    ).scalars()
    parties = [Party(PartyKind.PROFESSIONAL, member) for member in members]
    parties.append(Party(PartyKind.PATIENT, patient_id))
    cards = [
        card
        for party, card in list_party_cards(session, actor, parties).items()
        if party != mailbox.party and card.is_active and _begins(card, query)
    ]
    cards.sort(key=lambda card: (card.party.kind is PartyKind.PATIENT, fold(card.family_name)))
    return [
        Recipient(
            card,
            RecipientGroup.PATIENT
            if card.party.kind is PartyKind.PATIENT
            else RecipientGroup.CIRCLE,
        )
        for card in cards
    ]


def _colleagues(session: Session, actor: Actor, mailbox: Mailbox, query: str) -> list[Recipient]:
    """Found by name in the whole portal; for nothing typed, those of one's own places."""
    ids = (
        [found.professional.id for found in search_professionals(session, actor, query)]
        if query.strip()
        else list(_neighbours(session, mailbox))
    )
    parties = [Party(PartyKind.PROFESSIONAL, key) for key in ids if key != mailbox.professional_id]
    cards = list_party_cards(session, actor, parties)
    near = _neighbours(session, mailbox)
    shared = _share_patients(session, mailbox, ids)
    found = [
        Recipient(cards[party], _group(party, near, shared))
        for party in parties
        if party in cards and cards[party].is_active
    ]
    order = list(RecipientGroup)
    return sorted(found, key=lambda each: order.index(each.group))[:MOST_FOUND]


def _group(party: Party, near: set[UUID], shared: set[UUID]) -> RecipientGroup:
    if party.id in shared:
        return RecipientGroup.CIRCLE
    return RecipientGroup.ESTABLISHMENT if party.id in near else RecipientGroup.DIRECTORY


def _neighbours(session: Session, mailbox: Mailbox) -> set[UUID]:
    """Professionals of a place where the actor practises, a few tens at most."""
    own = select(col(Practice.facility_id)).join(
        Professional, col(Professional.account_id) == col(Practice.account_id)
    )
    rows = session.execute(
        select(col(Professional.id))
        .join(Practice, col(Practice.account_id) == col(Professional.account_id))
        .where(
            col(Practice.facility_id).in_(
                own.where(
                    col(Professional.id) == mailbox.professional_id,
                    col(Practice.facility_id).is_not(None),
                )
            )
        )
        .distinct()
        .limit(MOST_RECIPIENTS)
    ).scalars()
    return set(rows)


def _share_patients(session: Session, mailbox: Mailbox, ids: Collection[UUID]) -> set[UUID]:
    """Those of these professionals who follow a patient together with the actor."""
    mine = select(col(CareLink.patient_id)).where(
        col(CareLink.professional_id) == mailbox.professional_id, col(CareLink.ended_at).is_(None)
    )
    rows = session.execute(
        select(col(CareLink.professional_id))
        .where(
            col(CareLink.professional_id).in_(list(ids)),
            col(CareLink.ended_at).is_(None),
            col(CareLink.patient_id).in_(mine),
        )
        .distinct()
    ).scalars()
    return set(rows)


def _own_patients(session: Session, actor: Actor, query: str, *, now: datetime) -> list[Recipient]:
    if not query.strip():
        return []
    page = list_patients(session, actor, query=query, now=now)
    parties = [Party(PartyKind.PATIENT, row.id) for row in page.rows[:MOST_FOUND]]
    cards = list_party_cards(session, actor, parties)
    return [
        Recipient(cards[party], RecipientGroup.PATIENT)
        for party in parties
        if party in cards and cards[party].is_active
    ]


def _begins(card: PartyCard, query: str) -> bool:
    """Whether every word typed begins a word of the name (ME-164)."""
    names = tokens(f"{card.family_name} {card.given_name} {card.name}")
    return all(any(name.startswith(word) for name in names) for word in tokens(query))
