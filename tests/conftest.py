"""What every test may ask for: a throw-away database, a fixed clock, people and patients."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel

import app.models  # noqa: F401 - registers the tables
from app.db import Database, open_database, unit_of_work
from app.settings import Settings
from tests.fixtures_people import (  # noqa: F401 - fixtures
    doctor,
    patient,
    patient_actor,
    pharmacist,
    stranger,
)

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The fixed clock of the tests: Tuesday 10 March 2026, 10 a.m. in Paris."""
    return NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database at the present schema."""
    base = open_database(Settings(data_dir=tmp_path, mode="demo"))
    SQLModel.metadata.create_all(base.engine)
    yield base
    base.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside one unit of work, saved at the end of the test when nothing failed."""
    with unit_of_work(database) as open_session:
        yield open_session
