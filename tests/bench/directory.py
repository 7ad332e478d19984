"""The national directory at its real size: how long its import takes, how soon a name is found.

Made-up people (`directory_data`). The import is the command an operator types, in a process of its own.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.db import Database, open_database, reading
from app.models.directory import SPAN, DirectoryEntry, DirectoryRelease
from app.services.directory import search_directory
from app.services.directory_entry import read_places
from app.settings import Settings
from app.state.clock import utc_now
from tests.bench.directory_data import write_extract
from tests.bench.processes import peak_mb
from tests.bench.steps import Timing

_SAMPLE = 60
_WARM = 40
_IMPORT = [sys.executable, "-c", "from app.cli import main; main()", "import", "directory"]


@dataclass(frozen=True)
class Imported:
    """What the import of a stock took."""

    rows: int
    seconds: float
    peak_mb: float


def import_stock(data_dir: Path, folder: Path, rows: int) -> Imported:
    """Write a stock and import it into a base."""
    path = folder / "PS_LibreAcces_Personne_activite.txt"
    write_extract(path, rows)
    environment = {**os.environ, "LIANE_MODE": "demo", "LIANE_DATA_DIR": str(data_dir)}
    began = time.monotonic()
    process = subprocess.Popen(
        [*_IMPORT, str(path)], env=environment, stdout=subprocess.DEVNULL, cwd=folder_of_product()
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, peak_mb(process.pid))
        time.sleep(0.05)
    seconds = time.monotonic() - began
    path.unlink()
    assert process.returncode == 0, "the import failed"
    return Imported(rows, seconds, peak)


def folder_of_product() -> Path:
    return Path(__file__).resolve().parents[2]


def time_service(data_dir: Path) -> tuple[Timing, list[str]]:
    """Searches as people type them, in the service alone; and the queries."""
    database = open_database(Settings(data_dir=data_dir, mode="demo"))
    try:
        queries = list(_queries(database))
        timing = Timing("Searching the directory, in the service")
        for number, query in enumerate([*queries[:_WARM], *queries]):
            started = time.perf_counter()
            with reading(database) as session:
                page = search_directory(session, ANONYMOUS, query, now=utc_now())
            duration = (time.perf_counter() - started) * 1_000
            assert page.rows, f"{query} was not found"
            if number >= _WARM:
                timing.durations.append(duration)
    finally:
        database.engine.dispose()
    return timing, queries


def _queries(database: Database) -> Iterator[str]:
    """What some people of the stock type, key by key, one way after the other."""
    for place, (row, town) in enumerate(_sample(database)):
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
