"""Importing the national facilities (`liane import facilities`).

A facility keeps its key from one import to the next, since places of practice point to it. Those that a whole
stock left out are closed, never removed. Each batch is its own unit of work and leaves the base right: an
import that was killed is simply run again, and passes quickly over what it already wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import Database, unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.finess import (
    SOURCE,
    FacilityNote,
    FacilityNotes,
    FinessFile,
    NationalFacility,
)
from app.integrations.progress import Progress, unheard
from app.models.facility import (
    MAX_ADDRESS,
    MAX_CITY,
    MAX_NAME,
    Facility,
    FacilityKind,
    FacilityRelease,
    FacilityToken,
)
from app.services import journal
from app.services.facility import joined_words, token_rows
from app.services.fields import paris_day
from app.services.text import fold

_BATCH = 2_000


@dataclass(frozen=True)
class FacilityImportResult:
    """What an import did. `closed`: facilities of earlier imports that this stock left out."""

    facilities: int
    new: int
    changed: int
    closed: int
    data_on: date
    rejected: int
    notes: list[FacilityNote] = field(default_factory=list)


def import_facilities(
    actor: Actor,
    path: Path,
    *,
    now: datetime,
    progress: Progress = unheard,
    database: Database | None = None,
) -> FacilityImportResult:
    """Bring the facilities up to date with a file of FINESS, in any of its forms.

    Raises SetupError when the file is not what it should be; what was written until then stays.
    """
    _require_system(actor)
    file, notes = FinessFile(path, today=paris_day(now)), FacilityNotes()
    with unit_of_work(database) as session:
        release_id = _open_release(session, SOURCE, file.data_on, now=now)
    written = _Written()
    facilities = file.read(notes)
    while batch := list(islice(facilities, _BATCH)):
        with unit_of_work(database) as session:
            _write(session, batch, release_id, written, now=now)
        progress(min(file.position, file.size), file.size)
    if not written.total:
        raise SetupError(
            f"Le fichier {path} ne contient aucun établissement lisible : téléchargez-le de nouveau, "
            "puis relancez l’import."
        )
    while file.is_whole and (closed := _close_slice(database, release_id, now=now)):
        written.closed += closed
    with unit_of_work(database) as session:
        session.execute(
            update(FacilityRelease)
            .where(col(FacilityRelease.id) == release_id)
            .values(
                facilities=written.total,
                closed=written.closed,
                rejected=notes.rejected,
                is_complete=True,
            )
        )
        journal.record(session, actor, "facility.imported", now=now)
    progress(file.size, file.size)
    return FacilityImportResult(
        facilities=written.total,
        new=written.new,
        changed=written.changed,
        closed=written.closed,
        data_on=file.data_on,
        rejected=notes.rejected,
        notes=notes.first,
    )


def load_builtin_facilities(
    session: Session,
    actor: Actor,
    establishments: Sequence[NationalFacility],
    laboratories: Sequence[NationalFacility],
    *,
    source: str,
    data_on: date,
    now: datetime,
) -> None:
    """Load two short lists, in the caller's unit of work; a base that has facilities is left alone."""
    _require_system(actor)
    if session.execute(select(col(Facility.id)).limit(1)).first() is not None:
        return
    release_id = _open_release(session, source, data_on, is_builtin=True, now=now)
    _write(session, establishments, release_id, _Written(), now=now)
    _write(session, laboratories, release_id, _Written(), is_laboratory=True, now=now)


@dataclass
class _Written:
    total: int = 0
    new: int = 0
    changed: int = 0
    closed: int = 0


def _require_system(actor: Actor) -> None:
    if not actor.reason:
        raise Forbidden("directory.import_forbidden")


def _open_release(
    session: Session, source: str, data_on: date, *, is_builtin: bool = False, now: datetime
) -> int:
    release = FacilityRelease(
        source=source,
        data_on=data_on,
        imported_at=now,
        is_builtin=is_builtin,
        is_complete=is_builtin,
    )
    session.add(release)
    session.flush()
    assert release.id is not None
    return release.id


def _write(
    session: Session,
    batch: Sequence[NationalFacility],
    release_id: int,
    written: _Written,
    *,
    is_laboratory: bool = False,
    now: datetime,
) -> None:
    """Add the new ones, change those that differ, and mark all as seen by this import."""
    known = {
        facility.finess: facility
        for facility in session.execute(
            select(Facility).where(col(Facility.finess).in_([one.finess for one in batch]))
        ).scalars()
    }
    changed: list[Facility] = []
    for one in batch:
        facility = known.get(one.finess)
        if facility is None:
            facility = Facility(
                id=facility_key(one.finess),
                kind=FacilityKind.LABORATORY if is_laboratory else FacilityKind.FINESS,
                is_partner_laboratory=is_laboratory,
                finess=one.finess,
                name="",
                sort_name="",
                words="",
                version=0,
                updated_at=now,
            )
            session.add(facility)
            written.new += 1
        elif _values(one) != {name: getattr(facility, name) for name in _values(one)}:
            written.changed += 1
        else:
            continue
        for name, value in _values(one).items():
            setattr(facility, name, value)
        if not is_laboratory:
            facility.kind = FacilityKind.FINESS
        facility.version += 1
        facility.updated_at = now
        facility.sort_name = fold(facility.name)[:MAX_NAME]
        facility.words = joined_words(facility)
        changed.append(facility)
    written.total += len(batch)
    session.flush()
    _write_tokens(session, changed)
    session.execute(
        update(Facility)
        .where(col(Facility.finess).in_([one.finess for one in batch]))
        .values(release_id=release_id)
    )
    session.expunge_all()


def _write_tokens(session: Session, facilities: Iterable[Facility]) -> None:
    rows = [
        row
        for facility in facilities
        for row in token_rows(facility.id, facility.sort_name, facility.words)
    ]
    if not rows:
        return
    ids = {row["facility_id"] for row in rows}
    session.execute(delete(FacilityToken).where(col(FacilityToken.facility_id).in_(ids)))
    # In the order of the key, as a table without row numbers is best written.
    rows.sort(key=lambda row: (row["token"], row["sort_name"]))
    session.execute(insert(FacilityToken), rows)


def facility_key(finess: str) -> UUID:
    """The key of a national facility, the same in every base."""
    return uuid5(NAMESPACE_OID, f"finess {finess}")


def _values(one: NationalFacility) -> dict[str, object]:
    return {
        "name": one.name[:MAX_NAME],
        "category": one.category[:MAX_NAME],
        "address": one.address[:MAX_ADDRESS],
        "postcode": one.postcode[:10],
        "city": one.city[:MAX_CITY],
        "phone": one.phone[:20],
        "is_open": one.is_open,
    }


def _close_slice(database: Database | None, release_id: int, *, now: datetime) -> int:
    with unit_of_work(database) as session:
        ids = (
            session.execute(
                select(col(Facility.id))
                .where(
                    col(Facility.kind) == FacilityKind.FINESS,
                    col(Facility.is_open),
                    col(Facility.release_id) != release_id,
                )
                .limit(_BATCH)
            )
            .scalars()
            .all()
        )
        if ids:
            session.execute(
                update(Facility)
                .where(col(Facility.id).in_(ids))
                .values(is_open=False, version=Facility.version + 1, updated_at=now)
            )
    return len(ids)
