"""Who sees which document of a shared record: the one function lists, counts, searches and bytes ask (S060).

In this order, each step able to refuse (U-17): block by the patient, state of the record, global
confidentiality, mask of the document, matrix of rights, consent, emergency switches. The depositor is not
hindered by confidentiality, mask or matrix (ME-102, R.1111-49); a block stops them too (S063, FC-07).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotAuthenticated, NotFound, RuleViolation
from app.models.delegation import DelegationScope
from app.models.document import Document, ScanState, StoredFile
from app.models.record_access import (
    AccessBlock,
    AccessKind,
    AdministratorStatus,
    RecordAccess,
    RecordSettings,
    RecordState,
)
from app.services import matrix
from app.services.fields import paris_day
from app.services.record_settings import settings_of


class Relation(StrEnum):
    """On which ground somebody reads a record; also the ground of their journal lines."""

    PATIENT = "own_record"
    CARE_TEAM = "care_link"
    DECLARED = "declared_consent"
    EMERGENCY = "emergency"
    REGULATION = "regulation"


OUTSIDE = {
    AccessKind.DECLARED: Relation.DECLARED,
    AccessKind.EMERGENCY: Relation.EMERGENCY,
    AccessKind.REGULATION: Relation.REGULATION,
}


@dataclass(frozen=True)
class Sight:
    """What one actor sees of one patient's record at one instant.

    `readable` and `depositable`: codes of document types. `ends_at`: when an access outside the circle ends.
    """

    patient_id: UUID
    relation: Relation
    professional_id: UUID | None = None
    is_delegate: bool = False
    has_administrator_status: bool = False
    sees_unmasked: bool = True
    sees_masked: bool = True
    readable: frozenset[str] = frozenset()
    depositable: frozenset[str] = frozenset()
    may_deposit: bool = False
    ends_at: datetime | None = None

    @property
    def is_patient(self) -> bool:
        return self.relation is Relation.PATIENT

    @property
    def ground(self) -> str:
        """The legal ground of what is done with it, for the journal (S130)."""
        return "delegation" if self.is_delegate else self.relation.value

    def clause(self) -> ColumnElement[bool]:
        """The documents seen, over `Document` joined with `StoredFile`. Versions apart: `is_current`."""
        return and_(self._of_record(), col(StoredFile.scan) == ScanState.CLEAN)

    def listed(self) -> ColumnElement[bool]:
        """The same, and one's own deposits that the scanner has not seen yet: named, never opened (S101)."""
        waits = and_(col(StoredFile.scan) == ScanState.PENDING, self.mine())
        return and_(self._of_record(), or_(col(StoredFile.scan) == ScanState.CLEAN, waits))

    def mine(self) -> ColumnElement[bool]:
        """The documents of which the actor is the depositor."""
        return col(Document.professional_id).is_not_distinct_from(self.professional_id)

    def is_mine(self, document: Document) -> bool:
        """Whether the actor deposited it."""
        return document.professional_id == self.professional_id

    def _of_record(self) -> ColumnElement[bool]:
        return and_(
            col(Document.patient_id) == self.patient_id,
            col(Document.deleted_at).is_(None),
            self._seen(),
        )

    def _seen(self) -> ColumnElement[bool]:
        if self.is_patient:
            return col(Document.is_hidden_from_patient).is_(False)
        readable = col(Document.type_code).in_(self.readable)
        others: ColumnElement[bool] = readable if self.sees_unmasked else false()
        if not self.sees_masked:
            others = and_(others, col(Document.is_masked).is_(False))
        # What a delegate's own profession does not read, they do not read for the depositor either.
        mine = and_(self.mine(), readable) if self.is_delegate else self.mine()
        return or_(mine, others)


def is_current() -> ColumnElement[bool]:
    """The last version of each document."""
    return col(Document.superseded_at).is_(None)


def tells_patient(line: Any, patient_id: UUID) -> ColumnElement[bool]:
    """The lines of the journal a patient may read: none about a document they may not see yet (FC-15).

    Once a deleted record holds no document any more, nothing says which of them were hidden: none is told.
    """
    kept = select(col(Document.id)).where(col(Document.patient_id) == patient_id)
    unseen = select(col(StoredFile.id)).where(
        col(StoredFile.patient_id) == patient_id, col(StoredFile.scan) != ScanState.CLEAN
    )
    hidden = kept.where(
        or_(
            col(Document.is_hidden_from_patient).is_(True),
            and_(col(Document.professional_id).is_not(None), col(Document.file_id).in_(unseen)),
        )
    )
    return or_(
        line.object_id.is_(None),
        and_(
            line.object_id.not_in(hidden),
            or_(line.action.not_like("document.%"), line.object_id.in_(kept)),
        ),
    )


def sight(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Sight:
    """What the actor sees of this record. Raises NotFound when it is not theirs to know of.

    The patient of a closed record reads RuleViolation("record.closed"): it is theirs to reopen.
    """
    if not actor.is_signed_in:
        raise NotAuthenticated
    settings = settings_of(session, patient_id)
    if actor.is_patient:
        if actor.patient_id != patient_id:
            raise NotFound("patient.not_found")
        if settings.state is not RecordState.OPEN:
            raise RuleViolation("record.closed")
        return Sight(patient_id, Relation.PATIENT, may_deposit=True)
    if actor.professional_id is None or actor.profession is None or not actor.is_professional:
        raise NotFound("patient.not_found")
    if is_blocked(session, patient_id, actor.professional_id) or policies.is_shut_out(
        session, actor, patient_id
    ):
        raise NotFound("patient.not_found")
    found = _relation(session, actor, patient_id, settings, now=now)
    if found is None or settings.state is not RecordState.OPEN:
        raise NotFound("patient.not_found")
    relation, ends_at = found
    # Given to one doctor in person: nobody holds it in their name.
    has_status = (
        relation is Relation.CARE_TEAM
        and not actor.is_delegate
        and has_administrator_status(session, patient_id, actor.professional_id)
    )
    in_emergency = relation in {Relation.EMERGENCY, Relation.REGULATION}
    sees_masked = has_status or (in_emergency and settings.allows_masked_in_emergency)
    return Sight(
        patient_id,
        relation,
        professional_id=actor.professional_id,
        is_delegate=actor.is_delegate,
        has_administrator_status=has_status,
        sees_unmasked=sees_masked or not settings.is_confidential,
        sees_masked=sees_masked,
        readable=_readable(session, actor, now=now),
        depositable=matrix.depositable_types(session, actor.profession, on=paris_day(now)),
        may_deposit=_may_deposit(actor),
        ends_at=ends_at,
    )


def is_blocked(session: Session, patient_id: UUID, professional_id: UUID) -> bool:
    """Whether the patient shut this professional out."""
    return (
        session.execute(
            select(col(AccessBlock.id)).where(
                col(AccessBlock.patient_id) == patient_id,
                col(AccessBlock.professional_id) == professional_id,
                col(AccessBlock.ended_at).is_(None),
            )
        ).first()
        is not None
    )


def has_administrator_status(session: Session, patient_id: UUID, professional_id: UUID) -> bool:
    """Whether the patient gave this doctor the « statut administrateur » (ME-117)."""
    return (
        session.execute(
            select(col(AdministratorStatus.id)).where(
                col(AdministratorStatus.patient_id) == patient_id,
                col(AdministratorStatus.professional_id) == professional_id,
                col(AdministratorStatus.ended_at).is_(None),
            )
        ).first()
        is not None
    )


def list_accesses(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[RecordAccess]:
    """The accesses outside the circle this sign-in holds now, the one that ends last first."""
    if actor.session_id is None or not actor.is_professional:
        return []
    return list(
        session.execute(
            select(RecordAccess)
            .where(
                col(RecordAccess.professional_id) == actor.professional_id,
                col(RecordAccess.patient_id) == patient_id,
                col(RecordAccess.ends_at) > now,
                col(RecordAccess.ended_at).is_(None),
                col(RecordAccess.session_id) == actor.session_id,
            )
            .order_by(col(RecordAccess.ends_at).desc(), col(RecordAccess.id))
        ).scalars()
    )


def _relation(
    session: Session, actor: Actor, patient_id: UUID, settings: RecordSettings, *, now: datetime
) -> tuple[Relation, datetime | None] | None:
    """The ground of the reading. An emergency, once declared, is the ground even of a member of the team."""
    allowed = {
        AccessKind.DECLARED: True,
        AccessKind.EMERGENCY: settings.allows_emergency,
        AccessKind.REGULATION: settings.allows_regulation,
    }
    accesses = [a for a in list_accesses(session, actor, patient_id, now=now) if allowed[a.kind]]
    urgent = [a for a in accesses if a.kind is not AccessKind.DECLARED]
    if not urgent and policies.care_link(session, actor, patient_id) is not None:
        return Relation.CARE_TEAM, None
    for access in (*urgent, *accesses):
        return OUTSIDE[access.kind], access.ends_at
    return None


def _readable(session: Session, actor: Actor, *, now: datetime) -> frozenset[str]:
    """The matrix's column of the profession; a delegate has no more than their own profession has."""
    professions = (
        {actor.profession, actor.own_profession} if actor.is_delegate else {actor.profession}
    )
    allowed = [
        matrix.readable_types(session, profession, on=paris_day(now)) if profession else frozenset()
        for profession in professions
    ]
    return frozenset.intersection(*allowed)


def _may_deposit(actor: Actor) -> bool:
    """Whoever may assess; a delegate whose scope goes beyond reading prepares deposits too (FC-24)."""
    if not actor.is_delegate:
        return actor.profession in policies.ASSESSING_PROFESSIONS
    return actor.scope is not DelegationScope.READ
