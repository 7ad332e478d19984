"""Messages that nobody holds any more: what goes, what stays, and once (ME-136)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import system
from app.db import reading, unit_of_work
from app.integrations.document_store import FolderStore
from app.jobs import message_removal as job, stored_file as files
from app.models.document import StoredFile
from app.models.health_mail import DeliveryState, HealthMailDelivery, HealthMailReceipt
from app.models.journal import JournalEntry
from app.models.message import (
    Conversation,
    Correspondent,
    Message,
    MessageAttachment,
    MessageCopy,
    MessageDraft,
    MessageRemoval,
    Participant,
)
from app.services import message_removal
from app.services.conversation_change import delete_conversation
from app.services.health_mail_delivery import REPORTED_WITHIN
from app.services.mailbox import Party, PartyKind
from app.services.matrix import ensure_reference_matrix
from app.services.message import NewMessage, deliver
from app.services.message_attaching import attach_documents
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.services.message_welcome import ensure_welcomes
from tests import factories
from tests.documents import make_document
from tests.messages import answer, look, patient, professional, write, write_with_file
from tests.recount import wrong_places
from tests.services.circle import make_circle

pytestmark = pytest.mark.databases("sqlite", "postgresql")
ROBOT = system("upkeep")
ALL = (Conversation, Participant, Message, MessageCopy, MessageAttachment, MessageRemoval)


@pytest.fixture
def people(database, now):
    with unit_of_work(database) as session:
        return make_circle(session, now)


@pytest.fixture
def later(now):
    return now + message_removal.WAIT + timedelta(minutes=1)


def _delete(database, talk, *actors, now):
    for actor in actors:
        with unit_of_work(database) as session:
            delete_conversation(session, actor, talk.conversation_id, now=now)


def _kept(database, *models):
    with reading(database) as session:
        assert wrong_places(session) == []
        return [len(session.execute(select(model)).scalars().all()) for model in models or ALL]


class TestRemoval:
    def test_ME136_what_everybody_deleted_goes_with_its_files(
        self, database, people, tmp_path, now, later
    ):
        store = FolderStore(tmp_path)
        with unit_of_work(database) as session:
            talk = write_with_file(session, people.doctor, professional(people.pharmacist), now=now)
            answer(session, people.pharmacist, talk.conversation_id, now=now)
        _delete(database, talk, people.doctor, people.pharmacist, now=now)
        assert job.once(ROBOT, now=later - timedelta(hours=1)) == 0
        assert _kept(database) == [1, 2, 2, 0, 1, 1]
        assert job.once(ROBOT, now=later) == 2
        assert _kept(database) == [0, 0, 0, 0, 0, 0]
        assert files.remove_released(store, ROBOT, now=later) == 1
        assert _kept(database, StoredFile) == [0]
        with reading(database) as session:
            lines = session.execute(
                select(col(JournalEntry.object_id)).where(
                    col(JournalEntry.action) == "message.removed"
                )
            )
            assert lines.scalars().all() == [talk.conversation_id]

    def test_what_somebody_holds_stays_whole(self, database, people, now, later):
        with unit_of_work(database) as session:
            talk = write_with_file(session, people.doctor, professional(people.pharmacist), now=now)
        _delete(database, talk, people.doctor, now=now)
        assert job.once(ROBOT, now=later) == 0
        assert _kept(database) == [1, 2, 1, 1, 1, 0]
        with reading(database) as session:
            assert session.execute(select(StoredFile)).scalar_one().released_at is None

    def test_of_a_conversation_that_goes_on_only_what_nobody_holds_goes(
        self, database, people, now, later
    ):
        with unit_of_work(database) as session:
            talk = write_with_file(session, people.doctor, professional(people.pharmacist), now=now)
        _delete(database, talk, people.doctor, now=now)
        with unit_of_work(database) as session:
            newer = answer(session, people.pharmacist, talk.conversation_id, now=now)
        _delete(database, talk, people.pharmacist, now=now)
        assert job.once(ROBOT, now=later) == 1
        assert _kept(database) == [1, 2, 1, 1, 0, 0]
        with reading(database) as session:
            assert session.execute(select(Message.id)).scalar_one() == newer.message_id

    def test_one_that_fails_holds_back_no_other_and_is_tried_again_the_day_after(
        self, database, people, now, later, monkeypatch, caplog
    ):
        talks = []
        for minute in range(2):
            at = now + timedelta(minutes=minute)
            with unit_of_work(database) as session:
                talks.append(write(session, people.doctor, professional(people.pharmacist), now=at))
            _delete(database, talks[-1], people.doctor, people.pharmacist, now=at)
        remove = message_removal.remove_some

        def failing(session, actor, conversation_id, *, now):
            if conversation_id == talks[0].conversation_id:
                raise KeyError
            return remove(session, actor, conversation_id, now=now)

        monkeypatch.setattr(message_removal, "remove_some", failing)
        assert job.once(ROBOT, now=later + timedelta(hours=1)) == 1
        assert _kept(database, Message, MessageRemoval) == [1, 1]
        assert str(talks[0].conversation_id) in caplog.text
        monkeypatch.undo()
        assert job.once(ROBOT, now=later + timedelta(hours=2)) == 0
        assert job.once(ROBOT, now=later + timedelta(days=2)) == 1

    def test_a_document_keeps_the_file_it_shared(self, database, people, now, later):
        with unit_of_work(database) as session:
            ensure_reference_matrix(session, system("test"), now=now)
            document = make_document(session, people.patient_actor, people.patient_id, now)
            talk = write(session, people.doctor, patient(people.patient_id), now=now)
            own, typed = people.patient_actor, Typed(conversation_id=talk.conversation_id)
            key = look(session, own, talk.conversation_id, now=now).draft_key
            attach_documents(session, own, key, typed, [document], now=now)
            answer(session, own, talk.conversation_id, now=now)
        assert _kept(database, MessageAttachment) == [1]
        _delete(database, talk, people.patient_actor, people.doctor, now=now)
        assert job.once(ROBOT, now=later) == 2
        assert _kept(database) == [0] * 6
        with reading(database) as session:
            assert session.execute(select(StoredFile)).scalar_one().released_at is None

    def test_a_reply_begun_and_a_mail_on_its_way_hold_it_back(self, database, people, now, later):
        with unit_of_work(database) as session:
            talk = write(session, people.doctor, professional(people.pharmacist), now=now)
            outside = Correspondent(address="dr@x.example", created_at=now)
            session.add(outside)
            session.flush()
            mail = deliver(
                session,
                ROBOT,
                NewMessage(
                    author=Party(PartyKind.PATIENT, people.patient_id),
                    recipients=(Party(PartyKind.CORRESPONDENT, outside.id),),
                    text="Bonjour",
                    subject="Question",
                ),
                now=now,
            )
            session.add(
                HealthMailReceipt(
                    recipient="",
                    sender="",
                    mail_id="",
                    digest=b"",
                    byte_size=0,
                    state="filed",
                    message_id=mail.id,
                    received_at=now,
                )
            )
            acting = factories.act_for(
                session, people.pharmacist, factories.make_secretary(session, now), now=now
            )
            typed = Typed(
                conversation_id=talk.conversation_id, reply_to_id=talk.message_id, text="Oui"
            )
            save_draft(session, acting, uuid4(), typed, now=now)
        _delete(database, talk, people.doctor, people.pharmacist, now=now)
        _delete(database, mail, people.patient_actor, now=now)
        assert job.once(ROBOT, now=later) == 0
        assert _kept(database, Message, MessageRemoval) == [2, 2]
        with unit_of_work(database) as session:
            session.execute(select(HealthMailDelivery)).scalar_one().state = DeliveryState.SENT
            session.delete(session.execute(select(MessageDraft)).scalar_one())
        assert job.once(ROBOT, now=later) == 0
        assert job.once(ROBOT, now=later + message_removal.AGAIN) == 1
        # That it did not arrive may still be told, where it was written (FB-07).
        assert _kept(database, Message, MessageRemoval) == [1, 1]
        assert job.once(ROBOT, now=later + REPORTED_WITHIN) == 1
        assert _kept(database) == [0] * 6
        with reading(database) as session:
            assert session.execute(select(HealthMailReceipt)).scalar_one().message_id is None

    def test_a_patient_is_welcomed_once_for_all(self, database, people, now, later):
        def welcome():
            with unit_of_work(database) as session:
                return ensure_welcomes(session, ROBOT, now=now)

        assert welcome() == 1
        with reading(database) as session:
            key = session.execute(select(Conversation.id)).scalar_one()
        with unit_of_work(database) as session:
            delete_conversation(session, people.patient_actor, key, now=now)
        assert job.once(ROBOT, now=later) == 0
        assert welcome() == 0
        assert _kept(database) == [1, 1, 1, 0, 0, 0]

    def test_S145_several_processes_remove_each_message_once(
        self, database, people, monkeypatch, now, later
    ):
        monkeypatch.setattr(message_removal, "BATCH", 2)
        talks = []
        for _ in range(4):
            with unit_of_work(database) as session:
                talk = write(session, people.doctor, professional(people.pharmacist), now=now)
                for _ in range(2):
                    answer(session, people.pharmacist, talk.conversation_id, now=now)
            talks.append(talk)
        for talk in talks:
            _delete(database, talk, people.doctor, people.pharmacist, now=now)
        with ThreadPoolExecutor(4) as pool:
            removed = list(pool.map(lambda _: job.once(ROBOT, now=later), range(4)))
        assert sum(removed) == 12
        assert _kept(database) == [0] * 6
