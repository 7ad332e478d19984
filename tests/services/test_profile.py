"""One's own profile, and the changes an administrator approves (MM-35 to MM-40)."""

from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import Actor
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.identity_change import Decision, IdentityChange
from app.models.professional import Professional
from app.services import identity_change, profile
from tests import factories
from tests.services.own_account import delegate_of, signed_in


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


@pytest.fixture
def administrator(session, now) -> Actor:
    return signed_in(session, factories.make_administrator(session, now), now)


def save(session, actor, now, key=None, **fields):
    return profile.save_profile(session, actor, fields, key=key or uuid4(), now=now)


def waiting(session, actor) -> list[IdentityChange]:
    return list(
        session.exec(
            select(IdentityChange).where(
                IdentityChange.account_id == actor.account_id,
                IdentityChange.decision == Decision.WAITING,
            )
        )
    )


class TestRead:
    def test_MM36_shows_all_of_it(self, session, me, now):
        found = profile.read_profile(session, me, now=now)
        assert (found.traits.civility, found.traits.family_name) == ("Dre", "Martin")
        assert found.exercise is not None
        assert found.exercise.speciality == "oncologue"
        assert found.email == session.get_one(Account, me.account_id).email
        assert found.change is None

    def test_a_patient_reads_how_they_are_known(self, session, patient_actor, now):
        found = profile.read_profile(session, patient_actor, now=now)
        assert found.role is Role.PATIENT
        assert found.patient is not None
        assert found.patient.birth_name == "Lefèvre"

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other, now):
        with pytest.raises(Forbidden):
            profile.read_profile(session, delegate_of(me, other), now=now)


class TestSave:
    def test_MM39_professional_information_counts_at_once(self, session, me, now):
        saved = save(session, me, now, speciality="hématologue")
        assert (saved.has_changed, saved.change_id) == (True, None)
        row = session.exec(
            select(Professional).where(Professional.account_id == me.account_id)
        ).one()
        assert row.speciality == "hématologue"

    def test_MM40_identity_waits_and_the_account_stays(self, session, me, now):
        saved = save(session, me, now, family_name="Durand", civility="Pre")
        assert saved.change_id is not None
        account = session.get_one(Account, me.account_id)
        assert (account.family_name, account.civility) == ("Martin", "Dre")
        change = profile.read_profile(session, me, now=now).change
        assert change is not None
        assert (change.traits.family_name, change.traits.given_name) == ("Durand", "Claire")

    def test_MM40_one_change_waits_at_a_time(self, session, me, now):
        save(session, me, now, family_name="Durand")
        with pytest.raises(RuleViolation, match=r"identity_change\.already_waiting"):
            save(session, me, now, family_name="Dupont")

    def test_S143_the_same_form_makes_one_act(self, session, me, now):
        key = uuid4()
        save(session, me, now, key, family_name="Durand")
        save(session, me, now, key, family_name="Durand")
        assert len(waiting(session, me)) == 1

    def test_the_same_values_change_nothing(self, session, me, now):
        saved = save(session, me, now, family_name="Martin", speciality="oncologue")
        assert (saved.has_changed, saved.change_id) == (False, None)

    def test_finds_every_fault_at_once(self, session, me, now):
        with pytest.raises(Invalid) as refused:
            save(session, me, now, family_name=" ", given_name="-", rpps="123", card_number="é!")
        assert refused.value.fields == {
            "family_name": "family_name.missing",
            "given_name": "given_name.missing",
            "rpps": "rpps.format",
            "card_number": "card_number.format",
        }

    def test_a_field_that_was_not_asked_is_ignored(self, session, me, now):
        save(session, me, now, profession="21", role="administrator", email="x@y.test")
        account = session.get_one(Account, me.account_id)
        assert account.role is Role.PROFESSIONAL
        assert account.email != "x@y.test"

    def test_a_patients_identity_is_their_teams(self, session, patient_actor, now):
        saved = save(session, patient_actor, now, family_name="Autre")
        assert saved.change_id is None
        with pytest.raises(Forbidden, match=r"identity_change\.patients_never"):
            identity_change.ask_change(
                session,
                patient_actor,
                identity_change.IdentityTraits("", "Autre", "Jeanne"),
                now=now,
            )


class TestWithdraw:
    def test_leaves_nothing_waiting(self, session, me, now):
        saved = save(session, me, now, family_name="Durand")
        identity_change.withdraw_change(session, me, saved.change_id, now=now)
        assert waiting(session, me) == []
        assert profile.read_profile(session, me, now=now).change is None

    def test_S061_anothers_is_as_absent_as_none(self, session, me, other, now):
        theirs = save(session, other, now, family_name="Durand").change_id
        codes = []
        for wanted in (theirs, uuid4()):
            with pytest.raises(NotFound) as refused:
                identity_change.withdraw_change(session, me, wanted, now=now)
            codes.append(refused.value.code)
        assert codes[0] == codes[1]
        assert len(waiting(session, other)) == 1


class TestApply:
    def test_makes_it_true_and_found(self, session, me, administrator, now):
        session.get_one(Account, me.account_id).identity_certified_at = now
        change = session.get_one(
            IdentityChange,
            save(session, me, now, family_name="Durand", card_number="28 00 12 34").change_id,
        )
        identity_change.apply_change(session, administrator, change)
        account = session.get_one(Account, me.account_id)
        assert (account.family_name, account.card_number) == ("Durand", "28001234")
        assert account.identity_certified_at is None
        row = session.exec(
            select(Professional).where(Professional.account_id == me.account_id)
        ).one()
        assert row.search_name == "durand claire"

    def test_a_card_number_alone_keeps_the_certificate(self, session, me, administrator, now):
        session.get_one(Account, me.account_id).identity_certified_at = now
        change_id = save(session, me, now, card_number="28001234").change_id
        identity_change.apply_change(
            session, administrator, session.get_one(IdentityChange, change_id)
        )
        assert session.get_one(Account, me.account_id).identity_certified_at == now

    def test_refuses_a_number_of_somebody_else(self, session, me, other, administrator, now):
        theirs = session.exec(
            select(Professional.rpps).where(Professional.account_id == other.account_id)
        ).one()
        session.get_one(Account, other.account_id).card_number = "28001234"
        change_id = save(session, me, now, rpps=theirs, card_number="28001234").change_id
        with pytest.raises(Invalid) as refused:
            identity_change.apply_change(
                session, administrator, session.get_one(IdentityChange, change_id)
            )
        assert refused.value.fields == {"rpps": "rpps.taken", "card_number": "card_number.taken"}

    def test_is_for_administrators(self, session, me, other, now):
        change_id = save(session, me, now, family_name="Durand").change_id
        with pytest.raises(Forbidden):
            identity_change.apply_change(session, other, session.get_one(IdentityChange, change_id))
