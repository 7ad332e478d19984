"""Accounts as administrators keep them: found, suspended, reactivated, closed; the administrator role."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.db import unit_of_work
from app.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RuleViolation,
)
from app.models.account import Account, AccountState, Role
from app.models.contact_point import EmailAddress
from app.models.identity_change import Decision
from app.models.outbox import OutboxMessage
from app.models.professional import Professional
from app.models.role_grant import RoleGrant
from app.models.session import SignInSession
from app.services import session as sessions
from app.services.account_admin import (
    close_account,
    end_sign_ins,
    reactivate_account,
    read_account,
    suspend_account,
)
from app.services.account_list import list_accounts
from app.services.role_grant import (
    confirm_administrator,
    list_grants,
    propose_administrator,
    refuse_grant,
)
from tests import factories


@pytest.fixture
def administrator(session, now):
    return replace(
        factories.make_administrator(session, now, given_name="Aline", family_name="Perrot"),
        factor_at=now,
    )


@pytest.fixture
def colleague(session, now):
    return replace(
        factories.make_administrator(session, now, given_name="Marc", family_name="Vidal"),
        factor_at=now,
    )


@pytest.fixture
def secretary(session, now):
    return factories.make_account(
        session, now, role=Role.SECRETARY, given_name="Nadia", family_name="Brunel"
    )


def _open(session, account_id, now):
    row, token = sessions.open_session(
        session, session.get(Account, account_id), device="Firefox", address="", now=now
    )
    session.flush()
    return row, token


class TestList:
    def test_finds_by_words_in_any_order(self, session, administrator, doctor, now):
        found = list_accounts(session, administrator, query="clai MARTIN", now=now)
        assert [row.id for row in found.rows] == [doctor.account_id]

    def test_accents_do_not_matter(self, session, administrator, now):
        account = factories.make_account(session, now, given_name="Zoé", family_name="Lefèvre")
        found = list_accounts(session, administrator, query="lefevre zoe", now=now)
        assert [row.id for row in found.rows] == [account.id]

    def test_finds_by_email_and_rpps(self, session, administrator, doctor, now):
        account = session.get(Account, doctor.account_id)
        session.add(
            EmailAddress(
                account_id=account.id, address="claire.martin@chu.example", verified_at=now
            )
        )
        session.flush()
        rpps = session.get(Professional, doctor.professional_id).rpps
        for query in ("claire.martin@chu", "CLAIRE.MARTIN@chu.example", rpps, rpps[:9] + " "):
            ids = {
                row.id for row in list_accounts(session, administrator, query=query, now=now).rows
            }
            assert doctor.account_id in ids, query

    def test_filters(self, session, administrator, doctor, secretary, now):
        secretary.state = AccountState.SUSPENDED
        session.flush()
        roles = list_accounts(session, administrator, role=Role.SECRETARY, now=now)
        states = list_accounts(session, administrator, state=AccountState.SUSPENDED, now=now)
        assert [r.id for r in roles.rows] == [r.id for r in states.rows] == [secretary.id]

    def test_nothing_found(self, session, administrator, doctor, now):
        for query in ("zzzz", "@", "!!", "martin nobody"):
            assert list_accounts(session, administrator, query=query, now=now).total == 0

    def test_comes_25_at_a_time_by_name(self, session, administrator, now):
        for number in range(30):
            factories.make_account(session, now, family_name=f"Nom{number:02d}", given_name="A")
        found = list_accounts(session, administrator, query="nom", page=2, now=now)
        assert (found.total, found.pages, len(found.rows)) == (30, 2, 5)
        assert [r.family_name for r in found.rows] == [f"Nom{n}" for n in range(25, 30)]


class TestSuspend:
    def test_S053_ends_what_is_open(self, session, administrator, doctor, now):
        _, token = _open(session, doctor.account_id, now)
        suspend_account(session, administrator, doctor.account_id, reason="Départ.", now=now)
        assert sessions.look_up(session, token, now=now) is None
        assert session.get(Account, doctor.account_id).state is AccountState.SUSPENDED
        mail = session.execute(select(OutboxMessage)).scalar_one()
        assert "Départ." in mail.text

    def test_reactivating_gives_back_what_was(self, session, administrator, doctor, now):
        suspend_account(session, administrator, doctor.account_id, reason="Départ.", now=now)
        reactivate_account(session, administrator, doctor.account_id, now=now)
        _, token = _open(session, doctor.account_id, now)
        found = sessions.look_up(session, token, now=now)
        assert found is not None
        assert found.actor.professional_id == doctor.professional_id

    def test_closing_is_for_good(self, session, administrator, doctor, now):
        close_account(session, administrator, doctor.account_id, reason="Retraite.", now=now)
        for act in (suspend_account, reactivate_account, close_account):
            with pytest.raises(Conflict):
                act(session, administrator, doctor.account_id, reason="x", now=now)

    def test_twice_is_a_conflict(self, session, administrator, doctor, now):
        suspend_account(session, administrator, doctor.account_id, reason="x", now=now)
        with pytest.raises(Conflict, match="changed_meanwhile"):
            suspend_account(session, administrator, doctor.account_id, reason="x", now=now)

    def test_needs_a_reason(self, session, administrator, doctor, now):
        for act in (suspend_account, close_account):
            with pytest.raises(Invalid):
                act(session, administrator, doctor.account_id, reason=" ", now=now)

    def test_S054_needs_a_fresh_factor(self, session, administrator, doctor, now):
        stale = replace(administrator, factor_at=None)
        for act in (suspend_account, reactivate_account, close_account):
            with pytest.raises(Forbidden, match=r"factor\.stale"):
                act(session, stale, doctor.account_id, reason="x", now=now)

    def test_a_registration_is_decided_in_its_queue(self, session, administrator, now):
        account = factories.make_account(session, now, state=AccountState.PENDING)
        with pytest.raises(RuleViolation, match="pending"):
            suspend_account(session, administrator, account.id, reason="x", now=now)

    def test_S067_never_oneself(self, session, administrator, colleague, now):
        for act in (suspend_account, close_account):
            with pytest.raises(RuleViolation, match="own_account"):
                act(session, administrator, administrator.account_id, reason="x", now=now)

    def test_S067_two_who_act_on_each_other_leave_one(self, database, now):
        with unit_of_work(database) as session:
            people = [
                replace(factories.make_administrator(session, now), factor_at=now) for _ in range(2)
            ]

        def act(number):
            try:
                with unit_of_work(database) as session:
                    suspend_account(
                        session,
                        people[number % 2],
                        people[1 - number % 2].account_id,
                        reason="x",
                        now=now,
                    )
            except AppError as failure:
                return failure.code
            return "done"

        with ThreadPoolExecutor(10) as pool:
            results = list(pool.map(act, range(50)))
        assert results.count("done") == 1
        assert "account_admin.last_administrator" in results


class TestSignIns:
    def test_shows_and_ends_one(self, session, administrator, doctor, now):
        one, _ = _open(session, doctor.account_id, now)
        other, token = _open(session, doctor.account_id, now)
        view = read_account(session, administrator, doctor.account_id, now=now)
        assert {row.id for row in view.sign_ins} == {one.id, other.id}
        end_sign_ins(session, administrator, doctor.account_id, session_id=other.id, now=now)
        assert sessions.look_up(session, token, now=now) is None
        view = read_account(session, administrator, doctor.account_id, now=now)
        assert [row.id for row in view.sign_ins] == [one.id]

    def test_ends_all(self, session, administrator, doctor, now):
        for _ in range(3):
            _open(session, doctor.account_id, now)
        assert end_sign_ins(session, administrator, doctor.account_id, now=now) == 3
        left = session.execute(
            select(SignInSession).where(col(SignInSession.ended_at).is_(None))
        ).all()
        assert left == []

    def test_S061_a_sign_in_of_another_account_does_not_exist(
        self, session, administrator, doctor, stranger, now
    ):
        row, _ = _open(session, stranger.account_id, now)
        for session_id in (row.id, uuid4()):
            with pytest.raises(NotFound, match="sign_in_not_found"):
                end_sign_ins(
                    session, administrator, doctor.account_id, session_id=session_id, now=now
                )


class TestAdministratorRole:
    def test_S067_takes_two(self, session, administrator, colleague, secretary, now):
        _, token = _open(session, secretary.id, now)
        grant_id = propose_administrator(
            session, administrator, secretary.id, reason="Remplace Aline.", now=now
        )
        assert session.get(Account, secretary.id).role is Role.SECRETARY
        with pytest.raises(RuleViolation, match="same_person"):
            confirm_administrator(session, administrator, grant_id, now=now)
        assert [g.is_own for g in list_grants(session, colleague)] == [False]
        confirm_administrator(session, colleague, grant_id, now=now)
        assert session.get(Account, secretary.id).role is Role.ADMINISTRATOR
        assert sessions.look_up(session, token, now=now) is None
        with pytest.raises(Conflict, match="decided_meanwhile"):
            confirm_administrator(session, colleague, grant_id, now=now)

    def test_asking_twice_makes_one_proposal(
        self, session, administrator, colleague, secretary, now
    ):
        first = propose_administrator(session, administrator, secretary.id, reason="x", now=now)
        assert (
            propose_administrator(session, administrator, secretary.id, reason="x", now=now)
            == first
        )
        with pytest.raises(Conflict, match="proposed_meanwhile"):
            propose_administrator(session, colleague, secretary.id, reason="x", now=now)

    def test_is_for_nobody_who_treats_or_is_treated(
        self, session, administrator, doctor, patient_actor, now
    ):
        shared = factories.make_account(
            session, now, role=Role.SECRETARY, shared_title="Secrétariat"
        )
        for account_id in (doctor.account_id, patient_actor.account_id, shared.id):
            with pytest.raises(RuleViolation, match="not_eligible"):
                propose_administrator(session, administrator, account_id, reason="x", now=now)

    def test_can_be_taken_back_or_refused(self, session, administrator, colleague, secretary, now):
        for who, decision in (
            (administrator, Decision.WITHDRAWN),
            (colleague, Decision.REFUSED),
        ):
            grant_id = propose_administrator(
                session, administrator, secretary.id, reason="x", now=now
            )
            refuse_grant(session, who, grant_id, now=now)
            assert session.get(RoleGrant, grant_id).decision is decision
        assert list_grants(session, administrator) == ()

    def test_S054_needs_a_fresh_factor(self, session, administrator, colleague, secretary, now):
        stale = replace(administrator, factor_at=None)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            propose_administrator(session, stale, secretary.id, reason="x", now=now)
        grant_id = propose_administrator(session, administrator, secretary.id, reason="x", now=now)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            confirm_administrator(session, replace(colleague, factor_at=None), grant_id, now=now)

    def test_S066_fifty_confirmations_at_once_make_one(self, database, now):
        with unit_of_work(database) as session:
            people = [
                replace(factories.make_administrator(session, now), factor_at=now) for _ in range(3)
            ]
            account = factories.make_account(session, now, role=Role.SECRETARY)
            grant_id = propose_administrator(session, people[0], account.id, reason="x", now=now)

        def confirm(number):
            try:
                with unit_of_work(database) as session:
                    confirm_administrator(session, people[number % 3], grant_id, now=now)
            except AppError as failure:
                return failure.code
            return "done"

        with ThreadPoolExecutor(10) as pool:
            results = list(pool.map(confirm, range(50)))
        assert results.count("done") == 1


def test_S060_only_administrators(session, doctor, patient_actor, administrator, secretary, now):
    target = factories.make_account(session, now)
    grant_id = propose_administrator(session, administrator, secretary.id, reason="x", now=now)
    acts = (
        lambda who: list_accounts(session, who, now=now),
        lambda who: read_account(session, who, target.id, now=now),
        lambda who: end_sign_ins(session, who, target.id, now=now),
        lambda who: suspend_account(session, who, target.id, reason="x", now=now),
        lambda who: reactivate_account(session, who, target.id, now=now),
        lambda who: close_account(session, who, target.id, reason="x", now=now),
        lambda who: list_grants(session, who),
        lambda who: propose_administrator(session, who, secretary.id, reason="x", now=now),
        lambda who: confirm_administrator(session, who, grant_id, now=now),
        lambda who: refuse_grant(session, who, grant_id, now=now),
    )
    people = [
        replace(who, factor_at=now)
        for who in (
            doctor,
            patient_actor,
            factories.actor_of(secretary),
            replace(doctor, on_behalf_of_id=administrator.account_id),
        )
    ]
    for act in acts:
        for who in people:
            with pytest.raises(Forbidden, match="administrators_only"):
                act(who)
        with pytest.raises(NotAuthenticated):
            act(ANONYMOUS)
    assert session.get(Account, target.id).state is AccountState.ACTIVE


def test_S061_an_account_that_is_not_there(session, administrator, now):
    for act in (
        lambda: read_account(session, administrator, uuid4(), now=now),
        lambda: end_sign_ins(session, administrator, uuid4(), now=now),
        lambda: suspend_account(session, administrator, uuid4(), reason="x", now=now),
        lambda: propose_administrator(session, administrator, uuid4(), reason="x", now=now),
    ):
        with pytest.raises(NotFound, match=r"account_admin\.not_found"):
            act()
