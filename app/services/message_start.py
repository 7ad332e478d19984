"""What a new message starts from: the draft gone on with, or what the page that leads here names (ME-170)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotFound
from app.models.entry import Entry
from app.models.treatment import Treatment
from app.services.conversation import list_labels
from app.services.mailbox import Mailbox, parse_party, require_mailbox
from app.services.message_draft_reading import DraftView, find_sent, load_draft
from app.services.message_reading import EntryLabel
from app.services.message_recipient import list_allowed, list_nameable
from app.services.party import PartyCard, list_party_cards
from app.services.patient_label import PatientLabel
from app.services.patient_list import list_patients
from app.services.treatment_query import TreatmentChoice, list_choices

MOST_PATIENTS = 8


@dataclass(frozen=True)
class About:
    """What professionals speak of: a patient they follow, one of their treatments, one of their entries."""

    patient: PatientLabel
    treatments: tuple[TreatmentChoice, ...] = ()
    entry: EntryLabel | None = None


@dataclass(frozen=True)
class Start:
    """A new message. `sent_in`: the conversation it left for already; `has_nobody`: no one to write to."""

    draft: DraftView | None = None
    sent_in: UUID | None = None
    recipients: tuple[PartyCard, ...] = ()
    about: About | None = None
    treatment_id: UUID | None = None
    may_write: bool = True
    is_patient: bool = False
    has_nobody: bool = False


def start_message(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    *,
    patient_id: UUID | None = None,
    treatment_id: UUID | None = None,
    entry_id: UUID | None = None,
    recipient: str = "",
    now: datetime,
) -> Start:
    """The draft of that key, else an empty message about what is named; a patient's is about nothing.

    Raises NotFound for a patient, a treatment or an entry that is not the actor's to know.
    """
    mailbox = require_mailbox(session, actor)
    sent = find_sent(session, actor, mailbox, draft_id)
    if sent is not None:
        return Start(sent_in=sent.conversation_id)
    draft = _draft(session, actor, draft_id)
    if draft is not None and draft.conversation_id is not None:
        return Start(sent_in=draft.conversation_id)
    if draft is not None:
        patient_id, treatment_id = draft.about_patient_id, draft.treatment_id
        entry_id = draft.entry_id
    written = draft.recipients if draft is not None else (recipient,)
    parties = [party for party in map(parse_party, written) if party]
    allowed = list_allowed(session, actor, mailbox, now=now) if mailbox.is_patient else None
    known = list_nameable(session, actor, parties)
    if draft is None and allowed is not None:
        known &= allowed
    cards = list_party_cards(session, actor, known)
    about = None
    if not mailbox.is_patient:
        try:
            about = _about(session, actor, mailbox, patient_id, treatment_id, entry_id, now)
        except NotFound:
            # Words of one's own outlive the right to know the patient they were about.
            if draft is None:
                raise
    return Start(
        draft=draft,
        recipients=tuple(cards[party] for party in parties if party in cards),
        about=about,
        treatment_id=treatment_id if about else None,
        may_write=mailbox.may_write,
        is_patient=mailbox.is_patient,
        has_nobody=allowed is not None and not allowed,
    )


def describe_subject(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> About:
    """A patient chosen as what a message is about, with the treatments it may name."""
    mailbox = require_mailbox(session, actor)
    found = _about(session, actor, mailbox, patient_id, None, None, now)
    if found is None:
        raise NotFound("patient.not_found")
    return found


def find_subjects(
    session: Session, actor: Actor, query: str, *, now: datetime
) -> list[PatientLabel]:
    """The patients of the circle whose words begin as what is typed, a few."""
    mailbox = require_mailbox(session, actor)
    if mailbox.is_patient or not query.strip():
        return []
    page = list_patients(session, actor, query=query, now=now)
    ids = [row.id for row in page.rows[:MOST_PATIENTS]]
    labels = list_labels(session, actor, mailbox, ids)
    return [labels[key] for key in ids if key in labels]


def _draft(session: Session, actor: Actor, draft_id: UUID) -> DraftView | None:
    """A draft that was never saved is an empty form; somebody else's looks the same."""
    try:
        return load_draft(session, actor, draft_id)
    except NotFound:
        return None


def _about(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    patient_id: UUID | None,
    treatment_id: UUID | None,
    entry_id: UUID | None,
    now: datetime,
) -> About | None:
    if patient_id is None:
        return None
    policies.require_link(session, actor, patient_id)
    treatment = session.get(Treatment, treatment_id) if treatment_id else None
    entry = session.get(Entry, entry_id) if entry_id else None
    if any(row is not None and row.patient_id != patient_id for row in (treatment, entry)):
        raise NotFound("patient.not_found")
    choices = list_choices(session, actor, patient_id, now=now)
    return About(
        patient=list_labels(session, actor, mailbox, [patient_id])[patient_id],
        treatments=tuple(choices),
        entry=EntryLabel(entry.id, entry.kind, entry.occurred_on) if entry else None,
    )
