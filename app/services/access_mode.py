"""The mode a sign-in is in: an emergency or a regulation under way, and the accesses one holds (FC-05)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.base import table_of
from app.models.patient import Patient, Sex, first_given_name
from app.models.record_access import AccessKind, RecordAccess, RecordSettings, RecordState

_ACCESS, _SETTINGS, _PATIENT = (
    table_of(model) for model in (RecordAccess, RecordSettings, Patient)
)
# What a patient decides meanwhile ends an access, as the clock does; a block writes its end.
_HOLDS = and_(
    _ACCESS.c.ended_at.is_(None),
    _ACCESS.c.ends_at > bindparam("now", type_=_ACCESS.c.ends_at.type),
    or_(
        _SETTINGS.c.patient_id.is_(None),
        and_(
            _SETTINGS.c.state == RecordState.OPEN,
            or_(_ACCESS.c.kind != AccessKind.EMERGENCY, _SETTINGS.c.allows_emergency),
            or_(_ACCESS.c.kind != AccessKind.REGULATION, _SETTINGS.c.allows_regulation),
        ),
    ),
)
_WITH_SETTINGS = _ACCESS.outerjoin(_SETTINGS, _SETTINGS.c.patient_id == _ACCESS.c.patient_id)
_OF_SESSION = _ACCESS.c.session_id == bindparam("of_session", type_=_ACCESS.c.session_id.type)
# Prepared once: asked at every event of a professional.
_MODE = (
    select(_ACCESS.c.id, _ACCESS.c.patient_id, _ACCESS.c.kind, _ACCESS.c.ends_at)
    .select_from(_WITH_SETTINGS)
    .where(_OF_SESSION, _ACCESS.c.kind != AccessKind.DECLARED, _HOLDS)
    .order_by(_ACCESS.c.began_at.desc())
    .limit(1)
)
_HOLDING = (
    select(_ACCESS.c.id)
    .select_from(_WITH_SETTINGS)
    .where(_ACCESS.c.id.in_(bindparam("ids", expanding=True)), _HOLDS)
)
_MINE = (
    select(
        _ACCESS.c.kind,
        _ACCESS.c.ends_at,
        _PATIENT.c.id,
        _PATIENT.c.birth_name,
        _PATIENT.c.used_name,
        _PATIENT.c.birth_given_names,
        _PATIENT.c.used_given_name,
        _PATIENT.c.birth_date,
        _PATIENT.c.sex,
    )
    .select_from(_WITH_SETTINGS.join(_PATIENT, _PATIENT.c.id == _ACCESS.c.patient_id))
    .where(
        _OF_SESSION,
        _ACCESS.c.professional_id == bindparam("mine", type_=_ACCESS.c.professional_id.type),
        _HOLDS,
    )
    .order_by(_ACCESS.c.began_at.desc())
    .limit(50)
)


@dataclass(frozen=True)
class Mode:
    """An emergency or a regulation under way: whose record it opened, and until when."""

    id: UUID
    patient_id: UUID
    kind: AccessKind
    ends_at: datetime


@dataclass(frozen=True)
class OpenRecord:
    """A record this sign-in opened from outside the circle, and may read until `ends_at`."""

    patient_id: UUID
    birth_name: str
    used_name: str
    given_name: str
    birth_date: date
    sex: Sex
    kind: AccessKind
    ends_at: datetime


def find_mode(session: Session, actor: Actor, *, now: datetime) -> Mode | None:
    """The mode of this sign-in, if it is in one."""
    if not actor.is_professional:
        return None
    found = session.execute(_MODE, {"of_session": actor.session_id, "now": now}).first()
    return (
        Mode(found.id, found.patient_id, AccessKind(found.kind), found.ends_at) if found else None
    )


def list_ended(session: Session, access_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Those of these accesses that no longer hold, by the clock or by somebody's act."""
    holding = session.execute(_HOLDING, {"ids": list(access_ids), "now": now}).scalars()
    return set(access_ids) - set(holding)


def list_open_records(session: Session, actor: Actor, *, now: datetime) -> tuple[OpenRecord, ...]:
    """The records this sign-in opened beside those of its circle, the last one first, each once."""
    mine = policies.require_professional(actor)
    parameters = {"of_session": actor.session_id, "mine": mine, "now": now}
    rows = {row.id: row for row in reversed(session.execute(_MINE, parameters).all())}
    return tuple(
        OpenRecord(
            patient_id=row.id,
            birth_name=row.birth_name,
            used_name=row.used_name,
            given_name=row.used_given_name or first_given_name(row.birth_given_names),
            birth_date=row.birth_date,
            sex=row.sex,
            kind=AccessKind(row.kind),
            ends_at=row.ends_at,
        )
        for row in reversed(rows.values())
    )
