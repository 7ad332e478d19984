"""Establishments and partner laboratories as administrators keep them (MM-11 to MM-14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, NotFound
from app.models.facility import MAX_ADDRESS, MAX_CITY, MAX_NAME, Facility, FacilityKind
from app.services import journal
from app.services.facility import FACILITY_COLUMNS, FacilityHit
from app.services.facility_words import write_words
from app.services.fields import FieldReader
from app.services.identifiers import is_finess
from app.services.text import fold

PAGE_SIZE = 25
_POSTCODE_LENGTH = 5
_FLAGS = ("is_partner_laboratory", "accepts_first_messages")


@dataclass(frozen=True)
class FacilityPage:
    """At most 25 rows of a list of `total`, in `pages` pages numbered from 1."""

    rows: tuple[FacilityHit, ...]
    total: int
    page: int
    pages: int


def list_facilities(
    session: Session,
    actor: Actor,
    *,
    kind: FacilityKind | None = None,
    page: int = 1,
    now: datetime,
) -> FacilityPage:
    """Facilities by name for the administrators' page, closed ones too; past the end is the last page."""
    policies.require_administrator(actor)
    which = [col(Facility.kind) == kind] if kind else []
    total = session.execute(select(func.count()).select_from(Facility).where(*which)).scalar_one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    found = session.execute(
        select(*FACILITY_COLUMNS)
        .where(*which)
        .order_by(col(Facility.sort_name), col(Facility.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return FacilityPage(tuple(FacilityHit(*row) for row in found), total, page, pages)


def create_facility(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> UUID:
    """Add an establishment or a laboratory by hand. Raises Invalid with every fault.

    Fields: name, address, postcode, city, phone, finess, and the boxes `is_partner_laboratory` and
    `accepts_first_messages` (D-16).
    """
    policies.require_administrator(actor)
    values = _read(session, fields, own_id=None)
    is_laboratory = values["is_partner_laboratory"]
    facility = Facility(
        id=uuid4(),
        kind=FacilityKind.LABORATORY if is_laboratory else FacilityKind.LOCAL,
        sort_name="",
        words="",
        updated_at=now,
        **values,
    )
    write_words(session, actor, facility)
    journal.record(session, actor, "facility.created", object_id=facility.id, now=now)
    return facility.id


def update_facility(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    fields: Mapping[str, str],
    *,
    version: int,
    now: datetime,
) -> int:
    """Change a facility, or close it (`is_open` not ticked); its new version.

    Of a facility of FINESS, only both flags change: the rest is the national directory's.
    Raises Conflict when somebody else changed it since `version`.
    """
    policies.require_administrator(actor)
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("facility.not_found")
    if facility.version != version:
        raise Conflict("facility.changed")
    if facility.kind is FacilityKind.FINESS:
        for name in _FLAGS:
            setattr(facility, name, FieldReader(fields).flag(name))
    else:
        for name, value in _read(session, fields, own_id=facility_id).items():
            setattr(facility, name, value)
        facility.is_open = FieldReader(fields).flag("is_open")
        is_laboratory = facility.is_partner_laboratory
        facility.kind = FacilityKind.LABORATORY if is_laboratory else FacilityKind.LOCAL
    facility.version += 1
    facility.updated_at = now
    write_words(session, actor, facility)
    journal.record(session, actor, "facility.changed", object_id=facility.id, now=now)
    return facility.version


def _read(session: Session, fields: Mapping[str, str], own_id: UUID | None) -> dict[str, Any]:
    reader = FieldReader(fields)
    name = reader.text("name", limit=MAX_NAME, missing="facility.name_missing")
    address = reader.text("address", limit=MAX_ADDRESS)
    postcode = reader.text("postcode", limit=10, missing="facility.postcode_missing")
    city = reader.text("city", limit=MAX_CITY, missing="facility.city_missing")
    phone = reader.text("phone", limit=20)
    typed_finess = reader.text("finess", limit=20)
    finess = "".join(typed_finess.split()).upper() or None
    if name and not fold(name):
        reader.fault("name", "facility.name_missing")
    if postcode and not (
        postcode.isascii() and postcode.isdigit() and len(postcode) == _POSTCODE_LENGTH
    ):
        reader.fault("postcode", "facility.postcode_form")
    if finess and not is_finess(finess):
        reader.fault("finess", "facility.finess_key")
    elif finess:
        taken = session.execute(
            select(col(Facility.id)).where(col(Facility.finess) == finess)
        ).scalar()
        if taken is not None and taken != own_id:
            reader.fault("finess", "facility.finess_taken")
    reader.check()
    return {
        "name": name,
        "address": address,
        "postcode": postcode,
        "city": city,
        "phone": phone,
        "finess": finess,
        **{name: reader.flag(name) for name in _FLAGS},
    }
