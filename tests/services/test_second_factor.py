"""Authenticator, recovery codes and the choice of a way, at sign-in and again before certain acts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.db import keyring_of
from app.errors import Forbidden, Invalid, NotFound
from app.models.account import Account
from app.models.contact_point import Phone
from app.models.factor import KnownDevice, RecoveryCode, TotpFactor
from app.models.outbox import Channel, OutboxMessage
from app.models.session import SignInMethod, SignInSession
from app.services import (
    confirmation,
    device,
    recovery_code,
    second_factor,
    session as sessions,
    sign_in,
    sign_in_factor,
    totp,
)
from app.services.session import Proof
from app.settings import get_settings
from tests import factories

PASSWORD = "Lierre-vert-42!"
BROWSER = Actor(address="203.0.113.9")
NUMBER = "+33639981227"


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits of the product, with a gateway for SMS."""
    monkeypatch.setenv("LIANE_MODE", "production")
    monkeypatch.setenv("LIANE_SMS_URL", "https://sms.exemple.test")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def account(session: Session, now: datetime) -> Account:
    return factories.make_account(
        session,
        now,
        email="claire@exemple.test",
        password_hash=keyring_of(session).hash_password(PASSWORD),
    )


@pytest.fixture
def signed_in(session: Session, account: Account, now: datetime) -> Actor:
    """Somebody who gave a factor just now."""
    _, token = sessions.open_session(session, account, device="x", address="::1", now=now)
    return sessions.look_up(session, token, now=now).actor


def add_totp(session, actor, now) -> pyotp.TOTP:
    seed = totp.start_totp(session, actor, now=now).seed
    application = pyotp.TOTP(seed)
    totp.confirm_totp(session, actor, application.at(now), now=now)
    return application


def add_phone(session, account, now, *, is_proved=True) -> Phone:
    phone = Phone(
        account_id=account.id,
        number=NUMBER,
        verified_at=now if is_proved else None,
        created_at=now,
    )
    session.add(phone)
    session.flush()
    return phone


def begin(session, now, *, device_ids=()):
    """A sign-in whose password was right."""
    check = sign_in.prepare(session, BROWSER, "claire@exemple.test", device_ids=device_ids, now=now)
    attempt, _ = sign_in.settle_password(
        session, BROWSER, check, is_right=True, next_path="", now=now
    )
    return attempt


def submit(session, attempt, code, now):
    return sign_in_factor.submit_code(
        session, BROWSER, attempt, code, device_label="Firefox sur Linux", now=now
    )


def sent(session: Session) -> list[OutboxMessage]:
    return list(
        session.exec(select(OutboxMessage).order_by(col(OutboxMessage.created_at).desc())).all()
    )


class TestTotp:
    def test_S034_160_bits_sealed(self, session, signed_in, now):
        enrolment = totp.start_totp(session, signed_in, now=now)
        assert len(enrolment.seed) == 32
        assert enrolment.address.startswith("otpauth://totp/Liane:")
        row = session.get_one(TotpFactor, signed_in.account_id)
        assert enrolment.seed.encode() not in row.sealed_seed
        assert totp.read_enrolment(session, signed_in, now=now) == enrolment

    def test_S034_opens_nothing_before_its_first_code(self, session, account, signed_in, now):
        seed = totp.start_totp(session, signed_in, now=now).seed
        assert not totp.has_totp(session, BROWSER, account.id)
        code = pyotp.TOTP(seed).at(now)
        assert not totp.check_totp(session, BROWSER, account.id, code, now=now)
        with pytest.raises(Invalid):
            totp.confirm_totp(session, signed_in, "000000", now=now + timedelta(minutes=1))

    @pytest.mark.parametrize(("steps", "is_right"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
    def test_S034_one_step_of_drift_each_way(
        self, session, account, signed_in, now, steps, is_right
    ):
        application = add_totp(session, signed_in, now)
        later = now + timedelta(minutes=10)
        code = application.at(later + steps * timedelta(seconds=30))
        assert totp.check_totp(session, BROWSER, account.id, code, now=later) == bool(is_right)

    def test_S034_a_step_is_never_taken_twice(self, session, account, signed_in, now):
        application = add_totp(session, signed_in, now)
        assert not totp.check_totp(session, BROWSER, account.id, application.at(now), now=now)
        later = now + timedelta(minutes=10)
        assert totp.check_totp(session, BROWSER, account.id, application.at(later), now=later)
        before = application.at(later - timedelta(seconds=30))
        for code in (application.at(later), before):
            assert not totp.check_totp(session, BROWSER, account.id, code, now=later)

    def test_S054_needs_a_fresh_factor(self, session, signed_in, now):
        stale = replace(signed_in, factor_at=now - timedelta(minutes=5))
        for act in (totp.start_totp, totp.remove_totp, recovery_code.make_recovery_codes):
            with pytest.raises(Forbidden, match=r"factor\.stale"):
                act(session, stale, now=now)

    def test_S053_S037_a_change_ends_the_others_and_is_told(self, session, account, signed_in, now):
        _, other = sessions.open_session(session, account, device="y", address="", now=now)
        add_totp(session, signed_in, now)
        assert sessions.look_up(session, other, now=now) is None
        assert sent(session)[0].subject == "La vérification en deux étapes de votre compte a changé"
        with pytest.raises(Invalid):
            totp.start_totp(session, signed_in, now=now)
        totp.remove_totp(session, signed_in, now=now)
        assert not totp.has_totp(session, BROWSER, account.id)
        with pytest.raises(NotFound):
            totp.remove_totp(session, signed_in, now=now)


class TestRecoveryCodes:
    def test_S035_ten_of_80_bits_kept_as_macs(self, session, account, signed_in, now):
        codes = recovery_code.make_recovery_codes(session, signed_in, now=now)
        assert len(set(codes)) == 10
        assert all(len(code.replace("-", "")) == 16 for code in codes)
        rows = session.exec(select(RecoveryCode)).all()
        assert not any(code.encode() in row.code_mac for code in codes for row in rows)

    def test_S035_each_is_used_once(self, session, account, signed_in, now):
        code, *_ = recovery_code.make_recovery_codes(session, signed_in, now=now)
        typed = f"  {code.upper().replace('-', ' ')} "
        assert recovery_code.use_recovery_code(session, BROWSER, account.id, typed, now=now)
        assert not recovery_code.use_recovery_code(session, BROWSER, account.id, code, now=now)
        assert recovery_code.count_left(session, BROWSER, account.id) == 9

    def test_S035_new_ones_replace_the_earlier(self, session, account, signed_in, now):
        old, *_ = recovery_code.make_recovery_codes(session, signed_in, now=now)
        recovery_code.make_recovery_codes(session, signed_in, now=now)
        assert not recovery_code.use_recovery_code(session, BROWSER, account.id, old, now=now)

    def test_another_accounts_code_opens_nothing(self, session, signed_in, now):
        code, *_ = recovery_code.make_recovery_codes(session, signed_in, now=now)
        other = factories.make_account(session, now)
        assert not recovery_code.use_recovery_code(session, BROWSER, other.id, code, now=now)


class TestWays:
    def test_ME028_with_one_place_the_code_leaves_at_once(self, session, account, now):
        attempt = begin(session, now)
        assert attempt.way is SignInMethod.EMAIL_CODE
        assert sent(session)[0].to == account.email

    def test_ME028_with_a_telephone_the_person_chooses(self, session, account, now):
        phone = add_phone(session, account, now)
        attempt = begin(session, now)
        assert (attempt.way, sent(session)) == (None, [])
        assert submit(session, attempt, "123456", now) is None
        assert attempt.error == "code.way_missing"
        sign_in_factor.choose_way(session, BROWSER, attempt, f"sms_code/{phone.id}", now=now)
        assert (attempt.way, attempt.masked_destination) == (
            SignInMethod.SMS_CODE,
            "•• •• •• •• 27",
        )
        [sms] = sent(session)
        assert (sms.channel, sms.to) == (Channel.SMS, NUMBER)
        done = submit(session, attempt, sms.text.split(": ")[1][:6], now)
        actor = sessions.look_up(session, done.token, now=now).actor
        assert (actor.method, actor.factor_at) == (SignInMethod.SMS_CODE, now)

    def test_S038_no_sms_to_a_number_that_was_not_proved(self, session, account, now):
        phone = add_phone(session, account, now, is_proved=False)
        attempt = begin(session, now)
        sign_in_factor.choose_way(session, BROWSER, attempt, f"sms_code/{phone.id}", now=now)
        assert attempt.error == "code.way_missing"
        assert [message.channel for message in sent(session)] == [Channel.EMAIL]

    def test_nor_to_somebody_elses(self, session, account, now):
        other = factories.make_account(session, now)
        phone = add_phone(session, other, now)
        attempt = begin(session, now)
        sign_in_factor.choose_way(session, BROWSER, attempt, f"sms_code/{phone.id}", now=now)
        assert attempt.error == "code.way_missing"

    def test_S038_the_application_comes_first_where_it_is_set(
        self, session, account, signed_in, now
    ):
        application = add_totp(session, signed_in, now)
        add_phone(session, account, now)
        later = now + timedelta(minutes=10)
        attempt = begin(session, later)
        ways = sign_in_factor.list_ways(session, BROWSER, attempt)
        assert [way.method for way in ways] == [
            SignInMethod.TOTP,
            SignInMethod.EMAIL_CODE,
            SignInMethod.SMS_CODE,
        ]
        assert attempt.way is SignInMethod.TOTP
        done = submit(session, attempt, application.at(later), later)
        assert sessions.look_up(session, done.token, now=later).actor.method is SignInMethod.TOTP

    def test_S032_wrong_codes_of_all_ways_count_together_and_a_recovery_code_still_works(
        self, session, account, signed_in, now
    ):
        add_totp(session, signed_in, now)
        code, *_ = recovery_code.make_recovery_codes(session, signed_in, now=now)
        later = now + timedelta(minutes=10)
        attempt = begin(session, later)
        for _ in range(10):
            submit(session, attempt, "000000", later)
        assert any("suspendues" in message.subject for message in sent(session))
        sign_in_factor.choose_way(session, BROWSER, attempt, "email_code", now=later)
        assert submit(session, attempt, "123456", later) is None
        assert attempt.error == "code.closed"
        sign_in_factor.choose_way(session, BROWSER, attempt, "recovery_code", now=later)
        assert submit(session, attempt, code, later)

    def test_S032_ten_codes_of_a_million_a_day_whatever_the_way(
        self, session, account, signed_in, now, monkeypatch
    ):
        """Counted, not guessed: how many codes would have opened the door in the tries a day bears."""
        add_totp(session, signed_in, now)
        compared = []
        real = totp.same
        monkeypatch.setattr(totp, "same", lambda a, b: compared.append(a) or real(a, b))
        later = now + timedelta(minutes=10)
        attempt = begin(session, later)
        errors = []
        for _ in range(12):
            submit(session, attempt, "000000", later)
            errors.append(attempt.error)
        assert errors == ["totp.wrong"] * 4 + ["code.closed"] * 8
        assert len(compared) == 3 + 3 + 3 + 1
        assert attempt.retry_at == later + timedelta(hours=24)
        assert sum("suspendues" in message.subject for message in sent(session)) == 1

    def test_S032_the_last_try_takes_the_present_step(self, session, account, signed_in, now):
        application = add_totp(session, signed_in, now)
        later = now + timedelta(minutes=10)
        attempt = begin(session, later)
        for _ in range(3):
            submit(session, attempt, "000000", later)
        assert submit(session, attempt, application.at(later), later)

    def test_S032_after_three_tries_at_the_application_one_code_by_mail_is_left(
        self, session, account, signed_in, now
    ):
        add_totp(session, signed_in, now)
        later = now + timedelta(minutes=10)
        attempt = begin(session, later)
        for _ in range(3):
            submit(session, attempt, "000000", later)
        sign_in_factor.choose_way(session, BROWSER, attempt, "email_code", now=later)
        right = sent(session)[0].text.split(": ")[1][:6]
        submit(session, attempt, "000000" if right != "000000" else "111111", later)
        assert attempt.error == "code.wrong"
        assert submit(session, attempt, right, later) is None
        assert attempt.error == "code.closed"

    def test_S032_S025_a_known_browser_is_not_shut_out(self, session, account, signed_in, now):
        application = add_totp(session, signed_in, now)
        known = device.remember_device(session, BROWSER, account, None, label="x", now=now)
        later = now + timedelta(minutes=10)
        attempt = begin(session, later)
        for _ in range(10):
            submit(session, attempt, "000000", later)
        attempt = begin(session, later, device_ids=[known])
        assert submit(session, attempt, application.at(later), later)

    def test_a_known_browser_guesses_no_faster_than_a_password(
        self, session, account, signed_in, now
    ):
        add_totp(session, signed_in, now)
        known = device.remember_device(session, BROWSER, account, None, label="x", now=now)
        attempt = begin(session, now, device_ids=[known])
        for _ in range(6):
            submit(session, attempt, "000000", now)
        assert (attempt.error, attempt.retry_at) == ("code.wait", now + timedelta(minutes=1))


class TestDevices:
    def test_S037_a_new_one_is_told_a_known_one_is_not(self, session, account, now):
        first = begin(session, now)
        done = submit(session, first, sent(session)[0].text.split(": ")[1][:6], now)
        told = [m for m in sent(session) if m.subject == "Nouvelle connexion à votre compte"]
        assert len(told) == 1
        assert "Firefox sur Linux" in told[0].text
        later = now + timedelta(minutes=10)
        again = begin(session, later, device_ids=[done.device_id])
        code = sent(session)[0].text.split(": ")[1][:6]
        assert submit(session, again, code, later).device_id == done.device_id
        assert len(session.exec(select(KnownDevice)).all()) == 1

    def test_S025_a_forgotten_or_old_one_is_not_known(self, session, account, now):
        known = device.remember_device(session, BROWSER, account, None, label="x", now=now)
        other = factories.make_account(session, now)
        find = device.find_device
        assert find(session, BROWSER, account.id, [known], now=now) == known
        assert find(session, BROWSER, other.id, [known], now=now) is None
        at = now + timedelta(days=90)
        assert find(session, BROWSER, account.id, [known], now=at) is None
        session.get_one(KnownDevice, known).forgotten_at = now
        session.flush()
        assert find(session, BROWSER, account.id, [known], now=now) is None


class TestConfirmation:
    def test_S054_S050_a_factor_again_opens_five_minutes_and_renews_the_token(
        self, session, account, now
    ):
        proof = Proof(method=SignInMethod.OPERATOR)
        row, token = sessions.open_session(
            session, account, device="x", address="", proof=proof, now=now
        )
        actor = sessions.look_up(session, token, now=now).actor
        assert confirmation.send_code(session, actor, "email_code", now=now).is_ok
        code = sent(session)[0].text.split(": ")[1][:6]
        outcome, _ = confirmation.confirm(session, actor, "email_code", "000000", now=now)
        assert outcome.error == "code.wrong"
        outcome, renewed = confirmation.confirm(session, actor, "email_code", code, now=now)
        assert outcome.is_ok
        assert sessions.look_up(session, token, now=now) is None
        fresh = sessions.look_up(session, renewed, now=now).actor
        assert (fresh.session_id, fresh.factor_at) == (row.id, now)
        assert fresh.method is SignInMethod.OPERATOR

    def test_S031_a_sign_in_code_confirms_nothing(self, session, account, signed_in, now):
        begin(session, now)
        code = sent(session)[0].text.split(": ")[1][:6]
        outcome, token = confirmation.confirm(session, signed_in, "email_code", code, now=now)
        assert (outcome.is_ok, token) == (False, "")

    def test_a_way_that_is_not_theirs_is_refused(self, session, account, signed_in, now):
        outcome, token = confirmation.confirm(session, signed_in, "totp", "123456", now=now)
        assert (outcome.error, token) == ("code.way_missing", "")

    def test_an_application_confirms(self, session, account, signed_in, now):
        application = add_totp(session, signed_in, now)
        later = now + timedelta(minutes=10)
        outcome, token = confirmation.confirm(
            session, signed_in, "totp", application.at(later), now=later
        )
        assert outcome.is_ok
        assert token
        row = session.get_one(SignInSession, signed_in.session_id)
        session.refresh(row)
        assert row.factor_at == later


def test_first_way_names():
    """What a form sends comes back as the same way."""
    ways = (second_factor.Way(SignInMethod.EMAIL_CODE), second_factor.Way(SignInMethod.TOTP))
    assert [second_factor.find_way(ways, second_factor.name_of(way)) for way in ways] == list(ways)
    assert second_factor.find_way(ways, "sms_code") is None
