"""People the national API told of, kept for a day so that whoever saw one may choose them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from app.authz.actor import Actor
from app.integrations.annuaire import FoundPerson, FoundPlace
from app.models.directory import MAX_NUMBER, DirectoryFound

KEEP = timedelta(days=1)


def remember_found(
    session: Session, actor: Actor, people: Sequence[FoundPerson], *, now: datetime
) -> None:
    """Keep what the API told, in place of what it told earlier."""
    by_number: dict[str, list[FoundPerson]] = {}
    for person in people:
        if len(person.number) <= MAX_NUMBER:
            by_number.setdefault(person.number, []).append(person)
    for number, found in by_number.items():
        kept = session.get(DirectoryFound, number) or DirectoryFound(
            number=number, answer="", found_at=now
        )
        kept.answer = json.dumps([asdict(person) for person in found], ensure_ascii=False)
        kept.found_at = now
        session.add(kept)


def list_found(
    session: Session, actor: Actor, number: str, *, now: datetime
) -> tuple[list[FoundPerson], datetime]:
    """What the API told of a number, and when; nobody when that is too long ago."""
    kept = session.get(DirectoryFound, number)
    if kept is None or kept.found_at < now - KEEP:
        return [], now
    return [_person(values) for values in json.loads(kept.answer)], kept.found_at


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop what is too old to be chosen."""
    session.execute(delete(DirectoryFound).where(col(DirectoryFound.found_at) < now - KEEP))


def _person(values: dict[str, object]) -> FoundPerson:
    places = values.pop("places")
    assert isinstance(places, list)
    return FoundPerson(places=tuple(FoundPlace(**place) for place in places), **values)  # type: ignore[arg-type]
