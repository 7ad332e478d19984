"""A patient is told, where they wrote it, that their message did not arrive (FB-07, S145)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.health_mail import HealthMailDelivery
from app.models.message import Correspondent, Message, Participant
from app.services import journal
from app.services.health_mail_delivery import mark_failed, mark_later
from app.services.mailbox import Party, PartyKind
from app.services.message import NewMessage, deliver

_TEXT = (
    "Votre message n’a pas pu être remis à {name} ({address}){why}. Il reste dans cette conversation. "
    "Joignez ce professionnel par un autre moyen si votre demande est urgente."
)
_WHY = {
    "health_mail.address_refused": "\u202f: cette adresse n’est pas correcte",
    "health_mail.mailbox_closed": "\u202f: cette messagerie est fermée",
    "health_mail.mailbox_full": "\u202f: cette messagerie est pleine",
    "health_mail.mailbox_unknown": "\u202f: cette adresse n’existe pas ou n’existe plus",
    "health_mail.too_large": "\u202f: il est trop volumineux pour cette messagerie",
}


def fail(session: Session, actor: Actor, delivery_id: UUID, error: str, *, now: datetime) -> None:
    """Give up a mail for good."""
    if mark_failed(session, actor, delivery_id, error, now=now):
        _tell(session, actor, delivery_id, now=now)


def postpone(
    session: Session, actor: Actor, delivery_id: UUID, error: str, *, now: datetime
) -> None:
    """Try again later, or give up after a day."""
    if mark_later(session, actor, delivery_id, error, now=now):
        _tell(session, actor, delivery_id, now=now)


def _tell(session: Session, actor: Actor, delivery_id: UUID, *, now: datetime) -> None:
    row = session.get_one(HealthMailDelivery, delivery_id)
    message = session.get(Message, row.message_id)
    author = session.get(Participant, message.author_id) if message else None
    correspondent = session.get_one(Correspondent, row.correspondent_id)
    if message is not None and author is not None and author.patient_id is not None:
        deliver(
            session,
            actor,
            NewMessage(
                author=None,
                recipients=(Party(PartyKind.PATIENT, author.patient_id),),
                text=_TEXT.format(
                    name=correspondent.name or correspondent.address,
                    address=correspondent.address,
                    why=_WHY.get(row.error, ""),
                ),
                conversation_id=message.conversation_id,
            ),
            now=now,
        )
    journal.record(
        session, actor, "health_mail.not_delivered", object_id=row.id, result=row.error, now=now
    )
