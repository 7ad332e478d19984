"""One's own profile: all the portal holds of a person, and what they change at once (MM-35 to MM-40)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid
from app.models.account import Account, Role
from app.models.patient import Patient
from app.models.professional import Profession, Professional
from app.models.team import AccountMember
from app.services import identity_change, journal, submission
from app.services.fields import FieldReader
from app.services.identity_change import ChangeView, IdentityTraits
from app.services.practice import PracticeRow, list_practices

MAX_SPECIALITY = 100
MAX_TITLE = 100


@dataclass(frozen=True)
class Exercise:
    """What a professional practises. `place_name`, `place_city`: as shown beside their name."""

    profession: Profession
    speciality: str
    place_name: str
    place_city: str


@dataclass(frozen=True)
class PatientIdentity:
    """How the care team knows a patient: theirs to read here, the team's to correct."""

    birth_name: str
    given_names: str
    birth_date: date


@dataclass(frozen=True)
class Profile:
    """All of it. `members`: the people of a shared account."""

    role: Role
    traits: IdentityTraits
    email: str
    login_name: str
    shared_title: str
    certified_at: datetime | None
    created_at: datetime
    exercise: Exercise | None
    places: tuple[PracticeRow, ...]
    patient: PatientIdentity | None
    members: tuple[str, ...]
    change: ChangeView | None


@dataclass(frozen=True)
class Saved:
    """What « VALIDER » did: what counts now, and what waits for an administrator."""

    has_changed: bool
    change_id: UUID | None


def read_profile(session: Session, actor: Actor, *, now: datetime) -> Profile:
    """One's own profile."""
    account_id = policies.require_own_account(actor)
    account = session.get_one(Account, account_id)
    own = session.exec(select(Professional).where(Professional.account_id == account_id)).first()
    return Profile(
        role=account.role,
        traits=identity_change.present_traits(session, actor),
        email=account.email,
        login_name=account.login_name or "",
        shared_title=account.shared_title,
        certified_at=account.identity_certified_at,
        created_at=account.created_at,
        exercise=_exercise(own) if own else None,
        places=tuple(list_practices(session, actor, account_id, now=now)),
        patient=_patient(session, actor, now),
        members=_members(session, account_id),
        change=identity_change.waiting_change(session, actor),
    )


def save_profile(
    session: Session, actor: Actor, fields: Mapping[str, str], *, key: UUID, now: datetime
) -> Saved:
    """« VALIDER »: professional information counts at once, identity waits (MM-39, MM-40)."""
    account_id = policies.require_own_account(actor)
    if submission.earlier_result(session, actor, key) is not None:
        return Saved(has_changed=False, change_id=None)
    reader = FieldReader(fields)
    present = identity_change.present_traits(session, actor)
    account = session.get_one(Account, account_id)
    own = session.exec(select(Professional).where(Professional.account_id == account_id)).first()
    speciality = reader.text("speciality", limit=MAX_SPECIALITY)
    title = reader.text("shared_title", limit=MAX_TITLE)
    if account.role is Role.SECRETARY and "shared_title" in fields and not title:
        reader.fault("shared_title", "shared_title.missing")
    asked = present
    if account.role is not Role.PATIENT:
        try:
            asked = identity_change.read_traits(fields, present)
        except Invalid as found:
            reader.merge(found.fields)
    reader.check()
    has_changed = False
    if own is not None and "speciality" in fields:
        has_changed = _write(own, {"speciality": speciality})
    if account.role is Role.SECRETARY and title:
        has_changed = _write(account, {"shared_title": title}) or has_changed
    if has_changed:
        journal.record(session, actor, "profile.changed", object_id=account_id, now=now)
    change_id = None
    if asked != present:
        change_id = identity_change.ask_change(session, actor, asked, now=now)
    submission.remember(session, actor, key, change_id or account_id, now=now)
    return Saved(has_changed, change_id)


def _write(row: Account | Professional, values: Mapping[str, str]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _exercise(own: Professional) -> Exercise:
    return Exercise(own.profession, own.speciality, own.place_name, own.place_city)


def _patient(session: Session, actor: Actor, now: datetime) -> PatientIdentity | None:
    if not actor.is_patient:
        return None
    patient_id = policies.require_own_record(actor)
    journal.record_read(session, actor, "own_record.identity_read", patient_id=patient_id, now=now)
    row = session.get_one(Patient, patient_id)
    return PatientIdentity(row.birth_name, row.birth_given_names, row.birth_date)


def _members(session: Session, account_id: UUID) -> tuple[str, ...]:
    rows = session.exec(
        select(AccountMember.given_name, AccountMember.family_name)
        .where(AccountMember.account_id == account_id, col(AccountMember.ended_at).is_(None))
        .order_by(AccountMember.family_name, AccountMember.given_name)
    )
    return tuple(f"{given} {family}" for given, family in rows)
