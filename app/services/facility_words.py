"""The words a facility is found by."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.facility import MAX_NAME, MAX_WORDS, Facility, FacilityToken
from app.services.directory_entry import town_words
from app.services.text import MAX_TOKEN, fold, tokens


def write_words(session: Session, actor: Actor, facility: Facility) -> None:
    """Save a facility with the words it is found by, in place of earlier ones."""
    facility.sort_name = fold(facility.name)[:MAX_NAME]
    facility.words = joined_words(facility.name, facility.city, facility.postcode, facility.finess)
    session.add(facility)
    session.flush()
    session.execute(delete(FacilityToken).where(col(FacilityToken.facility_id) == facility.id))
    session.execute(
        insert(FacilityToken), token_rows(facility.id, facility.sort_name, facility.words)
    )


def joined_words(name: str, city: str, postcode: str, finess: str | None) -> str:
    """Every word a facility is found by, each after a space."""
    words = [*tokens(name), *town_words(city), *tokens(postcode), *tokens(finess or "")]
    return "".join(f" {word}" for word in dict.fromkeys(words))[:MAX_WORDS]


def token_rows(facility_id: UUID, sort_name: str, words: str) -> list[dict[str, Any]]:
    """The searchable words of a facility, as rows."""
    return [
        {"token": word[:MAX_TOKEN], "sort_name": sort_name, "facility_id": facility_id}
        for word in dict.fromkeys(words.split())
    ]
