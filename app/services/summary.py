"""« À savoir »: what stands beside the chronology, each part with its count and where it comes from."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind, ConsentMode, InformationNotice
from app.models.professional import Profession, Professional
from app.models.treatment import Treatment
from app.services.fields import paris_day


@dataclass(frozen=True)
class SummaryTreatment:
    """A treatment in progress. `yes_count`: its latest adherence score, 0 best."""

    label: str
    posology: str
    is_followed: bool
    yes_count: int | None
    added_at: datetime


@dataclass(frozen=True)
class SummaryMember:
    """A member of the circle."""

    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str


@dataclass(frozen=True)
class Summary:
    """Treatments in progress, the circle, and the consent the follow-up stands on."""

    treatments: tuple[SummaryTreatment, ...]
    members: tuple[SummaryMember, ...]
    consent_mode: ConsentMode | None
    consent_on: date | None
    notice_version: str


def fetch_summary(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Summary:
    """The summary of a patient of the actor's circle, for a page that writes its own read line."""
    policies.require_link(session, actor, patient_id)
    today = paris_day(now)
    treatments = session.execute(
        select(
            col(Treatment.label),
            col(Treatment.posology),
            col(Treatment.is_followed),
            col(Treatment.adherence_yes_count),
            col(Treatment.added_at),
        )
        .where(
            col(Treatment.patient_id) == patient_id,
            col(Treatment.removed_at).is_(None),
            or_(col(Treatment.ended_on).is_(None), col(Treatment.ended_on) > today),
        )
        .order_by(col(Treatment.is_followed).desc(), col(Treatment.started_on))
    )
    members = session.execute(
        select(
            col(Account.civility),
            col(Account.given_name),
            col(Account.family_name),
            col(Professional.profession),
            col(Professional.speciality),
        )
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .join(CareLink, col(CareLink.professional_id) == col(Professional.id))
        .where(and_(col(CareLink.patient_id) == patient_id, col(CareLink.ended_at).is_(None)))
        .order_by(col(CareLink.started_at))
    )
    consent = session.execute(
        select(col(Consent.mode), col(Consent.given_on), col(InformationNotice.version))
        .join(InformationNotice, col(InformationNotice.id) == col(Consent.notice_id))
        .where(
            col(Consent.patient_id) == patient_id,
            col(Consent.kind) == ConsentKind.ENROLMENT,
            col(Consent.withdrawn_at).is_(None),
        )
        .order_by(col(Consent.recorded_at).desc())
        .limit(1)
    ).first()
    mode, given_on, version = consent or (None, None, "")
    return Summary(
        treatments=tuple(SummaryTreatment(*row) for row in treatments),
        members=tuple(SummaryMember(*row) for row in members),
        consent_mode=mode,
        consent_on=given_on,
        notice_version=version,
    )
