"""Telling the circle of an entry that was just written (CX-41)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import Invalid
from app.models.message import Priority
from app.services.entry import access_entry
from app.services.mailbox import Mailbox, Party, PartyKind, require_mailbox, require_writer
from app.services.membership import list_links
from app.services.message import NewMessage, deliver, has_unsendable, plain_text
from app.services.message_draft_reading import find_sent
from app.services.party import list_party_cards

MAX_WORDS = 2_000
_NAMES = UUID("0a6f2c1e-7d0b-4c55-9a39-6f1d0f5a4b11")


@dataclass(frozen=True)
class Telling:
    """How the circle is told. `words`: what was typed, else `default`."""

    priority: Priority
    subject: str
    words: str
    default: str


def has_circle(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """Whether somebody else follows this patient and can read a message."""
    mailbox = require_mailbox(session, actor)
    return mailbox.may_write and bool(_others(session, actor, mailbox, patient_id))


def tell_circle(
    session: Session, actor: Actor, entry_id: UUID, telling: Telling, *, key: UUID, now: datetime
) -> UUID | None:
    """Send the other members of the circle a message about an entry, in the transaction that writes it.

    Once for the key of the entry's form; None when nobody else is in the circle.
    """
    mailbox = require_writer(session, actor)
    entry = access_entry(session, actor, entry_id)
    draft_id = uuid5(_NAMES, f"{mailbox.account_id}/{key}")
    earlier = find_sent(session, actor, mailbox, draft_id)
    if earlier is not None:
        return earlier.id
    words = plain_text(telling.words).strip()
    if len(words) > MAX_WORDS:
        raise Invalid(tell_words="message.words_too_long")
    if has_unsendable(words):
        raise Invalid(tell_words="message.unsendable")
    others = _others(session, actor, mailbox, entry.patient_id)
    if not others:
        return None
    new = NewMessage(
        author=mailbox.party,
        recipients=others,
        text=words or telling.default,
        priority=telling.priority,
        subject=telling.subject,
        about_patient_id=entry.patient_id,
        treatment_id=entry.treatment_id,
        entry_id=entry.id,
        draft_id=draft_id,
    )
    return deliver(session, actor, new, now=now).id


def _others(
    session: Session, actor: Actor, mailbox: Mailbox, patient_id: UUID
) -> tuple[Party, ...]:
    members = [
        Party(PartyKind.PROFESSIONAL, link.professional_id)
        for link in list_links(session, actor, patient_id)
    ]
    cards = list_party_cards(session, actor, members)
    return tuple(
        party
        for party in members
        if party != mailbox.party and party in cards and cards[party].is_active
    )
