"""What every test may ask for: a throw-away database, a fixed clock, people and patients."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from app.db import Database, unit_of_work
from tests.fixtures_people import (  # noqa: F401 - fixtures
    doctor,
    patient,
    patient_actor,
    pharmacist,
    preparer,
    stranger,
)

pytest_plugins = [
    "tests.isolation",
    "tests.databases",
    "tests.smtp",
    "tests.imap",
    "tests.redis",
    "tests.s3",
    "tests.server",
    "tests.product",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop in this thread, which others need."""
    items.sort(key=lambda item: "tests/e2e/" in item.path.as_posix())


NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The fixed clock of the tests: Tuesday 10 March 2026, 10 a.m. in Paris."""
    return NOW


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside one unit of work, saved at the end of the test when nothing failed."""
    with unit_of_work(database) as open_session:
        yield open_session
