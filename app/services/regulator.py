"""Who regulates for a SAMU: one administrator proposes, another confirms, either ends it (U-24, S067)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.account import Account, AccountState
from app.models.professional import Profession, Professional
from app.models.regulator import Regulator
from app.services import journal
from app.services.account_list import list_names
from app.services.fields import clean_line

MAX_CENTRE = 500


@dataclass(frozen=True)
class RegulatorView:
    """An attachment that waits or holds. `is_own`: proposed by the one who reads it."""

    account_id: UUID
    civility: str
    family_name: str
    given_name: str
    centre: str
    proposed_by: str
    proposed_at: datetime
    confirmed_at: datetime | None
    is_own: bool


def is_regulator(session: Session, actor: Actor) -> bool:
    """Whether the acting doctor regulates, in their own name."""
    if actor.is_delegate or not actor.is_professional:
        return False
    found = session.execute(
        select(col(Regulator.id)).where(
            col(Regulator.professional_id) == actor.professional_id,
            col(Regulator.ended_at).is_(None),
            col(Regulator.confirmed_at).is_not(None),
        )
    ).first()
    return found is not None


def propose_regulator(
    session: Session, actor: Actor, account_id: UUID, *, reason: str, now: datetime
) -> UUID:
    """A first « oui ». `reason`: the centre of the doctor."""
    own_id = _administrator(actor, now)
    centre = clean_line(reason)
    if not centre:
        raise Invalid(reason="regulator.centre_missing")
    if len(centre) > MAX_CENTRE:
        raise Invalid(reason="text.too_long")
    doctor = _doctor(session, account_id)
    if _live(session, doctor.id) is not None:
        raise Conflict("regulator.proposed_meanwhile")
    made = Regulator(
        professional_id=doctor.id, centre=centre, proposed_by_id=own_id, proposed_at=now
    )
    session.add(made)
    session.flush()
    journal.record(session, actor, "regulator.proposed", object_id=account_id, now=now)
    return made.id


def confirm_regulator(
    session: Session, actor: Actor, account_id: UUID, *, reason: str = "", now: datetime
) -> None:
    """Another administrator's « oui »: from now on the doctor may open records in regulation."""
    own_id = _administrator(actor, now)
    found = _live(session, _doctor(session, account_id).id)
    if found is None or found.confirmed_at is not None:
        raise Conflict("regulator.decided_meanwhile")
    if found.proposed_by_id == own_id:
        raise RuleViolation("regulator.same_person")
    found.confirmed_by_id, found.confirmed_at = own_id, now
    session.flush()
    journal.record(session, actor, "regulator.confirmed", object_id=account_id, now=now)


def end_regulator(
    session: Session, actor: Actor, account_id: UUID, *, reason: str = "", now: datetime
) -> None:
    """Refuse a proposal, take it back, or end the attachment: one administrator is enough to take a right."""
    own_id = _administrator(actor, now)
    doctor = _professional(session, account_id)
    found = _live(session, doctor.id) if doctor else None
    if found is None:
        raise Conflict("regulator.decided_meanwhile")
    found.ended_by_id, found.ended_at = own_id, now
    session.flush()
    journal.record(session, actor, "regulator.ended", object_id=account_id, now=now)


def list_regulators(
    session: Session, actor: Actor, *, account_id: UUID | None = None
) -> tuple[RegulatorView, ...]:
    """Attachments that wait for a second « oui », or the one of an account, waiting or not."""
    policies.require_administrator(actor)
    which = (
        col(Regulator.confirmed_at).is_(None)
        if account_id is None
        else col(Account.id) == account_id
    )
    found = session.execute(
        select(Regulator, Account)
        .join(Professional, col(Professional.id) == col(Regulator.professional_id))
        .join(Account, col(Account.id) == col(Professional.account_id))
        .where(col(Regulator.ended_at).is_(None), which)
        .order_by(col(Regulator.proposed_at))
        .limit(50)
    ).all()
    names = list_names(session, actor, [each.proposed_by_id for each, _ in found])
    return tuple(
        RegulatorView(
            account_id=account.id,
            civility=account.civility,
            family_name=account.family_name,
            given_name=account.given_name,
            centre=each.centre,
            proposed_by=names[each.proposed_by_id],
            proposed_at=each.proposed_at,
            confirmed_at=each.confirmed_at,
            is_own=each.proposed_by_id == actor.account_id,
        )
        for each, account in found
    )


def _administrator(actor: Actor, now: datetime) -> UUID:
    policies.require_administrator(actor)
    return policies.require_fresh_factor(actor, now=now)


def _professional(session: Session, account_id: UUID) -> Professional | None:
    found: Professional | None = session.execute(
        select(Professional).where(col(Professional.account_id) == account_id).with_for_update()
    ).scalar_one_or_none()
    return found


def _doctor(session: Session, account_id: UUID) -> Professional:
    """The doctor of an active account: regulation is a doctor's (L.1111-17 I)."""
    account = session.get(Account, account_id)
    doctor = _professional(session, account_id)
    if account is None or doctor is None:
        raise NotFound("account_admin.not_found")
    if account.state is not AccountState.ACTIVE or doctor.profession is not Profession.DOCTOR:
        raise RuleViolation("regulator.doctors_only")
    return doctor


def _live(session: Session, professional_id: UUID) -> Regulator | None:
    found: Regulator | None = session.execute(
        select(Regulator).where(
            col(Regulator.professional_id) == professional_id, col(Regulator.ended_at).is_(None)
        )
    ).scalar_one_or_none()
    return found
