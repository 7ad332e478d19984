"""Importing the national facilities (`liane import facilities`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.facility import Facility, FacilityKind, FacilityRelease
from app.services.facility import write_words


@dataclass(frozen=True)
class NewFacility:
    """One facility as its source tells."""

    kind: FacilityKind
    name: str
    finess: str
    category: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    is_open: bool = True


def load_builtin_facilities(
    session: Session,
    actor: Actor,
    facilities: Sequence[NewFacility],
    *,
    source: str,
    data_on: date,
    now: datetime,
) -> None:
    """Load a short list, in the caller's unit of work; a base that has facilities is left alone."""
    _require_system(actor)
    if session.execute(select(col(Facility.id)).limit(1)).first() is not None:
        return
    release = FacilityRelease(
        source=source,
        data_on=data_on,
        imported_at=now,
        facilities=len(facilities),
        is_builtin=True,
        is_complete=True,
    )
    session.add(release)
    session.flush()
    for new in facilities:
        facility = Facility(
            id=uuid5(NAMESPACE_OID, f"finess {new.finess}"),
            kind=new.kind,
            is_partner_laboratory=new.kind is FacilityKind.LABORATORY,
            is_open=new.is_open,
            finess=new.finess,
            name=new.name,
            category=new.category,
            address=new.address,
            postcode=new.postcode,
            city=new.city,
            phone=new.phone,
            release_id=release.id,
            sort_name="",
            words="",
            updated_at=now,
        )
        write_words(session, actor, facility)


def _require_system(actor: Actor) -> None:
    if not actor.reason:
        raise Forbidden("directory.import_forbidden")
