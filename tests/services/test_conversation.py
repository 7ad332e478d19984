"""Conversations: read, deleted, ended, and who sees them until when."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.errors import Conflict, Forbidden, NotFound
from app.models.delegation import DelegationScope
from app.models.journal import JournalEntry
from app.models.message import Message
from app.services.access_change import block_professional, unblock_professional
from app.services.conversation_change import archive, delete_conversation
from app.services.conversation_list import Box, count_unread
from app.services.conversation_reading import mark_read, open_conversation
from app.services.exchange import end_exchanges
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from tests import factories
from tests.messages import answer, box_ids, box_page, look, patient, professional, write

pytestmark = pytest.mark.databases("sqlite")


class TestReading:
    def test_ME131_opening_reads_and_a_look_again_does_not(self, session, circle, now):
        talk = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        key = talk.conversation_id
        assert count_unread(session, circle.pharmacist) == 1
        look(session, circle.pharmacist, key, now=now)
        assert count_unread(session, circle.pharmacist) == 1
        view = open_conversation(session, circle.pharmacist, key, now=now)
        assert view.messages[0].is_unread
        assert count_unread(session, circle.pharmacist) == 0
        assert count_unread(session, circle.doctor) == 0

    def test_U20_a_delegate_reads_without_marking_and_writes_in_the_holders_name(
        self, session, circle, now
    ):
        talk = write(session, circle.pharmacist, professional(circle.doctor), now=now)
        key = talk.conversation_id
        helper = factories.make_secretary(session, now)
        acting = factories.act_for(session, circle.doctor, helper, DelegationScope.RECORD, now=now)
        open_conversation(session, acting, key, now=now)
        mark_read(session, acting, key, now=now)
        assert count_unread(session, circle.doctor) == 1
        answer(session, acting, key, now=now)
        (_, last) = look(session, circle.pharmacist, key, now=now).messages
        assert last.author.family_name == "Martin"
        assert last.typed_by

    def test_a_delegate_who_only_reads_writes_nothing(self, session, circle, now):
        talk = write(session, circle.pharmacist, professional(circle.doctor), now=now)
        helper = factories.make_secretary(session, now)
        acting = factories.act_for(session, circle.doctor, helper, DelegationScope.READ, now=now)
        assert not look(session, acting, talk.conversation_id, now=now).may_reply
        for act in (archive, delete_conversation):
            with pytest.raises(Forbidden):
                act(session, acting, talk.conversation_id, now=now)
        with pytest.raises(Forbidden):
            answer(session, acting, talk.conversation_id, now=now)

    def test_S061_a_conversation_of_others_is_absent(self, session, circle, now):
        talk = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        for actor in (circle.technician, circle.stranger, circle.patient_actor):
            for key in (talk.conversation_id, uuid4()):
                with pytest.raises(NotFound) as failure:
                    open_conversation(session, actor, key, now=now)
                assert failure.value.code == "message.conversation_not_found"

    def test_D05_an_answer_to_its_author_is_not_there_for_the_others(self, session, circle, now):
        talk = write(
            session,
            circle.doctor,
            professional(circle.pharmacist),
            professional(circle.technician),
            now=now,
        ).conversation_id
        answer(session, circle.pharmacist, talk, text="Entre nous.", now=now)
        assert len(look(session, circle.doctor, talk, now=now).messages) == 2
        assert len(look(session, circle.technician, talk, now=now).messages) == 1
        assert box_page(session, circle.technician, now).rows[0].extract != "Entre nous."
        answer(session, circle.pharmacist, talk, text="À tous.", is_reply_all=True, now=now)
        assert look(session, circle.technician, talk, now=now).messages[-1].text == "À tous."

    def test_S130_sending_and_opening_leave_their_lines_and_no_words(self, session, circle, now):
        talk = write(session, circle.doctor, patient(circle.patient_id), now=now).conversation_id
        open_conversation(session, circle.patient_actor, talk, now=now)
        lines = session.exec(
            select(JournalEntry).where(col(JournalEntry.action).like("message.%"))
        ).scalars()
        found = {(line.action, line.patient_id) for line in lines}
        assert ("message.sent", circle.patient_id) in found
        assert ("message.opened", circle.patient_id) in found

    def test_what_professionals_say_of_a_patient_is_not_told_in_their_history(
        self, session, circle, now
    ):
        write(
            session,
            circle.doctor,
            professional(circle.pharmacist),
            about_patient_id=circle.patient_id,
            now=now,
        )
        line = session.exec(
            select(JournalEntry).where(col(JournalEntry.action) == "message.sent")
        ).scalar_one()
        assert line.patient_id is None


class TestDeleting:
    def test_ME136_deletes_ones_own_copy_and_the_reply_begun(self, session, circle, now):
        talk = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        key = talk.conversation_id
        view = look(session, circle.pharmacist, key, now=now)
        typed = Typed(text="Je…", conversation_id=key)
        save_draft(session, circle.pharmacist, view.draft_key, typed, now=now)
        delete_conversation(session, circle.pharmacist, key, now=now)
        assert box_ids(session, circle.pharmacist, now) == []
        assert count_unread(session, circle.pharmacist) == 0
        with pytest.raises(NotFound):
            look(session, circle.pharmacist, key, now=now)
        assert len(look(session, circle.doctor, key, now=now).messages) == 1

    def test_S143_who_deleted_their_answer_answers_again(self, session, circle, now):
        talk = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        key = talk.conversation_id
        first = answer(session, circle.pharmacist, key, now=now)
        delete_conversation(session, circle.pharmacist, key, now=now)
        answer(session, circle.doctor, key, now=now)
        second = answer(session, circle.pharmacist, key, now=now)
        assert second.is_new
        assert second.message_id != first.message_id

    def test_a_message_that_came_while_one_was_asked_is_not_deleted_unread(
        self, session, circle, now
    ):
        talk = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        key = talk.conversation_id
        asked = look(session, circle.pharmacist, key, now=now).messages[-1].id
        answer(session, circle.doctor, key, text="Attendez !", now=now)
        with pytest.raises(Conflict):
            delete_conversation(session, circle.pharmacist, key, shown_id=asked, now=now)
        read = look(session, circle.pharmacist, key, now=now).messages[-1].id
        delete_conversation(session, circle.pharmacist, key, shown_id=read, now=now)
        assert box_ids(session, circle.pharmacist, now) == []

    def test_another_message_brings_it_back_without_the_old_ones(self, session, circle, now):
        talk = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        key = talk.conversation_id
        delete_conversation(session, circle.pharmacist, key, now=now)
        answer(session, circle.doctor, key, text="Encore moi.", now=now)
        (only,) = look(session, circle.pharmacist, key, now=now).messages
        assert only.text == "Encore moi."


class TestWhoFollows:
    def test_S062_a_block_hides_every_conversation_about_the_patient_and_its_end_shows_them(
        self, session, circle, now
    ):
        about = write(
            session,
            circle.doctor,
            professional(circle.pharmacist),
            about_patient_id=circle.patient_id,
            now=now,
        ).conversation_id
        other = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        block_professional(
            session,
            circle.patient_actor,
            circle.patient_id,
            circle.pharmacist.professional_id,
            now=now,
        )
        assert box_ids(session, circle.pharmacist, now) == [other.conversation_id]
        assert count_unread(session, circle.pharmacist) == 1
        with pytest.raises(NotFound):
            look(session, circle.pharmacist, about, now=now)
        unblock_professional(
            session, circle.patient_actor, circle.pharmacist.professional_id, now=now
        )
        assert set(box_ids(session, circle.pharmacist, now)) == {about, other.conversation_id}

    def test_S063_a_delegate_shut_out_sees_nothing_of_that_patient(self, session, circle, now):
        about = write(
            session,
            circle.pharmacist,
            professional(circle.doctor),
            about_patient_id=circle.patient_id,
            now=now,
        ).conversation_id
        acting = factories.act_for(
            session, circle.doctor, circle.technician, DelegationScope.MANAGE, now=now
        )
        assert box_ids(session, acting, now) == [about]
        block_professional(
            session,
            circle.patient_actor,
            circle.patient_id,
            circle.technician.professional_id,
            now=now,
        )
        assert box_ids(session, acting, now) == []
        assert count_unread(session, acting) == 0
        assert box_ids(session, circle.doctor, now) == [about]


class TestEnding:
    def _exchange(self, session, circle, now):
        talk = write(session, circle.doctor, patient(circle.patient_id), now=now).conversation_id
        write(session, circle.doctor, patient(circle.patient_id), subject="Autre", now=now)
        return talk

    def test_ME168_ends_all_conversations_and_a_new_message_opens_them(self, session, circle, now):
        talk = self._exchange(session, circle, now)
        end_exchanges(session, circle.doctor, circle.patient_id, now=now)
        rows = box_page(session, circle.patient_actor, now, Box.ALL).rows
        assert [row.is_ended for row in rows] == [True, True]
        view = look(session, circle.patient_actor, talk, now=now)
        assert [card.family_name for card in view.ended_by] == ["Martin"]
        assert not view.may_reply
        assert look(session, circle.doctor, talk, now=now).is_ended_by_me
        write(session, circle.doctor, patient(circle.patient_id), now=now)
        assert look(session, circle.patient_actor, talk, now=now).may_reply
        assert not look(session, circle.doctor, talk, now=now).is_ended_by_me

    def test_done_twice_changes_nothing(self, session, circle, now):
        self._exchange(session, circle, now)
        for _ in range(2):
            end_exchanges(session, circle.doctor, circle.patient_id, now=now)
        ends = select(JournalEntry).where(col(JournalEntry.action) == "message.exchanges_ended")
        assert len(session.exec(ends).all()) == 1

    def test_only_who_writes_with_that_patient_ends(self, session, circle, now):
        self._exchange(session, circle, now)
        with pytest.raises(NotFound):
            end_exchanges(session, circle.pharmacist, circle.patient_id, now=now)
        with pytest.raises(NotFound):
            end_exchanges(session, circle.stranger, circle.patient_id, now=now)
        with pytest.raises(Forbidden):
            end_exchanges(session, circle.patient_actor, circle.patient_id, now=now)

    def test_another_professional_of_the_conversation_may_still_be_answered(
        self, session, circle, now
    ):
        talk = write(
            session,
            circle.doctor,
            patient(circle.patient_id),
            professional(circle.pharmacist),
            now=now,
        ).conversation_id
        answer(session, circle.pharmacist, talk, is_reply_all=True, now=now)
        end_exchanges(session, circle.doctor, circle.patient_id, now=now)
        answer(session, circle.patient_actor, talk, is_reply_all=True, text="À vous.", now=now)
        assert look(session, circle.pharmacist, talk, now=now).messages[-1].text == "À vous."
        assert look(session, circle.doctor, talk, now=now).messages[-1].text != "À vous."
        assert session.exec(select(Message)).all()
