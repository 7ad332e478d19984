"""Changing one's own password (S020 to S024, S050, S053, S054)."""

import pytest
from sqlmodel import select

from app.authz.actor import Actor
from app.db import keyring_of
from app.errors import Forbidden
from app.models.account import Account
from app.models.journal import JournalEntry
from app.services import password_change, session as sessions
from tests.services.own_account import delegate_of, signed_in, stale, subjects_to

OLD, NEW = "Lierre-vert-42!", "Sureau-noir-77!"


@pytest.fixture
def me(session, doctor, now) -> Actor:
    account = session.get_one(Account, doctor.account_id)
    account.password_hash = keyring_of(session).hash_password(OLD)
    return signed_in(session, doctor, now)


def change(session, actor, current, wanted, now, again=None):
    check = password_change.prepare(session, actor, now=now)
    verified = password_change.verify(
        keyring_of(session), check, current, wanted, wanted if again is None else again
    )
    return verified.faults, password_change.settle(session, actor, check, verified, now=now)


class TestChange:
    def test_S050_S053_renews_this_sign_in_and_ends_the_others(self, session, me, doctor, now):
        elsewhere = signed_in(session, doctor, now)
        faults, token = change(session, me, OLD, NEW, now)
        assert faults == {}
        identity = sessions.look_up(session, token, now=now)
        assert identity is not None
        assert identity.actor.session_id == me.session_id
        assert not sessions.is_open(session, elsewhere.session_id)
        account = session.get_one(Account, me.account_id)
        assert keyring_of(session).verify_password(NEW, account.password_hash)
        assert "Votre mot de passe a changé" in subjects_to(session, account.email)

    def test_S023_asks_the_present_one(self, session, me, now):
        for typed, fault in (("", "password.current_missing"), (NEW, "password.current_wrong")):
            faults, token = change(session, me, typed, NEW, now)
            assert (faults["current"], token) == (fault, "")

    def test_S024_waits_after_five_wrong_ones(self, session, me, now):
        for _ in range(5):
            change(session, me, "Faux-mot-1!", NEW, now)
        faults, token = change(session, me, OLD, NEW, now)
        assert (faults, token) == ({"current": "password.wait"}, "")

    def test_a_wrong_one_leaves_a_line(self, session, me, now):
        change(session, me, "Faux-mot-1!", NEW, now)
        line = session.exec(
            select(JournalEntry).where(JournalEntry.action == "password.refused")
        ).one()
        assert line.object_id == me.account_id

    @pytest.mark.parametrize(
        ("wanted", "fault"),
        [
            ("", "password.missing"),
            ("Court1!", "password.too_short"),
            ("Azerty123!", "password.known"),
            ("Martin2026!", "password.known"),
            (OLD, "password.same"),
        ],
    )
    def test_S020_S021_refuses_a_weak_one(self, session, me, now, wanted, fault):
        faults, token = change(session, me, OLD, wanted, now)
        assert (faults, token) == ({"password": fault}, "")

    def test_refuses_two_that_differ(self, session, me, now):
        faults, token = change(session, me, OLD, NEW, now, again="Sureau-noir-78!")
        assert (faults, token) == ({"password_again": "password.not_the_same"}, "")

    def test_S054_needs_a_fresh_factor(self, session, me, now):
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            password_change.prepare(session, stale(me, now), now=now)

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, stranger, now):
        with pytest.raises(Forbidden):
            password_change.prepare(session, delegate_of(me, stranger), now=now)
