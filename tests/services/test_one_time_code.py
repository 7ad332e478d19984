"""Single-use codes for any purpose, and the link that may go with one (S030–S033, U-02)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.models.one_time_code import CodePurpose, OneTimeCode
from app.models.outbox import Channel, OutboxMessage
from app.services import one_time_code
from app.services.one_time_code import Subject
from app.settings import get_settings

BROWSER = Actor(address="203.0.113.9")
TO = "nouvelle@exemple.test"
NUMBER = "+33612345678"

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits of the product, not the easier ones of the demonstration."""
    monkeypatch.setenv("LIANE_MODE", "production")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def subject() -> Subject:
    return Subject(CodePurpose.REGISTRATION_EMAIL, uuid4())


def send(session, subject, now, *, channel=Channel.EMAIL, to=TO, link_path=""):
    return one_time_code.send_code(
        session, BROWSER, subject, channel=channel, to=to, link_path=link_path, now=now
    )


def check(session, subject, typed, now, **known):
    return one_time_code.check_code(session, BROWSER, subject, typed, now=now, **known)


def newest(session: Session) -> OutboxMessage:
    return session.exec(
        select(OutboxMessage).order_by(col(OutboxMessage.created_at).desc()).limit(1)
    ).one()


def digits(session: Session) -> str:
    return "".join(c for c in newest(session).text.split(" : ")[1][:7] if c.isdigit())


class TestCode:
    def test_S031_proves_once(self, session, subject, now):
        assert send(session, subject, now).is_ok
        code = digits(session)
        assert check(session, subject, f" {code[:3]} {code[3:]} ", now).is_ok
        assert check(session, subject, code, now).error == "code.missing"

    @pytest.mark.parametrize(
        "other",
        [
            lambda s: Subject(CodePurpose.CONTRACT, s.id),
            lambda s: Subject(s.purpose, uuid4()),
        ],
        ids=["purpose", "subject"],
    )
    def test_S031_opens_nothing_else(self, session, subject, now, other):
        send(session, subject, now)
        code = digits(session)
        assert check(session, other(subject), code, now).error == "code.missing"
        assert check(session, subject, code, now).is_ok

    @pytest.mark.parametrize(
        ("channel", "to", "minutes"), [(Channel.EMAIL, TO, 10), (Channel.SMS, NUMBER, 5)]
    )
    def test_S031_expires(self, session, subject, now, channel, to, minutes):
        send(session, subject, now, channel=channel, to=to)
        code = digits(session) if channel is Channel.EMAIL else newest(session).text.split()[2]
        late = now + timedelta(minutes=minutes)
        assert check(session, subject, code, late).error == "code.expired"
        assert check(session, subject, code, late - timedelta(seconds=1)).is_ok

    def test_S031_a_new_one_kills_the_older(self, session, subject, now):
        send(session, subject, now)
        older = digits(session)
        later = now + timedelta(seconds=61)
        send(session, subject, later)
        if digits(session) != older:
            assert check(session, subject, older, later).error == "code.wrong"
        assert check(session, subject, digits(session), later).is_ok

    def test_S031_five_wrong_tries_kill_it(self, session, subject, now):
        send(session, subject, now)
        code = digits(session)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        errors = [check(session, subject, wrong, now).error for _ in range(5)]
        assert errors == ["code.wrong"] * 4 + ["code.too_many"]
        assert check(session, subject, code, now).error == "code.too_many"

    def test_S030_is_not_stored_in_clear(self, session, subject, now):
        send(session, subject, now)
        code = session.exec(select(OneTimeCode)).one()
        assert digits(session).encode() not in code.code_mac


class TestLimits:
    def test_S033_waits_between_two_messages(self, session, subject, now):
        waits, at = [], now
        for _ in range(4):
            assert send(session, subject, at).is_ok
            refused = send(session, subject, at)
            assert refused.error == "code.resend_wait"
            waits.append(int((refused.retry_at - at).total_seconds()))
            at = refused.retry_at
        assert waits == [60, 120, 300, 300]

    def test_S033_five_an_hour_to_one_address(self, session, now):
        for _ in range(5):
            assert send(session, Subject(CodePurpose.REGISTRATION_EMAIL, uuid4()), now).is_ok
        refused = send(session, Subject(CodePurpose.REGISTRATION_EMAIL, uuid4()), now)
        assert (refused.error, refused.retry_at) == (
            "code.too_many_sent",
            now + timedelta(hours=1),
        )

    def test_S033_three_sms_an_hour_to_one_number(self, session, now):
        for _ in range(3):
            fresh = Subject(CodePurpose.REGISTRATION_PHONE, uuid4())
            assert send(session, fresh, now, channel=Channel.SMS, to=NUMBER).is_ok
        fresh = Subject(CodePurpose.REGISTRATION_PHONE, uuid4())
        assert send(session, fresh, now, channel=Channel.SMS, to=NUMBER).error == (
            "code.too_many_sent"
        )

    def test_S033_no_sms_to_a_country_off_the_list(self, session, subject, now):
        refused = send(session, subject, now, channel=Channel.SMS, to="+1202555010")
        assert refused.error == "code.country_not_served"
        assert session.exec(select(OutboxMessage)).all() == []

    def test_S033_the_site_has_a_daily_budget(self, session, now, monkeypatch):
        monkeypatch.setenv("LIANE_SMS_DAILY_BUDGET", "2")
        get_settings.cache_clear()
        sent = [
            send(
                session,
                Subject(CodePurpose.REGISTRATION_PHONE, uuid4()),
                now,
                channel=Channel.SMS,
                to=f"+3361234567{n}",
            ).error
            for n in range(3)
        ]
        assert sent == ["", "", "code.too_many_sent"]

    def test_S032_ten_wrong_codes_close_the_door_of_unknown_browsers(self, session, subject, now):
        at = now
        for _ in range(2):
            assert send(session, subject, at).is_ok
            wrong = f"{(int(digits(session)) + 1) % 1_000_000:06d}"
            for _ in range(5):
                check(session, subject, wrong, at)
            at += timedelta(minutes=2)
        send(session, subject, at)
        code = digits(session)
        closed = check(session, subject, code, at)
        last_wrong = now + timedelta(minutes=2)
        assert (closed.error, closed.retry_at) == ("code.closed", last_wrong + timedelta(hours=24))
        assert check(session, subject, code, at, is_known_browser=True).is_ok


class TestLink:
    def token(self, session: Session) -> str:
        return newest(session).text.partition("#")[2].split()[0]

    def test_U02_the_link_proves_as_much_as_the_code(self, session, subject, now):
        send(session, subject, now, link_path="/inscription/email")
        found = one_time_code.use_link(
            session, BROWSER, subject.purpose, self.token(session), now=now
        )
        assert found is not None
        assert (found.subject_id, found.sent_to) == (subject.id, TO)

    def test_U02_either_one_uses_up_both(self, session, subject, now):
        send(session, subject, now, link_path="/inscription/email")
        assert check(session, subject, digits(session), now).is_ok
        token = self.token(session)
        assert one_time_code.use_link(session, BROWSER, subject.purpose, token, now=now) is None

    @pytest.mark.parametrize("late", [timedelta(hours=24), timedelta(days=3)])
    def test_expires(self, session, subject, now: datetime, late):
        send(session, subject, now, link_path="/inscription/email")
        token = self.token(session)
        found = one_time_code.use_link(session, BROWSER, subject.purpose, token, now=now + late)
        assert found is None

    def test_of_another_purpose_opens_nothing(self, session, subject, now):
        send(session, subject, now, link_path="/inscription/email")
        token = self.token(session)
        found = one_time_code.use_link(session, BROWSER, CodePurpose.EMAIL_ADDRESS, token, now=now)
        assert found is None
