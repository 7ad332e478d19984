"""Opening the record of a patient one does not follow (DM-38 to DM-47, U-24, FC-01 to FC-07).

With the patient's consent, declared; in an emergency, or as a regulator, with a reason. A block wins over all
of them: for whoever the patient shut out, the record does not exist (S063).
"""

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.consent import ConsentMode
from app.models.journal import JournalKind
from app.models.patient import Patient
from app.models.record_access import AccessKind, RecordAccess
from app.models.session import SignInMethod
from app.services import journal, submission
from app.services.fields import clean_text
from app.services.membership import hold_patient
from app.services.notice import current_notice
from app.services.patient_search import may_be_known
from app.services.record_access_notice import tell_of_opening
from app.services.record_settings import settings_of
from app.services.regulator import is_regulator
from app.services.visibility import OUTSIDE, list_accesses

DECLARED_LIFE = timedelta(hours=24)
EMERGENCY_LIFE = timedelta(minutes=60)
LEAST_REASON, MAX_REASON = 20, 500
URGENT = (AccessKind.EMERGENCY, AccessKind.REGULATION)


class _About(TypedDict):
    kind: JournalKind
    patient_id: UUID
    object_id: UUID
    ground: str


def declare_consent(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    is_declared: bool,
    mode: ConsentMode | None,
    key: UUID,
    now: datetime,
) -> UUID:
    """« Le patient, préalablement informé, consent »: kept as proof, for this sign-in, 24 h at most (D-09).

    Returns the access. The statement is the professional's own act, never assumed (FC-06, DM-46).
    """
    policies.require_searcher(actor)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    if not is_declared:
        raise Invalid(way="record_access.way_missing")
    if mode is None:
        raise Invalid(consent_mode="record_access.mode_missing")
    _hold_known(session, actor, patient_id)
    if policies.care_link(session, actor, patient_id) is not None:
        raise RuleViolation("record_access.member")
    access = _open(
        session,
        actor,
        patient_id,
        AccessKind.DECLARED,
        mode=mode,
        notice_id=current_notice(session, actor).id,
        ends_at=now + DECLARED_LIFE,
        now=now,
    )
    submission.remember(session, actor, key, access.id, now=now)
    return access.id


def open_emergency(
    session: Session, actor: Actor, patient_id: UUID, *, reason: str, key: UUID, now: datetime
) -> UUID:
    """« J’accède en urgence »: strong sign-in, fresh factor, reason; 60 min, the patient told (S064)."""
    said = _require_strong(actor, reason, now)
    return _open_urgently(
        session, actor, patient_id, AccessKind.EMERGENCY, reason=said, key=key, now=now
    )


def open_regulation(
    session: Session, actor: Actor, patient_id: UUID, *, reason: str, key: UUID, now: datetime
) -> UUID:
    """A SAMU regulator receiving a call: as an emergency, under the patient's other switch (FC-04, FC-05)."""
    said = _require_strong(actor, reason, now)
    if not is_regulator(session, actor):
        raise Forbidden("record_access.regulators_only")
    return _open_urgently(
        session, actor, patient_id, AccessKind.REGULATION, reason=said, key=key, now=now
    )


def leave_access(session: Session, actor: Actor, access_id: UUID, *, now: datetime) -> UUID:
    """End an access of this sign-in before its time; returns whose record it opened. Ended, it stays so."""
    policies.require_professional(actor)
    access = session.get(RecordAccess, access_id, with_for_update=True, populate_existing=True)
    if access is None or access.session_id != actor.session_id:
        raise NotFound("record_access.not_found")
    if access.ended_at is None and access.ends_at > now:
        access.ended_at = now
        session.flush()
        journal.record(session, actor, "record_access.left", **_about(access), now=now)
    return access.patient_id


def current_access(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> RecordAccess | None:
    """The access outside the circle this sign-in has to a record, an urgent one first."""
    found = list_accesses(session, actor, patient_id, now=now)
    return min(found, key=lambda access: access.kind not in URGENT, default=None)


def _open_urgently(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    kind: AccessKind,
    *,
    reason: str,
    key: UUID,
    now: datetime,
) -> UUID:
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    _hold_known(session, actor, patient_id)
    settings = settings_of(session, patient_id)
    if kind is AccessKind.EMERGENCY and not settings.allows_emergency:
        raise RuleViolation("record_access.emergency_opposed")
    if kind is AccessKind.REGULATION and not settings.allows_regulation:
        raise RuleViolation("record_access.regulation_opposed")
    # One at a time in a sign-in: the bar of the mode speaks of one record.
    session.execute(
        update(RecordAccess)
        .where(
            col(RecordAccess.session_id) == actor.session_id,
            col(RecordAccess.kind).in_(URGENT),
            col(RecordAccess.ended_at).is_(None),
            col(RecordAccess.ends_at) > now,
        )
        .values(ended_at=now)
    )
    access = _open(
        session, actor, patient_id, kind, reason=reason, ends_at=now + EMERGENCY_LIFE, now=now
    )
    tell_of_opening(session, actor, access, now=now)
    submission.remember(session, actor, key, access.id, now=now)
    return access.id


def _open(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    kind: AccessKind,
    *,
    mode: ConsentMode | None = None,
    notice_id: UUID | None = None,
    reason: str = "",
    ends_at: datetime,
    now: datetime,
) -> RecordAccess:
    assert actor.professional_id is not None
    assert actor.account_id is not None
    assert actor.session_id is not None
    access = RecordAccess(
        patient_id=patient_id,
        professional_id=actor.professional_id,
        account_id=actor.account_id,
        session_id=actor.session_id,
        kind=kind,
        mode=mode,
        notice_id=notice_id,
        reason=reason,
        began_at=now,
        ends_at=ends_at,
    )
    session.add(access)
    session.flush()
    journal.record(session, actor, f"record_access.{kind.value}", **_about(access), now=now)
    return access


def _about(access: RecordAccess) -> _About:
    return {
        "kind": JournalKind.ACCESS,
        "patient_id": access.patient_id,
        "object_id": access.id,
        "ground": OUTSIDE[access.kind].value,
    }


def _hold_known(session: Session, actor: Actor, patient_id: UUID) -> None:
    """A record that exists for the actor, kept from a block or a closing until the end of the act (S066)."""
    is_known = select(col(Patient.id)).where(col(Patient.id) == patient_id, may_be_known(actor))
    if session.execute(is_known).first() is not None:
        hold_patient(session, actor, patient_id)
        if session.execute(is_known).first() is not None:
            return
    raise NotFound("patient.not_found")


def _require_strong(actor: Actor, reason: str, now: datetime) -> str:
    """The reason, of somebody who acts in their own name and gave a factor in the last minutes (S064).

    A workstation's code is not enough.
    """
    policies.require_searcher(actor)
    said = clean_text(reason)
    if len(said) < LEAST_REASON:
        raise Invalid(reason="record_access.reason_short")
    if len(said) > MAX_REASON:
        raise Invalid(reason="text.too_long")
    policies.require_fresh_factor(actor, now=now)
    if actor.method is SignInMethod.OPERATOR:
        raise Forbidden("record_access.strong_sign_in")
    return said
