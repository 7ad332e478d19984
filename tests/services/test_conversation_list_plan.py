"""Lists of a mailbox are read in its indexes: their cost is that of a page, not of the whole table."""

import pytest
from sqlalchemy import event

from app.services.conversation_list import Box, count_unread, list_conversations


@pytest.fixture
def plans(session, circle):
    """The plan of each statement run since."""
    statements = []

    def note(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield lambda: [
        row[3]
        for statement, parameters in list(statements)
        if statement.lstrip().startswith("SELECT") and "FROM participant" in statement
        for row in session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", parameters
        )
    ]
    event.remove(bind, "before_cursor_execute", note)


@pytest.mark.databases("sqlite")
class TestPlans:
    @pytest.mark.parametrize("box", [Box.RECEIVED, Box.SENT, Box.ARCHIVED])
    def test_CX38_a_box_is_read_in_its_index(self, session, circle, plans, now, box):
        list_conversations(session, circle.doctor, box, page=2, now=now)
        found = plans()
        assert f"ix_participant_{box.value} " in " ".join(found)
        assert not [line for line in found if line.startswith("SCAN participant")]
        assert box is not Box.RECEIVED or "ix_participant_unread " in " ".join(found)

    def test_ME130_so_is_the_list_of_a_patient_and_what_is_unread(
        self, session, circle, plans, now
    ):
        list_conversations(session, circle.patient_actor, Box.ALL, now=now)
        count_unread(session, circle.patient_actor)
        count_unread(session, circle.doctor)
        found = plans()
        assert "ix_participant_of_patient " in " ".join(found)
        assert len([line for line in found if "ix_participant_unread " in line]) >= 3
        assert not [line for line in found if line.startswith("SCAN participant")]
