"""Fifty at once: what is used once is used once, on both databases (S066)."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlmodel import Session, select

from app.authz.actor import Actor
from app.db import Database, keyring_of, unit_of_work
from app.models.account import Account
from app.models.outbox import OutboxMessage
from app.services import (
    password_reset,
    recovery_code,
    session as sessions,
    sign_in,
    sign_in_factor,
    team,
    totp,
)
from tests import factories

BROWSER = Actor(address="203.0.113.9")
TIMES = 50

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def account(database: Database, now: datetime) -> Account:
    with unit_of_work(database) as session:
        return factories.make_account(session, now, email="claire@exemple.test", password_hash="x")


def at_once(database: Database, act: Callable[[Session], object]) -> int:
    """How many of fifty uses at once succeed."""

    def one(_: int) -> bool:
        with unit_of_work(database) as session:
            return bool(act(session))

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, range(TIMES)))


def newest_text(database: Database) -> str:
    with unit_of_work(database) as session:
        return session.exec(
            select(OutboxMessage.text).order_by(OutboxMessage.created_at.desc())
        ).first()


def actor_of(database: Database, account: Account, now: datetime) -> Actor:
    with unit_of_work(database) as session:
        _, token = sessions.open_session(session, account, device="", address="", now=now)
        return sessions.look_up(session, token, now=now).actor


def begin(database: Database, now: datetime) -> str:
    """The token of an attempt whose password was right."""
    with unit_of_work(database) as session:
        check = sign_in.prepare(session, BROWSER, "claire@exemple.test", now=now)
        return sign_in.settle_password(
            session, BROWSER, check, is_right=True, next_path="", now=now
        )[1]


def submitting(token: str, code: str, now: datetime) -> Callable[[Session], object]:
    def act(session: Session) -> object:
        attempt = sign_in.access_attempt(session, token, now=now)
        if attempt is None:
            return None
        return sign_in_factor.submit_code(
            session, BROWSER, attempt, code, device_label="x", now=now
        )

    return act


def test_S066_a_code_opens_one_session(database, account, now):
    token = begin(database, now)
    code = re.search(r"\d{6}", newest_text(database))[0]
    assert at_once(database, submitting(token, code, now)) == 1


def test_S066_S034_a_step_of_an_application_opens_one_session(database, account, now):
    actor = actor_of(database, account, now)
    with unit_of_work(database) as session:
        application = pyotp.TOTP(totp.start_totp(session, actor, now=now).seed)
        totp.confirm_totp(session, actor, application.at(now - timedelta(seconds=30)), now=now)
    tokens = [begin(database, now) for _ in range(2)]
    code = application.at(now)
    assert at_once(database, submitting(tokens[0], code, now)) == 1
    assert at_once(database, submitting(tokens[1], code, now)) == 0


def test_S066_S032_fifty_guesses_at_once_are_four_tries(database, account, now, monkeypatch):
    actor = actor_of(database, account, now)
    with unit_of_work(database) as session:
        application = pyotp.TOTP(totp.start_totp(session, actor, now=now).seed)
        totp.confirm_totp(
            session,
            actor,
            application.at(now - timedelta(seconds=90)),
            now=now - timedelta(seconds=90),
        )
    tries = []
    real = totp.check_totp
    monkeypatch.setattr(
        totp, "check_totp", lambda *a, **more: tries.append(more["drift"]) or real(*a, **more)
    )
    assert at_once(database, submitting(begin(database, now), "0", now)) == 0
    assert sorted(tries) == [0, 1, 1, 1]


def test_S066_S035_a_recovery_code_is_used_once(database, account, now):
    actor = actor_of(database, account, now)
    with unit_of_work(database) as session:
        code, *_ = recovery_code.make_recovery_codes(session, actor, now=now)

    def use(session: Session) -> bool:
        return recovery_code.use_recovery_code(session, BROWSER, account.id, code, now=now)

    assert at_once(database, use) == 1


def test_S066_S036_a_link_sets_one_password(database, account, now):
    with unit_of_work(database) as session:
        password_reset.request_reset(session, BROWSER, account.email, now=now)
        new_hash = keyring_of(session).hash_password("Tisane-douce-17!")
    token = re.search(r"#(\S+)", newest_text(database))[1]

    def use(session: Session) -> bool:
        check = password_reset.prepare(session, BROWSER, token, now=now)
        if check is None:
            return False
        return password_reset.settle(session, BROWSER, check, new_hash, now=now)

    assert at_once(database, use) == 1


def test_S066_an_invitation_is_accepted_once(database, account, now):
    with unit_of_work(database) as session:
        responsible = replace(factories.make_professional(session, now), factor_at=now)
        invited = team.invite_member(
            session, responsible, account.email, "12", key=account.id, now=now
        )
    actor = actor_of(database, account, now)

    def accept(session: Session) -> bool:
        rows = team.list_memberships(session, actor)
        if any(row.is_accepted for row in rows):
            return False
        team.accept_membership(session, actor, invited, now=now)
        return True

    def tolerant(session: Session) -> bool:
        try:
            return accept(session)
        except Exception as failure:
            if "team.not_found" in str(failure):
                return False
            raise

    assert at_once(database, tolerant) == 1


def test_S024_failures_at_once_are_all_counted(database, account, now):
    with unit_of_work(database) as session:
        check = sign_in.prepare(session, BROWSER, account.email, now=now)

    def fail(session: Session) -> bool:
        attempt, _ = sign_in.settle_password(
            session, BROWSER, check, is_right=False, next_path="", now=now
        )
        return attempt.error == "sign_in.wrong"

    assert at_once(database, fail) == 5
