"""Teams, workstations and the operator's door (PS-11, PS-16, S038, S053)."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.db import keyring_of
from app.errors import Forbidden, Invalid, NotAuthenticated, NotFound, RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.outbox import OutboxMessage
from app.models.session import SignInMethod
from app.services import operator, session as sessions, sign_in, team, workstation as workstations
from tests import factories
from tests.work import counted

PASSWORD = "Lierre-vert-42!"
BROWSER = Actor(address="203.0.113.9")


@pytest.fixture
def responsible(session: Session, now: datetime) -> Actor:
    """A pharmacist who gave a factor just now."""
    return replace(factories.make_professional(session, now), factor_at=now)


@pytest.fixture
def colleague(session: Session, now: datetime) -> Actor:
    return factories.make_professional(
        session,
        now,
        email="hugo@exemple.test",
        password_hash=keyring_of(session).hash_password(PASSWORD),
    )


@pytest.fixture
def member_id(session: Session, responsible: Actor, colleague: Actor, now: datetime):
    """Hugo, in the team, with the code 12."""
    invited = invite(session, responsible, now)
    team.accept_membership(session, colleague, invited, now=now)
    return invited


@pytest.fixture
def workstation(session: Session, responsible: Actor, now: datetime) -> str:
    """The token of a registered browser."""
    return workstations.register_workstation(session, responsible, "Comptoir 1", now=now)


def invite(session, actor, now, *, email="Hugo@exemple.test", code="12", key=None):
    return team.invite_member(session, actor, email, code, key=key or uuid4(), now=now)


def enter(session, token, code, password, now):
    """The whole door, as the endpoint does it."""
    place = workstations.find_workplace(session, BROWSER, token)
    if place is None:
        return None, "workstation.unknown", None
    check = operator.prepare(session, BROWSER, place, code, now=now)
    is_right = sign_in.check_password(keyring_of(session), check, password)
    return operator.settle(
        session,
        BROWSER,
        token,
        check,
        is_right=is_right,
        device_label="Firefox sur Linux",
        next_path="",
        now=now,
    )


class TestInviting:
    def test_once_whatever_the_number_of_clicks(self, session, responsible, now):
        key = uuid4()
        first = invite(session, responsible, now, key=key)
        assert invite(session, responsible, now, key=key) == first
        assert len(session.exec(select(OutboxMessage)).all()) == 1

    def test_S070_says_and_does_the_same_whether_or_not_the_address_has_an_account(
        self, session, database, responsible, colleague, now, monkeypatch
    ):
        invite(session, responsible, now, email="premier@exemple.test", code="11")
        with counted(database, monkeypatch) as known:
            invite(session, responsible, now)
        with counted(database, monkeypatch) as unknown:
            invite(session, responsible, now, email="personne@exemple.test", code="13")
        assert known == unknown
        rows = team.list_team(session, responsible)
        assert [(row.is_accepted, row.family_name) for row in rows] == [(False, "")] * 3

    @pytest.mark.parametrize(
        ("email", "code", "faults"),
        [
            ("", "", {"email": "email.format", "operator_code": "team.code_format"}),
            ("a@exemple.test", "1 2", {"operator_code": "team.code_format"}),
            ("a@exemple.test", "12", {"operator_code": "team.code_taken"}),
            ("hugo@exemple.test", "13", {"email": "team.already_in"}),
        ],
    )
    def test_faults_are_told_all_at_once(
        self, session, responsible, member_id, now, email, code, faults
    ):
        with pytest.raises(Invalid) as failure:
            invite(session, responsible, now, email=email, code=code)
        assert failure.value.fields == faults

    def test_S054_needs_a_fresh_factor(self, session, responsible, now):
        stale = replace(responsible, factor_at=now - timedelta(minutes=6))
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            invite(session, stale, now)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            workstations.register_workstation(session, stale, "x", now=now)

    def test_a_patient_or_a_secretariat_answers_for_no_team(self, session, now):
        for role in (Role.SECRETARY, Role.ADMINISTRATOR):
            account = factories.make_account(session, now, role=role)
            actor = replace(factories.actor_of(account), factor_at=now)
            with pytest.raises(Forbidden):
                invite(session, actor, now)

    def test_nobody_signed_out_does(self, session, now):
        with pytest.raises(NotAuthenticated):
            team.list_team(session, BROWSER)


class TestJoining:
    def test_the_person_of_the_address_joins(self, session, responsible, colleague, now):
        invited = invite(session, responsible, now)
        [seen] = team.list_memberships(session, colleague)
        assert (seen.operator_code, seen.is_accepted) == ("12", False)
        team.accept_membership(session, colleague, invited, now=now)
        [row] = team.list_team(session, responsible)
        assert row.is_accepted

    def test_a_stranger_does_not(self, session, responsible, colleague, now):
        invited = invite(session, responsible, now)
        stranger = factories.make_professional(session, now)
        for act in (team.accept_membership, team.end_membership):
            with pytest.raises(NotFound):
                act(session, stranger, invited, now=now)
        assert team.list_memberships(session, stranger) == ()

    def test_a_shared_account_does_not(self, session, responsible, now):
        account = factories.make_account(
            session, now, role=Role.SECRETARY, email="s@exemple.test", shared_title="Secrétariat"
        )
        invited = invite(session, responsible, now, email="s@exemple.test")
        with pytest.raises(RuleViolation):
            team.accept_membership(session, factories.actor_of(account), invited, now=now)


class TestOperator:
    def test_PS16_code_and_password_on_a_registered_workstation(
        self, session, colleague, member_id, workstation, now
    ):
        done, error, _ = enter(session, workstation, " 12 ", PASSWORD, now)
        assert error == ""
        actor = sessions.look_up(session, done.token, now=now).actor
        assert (actor.account_id, actor.method) == (colleague.account_id, SignInMethod.OPERATOR)
        assert actor.factor_at is None
        assert team.operator_code_of(session, actor) == "12"

    @pytest.mark.parametrize(
        ("code", "password"), [("12", "Autre-mot-1!"), ("13", PASSWORD), ("", PASSWORD)]
    )
    def test_a_wrong_code_or_password_says_the_same(
        self, session, member_id, workstation, now, code, password
    ):
        assert enter(session, workstation, code, password, now)[:2] == (None, "operator.wrong")

    def test_S038_nowhere_else(self, session, member_id, now):
        for token in ("", "unknown"):
            assert enter(session, token, "12", PASSWORD, now)[1] == "workstation.unknown"

    def test_not_before_the_invitation_is_accepted(
        self, session, responsible, colleague, workstation, now
    ):
        invite(session, responsible, now)
        assert enter(session, workstation, "12", PASSWORD, now)[1] == "operator.wrong"

    def test_S024_five_wrong_ones_wait(self, session, member_id, workstation, now):
        for _ in range(5):
            enter(session, workstation, "12", "Autre-mot-1!", now)
        _, error, retry_at = enter(session, workstation, "12", PASSWORD, now)
        assert (error, retry_at) == ("sign_in.wait", now + timedelta(minutes=1))

    def test_a_suspended_account_is_told_after_the_password(
        self, session, colleague, member_id, workstation, now
    ):
        session.get_one(Account, colleague.account_id).state = AccountState.SUSPENDED
        assert enter(session, workstation, "12", "Autre-mot-1!", now)[1] == "operator.wrong"
        assert enter(session, workstation, "12", PASSWORD, now)[1] == "sign_in.suspended"

    def test_S053_leaving_the_team_ends_the_sign_in(
        self, session, responsible, member_id, workstation, now
    ):
        done, _, _ = enter(session, workstation, "12", PASSWORD, now)
        team.end_membership(session, responsible, member_id, now=now)
        assert sessions.look_up(session, done.token, now=now) is None
        assert enter(session, workstation, "12", PASSWORD, now)[1] == "operator.wrong"

    def test_S053_ending_the_workstation_does_too(
        self, session, responsible, member_id, workstation, now
    ):
        done, _, _ = enter(session, workstation, "12", PASSWORD, now)
        [row] = workstations.list_workstations(session, responsible, workstation)
        assert (row.name, row.is_this_one, row.last_seen_at) == ("Comptoir 1", True, now)
        stranger = factories.make_professional(session, now)
        with pytest.raises(NotFound):
            workstations.end_workstation(session, stranger, row.id, now=now)
        workstations.end_workstation(session, responsible, row.id, now=now)
        assert sessions.look_up(session, done.token, now=now) is None
        assert enter(session, workstation, "12", PASSWORD, now)[1] == "workstation.unknown"

    def test_a_workstation_needs_a_name(self, session, responsible, now):
        with pytest.raises(Invalid):
            workstations.register_workstation(session, responsible, "  ", now=now)


def test_the_mail_of_an_invitation_opens_nothing_by_itself(session, responsible, now):
    invite(session, responsible, now)
    mail = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.created_at))).one()
    assert mail.text.count("http") == 1
    assert "/compte/equipe\n" in mail.text
