"""Whom one may write to (ME-162 to ME-164, ME-171, ME-172; D-05, D-16).

A patient writes to those who wrote first, who have not ended the exchanges and whom they have not shut out.
A professional writes to colleagues, and to the patients of their circle who can read it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import RuleViolation
from app.models.care_link import CareLink
from app.models.facility import Facility
from app.models.message import Conversation, Participant
from app.models.practice import Practice
from app.models.professional import Professional
from app.services.exchange import list_ended
from app.services.health_mail import list_correspondents
from app.services.mailbox import Mailbox, Party, PartyKind, require_mailbox
from app.services.membership import members_among
from app.services.party import list_party_cards

MOST_RECIPIENTS = 30


def list_allowed(
    session: Session, actor: Actor, mailbox: Mailbox, *, now: datetime
) -> frozenset[Party]:
    """Whom a patient may write to now; read again at the sending."""
    assert mailbox.patient_id is not None
    parties = _wrote_to(session, actor, mailbox.patient_id) | _open_to(session, mailbox.patient_id)
    ended = list_ended(session, actor, mailbox.patient_id, parties)
    cards = list_party_cards(session, actor, parties)
    followers = members_among(
        session,
        actor,
        mailbox.patient_id,
        [party.id for party in parties if party.kind is PartyKind.PROFESSIONAL],
    )
    return frozenset(
        party
        for party, card in cards.items()
        if party not in ended
        and card.is_active
        # Whoever left the circle, or was shut out of it, could not read the message.
        and (party.kind is PartyKind.CORRESPONDENT or party.id in followers)
    )


def list_nameable(session: Session, actor: Actor, parties: Iterable[Party]) -> set[Party]:
    """Those whose name the actor may know, of parties they wrote down: a draft may name any key (S062).

    Colleagues, and the patients of one's circle; for a patient, whoever wrote to them or lets them write.
    """
    mailbox, wanted = require_mailbox(session, actor), set(parties)
    if not wanted:
        return set()
    if mailbox.patient_id is not None:
        return wanted & (
            _wrote_to(session, actor, mailbox.patient_id) | _open_to(session, mailbox.patient_id)
        )
    followed = session.execute(
        select(col(CareLink.patient_id)).where(
            col(CareLink.professional_id) == mailbox.professional_id,
            col(CareLink.ended_at).is_(None),
            col(CareLink.patient_id).in_([party.id for party in wanted]),
            col(CareLink.patient_id).not_in(policies.shut_out_of(session, actor)),
        )
    ).scalars()
    patients = {Party(PartyKind.PATIENT, patient_id) for patient_id in followed}
    return {party for party in wanted if party.kind is PartyKind.PROFESSIONAL or party in patients}


def refusal_to_write(session: Session, actor: Actor, patient_id: UUID) -> str:
    """Why a member of the circle cannot write to this patient, by code; '' when they can (CX-40)."""
    policies.require_link(session, actor, patient_id)
    if not require_mailbox(session, actor).may_write:
        return "message.read_only"
    party = Party(PartyKind.PATIENT, patient_id)
    is_active = list_party_cards(session, actor, [party])[party].is_active
    return "" if is_active else "message.patient_without_space"


def require_recipients(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    recipients: Sequence[Party],
    *,
    about_patient_id: UUID | None,
    is_reply: bool,
    now: datetime,
) -> None:
    """Raise RuleViolation, in words, for whom the actor may not write to."""
    if len(recipients) > MOST_RECIPIENTS:
        raise RuleViolation("message.too_many_recipients", most=MOST_RECIPIENTS)
    if mailbox.party in recipients:
        raise RuleViolation("message.to_oneself")
    if mailbox.is_patient:
        _require_for_patient(session, actor, mailbox, recipients, is_reply=is_reply, now=now)
    else:
        _require_for_professional(session, actor, recipients, about_patient_id)


def reachable(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    parties: Sequence[Party],
    *,
    about_patient_id: UUID | None,
    now: datetime,
) -> tuple[Party, ...]:
    """Those of them an answer to all still goes to (D-05): who ended, left or closed is left out."""
    if mailbox.is_patient:
        allowed = list_allowed(session, actor, mailbox, now=now)
        return tuple(party for party in parties if party in allowed)
    cards = list_party_cards(session, actor, parties)
    colleagues = [party.id for party in parties if party.kind is PartyKind.PROFESSIONAL]
    members = (
        set(colleagues)
        if about_patient_id is None
        else members_among(session, actor, about_patient_id, colleagues)
    )
    return tuple(
        party
        for party in parties
        if party in cards
        and cards[party].is_active
        and (party.kind is PartyKind.PATIENT or party.id in members)
    )


def _require_for_patient(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    recipients: Collection[Party],
    *,
    is_reply: bool,
    now: datetime,
) -> None:
    if not is_reply and len(recipients) != 1:
        raise RuleViolation("message.one_recipient")
    if not set(recipients) <= list_allowed(session, actor, mailbox, now=now):
        raise RuleViolation("message.recipient_ended")


def _require_for_professional(
    session: Session,
    actor: Actor,
    recipients: Sequence[Party],
    about_patient_id: UUID | None,
) -> None:
    patients = [party.id for party in recipients if party.kind is PartyKind.PATIENT]
    if len(patients) > 1 or any(party.kind is PartyKind.CORRESPONDENT for party in recipients):
        raise RuleViolation("message.one_patient")
    about = patients[0] if patients else about_patient_id
    if about_patient_id not in {None, about}:
        # Its treatment and its entry would be another patient's.
        raise RuleViolation("message.about_another")
    if about is not None:
        policies.require_link(session, actor, about)
    cards = list_party_cards(session, actor, recipients)
    if any(party not in cards or not cards[party].is_active for party in recipients):
        raise RuleViolation("message.recipient_inactive")
    if about is None:
        return
    colleagues = {party.id for party in recipients if party.kind is PartyKind.PROFESSIONAL}
    if colleagues - members_among(session, actor, about, colleagues):
        raise RuleViolation("message.outside_circle")


def _wrote_to(session: Session, actor: Actor, patient_id: UUID) -> set[Party]:
    """Who sent this patient at least one message; from outside, also one that is no longer kept."""
    outside = list_correspondents(session, actor, patient_id)
    theirs = select(col(Participant.conversation_id)).where(
        col(Participant.patient_id) == patient_id
    )
    rows = session.execute(
        select(col(Participant.professional_id), col(Participant.correspondent_id))
        .join(Conversation, col(Conversation.id) == col(Participant.conversation_id))
        .where(
            col(Conversation.patient_id) == patient_id,
            col(Participant.conversation_id).in_(theirs),
            col(Participant.sent_at).is_not(None),
            or_(
                col(Participant.professional_id).is_not(None),
                col(Participant.correspondent_id).is_not(None),
            ),
        )
        .distinct()
    )
    return {Party(PartyKind.CORRESPONDENT, each) for each in outside} | {
        Party(PartyKind.PROFESSIONAL, professional_id)
        if professional_id
        else Party(PartyKind.CORRESPONDENT, correspondent_id)
        for professional_id, correspondent_id in rows
    }


def _open_to(session: Session, patient_id: UUID) -> set[Party]:
    """Those of the circle who practise where patients may write first (D-16, off unless chosen)."""
    rows = session.execute(
        select(col(CareLink.professional_id))
        .join(Professional, col(Professional.id) == col(CareLink.professional_id))
        .where(
            col(CareLink.patient_id) == patient_id,
            col(CareLink.ended_at).is_(None),
            exists()
            .where(
                col(Practice.account_id) == col(Professional.account_id),
                col(Practice.facility_id) == col(Facility.id),
                col(Facility.accepts_first_messages).is_(True),
            )
            .correlate(Professional),
        )
    ).scalars()
    return {Party(PartyKind.PROFESSIONAL, professional_id) for professional_id in rows}
