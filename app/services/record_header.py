"""The banner of a shared record, for everybody who may open it: the circle, and whoever holds an access.

Whoever is outside the circle reads the record's documents and nothing of the follow-up (U-24).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.db import select_columns
from app.errors import NotFound
from app.models.base import table_of
from app.models.document import Document, StoredFile
from app.models.patient import Patient
from app.services import patient as patients
from app.services.fields import paris_day
from app.services.patient import PatientHeader
from app.services.visibility import Relation, Sight, is_current, sight

MAJORITY = 18
_PATIENT = table_of(Patient)
_IDENTITY = select(_PATIENT).where(
    _PATIENT.c.id == bindparam("patient_id", type_=_PATIENT.c.id.type)
)


@dataclass(frozen=True)
class RecordHeader:
    """A patient's banner, and what the actor is to their shared record.

    `relation`: None when the record is not open, or closed to them: a member of the circle still reads the
    rest. `ends_at`: when an access ends by itself. `documents`: how many are there for them.
    """

    patient: PatientHeader
    relation: Relation | None = None
    documents: int | None = None
    ends_at: datetime | None = None
    is_minor: bool = False
    has_administrator_status: bool = False
    may_deposit: bool = False

    @property
    def is_member(self) -> bool:
        return self.patient.counts is not None


def open_record(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> RecordHeader:
    """The banner of a record somebody opens, journaled when they are of the circle.

    For anybody else the reading of the documents is the line, with the ground of their access.
    """
    if policies.care_link(session, actor, patient_id) is None:
        return get_record(session, actor, patient_id, now=now)
    seen = find_sight(session, actor, patient_id, now=now)
    return _record(session, patients.open_patient(session, actor, patient_id, now=now), seen, now)


def get_record(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> RecordHeader:
    """The same banner without a journal line, for refreshes and the pages around."""
    seen = find_sight(session, actor, patient_id, now=now)
    if policies.care_link(session, actor, patient_id) is not None:
        return _record(session, patients.get_header(session, actor, patient_id), seen, now)
    found = session.connection().execute(_IDENTITY, {"patient_id": patient_id}).first()
    if seen is None or found is None:
        raise NotFound("patient.not_found")
    return _record(session, patients.header_of(found, actor, None, None), seen, now)


def _record(
    session: Session, header: PatientHeader, seen: Sight | None, now: datetime
) -> RecordHeader:
    if seen is None:
        return RecordHeader(header)
    return RecordHeader(
        patient=header,
        relation=seen.relation,
        documents=count_seen(session, seen),
        ends_at=seen.ends_at,
        is_minor=_age(header.birth_date, paris_day(now)) < MAJORITY,
        has_administrator_status=seen.has_administrator_status,
        may_deposit=seen.may_deposit and bool(seen.depositable),
    )


def find_sight(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Sight | None:
    """What a professional sees of a record, None when it is closed, opposed to, or shut to them."""
    policies.require_professional(actor)
    try:
        return sight(session, actor, patient_id, now=now)
    except NotFound:
        return None


def count_seen(session: Session, seen: Sight) -> int:
    """How many documents are there for whoever sees so: what they do not see is not counted."""
    session.flush()
    counted = select_columns(func.count()).select_from(Document)
    joined = counted.join(StoredFile, col(StoredFile.id) == col(Document.file_id))
    return int(session.execute(joined.where(seen.listed(), is_current())).scalar_one())


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
