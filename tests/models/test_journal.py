"""The database itself keeps the journal as it was written (S131)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.authz.actor import system
from app.db import Database, unit_of_work
from app.services import journal


@pytest.fixture
def written(database: Database, now) -> Database:
    """A database with one line in its journal."""
    with unit_of_work(database) as session:
        journal.record(session, system("test"), "test.done", now=now)
    return database


def _lines(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(
            connection.execute(text("SELECT action FROM journal_entry ORDER BY seq")).scalars()
        )


class TestJournalGuard:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE journal_entry SET action = 'other'",
            "DELETE FROM journal_entry",
            "DELETE FROM journal_entry WHERE seq = 1",
        ],
    )
    def test_S131_refuses_to_change_or_remove_a_line(self, written, statement):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            written.engine.begin() as connection,
        ):
            connection.execute(text(statement))
        assert _lines(written) == ["test.done"]

    @pytest.mark.databases("sqlite")
    def test_S131_refuses_to_replace_a_line(self, written):
        copy = (
            "INSERT OR REPLACE INTO journal_entry SELECT seq, at, kind, 'other', account_id, "
            "session_id, on_behalf_of_id, patient_id, object_id, ground, result, address, mac, "
            "member_id "
            "FROM journal_entry"
        )
        with (
            pytest.raises(IntegrityError, match="append-only"),
            written.engine.begin() as connection,
        ):
            connection.execute(text(copy))
        assert _lines(written) == ["test.done"]

    @pytest.mark.databases("postgresql")
    def test_S131_refuses_to_empty_the_journal(self, written):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            written.engine.begin() as connection,
        ):
            connection.execute(text("TRUNCATE journal_entry"))
        assert _lines(written) == ["test.done"]

    def test_S131_still_takes_new_lines(self, written, now):
        with unit_of_work(written) as session:
            journal.record(session, system("test"), "test.again", now=now)
        assert _lines(written) == ["test.done", "test.again"]
