"""The transactional outbox (S145)."""

from datetime import timedelta

import pytest

from app.authz.actor import ANONYMOUS
from app.errors import NotFound
from app.models.outbox import OutboxState
from app.services import outbox
from app.settings import get_settings


@pytest.fixture
def message(session, now):
    posted = outbox.post_email(
        session, to="a@exemple.test", subject="Bonjour\r\nBcc: x@y.z", text="…", now=now
    )
    session.flush()
    return posted


class TestOutbox:
    def test_S111_a_line_break_in_a_subject_adds_no_header(self, message):
        assert message.subject == "Bonjour Bcc: x@y.z"

    def test_S145_a_claim_is_not_taken_twice(self, session, message, now):
        assert [m.id for m in outbox.claim_due(session, now=now)] == [message.id]
        session.flush()
        assert outbox.claim_due(session, now=now) == []

    def test_S145_a_claim_left_by_a_crash_runs_out(self, session, message, now):
        outbox.claim_due(session, now=now)
        session.flush()
        assert outbox.claim_due(session, now=now + outbox.CLAIM) == [message]

    def test_S145_retries_from_30_seconds_to_an_hour_then_fails_after_a_day(
        self, session, message, now
    ):
        at, waits = now, []
        while message.state is OutboxState.WAITING:
            outbox.claim_due(session, now=at)
            outbox.mark_failed(session, message.id, now=at)
            if message.state is OutboxState.WAITING:
                waits.append(message.next_try_at - at)
                at = message.next_try_at
            session.flush()
        assert waits[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
        assert max(waits) == timedelta(hours=1)
        assert at - now <= timedelta(hours=24)
        assert message.state is OutboxState.FAILED

    def test_a_sent_message_is_not_sent_again(self, session, message, now):
        outbox.claim_due(session, now=now)
        outbox.mark_sent(session, [message.id], is_kept=False, now=now)
        assert outbox.claim_due(session, now=now + timedelta(hours=2)) == []
        assert (message.state, message.text) == (OutboxState.SENT, "")


class TestListDemonstration:
    def test_lists_for_anybody_in_the_demonstration(self, session, message, now):
        (listed,) = outbox.list_demonstration(session, ANONYMOUS, now=now)
        assert (listed.id, listed.text) == (message.id, "…")

    def test_there_is_no_such_list_elsewhere(self, session, message, now, monkeypatch):
        monkeypatch.setenv("LIANE_MODE", "production")
        get_settings.cache_clear()
        try:
            with pytest.raises(NotFound):
                outbox.list_demonstration(session, ANONYMOUS, now=now)
        finally:
            monkeypatch.undo()
            get_settings.cache_clear()
