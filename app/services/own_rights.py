"""What the authorisation matrix opens to one's own profession, by category of the record (DM-24, DM-45)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.document import RecordCategory
from app.services.document_type import document_type, types_of
from app.services.fields import paris_day
from app.services.matrix import readable_types


@dataclass(frozen=True)
class CategoryRights:
    """One category: the types one reads, those one does not, by their labels."""

    category: RecordCategory
    readable: tuple[str, ...]
    closed: tuple[str, ...]


def list_own_rights(session: Session, actor: Actor, *, now: datetime) -> tuple[CategoryRights, ...]:
    """The present version of the matrix; a delegate reads what both professions do."""
    policies.require_professional(actor)
    day = paris_day(now)
    allowed = readable_types(session, actor.profession, on=day)
    if actor.is_delegate:
        allowed &= readable_types(session, actor.own_profession, on=day)
    return tuple(
        CategoryRights(
            category,
            tuple(document_type(code).label for code in types_of(category) if code in allowed),
            tuple(document_type(code).label for code in types_of(category) if code not in allowed),
        )
        for category in RecordCategory
    )
