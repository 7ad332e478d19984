"""Importing a release of the medicines database (`liane import medicines`)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, SQLModel, col

from app.authz.actor import Actor
from app.db import Database, unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.bdpm import Edition, RowNote, Speciality, read_edition
from app.integrations.bdpm_files import SOURCE
from app.integrations.progress import Progress, share_of, unheard
from app.models.medicine import (
    MAX_SUBSTANCES,
    Medicine,
    MedicineRelease,
    MedicineToken,
    Substance,
)
from app.services import journal
from app.services.fields import paris_day
from app.services.medicine_words import medicine_words, molecule_words, name_words

# Kinds of words: of a speciality's name or substances, of its form and the rest, of a substance.
MEDICINE = "m"
FORM = "f"
SUBSTANCE = "s"
_BATCH = 5_000
_HOMEOPATHIC = "pour préparations homéopathiques"
# Ranks of one group stay below this, whatever the release.
GROUP = 1_000_000


@dataclass(frozen=True)
class ImportResult:
    """What an import did. `notes`: the first rows rejected or read with a remark."""

    medicines: int
    substances: int
    data_on: date
    rejected: int
    remarked: int
    notes: list[RowNote] = field(default_factory=list)
    earlier_medicines: int = 0


def import_medicines(
    actor: Actor,
    folder: Path,
    *,
    now: datetime,
    progress: Progress = unheard,
    database: Database | None = None,
) -> ImportResult:
    """Replace the medicines by those of a folder of official files.

    Writes in batches, each its own unit of work, so that nobody waits for the import; the new release is
    put in use by the last but one. Raises SetupError when the files are not what they should be.
    """
    _require_system(actor)
    edition = read_edition(folder, today=paris_day(now), progress=share_of(progress, 0, 250))
    rows = _Rows(edition)
    with unit_of_work(database) as session:
        release_id = _open_release(session, edition, is_builtin=False, now=now)
    written = 0
    for batch in _batches(rows.all(release_id)):
        with unit_of_work(database) as session:
            _require_release(session, release_id)
            _insert(session, batch)
        written += len(batch)
        share_of(progress, 250, 900)(min(written, rows.estimate), rows.estimate)
    with unit_of_work(database) as session:
        earlier = _put_in_use(session, release_id)
        journal.record(session, actor, "medicine.imported", now=now)
    _drop_others(database, release_id)
    progress(1000, 1000)
    return ImportResult(
        medicines=len(edition.specialities),
        substances=len(edition.substances),
        data_on=edition.data_on,
        rejected=edition.rejected,
        remarked=edition.remarked,
        notes=edition.notes,
        earlier_medicines=earlier,
    )


def load_builtin(session: Session, actor: Actor, edition: Edition, *, now: datetime) -> None:
    """Put a short list in use, in the caller's unit of work; an imported release is left alone."""
    _require_system(actor)
    current = session.execute(
        select(
            col(MedicineRelease.is_builtin),
            col(MedicineRelease.data_on),
            col(MedicineRelease.medicines),
        ).where(col(MedicineRelease.is_current))
    ).first()
    if current is not None:
        is_builtin, *same = current
        if not is_builtin or same == [edition.data_on, len(edition.specialities)]:
            return
    release_id = _open_release(session, edition, is_builtin=True, now=now)
    for batch in _batches(_Rows(edition).all(release_id)):
        _insert(session, batch)
    _put_in_use(session, release_id)
    for table in (MedicineToken, Substance, Medicine):
        session.execute(delete(table).where(col(table.release_id) != release_id))
    session.execute(delete(MedicineRelease).where(col(MedicineRelease.id) != release_id))


def _require_system(actor: Actor) -> None:
    if not actor.reason:
        raise Forbidden("medicine.import_forbidden")


def _open_release(session: Session, edition: Edition, *, is_builtin: bool, now: datetime) -> int:
    release = MedicineRelease(
        source=SOURCE,
        data_on=edition.data_on,
        imported_at=now,
        medicines=len(edition.specialities),
        substances=len(edition.substances),
        rejected=edition.rejected,
        is_builtin=is_builtin,
    )
    session.add(release)
    session.flush()
    assert release.id is not None
    return release.id


def _require_release(session: Session, release_id: int) -> None:
    if session.get(MedicineRelease, release_id) is None:
        raise SetupError(
            "Un autre import des médicaments vient de se terminer : relancez celui-ci s’il est "
            "plus récent."
        )


def _put_in_use(session: Session, release_id: int) -> int:
    """Make a release the one in use; how many medicines the earlier one held."""
    _require_release(session, release_id)
    earlier = session.execute(
        select(col(MedicineRelease.medicines)).where(col(MedicineRelease.is_current))
    ).scalar()
    for is_current, which in (
        (False, col(MedicineRelease.is_current)),
        (True, col(MedicineRelease.id) == release_id),
    ):
        session.execute(update(MedicineRelease).where(which).values(is_current=is_current))
    return earlier or 0


def _drop_others(database: Database | None, release_id: int) -> None:
    """Take away releases no longer in use and what failed imports left, a slice at a time."""
    with unit_of_work(database) as session:
        others = session.execute(
            select(col(MedicineRelease.id)).where(col(MedicineRelease.id) != release_id)
        ).scalars()
        left = list(others)
    for other in left:
        for table, key in (
            (MedicineToken, col(MedicineToken.token)),
            (Medicine, col(Medicine.cis)),
            (Substance, col(Substance.code)),
        ):
            while _drop_slice(database, table, key, other):
                pass
        with unit_of_work(database) as session:
            session.execute(delete(MedicineRelease).where(col(MedicineRelease.id) == other))


def _drop_slice(database: Database | None, table: Any, key: Any, release_id: int) -> bool:
    of_release = table.release_id == release_id
    with unit_of_work(database) as session:
        bound = session.execute(
            select(key).where(of_release).order_by(key).offset(_BATCH).limit(1)
        ).scalar()
        up_to = of_release if bound is None else of_release & (key <= bound)
        session.execute(delete(table).where(up_to))
    return bound is not None


def _insert(session: Session, rows: list[tuple[type[SQLModel], dict[str, Any]]]) -> None:
    by_table: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for table, values in rows:
        by_table.setdefault(table, []).append(values)
    for table, many in by_table.items():
        session.execute(insert(table), many)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


class _Rows:
    """The rows of a release, most usual medicines first.

    There are no figures of use in the open data. Usual means: on the market, not homeopathic nor a
    parallel import, not a generic, of a substance that many specialities share, with a short name.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.uses = Counter(
            frozenset(one.ingredients)
            for one in edition.specialities.values()
            if one.is_marketed and not one.is_secondary
        )
        self.estimate = len(edition.specialities) * 8 + len(edition.substances) * 3

    def all(self, release_id: int) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
        """Every row: the table it goes to, and its values."""
        ordered = sorted(self.edition.specialities.values(), key=self._order)
        for rank, one in enumerate(ordered):
            yield from self._medicine(release_id, rank, one)
        yield from self._substances(release_id)

    def _order(self, one: Speciality) -> tuple[Any, ...]:
        return (
            _standing(one),
            one.is_generic,
            -self.uses[frozenset(one.ingredients)],
            len(one.name),
            one.name,
            one.cis,
        )

    def _medicine(
        self, release_id: int, rank: int, one: Speciality
    ) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
        names = [self.edition.substances[code] for code in one.ingredients]
        words = medicine_words(" ".join((one.name, one.form, *names)))
        yield (
            Medicine,
            {
                "release_id": release_id,
                "cis": one.cis,
                "name": one.name,
                "form": one.form,
                "substances": _join(names),
                "is_marketed": one.is_marketed,
                "rank": rank,
                "words": "".join(f" {word}" for word in words)[:MAX_SUBSTANCES],
            },
        )
        proper, rest = name_words(one.name, one.form)
        molecules, salts = [], []
        for name in names:
            molecule, salt = molecule_words(name)
            molecules += molecule
            salts += salt
        # What a word names outright comes before what it only takes part in.
        outright = {*proper[:1], *(molecules if len(names) == 1 else ())}
        leading = dict.fromkeys((*proper, *molecules, *salts))
        for word in leading:
            group = 2 * _standing(one) + (word not in outright)
            yield MedicineToken, _token(release_id, MEDICINE, word, GROUP * group + rank, one.cis)
        for word in rest:
            if word not in leading:
                group = 2 * _standing(one) + 1
                yield MedicineToken, _token(release_id, FORM, word, GROUP * group + rank, one.cis)

    def _substances(self, release_id: int) -> Iterator[tuple[type[SQLModel], dict[str, Any]]]:
        uses = Counter[str]()
        for one in self.edition.specialities.values():
            if one.is_marketed and not one.is_secondary:
                uses.update(one.ingredients)
        ordered = sorted(
            self.edition.substances.items(), key=lambda item: (-uses[item[0]], len(item[1]), item)
        )
        for rank, (code, name) in enumerate(ordered):
            yield Substance, {"release_id": release_id, "code": code, "name": name}
            molecule, salt = molecule_words(name)
            is_homeopathic = name.endswith(_HOMEOPATHIC)
            for word in dict.fromkeys((*molecule, *salt)):
                group = 4 * is_homeopathic + 2 * bool(salt) + (word not in molecule[:1])
                yield MedicineToken, _token(release_id, SUBSTANCE, word, GROUP * group + rank, code)


def _standing(one: Speciality) -> int:
    return 2 if not one.is_marketed else int(one.is_secondary)


def _token(release_id: int, kind: str, word: str, rank: int, target: str) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "kind": kind,
        "token": word,
        "rank": rank,
        "target": target,
    }


def _join(names: list[str]) -> str:
    joined = ", ".join(names)
    return joined if len(joined) <= MAX_SUBSTANCES else joined[: MAX_SUBSTANCES - 1] + "…"
