"""Who runs this portal, as every page shows it: what an administrator wrote, else the settings (DM-23)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import content_digest
from app.errors import Conflict, Invalid
from app.models.base import table_of
from app.models.instance import MAX_NAME, MAX_PLACE, InstanceIdentity
from app.services import journal
from app.services.email_address import normalise_email
from app.services.fields import FieldReader
from app.services.picture import read_picture
from app.settings import get_settings

_INSTANCE = table_of(InstanceIdentity)
_ROW = select(
    _INSTANCE.c.name,
    _INSTANCE.c.place,
    _INSTANCE.c.contact_email,
    _INSTANCE.c.logo_digest,
    _INSTANCE.c.version,
).where(_INSTANCE.c.id == 1)


@dataclass(frozen=True)
class InstanceView:
    """Name, town or region, whom to write to. `logo_digest`: '' without one; `version`: 0 from settings."""

    name: str
    place: str
    contact_email: str
    logo_digest: str = ""
    version: int = 0


def read_instance(
    session: Session,
    actor: Actor,
) -> InstanceView:
    """The identity in force: one row, read at every page that opens."""
    found = session.execute(_ROW).first()
    if found is not None:
        return InstanceView(*found)
    settings = get_settings()
    return InstanceView(settings.instance_name, settings.instance_place, settings.contact_email)


def read_logo(
    session: Session,
    actor: Actor,
) -> tuple[str, bytes] | None:
    """Media type and bytes of the logo, none when there is no logo."""
    found = session.execute(
        select(_INSTANCE.c.logo_type, _INSTANCE.c.logo).where(_INSTANCE.c.id == 1)
    ).first()
    return None if found is None or found.logo is None else (found.logo_type, found.logo)


def change_instance(
    session: Session,
    actor: Actor,
    fields: Mapping[str, str],
    *,
    logo: bytes = b"",
    version: int,
    now: datetime,
) -> InstanceView:
    """Write the identity. Raises Invalid with every fault, Conflict when somebody changed it since `version`.

    Fields: name, place, contact_email, and the box `without_logo`. `logo`: a new picture, or nothing.
    """
    policies.require_administrator(actor)
    reader = FieldReader(fields)
    name = reader.text("name", limit=MAX_NAME, missing="instance.name_missing")
    place = reader.text("place", limit=MAX_PLACE)
    contact = normalise_email(fields.get("contact_email", ""))
    if contact is None:
        reader.fault("contact_email", "email.format")
    picture = None
    if logo:
        try:
            picture = read_picture(logo)
        except Invalid as fault:
            reader.merge(fault.fields)
    reader.check()
    row = session.get(InstanceIdentity, 1, with_for_update=True)
    if (row.version if row else 0) != version:
        raise Conflict("instance.changed")
    if row is None:
        row = InstanceIdentity(version=0, updated_at=now)
    row.name, row.place, row.contact_email = name, place, contact or ""
    if picture is not None:
        row.logo, row.logo_type = picture.content, picture.media_type
        row.logo_digest = content_digest(picture.content).hex()[:16]
    elif reader.flag("without_logo"):
        row.logo, row.logo_type, row.logo_digest = None, "", ""
    row.version += 1
    row.updated_at, row.updated_by_id = now, actor.account_id
    session.add(row)
    session.flush()
    journal.record(session, actor, "instance.changed", now=now)
    return read_instance(session, actor)
