"""Signing in: password, waits, single-use code (MM-32, MM-33; S020–S036, S070)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from passlib.hash import argon2
from sqlmodel import Session, select

from app.authz.actor import Actor
from app.db import keyring_of
from app.models.account import Account, AccountState
from app.models.contact_point import EmailAddress
from app.models.journal import JournalEntry
from app.models.one_time_code import OneTimeCode
from app.models.outbox import OutboxMessage
from app.services import device, session as sessions, sign_in, sign_in_factor, sign_out
from app.settings import get_settings
from tests import factories

PASSWORD = "Lierre-vert-42!"
BROWSER = Actor(address="203.0.113.9")


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits of the product, not the easier ones of the demonstration."""
    monkeypatch.setenv("LIANE_MODE", "production")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def account(session: Session, now: datetime) -> Account:
    """An account with a password of its own."""
    return factories.make_account(
        session,
        now,
        email="claire@exemple.test",
        password_hash=keyring_of(session).hash_password(PASSWORD),
    )


def attempt_password(
    session, password, now, *, email="claire@exemple.test", device_ids=(), actor=BROWSER
):
    """One whole first step, as the endpoint does it."""
    check = sign_in.prepare(session, actor, email, device_ids=device_ids, now=now)
    is_right = sign_in.check_password(keyring_of(session), check, password)
    return sign_in.settle_password(session, actor, check, is_right=is_right, next_path="", now=now)


def newest_code(session: Session) -> str:
    """The digits in the newest mail."""
    text = session.exec(
        select(OutboxMessage.text).order_by(OutboxMessage.created_at.desc())
    ).first()
    return text.split(" : ")[1][:6]


def submit(session, attempt, code, now):
    return sign_in_factor.submit_code(
        session, BROWSER, attempt, code, device_label="Firefox sur Linux", now=now
    )


class TestPassword:
    def test_right_one_sends_a_code(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now)
        assert attempt.password_ok
        assert attempt.masked_destination == "c••••@exemple.test"
        assert len(newest_code(session)) == 6

    def test_e_mail_case_and_spaces_do_not_matter(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now, email="  Claire@Exemple.test ")
        assert attempt.password_ok

    @pytest.mark.parametrize("email", ["claire@exemple.test", "personne@exemple.test"])
    def test_S070_wrong_one_says_the_same_for_all(self, session, account, now, email):
        attempt, _ = attempt_password(session, "Autre-mot-1!", now, email=email)
        assert (attempt.error, attempt.password_ok, attempt.masked_destination) == (
            "sign_in.wrong",
            False,
            "",
        )

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            (AccountState.PENDING, "sign_in.pending"),
            (AccountState.SUSPENDED, "sign_in.suspended"),
            (AccountState.CLOSED, "sign_in.closed"),
        ],
    )
    def test_S070_the_state_of_an_account_is_told_after_password_and_code(
        self, session, account, now, state, said
    ):
        account.state = state
        attempt, _ = attempt_password(session, "Autre-mot-1!", now)
        assert attempt.error == "sign_in.wrong"
        attempt, _ = attempt_password(session, PASSWORD, now)
        assert (attempt.error, attempt.password_ok) == ("", True)
        assert submit(session, attempt, newest_code(session), now) is None
        assert (attempt.error, attempt.password_ok) == (said, False)

    def test_any_proved_address_and_the_identifier_sign_in(self, session, account, now):
        account.login_name = "cmartin"
        second = EmailAddress(account_id=account.id, address="autre@exemple.test", verified_at=now)
        session.add(second)
        session.flush()
        for identifier in ("autre@exemple.test", "CMartin"):
            attempt, _ = attempt_password(session, PASSWORD, now, email=identifier)
            assert attempt.password_ok

    def test_S022_a_weaker_hash_is_renewed(self, session, account, now):
        weak = argon2.using(type="ID", memory_cost=8, time_cost=1, parallelism=1)
        keyring = keyring_of(session)
        account.password_hash = weak.hash(keyring.mac("pepper", PASSWORD).hex())
        check = sign_in.prepare(session, BROWSER, account.email, now=now)
        assert sign_in.check_password(keyring, check, PASSWORD)
        new_hash = sign_in.stronger_hash(keyring, check, PASSWORD)
        sign_in.settle_password(
            session, BROWSER, check, is_right=True, new_hash=new_hash, next_path="", now=now
        )
        assert "m=19456" in account.password_hash
        again = sign_in.prepare(session, BROWSER, account.email, now=now)
        assert sign_in.check_password(keyring, again, PASSWORD)
        assert sign_in.stronger_hash(keyring, again, PASSWORD) == ""

    def test_S024_addresses_of_one_network_count_together(self, session, account, now):
        for n in range(100):
            who = Actor(address=f"2001:db8:0:1::{n:x}")
            attempt_password(session, "Autre-mot-1!", now, email=f"p{n}@exemple.test", actor=who)
        same, other = Actor(address="2001:db8:0:1:f::1"), Actor(address="2001:db8:0:2::1")
        attempt, _ = attempt_password(session, PASSWORD, now, actor=same)
        assert attempt.error == "sign_in.wait"
        attempt, _ = attempt_password(session, PASSWORD, now, actor=other)
        assert attempt.password_ok

    def test_S024_a_right_guess_among_many_at_once_tells_nothing(self, session, account, now):
        checks = [sign_in.prepare(session, BROWSER, account.email, now=now) for _ in range(6)]
        for check in checks[:5]:
            sign_in.settle_password(session, BROWSER, check, is_right=False, next_path="", now=now)
        attempt, _ = sign_in.settle_password(
            session, BROWSER, checks[5], is_right=True, next_path="", now=now
        )
        assert (attempt.error, attempt.password_ok) == ("sign_in.wait", False)

    def test_S024_five_failures_make_wait_and_the_right_one_is_not_verified(
        self, session, account, now
    ):
        for _ in range(5):
            attempt_password(session, "Autre-mot-1!", now)
        attempt, _ = attempt_password(session, PASSWORD, now)
        assert attempt.error == "sign_in.wait"
        assert attempt.retry_at == now + timedelta(minutes=1)
        attempt, _ = attempt_password(session, PASSWORD, now + timedelta(minutes=1))
        assert attempt.password_ok

    def test_S024_waits_double_up_to_fifteen_minutes(self, session, account, now):
        waits = []
        at = now
        for _ in range(10):
            attempt_password(session, "Autre-mot-1!", at)
            check = sign_in.prepare(session, BROWSER, account.email, now=at)
            if check.retry_at:
                waits.append(int((check.retry_at - at).total_seconds() / 60))
                at = check.retry_at
        assert waits == [1, 2, 4, 8, 15, 15]

    def test_S024_at_most_25_tries_a_day(self, session, account, now):
        at = now
        for _ in range(25):
            attempt_password(session, "Autre-mot-1!", at)
            at += timedelta(minutes=16)
        attempt, _ = attempt_password(session, PASSWORD, at)
        assert attempt.error == "sign_in.wait"
        assert attempt.retry_at == now + timedelta(hours=24)

    def test_S025_a_known_browser_has_its_own_counter(self, session, account, now):
        for _ in range(6):
            attempt_password(session, "Autre-mot-1!", now)
        known = device.remember_device(session, BROWSER, account, None, label="x", now=now)
        attempt, _ = attempt_password(session, PASSWORD, now, device_ids=[known])
        assert attempt.password_ok


class TestCode:
    def test_right_one_opens_a_session_once(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now)
        code = newest_code(session)
        done = submit(session, attempt, code, now)
        assert sessions.look_up(session, done.token, now=now).actor.account_id == account.id
        assert submit(session, attempt, code, now) is None

    def test_spaces_in_a_pasted_code_do_not_matter(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now)
        code = newest_code(session)
        assert submit(session, attempt, f" {code[:3]} {code[3:]} ", now)

    @pytest.mark.parametrize("typed", ["", "   ", "abc"])
    def test_an_empty_one_counts_as_no_try(self, session, account, now, typed):
        attempt, _ = attempt_password(session, PASSWORD, now)
        for _ in range(6):
            assert submit(session, attempt, typed, now) is None
        assert attempt.error == "code.empty"
        assert submit(session, attempt, newest_code(session), now)

    def test_S030_is_not_stored_in_clear(self, session, account, now):
        attempt_password(session, PASSWORD, now)
        stored = session.exec(select(OneTimeCode)).one()
        assert newest_code(session).encode() not in stored.code_mac

    def test_S031_lives_ten_minutes(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now)
        code = newest_code(session)
        assert submit(session, attempt, code, now + timedelta(minutes=10)) is None
        assert attempt.error == "code.expired"

    def test_S031_five_wrong_tries_kill_it(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now)
        code = newest_code(session)
        wrong = "000000" if code != "000000" else "111111"
        errors = []
        for _ in range(5):
            submit(session, attempt, wrong, now)
            errors.append(attempt.error)
        assert errors == ["code.wrong"] * 4 + ["code.too_many"]
        assert submit(session, attempt, code, now) is None

    def test_S031_belongs_to_its_attempt(self, session, account, now):
        first, _ = attempt_password(session, PASSWORD, now)
        other, _ = attempt_password(session, PASSWORD, now + timedelta(minutes=2))
        code_of_other = newest_code(session)
        assert submit(session, first, code_of_other, now + timedelta(minutes=2)) is None
        assert submit(session, other, code_of_other, now + timedelta(minutes=2))

    def test_S032_ten_wrong_ones_close_code_sign_in_and_tell_the_owner(self, session, account, now):
        at = now
        for _ in range(2):
            attempt, _ = attempt_password(session, PASSWORD, at)
            code = newest_code(session)
            for _ in range(5):
                submit(session, attempt, "000000" if code != "000000" else "111111", at)
            at += timedelta(minutes=10)
        told = session.exec(
            select(OutboxMessage).where(OutboxMessage.subject.contains("suspendues"))
        ).all()
        assert len(told) == 1
        attempt, _ = attempt_password(session, PASSWORD, at)
        assert submit(session, attempt, newest_code(session), at) is None
        assert attempt.error == "code.closed"

    def test_S033_resend_waits_then_kills_the_earlier_code(self, session, account, now):
        attempt, _ = attempt_password(session, PASSWORD, now)
        first = newest_code(session)
        sign_in_factor.choose_way(session, BROWSER, attempt, "", now=now + timedelta(seconds=59))
        assert attempt.error == "code.resend_wait"
        assert attempt.retry_at == now + timedelta(seconds=60)
        later = now + timedelta(seconds=60)
        sign_in_factor.choose_way(session, BROWSER, attempt, "", now=later)
        assert attempt.error == ""
        second = newest_code(session)
        if first != second:
            assert submit(session, attempt, first, later) is None
        assert submit(session, attempt, second, later)

    def test_S033_at_most_five_codes_an_hour(self, session, account, now):
        for minutes in range(0, 25, 5):
            attempt_password(session, PASSWORD, now + timedelta(minutes=minutes))
        attempt, _ = attempt_password(session, PASSWORD, now + timedelta(minutes=25))
        assert attempt.error == "code.too_many_sent"

    def test_nobody_skips_the_password(self, session, account, now):
        attempt, _ = attempt_password(session, "Autre-mot-1!", now)
        assert submit(session, attempt, "123456", now) is None
        sign_in_factor.choose_way(session, BROWSER, attempt, "", now=now)
        assert session.exec(select(OneTimeCode)).first() is None


class TestSession:
    @pytest.fixture
    def opened(self, session, account, now):
        return sessions.open_session(session, account, device="x", address="::1", now=now)

    def test_S050_only_the_digest_is_stored(self, session, opened):
        row, token = opened
        assert token.encode() not in row.token_digest
        assert len(row.token_digest) == 32

    def test_unknown_cookie_opens_nothing(self, session, opened, now):
        assert sessions.look_up(session, "unknown", now=now) is None
        assert sessions.look_up(session, "", now=now) is None

    def test_S052_idleness_ends_it(self, session, opened, now):
        _, token = opened
        assert sessions.look_up(session, token, now=now + timedelta(minutes=29, seconds=59))
        assert sessions.look_up(session, token, now=now + timedelta(minutes=30)) is None

    def test_S052_acts_keep_it_alive_up_to_twelve_hours(self, session, opened, now):
        _, token = opened
        at = now
        while at < now + timedelta(hours=12) - timedelta(minutes=20):
            at += timedelta(minutes=20)
            identity = sessions.look_up(session, token, now=at)
            sessions.touch(session, identity.actor, now=at)
        assert sessions.look_up(session, token, now=now + timedelta(hours=12)) is None

    def test_S053_sign_out_everywhere_ends_all(self, session, account, opened, now):
        _, first = opened
        _, second = sessions.open_session(session, account, device="y", address="", now=now)
        actor = sessions.look_up(session, second, now=now).actor
        assert sign_out.end_everywhere(session, actor, now=now) == 2
        assert sessions.look_up(session, first, now=now) is None
        assert sessions.look_up(session, second, now=now) is None

    def test_S053_the_eleventh_ends_the_oldest(self, session, account, now):
        tokens = [
            sessions.open_session(
                session, account, device="", address="", now=now + timedelta(seconds=n)
            )[1]
            for n in range(11)
        ]
        at = now + timedelta(minutes=1)
        open_ones = [sessions.look_up(session, token, now=at) is not None for token in tokens]
        assert open_ones == [False] + [True] * 10
        ended = session.exec(
            select(JournalEntry).where(
                JournalEntry.action == "session.ended", JournalEntry.result == "too_many"
            )
        ).one()
        assert ended.account_id == account.id

    def test_S053_a_disabled_account_is_out_at_once(self, session, account, opened, now):
        _, token = opened
        account.state = AccountState.SUSPENDED
        session.flush()
        assert sessions.look_up(session, token, now=now) is None
