"""Releases of the directory: written beside the one in use, put in use at once, dropped in slices."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlmodel import Session, SQLModel, col

from app.authz.actor import Actor
from app.errors import Forbidden, SetupError
from app.models.base import table_of
from app.models.directory import (
    MAX_LABEL,
    SPAN,
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryRelease,
    DirectoryWord,
)
from app.services.bulk import write_rows
from app.services.directory_entry import FIELD, PLACE, Entry, Person, lead_of, words_of
from app.services.directory_postings import BLOCK, BlockWords
from app.services.directory_words import measure_filled, write_words

_SLICE = 5_000
_SORTED = 9


def grouped(lines: Iterable[str]) -> Iterator[Entry]:
    """Sorted lines as entries: all rows of one person in one profession; a row written twice counts once."""
    entry: Entry | None = None
    start = last = ""
    for line in lines:
        if line == last:
            continue
        last = line
        if entry is None or not line.startswith(start):
            if entry is not None:
                yield entry
            family, given, number, profession, *columns, place = line.split(FIELD, _SORTED)
            family_name, given_name, civility, label, skill = columns
            start = FIELD.join((family, given, number, profession, ""))
            entry = Entry(
                family,
                given,
                number,
                profession,
                family_name,
                given_name,
                civility,
                label,
                skill,
                [place] if place else [],
            )
            continue
        *_, skill, place = line.split(FIELD, _SORTED)
        if place and place not in entry.places:
            entry.places.append(place)
        if skill and skill not in entry.speciality:
            joined = f"{entry.speciality}, {skill}" if entry.speciality else skill
            entry.speciality = joined if len(joined) <= MAX_LABEL else entry.speciality
    if entry is not None:
        yield entry


@dataclass
class EntryWriter:
    """Writes the entries of one release, in order. `people`: those written so far; `lead`: the last one."""

    release_id: int
    people: int = 0
    places: int = 0
    lead: str | None = None
    _words: BlockWords = field(default_factory=BlockWords)

    def see(self, written: Sequence[Entry], rank: int) -> None:
        """Take note of entries that were written before an interruption, the first of this rank."""
        if not written:
            return
        self.lead = lead_of(written[-1].family)
        block = self.people - self.people % BLOCK
        for place, entry in enumerate(written, start=rank - block):
            if place >= 0:
                self._note(place, entry)

    def write(self, session: Session, actor: Actor, entries: Sequence[Entry]) -> None:
        """Add some entries; the words they are found by too, whenever a block of them is whole."""
        first = self.release_id * SPAN
        rows, leads = [], []
        for rank, entry in enumerate(entries, start=self.people):
            rows.append(
                (
                    first + rank,
                    entry.number,
                    entry.civility,
                    entry.family_name,
                    entry.given_name,
                    entry.profession,
                    entry.profession_label,
                    entry.speciality,
                    PLACE.join(entry.places),
                )
            )
            lead = lead_of(entry.family)
            if lead != self.lead:
                leads.append((self.release_id, lead, first + rank))
                self.lead = lead
            self._note(rank % BLOCK, entry)
            if rank % BLOCK == BLOCK - 1:
                self._write_words(session, actor, rank // BLOCK)
            self.places += len(entry.places)
        write_rows(session, actor, table_of(DirectoryEntry), rows)
        write_rows(session, actor, table_of(DirectoryLead), leads)
        self.people += len(rows)
        session.execute(
            update(DirectoryRelease)
            .where(col(DirectoryRelease.id) == self.release_id)
            .values(people=self.people, places=self.places)
        )

    def put_in_use(self, session: Session, actor: Actor) -> int:
        """The words of the last block, then this release in use; how many entries the earlier one held."""
        if self.people % BLOCK:
            self._write_words(session, actor, self.people // BLOCK)
        measure_filled(session, actor)
        return put_in_use(session, actor, self.release_id)

    def _note(self, place: int, entry: Entry) -> None:
        self._words.add(place, words_of(entry.family, entry.given, entry.towns))

    def _write_words(self, session: Session, actor: Actor, block: int) -> None:
        write_words(session, actor, self.release_id, block, self._words)
        self._words = BlockWords()


def write_numbers(
    session: Session, actor: Actor, release_id: int, pairs: Iterable[tuple[str, int]]
) -> None:
    """Let entries be found by their number."""
    rows = [(release_id, number, entry_id) for number, entry_id in pairs]
    write_rows(session, actor, table_of(DirectoryNumber), rows)


def open_release(
    session: Session,
    actor: Actor,
    *,
    source: str,
    data_on: date,
    fingerprint: str = "",
    rejected: int = 0,
    is_builtin: bool = False,
    now: datetime,
) -> EntryWriter:
    """Begin a release, empty and not in use."""
    release = DirectoryRelease(
        source=source,
        data_on=data_on,
        imported_at=now,
        fingerprint=fingerprint,
        rejected=rejected,
        is_builtin=is_builtin,
    )
    session.add(release)
    session.flush()
    assert release.id is not None
    return EntryWriter(release.id)


def unfinished_release(session: Session, actor: Actor, fingerprint: str) -> EntryWriter | None:
    """What an interrupted import of the same file has written."""
    row = session.execute(
        select(
            col(DirectoryRelease.id), col(DirectoryRelease.people), col(DirectoryRelease.places)
        ).where(
            col(DirectoryRelease.fingerprint) == fingerprint,
            col(DirectoryRelease.is_current).is_(False),
        )
    ).first()
    return EntryWriter(*row) if row else None


def put_in_use(session: Session, actor: Actor, release_id: int) -> int:
    """Make a release the one in use; how many entries the earlier one held."""
    earlier = session.execute(
        select(col(DirectoryRelease.people)).where(col(DirectoryRelease.is_current))
    ).scalar()
    found = [
        session.execute(
            update(DirectoryRelease).where(which).values(is_current=is_current)
        ).rowcount  # type: ignore[attr-defined]
        for is_current, which in (
            (False, col(DirectoryRelease.is_current)),
            (True, col(DirectoryRelease.id) == release_id),
        )
    ]
    if not found[1]:
        raise SetupError(
            "Un autre import de l’annuaire vient de se terminer : relancez celui-ci s’il est plus récent."
        )
    return earlier or 0


def list_others(session: Session, actor: Actor, release_id: int) -> list[int]:
    """Releases other than this one: the earlier one, and what failed imports left."""
    found = session.execute(
        select(col(DirectoryRelease.id)).where(col(DirectoryRelease.id) != release_id)
    )
    return [other for other in found.scalars() if other is not None]


def drop_slice(session: Session, actor: Actor, release_id: int) -> bool:
    """Take away a part of a release not in use, the release itself at last; whether there is more."""
    entry = col(DirectoryEntry.id)
    start, end = release_id * SPAN, (release_id + 1) * SPAN
    if _drop_some(session, DirectoryEntry, [entry], entry >= start, entry < end):
        return True
    for table, *keys in (
        (DirectoryNumber, col(DirectoryNumber.number)),
        (DirectoryWord, col(DirectoryWord.block), col(DirectoryWord.token)),
        (DirectoryLead, col(DirectoryLead.token)),
    ):
        if _drop_some(session, table, keys, col(table.release_id) == release_id):
            return True
    session.execute(delete(DirectoryRelease).where(col(DirectoryRelease.id) == release_id))
    return False


def _drop_some(
    session: Session, table: type[SQLModel], keys: Sequence[Any], start: Any, *end: Any
) -> bool:
    """Delete the first rows of a release by their key; whether there were any."""
    ordered = select(*keys).where(start, *end).order_by(*keys).limit(1)
    if session.execute(ordered).first() is None:
        return False
    bound = session.execute(ordered.offset(_SLICE - 1)).first()
    # One upper bound only: of two, SQLite may follow the one that is further and read a whole release.
    up_to = end if bound is None else (tuple_(*keys) <= tuple(bound),)
    session.execute(delete(table).where(start, *up_to))
    return True


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
    if not actor.reason:
        raise Forbidden("directory.import_forbidden")
    current = session.execute(
        select(col(DirectoryRelease.is_builtin)).where(col(DirectoryRelease.is_current))
    ).scalar()
    if current is False:
        return
    writer = open_release(session, actor, source=source, data_on=data_on, is_builtin=True, now=now)
    entries = [person.entry for person in people]
    entries.sort(key=lambda one: (one.family, one.given, one.number, one.profession))
    writer.write(session, actor, entries)
    first = writer.release_id * SPAN
    pairs = [(one.number, entry_id) for entry_id, one in enumerate(entries, start=first)]
    write_numbers(session, actor, writer.release_id, sorted(pairs))
    writer.put_in_use(session, actor)
    for other in list_others(session, actor, writer.release_id):
        while drop_slice(session, actor, other):
            pass
