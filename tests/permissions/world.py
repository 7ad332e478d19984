"""A record for each reader of the table, with a document of each kind: only the relation differs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.authz.actor import ANONYMOUS, Actor
from app.models.delegation import DelegationScope
from app.models.document import Document, ScanState
from app.models.professional import Profession
from app.models.record_access import AccessBlock, AccessKind, AdministratorStatus, RecordState
from tests import factories
from tests.documents import make_access, make_document, set_settings

OUTSIDE_THE_MATRIX = "ATTEST-RESID"
SWITCHED = {
    "doctor outside, emergency without masked documents": {"allows_masked_in_emergency": False},
    "doctor outside, emergency refused by the patient": {"allows_emergency": False},
    "regulator, refused by the patient": {"allows_regulation": False},
}


@dataclass
class Place:
    """A reader and the documents of their world: `patients` and `documents` by kind of document."""

    reader: Actor
    patients: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)


@dataclass
class _Record:
    session: Session
    now: datetime
    depositor: Actor
    patient_id: UUID
    patient: Actor


def make_place(session: Session, name: str, *, now: datetime) -> Place:
    """The world of one reader of the table."""
    place = Place(ANONYMOUS)
    kinds: dict[str, dict[str, dict[str, Any]]] = {
        "": {
            "plain": {},
            "deposited by the patient": {},
            "masked": {"is_masked": True},
            "outside the matrix": {"type_code": OUTSIDE_THE_MATRIX},
            "not visible to the patient": {"is_hidden_from_patient": True},
            "not visible to representatives": {"is_hidden_from_representatives": True},
            "awaiting the scanner": {"of_file": {"scan": ScanState.PENDING}},
            "deleted": {"deleted_at": now},
        },
        "confidential": {
            "under global confidentiality": {},
            "masked, record confidential": {"is_masked": True},
        },
        "closed": {"of a closed record": {}},
    }
    depositor = factories.make_professional(session, now, family_name="Depositor")
    known: Actor | None = None
    for state, documents in kinds.items():
        patient_id = factories.make_patient(session, depositor, now=now)
        patient = factories.make_patient_actor(session, patient_id, now)
        record = _Record(session, now, depositor, patient_id, patient)
        known = _RELATIONS[name](record, known)
        if name == "the patient":
            # Of several records, each is its own patient's: the one asked is chosen by `reader_of`.
            place.reader = patient if state == "" else place.reader
        else:
            place.reader = known
        for title, values in documents.items():
            by = patient if title == "deposited by the patient" else depositor
            place.documents[title] = make_document(
                session, by, patient_id, now, title=title, **values
            )
            place.patients[title] = patient_id
        if state == "":
            place.documents["earlier version"] = _earlier(record)
            place.patients["earlier version"] = patient_id
        set_settings(
            session,
            patient_id,
            is_confidential=state == "confidential",
            state=RecordState.CLOSED if state == "closed" else RecordState.OPEN,
            **SWITCHED.get(name, {}),
        )
    return place


def reader_of(name: str, place: Place, kind: str) -> Actor:
    """Who asks for a document of this kind: the patient of that very record, else the reader."""
    if name != "the patient":
        return place.reader
    return replace(place.reader, patient_id=place.patients[kind])


def _earlier(record: _Record) -> UUID:
    series_id = make_document(
        record.session, record.depositor, record.patient_id, record.now, title="earlier version"
    )
    first = record.session.get_one(Document, series_id)
    first.superseded_at = record.now
    record.session.add(first)
    record.session.flush()
    make_document(
        record.session,
        record.depositor,
        record.patient_id,
        record.now,
        title="later version",
        series_id=series_id,
        version=2,
    )
    return series_id


Relate = Callable[[_Record, Actor | None], Actor]


def _professional(record: _Record, known: Actor | None, **values: Any) -> Actor:
    return known or factories.make_professional(record.session, record.now, **values)


def _member(record: _Record, known: Actor | None, **values: Any) -> Actor:
    actor = _professional(record, known, **values)
    factories.add_to_circle(
        record.session, record.depositor, record.patient_id, actor, now=record.now
    )
    return actor


def _administrator_status(record: _Record, known: Actor | None) -> Actor:
    actor = _member(record, known)
    record.session.add(
        AdministratorStatus(
            patient_id=record.patient_id,
            professional_id=actor.professional_id,
            given_at=record.now,
        )
    )
    record.session.flush()
    return actor


def _access(kind: AccessKind, lasts: timedelta = timedelta(hours=1)) -> Relate:
    def relate(record: _Record, known: Actor | None) -> Actor:
        actor = _professional(record, known)
        ends_at = record.now + lasts
        make_access(record.session, actor, record.patient_id, kind, ends_at, record.now)
        return actor

    return relate


def _elsewhere(record: _Record, known: Actor | None) -> Actor:
    actor = known or factories.make_professional(record.session, record.now)
    declared = replace(actor, session_id=uuid4())
    ends_at = record.now + timedelta(hours=1)
    make_access(
        record.session, declared, record.patient_id, AccessKind.DECLARED, ends_at, record.now
    )
    return actor


def _block(record: _Record, actor: Actor) -> Actor:
    record.session.add(
        AccessBlock(
            patient_id=record.patient_id,
            professional_id=actor.professional_id,
            was_member=True,
            blocked_at=record.now,
            blocked_by_id=record.patient.account_id,
        )
    )
    record.session.flush()
    return actor


def _blocked_in_emergency(record: _Record, known: Actor | None) -> Actor:
    return _block(record, _access(AccessKind.EMERGENCY)(record, known))


def _delegate(make: Callable[..., Actor], scope: DelegationScope, **values: Any) -> Relate:
    def relate(record: _Record, known: Actor | None) -> Actor:
        # One depositor for all three records of a delegate: they act for one holder at a time.
        if known is None:
            delegate = make(record.session, record.now, **values)
            return factories.act_for(
                record.session, record.depositor, delegate, scope, now=record.now
            )
        return known

    return relate


_RELATIONS: dict[str, Relate] = {
    "nobody signed in": lambda *_: ANONYMOUS,
    "the patient": lambda record, *_: record.patient,
    "another patient": lambda record, known: (
        known
        or factories.make_patient_actor(
            record.session,
            factories.make_patient(record.session, record.depositor, now=record.now),
            record.now,
        )
    ),
    "depositor, in the care team": lambda record, *_: record.depositor,
    "doctor of the care team": _member,
    "nurse of the care team": lambda record, known: _member(
        record, known, profession=Profession.NURSE
    ),
    "préparateur of the care team": lambda record, known: _member(
        record, known, profession=Profession.PHARMACY_TECHNICIAN
    ),
    "doctor with administrator status": _administrator_status,
    "doctor outside, no access": _professional,
    "doctor outside, consent declared": _access(AccessKind.DECLARED),
    "doctor outside, access over": _access(AccessKind.DECLARED, timedelta(0)),
    "doctor outside, in another sign-in": _elsewhere,
    "doctor outside, emergency": _access(AccessKind.EMERGENCY),
    "doctor outside, emergency without masked documents": _access(AccessKind.EMERGENCY),
    "doctor outside, emergency refused by the patient": _access(AccessKind.EMERGENCY),
    "regulator of a SAMU": _access(AccessKind.REGULATION),
    "regulator, refused by the patient": _access(AccessKind.REGULATION),
    "depositor, blocked by the patient": lambda record, *_: _block(record, record.depositor),
    "doctor with emergency access, blocked": _blocked_in_emergency,
    "nurse acting for the depositor, record scope": _delegate(
        factories.make_professional, DelegationScope.RECORD, profession=Profession.NURSE
    ),
    "doctor acting for the depositor, read scope": _delegate(
        factories.make_professional, DelegationScope.READ
    ),
    "secretary acting for the depositor": _delegate(
        factories.make_secretary, DelegationScope.MANAGE
    ),
    "secretary": lambda record, known: (
        known or factories.make_secretary(record.session, record.now)
    ),
    "administrator": lambda record, known: (
        known or factories.make_administrator(record.session, record.now)
    ),
}
