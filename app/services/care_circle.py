"""The care circle of a patient: who is in it, who joins with a consent, who leaves (CX-20, CX-21)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import intersect, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Forbidden, NotFound, RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.care_link import CareLink
from app.models.consent import ConsentKind
from app.models.journal import JournalKind
from app.models.professional import Professional, ProfessionalToken
from app.services import journal, submission
from app.services.consent import NewConsent, record_consent
from app.services.identifiers import RPPS_LENGTH
from app.services.membership import (
    end_membership,
    find_block,
    hold_patient,
    list_links,
    members_among,
    show_conversations,
    withdraw_status,
)
from app.services.patient_words import write_words
from app.services.professional import ProfessionalCard, list_cards, select_cards
from app.services.text import prefix_end, tokens

MAX_FOUND = 10
MAX_QUERY = 120
MAX_WORDS = 5
MIN_LETTERS = 2
_JUST_LEFT = timedelta(minutes=1)


@dataclass(frozen=True)
class MemberRow:
    """One member of a circle."""

    link_id: UUID
    professional: ProfessionalCard
    since: datetime
    added_by: ProfessionalCard
    is_me: bool
    has_enrolled: bool
    may_remove: bool


@dataclass(frozen=True)
class CircleView:
    """The « Contacts » page: members in the order they joined."""

    patient_id: UUID
    members: tuple[MemberRow, ...]
    may_add: bool


@dataclass(frozen=True)
class FoundProfessional:
    """One answer of a search, and whether they already follow the patient."""

    professional: ProfessionalCard
    is_member: bool


def list_circle(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> CircleView:
    """The circle as a member sees it; the reading is journaled."""
    policies.require_link(session, actor, patient_id)
    journal.record_read(session, actor, "care_circle.listed", patient_id=patient_id, now=now)
    return fetch_circle(session, actor, patient_id)


def fetch_circle(session: Session, actor: Actor, patient_id: UUID) -> CircleView:
    """The same view for a reader already allowed: a member, or the patient. Not journaled."""
    policies.require_reader(session, actor, patient_id)
    members = list_links(session, actor, patient_id)
    ids = {key for link in members for key in (link.professional_id, link.added_by_id)}
    cards = list_cards(session, actor, ids)
    is_last = len(members) == 1
    return CircleView(
        patient_id=patient_id,
        members=tuple(
            MemberRow(
                link_id=link.id,
                professional=cards[link.professional_id],
                since=link.started_at,
                added_by=cards[link.added_by_id],
                is_me=actor.is_professional and link.professional_id == actor.professional_id,
                has_enrolled=link.professional_id == link.added_by_id,
                may_remove=policies.may_end_link(actor, link) and not is_last,
            )
            for link in members
        ),
        may_add=policies.may_manage(actor),
    )


def list_touched(
    session: Session, patient_ids: Iterable[UUID], *, now: datetime
) -> set[tuple[UUID, UUID]]:
    """(professional, patient) for whom a change of these patients may show, those who just left included."""
    rows = session.execute(
        select(col(CareLink.professional_id), col(CareLink.patient_id)).where(
            col(CareLink.patient_id).in_(list(patient_ids)),
            or_(col(CareLink.ended_at).is_(None), col(CareLink.ended_at) > now - _JUST_LEFT),
        )
    )
    return {(professional_id, patient_id) for professional_id, patient_id in rows}


def search_professionals(
    session: Session, actor: Actor, query: str, *, patient_id: UUID | None = None
) -> list[FoundProfessional]:
    """At most ten active professionals, by the beginnings of the words of their name or by their RPPS number.

    With `patient_id`, a patient of the actor's circle, each answer says whether they are already a member.
    """
    policies.require_professional(actor)
    if patient_id is not None:
        policies.require_link(session, actor, patient_id)
    typed = query[:MAX_QUERY]
    digits = "".join(c for c in typed if not c.isspace())
    narrowed = (
        select_cards()
        .where(col(Account.state) == AccountState.ACTIVE, col(Account.role) == Role.PROFESSIONAL)
        .order_by(col(Professional.search_name), col(Professional.rpps))
        .limit(MAX_FOUND)
    )
    if digits.isascii() and digits.isdigit():
        if len(digits) != RPPS_LENGTH:
            return []
        narrowed = narrowed.where(col(Professional.rpps) == digits)
    else:
        words = tokens(typed)[:MAX_WORDS]
        if sum(map(len, words)) < MIN_LETTERS:
            return []
        begins = [
            select(col(ProfessionalToken.professional_id)).where(
                col(ProfessionalToken.token) >= word,
                col(ProfessionalToken.token) < prefix_end(word),
            )
            for word in words
        ]
        found = begins[0] if len(begins) == 1 else select(*intersect(*begins).subquery().c)
        narrowed = narrowed.where(col(Professional.id).in_(found))
    cards = [ProfessionalCard(*row) for row in session.execute(narrowed)]
    members = (
        members_among(session, actor, patient_id, [card.id for card in cards])
        if patient_id is not None and cards
        else set()
    )
    return [FoundProfessional(card, card.id in members) for card in cards]


def add_professional(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    professional_id: UUID,
    *,
    key: UUID,
    consent: NewConsent,
    now: datetime,
) -> UUID:
    """Let a professional follow the patient from now on, with the consent asked for this addition (CX-21).

    Any member may add one. Returns the key of the new link; the same `key` adds once.
    """
    mine = policies.require_management(session, actor, patient_id)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    patient = hold_patient(session, actor, patient_id)
    state = session.execute(
        select(col(Account.state))
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .where(col(Professional.id) == professional_id)
    ).scalar_one_or_none()
    if state is not AccountState.ACTIVE:
        raise NotFound("care_circle.professional_not_found")
    if members_among(session, actor, patient_id, [professional_id]):
        raise RuleViolation("care_circle.already_member")
    if find_block(session, actor, patient_id, professional_id) is not None:
        raise RuleViolation("care_circle.not_yours_to_add")
    link = CareLink(
        patient_id=patient_id,
        professional_id=professional_id,
        added_by_id=mine.professional_id,
        started_at=now,
        read_at=now,
        sort_name=patient.sort_name,
        last_entry_on=mine.last_entry_on,
        severe_on=mine.severe_on,
        falling_on=mine.falling_on,
    )
    session.add(link)
    session.flush()
    write_words(session, actor, patient, [professional_id])
    show_conversations(session, actor, patient_id, professional_id, are_shown=True)
    record_consent(
        session,
        actor,
        patient_id,
        consent,
        kind=ConsentKind.CIRCLE_ADDITION,
        for_professional_id=professional_id,
        now=now,
    )
    journal.record(
        session,
        actor,
        "care_circle.member_added",
        kind=JournalKind.ACCESS,
        patient_id=patient_id,
        object_id=professional_id,
        now=now,
    )
    submission.remember(session, actor, key, link.id, now=now)
    return link.id


def remove_professional(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID, *, now: datetime
) -> None:
    """End a membership at once: for its holder the patient no longer exists. The last member stays."""
    policies.require_management(session, actor, patient_id)
    hold_patient(session, actor, patient_id)
    members = {link.professional_id: link for link in list_links(session, actor, patient_id)}
    link = members.get(professional_id)
    if link is None:
        raise Conflict("care_circle.not_member")
    if not policies.may_end_link(actor, link):
        raise Forbidden("care_circle.remove_forbidden")
    if len(members) == 1:
        raise RuleViolation("care_circle.last_member")
    end_membership(session, actor, link, now=now)
    withdraw_status(session, actor, patient_id, professional_id, now=now)
    journal.record(
        session,
        actor,
        "care_circle.member_removed",
        kind=JournalKind.ACCESS,
        patient_id=patient_id,
        object_id=professional_id,
        now=now,
    )
