"""Messages of a patient that no server of health mail has taken yet: said where they stand (S145)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.health_mail import DeliveryKind, DeliveryState, HealthMailDelivery
from app.settings import get_settings


def list_waiting(session: Session, actor: Actor, message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of one's own messages that wait after a try that failed, or because no server is set."""
    if not actor.is_patient or not message_ids:
        return set()
    waiting = select(col(HealthMailDelivery.message_id)).where(
        col(HealthMailDelivery.message_id).in_(message_ids),
        col(HealthMailDelivery.kind) == DeliveryKind.MESSAGE,
        col(HealthMailDelivery.state) == DeliveryState.WAITING,
    )
    if get_settings().sends_health_mail:
        waiting = waiting.where(col(HealthMailDelivery.error) != "")
    return set(session.execute(waiting).scalars())
