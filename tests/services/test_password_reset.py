"""Forgotten password and « identifiant »: told by mail, never on the screen (S036, S070, U-07)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.db import keyring_of
from app.models.account import Account, AccountState
from app.models.contact_point import EmailAddress
from app.models.factor import PasswordReset
from app.models.outbox import OutboxMessage
from app.services import password_reset, session as sessions, sign_in
from app.settings import get_settings
from tests import factories

BROWSER = Actor(address="203.0.113.9")
OLD, NEW = "Lierre-vert-42!", "Tisane-douce-17!"


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits of the product."""
    monkeypatch.setenv("LIANE_MODE", "production")
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
        login_name="cmartin",
        password_hash=keyring_of(session).hash_password(OLD),
    )


def mails(session: Session) -> list[OutboxMessage]:
    return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.created_at))).all())


def ask(session, now, email="claire@exemple.test") -> str:
    password_reset.request_reset(session, BROWSER, email, now=now)
    return re.search(r"/connexion/nouveau-mot-de-passe#(\S+)", mails(session)[-1].text)[1]


def opens(session, password, now) -> bool:
    check = sign_in.prepare(session, BROWSER, "claire@exemple.test", now=now)
    return sign_in.check_password(keyring_of(session), check, password)


class TestLink:
    def test_S036_256_bits_of_which_the_digest_is_kept(self, session, account, now):
        token = ask(session, now)
        assert len(token) >= 43
        [row] = session.exec(select(PasswordReset)).all()
        assert (len(row.token_digest), row.expires_at) == (32, now + timedelta(minutes=30))
        assert token.encode() not in row.token_digest

    def test_S036_sets_another_password_once_and_ends_the_sign_ins(self, session, account, now):
        _, open_token = sessions.open_session(session, account, device="", address="", now=now)
        check = password_reset.prepare(session, BROWSER, ask(session, now), now=now)
        assert opens(session, OLD, now)
        new_hash = keyring_of(session).hash_password(NEW)
        assert password_reset.settle(session, BROWSER, check, new_hash, now=now)
        assert not password_reset.settle(session, BROWSER, check, new_hash, now=now)
        assert (opens(session, OLD, now), opens(session, NEW, now)) == (False, True)
        assert sessions.look_up(session, open_token, now=now) is None
        assert mails(session)[-1].subject == "Votre mot de passe a changé"

    def test_S036_does_not_bypass_the_second_factor(self, session, account, now):
        check = password_reset.prepare(session, BROWSER, ask(session, now), now=now)
        new_hash = keyring_of(session).hash_password(NEW)
        password_reset.settle(session, BROWSER, check, new_hash, now=now)
        found = sign_in.prepare(session, BROWSER, account.email, now=now)
        attempt, _ = sign_in.settle_password(
            session, BROWSER, found, is_right=True, next_path="", now=now
        )
        assert (attempt.password_ok, attempt.factor_at) == (True, None)

    @pytest.mark.parametrize("minutes", [30, 31])
    def test_S036_ends_after_thirty_minutes(self, session, account, now, minutes):
        token = ask(session, now)
        later = now + timedelta(minutes=minutes)
        assert password_reset.prepare(session, BROWSER, token, now=later) is None

    def test_a_new_link_kills_the_earlier(self, session, account, now):
        first, second = ask(session, now), ask(session, now)
        assert password_reset.prepare(session, BROWSER, first, now=now) is None
        assert password_reset.prepare(session, BROWSER, second, now=now)

    @pytest.mark.parametrize("token", ["", "x", "é" * 50])
    def test_any_other_opens_nothing(self, session, account, now, token):
        assert password_reset.prepare(session, BROWSER, token, now=now) is None

    @pytest.mark.parametrize(
        ("password", "again", "faults"),
        [
            ("", "", {"password": "password.missing"}),
            (
                "court",
                "x",
                {"password": "password.too_short", "password_again": "password.not_the_same"},
            ),
            ("Claire-2024!", "Claire-2024!", {"password": "password.known"}),
            (NEW, NEW + " ", {"password_again": "password.not_the_same"}),
            (NEW, NEW, {}),
        ],
    )
    def test_S020_S021_what_is_wrong_is_told_all_at_once(
        self, session, account, now, password, again, faults
    ):
        account.given_name = "Claire"
        check = password_reset.prepare(session, BROWSER, ask(session, now), now=now)
        assert password_reset.faults(check, password, again) == faults


class TestAsking:
    def test_S070_nothing_leaves_for_an_unknown_address(self, session, account, now):
        for email in ("personne@exemple.test", "", "@", "x" * 300):
            password_reset.request_reset(session, BROWSER, email, now=now)
            password_reset.remind_identifier(session, BROWSER, email, now=now)
        assert mails(session) == []

    @pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.CLOSED])
    def test_nor_for_an_account_that_opens_nothing(self, session, account, now, state):
        account.state = state
        password_reset.request_reset(session, BROWSER, account.email, now=now)
        assert mails(session) == []

    def test_a_second_proved_address_receives_it(self, session, account, now):
        session.add(
            EmailAddress(account_id=account.id, address="autre@exemple.test", verified_at=now)
        )
        session.flush()
        ask(session, now, "Autre@exemple.test ")
        assert mails(session)[-1].to == "autre@exemple.test"

    def test_U07_the_identifier_is_sent(self, session, account, now):
        password_reset.remind_identifier(session, BROWSER, account.email, now=now)
        [mail] = mails(session)
        assert mail.to == account.email
        assert "claire@exemple.test ou cmartin" in mail.text

    def test_S033_at_most_five_an_hour_for_an_account(self, session, account, now):
        for _ in range(7):
            password_reset.request_reset(session, BROWSER, account.email, now=now)
        assert len(mails(session)) == 5

    def test_at_most_twenty_an_hour_from_one_place(self, session, account, now):
        for n in range(20):
            password_reset.request_reset(session, BROWSER, f"p{n}@exemple.test", now=now)
        password_reset.request_reset(session, BROWSER, account.email, now=now)
        assert mails(session) == []
