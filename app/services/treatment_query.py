"""Reading the treatment list of a patient: one treatment, the list, the choices of a form (CX-19, U-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotFound
from app.models.account import Account
from app.models.entry import Entry, EntryKind
from app.models.professional import Professional
from app.models.treatment import Treatment
from app.services import journal
from app.services.fields import paris_day
from app.services.professional import CARD_COLUMNS, ProfessionalCard

MAX_LISTED = 200
FOLLOW_UP_KINDS = (EntryKind.TOLERANCE, EntryKind.INTERACTION, EntryKind.ADHERENCE)


@dataclass(frozen=True)
class TreatmentRow:
    """One treatment as the list shows it. `yes_count`: latest adherence score, 0 best."""

    id: UUID
    label: str
    substances: str
    medicine_cis: str
    posology: str
    started_on: date
    ended_on: date | None
    end_reason: str
    is_current: bool
    is_followed: bool
    added_by: ProfessionalCard
    added_on: date
    entries: int
    yes_count: int | None
    adherence_on: date | None
    is_adherence_falling: bool
    may_change: bool
    may_remove: bool
    version: int


@dataclass(frozen=True)
class TreatmentChoice:
    """One treatment of a form: « par rapport au traitement »."""

    id: UUID
    label: str
    substances: str
    is_current: bool


def access_treatment(session: Session, actor: Actor, treatment_id: UUID) -> Treatment:
    """The only loader by id: a treatment the actor may not see is reported as absent."""
    treatment = session.get(Treatment, treatment_id)
    if (
        treatment is None
        or treatment.removed_at is not None
        or not policies.may_read_patient(session, actor, treatment.patient_id)
    ):
        raise NotFound("treatment.not_found")
    return treatment


def list_treatments(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[TreatmentRow]:
    """The patient's treatments, those under way first, then the latest ended."""
    policies.require_link(session, actor, patient_id)
    may_change = policies.may_record_follow_up(session, actor, patient_id)
    today = paris_day(now)
    found = session.execute(
        select(Treatment, *CARD_COLUMNS)
        .join(Professional, col(Professional.id) == col(Treatment.added_by_id))
        .join(Account, col(Account.id) == col(Professional.account_id))
        .where(col(Treatment.patient_id) == patient_id, col(Treatment.removed_at).is_(None))
        .order_by(
            _is_over(today),
            col(Treatment.ended_on).desc(),
            col(Treatment.is_followed).desc(),
            col(Treatment.started_on).desc(),
            col(Treatment.label),
        )
        .limit(MAX_LISTED)
    ).all()
    counts = count_entries(session, [treatment.id for treatment, *_ in found])
    journal.record_read(session, actor, "treatment.listed", patient_id=patient_id, now=now)
    return [
        _row(
            treatment,
            ProfessionalCard(*card),
            counts.get(treatment.id, 0),
            today,
            may_change=may_change,
        )
        for treatment, *card in found
    ]


def list_choices(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[TreatmentChoice]:
    """The followed treatments an entry may be tied to, those under way first.

    Part of a page whose reading is journaled where the page is opened.
    """
    policies.require_link(session, actor, patient_id)
    today = paris_day(now)
    rows = session.execute(
        select(
            col(Treatment.id),
            col(Treatment.label),
            col(Treatment.substances),
            col(Treatment.ended_on),
        )
        .where(
            col(Treatment.patient_id) == patient_id,
            col(Treatment.removed_at).is_(None),
            col(Treatment.is_followed),
        )
        .order_by(_is_over(today), col(Treatment.started_on).desc(), col(Treatment.label))
        .limit(MAX_LISTED)
    )
    return [
        TreatmentChoice(row_id, label, substances, is_current(ended_on, today))
        for row_id, label, substances, ended_on in rows
    ]


def count_entries(session: Session, treatment_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many follow-up entries each treatment has; those without are left out."""
    if not treatment_ids:
        return {}
    rows = session.execute(
        select(col(Entry.treatment_id), func.count())
        .where(
            col(Entry.treatment_id).in_(treatment_ids),
            col(Entry.kind).in_(FOLLOW_UP_KINDS),
            col(Entry.superseded_at).is_(None),
        )
        .group_by(col(Entry.treatment_id))
    )
    return {treatment_id: count for treatment_id, count in rows if treatment_id is not None}


def is_current(ended_on: date | None, today: date) -> bool:
    """Whether a treatment is still under way: its end is not told, or lies ahead."""
    return ended_on is None or ended_on > today


def under_way(today: date) -> ColumnElement[bool]:
    """`is_current`, asked of the database."""
    return or_(col(Treatment.ended_on).is_(None), col(Treatment.ended_on) > today)


def _row(
    treatment: Treatment,
    added_by: ProfessionalCard,
    entries: int,
    today: date,
    *,
    may_change: bool,
) -> TreatmentRow:
    return TreatmentRow(
        id=treatment.id,
        label=treatment.label,
        substances=treatment.substances,
        medicine_cis=treatment.medicine_cis or "",
        posology=treatment.posology,
        started_on=treatment.started_on,
        ended_on=treatment.ended_on,
        end_reason=treatment.end_reason,
        is_current=is_current(treatment.ended_on, today),
        is_followed=treatment.is_followed,
        added_by=added_by,
        added_on=paris_day(treatment.added_at),
        entries=entries,
        yes_count=treatment.adherence_yes_count,
        adherence_on=treatment.adherence_on,
        is_adherence_falling=treatment.is_adherence_falling,
        may_change=may_change,
        may_remove=may_change and entries == 0,
        version=treatment.version,
    )


def _is_over(today: date) -> ColumnElement[int]:
    """0 for a treatment under way, 1 for one that ended: for ordering."""
    return case((under_way(today), 0), else_=1)
