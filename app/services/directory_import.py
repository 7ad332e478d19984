"""Importing a stock of the national directory (`liane import directory`)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.directory import (
    SPAN,
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryRelease,
)
from app.services.directory_entry import Person, lead_of, words_of, write_places
from app.services.directory_words import add_words, create_words, drop_words, index_words


def load_builtin(
    session: Session,
    actor: Actor,
    people: Sequence[Person],
    *,
    source: str,
    data_on: date,
    now: datetime,
) -> None:
    """Put a short list in use, in the caller's unit of work; an imported directory is left alone."""
    _require_system(actor)
    current = session.execute(
        select(col(DirectoryRelease.is_builtin)).where(col(DirectoryRelease.is_current))
    ).scalar()
    if current is False:
        return
    release_id = _open_release(session, source, data_on, is_builtin=True, now=now)
    create_words(session, actor, release_id)
    rows = list(_Rows(release_id).all(people))
    session.execute(insert(DirectoryEntry), [row[0] for row in rows])
    leads: dict[str, int] = {}
    for entry, lead, _ in rows:
        leads.setdefault(lead, entry["id"])
    session.execute(
        insert(DirectoryLead),
        [{"release_id": release_id, "token": t, "first_id": f} for t, f in leads.items()],
    )
    session.execute(
        insert(DirectoryNumber),
        [
            {"release_id": release_id, "number": e["number"], "entry_id": e["id"]}
            for e, _, _ in rows
        ],
    )
    add_words(session, actor, release_id, [(entry["id"], words) for entry, _, words in rows])
    index_words(session, actor, release_id)
    session.execute(
        update(DirectoryRelease)
        .where(col(DirectoryRelease.id) == release_id)
        .values(people=len(rows), places=sum(len(person.places) for person in people))
    )
    _put_in_use(session, release_id)
    for other in _others(session, release_id):
        _drop(session, actor, other)


def _require_system(actor: Actor) -> None:
    if not actor.reason:
        raise Forbidden("directory.import_forbidden")


def _open_release(
    session: Session, source: str, data_on: date, *, is_builtin: bool, now: datetime
) -> int:
    release = DirectoryRelease(
        source=source, data_on=data_on, imported_at=now, is_builtin=is_builtin
    )
    session.add(release)
    session.flush()
    assert release.id is not None
    return release.id


def _put_in_use(session: Session, release_id: int) -> None:
    for is_current, which in (
        (False, col(DirectoryRelease.is_current)),
        (True, col(DirectoryRelease.id) == release_id),
    ):
        session.execute(update(DirectoryRelease).where(which).values(is_current=is_current))


def _others(session: Session, release_id: int) -> list[int]:
    found = session.execute(
        select(col(DirectoryRelease.id)).where(col(DirectoryRelease.id) != release_id)
    )
    return [other for other in found.scalars() if other is not None]


def _drop(session: Session, actor: Actor, release_id: int) -> None:
    drop_words(session, actor, release_id)
    first = release_id * SPAN
    session.execute(
        delete(DirectoryEntry).where(
            col(DirectoryEntry.id) >= first, col(DirectoryEntry.id) < first + SPAN
        )
    )
    for table in (DirectoryLead, DirectoryNumber):
        session.execute(delete(table).where(col(table.release_id) == release_id))
    session.execute(delete(DirectoryRelease).where(col(DirectoryRelease.id) == release_id))


class _Rows:
    def __init__(self, release_id: int) -> None:
        self.release_id = release_id

    def all(self, people: Iterable[Person]) -> Iterable[tuple[dict[str, Any], str, str]]:
        """Each entry in alphabetical order: its columns, its lead, its other words."""
        ordered = sorted((person.sort_key, n, person) for n, person in enumerate(people))
        for rank, ((family, given, *_), _, person) in enumerate(ordered):
            yield (
                {
                    "id": self.release_id * SPAN + rank,
                    "number": person.number,
                    "civility": person.civility,
                    "family_name": person.family_name,
                    "given_name": person.given_name,
                    "profession": person.profession,
                    "profession_label": person.profession_label,
                    "speciality": person.speciality,
                    "places": write_places(person.places),
                },
                lead_of(family),
                words_of(family, given, [place.city for place in person.places]),
            )
