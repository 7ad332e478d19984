"""Changes of identity: approved, refused, once, by somebody else (MM-40)."""

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
from app.models.account import Account
from app.models.identity_change import Decision, IdentityChange
from app.models.outbox import OutboxMessage
from app.models.professional import Professional
from app.services.account_list import list_accounts
from app.services.identity_change import IdentityTraits, ask_change, present_traits
from app.services.identity_review import approve_change, list_waiting_changes, refuse_change
from tests import factories


@pytest.fixture
def administrator(session, now):
    return factories.make_administrator(session, now)


def _ask(session, actor, now, **changes):
    return ask_change(session, actor, replace(present_traits(session, actor), **changes), now=now)


class TestApprove:
    def test_MM40_applies_it_everywhere(self, session, administrator, doctor, now):
        rpps = factories.unique_rpps()
        change_id = _ask(session, doctor, now, family_name="Martin-Duval", rpps=rpps)
        approve_change(session, administrator, change_id, now=now)
        account = session.get(Account, doctor.account_id)
        professional = session.get(Professional, doctor.professional_id)
        assert (account.family_name, professional.rpps) == ("Martin-Duval", rpps)
        found = list_accounts(session, administrator, query="duval", now=now)
        assert [row.id for row in found.rows] == [account.id]
        mails = session.execute(select(OutboxMessage)).scalars().all()
        assert [m.to for m in mails] == [account.email]

    def test_MM40_before_that_nothing_changes(self, session, administrator, doctor, now):
        _ask(session, doctor, now, family_name="Duval")
        row = list_waiting_changes(session, administrator, now=now).rows[0]
        assert (row.before.family_name, row.asked.family_name) == ("Martin", "Duval")
        assert session.get(Account, doctor.account_id).family_name == "Martin"

    def test_a_certified_identity_says_what_it_loses(self, session, administrator, doctor, now):
        session.get(Account, doctor.account_id).identity_certified_at = now
        change_id = _ask(session, doctor, now, given_name="Clara")
        assert list_waiting_changes(session, administrator, now=now).rows[0].loses_certification
        approve_change(session, administrator, change_id, now=now)
        assert session.get(Account, doctor.account_id).identity_certified_at is None

    def test_an_rpps_taken_meanwhile_is_refused(
        self, session, administrator, doctor, stranger, now
    ):
        taken = session.get(Professional, stranger.professional_id).rpps
        change_id = _ask(session, doctor, now, rpps=taken)
        with pytest.raises(Invalid) as raised:
            approve_change(session, administrator, change_id, now=now)
        assert raised.value.fields == {"rpps": "rpps.taken"}


class TestRefuse:
    def test_MM40_leaves_the_account_and_says_why(self, session, administrator, doctor, now):
        change_id = _ask(session, doctor, now, family_name="Duval")
        refuse_change(session, administrator, change_id, reason="Joignez un acte.", now=now)
        assert session.get(Account, doctor.account_id).family_name == "Martin"
        assert session.get(IdentityChange, change_id).decision is Decision.REFUSED
        mail = session.execute(select(OutboxMessage)).scalar_one()
        assert "Joignez un acte." in mail.text

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
    def test_needs_a_reason(self, session, administrator, doctor, now, reason):
        change_id = _ask(session, doctor, now, family_name="Duval")
        with pytest.raises(Invalid):
            refuse_change(session, administrator, change_id, reason=reason, now=now)


def test_once_decided_nothing_more(session, administrator, doctor, now):
    change_id = _ask(session, doctor, now, family_name="Duval")
    approve_change(session, administrator, change_id, now=now)
    with pytest.raises(Conflict, match="decided_meanwhile"):
        approve_change(session, administrator, change_id, now=now)
    with pytest.raises(Conflict, match="decided_meanwhile"):
        refuse_change(session, administrator, change_id, reason="Non.", now=now)


def test_S067_nobody_approves_their_own(session, administrator, now):
    change_id = ask_change(session, administrator, IdentityTraits("Mme", "Autre", "Nom"), now=now)
    with pytest.raises(RuleViolation, match="own_account"):
        approve_change(session, administrator, change_id, now=now)


def test_S060_only_administrators(session, administrator, doctor, stranger, patient_actor, now):
    change_id = _ask(session, doctor, now, family_name="Duval")
    acts = (
        lambda who: list_waiting_changes(session, who, now=now),
        lambda who: approve_change(session, who, change_id, now=now),
        lambda who: refuse_change(session, who, change_id, reason="x", now=now),
    )
    delegate = replace(stranger, on_behalf_of_id=administrator.account_id)
    for act in acts:
        for who in (doctor, patient_actor, delegate):
            with pytest.raises(Forbidden, match="administrators_only"):
                act(who)
        with pytest.raises(NotAuthenticated):
            act(ANONYMOUS)


def test_S061_what_is_not_there(session, administrator, now):
    with pytest.raises(NotFound, match=r"identity_change\.not_found"):
        approve_change(session, administrator, uuid4(), now=now)


def test_S066_fifty_answers_at_once_make_one(database, now):
    with unit_of_work(database) as session:
        people = [factories.make_administrator(session, now) for _ in range(2)]
        doctor = factories.make_professional(session, now)
        change_id = _ask(session, doctor, now, family_name="Duval")

    def decide(number):
        try:
            with unit_of_work(database) as session:
                if number % 2:
                    approve_change(session, people[0], change_id, now=now)
                else:
                    refuse_change(session, people[1], change_id, reason="Non.", now=now)
        except AppError as failure:
            return failure.code
        return "done"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(decide, range(50)))
    assert results.count("done") == 1
    with unit_of_work(database) as session:
        mails = session.execute(
            select(OutboxMessage).where(col(OutboxMessage.subject).contains("changement"))
        ).all()
        assert len(mails) == 1
