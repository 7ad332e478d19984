"""The steps that bring a database to the present schema (S151)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.db import Database
from app.errors import SetupError

STEPS = Path(__file__).resolve().parent.parent / "alembic"
# Any constant will do: it names our advisory lock among those of the database.
_UPGRADE_LOCK = 7_201_146


def head() -> str:
    """The name of the newest step this program knows."""
    newest = _script().get_current_head()
    assert newest is not None
    return newest


def current(database: Database) -> str | None:
    """The newest step of this database, None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def needs_upgrade(database: Database) -> bool:
    """Whether steps are missing. Raises SetupError when the database is newer than this program."""
    step = current(database)
    _check_known(step)
    return step != head()


def upgrade(database: Database, to: str = "head") -> None:
    """Apply the missing steps, all of them or none.

    Raises SetupError when the database is newer than this program.
    """
    _check_known(current(database))
    with _one_transaction(database) as connection:
        command.upgrade(_config(connection), to)


def downgrade(database: Database, to: str) -> None:
    """Take steps back, all of them or none. `to`: the step to keep, or `base`. Loses what they held."""
    with _one_transaction(database) as connection:
        command.downgrade(_config(connection), to)


@lru_cache(maxsize=1)
def _script() -> ScriptDirectory:
    return ScriptDirectory(str(STEPS))


def _check_known(step: str | None) -> None:
    if step is None:
        return
    if step not in {known.revision for known in _script().walk_revisions()}:
        raise SetupError(
            f"Cette base a été faite par une version plus récente de Liane (étape {step}) : "
            "installez cette version, ou remettez une sauvegarde plus ancienne."
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _one_transaction(database: Database) -> Iterator[Connection]:
    """A connection whose changes are saved together at the end, with no other upgrade beside it."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.write_lock, database.engine.connect() as connection:
        if is_sqlite:
            # A table is changed by building it anew, which foreign keys would turn into deletions.
            # The setting is ignored inside a transaction, so it is made on the bare connection.
            _pragma(connection, "foreign_keys=OFF")
        try:
            connection.execution_options(immediate=True)
            with connection.begin():
                if not is_sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
                yield connection
                if is_sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    assert broken is None, f"a step left a broken reference: {broken}"
        finally:
            if is_sqlite:
                _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, setting: str) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute(f"PRAGMA {setting}")
