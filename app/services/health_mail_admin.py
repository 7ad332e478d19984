"""Health mail as administrators see it: what waits and why, never what it says (S067)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotFound, RuleViolation
from app.models.health_mail import (
    THE_INBOX,
    DeliveryState,
    HealthMailDelivery,
    HealthMailInbox,
    HealthMailReceipt,
    MailReason,
    ReceiptState,
)
from app.models.message import Correspondent
from app.services import journal
from app.services.health_mail_receipt import release_mail
from app.settings import get_settings

PAGE_SIZE = 50
_GONE = "health_mail.not_found"


@dataclass(frozen=True)
class QuarantinedMail:
    """One mail that waits. `may_retry`: it is kept whole, for somebody it names here."""

    id: UUID
    sender: str
    recipient: str
    received_at: datetime
    reason: MailReason
    byte_size: int
    may_retry: bool
    is_asked: bool


@dataclass(frozen=True)
class FailedDelivery:
    """One answer of a patient that could not be handed over. `error`: the code of the last failure."""

    id: UUID
    to: str
    created_at: datetime
    failed_at: datetime
    tries: int
    error: str


@dataclass(frozen=True)
class HealthMailPage:
    """The connection, a page of the quarantine numbered from 1, the newest failures."""

    comes_in: bool
    goes_out: bool
    domain: str
    looked_at: datetime | None
    failed_at: datetime | None
    error: str
    mails: tuple[QuarantinedMail, ...]
    total: int
    page: int
    pages: int
    waiting: int
    failures: tuple[FailedDelivery, ...]


def read_health_mail(
    session: Session, actor: Actor, *, page: int = 1, now: datetime
) -> HealthMailPage:
    """What an administrator watches."""
    policies.require_administrator(actor)
    settings = get_settings()
    inbox = session.get(HealthMailInbox, THE_INBOX)
    total = session.execute(select(func.count()).where(_WAITS)).scalar_one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(HealthMailReceipt)
        .where(_WAITS)
        .order_by(col(HealthMailReceipt.received_at).desc(), col(HealthMailReceipt.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).scalars()
    waiting = session.execute(
        select(func.count()).where(col(HealthMailDelivery.state) == DeliveryState.WAITING)
    ).scalar_one()
    return HealthMailPage(
        comes_in=settings.has_health_mail,
        goes_out=settings.sends_health_mail,
        domain=settings.health_mail_domain,
        looked_at=inbox.looked_at if inbox else None,
        failed_at=inbox.failed_at if inbox else None,
        error=inbox.error if inbox else "",
        mails=tuple(_shown(row) for row in rows),
        total=total,
        page=page,
        pages=pages,
        waiting=waiting,
        failures=_failures(session),
    )


def discard_mail(session: Session, actor: Actor, receipt_id: UUID, *, now: datetime) -> None:
    """Give a mail up: its content is removed, and delivered again it stays so."""
    receipt = _access(session, actor, receipt_id)
    release_mail(session, actor, receipt, now=now)
    receipt.state, receipt.asked_at, receipt.settled_at = ReceiptState.DISCARDED, None, now
    session.add(receipt)
    journal.record(session, actor, "health_mail.discarded", object_id=receipt.id, now=now)


def ask_again(session: Session, actor: Actor, receipt_id: UUID, *, now: datetime) -> None:
    """Have a mail filed once more, after what was in the way was mended."""
    receipt = _access(session, actor, receipt_id)
    if not _may_retry(receipt):
        raise RuleViolation("health_mail.no_retry")
    if receipt.asked_at is None:
        receipt.asked_at = now
        session.add(receipt)
        journal.record(session, actor, "health_mail.asked_again", object_id=receipt.id, now=now)


_WAITS = col(HealthMailReceipt.state) == ReceiptState.QUARANTINED


def _access(session: Session, actor: Actor, receipt_id: UUID) -> HealthMailReceipt:
    policies.require_administrator(actor)
    receipt = session.get(HealthMailReceipt, receipt_id, with_for_update=True)
    if receipt is None or receipt.state is not ReceiptState.QUARANTINED:
        raise NotFound(_GONE)
    return receipt


def _may_retry(receipt: HealthMailReceipt) -> bool:
    return receipt.file_id is not None and bool(receipt.recipient)


def _shown(receipt: HealthMailReceipt) -> QuarantinedMail:
    assert receipt.reason is not None
    return QuarantinedMail(
        id=receipt.id,
        sender=receipt.sender,
        recipient=receipt.recipient,
        received_at=receipt.received_at,
        reason=receipt.reason,
        byte_size=receipt.byte_size,
        may_retry=_may_retry(receipt),
        is_asked=receipt.asked_at is not None,
    )


def _failures(session: Session) -> tuple[FailedDelivery, ...]:
    rows = session.execute(
        select(HealthMailDelivery, col(Correspondent.address))
        .join(Correspondent, col(Correspondent.id) == col(HealthMailDelivery.correspondent_id))
        .where(col(HealthMailDelivery.state) == DeliveryState.FAILED)
        .order_by(col(HealthMailDelivery.settled_at).desc())
        .limit(PAGE_SIZE)
    )
    return tuple(
        FailedDelivery(
            id=row.id,
            to=address,
            created_at=row.created_at,
            failed_at=row.settled_at or row.created_at,
            tries=row.tries,
            error=row.error,
        )
        for row, address in rows
    )
