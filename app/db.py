"""The engine and `unit_of_work()`, the only place that commits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
import sqlcipher3
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from app.crypto import Keyring, load_keyring
from app.errors import SetupError
from app.settings import Settings, get_settings

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "cache_size=-16000",
)


@dataclass(frozen=True)
class Database:
    """An engine, its keyring, and the lock that queues writers of this process fairly.

    SQLite lets one writer in at a time and makes the others poll; a lock of our own hands over at once.
    """

    engine: Engine
    keyring: Keyring
    write_lock: Any


_current: Database | None = None
_opening = threading.Lock()


def open_database(settings: Settings) -> Database:
    """Open the database of these settings, creating an empty embedded one when there is none."""
    path = settings.database_path
    keyring = load_keyring(
        settings.key_path, may_create=settings.is_postgresql or not path.exists()
    )
    if settings.is_postgresql:
        url = settings.database_url.get_secret_value()
        engine = create_engine(
            url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True
        )
        return Database(engine, keyring, _NoLock())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Database(_sqlcipher_engine(path, keyring), keyring, threading.Lock())


def _sqlcipher_engine(path: Path, keyring: Keyring) -> Engine:
    # The raw key form skips SQLCipher's slow derivation: our key is already random.
    key = keyring.key("database").hex()

    def connect() -> Any:
        connection = sqlcipher3.dbapi2.connect(
            str(path), check_same_thread=False, isolation_level=None
        )
        # SQLCipher would tell of a wrong key on standard error, beside the sentence below.
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{key}'\"")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlcipher3.dbapi2.DatabaseError as error:
            connection.close()
            raise SetupError(
                f"La base {path} ne s’ouvre pas avec cette clé : remettez la clé qui l’a créée "
                "(LIANE_KEY_FILE)."
            ) from error
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    if not path.exists():
        path.touch(mode=0o600)
    engine = create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=16,
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # The driver runs in autocommit; SQLAlchemy's transactions are ours to open. Writers ask for the
        # write lock at once, so that a transaction never fails half-way for want of it.
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


class _NoLock:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def get_database() -> Database:
    """The database of this process, opened at first use."""
    global _current  # noqa: PLW0603 - one database for each process
    if _current is None:
        with _opening:
            if _current is None:
                _current = open_database(get_settings())
    return _current


def use_database(database: Database | None) -> None:
    """Make another database the one of this process (tests, commands)."""
    global _current  # noqa: PLW0603 - one database for each process
    _current = database


@contextmanager
def unit_of_work(database: Database | None = None) -> Iterator[Session]:
    """One act: everything in it is saved, or nothing."""
    base = database or get_database()
    with base.write_lock, Session(base.engine, expire_on_commit=False) as session:
        session.info["keyring"] = base.keyring
        session.connection(execution_options={"immediate": True})
        yield session
        session.commit()


@contextmanager
def reading(database: Database | None = None) -> Iterator[Session]:
    """A look at the database that changes nothing and waits for no writer."""
    base = database or get_database()
    with Session(base.engine, expire_on_commit=False, autoflush=False) as session:
        session.info["keyring"] = base.keyring
        yield session


def keyring_of(session: Session) -> Keyring:
    """The keys that belong to the database of this session."""
    keyring = session.info["keyring"]
    assert isinstance(keyring, Keyring)
    return keyring


def select_columns(*columns: Any) -> Any:
    """A select of any number of columns, untyped; SQLModel's own is typed for four at most."""
    return sqlalchemy.select(*columns)


def changed_rows(result: Any) -> int:
    """How many rows an update or delete changed; its result is typed without."""
    return int(result.rowcount)


def dialect_of(session: Session) -> str:
    """`sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def ping(database: Database | None = None) -> None:
    """Raise when the database does not answer."""
    with reading(database) as session:
        session.execute(text("SELECT 1"))
