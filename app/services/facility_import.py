"""Importing the national facilities (`liane import facilities`).

A facility keeps its key from one import to the next, since places of practice point to it. Those that a whole
stock left out are closed, never removed. Each batch is its own unit of work and leaves the base right: an
import that was killed is simply run again, and passes quickly over what it already wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import Database, unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.finess import SOURCE, FinessFile
from app.integrations.finess_rows import FacilityNote, FacilityNotes, NationalFacility
from app.integrations.progress import Progress, unheard
from app.models.base import table_of
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
from app.services.facility_words import joined_words, token_rows
from app.services.fields import paris_day
from app.services.text import fold

_BATCH = 2_000
_KNOWN = tuple(
    col(field)
    for field in (
        Facility.id,
        Facility.finess,
        Facility.version,
        Facility.name,
        Facility.category,
        Facility.address,
        Facility.postcode,
        Facility.city,
        Facility.phone,
        Facility.is_open,
    )
)


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
    numbers = [one.finess for one in batch]
    known = {
        row.finess: row
        for row in session.execute(select(*_KNOWN).where(col(Facility.finess).in_(numbers)))
    }
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for one in batch:
        values, row = _values(one), known.get(one.finess)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        values |= {
            "kind": FacilityKind.LABORATORY if is_laboratory else FacilityKind.FINESS,
            "version": 1 if row is None else row.version + 1,
            "updated_at": now,
            "sort_name": fold(one.name)[:MAX_NAME],
            "words": joined_words(one.name, one.city, one.postcode, one.finess),
        }
        if row is None:
            own = {"id": facility_key(one.finess), "finess": one.finess}
            new.append(own | values | {"is_partner_laboratory": is_laboratory})
        else:
            changed.append({"of_id": row.id, "id": row.id} | values)
    written.total += len(batch)
    written.new += len(new)
    written.changed += len(changed)
    table = table_of(Facility)
    if new:
        session.execute(insert(table), new)
    if changed:
        session.execute(update(table).where(table.c.id == bindparam("of_id")), changed)
    _write_tokens(session, [*new, *changed], [row["id"] for row in changed])
    session.execute(update(table).where(table.c.finess.in_(numbers)).values(release_id=release_id))


def _write_tokens(
    session: Session, facilities: Iterable[Mapping[str, Any]], changed: Sequence[UUID]
) -> None:
    if changed:
        which = col(FacilityToken.facility_id).in_(changed)
        session.execute(delete(table_of(FacilityToken)).where(which))
    rows = [
        row for one in facilities for row in token_rows(one["id"], one["sort_name"], one["words"])
    ]
    # In the order of the key, as a table without row numbers is best written.
    rows.sort(key=lambda row: (row["token"], row["sort_name"]))
    if rows:
        session.execute(insert(table_of(FacilityToken)), rows)


def facility_key(finess: str) -> UUID:
    """The key of a national facility, the same in every base."""
    return uuid5(NAMESPACE_OID, f"finess {finess}")


def _values(one: NationalFacility) -> dict[str, Any]:
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
