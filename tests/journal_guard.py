"""How a test does what the database refuses: change the access journal behind its back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.db import Database


@contextmanager
def unguarded_journal(database: Database) -> Iterator[Connection]:
    """A connection for which the journal's triggers are gone, as for whoever owns the database."""
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
        else:
            names = connection.execute(
                text(
                    "SELECT name FROM sqlite_master "
                    "WHERE type = 'trigger' AND tbl_name = 'journal_entry'"
                )
            ).scalars()
            for name in list(names):
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
