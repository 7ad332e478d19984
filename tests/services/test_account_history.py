"""What an account did and what was done to it, as its owner reads it."""

from uuid import uuid4

import pytest

from app.authz.actor import Actor, system
from app.errors import Forbidden
from app.models.journal import JournalKind
from app.services import account_history, care_circle, journal
from tests import factories
from tests.services.own_account import delegate_of, signed_in

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


def lines(session, actor, **more):
    return account_history.list_history(session, actor, **more).lines


class TestList:
    def test_newest_first_with_ones_own_sign_ins(self, session, me, now):
        journal.record(session, me, "email.starred", now=now)
        found = lines(session, me)
        assert [line.action for line in found][:2] == ["email.starred", "session.opened"]
        assert found[0].actor is None
        assert found[0].address == "127.0.0.1"

    def test_tells_what_an_administrator_did_to_it(self, session, me, now):
        boss = factories.make_administrator(session, now, given_name="Aline", family_name="Perrot")
        journal.record(session, boss, "account.suspended", object_id=me.account_id, now=now)
        first = lines(session, me)[0]
        assert first.actor is not None
        assert (first.actor.family_name, first.actor.is_administrator) == ("Perrot", True)
        assert first.address == "", "where somebody else sat is theirs"

    def test_tells_what_was_done_in_its_name(self, session, me, other, now):
        journal.record(session, delegate_of(other, me), "patient.opened", now=now)
        mine, theirs = lines(session, me)[0], lines(session, other)[0]
        assert (mine.actor is not None, mine.behalf) == (True, None)
        assert theirs.behalf is not None
        assert theirs.behalf.family_name == "Martin"

    def test_names_a_patient_still_followed_and_no_other(
        self, session, me, patient, pharmacist, now
    ):
        journal.record_read(session, me, "synthesis.read", patient_id=patient, now=now)
        assert lines(session, me)[0].patient == ("Lefèvre", "Jeanne")
        care_circle.remove_professional(session, me, patient, me.professional_id, now=now)
        read = next(line for line in lines(session, me) if line.action == "synthesis.read")
        assert (read.patient, read.has_patient) == (None, True)

    def test_shows_nothing_of_another_account(self, session, me, other, now):
        journal.record(session, other, "email.starred", object_id=uuid4(), now=now)
        assert "email.starred" not in {line.action for line in lines(session, me)}

    def test_says_what_the_portal_did_by_itself(self, session, me, now):
        journal.record(session, system("test"), "account.created", object_id=me.account_id, now=now)
        assert lines(session, me)[0].is_system

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other):
        with pytest.raises(Forbidden):
            account_history.list_history(session, delegate_of(me, other))


class TestPages:
    def test_go_on_from_where_the_last_one_ended(self, session, me, other, now):
        for n in range(7):
            journal.record(session, me, f"test.{n}", object_id=me.account_id, now=now)
            journal.record(session, other, "test.other", now=now)
        first = account_history.list_history(session, me, limit=5)
        second = account_history.list_history(session, me, before=first.older, limit=5)
        told = [line.action for line in (*first.lines, *second.lines)]
        assert told == [*(f"test.{n}" for n in range(6, -1, -1)), "session.opened"]
        assert (len(first.lines), second.older) == (5, 0)

    def test_a_line_of_two_ranges_is_told_once(self, session, me, now):
        journal.record(
            session, me, "test.both", kind=JournalKind.ACCESS, object_id=me.account_id, now=now
        )
        assert [line.action for line in lines(session, me)].count("test.both") == 1

    def test_costs_the_same_whatever_was_written(self, session, me, now):
        """Each range is read through an index that ends in the number of the line."""
        from sqlalchemy import text  # noqa: PLC0415

        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("reads the plan of the embedded base")
        for column in ("account_id", "on_behalf_of_id", "object_id"):
            plan = session.execute(
                text(
                    f"EXPLAIN QUERY PLAN SELECT * FROM journal_entry WHERE {column} = :id "  # noqa: S608
                    "AND seq < 9 ORDER BY seq DESC LIMIT 51"
                ),
                {"id": str(me.account_id)},
            ).all()
            told = " ".join(str(row) for row in plan)
            assert "_seq" in told
            assert "TEMP B-TREE" not in told
