"""Hiding documents: from professionals by the patient, from the patient until announced (FC-15, FC-16)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, RuleViolation
from app.models.document import Document
from app.models.record_access import AdministratorStatus
from app.services.document import (
    MAX_AT_ONCE,
    chosen_documents,
    may_change,
    note,
    own_document,
    set_on_series,
)
from app.services.document_query import DocumentFilter, ids_of
from app.services.professional import ProfessionalCard, list_cards
from app.services.visibility import Sight, sight


@dataclass(frozen=True)
class MaskEffect:
    """Who still sees documents once they are masked, besides the patient and each depositor."""

    documents: int
    depositors: tuple[str, ...]
    administrators: tuple[ProfessionalCard, ...]


def mask(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_ids: Iterable[UUID],
    *,
    is_masked: bool,
    now: datetime,
) -> int:
    """Mask documents from professionals, or show them again: the patient any, a depositor their own.

    What the patient masked, a depositor does not show again.

    All or none; every version follows. Returns how many changed.
    """
    seen = sight(session, actor, patient_id, now=now)
    documents = _maskable(session, seen, document_ids)
    if is_masked and any(each.is_hidden_from_patient for each in documents):
        raise RuleViolation("document.one_hiding")
    changed = [each for each in documents if each.is_masked is not is_masked]
    if not seen.is_patient and any(each.is_masked_by_patient for each in changed):
        raise Forbidden("document.mask_is_patients")
    for document in changed:
        set_on_series(
            session,
            seen,
            document,
            is_masked=is_masked,
            is_masked_by_patient=is_masked and seen.is_patient,
        )
        note(
            session,
            actor,
            seen,
            "document.masked" if is_masked else "document.unmasked",
            document.id,
            now,
        )
    return len(changed)


def mask_all(
    session: Session, actor: Actor, patient_id: UUID, *, is_masked: bool, now: datetime
) -> int:
    """« Masquer tous ses documents de santé », or show them all again (DM-04). Returns how many changed."""
    policies.require_own_record(actor)
    ids = ids_of(session, sight(session, actor, patient_id, now=now), DocumentFilter())
    return sum(
        mask(session, actor, patient_id, some, is_masked=is_masked, now=now)
        for some in _batches(ids)
    )


def mask_effect(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_ids: Iterable[UUID] | None,
    *,
    now: datetime,
) -> MaskEffect:
    """What masking these documents, or all with None, would leave: said before it is confirmed."""
    seen = sight(session, actor, patient_id, now=now)
    if document_ids is None:
        document_ids = ids_of(session, seen, DocumentFilter())
        documents = [
            each for some in _batches(document_ids) for each in _maskable(session, seen, some)
        ]
    else:
        documents = _maskable(session, seen, document_ids)
    keys = session.execute(
        select(col(AdministratorStatus.professional_id)).where(
            col(AdministratorStatus.patient_id) == patient_id,
            col(AdministratorStatus.ended_at).is_(None),
        )
    ).scalars()
    names = {each.depositor_name for each in documents if each.professional_id is not None}
    return MaskEffect(
        documents=len(documents),
        depositors=tuple(sorted(names)),
        administrators=tuple(list_cards(session, actor, keys).values()),
    )


def hide_from_patient(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    *,
    is_hidden: bool,
    announce_on: date | None = None,
    now: datetime,
) -> None:
    """Keep one's own document from the patient until it is announced, or show it (FC-17)."""
    seen, document = _own(session, actor, patient_id, document_id, now)
    if is_hidden and document.is_masked:
        raise RuleViolation("document.one_hiding")
    if is_hidden and document.seen_by_patient_at is not None:
        raise RuleViolation("document.already_seen")
    set_on_series(
        session,
        seen,
        document,
        is_hidden_from_patient=is_hidden,
        announce_on=announce_on if is_hidden else None,
    )
    note(
        session,
        actor,
        seen,
        "document.hidden_from_patient" if is_hidden else "document.shown_to_patient",
        document.id,
        now,
    )


def hide_from_representatives(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    *,
    is_hidden: bool,
    now: datetime,
) -> None:
    """Keep one's own document from the legal representatives of a minor, at the minor's request (FC-11)."""
    seen, document = _own(session, actor, patient_id, document_id, now)
    set_on_series(session, seen, document, is_hidden_from_representatives=is_hidden)
    note(
        session,
        actor,
        seen,
        "document.hidden_from_representatives"
        if is_hidden
        else "document.shown_to_representatives",
        document.id,
        now,
    )


def _batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    return (ids[at : at + MAX_AT_ONCE] for at in range(0, len(ids), MAX_AT_ONCE))


def _maskable(session: Session, seen: Sight, document_ids: Iterable[UUID]) -> list[Document]:
    documents = chosen_documents(session, seen, document_ids)
    if not seen.is_patient and not all(may_change(seen, each) for each in documents):
        raise Forbidden("document.mask_forbidden")
    return documents


def _own(
    session: Session, actor: Actor, patient_id: UUID, document_id: UUID, now: datetime
) -> tuple[Sight, Document]:
    seen = sight(session, actor, patient_id, now=now)
    document = own_document(session, seen, document_id)
    if seen.is_patient:
        raise Forbidden("document.hiding_forbidden")
    return seen, document
