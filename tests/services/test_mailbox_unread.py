"""What every open page says of the mailbox: how many messages wait, and who just wrote."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from app.services.conversation_list import Box, list_conversations
from app.services.conversation_reading import mark_read
from app.services.journal import last_seq, list_changes_since
from app.services.mailbox_touched import list_touched_mailboxes
from app.services.mailbox_unread import Waiting, read_waiting
from app.services.message_draft import delete_draft, save_draft
from app.services.message_input import Typed
from tests import factories
from tests.messages import answer, patient, write
from tests.services.circle import make_circle


@pytest.fixture
def circle(session, now):
    return make_circle(session, now)


class TestReadWaiting:
    def test_names_who_wrote_last_since_a_moment(self, session, circle, now):
        own = patient(circle.patient_id)
        write(session, circle.doctor, own, now=now)
        sent = write(session, circle.pharmacist, own, now=now + timedelta(minutes=1))
        waiting = read_waiting(session, circle.patient_actor, since=now - timedelta(minutes=1))
        assert waiting.unread == 2
        assert waiting.arrival.conversation_id == sent.conversation_id
        assert waiting.arrival.author.family_name == "Haddad"
        since = waiting.arrival.at
        assert read_waiting(session, circle.patient_actor, since=since) == Waiting(unread=2)
        assert read_waiting(session, circle.patient_actor) == Waiting(unread=2)

    def test_a_professional_hears_of_what_asks_for_contact_and_not_of_ones_own_message(
        self, session, circle, now
    ):
        talk = write(session, circle.doctor, patient(circle.patient_id), now=now).conversation_id
        since = now - timedelta(seconds=1)
        assert read_waiting(session, circle.doctor, since=since) == Waiting()
        answer(session, circle.patient_actor, talk, now=now)
        found = read_waiting(session, circle.doctor, since=since)
        assert (found.unread, found.arrival.conversation_id) == (1, talk)
        mark_read(session, circle.doctor, talk, now=now)
        assert read_waiting(session, circle.doctor, since=since) == Waiting()

    def test_S062_nothing_of_a_mailbox_that_is_not_ones_own(self, session, circle, now):
        write(session, circle.doctor, patient(circle.patient_id), now=now)
        administrator = factories.make_administrator(session, now)
        for other in (circle.doctor, circle.pharmacist, circle.stranger, administrator):
            assert read_waiting(session, other, since=now - timedelta(days=1)) == Waiting()


class TestTouched:
    def test_a_draft_begun_or_deleted_moves_the_pages_of_its_own_mailbox(
        self, session, circle, now
    ):
        key, since = uuid4(), last_seq(session)
        save_draft(session, circle.doctor, key, Typed(text="B"), now=now)
        delete_draft(session, circle.doctor, key, now=now)
        lines = list_changes_since(session, since)
        assert len(lines) == 2
        touched = list_touched_mailboxes(session, lines)
        assert touched == {circle.doctor.professional_id: lines[-1].seq}


class TestCost:
    @pytest.mark.databases("sqlite")
    def test_no_reading_of_a_mailbox_goes_through_those_of_others(self, session, circle, now):
        """On the embedded base an index is used only by a condition spelled as its own."""
        told = []

        def explain(connection, _cursor, statement, parameters, *_):
            if statement.startswith("SELECT") and "participant" in statement:
                told.extend(
                    (step[3], statement)
                    for step in connection.connection.execute(
                        f"EXPLAIN QUERY PLAN {statement}", parameters
                    )
                )

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", explain)
        for actor in (circle.doctor, circle.patient_actor):
            read_waiting(session, actor, since=now)
            write(session, circle.doctor, patient(circle.patient_id), now=now)
            read_waiting(session, actor, since=now - timedelta(days=1))
            for box in Box:
                list_conversations(session, actor, box, unread_only=True, now=now)
        event.remove(connection, "before_cursor_execute", explain)
        assert told
        assert [line for line in told if line[0].startswith("SCAN participant")] == []
