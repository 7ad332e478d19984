"""The consent register (CX-15, CX-17, CX-21, U-11): no follow-up and no new member without a recorded yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid
from app.models.consent import Consent, ConsentKind, ConsentMode, InformationNotice
from app.services import journal
from app.services.fields import FieldReader, paris_day
from app.services.notice import current_notice
from app.services.professional import ProfessionalCard, list_cards

EARLIEST = date(2000, 1, 1)
MAX_ROWS = 200


@dataclass(frozen=True)
class NewConsent:
    """A yes as it was collected, and the notice handed before it."""

    mode: ConsentMode
    given_on: date
    notice_id: UUID
    notice_handed_on: date


@dataclass(frozen=True)
class ConsentRow:
    """One agreement: for which professional, collected by whom, on which version of the notice.

    `collected_by`: None when the patient gave it alone, on screen.
    """

    id: UUID
    kind: ConsentKind
    mode: ConsentMode
    given_on: date
    for_professional: ProfessionalCard
    collected_by: ProfessionalCard | None
    notice_id: UUID
    notice_version: str
    notice_handed_on: date
    recorded_at: datetime
    withdrawn_at: datetime | None


def read_consent(fields: Mapping[str, str], *, today: date) -> NewConsent:
    """The consent a form holds: `consent_given` ticked, `consent_mode`, dates `consent` and `notice`."""
    reader = FieldReader(fields)
    if not reader.flag("consent_given"):
        reader.fault("consent_given", "consent.missing")
    mode = reader.choice("consent_mode", ConsentMode, missing="consent.mode_missing")
    given_on = reader.date(
        "consent",
        missing="consent.date_missing",
        future="consent.date_future",
        earliest=EARLIEST,
        latest=today,
    )
    notice_id = reader.key("notice_id", missing="notice.not_shown", unknown="notice.not_shown")
    handed_on = reader.date(
        "notice",
        missing="notice.date_missing",
        future="notice.date_future",
        earliest=EARLIEST,
        latest=today,
    )
    if given_on and handed_on and handed_on > given_on:
        reader.fault("notice", "notice.after_consent")
    if reader.faults or not (mode and given_on and notice_id and handed_on):
        raise Invalid(**reader.faults)
    return NewConsent(mode, given_on, notice_id, handed_on)


def check_consent(session: Session, actor: Actor, new: NewConsent, *, now: datetime) -> None:
    """Refuse dates that cannot be, and a notice that is no longer the one to hand (U-25)."""
    policies.require_professional(actor)
    today = paris_day(now)
    faults: dict[str, str] = {}
    if new.given_on > today:
        faults["consent"] = "consent.date_future"
    elif new.given_on < EARLIEST:
        faults["consent"] = "date.too_old"
    if new.notice_handed_on > new.given_on:
        faults["notice"] = "notice.after_consent"
    elif new.notice_handed_on < EARLIEST:
        faults["notice"] = "date.too_old"
    if current_notice(session, actor).id != new.notice_id:
        faults["notice_id"] = "notice.outdated"
    if faults:
        raise Invalid(**faults)


def record_consent(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    new: NewConsent,
    *,
    kind: ConsentKind,
    for_professional_id: UUID,
    now: datetime,
) -> UUID:
    """Write one agreement in the register, in the transaction of the act it allows."""
    link = policies.require_management(session, actor, patient_id)
    check_consent(session, actor, new, now=now)
    return _write(
        session,
        actor,
        Consent(
            patient_id=patient_id,
            kind=kind,
            mode=new.mode,
            given_on=new.given_on,
            collected_by_id=link.professional_id,
            for_professional_id=for_professional_id,
            notice_id=new.notice_id,
            notice_handed_on=new.notice_handed_on,
            recorded_at=now,
        ),
    )


def record_own_consent(
    session: Session, actor: Actor, *, for_professional_id: UUID, now: datetime
) -> UUID:
    """Write that the acting patient lets a professional follow them, on screen: nobody collected it."""
    today = paris_day(now)
    return _write(
        session,
        actor,
        Consent(
            patient_id=policies.require_own_record(actor),
            kind=ConsentKind.CIRCLE_ADDITION,
            mode=ConsentMode.ELECTRONIC,
            given_on=today,
            for_professional_id=for_professional_id,
            notice_id=current_notice(session, actor).id,
            notice_handed_on=today,
            recorded_at=now,
        ),
    )


def withdraw_addition(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID, *, now: datetime
) -> None:
    """End the agreement that brought a professional into a circle, for an act that checked the right."""
    session.execute(
        update(Consent)
        .where(
            col(Consent.patient_id) == patient_id,
            col(Consent.for_professional_id) == professional_id,
            col(Consent.kind) == ConsentKind.CIRCLE_ADDITION,
            col(Consent.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=now)
    )


def _write(session: Session, actor: Actor, consent: Consent) -> UUID:
    session.add(consent)
    session.flush()
    journal.record(
        session,
        actor,
        "consent.recorded",
        patient_id=consent.patient_id,
        object_id=consent.id,
        ground="consent",
        now=consent.recorded_at,
    )
    return consent.id


def list_consents(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[ConsentRow]:
    """The agreements of a patient of the actor's circle, newest first."""
    policies.require_link(session, actor, patient_id)
    journal.record_read(session, actor, "consent.listed", patient_id=patient_id, now=now)
    return fetch_consents(session, actor, patient_id)


def fetch_consents(session: Session, actor: Actor, patient_id: UUID) -> list[ConsentRow]:
    """The same rows for a reader already allowed: a member of the circle, or the patient."""
    policies.require_reader(session, actor, patient_id)
    found = session.execute(
        select(Consent, col(InformationNotice.version))
        .join(InformationNotice, col(InformationNotice.id) == col(Consent.notice_id))
        .where(col(Consent.patient_id) == patient_id)
        .order_by(col(Consent.recorded_at).desc(), col(Consent.id))
        .limit(MAX_ROWS)
    ).all()
    ids = {key for row, _ in found for key in (row.for_professional_id, row.collected_by_id)}
    cards = list_cards(session, actor, ids - {None})
    return [
        ConsentRow(
            id=row.id,
            kind=row.kind,
            mode=row.mode,
            given_on=row.given_on,
            for_professional=cards[row.for_professional_id],
            collected_by=cards.get(row.collected_by_id),
            notice_id=row.notice_id,
            notice_version=version,
            notice_handed_on=row.notice_handed_on,
            recorded_at=row.recorded_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row, version in found
    ]
