"""Throw-away databases at the present schema: migrated once for each run, then copied for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from pydantic import SecretStr

from app import migrations
from app.db import Database, open_database, use_database
from app.settings import Settings
from tests.memory import fast_folder
from tests.postgresql import PostgresServer

Kind = Literal["sqlite", "postgresql"]

KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
_BOTH = {"models", "services"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "databases(*kinds): run the test on these databases (sqlite, postgresql) and no others. "
        "Without it, tests of models and services run on both and the others on sqlite.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database on the databases that concern it."""
    if "database_kind" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("databases")
    folder = Path(str(metafunc.definition.path)).parent.name
    kinds = marker.args if marker else KINDS if folder in _BOTH else KINDS[:1]
    metafunc.parametrize("database_kind", kinds)


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Settings of a demonstration in a folder of its own, on the embedded database."""
    with tempfile.TemporaryDirectory(prefix="liane-db-", dir=fast_folder()) as folder:
        yield Settings(data_dir=Path(folder), mode="demo")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL of this run."""
    server = PostgresServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database at the present schema, to copy."""
    name = postgres_server.create()
    folder = tmp_path_factory.mktemp("postgres-template")
    base = open_database(Settings(data_dir=folder, database_url=postgres_server.url(name)))
    migrations.upgrade(base)
    base.engine.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an embedded database at the present schema, to copy with its key."""
    template = Settings(data_dir=tmp_path_factory.mktemp("sqlite-template"), mode="demo")
    base = open_database(template)
    migrations.upgrade(base)
    base.engine.dispose()
    return template


@pytest.fixture
def empty_database(
    request: pytest.FixtureRequest, database_kind: Kind, settings: Settings
) -> Iterator[Database]:
    """A database without any table: what migrations start from."""
    if database_kind == "sqlite":
        yield from _opened(settings.model_copy(update={"data_dir": settings.data_dir / "empty"}))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield from _opened(_on_postgresql(settings, server.url(name)))
    server.drop(name)


@pytest.fixture
def database(
    request: pytest.FixtureRequest, database_kind: Kind, settings: Settings
) -> Iterator[Database]:
    """An empty database at the present schema; the one of the process while the test runs."""
    if database_kind == "sqlite":
        template: Settings = request.getfixturevalue("sqlite_template")
        settings.key_path.parent.mkdir(parents=True)
        shutil.copy2(template.key_path, settings.key_path)
        shutil.copy2(template.database_path, settings.database_path)
        for base in _opened(settings):
            use_database(base)
            yield base
            use_database(None)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("postgres_template"))
    for base in _opened(_on_postgresql(settings, server.url(name))):
        use_database(base)
        yield base
        use_database(None)
    server.drop(name)


def _on_postgresql(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(url)})


def _opened(settings: Settings) -> Iterator[Database]:
    base = open_database(settings)
    yield base
    base.engine.dispose()
