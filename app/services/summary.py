"""« À savoir »: what stands beside the chronology, each part with its count and where it comes from."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.base import table_of
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind, ConsentMode, InformationNotice
from app.models.professional import Profession, Professional
from app.models.treatment import Treatment
from app.services import journal
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


_TREATMENT, _ACCOUNT, _PROFESSIONAL, _LINK, _CONSENTS, _NOTICE = (
    table_of(model)
    for model in (Treatment, Account, Professional, CareLink, Consent, InformationNotice)
)
# Prepared once: they are read with every synthesis.
_TREATMENTS = (
    select(
        *(
            _TREATMENT.c[name]
            for name in ("label", "posology", "is_followed", "adherence_yes_count", "added_at")
        )
    )
    .where(
        _TREATMENT.c.patient_id == bindparam("patient_id"),
        _TREATMENT.c.removed_at.is_(None),
        or_(_TREATMENT.c.ended_on.is_(None), _TREATMENT.c.ended_on > bindparam("today")),
    )
    .order_by(_TREATMENT.c.is_followed.desc(), _TREATMENT.c.started_on)
)
_MEMBERS = (
    select(
        *(_ACCOUNT.c[name] for name in ("civility", "given_name", "family_name")),
        _PROFESSIONAL.c.profession,
        _PROFESSIONAL.c.speciality,
    )
    .join(_PROFESSIONAL, _PROFESSIONAL.c.account_id == _ACCOUNT.c.id)
    .join(_LINK, _LINK.c.professional_id == _PROFESSIONAL.c.id)
    .where(_LINK.c.patient_id == bindparam("patient_id"), _LINK.c.ended_at.is_(None))
    .order_by(_LINK.c.started_at)
)
_CONSENT = (
    select(_CONSENTS.c.mode, _CONSENTS.c.given_on, _NOTICE.c.version)
    .join(_NOTICE, _NOTICE.c.id == _CONSENTS.c.notice_id)
    .where(
        _CONSENTS.c.patient_id == bindparam("patient_id"),
        _CONSENTS.c.kind == ConsentKind.ENROLMENT,
        _CONSENTS.c.withdrawn_at.is_(None),
    )
    .order_by(_CONSENTS.c.recorded_at.desc())
    .limit(1)
)


def open_summary(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Summary:
    """The same, opened by itself: with its read line."""
    summary = fetch_summary(session, actor, patient_id, now=now)
    journal.record_read(session, actor, "synthesis.read", patient_id=patient_id, now=now)
    return summary


def fetch_summary(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Summary:
    """The summary of a patient of the actor's circle, for a page that writes its own read line."""
    policies.require_link(session, actor, patient_id)
    parameters = {"patient_id": patient_id, "today": paris_day(now)}
    treatments = session.execute(_TREATMENTS, parameters)
    members = session.execute(_MEMBERS, parameters)
    consent = session.execute(_CONSENT, parameters).first()
    mode, given_on, version = consent or (None, None, "")
    return Summary(
        treatments=tuple(SummaryTreatment(*row) for row in treatments),
        members=tuple(SummaryMember(*row) for row in members),
        consent_mode=mode,
        consent_on=given_on,
        notice_version=version,
    )
