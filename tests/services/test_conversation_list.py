"""Boxes of a mailbox: what each holds, in which order, page by page."""

from datetime import timedelta

import pytest

from app.errors import Forbidden, NotAuthenticated
from app.models.message import Priority
from app.services.conversation_change import archive, unarchive
from app.services.conversation_list import Box, count_unread
from app.services.conversation_reading import open_conversation
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from tests import factories
from tests.messages import answer, box_ids, box_page, look, patient, professional, write

pytestmark = pytest.mark.databases("sqlite")


class TestBoxes:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_CX37_received_come_by_priority_then_by_date(self, session, circle, now):
        sent = [
            write(
                session,
                circle.pharmacist,
                professional(circle.doctor),
                priority=priority,
                now=now + timedelta(minutes=minute),
            )
            for minute, priority in enumerate(
                (Priority.CONTACT, Priority.INFORMATION, Priority.CONTACT, Priority.INFORMATION)
            )
        ]
        keys = [each.conversation_id for each in sent]
        assert box_ids(session, circle.doctor, now) == [keys[2], keys[0], keys[3], keys[1]]
        page = box_page(session, circle.doctor, now)
        assert (page.total, page.contact_count, page.unread) == (4, 2, 4)
        assert box_ids(session, circle.pharmacist, now) == []
        assert box_ids(session, circle.pharmacist, now, Box.SENT) == keys[::-1]

    def test_CX39_what_is_treated_is_archived_for_that_person_alone(self, session, circle, now):
        talk = write(
            session,
            circle.doctor,
            professional(circle.pharmacist),
            professional(circle.technician),
            now=now,
        ).conversation_id
        archive(session, circle.pharmacist, talk, now=now)
        assert box_ids(session, circle.pharmacist, now) == []
        assert box_ids(session, circle.pharmacist, now, Box.ARCHIVED) == [talk]
        assert box_ids(session, circle.technician, now) == [talk]
        unarchive(session, circle.pharmacist, talk, now=now)
        assert box_ids(session, circle.pharmacist, now) == [talk]

    def test_CX40_priority_stays_high_until_treated_and_a_new_message_comes_back(
        self, session, circle, now
    ):
        talk = write(
            session,
            circle.doctor,
            professional(circle.pharmacist),
            priority=Priority.CONTACT,
            now=now,
        ).conversation_id
        answer(session, circle.doctor, talk, now=now + timedelta(minutes=1))
        assert box_page(session, circle.pharmacist, now).rows[0].priority is Priority.CONTACT
        archive(session, circle.pharmacist, talk, now=now)
        answer(session, circle.doctor, talk, now=now + timedelta(minutes=2))
        row = box_page(session, circle.pharmacist, now).rows[0]
        assert (row.priority, row.unread_count) == (Priority.INFORMATION, 3)

    def test_a_patient_treats_nothing(self, session, circle, now):
        talk = write(session, circle.doctor, patient(circle.patient_id), now=now).conversation_id
        with pytest.raises(Forbidden):
            archive(session, circle.patient_actor, talk, now=now)

    def test_U13_pages_hold_thirty_rows_and_a_page_past_the_end_is_the_last(
        self, session, circle, now
    ):
        for number in range(31):
            write(
                session,
                circle.doctor,
                professional(circle.pharmacist),
                now=now + timedelta(minutes=2 * number),
            )
        first = box_page(session, circle.pharmacist, now)
        assert (len(first.rows), first.total, first.pages) == (30, 31, 2)
        assert len(box_page(session, circle.pharmacist, now, page=9).rows) == 1

    def test_unread_alone_when_asked(self, session, circle, now):
        read = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        unread = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        open_conversation(session, circle.pharmacist, read.conversation_id, now=now)
        found = box_ids(session, circle.pharmacist, now, unread_only=True)
        assert found == [unread.conversation_id]

    def test_nobody_else_has_a_mailbox(self, session, circle, now):
        for actor in (
            factories.make_secretary(session, now),
            factories.make_administrator(session),
        ):
            with pytest.raises(Forbidden):
                box_page(session, actor, now)
        with pytest.raises(NotAuthenticated):
            count_unread(session, factories.actor_of(factories.make_account(session)).__class__())


class TestPatientList:
    def test_ME130_each_row_names_who_wrote_last_the_subject_the_date_and_the_draft(
        self, session, circle, now
    ):
        talk = write(
            session,
            circle.doctor,
            patient(circle.patient_id),
            subject="Passage de jeudi",
            now=now,
        ).conversation_id
        save_draft(
            session,
            circle.patient_actor,
            look(session, circle.patient_actor, talk, now=now).draft_key,
            Typed(text="B", conversation_id=talk),
            now=now,
        )
        (row,) = box_page(session, circle.patient_actor, now, Box.ALL).rows
        assert row.last_author.family_name == "Martin"
        assert (row.subject, row.unread_count) == ("Passage de jeudi", 1)
        assert row.last_at - now < timedelta(seconds=1)
        assert row.draft_id is not None
        assert row.about is None

    def test_ME132_a_conversation_gathers_both_sides(self, session, circle, now):
        talk = write(session, circle.doctor, patient(circle.patient_id), now=now).conversation_id
        later = now + timedelta(minutes=5)
        answer(session, circle.patient_actor, talk, now=later)
        view = look(session, circle.doctor, talk, now=later)
        assert [row.is_mine for row in view.messages] == [True, False]
        assert view.messages[1].priority is Priority.CONTACT
        assert view.about.birth_name
        assert box_ids(session, circle.doctor, now) == [talk]
