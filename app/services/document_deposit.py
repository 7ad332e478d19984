"""Depositing a document and its new versions (ME-091 to ME-105, FC-15 to FC-18, U-16).

A file arrives first (`document_upload`); its form makes a document of it here.
"""

import dataclasses
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden, NotFound, RuleViolation, Unusual
from app.models.account import Account
from app.models.document import (
    MAX_TITLE,
    Document,
    DocumentUpload,
    ScanState,
    StoredFile,
)
from app.models.professional import Professional
from app.services import submission
from app.services.document import note, own_document, set_on_series
from app.services.document_description import NewDocument, check
from app.services.document_statistic import count_deposit
from app.services.document_words import forget_words, write_words
from app.services.fields import paris_day
from app.services.text import fold
from app.services.visibility import Sight, is_current, sight


def deposit(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    upload_id: UUID,
    new: NewDocument,
    *,
    key: UUID,
    confirmed: bool = False,
    now: datetime,
) -> UUID:
    """Make a document of a file that arrived; returns its key. The same form makes one (S143).

    Raises Unusual("document.duplicate") when its reader already sees the same content, until confirmed.
    """
    seen = require_depositor(session, actor, patient_id, now=now)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    check(seen, new, today=paris_day(now))
    upload, file = _take(session, actor, patient_id, upload_id)
    if not confirmed and find_same(session, seen, file.content_mac) is not None:
        raise Unusual("document.duplicate")
    series_id = uuid4()
    document = _new(session, actor, seen, new, file.id, series_id=series_id, version=1, now=now)
    document.id = series_id
    _save(session, actor, document, upload, now=now)
    note(session, actor, seen, "document.deposited", document.id, now)
    submission.remember(session, actor, key, document.id, now=now)
    return document.id


def replace(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    upload_id: UUID,
    new: NewDocument,
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    """A new version of one's own document; the former stays readable to professionals (FC-18).

    What is masked, by the patient perhaps, stays masked: showing it again is an act of its own (ME-101).
    """
    seen = sight(session, actor, patient_id, now=now)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    former = own_document(session, seen, document_id)
    if seen.is_patient:
        raise Forbidden("document.replace_forbidden")
    new = dataclasses.replace(new, is_masked=new.is_masked or former.is_masked)
    check(seen, new, today=paris_day(now))
    upload, file = _take(session, actor, patient_id, upload_id)
    if session.get_one(StoredFile, former.file_id).content_mac == file.content_mac:
        raise RuleViolation("document.unchanged")
    former.superseded_at = now
    former.revision += 1
    session.add(former)
    session.flush()
    forget_words(session, actor, former.id)
    document = _new(
        session,
        actor,
        seen,
        new,
        file.id,
        series_id=former.series_id,
        version=former.version + 1,
        now=now,
    )
    document.is_masked_by_patient = former.is_masked_by_patient
    _save(session, actor, document, upload, now=now)
    note(session, actor, seen, "document.replaced", document.id, now)
    _align_flags(session, seen, document)
    submission.remember(session, actor, key, document.id, now=now)
    return document.id


def require_depositor(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Sight:
    """What the actor sees of a record they may add to: the patient, or a profession that assesses (FC-08)."""
    seen = sight(session, actor, patient_id, now=now)
    if not seen.may_deposit:
        raise Forbidden("document.deposit_forbidden")
    return seen


def find_same(session: Session, seen: Sight, content_mac: bytes) -> UUID | None:
    """A document with the same content, among those the actor sees: one they do not see is not told of."""
    session.flush()
    return session.execute(
        select(col(Document.id))
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(seen.listed(), is_current(), col(StoredFile.content_mac) == content_mac)
        .limit(1)
    ).scalar_one_or_none()


def _align_flags(session: Session, seen: Sight, document: Document) -> None:
    """What hides the last version hides the earlier ones."""
    set_on_series(
        session,
        seen,
        document,
        is_masked=document.is_masked,
        is_masked_by_patient=document.is_masked_by_patient,
        is_hidden_from_patient=document.is_hidden_from_patient,
        is_hidden_from_representatives=document.is_hidden_from_representatives,
    )


def _take(
    session: Session, actor: Actor, patient_id: UUID, upload_id: UUID
) -> tuple[DocumentUpload, StoredFile]:
    """A file this very account sent for this very patient, not yet used."""
    found = session.execute(
        select(DocumentUpload, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(DocumentUpload.file_id))
        .where(
            col(DocumentUpload.id) == upload_id,
            col(DocumentUpload.account_id) == actor.account_id,
            col(DocumentUpload.patient_id) == patient_id,
        )
        .with_for_update(of=DocumentUpload)
    ).first()
    if found is None:
        raise NotFound("document.upload_gone")
    if found[1].scan is ScanState.REFUSED:
        raise RuleViolation("file.infected")
    return found[0], found[1]


def _new(
    session: Session,
    actor: Actor,
    seen: Sight,
    new: NewDocument,
    file_id: UUID,
    *,
    series_id: UUID,
    version: int,
    now: datetime,
) -> Document:
    assert actor.account_id is not None
    name, place = _depositor(session, actor, seen)
    return Document(
        patient_id=seen.patient_id,
        file_id=file_id,
        series_id=series_id,
        version=version,
        type_code=new.type_code,
        title=new.title,
        title_sort=fold(new.title)[:MAX_TITLE],
        document_date=new.document_date,
        professional_id=seen.professional_id,
        deposited_by_id=actor.account_id,
        depositor_name=name,
        depositor_place=place,
        depositor_sort=fold(name.partition(" ")[2] or name)[:255],
        deposited_at=now,
        is_masked=new.is_masked,
        is_masked_by_patient=new.is_masked and seen.is_patient,
        is_hidden_from_patient=new.is_hidden_from_patient,
        announce_on=new.announce_on,
        is_hidden_from_representatives=new.is_hidden_from_representatives,
    )


def _depositor(session: Session, actor: Actor, seen: Sight) -> tuple[str, str]:
    """Who answers for a deposit, as they are called today: a delegate deposits for their holder."""
    of_professional = select(Account, Professional).join(
        Professional, col(Professional.account_id) == col(Account.id)
    )
    if seen.is_patient:
        account = session.get_one(Account, actor.account_id)
        return f"{account.given_name} {account.family_name}".strip(), ""
    account, professional = session.execute(
        of_professional.where(col(Professional.id) == seen.professional_id)
    ).one()
    name = f"{account.civility} {account.given_name} {account.family_name}".strip()
    return name, ", ".join(filter(None, (professional.place_name, professional.place_city)))


def _save(
    session: Session, actor: Actor, document: Document, upload: DocumentUpload, *, now: datetime
) -> None:
    session.add(document)
    session.delete(upload)
    session.flush()
    write_words(session, actor, document)
    count_deposit(session, document.type_code, now=now)
