"""The national directory at its real size: how long its import takes, how soon a name is found.

Made-up people (`directory_data`). The import is the command an operator types, in a process of its own.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.db import Database, open_database, reading
from app.models.directory import SPAN, DirectoryEntry, DirectoryRelease
from app.services.directory import search_directory
from app.services.directory_entry import read_places
from app.settings import Settings
from app.state.clock import utc_now
from tests.bench.processes import peak_mb
from tests.bench.steps import Timing

_SAMPLE = 60
_WARM = 40
_IMPORT = [sys.executable, "-c", "from app.cli import main; main()", "import", "directory"]


@dataclass(frozen=True)
class Imported:
    """What the import of a stock took. `cpu_seconds`: of the command, not of a database server."""

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def import_stock(path: Path, rows: int, data_dir: Path, url: str = "") -> Imported:
    """Import a stock of so many rows into a base."""
    environment = {
        **os.environ,
        "LIANE_MODE": "demo",
        "LIANE_DATA_DIR": str(data_dir),
        "LIANE_DATABASE_URL": url,
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [*_IMPORT, str(path)], env=environment, stdout=subprocess.DEVNULL, cwd=folder_of_product()
    )
    peak, pid = 0.0, 0
    while not pid:
        # What the system tells at the end counts what this process held when it started that one.
        peak = max(peak, peak_mb(process.pid))
        time.sleep(0.05)
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the import failed"
    return Imported(rows, seconds, used.ru_utime + used.ru_stime, peak)


def folder_of_product() -> Path:
    return Path(__file__).resolve().parents[2]


def time_service(data_dir: Path, url: str = "") -> tuple[list[Timing], list[str]]:
    """Searches in the service alone: as people type them, then by a few letters; and the former."""
    database = open_database(Settings(data_dir=data_dir, mode="demo", database_url=SecretStr(url)))
    where = "PostgreSQL" if url else "SQLite"
    typed = Timing(f"Searching the directory, in the service, {where}")
    short = Timing(f"  a few letters of each word, {where}")
    try:
        people = _sample(database)
        queries = list(_queries(people))
        _time(typed, database, queries)
        _time(short, database, list(_short_queries(people)))
    finally:
        database.engine.dispose()
    return [typed, short], queries


def _time(timing: Timing, database: Database, queries: Sequence[str]) -> None:
    spent = 0.0
    for number, query in enumerate([*queries[:_WARM], *queries]):
        started, cpu = time.perf_counter(), time.thread_time()
        with reading(database) as session:
            page = search_directory(session, ANONYMOUS, query, now=utc_now())
        duration = (time.perf_counter() - started) * 1_000
        assert page.rows, f"{query} was not found"
        if number >= _WARM:
            timing.durations.append(duration)
            spent += time.thread_time() - cpu
    timing.cpu = spent / len(queries) * 1_000


def _short_queries(people: Sequence[tuple[DirectoryEntry, str]]) -> Iterator[str]:
    """What has the most matches to choose from."""
    for row, town in people:
        family, given = row.family_name, row.given_name
        yield from (
            f"{family[:2]} {given[:2]}",
            f"{given[:3]} {town[:3]}",
            f"{family[:2]} {given[:2]} {town[:2]}",
            f"{family[:3]} {given[:3]} {town[:3]}",
            given,
            town,
        )


def _queries(people: Sequence[tuple[DirectoryEntry, str]]) -> Iterator[str]:
    """What some people of the stock type, key by key, one way after the other."""
    for place, (row, town) in enumerate(people):
        whole = (
            f"{row.family_name} {row.given_name}",
            f"{row.given_name} {row.family_name}",
            row.number,
            f"{row.family_name} {town}",
            f"{town} {row.given_name[:3]}",
        )[place % 5].strip()
        yield from dict.fromkeys(whole[:end].strip() for end in range(1, len(whole) + 1))


def _sample(database: Database) -> list[tuple[DirectoryEntry, str]]:
    chosen = random.Random(6)
    with reading(database) as session:
        release = session.execute(
            select(DirectoryRelease).where(col(DirectoryRelease.is_current))
        ).scalar_one()
        assert release.id is not None
        found = []
        while len(found) < _SAMPLE:
            row = session.get_one(
                DirectoryEntry, release.id * SPAN + chosen.randrange(release.people)
            )
            towns = [place.city for place in read_places(row.places)]
            if towns:
                found.append((row, towns[0]))
        return found
