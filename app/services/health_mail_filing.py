"""Incoming health mail, put into the conversation where it belongs (S113, FB-04, DM-08).

It goes on with the conversation it answers, and only between the same two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.integrations.health_mail_mime import Envelope, Mail
from app.models.document import StoredText
from app.models.health_mail import (
    HealthMailDelivery,
    HealthMailReceipt,
    MailReason,
    ReceiptState,
)
from app.models.message import AttachmentSource, Message, MessageAttachment, Participant
from app.services import stored_file
from app.services.exchange import end_by
from app.services.health_mail import (
    ensure_correspondent,
    find_receiver,
    is_allowed_sender,
    is_ours,
)
from app.services.health_mail_file import MailFile
from app.services.health_mail_receipt import Incoming, take_receipt
from app.services.mailbox import Party, PartyKind
from app.services.membership import hold_patient
from app.services.message import NewMessage, deliver

_NO_SUBJECT = "Sans objet"
_MOST_REFERENCES = 50


@dataclass(frozen=True)
class Receiver:
    """One of ours a mail is for, and why it cannot be filed for them."""

    recipient: str
    reason: MailReason | None


def list_ours(session: Session, actor: Actor, envelope: Envelope) -> list[str]:
    """Addresses of our domain a mail names; one that is empty when it names none."""
    return [address for address in envelope.recipients if is_ours(address)] or [""]


def list_receivers(session: Session, actor: Actor, mail: Mail) -> list[Receiver]:
    """The receivers of a mail here. Of one that names nobody of ours: a single one without address."""
    is_allowed = is_allowed_sender(mail.envelope.sender)
    found = []
    for address in list_ours(session, actor, mail.envelope):
        reason = None
        if not is_allowed:
            reason = MailReason.UNKNOWN_SENDER
        elif find_receiver(session, actor, address) is None:
            reason = MailReason.UNKNOWN_RECIPIENT
        found.append(Receiver(address, reason))
    return found


def file_mail(
    session: Session,
    actor: Actor,
    mail: Mail,
    incoming: Incoming,
    files: Sequence[MailFile],
    *,
    now: datetime,
) -> bool:
    """Deliver a mail to its receiver; False when it was taken before, or they may not receive it any more.

    It goes on with the conversation it answers, of these two; « FIN » ends their exchanges (FB-04).
    """
    patient_id = find_receiver(session, actor, incoming.recipient)
    if patient_id is None:
        return False
    receipt = take_receipt(session, actor, incoming, ReceiptState.FILED, now=now)
    if receipt is None:
        return False
    hold_patient(session, actor, patient_id)
    sender = ensure_correspondent(session, actor, mail.envelope.sender, mail.sender_name, now=now)
    party = Party(PartyKind.CORRESPONDENT, sender.id)
    receipt.reply_to = mail.reply_to if is_allowed_sender(mail.reply_to) else ""
    receipt.notify_to = mail.notify_to if is_allowed_sender(mail.notify_to) else ""
    if mail.text.strip() or files or not mail.is_fin:
        attachments = _attachments(session, actor, files, now=now)
        message = deliver(
            session,
            actor,
            NewMessage(
                author=party,
                recipients=(Party(PartyKind.PATIENT, patient_id),),
                text=mail.text,
                conversation_id=_conversation(session, mail.references, patient_id, sender.id),
                subject=mail.subject or _NO_SUBJECT,
            ),
            attachments,
            now=now,
        )
        session.add_all(attachments)
        receipt.message_id = message.id
    session.add(receipt)
    session.flush()
    if mail.is_fin:
        end_by(session, actor, patient_id, party, now=now)
    return True


def _attachments(
    session: Session, actor: Actor, files: Sequence[MailFile], *, now: datetime
) -> list[MessageAttachment]:
    made = []
    for position, each in enumerate(files):
        file = stored_file.record_file(session, actor, each.sealed, scan=each.scan, now=now)
        if each.text:
            session.add(StoredText(file_id=file.id, text=each.text))
        made.append(
            MessageAttachment(
                file_id=file.id,
                source=AttachmentSource.MAIL,
                name=each.name,
                position=position,
                added_at=now,
            )
        )
    return made


def _conversation(
    session: Session, references: Sequence[str], patient_id: UUID, correspondent_id: UUID
) -> UUID | None:
    """The conversation a mail answers: of this very patient with this very correspondent."""
    if not references:
        return None
    nearest = list(references)[:_MOST_REFERENCES]
    received = select(col(HealthMailReceipt.mail_id), col(Message.conversation_id)).join(
        Message, col(Message.id) == col(HealthMailReceipt.message_id)
    )
    sent = select(col(HealthMailDelivery.mail_id), col(Message.conversation_id)).join(
        Message, col(Message.id) == col(HealthMailDelivery.message_id)
    )
    theirs = select(col(Participant.conversation_id)).where(
        col(Participant.patient_id) == patient_id,
        col(Participant.conversation_id).in_(
            select(col(Participant.conversation_id)).where(
                col(Participant.correspondent_id) == correspondent_id
            )
        ),
    )
    found: dict[str, UUID] = {}
    for rows, column in ((received, HealthMailReceipt.mail_id), (sent, HealthMailDelivery.mail_id)):
        for mail_id, conversation_id in session.execute(
            rows.where(col(column).in_(nearest), col(Message.conversation_id).in_(theirs))
        ):
            found[mail_id] = conversation_id  # noqa: PERF403 - two lists into one
    known = next((found[each] for each in nearest if each in found), None)
    # Held as who sends does: one that everybody deleted may be leaving the base just now.
    places = (
        select(col(Participant.id))
        .where(col(Participant.conversation_id) == known)
        .order_by(col(Participant.id))
        .with_for_update()
    )
    return known if known and session.execute(places).all() else None
