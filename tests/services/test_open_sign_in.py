"""Open sign-ins and known browsers of one's own account (S025, S050, S053, S061)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import Actor
from app.errors import Forbidden, NotFound
from app.models.factor import KnownDevice
from app.models.journal import JournalEntry
from app.models.session import SignInMethod
from app.services import open_sign_in, session as sessions
from tests.services.own_account import delegate_of, signed_in


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


def device_of(session, actor, now) -> KnownDevice:
    row = KnownDevice(
        account_id=actor.account_id, label="Firefox sur Linux", first_seen_at=now, last_seen_at=now
    )
    session.add(row)
    session.flush()
    return row


class TestRead:
    def test_S053_shows_device_place_time_and_means(self, session, me, doctor, now):
        signed_in(session, doctor, now - timedelta(minutes=5))
        here, there = open_sign_in.read_security(session, me, now=now).sign_ins
        assert (here.is_this_one, there.is_this_one) == (True, False)
        assert (here.device, here.address) == ("Firefox sur Linux", "192.0.2.1")
        assert (here.opened_at, here.method) == (now, SignInMethod.EMAIL_CODE)

    def test_leaves_out_what_idleness_ended(self, session, me, doctor, now):
        signed_in(session, doctor, now - timedelta(hours=1))
        (shown,) = open_sign_in.read_security(session, me, now=now).sign_ins
        assert shown.is_this_one

    def test_shows_nothing_of_another_account(self, session, me, other, now):
        device_of(session, other, now)
        view = open_sign_in.read_security(session, me, now=now)
        assert len(view.sign_ins) == 1
        assert view.devices == ()

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other, now):
        with pytest.raises(Forbidden):
            open_sign_in.read_security(session, delegate_of(me, other), now=now)


class TestClose:
    def test_ends_the_one_that_was_chosen(self, session, me, doctor, now):
        elsewhere, third = (signed_in(session, doctor, now) for _ in range(2))
        open_sign_in.close_sign_in(session, me, elsewhere.session_id, now=now)
        assert not sessions.is_open(session, elsewhere.session_id)
        assert sessions.is_open(session, third.session_id)
        assert sessions.is_open(session, me.session_id)

    def test_S053_leaves_the_line_that_closes_its_pages(self, session, me, doctor, now):
        elsewhere = signed_in(session, doctor, now)
        open_sign_in.close_sign_in(session, me, elsewhere.session_id, now=now)
        line = session.exec(
            select(JournalEntry).where(
                JournalEntry.action == "session.ended",
                JournalEntry.object_id == elsewhere.session_id,
            )
        ).one()
        assert line.result == "closed"

    def test_ends_all_the_others(self, session, me, doctor, now):
        elsewhere = [signed_in(session, doctor, now) for _ in range(3)]
        assert open_sign_in.close_others(session, me, now=now) == 3
        assert not any(sessions.is_open(session, one.session_id) for one in elsewhere)
        assert sessions.is_open(session, me.session_id)

    def test_S061_anothers_is_as_absent_as_none(self, session, me, other, now):
        codes = []
        for wanted in (other.session_id, uuid4()):
            with pytest.raises(NotFound) as refused:
                open_sign_in.close_sign_in(session, me, wanted, now=now)
            codes.append(refused.value.code)
        assert codes[0] == codes[1]
        assert sessions.is_open(session, other.session_id)


class TestForgetDevice:
    def test_is_known_no_more(self, session, me, now):
        row = device_of(session, me, now)
        open_sign_in.forget_device(session, me, row.id, now=now)
        assert open_sign_in.read_security(session, me, now=now).devices == ()
        assert row.forgotten_at == now

    def test_S061_anothers_is_as_absent_as_none(self, session, me, other, now):
        theirs = device_of(session, other, now)
        codes = []
        for wanted in (theirs.id, uuid4()):
            with pytest.raises(NotFound) as refused:
                open_sign_in.forget_device(session, me, wanted, now=now)
            codes.append(refused.value.code)
        assert codes[0] == codes[1]
        assert theirs.forgotten_at is None
