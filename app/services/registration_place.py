"""Second step of a registration: places of practice and partner laboratories (MM-11 to MM-14, MM-26)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Invalid, NotFound, RuleViolation
from app.models.facility import MAX_ADDRESS, MAX_CITY, MAX_NAME, Facility
from app.models.registration import Registration, RegistrationPlace
from app.services.facility import list_laboratories
from app.services.fields import FieldReader, parse_key
from app.services.practice import MAX_PLACES, PlaceFields, check_laboratory, chosen_place
from app.services.registration import access_open, settle_step
from app.services.registration_progress import Step

_LABORATORY = aliased(Facility)
_POSTCODE_LENGTH = 5


@dataclass(frozen=True)
class PlaceRow:
    """A place given so far. `laboratory`: name of its partner laboratory, '' while none was chosen."""

    id: UUID
    name: str
    address: str
    postcode: str
    city: str
    laboratory_id: UUID | None
    laboratory: str
    is_from_directory: bool


def list_places(
    session: Session, actor: Actor, registration_id: UUID, *, now: datetime
) -> list[PlaceRow]:
    """The places of a registration somebody holds already, in their order."""
    rows = session.execute(
        select(
            col(RegistrationPlace.id),
            col(RegistrationPlace.name),
            col(RegistrationPlace.address),
            col(RegistrationPlace.postcode),
            col(RegistrationPlace.city),
            col(RegistrationPlace.laboratory_id),
            func.coalesce(col(_LABORATORY.name), ""),
            col(RegistrationPlace.is_from_directory),
        )
        .outerjoin(_LABORATORY, col(_LABORATORY.id) == col(RegistrationPlace.laboratory_id))
        .where(col(RegistrationPlace.registration_id) == registration_id)
        .order_by(col(RegistrationPlace.position), col(RegistrationPlace.id))
    )
    return [PlaceRow(*row) for row in rows]


def read_place(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> PlaceFields:
    """The place of a form: chosen in the list (`facility_id`), or typed. Raises Invalid with every fault."""
    reader = FieldReader(fields)
    chosen = reader.key("facility_id", missing=None, unknown="registration.place_missing")
    if chosen is not None:
        return chosen_place(session, actor, chosen, now=now)
    if not reader.flag("is_typed"):
        raise Invalid(facility="registration.place_missing")
    name = reader.text("name", limit=MAX_NAME, missing="facility.name_missing")
    address = reader.text("address", limit=MAX_ADDRESS)
    postcode = reader.text("postcode", limit=10, missing="facility.postcode_missing")
    city = reader.text("city", limit=MAX_CITY, missing="facility.city_missing")
    is_digits = postcode.isascii() and postcode.isdigit()
    if postcode and not (is_digits and len(postcode) == _POSTCODE_LENGTH):
        reader.fault("postcode", "facility.postcode_form")
    reader.check()
    return PlaceFields(name=name, city=city, address=address, postcode=postcode)


def add_place(
    session: Session,
    actor: Actor,
    token: str,
    fields: Mapping[str, str],
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    """« TERMINER »: the place and its laboratory join the registration, once per key.

    An establishment of the list that is there already only takes the laboratory.
    """
    registration = access_open(session, actor, token, now=now)
    known = session.get(RegistrationPlace, key)
    if known is not None and known.registration_id == registration.id:
        return known.id
    place = read_place(session, actor, fields, now=now)
    laboratory_id = parse_key(fields.get("laboratory_id", ""))
    check_laboratory(session, actor, laboratory_id, now=now)
    if (there := _same_place(session, registration, place)) is not None:
        there.laboratory_id = laboratory_id or there.laboratory_id
        return there.id
    count, last = session.execute(
        select(func.count(), func.max(col(RegistrationPlace.position))).where(
            col(RegistrationPlace.registration_id) == registration.id
        )
    ).one()
    if count >= MAX_PLACES:
        raise RuleViolation("practice.too_many", most=MAX_PLACES)
    added = RegistrationPlace(
        id=key,
        registration_id=registration.id,
        laboratory_id=laboratory_id,
        position=(last or 0) + 1,
        **vars(place),
    )
    session.add(added)
    session.flush()
    return added.id


def choose_laboratory(
    session: Session,
    actor: Actor,
    token: str,
    place_id: UUID,
    laboratory_id: UUID | None,
    *,
    now: datetime,
) -> None:
    """Link a place to the laboratory it usually works with."""
    registration = access_open(session, actor, token, now=now)
    place = _own(session, registration, place_id)
    check_laboratory(session, actor, laboratory_id, now=now)
    place.laboratory_id = laboratory_id


def remove_place(
    session: Session, actor: Actor, token: str, place_id: UUID, *, now: datetime
) -> None:
    """Take a place away."""
    registration = access_open(session, actor, token, now=now)
    session.delete(_own(session, registration, place_id))


def finish_places(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Go on to the next step. Raises Invalid while a place or a laboratory is missing."""
    registration = access_open(session, actor, token, now=now)
    rows = list_places(session, actor, registration.id, now=now)
    if not rows:
        raise Invalid(places="registration.place_missing")
    if list_laboratories(session, actor, now=now):
        faults = {
            f"place-{row.id}": "practice.laboratory_missing"
            for row in rows
            if row.laboratory_id is None
        }
        if faults:
            raise Invalid(**faults)
    settle_step(registration, Step.PLACES)


def _same_place(
    session: Session, registration: Registration, place: PlaceFields
) -> RegistrationPlace | None:
    known = [
        *([col(RegistrationPlace.facility_id) == place.facility_id] if place.facility_id else []),
        *([col(RegistrationPlace.finess) == place.finess] if place.finess else []),
    ]
    if not known:
        return None
    return (
        session.execute(
            select(RegistrationPlace)
            .where(col(RegistrationPlace.registration_id) == registration.id, or_(*known))
            .order_by(col(RegistrationPlace.position))
        )
        .scalars()
        .first()
    )


def _own(session: Session, registration: Registration, place_id: UUID) -> RegistrationPlace:
    place = session.get(RegistrationPlace, place_id)
    if place is None or place.registration_id != registration.id:
        raise NotFound("registration.place_not_found")
    return place
