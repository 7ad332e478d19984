"""A hundred thousand made-up records, and how soon one is found by who its person is (DM-27 to DM-37).

    python -m tests.bench.identity [PATIENTS]

measures this alone, on both databases.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import insert, text
from sqlmodel import Session

from app import migrations
from app.authz.actor import Actor
from app.db import Database, dialect_of, open_database, unit_of_work
from app.models.base import table_of
from app.models.patient import Patient, PatientNameKey, Sex, first_given_name
from app.services.bulk import write_rows
from app.services.patient_criteria import Criteria
from app.services.patient_name_key import name_keys_of
from app.services.patient_search import search_by_identity
from app.services.patient_words import sort_name_of
from app.services.text import fold
from app.settings import Settings
from app.state.clock import utc_now
from tests import factories
from tests.bench import directory_data
from tests.bench.steps import Timing
from tests.postgresql import PostgresServer

PATIENTS = 100_000
AIM_P95 = 50
_BATCH = 5_000
_SAMPLE, _WARM = 120, 20
_OLDEST = date(1930, 1, 1)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Known:
    """Somebody of the base, and what one who looks for them types."""

    patient_id: object
    criteria: Criteria


def time_search(data_dir: Path, url: str = "", *, patients: int = PATIENTS) -> list[Timing]:
    """Fill an empty base, then look people up in the service: as they are called, then with slips."""
    settings = Settings(data_dir=data_dir, mode="demo", database_url=SecretStr(url))
    database = open_database(settings)
    where = "PostgreSQL" if url else "SQLite"
    try:
        migrations.upgrade(database)
        actor, people = _fill(database, patients)
        return [
            _time(database, actor, f"Finding a record by identity, {where}", people),
            _time(database, actor, f"  with a slip in each name, {where}", _slips(people)),
        ]
    finally:
        database.engine.dispose()


def _time(database: Database, actor: Actor, name: str, people: Sequence[Known]) -> Timing:
    timing, spent = Timing(name), 0.0
    for number, known in enumerate([*people[:_WARM], *people]):
        # Each search is somebody else's: nobody looks for hundreds of people in an hour.
        searcher = replace(actor, account_id=uuid4())
        started, cpu = time.perf_counter(), time.thread_time()
        with unit_of_work(database) as session:
            found = search_by_identity(session, searcher, known.criteria, now=utc_now())
        duration = (time.perf_counter() - started) * 1_000
        is_there = any(row.patient_id == known.patient_id for row in found.rows)
        assert is_there or found.has_more, "somebody was not found"
        if number >= _WARM:
            timing.durations.append(duration)
            spent += time.thread_time() - cpu
    timing.cpu = spent / len(people) * 1_000
    return timing


def _fill(database: Database, patients: int) -> tuple[Actor, list[Known]]:
    chosen, people = random.Random(7), []
    with unit_of_work(database) as session:
        actor = factories.make_professional(session, utc_now())
    made = _patients(patients)
    every = max(1, patients // _SAMPLE)
    for _ in range(0, patients, _BATCH):
        batch = [patient for _, patient in zip(range(_BATCH), made, strict=False)]
        with unit_of_work(database) as session:
            session.execute(insert(Patient), [patient.model_dump() for patient in batch])
            _write_keys(session, actor, batch)
        people += [_known(batch[place], chosen) for place in range(0, len(batch), every)]
    with unit_of_work(database) as session:
        session.execute(text("ANALYZE"))  # what a server does by itself after such a load
    return actor, people


def _write_keys(session: Session, actor: Actor, patients: Sequence[Patient]) -> None:
    """The rows the service would write, in the order of their keys, as each base holds them."""
    is_sqlite = dialect_of(session) == "sqlite"
    rows = [tuple(row.values()) for each in patients for row in name_keys_of(each)]
    if is_sqlite:
        rows = [(key, one.hex, whole, names, str(born)) for key, one, whole, names, born in rows]
    rows.sort(key=lambda row: row[0])
    write_rows(session, actor, table_of(PatientNameKey), rows)


def _patients(count: int) -> Iterator[Patient]:
    chosen = random.Random(8)
    draw, now = chosen.random, utc_now()
    families, given = directory_data.family_names(), directory_data.given_names()
    for number in range(count):
        names = [given[int(len(given) * draw() ** 3)] for _ in range(chosen.choice((1, 2, 2, 3)))]
        is_woman = draw() < 0.5
        patient = Patient(
            birth_name=families[int(len(families) * draw() ** 3)],
            used_name=families[int(len(families) * draw() ** 3)] if draw() < 0.3 else "",
            birth_given_names=", ".join(names),
            birth_date=_OLDEST + timedelta(days=int(draw() * 365 * 95)),
            sex=Sex.FEMALE if is_woman else Sex.MALE,
            birth_place="Niort",
            phone=f"+336{number:08d}",
            match_name="",
            sort_name="",
            created_at=now,
        )
        patient.match_name = fold(f"{patient.birth_name} {names[0]}")
        patient.sort_name = sort_name_of(patient)
        yield patient


def _known(patient: Patient, chosen: random.Random) -> Known:
    """By birth or used name, some with the birth year, some with the names exchanged."""
    family = patient.used_name or patient.birth_name
    given = first_given_name(patient.birth_given_names)
    names = (given, family) if chosen.random() < 0.1 else (family, given)
    year = patient.birth_date.year
    born = (date(year, 1, 1), date(year, 12, 31)) if chosen.random() < 0.5 else None
    return Known(patient.id, Criteria(*names, patient.sex, born))


def _slips(people: Sequence[Known]) -> list[Known]:
    chosen = random.Random(9)

    def slip(name: str) -> str:
        place = chosen.randrange(len(name))
        kind = chosen.randrange(4)
        if kind == 0 and len(name) > 3:
            return name[:place] + name[place + 1 :]
        if kind == 1:
            return name[:place] + chosen.choice(_LETTERS) + name[place:]
        if kind == 2:
            return name[:place] + chosen.choice(_LETTERS) + name[place + 1 :]
        return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]

    return [
        replace(
            known,
            criteria=replace(
                known.criteria,
                family_name=slip(known.criteria.family_name),
                given_name=slip(known.criteria.given_name),
            ),
        )
        for known in people
    ]


def time_both(folder: Path, *, patients: int = PATIENTS) -> list[Timing]:
    """The same on both databases, each in an empty folder."""
    folder.mkdir(mode=0o711)  # the server may run as somebody else
    timings = time_search(folder / "sqlite", patients=patients)
    postgres = PostgresServer(folder, shared_buffers="512MB", max_wal_size="1GB")
    postgres.start()
    try:
        url = postgres.url(postgres.create())
        return timings + time_search(folder / "postgresql", url, patients=patients)
    finally:
        postgres.stop()


def main() -> None:
    """Measure on both databases, print what was found."""
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else PATIENTS
    with tempfile.TemporaryDirectory(prefix="liane-bench-") as name:
        Path(name).chmod(0o711)
        for timing in time_both(Path(name) / "identity", patients=patients):
            print(
                f"{timing.name}: p50 {timing.at(0.5):.1f} ms, p95 {timing.at(0.95):.1f} ms, "
                f"cpu {timing.cpu:.1f} ms"
            )


if __name__ == "__main__":
    main()
