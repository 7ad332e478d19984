"""What a patient decides about their shared record as a whole (ME-113, ME-123 to ME-125)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, RuleViolation
from app.models.journal import JournalKind
from app.models.record_access import AccessKind, RecordAccess, RecordSettings, RecordState
from app.services import journal
from app.services.membership import end_accesses, hold_patient

SWITCHES: Final = (
    "is_confidential",
    "allows_regulation",
    "allows_emergency",
    "allows_masked_in_emergency",
)

_OPENED_BY: Final = {
    "allows_regulation": AccessKind.REGULATION,
    "allows_emergency": AccessKind.EMERGENCY,
}


@dataclass(frozen=True)
class SettingsView:
    """The patient's choices as they are now. `revision`: what a change has to be based on."""

    state: RecordState
    state_at: datetime | None
    deletion_asked_at: datetime | None
    is_confidential: bool
    allows_regulation: bool
    allows_emergency: bool
    allows_masked_in_emergency: bool
    revision: int


def settings_of(session: Session, patient_id: UUID) -> RecordSettings:
    """The patient's choices, or those by default; for a service that checked its actor."""
    found = session.get(RecordSettings, patient_id)
    return RecordSettings(patient_id=patient_id) if found is None else found


def get_settings(session: Session, actor: Actor) -> SettingsView:
    """The acting patient's own choices."""
    return settings_view(settings_of(session, policies.require_own_record(actor)))


def change_settings(
    session: Session,
    actor: Actor,
    *,
    is_confidential: bool | None = None,
    allows_regulation: bool | None = None,
    allows_emergency: bool | None = None,
    allows_masked_in_emergency: bool | None = None,
    revision: int,
    now: datetime,
) -> SettingsView:
    """Set some switches; those left None stay. By the patient only, effective at once (S062).

    What is already so changes nothing, whatever the `revision`: a repeated click is one act (S143).
    """
    patient_id = policies.require_own_record(actor)
    settings = hold_settings(session, actor, patient_id)
    if settings.state is not RecordState.OPEN:
        raise RuleViolation("record.closed")
    wanted = (is_confidential, allows_regulation, allows_emergency, allows_masked_in_emergency)
    changes = {
        name: value
        for name, value in zip(SWITCHES, wanted, strict=True)
        if value is not None and value != getattr(settings, name)
    }
    if not changes:
        return settings_view(settings)
    if settings.revision != revision:
        raise Conflict("record_settings.changed")
    for name, value in changes.items():
        setattr(settings, name, value)
        journal.record(
            session,
            actor,
            f"record_settings.{name}_{'on' if value else 'off'}",
            kind=JournalKind.ACCESS,
            patient_id=patient_id,
            now=now,
        )
    shut = [kind for name, kind in _OPENED_BY.items() if changes.get(name) is False]
    if shut:
        # Opened again later, the switch opens nothing that was under way.
        end_accesses(session, actor, patient_id, col(RecordAccess.kind).in_(shut), now=now)
    settings.revision += 1
    session.flush()
    return settings_view(settings)


def hold_settings(session: Session, actor: Actor, patient_id: UUID) -> RecordSettings:
    """The row of these choices, made if there was none; nobody else changes it until the act ends."""
    hold_patient(session, actor, patient_id)
    found = session.execute(
        select(RecordSettings)
        .where(col(RecordSettings.patient_id) == patient_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        found = RecordSettings(patient_id=patient_id)
        session.add(found)
        session.flush()
    return found


def settings_view(settings: RecordSettings) -> SettingsView:
    """These choices as screens take them."""
    return SettingsView(
        state=settings.state,
        state_at=settings.state_at,
        deletion_asked_at=settings.deletion_asked_at,
        is_confidential=settings.is_confidential,
        allows_regulation=settings.allows_regulation,
        allows_emergency=settings.allows_emergency,
        allows_masked_in_emergency=settings.allows_masked_in_emergency,
        revision=settings.revision,
    )
