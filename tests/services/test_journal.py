"""The chained access journal (S130, S131, S132)."""

from uuid import uuid4

from sqlalchemy import text

from app.authz.actor import system
from app.db import unit_of_work
from app.services import journal
from tests.journal_guard import unguarded_journal

ROBOT = system("test")


def _write(database, now, lines):
    with unit_of_work(database) as session:
        for n in range(lines):
            journal.record(session, ROBOT, f"test.line{n}", patient_id=uuid4(), now=now)


class TestVerify:
    def test_S131_accepts_an_untouched_chain(self, database, now):
        _write(database, now, 20)
        with unit_of_work(database) as session:
            assert journal.verify(session) == journal.Verification(20)

    def test_S131_names_the_first_edited_line(self, database, now):
        _write(database, now, 20)
        with unguarded_journal(database) as raw:
            raw.execute(text("UPDATE journal_entry SET action='other' WHERE seq=7"))
        with unit_of_work(database) as session:
            assert journal.verify(session).first_bad_seq == 7
