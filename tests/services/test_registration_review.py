"""The queue of registrations: two administrators for a professional, one for what a provider vouched for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
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
from app.models.identity_change import Decision
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMessage
from app.models.professional import Professional
from app.models.registration import (
    IdentitySource,
    Registration,
    RegistrationKind,
    RegistrationState,
)
from app.models.role_grant import RoleGrant
from app.services.registration_queue import ReviewStep, list_registrations
from app.services.registration_review import (
    approve_registration,
    read_registration,
    refuse_registration,
)
from tests import factories
from tests.registrations import make_registration


@pytest.fixture
def first(session, now):
    actor = factories.make_administrator(session, now, given_name="Aline", family_name="Perrot")
    return replace(actor, factor_at=now)


@pytest.fixture
def second(session, now):
    actor = factories.make_administrator(session, now, given_name="Marc", family_name="Vidal")
    return replace(actor, factor_at=now)


def _account(session, registration_id):
    registration = session.get(Registration, registration_id)
    return session.get(Account, registration.account_id)


def _mails(session, account):
    found = session.execute(select(OutboxMessage).where(col(OutboxMessage.to) == account.email))
    return [(m.subject, m.text) for m in found.scalars()]


def _grant_id(session, actor, registration_id, now):
    row = read_registration(session, actor, registration_id, now=now).row
    return row.first.grant_id if row.first else None


class TestFreshFactor:
    @pytest.mark.parametrize("is_certified", [False, True])
    def test_S054_a_role_is_given_after_a_factor_given_just_now(
        self, session, first, now, is_certified
    ):
        certified = {"certified_at": now} if is_certified else {}
        waiting = make_registration(session, now, **certified)
        for factor_at in (None, now - timedelta(minutes=5)):
            stale = replace(first, factor_at=factor_at)
            with pytest.raises(Forbidden, match=r"factor\.stale"):
                approve_registration(session, stale, waiting, now=now)
        state = session.get(Registration, waiting).state
        assert state is RegistrationState.TO_VALIDATE
        assert session.execute(select(RoleGrant)).first() is None


class TestTwoAdministrators:
    def test_S067_the_first_approval_opens_nothing(self, session, first, now):
        waiting = make_registration(session, now)
        done = approve_registration(session, first, waiting, now=now)
        assert done is ReviewStep.FIRST_OF_TWO
        assert _account(session, waiting).state is AccountState.PENDING
        assert _mails(session, _account(session, waiting)) == []

    def test_S067_the_same_person_does_not_confirm(self, session, first, now):
        waiting = make_registration(session, now)
        approve_registration(session, first, waiting, now=now)
        for grant_id in (None, _grant_id(session, first, waiting, now), uuid4()):
            with pytest.raises(RuleViolation, match=r"registration\.same_person"):
                approve_registration(session, first, waiting, grant_id=grant_id, now=now)
        assert _account(session, waiting).state is AccountState.PENDING

    def test_S067_another_person_confirms(self, session, first, second, now):
        waiting = make_registration(session, now)
        approve_registration(session, first, waiting, now=now)
        grant_id = _grant_id(session, second, waiting, now)
        done = approve_registration(session, second, waiting, grant_id=grant_id, now=now)
        assert done is ReviewStep.SECOND_OF_TWO
        account = _account(session, waiting)
        assert account.state is AccountState.ACTIVE
        rpps = session.get(Registration, waiting).rpps
        assert (
            session.execute(
                select(col(Professional.rpps)).where(col(Professional.account_id) == account.id)
            ).scalar_one()
            == rpps
        )
        assert [subject for subject, _ in _mails(session, account)] == [
            "Votre compte Liane est ouvert"
        ]
        grant = session.get(RoleGrant, grant_id)
        assert (grant.decision, grant.proposed_by_id, grant.decided_by_id) == (
            Decision.APPROVED,
            first.account_id,
            second.account_id,
        )

    def test_S067_the_database_refuses_one_person_twice(self, session, first, now):
        account = factories.make_account(session, now, role=Role.SECRETARY)
        grant = RoleGrant(
            account_id=account.id,
            role=Role.ADMINISTRATOR,
            proposed_by_id=first.account_id,
            proposed_at=now,
            decision=Decision.APPROVED,
            decided_by_id=first.account_id,
            decided_at=now,
        )
        session.flush()
        savepoint = session.begin_nested()
        session.add(grant)
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()

    def test_what_was_read_is_what_is_decided(self, session, first, second, now):
        waiting = make_registration(session, now)
        approve_registration(session, first, waiting, now=now)
        with pytest.raises(Conflict, match=r"registration\.review_changed"):
            approve_registration(session, second, waiting, grant_id=None, now=now)

    @pytest.mark.parametrize("source", [IdentitySource.PSC])
    def test_U04_a_certified_identity_takes_one(self, session, first, now, source):
        waiting = make_registration(session, now, source=source, certified_at=now)
        assert approve_registration(session, first, waiting, now=now) is ReviewStep.ACTIVATES
        assert _account(session, waiting).state is AccountState.ACTIVE

    def test_a_secretariat_takes_one(self, session, first, now):
        waiting = make_registration(session, now, kind=RegistrationKind.SECRETARY)
        assert approve_registration(session, first, waiting, now=now) is ReviewStep.ACTIVATES
        assert _account(session, waiting).state is AccountState.ACTIVE

    def test_an_rpps_of_another_account_is_refused(self, session, first, doctor, now):
        rpps = session.get(Professional, doctor.professional_id).rpps
        waiting = make_registration(session, now, rpps=rpps)
        with pytest.raises(RuleViolation, match=r"registration\.rpps_taken"):
            approve_registration(session, first, waiting, now=now)


class TestRefusal:
    def test_MM23_the_reason_is_mailed(self, session, first, now):
        waiting = make_registration(session, now)
        email = session.get(Registration, waiting).email
        refuse_registration(session, first, waiting, reason="RPPS d’une autre personne.", now=now)
        assert _account(session, waiting).state is AccountState.CLOSED
        mails = session.execute(
            select(col(OutboxMessage.text)).where(col(OutboxMessage.to) == email)
        ).scalars()
        assert ["RPPS d’une autre personne." in text for text in mails] == [True]

    @pytest.mark.parametrize(("reason", "code"), [
        ("", "registration.reason_missing"),
        (" \n ", "registration.reason_missing"),
        ("x" * 501, "text.too_long"),
    ])  # fmt: skip
    def test_needs_a_reason(self, session, first, now, reason, code):
        waiting = make_registration(session, now)
        with pytest.raises(Invalid) as raised:
            refuse_registration(session, first, waiting, reason=reason, now=now)
        assert raised.value.fields == {"reason": code}

    def test_after_a_first_approval_one_is_enough(self, session, first, second, now):
        waiting = make_registration(session, now)
        approve_registration(session, first, waiting, now=now)
        refuse_registration(session, second, waiting, reason="Inconnu.", now=now)
        grant = session.execute(select(RoleGrant)).scalar_one()
        assert grant.decision is Decision.REFUSED

    def test_nothing_more_once_decided(self, session, first, second, now):
        waiting = make_registration(session, now)
        refuse_registration(session, first, waiting, reason="Inconnu.", now=now)
        with pytest.raises(Conflict, match=r"registration\.decided_meanwhile"):
            approve_registration(session, second, waiting, now=now)
        with pytest.raises(Conflict, match=r"registration\.decided_meanwhile"):
            refuse_registration(session, second, waiting, reason="Non.", now=now)


class TestQueue:
    def test_oldest_first_then_what_was_decided(self, session, first, now):
        late = make_registration(session, now)
        early = make_registration(session, now - timedelta(days=1))
        done = make_registration(session, now, kind=RegistrationKind.SECRETARY)
        approve_registration(session, first, done, now=now)
        assert [r.id for r in list_registrations(session, first, now=now).rows] == [early, late]
        decided = list_registrations(session, first, decided=True, now=now)
        assert [r.id for r in decided.rows] == [done]
        assert (decided.waiting, decided.total) == (2, 1)

    def test_who_may_do_what_next(self, session, first, second, now):
        waiting = make_registration(session, now)
        approve_registration(session, first, waiting, now=now)
        steps = [list_registrations(session, who, now=now).rows[0].step for who in (first, second)]
        assert steps == [ReviewStep.OWN_FIRST, ReviewStep.SECOND_OF_TWO]

    def test_comes_25_at_a_time(self, session, first, now):
        for _ in range(27):
            make_registration(session, now)
        last = list_registrations(session, first, page=9, now=now)
        assert (len(last.rows), last.page, last.pages, last.waiting) == (2, 2, 2, 27)


class TestChecks:
    def test_shows_what_was_checked(self, session, first, now):
        waiting = make_registration(session, now)
        view = read_registration(session, first, waiting, now=now)
        assert view.checks.rpps_key is True
        assert view.checks.in_directory is False
        assert view.checks.names_match is None
        assert view.checks.rpps_free is True
        assert view.checks.email_proved is True
        assert view.row.state is RegistrationState.TO_VALIDATE

    def test_an_rpps_in_use_shows(self, session, first, doctor, now):
        rpps = session.get(Professional, doctor.professional_id).rpps
        waiting = make_registration(session, now, rpps=rpps)
        assert read_registration(session, first, waiting, now=now).checks.rpps_free is False

    def test_a_secretariat_has_no_number_to_check(self, session, first, now):
        waiting = make_registration(session, now, kind=RegistrationKind.SECRETARY)
        checks = read_registration(session, first, waiting, now=now).checks
        assert (checks.rpps_key, checks.in_directory, checks.rpps_free) == (None, None, None)

    def test_S130_reading_leaves_a_line(self, session, first, now):
        waiting = make_registration(session, now)
        read_registration(session, first, waiting, now=now)
        line = session.execute(
            select(JournalEntry).where(col(JournalEntry.action) == "registration.read")
        ).scalar_one()
        assert (line.account_id, line.object_id, line.patient_id) == (
            first.account_id,
            waiting,
            None,
        )


def test_S061_what_is_not_there_says_so(session, first, now):
    for act in (
        lambda: read_registration(session, first, uuid4(), now=now),
        lambda: approve_registration(session, first, uuid4(), now=now),
        lambda: refuse_registration(session, first, uuid4(), reason="x", now=now),
    ):
        with pytest.raises(NotFound, match=r"registration\.not_found"):
            act()


def test_S060_only_administrators(session, doctor, patient_actor, first, now):
    waiting = make_registration(session, now)
    secretary = factories.actor_of(factories.make_account(session, now, role=Role.SECRETARY))
    delegate = replace(doctor, on_behalf_of_id=first.account_id)
    owing = replace(first, owes_acceptance=True)
    acts = (
        lambda who: list_registrations(session, who, now=now),
        lambda who: read_registration(session, who, waiting, now=now),
        lambda who: approve_registration(session, who, waiting, now=now),
        lambda who: refuse_registration(session, who, waiting, reason="Non.", now=now),
    )
    for act in acts:
        for who in (doctor, patient_actor, secretary, delegate, owing):
            with pytest.raises(Forbidden):
                act(who)
        with pytest.raises(NotAuthenticated):
            act(ANONYMOUS)
    assert _account(session, waiting).state is AccountState.PENDING


def _people(session, now, number):
    """Administrators who gave a factor just now."""
    made = [factories.make_administrator(session, now) for _ in range(number)]
    return [replace(one, factor_at=now) for one in made]


@pytest.mark.parametrize("certified", [False, True])
def test_S066_fifty_approvals_at_once_make_one(database, now, certified):
    with unit_of_work(database) as session:
        people = _people(session, now, 5)
        waiting = make_registration(session, now, certified_at=now if certified else None)

    def approve(number):
        try:
            with unit_of_work(database) as session:
                return approve_registration(session, people[number % 5], waiting, now=now)
        except AppError as failure:
            return failure.code

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(approve, range(50)))
    with unit_of_work(database) as session:
        state = _account(session, waiting).state
        mails = len(_mails(session, _account(session, waiting)))
        grants = session.execute(select(RoleGrant)).scalars().all()
    if certified:
        assert results.count(ReviewStep.ACTIVATES) == 1
        assert (state, mails, len(grants)) == (AccountState.ACTIVE, 1, 0)
        assert set(results) == {ReviewStep.ACTIVATES, "registration.decided_meanwhile"}
    else:
        assert results.count(ReviewStep.FIRST_OF_TWO) == 1
        assert (state, mails, len(grants)) == (AccountState.PENDING, 0, 1)


def test_S066_an_approval_and_a_refusal_at_once_make_one(database, now):
    with unit_of_work(database) as session:
        people = _people(session, now, 2)
        waiting = make_registration(session, now, certified_at=now)

    def decide(number):
        try:
            with unit_of_work(database) as session:
                if number % 2:
                    approve_registration(session, people[0], waiting, now=now)
                else:
                    refuse_registration(session, people[1], waiting, reason="Non.", now=now)
        except AppError as failure:
            return failure.code
        return "done"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(decide, range(20)))
    assert results.count("done") == 1
