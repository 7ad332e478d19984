"""Places of practice of an account (MM-11 to MM-14): read, added, given a laboratory, removed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid, NotFound, RuleViolation
from app.models.facility import Facility
from app.models.practice import Practice
from app.models.professional import Professional
from app.services import journal
from app.services.facility import get_facility, list_laboratories

MAX_PLACES = 20
_MAX_SHOWN_NAME, _MAX_SHOWN_CITY = 150, 100
_LABORATORY = aliased(Facility)


@dataclass(frozen=True)
class PlaceFields:
    """A place as it was chosen in the list or typed by hand, ready to be kept."""

    name: str
    city: str
    address: str = ""
    postcode: str = ""
    finess: str = ""
    facility_id: UUID | None = None


@dataclass(frozen=True)
class PracticeRow:
    """One place of practice. `laboratory`: name of the partner laboratory, or ''."""

    id: UUID
    facility_id: UUID | None
    finess: str
    name: str
    address: str
    postcode: str
    city: str
    laboratory_id: UUID | None
    laboratory: str


def list_practices(
    session: Session, actor: Actor, account_id: UUID, *, now: datetime
) -> list[PracticeRow]:
    """The places of an account, the one shown beside its name first; for itself and administrators."""
    if account_id != actor.account_id:
        policies.require_administrator(actor)
    rows = session.execute(
        select(
            col(Practice.id),
            col(Practice.facility_id),
            col(Practice.finess),
            col(Practice.name),
            col(Practice.address),
            col(Practice.postcode),
            col(Practice.city),
            col(Practice.laboratory_id),
            func.coalesce(col(_LABORATORY.name), ""),
        )
        .outerjoin(_LABORATORY, col(_LABORATORY.id) == col(Practice.laboratory_id))
        .where(col(Practice.account_id) == account_id)
        .order_by(col(Practice.position), col(Practice.id))
    )
    return [PracticeRow(*row) for row in rows]


def add_practice(
    session: Session,
    actor: Actor,
    place: PlaceFields,
    *,
    laboratory_id: UUID | None,
    key: UUID,
    now: datetime,
) -> UUID:
    """Add a place to one's own account, once per key; one that is there only takes the laboratory."""
    account_id = policies.require_own_account(actor)
    if session.get(Practice, key) is not None:
        return key
    check_laboratory(session, actor, laboratory_id, now=now)
    if place.facility_id and (there := _there(session, account_id, place.facility_id)):
        set_laboratory(session, actor, there.id, laboratory_id, now=now)
        return there.id
    known = session.execute(
        select(func.count(), func.max(col(Practice.position))).where(
            col(Practice.account_id) == account_id
        )
    ).one()
    if known[0] >= MAX_PLACES:
        raise RuleViolation("practice.too_many", most=MAX_PLACES)
    session.add(
        Practice(
            id=key,
            account_id=account_id,
            laboratory_id=laboratory_id,
            position=(known[1] or 0) + 1,
            created_at=now,
            **vars(place),
        )
    )
    session.flush()
    show_first(session, actor, account_id)
    journal.record(session, actor, "practice.added", object_id=account_id, now=now)
    return key


def _there(session: Session, account_id: UUID, facility_id: UUID) -> Practice | None:
    found = select(Practice).where(
        col(Practice.account_id) == account_id, col(Practice.facility_id) == facility_id
    )
    return session.execute(found.order_by(col(Practice.position))).scalars().first()


def set_laboratory(
    session: Session, actor: Actor, practice_id: UUID, laboratory_id: UUID | None, *, now: datetime
) -> None:
    """Choose the partner laboratory of one of one's own places."""
    practice = _own(session, actor, practice_id)
    check_laboratory(session, actor, laboratory_id, now=now)
    practice.laboratory_id = laboratory_id
    journal.record(session, actor, "practice.changed", object_id=practice.account_id, now=now)


def remove_practice(session: Session, actor: Actor, practice_id: UUID, *, now: datetime) -> None:
    """Take one of one's own places away; the last one stays (MM-11)."""
    practice = _own(session, actor, practice_id)
    count = session.execute(
        select(func.count()).where(col(Practice.account_id) == practice.account_id)
    ).scalar_one()
    if count <= 1:
        raise RuleViolation("practice.last_one")
    session.delete(practice)
    session.flush()
    show_first(session, actor, practice.account_id)
    journal.record(session, actor, "practice.removed", object_id=practice.account_id, now=now)


def check_laboratory(
    session: Session, actor: Actor, laboratory_id: UUID | None, *, now: datetime
) -> None:
    """Refuse what is no partner laboratory, and none at all where there are some (MM-13)."""
    known = {row.id for row in list_laboratories(session, actor, now=now)}
    if laboratory_id is None and known:
        raise Invalid(laboratory_id="practice.laboratory_missing")
    if laboratory_id is not None and laboratory_id not in known:
        raise Invalid(laboratory_id="practice.laboratory_unknown")


def chosen_place(
    session: Session, actor: Actor, facility_id: UUID, *, now: datetime
) -> PlaceFields:
    """The words of an establishment that was chosen in the list. Raises NotFound."""
    hit = get_facility(session, actor, facility_id, now=now)
    if not hit.is_open:
        raise NotFound("facility.not_found")
    return PlaceFields(
        name=hit.name,
        city=hit.city,
        address=hit.address,
        postcode=hit.postcode,
        finess=hit.finess or "",
        facility_id=hit.id,
    )


def show_first(session: Session, actor: Actor, account_id: UUID) -> None:
    """Copy the first place of an account to what is shown beside the professional's name."""
    professional = session.execute(
        select(Professional).where(col(Professional.account_id) == account_id)
    ).scalar_one_or_none()
    first = session.execute(
        select(col(Practice.name), col(Practice.city))
        .where(col(Practice.account_id) == account_id)
        .order_by(col(Practice.position), col(Practice.id))
        .limit(1)
    ).first()
    if professional is not None and first is not None:
        professional.place_name = first.name[:_MAX_SHOWN_NAME]
        professional.place_city = first.city[:_MAX_SHOWN_CITY]


def _own(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    account_id = policies.require_own_account(actor)
    practice = session.get(Practice, practice_id)
    if practice is None or practice.account_id != account_id:
        raise NotFound("practice.not_found")
    return practice
