"""A record for each reader of the table, with a document of each kind: only the relation differs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import Session, col

from app.authz.actor import ANONYMOUS, Actor
from app.db import keyring_of
from app.integrations.document_store import DocumentStore
from app.models.account import Account
from app.models.delegation import DelegationScope
from app.models.document import Document, FileFormat, ScanState
from app.models.professional import Profession
from app.models.record_access import (
    AccessBlock,
    AccessKind,
    AdministratorStatus,
    RecordAccess,
    RecordState,
)
from app.services import delegation_mode, session as sessions, stored_file
from app.services.stored_file import PagePicture
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
    """A reader and the documents of their world, by kind of document; each patient is their own reader."""

    readers: dict[str, Actor] = field(default_factory=dict)
    patients: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)


@dataclass
class _Record:
    session: Session
    now: datetime
    depositor: Actor
    patient_id: UUID
    patient: Actor
    store: DocumentStore | None

    def deposit(self, by: Actor, title: str, **values: Any) -> UUID:
        """A document of that title; with its bytes and a picture of its page where there is a store."""
        of_file: dict[str, Any] = values.pop("of_file", {})
        sealed = None
        if self.store is not None:
            sealed = stored_file.seal_file(
                keyring_of(self.session),
                self.patient_id,
                title.encode(),
                file_format=FileFormat.PDF,
                page_count=1,
                pages=[PagePicture(1, b"picture", 600, 800)],
            )
            stored_file.write_sealed(self.store, sealed)
            of_file = {
                "id": sealed.id,
                "store_key": sealed.store_key,
                "page_count": 1,
                "wrapped_key": sealed.wrapped.sealed,
                "key_id": sealed.wrapped.key_id,
                **of_file,
            }
        made = make_document(
            self.session, by, self.patient_id, self.now, title=title, of_file=of_file, **values
        )
        for page in sealed.pages if sealed else ():
            stored_file.record_page(self.session, by, page)
        return made


def make_place(
    session: Session, name: str, *, now: datetime, store: DocumentStore | None = None
) -> Place:
    """The world of one reader of the table. With a `store`, documents have their bytes."""
    place = Place()
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
        record = _Record(session, now, depositor, patient_id, patient, store)
        known = _RELATIONS[name](record, known)
        for title, values in documents.items():
            by = patient if title == "deposited by the patient" else depositor
            place.documents[title] = record.deposit(by, title, **values)
        if state == "":
            place.documents["earlier version"] = _earlier(record)
        for title in place.documents.keys() - place.patients.keys():
            place.patients[title], place.readers[title] = patient_id, known
        set_settings(
            session,
            patient_id,
            is_confidential=state == "confidential",
            state=RecordState.CLOSED if state == "closed" else RecordState.OPEN,
            **SWITCHED.get(name, {}),
        )
    return place


def sign_in(session: Session, place: Place, *, now: datetime) -> dict[str, str]:
    """A session cookie for the reader of each document, the accesses they declared being of that sign-in."""
    opened: dict[UUID, str] = {}
    cookies = {}
    for kind, reader in place.readers.items():
        if reader.account_id is None:
            cookies[kind] = ""
            continue
        if reader.account_id not in opened:
            opened[reader.account_id] = _sign_in(session, reader, now=now)
        cookies[kind] = opened[reader.account_id]
    return cookies


def _sign_in(session: Session, reader: Actor, *, now: datetime) -> str:
    account = session.get_one(Account, reader.account_id)
    row, token = sessions.open_session(session, account, device="", address="127.0.0.1", now=now)
    session.execute(
        update(RecordAccess)
        .where(col(RecordAccess.session_id) == reader.session_id)
        .values(session_id=row.id)
    )
    if reader.delegation_id is None:
        return token
    found = sessions.look_up(session, token, now=now)
    assert found is not None
    return delegation_mode.enter(session, found.actor, reader.delegation_id, now=now)


def _earlier(record: _Record) -> UUID:
    series_id = record.deposit(record.depositor, "earlier version")
    first = record.session.get_one(Document, series_id)
    first.superseded_at = record.now
    record.session.add(first)
    record.session.flush()
    record.deposit(record.depositor, "later version", series_id=series_id, version=2)
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
