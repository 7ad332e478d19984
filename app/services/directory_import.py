"""Importing a stock of the national directory (`liane import directory`).

Two million rows pass without ever being in memory together. They are read into sorted runs on disk, which
are then merged in alphabetical order into a new release, a batch at a time; nobody waits for the import,
and searches answer from the earlier release until the new one is complete. Every step leaves a mark of how
far it came, so that an import that was killed goes on from there when the same file is given again.
"""

import fcntl
import gc
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from app.authz.actor import Actor
from app.db import Database, reading, unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.progress import Progress, share_of, unheard
from app.integrations.rpps import SOURCE, Extract
from app.integrations.rpps_rows import RowNote
from app.models.directory import SPAN, DirectoryNumber
from app.services import journal
from app.services.directory_entry import FIELD
from app.services.directory_lines import Reading, read_lines
from app.services.directory_release import (
    EntryWriter,
    drop_slice,
    grouped,
    list_others,
    open_release,
    unfinished_release,
    write_numbers,
)
from app.services.fields import paris_day
from app.services.sorted_lines import SortedLines

_BATCH = 5_000
_NUMBERS = 50_000
# Between two slices: whoever waits for the write lock of the embedded base asks again every so often.
_BREATH_SECONDS = 0.03
# New objects between two looks of the garbage collector.
_SELDOM = 200_000


@dataclass(frozen=True)
class ImportResult:
    """What an import did. `people`: entries; `notes`: the first rows rejected or read with a remark."""

    people: int
    places: int
    data_on: date
    rejected: int
    remarked: int
    earlier_people: int
    notes: list[RowNote] = field(default_factory=list)


def import_directory(
    actor: Actor,
    path: Path,
    *,
    folder: Path,
    now: datetime,
    progress: Progress = unheard,
    database: Database | None = None,
) -> ImportResult:
    """Replace the directory by an extract (text, .gz or .zip).

    `folder`: where to keep what waits to be sorted, about half the size of the file. Raises SetupError when
    the file is not what it should be, or another import is under way.
    """
    if not actor.reason:
        raise Forbidden("directory.import_forbidden")
    extract = Extract(path, today=paris_day(now))
    with _alone_in(folder), _collector_at_rest():
        try:
            read, lines = read_lines(extract, folder, share_of(progress, 0, 400))
            if not read.rows:
                raise SetupError(
                    f"Le fichier {path} ne contient aucune ligne lisible : téléchargez-le de "
                    "nouveau, puis relancez l’import."
                )
            work = _Import(actor, database, extract, read, now, progress)
            result = work.run(lines, folder)
        except OSError as error:
            raise SetupError(
                f"Le dossier {folder} ne peut pas être écrit : vérifiez ses droits et la place sur le "
                "disque, puis relancez l’import."
            ) from error
        shutil.rmtree(folder, ignore_errors=True)
    return result


class _Import:
    """The second half: sorted lines into a new release."""

    def __init__(
        self,
        actor: Actor,
        database: Database | None,
        extract: Extract,
        read: Reading,
        now: datetime,
        progress: Progress,
    ) -> None:
        self.actor, self.database, self.extract = actor, database, extract
        self.read, self.now, self.progress = read, now, progress

    def run(self, lines: SortedLines, folder: Path) -> ImportResult:
        """Write, put in use, take the earlier release away."""
        writer = self._writer()
        numbers = SortedLines(folder, "numbers")
        self._write_entries(writer, lines, numbers)
        self._write_numbers(writer, numbers)
        with unit_of_work(self.database) as session:
            earlier = writer.put_in_use(session, self.actor)
            journal.record(session, self.actor, "directory.imported", now=self.now)
            others = list_others(session, self.actor, writer.release_id)
        for other in others:
            self._drop(other)
        self.progress(1000, 1000)
        return ImportResult(
            people=writer.people,
            places=writer.places,
            data_on=self.extract.data_on,
            rejected=self.read.rejected,
            remarked=self.read.remarked,
            earlier_people=earlier,
            notes=self.read.first_notes(),
        )

    def _writer(self) -> EntryWriter:
        with unit_of_work(self.database) as session:
            return unfinished_release(
                session, self.actor, self.extract.fingerprint
            ) or open_release(
                session,
                self.actor,
                source=SOURCE,
                data_on=self.extract.data_on,
                fingerprint=self.extract.fingerprint,
                rejected=self.read.rejected,
                now=self.now,
            )

    def _write_entries(self, writer: EntryWriter, lines: SortedLines, numbers: SortedLines) -> None:
        """Every entry that was not written before an interruption; the numbers of all of them."""
        told = share_of(self.progress, 400, 900)
        before, rank = writer.people, 0
        pairs: list[str] = []
        entries = grouped(lines.merged())
        while batch := list(islice(entries, _BATCH)):
            first = writer.release_id * SPAN + rank
            pairs += [f"{one.number}{FIELD}{n}" for n, one in enumerate(batch, start=first)]
            if len(pairs) >= _NUMBERS:
                numbers.add_run(pairs)
                pairs = []
            new = batch[max(0, before - rank) :]
            writer.see(batch[: len(batch) - len(new)], rank)
            rank += len(batch)
            if new:
                with unit_of_work(self.database) as session:
                    writer.write(session, self.actor, new)
            told(writer.places, self.read.rows)
        numbers.add_run(pairs)

    def _write_numbers(self, writer: EntryWriter, numbers: SortedLines) -> None:
        with reading(self.database) as session:
            written = session.execute(
                select(func.count())
                .select_from(DirectoryNumber)
                .where(col(DirectoryNumber.release_id) == writer.release_id)
            ).scalar_one()
        told = share_of(self.progress, 900, 970)
        lines = islice(numbers.merged(), written, None)
        while batch := list(islice(lines, _NUMBERS)):
            pairs = ((number, int(n)) for number, _, n in (one.partition(FIELD) for one in batch))
            with unit_of_work(self.database) as session:
                write_numbers(session, self.actor, writer.release_id, pairs)
            written += len(batch)
            told(written, writer.people)

    def _drop(self, release_id: int) -> None:
        is_more = True
        while is_more:
            with unit_of_work(self.database) as session:
                is_more = drop_slice(session, self.actor, release_id)
            time.sleep(_BREATH_SECONDS)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Millions of rows refer to nothing that refers back: looking for circles often costs a sixth."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder; what another file left in it is overwritten."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetupError(
                "Un import de l’annuaire est déjà en cours : attendez qu’il se termine."
            ) from error
        yield
