"""Members of a shared account: each names themselves with a code (MM-25, U-20)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.authz.actor import Actor, system
from app.db import keyring_of
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMessage
from app.services import member, session as sessions, sign_in, sign_in_factor
from app.services.member import NewMember
from tests import factories

BROWSER = Actor(address="203.0.113.9")
CODE = "407193"


@pytest.fixture
def account(session: Session, now: datetime) -> Account:
    return factories.make_account(
        session, now, role=Role.SECRETARY, email="s@exemple.test", shared_title="Secrétariat"
    )


@pytest.fixture
def manager(account: Account, now: datetime) -> Actor:
    """Whoever is signed in to the account, after a factor."""
    return replace(factories.actor_of(account), factor_at=now)


@pytest.fixture
def nadia(session: Session, account: Account, now: datetime):
    return add(session, system("registration"), account, now)


def add(session, actor, account, now, name="Brunet", code=CODE):
    new = NewMember("Mme", name, "Nadia")
    code_hash = member.hash_code(keyring_of(session), code)
    return member.create_member(session, actor, account.id, new, code_hash, now=now)


def factor_given(session, now):
    """An attempt whose password and code were right."""
    check = sign_in.prepare(session, BROWSER, "s@exemple.test", now=now)
    attempt, _ = sign_in.settle_password(
        session, BROWSER, check, is_right=True, next_path="", now=now
    )
    text = session.exec(
        select(OutboxMessage.text).order_by(OutboxMessage.created_at.desc())
    ).first()
    done = sign_in_factor.submit_code(
        session, BROWSER, attempt, text.split(": ")[1][:6], device_label="x", now=now
    )
    return attempt, done


def name_oneself(session, attempt, member_id, typed, now):
    check = sign_in_factor.prepare_member(session, BROWSER, attempt, member_id, now=now)
    is_right = member.check_code(keyring_of(session), check, typed)
    return sign_in_factor.settle_member(
        session, BROWSER, attempt, check, is_right=is_right, device_label="x", now=now
    )


class TestSignIn:
    def test_MM25_the_session_opens_once_somebody_named_themselves(
        self, session, account, nadia, now
    ):
        attempt, done = factor_given(session, now)
        assert (done, attempt.error) == (None, "")
        [row] = sign_in_factor.list_attempt_members(session, BROWSER, attempt)
        assert row.id == nadia
        done = name_oneself(session, attempt, nadia, f" {CODE} ", now)
        identity = sessions.look_up(session, done.token, now=now)
        assert (identity.actor.member_id, identity.actor.name) == (nadia, "Mme Nadia Brunet")
        opened = session.exec(
            select(JournalEntry).where(JournalEntry.action == "session.opened")
        ).one()
        assert opened.member_id == nadia

    def test_nobody_skips_the_factor(self, session, account, nadia, now):
        check = sign_in.prepare(session, BROWSER, "s@exemple.test", now=now)
        attempt, _ = sign_in.settle_password(
            session, BROWSER, check, is_right=True, next_path="", now=now
        )
        assert sign_in_factor.list_attempt_members(session, BROWSER, attempt) == ()
        with pytest.raises(NotFound):
            sign_in_factor.prepare_member(session, BROWSER, attempt, nadia, now=now)

    def test_one_factor_opens_one_session(self, session, account, nadia, now):
        attempt, _ = factor_given(session, now)
        assert name_oneself(session, attempt, nadia, CODE, now)
        assert name_oneself(session, attempt, nadia, CODE, now) is None

    def test_wrong_codes_wait_and_are_counted(self, session, account, nadia, now):
        attempt, _ = factor_given(session, now)
        for _ in range(5):
            assert name_oneself(session, attempt, nadia, "582640", now) is None
        assert attempt.error == "member.code_wrong"
        assert name_oneself(session, attempt, nadia, CODE, now) is None
        assert (attempt.error, attempt.retry_at) == ("code.wait", now + timedelta(minutes=1))

    def test_a_member_of_another_account_does_not_exist(self, session, account, nadia, now):
        other = factories.make_account(session, now, role=Role.SECRETARY, shared_title="Autre")
        stranger = add(session, system("registration"), other, now)
        attempt, _ = factor_given(session, now)
        with pytest.raises(NotFound):
            name_oneself(session, attempt, stranger, CODE, now)


class TestManaging:
    def test_a_second_person_is_added_after_a_fresh_factor(
        self, session, account, manager, nadia, now
    ):
        add(session, manager, account, now, name="Estève")
        names = [row.family_name for row in member.list_own_members(session, manager)]
        assert names == ["Brunet", "Estève"]
        stale = replace(manager, factor_at=None)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            add(session, stale, account, now)

    def test_in_ones_own_account_only(self, session, manager, nadia, now):
        other = factories.make_account(session, now, role=Role.SECRETARY, shared_title="Autre")
        with pytest.raises(NotFound):
            add(session, manager, other, now)
        stranger = replace(factories.actor_of(other), factor_at=now)
        with pytest.raises(NotFound):
            member.end_member(session, stranger, nadia, now=now)
        with pytest.raises(NotFound):
            member.change_code(session, stranger, nadia, "x", now=now)

    def test_an_account_of_one_person_has_no_members(self, session, now):
        alone = factories.make_account(session, now, role=Role.SECRETARY)
        with pytest.raises(RuleViolation):
            add(session, system("registration"), alone, now)

    def test_S053_leaving_ends_their_sign_ins(self, session, account, manager, nadia, now):
        attempt, _ = factor_given(session, now)
        done = name_oneself(session, attempt, nadia, CODE, now)
        with pytest.raises(RuleViolation):
            member.end_member(session, manager, nadia, now=now)
        add(session, manager, account, now, name="Estève")
        member.end_member(session, manager, nadia, now=now)
        assert sessions.look_up(session, done.token, now=now) is None

    def test_another_code_replaces_the_first(self, session, account, manager, nadia, now):
        code_hash = member.hash_code(keyring_of(session), "582640")
        member.change_code(session, manager, nadia, code_hash, now=now)
        attempt, _ = factor_given(session, now)
        assert name_oneself(session, attempt, nadia, CODE, now) is None
        assert name_oneself(session, attempt, nadia, "582640", now)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("407193", ""),
        (" 407193 ", ""),
        ("40719", "member.code_format"),
        ("4071930719307", "member.code_format"),
        ("40719a", "member.code_format"),
        ("٤٠٧١٩٣", "member.code_format"),
        ("000000", "member.code_easy"),
        ("123456", "member.code_easy"),
        ("654321", "member.code_easy"),
    ],
)
def test_codes_everybody_tries_first_are_refused(code, fault):
    assert member.code_fault(code) == fault


def test_every_fault_of_a_person_is_told_at_once():
    with pytest.raises(Invalid) as failure:
        member.read_member("Mme", " ", "", "1")
    assert set(failure.value.fields) == {"family_name", "given_name", "code"}
