"""The authorisation matrix as administrators keep it: versions, differences, changes that wait (DM-45)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.db import select_columns
from app.errors import Conflict, NotFound, RuleViolation
from app.models.account import Account
from app.models.matrix import MAX_NOTE, MAX_SOURCE, MatrixRight, MatrixVersion
from app.models.professional import Profession
from app.services import draft, submission
from app.services.document_type import all_types, document_type
from app.services.fields import FieldReader, paris_day
from app.services.matrix import read_cells, write_version
from app.services.matrix_reference import MOST_CAREFUL, Cell, CellValue

FURTHEST = timedelta(days=731)
_FORM = "matrix"
_MOST_VERSIONS = 200
_FLAGS = {
    f"{allowed:d}{confirmed:d}": CellValue(allowed=allowed, is_confirmed=confirmed)
    for allowed in (False, True)
    for confirmed in (False, True)
}


@dataclass(frozen=True)
class VersionRow:
    """One version. The names are of who published it, '' when it came with the product."""

    id: UUID
    number: int
    effective_on: date
    note: str
    source: str
    published_at: datetime
    civility: str
    given_name: str
    family_name: str
    is_in_force: bool = False


@dataclass(frozen=True)
class Difference:
    """A cell that two tables answer differently."""

    cell: Cell
    before: CellValue
    after: CellValue


@dataclass(frozen=True)
class ColumnCount:
    """How many types a profession reads and deposits, and how many of its cells are to be confirmed."""

    readable: int
    depositable: int
    unconfirmed: int


def list_versions(session: Session, actor: Actor, *, now: datetime) -> tuple[VersionRow, ...]:
    """Every version, newest first: the first one is what the next is made from."""
    policies.require_administrator(actor)
    rows = session.execute(
        select_columns(
            col(MatrixVersion.id),
            col(MatrixVersion.number),
            col(MatrixVersion.effective_on),
            col(MatrixVersion.note),
            col(MatrixVersion.source),
            col(MatrixVersion.published_at),
            func.coalesce(col(Account.civility), ""),
            func.coalesce(col(Account.given_name), ""),
            func.coalesce(col(Account.family_name), ""),
        )
        .outerjoin(Account, col(Account.id) == col(MatrixVersion.published_by_id))
        .order_by(col(MatrixVersion.number).desc())
        .limit(_MOST_VERSIONS)
    )
    today = paris_day(now)
    found = [VersionRow(*row) for row in rows]
    in_force = next((row.id for row in found if row.effective_on <= today), None)
    return tuple(replace(row, is_in_force=row.id == in_force) for row in found)


def read_column(
    session: Session, actor: Actor, version_id: UUID, profession: Profession
) -> dict[Cell, CellValue]:
    """Both rights of one profession over every type."""
    policies.require_administrator(actor)
    cells = read_cells(session, version_id)
    return {
        cell: cells.get(cell, MOST_CAREFUL)
        for right in MatrixRight
        for each in all_types()
        for cell in [(profession, right, each.code)]
    }


def count_columns(
    session: Session, actor: Actor, version_id: UUID
) -> dict[Profession, ColumnCount]:
    """What each profession may, in numbers."""
    policies.require_administrator(actor)
    allowed: dict[tuple[Profession, MatrixRight], int] = {}
    confirmed: dict[Profession, int] = {}
    for (profession, right, _), value in read_cells(session, version_id).items():
        allowed[profession, right] = allowed.get((profession, right), 0) + value.allowed
        confirmed[profession] = confirmed.get(profession, 0) + value.is_confirmed
    every = len(all_types()) * len(MatrixRight)
    return {
        profession: ColumnCount(
            allowed.get((profession, MatrixRight.READ), 0),
            allowed.get((profession, MatrixRight.DEPOSIT), 0),
            every - confirmed.get(profession, 0),
        )
        for profession in Profession
    }


def list_differences(
    session: Session, actor: Actor, before_id: UUID, after_id: UUID
) -> tuple[Difference, ...]:
    """The cells two versions answer differently, by profession, then in the order of the types."""
    policies.require_administrator(actor)
    return _differences(read_cells(session, before_id), read_cells(session, after_id))


def load_changes(session: Session, actor: Actor) -> dict[Cell, CellValue]:
    """The cells this administrator changed and did not publish yet."""
    policies.require_administrator(actor)
    kept = draft.load_draft(session, actor, _FORM, "")
    return dict(change for name, words in kept.items() for change in _read_words(name, words))


def change_cells(
    session: Session,
    actor: Actor,
    base_id: UUID,
    changes: Mapping[Cell, CellValue],
    *,
    now: datetime,
) -> dict[Cell, CellValue]:
    """Add to the changes that wait; a cell put back to what the base says waits no more."""
    policies.require_administrator(actor)
    base = read_cells(session, base_id)
    for _, _, code in changes:
        document_type(code)
    waiting = load_changes(session, actor) | dict(changes)
    waiting = {c: value for c, value in waiting.items() if base.get(c, MOST_CAREFUL) != value}
    fields: dict[str, list[str]] = {}
    for (profession, right, code), value in waiting.items():
        word = f"{code}/{value.allowed:d}{value.is_confirmed:d}"
        fields.setdefault(f"{profession}/{right}", []).append(word)
    kept = {name: " ".join(words) for name, words in fields.items()}
    draft.save_draft(session, actor, _FORM, "", kept, now=now)
    return waiting


def discard_changes(session: Session, actor: Actor) -> None:
    """Forget the changes that wait."""
    policies.require_administrator(actor)
    draft.drop_draft(session, actor, _FORM, "")
    session.flush()


def list_pending(
    session: Session, actor: Actor, base_id: UUID, *, now: datetime
) -> tuple[Difference, ...]:
    """What publishing would change of the version in force: the changes that wait, on their base."""
    policies.require_administrator(actor)
    versions = list_versions(session, actor, now=now)
    in_force = next((version.id for version in versions if version.is_in_force), None)
    after = {**read_cells(session, base_id)} | load_changes(session, actor)
    return _differences({} if in_force is None else read_cells(session, in_force), after)


def publish_version(
    session: Session,
    actor: Actor,
    base_id: UUID,
    fields: Mapping[str, str],
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    """Publish the changes that wait as the next version (S054). Fields: effective_on, note, source.

    `base_id`: the newest version as the administrator read it; Conflict when somebody published since.
    """
    policies.require_administrator(actor)
    policies.require_fresh_factor(actor, now=now)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    # Locked, so that of two who publish at once the second reads the number of the first.
    base = session.get(MatrixVersion, base_id, with_for_update=True)
    if base is None:
        raise NotFound("matrix.not_found")
    newest = session.execute(select(func.max(col(MatrixVersion.number)))).scalar_one()
    if newest != base.number:
        raise Conflict("matrix.changed", number=newest)
    changes = load_changes(session, actor)
    if not changes:
        raise RuleViolation("matrix.no_change")
    version = _read_version(fields, base.number + 1, now)
    version.published_by_id = actor.account_id
    cells = {**read_cells(session, base.id)} | changes
    write_version(session, actor, version, cells, now=now)
    discard_changes(session, actor)
    submission.remember(session, actor, key, version.id, now=now)
    return version.id


def _read_version(fields: Mapping[str, str], number: int, now: datetime) -> MatrixVersion:
    reader, today = FieldReader(fields), paris_day(now)
    effective_on = reader.date(
        "effective_on",
        earliest=today,
        latest=today + FURTHEST,
        too_old="matrix.effective_past",
        future="matrix.effective_far",
    )
    note = reader.text("note", limit=MAX_NOTE, missing="matrix.note_missing")
    source = reader.text("source", limit=MAX_SOURCE, missing="matrix.source_missing")
    reader.check()
    return MatrixVersion(
        number=number,
        effective_on=effective_on or today,
        note=note,
        source=source,
        published_at=now,
    )


def _read_words(name: str, words: str) -> Iterator[tuple[Cell, CellValue]]:
    """The changes of one profession and right. A browser may write in a draft: what is none is left out."""
    profession, _, right = name.partition("/")
    if profession not in set(Profession) or right not in set(MatrixRight):
        return
    known = {each.code for each in all_types()}
    for word in words.split():
        code, _, flags = word.partition("/")
        if code in known and flags in _FLAGS:
            yield (Profession(profession), MatrixRight(right), code), _FLAGS[flags]


def _differences(
    before: Mapping[Cell, CellValue], after: Mapping[Cell, CellValue]
) -> tuple[Difference, ...]:
    places = {each.code: n for n, each in enumerate(all_types())}
    found = [
        Difference(cell, before.get(cell, MOST_CAREFUL), after.get(cell, MOST_CAREFUL))
        for cell in before.keys() | after.keys()
        if before.get(cell, MOST_CAREFUL) != after.get(cell, MOST_CAREFUL)
    ]
    order = list(MatrixRight)
    found.sort(key=lambda d: (d.cell[0], places.get(d.cell[2], -1), order.index(d.cell[1])))
    return tuple(found)
