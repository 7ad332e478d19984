"""Each turn is served once: several processes, one killed, one that writes meanwhile (S145)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app.db import Database, unit_of_work
from app.jobs import digest as job
from app.models.outbox import OutboxMessage
from app.services import digest
from tests import factories
from tests.services.digests import FIVE, INFORMATION, NOON, ROBOT, TOMORROW, receive, row_of, tick


class TestSeveralProcesses:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_S145_each_turn_is_served_once(self, database: Database, now):
        with unit_of_work(database) as session:
            for _ in range(30):
                actor = factories.make_professional(session, now)
                receive(session, actor.professional_id, at=now)
                receive(session, actor.professional_id, INFORMATION, at=now)

        def process(_: int) -> int:
            served = 0
            while True:
                with unit_of_work(database) as session:
                    count = digest.send_due(session, ROBOT, now=TOMORROW, limit=4)
                if not count:
                    return served
                served += count

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(process, range(4))) == 60
        with unit_of_work(database) as session:
            sent = session.exec(select(OutboxMessage.to, OutboxMessage.subject)).all()
            assert len(sent) == len(set(sent)) == 60

    @pytest.mark.databases("sqlite", "postgresql")
    def test_S145_killed_before_it_is_stored_it_is_served_again_and_once(
        self, database: Database, now
    ):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session, now)
            receive(session, actor.professional_id, at=now)
        with pytest.raises(KeyboardInterrupt), unit_of_work(database) as session:  # noqa: PT012
            assert tick(session, NOON) == 1
            raise KeyboardInterrupt
        for _ in range(2):
            with unit_of_work(database) as session:
                tick(session, NOON)
        with unit_of_work(database) as session:
            assert len(session.exec(select(OutboxMessage)).all()) == 1

    @pytest.mark.databases("postgresql")
    def test_a_message_stored_during_a_digest_is_told_by_the_next(self, database: Database, now):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session, now)
            receive(session, actor.professional_id, at=now)

        def deliver() -> None:
            with unit_of_work(database) as other:
                receive(other, actor.professional_id, at=NOON)

        with ThreadPoolExecutor(1) as pool:
            with unit_of_work(database) as session:
                assert tick(session, NOON) == 1
                waiting = pool.submit(deliver)
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=0.3)
            waiting.result(timeout=10)
        with unit_of_work(database) as session:
            assert row_of(session, actor).next_at == FIVE
            tick(session, FIVE)
            assert len(session.exec(select(OutboxMessage)).all()) == 2


class TestJob:
    @pytest.mark.databases("sqlite")
    async def test_serves_what_came_due_while_it_was_stopped_once_and_stops(
        self, database: Database
    ):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session)
            receive(session, actor.professional_id, at=factories.DEFAULT_NOW)

        def is_sent() -> bool:
            with unit_of_work(database) as session:
                return session.exec(select(OutboxMessage.id)).first() is not None

        # Two processes, as far as the base can tell.
        running = [asyncio.create_task(job.run()) for _ in range(2)]
        for _ in range(90):
            if is_sent():
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.2)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        with unit_of_work(database) as session:
            assert len(session.exec(select(OutboxMessage)).all()) == 1
            assert row_of(session, actor).next_at is None
