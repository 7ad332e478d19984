"""Acts on one conversation at the same moment, where several write at once (S062, S072)."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.db import unit_of_work
from app.errors import RuleViolation
from app.models.message import Participant
from app.services import journal, message
from app.services.care_circle import remove_professional
from app.services.conversation_change import archive, delete_conversation
from app.services.conversation_list import count_unread
from app.services.conversation_reading import open_conversation
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.services.message_send import send
from tests.messages import look, professional, write
from tests.services.circle import make_circle

pytestmark = pytest.mark.databases("postgresql")
TEXT = "Écrit au même moment"


@pytest.fixture
def people(database, now):
    with unit_of_work(database) as session:
        return make_circle(session, now)


@pytest.fixture
def talk(database, people, now):
    with unit_of_work(database) as session:
        return write(session, people.doctor, professional(people.pharmacist), now=now)


def _reply(talk):
    return Typed(conversation_id=talk.conversation_id, reply_to_id=talk.message_id, text=TEXT)


def _answer(session, actor, conversation_id, *, now):
    received = look(session, actor, conversation_id, now=now).messages[-1].id
    typed = Typed(conversation_id=conversation_id, reply_to_id=received, text="Moi aussi")
    return send(session, actor, uuid4(), typed, now=now)


class TestAtOnce:
    @pytest.mark.parametrize("act", [open_conversation, archive, delete_conversation, _answer])
    def test_S072_who_opens_files_or_answers_waits_for_the_message_that_comes(
        self, database, people, talk, now, act
    ):
        def do():
            with unit_of_work(database) as other:
                return act(other, people.pharmacist, talk.conversation_id, now=now)

        later = now + timedelta(minutes=1)
        with ThreadPoolExecutor(1) as pool:
            with unit_of_work(database) as session:
                # What a sending holds first.
                places = select(Participant).where(
                    Participant.conversation_id == talk.conversation_id
                )
                session.execute(places.with_for_update()).all()
                waiting = pool.submit(do)
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=0.4)
                send(session, people.doctor, uuid4(), _reply(talk), now=later)
            done = waiting.result(timeout=10)
        with unit_of_work(database) as session:
            unread = count_unread(session, people.pharmacist)
            if act is delete_conversation:
                assert unread == 0
                return
            view = look(session, people.pharmacist, talk.conversation_id, now=now)
            assert unread == sum(row.is_unread for row in view.messages)
            assert TEXT in [row.text for row in view.messages]
            if act is open_conversation:
                # Read is what was shown.
                assert [row.text for row in done.messages][-1] == TEXT

    def test_CX41_an_entry_told_and_a_message_to_the_same_person_do_not_lock_each_other(
        self, database, people, now, monkeypatch
    ):
        is_held, schedule = Event(), message.schedule_digests

        def hold(*args, **kwargs):
            schedule(*args, **kwargs)
            if not is_held.is_set():
                is_held.set()
                time.sleep(0.4)

        monkeypatch.setattr(message, "schedule_digests", hold)
        to = professional(people.pharmacist)

        def do():
            assert is_held.wait(5)
            with unit_of_work(database) as other:
                journal.record(other, people.doctor, "entry.created", now=now)
                write(other, people.doctor, to, now=now)

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(do)
            with unit_of_work(database) as session:
                write(session, people.stranger, to, now=now)
            waiting.result(timeout=10)
        with unit_of_work(database) as session:
            assert count_unread(session, people.pharmacist) == 2

    def test_S062_who_is_put_out_of_the_circle_meanwhile_receives_nothing_of_its_patient(
        self, database, people, now
    ):
        key, fields = uuid4(), {"about_patient_id": people.patient_id, "subject": "Objet"}
        to = professional(people.pharmacist)
        with unit_of_work(database) as session:
            typed = Typed(recipients=(to,), text=TEXT, **fields)
            save_draft(session, people.doctor, key, typed, now=now)

        def do():
            with unit_of_work(database) as other:
                write(other, people.doctor, to, key=key, text=TEXT, **fields, now=now)

        with ThreadPoolExecutor(1) as pool:
            with unit_of_work(database) as session:
                remove_professional(
                    session, people.doctor, people.patient_id, people.pharmacist.professional_id,
                    now=now,
                )  # fmt: skip
                waiting = pool.submit(do)
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=0.4)
            with pytest.raises(RuleViolation) as failure:
                waiting.result(timeout=10)
            assert failure.value.code == "message.outside_circle"

    def test_S143_a_draft_begun_twice_at_once_is_one(self, database, people, now):
        key, typed = uuid4(), Typed(text="B")

        def do():
            with unit_of_work(database) as other:
                return save_draft(other, people.doctor, key, typed, now=now)

        with ThreadPoolExecutor(1) as pool:
            with unit_of_work(database) as session:
                first = save_draft(session, people.doctor, key, typed, now=now)
                waiting = pool.submit(do)
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=0.4)
            assert waiting.result(timeout=10) == first
