"""Types of documents a profession reads and deposits, by the matrix in force (DM-45, FC-21 to FC-24)."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.base import table_of
from app.models.matrix import MatrixCell, MatrixRight, MatrixVersion
from app.models.professional import Profession
from app.services import journal, matrix_reference
from app.services.matrix_reference import Cell, CellValue

_VERSION, _CELL = table_of(MatrixVersion), table_of(MatrixCell)
_IN_FORCE = (
    select(_VERSION.c.id)
    .where(_VERSION.c.effective_on <= bindparam("day"))
    .order_by(_VERSION.c.number.desc())
    .limit(1)
)
_ALLOWED = select(_CELL.c.type_code).where(
    _CELL.c.version_id == bindparam("version"),
    _CELL.c.profession == bindparam("of_profession"),
    _CELL.c.right == bindparam("of_right"),
    _CELL.c.allowed,
)
# A version never changes, so what was read of one holds in every process for ever.
_MOST_KEPT, _MOST_VERSIONS_KEPT = 512, 4
_cells_kept: dict[UUID, Mapping[Cell, CellValue]] = {}
_kept: dict[tuple[UUID, Profession, MatrixRight], frozenset[str]] = {}


def readable_types(session: Session, profession: Profession | None, *, on: date) -> frozenset[str]:
    """The codes a profession may read on a day in Paris; none without a profession (FC-24)."""
    return _types(session, profession, MatrixRight.READ, on)


def depositable_types(
    session: Session, profession: Profession | None, *, on: date
) -> frozenset[str]:
    """The codes a profession may deposit on a day in Paris."""
    return _types(session, profession, MatrixRight.DEPOSIT, on)


def ensure_reference_matrix(session: Session, actor: Actor, *, now: datetime) -> None:
    """Write the first version where there is none."""
    if not actor.reason:
        raise Forbidden
    if session.execute(select(_VERSION.c.id).limit(1)).first() is not None:
        return
    version = MatrixVersion(
        number=1,
        effective_on=matrix_reference.EFFECTIVE_ON,
        note=matrix_reference.NOTE,
        source=matrix_reference.SOURCE,
        published_at=now,
    )
    write_version(session, actor, version, matrix_reference.reference_cells(), now=now)


def write_version(
    session: Session,
    actor: Actor,
    version: MatrixVersion,
    cells: Mapping[Cell, CellValue],
    *,
    now: datetime,
) -> None:
    """Keep a version with its cells, and its line in the journal, which open pages follow."""
    session.add(version)
    session.flush()
    session.execute(
        insert(_CELL),
        [
            {
                "version_id": version.id,
                "profession": profession,
                "right": right,
                "type_code": code,
                "allowed": value.allowed,
                "is_confirmed": value.is_confirmed,
            }
            for (profession, right, code), value in cells.items()
        ],
    )
    journal.record(session, actor, "matrix.published", object_id=version.id, now=now)


def read_cells(session: Session, version_id: UUID) -> Mapping[Cell, CellValue]:
    """The cells of a version that are not the most careful one. What a process read of one, it keeps."""
    found = _cells_kept.get(version_id)
    if found is None:
        rows = session.execute(_CELL.select().where(_CELL.c.version_id == version_id))
        found = MappingProxyType(
            {
                (row.profession, row.right, row.type_code): CellValue(row.allowed, row.is_confirmed)
                for row in rows
            }
        )
        if len(_cells_kept) >= _MOST_VERSIONS_KEPT:
            _cells_kept.clear()
        _cells_kept[version_id] = found
    return found


def _types(
    session: Session, profession: Profession | None, right: MatrixRight, on: date
) -> frozenset[str]:
    if profession is None:
        return frozenset()
    version_id = session.execute(_IN_FORCE, {"day": on}).scalar()
    if version_id is None:
        return frozenset()
    found = _kept.get((version_id, profession, right))
    if found is None:
        wanted = {"version": version_id, "of_profession": profession, "of_right": right}
        found = frozenset(session.execute(_ALLOWED, wanted).scalars())
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[version_id, profession, right] = found
    return found
