"""The welcome message: in each patient's mailbox once, whatever asks for it (ME-127)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.authz.actor import system
from app.db import Database, unit_of_work
from app.errors import Forbidden
from app.models.account import Role
from app.models.message import ConversationKind, Message
from app.models.outbox import OutboxMessage
from app.services.account import create_account
from app.services.conversation_change import delete_conversation
from app.services.conversation_list import Box, list_conversations
from app.services.message_welcome import ensure_welcome, ensure_welcomes
from tests import factories

ROBOT = system("test")


def _count(session, table):
    return session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.databases("sqlite")
class TestWelcome:
    def test_ME127_a_new_account_finds_it_alone_and_no_mail_tells_of_it(
        self, session, patient, now
    ):
        account = create_account(
            session,
            ROBOT,
            email="patiente@exemple.test",
            password="Une-phrase-2026-longue!",
            role=Role.PATIENT,
            family_name="Besson",
            given_name="Jeanne",
            patient_id=patient,
            now=now,
        )
        page = list_conversations(session, factories.actor_of(account), Box.ALL, now=now)
        assert [(row.kind, row.unread_count) for row in page.rows] == [
            (ConversationKind.WELCOME, 1)
        ]
        assert _count(session, OutboxMessage) == 0

    def test_ME127_accounts_made_before_get_it_once_also_when_they_delete_it(
        self, session, patient_actor, now
    ):
        assert ensure_welcomes(session, ROBOT, now=now) == 1
        page = list_conversations(session, patient_actor, Box.ALL, now=now)
        delete_conversation(session, patient_actor, page.rows[0].id, now=now)
        assert ensure_welcomes(session, ROBOT, now=now) == 0
        ensure_welcome(session, ROBOT, patient_actor.patient_id, now=now)
        assert list_conversations(session, patient_actor, Box.ALL, now=now).total == 0

    def test_nobody_signed_in_delivers_it(self, session, patient_actor, now):
        with pytest.raises(Forbidden):
            ensure_welcome(session, patient_actor, patient_actor.patient_id, now=now)
        with pytest.raises(Forbidden):
            ensure_welcomes(session, patient_actor, now=now)


@pytest.mark.databases("sqlite", "postgresql")
def test_ME127_ten_at_once_deliver_one(database: Database, now):
    with unit_of_work(database) as session:
        doctor = factories.make_professional(session)
        factories.make_patient_actor(session, factories.make_patient(session, doctor))

    def deliver(_: int) -> None:
        with unit_of_work(database) as session:
            ensure_welcomes(session, ROBOT, now=now)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(deliver, range(10)))
    with unit_of_work(database) as session:
        assert _count(session, Message) == 1
