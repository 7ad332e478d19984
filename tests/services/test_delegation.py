"""Delegations: granted, found, acted under, ended in every way (CX-46 to CX-48, U-20)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from app.authz import policies
from app.authz.actor import ANONYMOUS
from app.crypto import token_digest
from app.db import unit_of_work
from app.errors import Forbidden, Invalid, NotAuthenticated, NotFound
from app.models.account import Account, AccountState, Role
from app.models.care_link import CareLink
from app.models.delegation import Delegation, DelegationScope
from app.models.draft import Draft
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMessage
from app.models.professional import Profession, Professional
from app.models.session import SignInSession
from app.services import delegation, delegation_mode, draft, session as sessions, sign_out
from app.services.delegation_grant import (
    DelegationTense,
    NewDelegation,
    find_name,
    grant,
    list_granted,
    read_delegation,
    withdraw,
)
from app.services.entry import list_versions, mark_read
from app.services.fact import Fact
from app.services.patient import open_patient
from app.services.synthesis import read_synthesis
from app.services.tolerance import correct_tolerance, record_tolerance
from tests import factories
from tests.services.test_delegation_scope import tolerance_values

TODAY = date(2026, 3, 10)


@pytest.fixture
def holder(doctor, now):
    """The doctor, who has just given a factor."""
    return replace(doctor, factor_at=now - timedelta(minutes=4))


@pytest.fixture
def nurse(session, now):
    """A nurse of no circle."""
    return factories.make_professional(
        session,
        now,
        civility="Mme",
        given_name="Camille",
        family_name="Roy",
        profession=Profession.NURSE,
    )


def new(number: str, **values: object) -> NewDelegation:
    kept = {"scope": DelegationScope.RECORD, "starts_on": TODAY, "ends_on": None, **values}
    return NewDelegation(number, **kept)


def mails(session) -> dict[str, str]:
    session.flush()
    return {row.to: row.text for row in session.exec(select(OutboxMessage))}


def address_of(session, actor) -> str:
    return session.get_one(Account, actor.account_id).email


class TestRead:
    def fields(self, **changes):
        return {
            "number": "10 100 234 561",
            "scope": "read",
            "starts_on_day": "10",
            "starts_on_month": "3",
            "starts_on_year": "2026",
        } | changes

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("899700218896", "99700218896"),
            ("99 700 218 896", "99700218896"),
            ("2800012345", "2800012345"),
            ("3.790 000 017/1234", "37900000171234"),
        ],
    )
    def test_CX47_a_number_in_any_form(self, typed, kept):
        assert read_delegation(self.fields(number=typed), today=TODAY).number == kept

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "delegation.number_missing"),
            ("99700218897", "delegation.rpps_key"),
            ("1234", "delegation.number"),
            ("Camille Roy", "delegation.number"),
            ("9" * 41, "text.too_long"),
        ],
    )
    def test_CX47_a_number_that_cannot_be(self, typed, code):
        with pytest.raises(Invalid) as faults:
            read_delegation(self.fields(number=typed), today=TODAY)
        assert faults.value.fields["number"] == code

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"starts_on_day": "9"}, "starts_on", "delegation.start_past"),
            ({"starts_on_year": "2028"}, "starts_on", "delegation.start_too_far"),
            ({"starts_on_day": ""}, "starts_on", "date.format"),
            ({"scope": "all"}, "scope", "choice.unknown"),
            ({"scope": ""}, "scope", "delegation.scope_missing"),
        ],
    )
    def test_a_period_or_scope_that_cannot_be(self, changes, field, code):
        with pytest.raises(Invalid) as faults:
            read_delegation(self.fields(number="99700218896", **changes), today=TODAY)
        assert faults.value.fields == {field: code}

    @pytest.mark.parametrize(
        ("ends_on", "code"),
        [
            (("9", "3", "2026"), "delegation.end_before_start"),
            (("12", "3", "2027"), "delegation.end_too_far"),
            (("31", "2", "2027"), "date.impossible"),
        ],
    )
    def test_an_end_that_cannot_be(self, ends_on, code):
        parts = dict(zip(("ends_on_day", "ends_on_month", "ends_on_year"), ends_on, strict=True))
        with pytest.raises(Invalid) as faults:
            read_delegation(self.fields(number="99700218896", **parts), today=TODAY)
        assert faults.value.fields == {"ends_on": code}

    def test_all_faults_at_once(self):
        with pytest.raises(Invalid) as faults:
            read_delegation({}, today=TODAY)
        assert set(faults.value.fields) == {"number", "starts_on", "scope"}


class TestGrant:
    def test_CX47_is_listed_and_told_to_both(self, session, holder, nurse, now):
        number = factories.number_of(session, nurse)
        made = grant(session, holder, new(number), key=uuid4(), now=now)
        (row,) = list_granted(session, holder, now=now)
        assert (row.id, row.number, row.tense) == (made, number, DelegationTense.CURRENT)
        assert delegation.list_open(session, nurse, now=now)[0].family_name == "Martin"
        told = mails(session)
        assert number in told[address_of(session, holder)]
        assert "Dre Claire Martin" in told[address_of(session, nurse)]

    def test_S143_the_same_key_grants_once(self, session, holder, nurse, now):
        key, wanted = uuid4(), new(factories.number_of(session, nurse))
        first = grant(session, holder, wanted, key=key, now=now)
        assert grant(session, holder, wanted, key=key, now=now) == first
        assert len(list_granted(session, holder, now=now)) == 1

    @pytest.mark.parametrize("minutes", [5, 60, None])
    def test_S054_asks_for_a_factor_of_the_last_five_minutes(
        self, session, holder, nurse, now, minutes
    ):
        at = None if minutes is None else now - timedelta(minutes=minutes)
        stale = replace(holder, factor_at=at)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            grant(session, stale, new(factories.number_of(session, nurse)), key=uuid4(), now=now)

    def test_not_to_oneself(self, session, holder, now):
        account = session.get_one(Account, holder.account_id)
        account.card_number = "2800012345"
        for number in (factories.number_of(session, holder), "2800012345"):
            with pytest.raises(Invalid) as faults:
                grant(session, holder, new(number), key=uuid4(), now=now)
            assert faults.value.fields == {"number": "delegation.oneself"}

    def test_one_live_for_each_number(self, session, holder, nurse, now):
        number = factories.number_of(session, nurse)
        first = grant(session, holder, new(number), key=uuid4(), now=now)
        with pytest.raises(Invalid) as faults:
            grant(session, holder, new(number, starts_on=date(2026, 6, 1)), key=uuid4(), now=now)
        assert faults.value.fields == {"number": "delegation.exists"}
        withdraw(session, holder, first, now=now)
        assert grant(session, holder, new(number), key=uuid4(), now=now) != first

    def test_S014_values_sent_by_another_way_are_checked_too(self, session, holder, nurse, now):
        late = new("12", starts_on=date(2026, 3, 9))
        with pytest.raises(Invalid) as faults:
            grant(session, holder, late, key=uuid4(), now=now)
        assert set(faults.value.fields) == {"number", "starts_on"}

    def test_only_a_professional_grants(self, session, nurse, now):
        number = factories.number_of(session, nurse)
        secretary = replace(factories.make_secretary(session, now), factor_at=now)
        with pytest.raises(Forbidden):
            grant(session, secretary, new(number), key=uuid4(), now=now)
        with pytest.raises(NotAuthenticated):
            grant(session, ANONYMOUS, new(number), key=uuid4(), now=now)

    def test_S070_the_answer_is_the_same_for_a_number_nobody_carries(
        self, session, holder, nurse, now
    ):
        grant(session, holder, new(factories.number_of(session, nurse)), key=uuid4(), now=now)
        grant(session, holder, new(factories.unique_rpps()), key=uuid4(), now=now)
        rows = list_granted(session, holder, now=now)
        assert {(row.name, row.last_used_at) for row in rows} == {("", None)}


class TestGrantAtOnce:
    def test_S066_of_twenty_for_one_number_one_is_granted(self, database, now):
        with unit_of_work(database) as own:
            holder = replace(factories.make_professional(own, now), factor_at=now)
            number = factories.number_of(own, factories.make_professional(own, now))

        def act(_: int) -> bool:
            try:
                with unit_of_work(database) as own:
                    grant(own, holder, new(number), key=uuid4(), now=now)
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(act, range(20))) == 1


class TestFindName:
    def test_S070_an_account_the_actor_does_not_know_stays_unknown(
        self, session, holder, nurse, now
    ):
        assert find_name(session, holder, factories.number_of(session, nurse), now=now) == ""

    def test_a_colleague_of_a_circle_is_named(self, session, holder, pharmacist, patient, now):
        number = factories.number_of(session, pharmacist)
        assert find_name(session, holder, number, now=now) == "M. Karim Haddad"

    def test_not_once_the_circle_is_left(self, session, holder, pharmacist, patient, now):
        link = session.exec(
            select(CareLink).where(CareLink.professional_id == pharmacist.professional_id)
        ).one()
        link.ended_at = now
        session.flush()
        number = factories.number_of(session, pharmacist)
        assert find_name(session, holder, number, now=now) == ""

    def test_nothing_for_half_a_number(self, session, holder, now):
        assert find_name(session, holder, "997", now=now) == ""


class TestWithdraw:
    def test_CX48_ends_at_once(self, session, holder, nurse, now):
        made = factories.make_delegation(session, holder, nurse, now=now)
        withdraw(session, holder, made, now=now)
        assert delegation.act_for(session, nurse, made, now=now) == (nurse, None)
        (row,) = list_granted(session, holder, now=now)
        assert (row.tense, row.withdrawn_at) == (DelegationTense.PAST, now)
        assert "retirée" in mails(session)[address_of(session, nurse)]

    def test_twice_changes_nothing(self, session, holder, nurse, now):
        made = factories.make_delegation(session, holder, nurse, now=now)
        withdraw(session, holder, made, now=now)
        withdraw(session, holder, made, now=now + timedelta(hours=1))
        assert session.get_one(Delegation, made).withdrawn_at == now

    def test_S061_somebody_elses_is_as_absent_as_an_unknown_one(
        self, session, holder, nurse, stranger, now
    ):
        made = factories.make_delegation(session, holder, nurse, now=now)
        codes = set()
        for target in (made, uuid4()):
            for who in (stranger, nurse):
                with pytest.raises(NotFound) as absent:
                    withdraw(session, who, target, now=now)
                codes.add((absent.value.code, str(absent.value.context)))
        assert len(codes) == 1
        assert session.get_one(Delegation, made).withdrawn_at is None


class TestListGranted:
    def test_in_force_first_then_to_come_then_past(self, session, holder, now):
        def made(**values):
            return factories.make_delegation(
                session, holder, factories.make_professional(session, now), now=now, **values
            )

        past = made(starts_on=date(2025, 1, 1), ends_on=date(2026, 3, 9))
        coming = made(starts_on=date(2026, 4, 1))
        last_day = made(starts_on=date(2025, 6, 1), ends_on=TODAY)
        rows = list_granted(session, holder, now=now)
        assert [row.id for row in rows] == [last_day, coming, past]
        assert [row.tense for row in rows] == list(DelegationTense)

    def test_a_secretary_grants_none(self, session, now):
        assert list_granted(session, factories.make_secretary(session, now), now=now) == ()


class TestActFor:
    def test_CX48_has_the_holders_rights_and_their_own_name(self, session, holder, nurse, now):
        acting = factories.act_for(session, holder, nurse, now=now)
        assert (acting.professional_id, acting.profession) == (
            holder.professional_id,
            Profession.DOCTOR,
        )
        assert (acting.account_id, acting.on_behalf_of_id, acting.own_profession, acting.name) == (
            nurse.account_id,
            holder.account_id,
            Profession.NURSE,
            "Mme Camille Roy",
        )

    def test_U20_a_secretary_by_the_number_of_their_card(self, session, holder, now):
        secretary = factories.make_secretary(session, now)
        acting = factories.act_for(session, holder, secretary, now=now)
        assert acting.is_professional
        assert not policies.may_assess(acting)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PATIENT])
    def test_S067_nobody_else_by_a_card(self, session, holder, now, role):
        account = factories.make_account(session, now, role=role, card_number="379912345678")
        made = factories.make_delegation(
            session, holder, holder, now=now, delegate_number="379912345678"
        )
        actor = factories.actor_of(account)
        assert delegation.act_for(session, actor, made, now=now) == (actor, None)
        assert delegation.list_open(session, actor, now=now) == ()

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "at", "is_in_force"),
        [
            (date(2026, 3, 11), None, datetime(2026, 3, 10, 22, 59, 59, tzinfo=UTC), False),
            (date(2026, 3, 11), None, datetime(2026, 3, 10, 23, 0, tzinfo=UTC), True),
            (TODAY, TODAY, datetime(2026, 3, 10, 22, 59, 59, tzinfo=UTC), True),
            (TODAY, TODAY, datetime(2026, 3, 10, 23, 0, tzinfo=UTC), False),
        ],
    )
    def test_days_begin_and_end_at_midnight_in_paris(
        self, session, holder, nurse, starts_on, ends_on, at, is_in_force
    ):
        made = factories.make_delegation(
            session, holder, nurse, starts_on=starts_on, ends_on=ends_on
        )
        assert (delegation.act_for(session, nurse, made, now=at)[1] is not None) is is_in_force
        assert bool(delegation.list_open(session, nurse, now=at)) is is_in_force

    def test_S061_another_persons_is_absent(self, session, holder, nurse, stranger, now):
        made = factories.make_delegation(session, holder, nurse, now=now)
        for who, target in ((stranger, made), (nurse, uuid4())):
            with pytest.raises(NotFound, match=r"delegation\.not_found"):
                delegation_mode.enter(session, who, target, now=now)

    def test_whom_one_may_act_for_is_nobody_while_acting(self, session, holder, nurse, now):
        acting = factories.act_for(session, holder, nurse, now=now)
        assert delegation.list_open(session, acting, now=now) == ()


@pytest.fixture
def sign_in(session, now):
    """`sign_in(actor)`: their token, on a sign-in of the base."""

    def act(actor):
        account = session.get_one(Account, actor.account_id)
        return sessions.open_session(session, account, device="", address="", now=now)[1]

    return act


@pytest.fixture
def acting_token(session, holder, nurse, sign_in, now):
    """The token of the nurse, who acts for the holder."""
    made = factories.make_delegation(session, holder, nurse, now=now)
    identity = sessions.look_up(session, sign_in(nurse), now=now)
    return delegation_mode.enter(session, identity.actor, made, now=now)


class TestMode:
    def test_S050_entering_takes_a_new_token(self, session, holder, nurse, sign_in, now):
        made = factories.make_delegation(session, holder, nurse, now=now)
        old = sign_in(nurse)
        token = delegation_mode.enter(
            session, sessions.look_up(session, old, now=now).actor, made, now=now
        )
        assert sessions.look_up(session, old, now=now) is None
        identity = sessions.look_up(session, token, now=now)
        assert identity.actor.professional_id == holder.professional_id
        assert identity.holder.family_name == "Martin"
        row = session.get_one(Delegation, made)
        assert (row.last_used_at, row.delegate_name) == (now, "Mme Camille Roy")

    def test_S050_so_does_leaving(self, session, nurse, acting_token, now):
        identity = sessions.look_up(session, acting_token, now=now)
        token = delegation_mode.leave(session, identity.actor, now=now)
        assert sessions.look_up(session, acting_token, now=now) is None
        back = sessions.look_up(session, token, now=now)
        assert (back.actor.professional_id, back.holder) == (nurse.professional_id, None)
        assert back.owner != identity.owner
        assert not back.has_lost_mode

    def test_S130_both_are_named_in_the_journal(self, session, holder, nurse, acting_token, now):
        actor = sessions.look_up(session, acting_token, now=now).actor
        delegation_mode.leave(session, actor, now=now)
        lines = session.exec(
            select(JournalEntry).where(col(JournalEntry.action).startswith("delegation."))
        ).all()
        assert [(line.action, line.account_id, line.on_behalf_of_id) for line in lines] == [
            ("delegation.entered", nurse.account_id, holder.account_id),
            ("delegation.left", nurse.account_id, holder.account_id),
        ]

    def test_CX48_no_further_delegation(self, session, stranger, nurse, acting_token, now):
        actor = sessions.look_up(session, acting_token, now=now).actor
        other = factories.make_delegation(session, stranger, nurse, now=now)
        with pytest.raises(Forbidden, match="own_account_only"):
            delegation_mode.enter(session, actor, other, now=now)

    def test_U20_a_shared_account_says_who_first(self, session, holder, sign_in, now):
        secretary = factories.make_secretary(session, now, shared_title="Secrétariat d’oncologie")
        made = factories.make_delegation(session, holder, secretary, now=now)
        actor = sessions.look_up(session, sign_in(secretary), now=now).actor
        with pytest.raises(Forbidden, match="member_first"):
            delegation_mode.enter(session, actor, made, now=now)

    def test_CX48_sign_out_everywhere_is_of_ones_own(
        self, session, holder, nurse, sign_in, acting_token, now
    ):
        theirs = sign_in(holder)
        actor = sessions.look_up(session, acting_token, now=now).actor
        sign_out.end_everywhere(session, actor, now=now)
        assert sessions.look_up(session, theirs, now=now) is not None
        assert sessions.look_up(session, acting_token, now=now) is None


def _withdraw(session, holder, nurse, now):
    made = session.exec(select(Delegation.id)).one()
    withdraw(session, holder, made, now=now)
    return now


def _suspend(session, holder, nurse, now):
    session.get_one(Account, holder.account_id).state = AccountState.SUSPENDED
    session.flush()
    return now


def _renumber(session, holder, nurse, now):
    session.execute(
        update(Professional)
        .where(col(Professional.id) == nurse.professional_id)
        .values(rpps=factories.unique_rpps())
    )
    return now


def _last_day(session, holder, nurse, now):
    session.execute(update(Delegation).values(ends_on=now.date()))
    # Kept alive until midnight.
    midnight = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    session.execute(
        update(SignInSession).values(last_act_at=midnight, expires_at=midnight + timedelta(hours=1))
    )
    return midnight


def _change_role(session, holder, nurse, now):
    session.get_one(Account, nurse.account_id).role = Role.ADMINISTRATOR
    session.flush()
    return now


class TestCutOff:
    @pytest.mark.parametrize(
        "end", [_withdraw, _suspend, _renumber, _last_day, _change_role], ids=lambda e: e.__name__
    )
    def test_S062_in_every_way(self, session, holder, nurse, acting_token, patient, now, end):
        before = sessions.look_up(session, acting_token, now=now)
        assert delegation.list_over(session, [before.actor.session_id], now=now) == set()
        at = end(session, holder, nurse, now)
        after = sessions.look_up(session, acting_token, now=at)
        assert after.holder is None
        assert after.has_lost_mode
        assert after.owner != before.owner
        assert not policies.may_read_patient(session, after.actor, patient)
        assert delegation.list_over(session, [before.actor.session_id], now=at) == {
            before.actor.session_id
        }

    def test_what_ended_does_not_come_back_by_itself(
        self, session, holder, nurse, acting_token, now
    ):
        _suspend(session, holder, nurse, now)
        cut = sessions.look_up(session, acting_token, now=now)
        delegation_mode.release(session, cut.actor, now=now)
        session.get_one(Account, holder.account_id).state = AccountState.ACTIVE
        session.flush()
        after = sessions.look_up(session, acting_token, now=now)
        assert (after.holder, after.has_lost_mode) == (None, False)

    def test_who_went_back_by_themselves_is_not_over(self, session, acting_token, now):
        actor = sessions.look_up(session, acting_token, now=now).actor
        token = delegation_mode.leave(session, actor, now=now)
        row = session.exec(
            select(SignInSession).where(SignInSession.token_digest == token_digest(token))
        ).one()
        assert delegation.list_over(session, [row.id], now=now) == set()


class TestWhoTyped:
    @pytest.fixture
    def acting(self, session, holder, nurse, patient, now):
        return factories.act_for(session, holder, nurse, now=now)

    def _record(self, session, actor, patient, now):
        fact = Fact(factories.first_treatment(session, patient), now.date())
        made = record_tolerance(session, actor, patient, fact, **tolerance_values(), now=now)
        return made, fact

    def test_CX48_an_entry_names_both(self, session, holder, acting, patient, now):
        made, _ = self._record(session, acting, patient, now)
        page = read_synthesis(session, holder, patient, now=now)
        row = next(row for row in page.rows if row.id == made)
        assert row.author.family_name == "Martin"
        assert row.recorder is not None
        assert (row.recorder.given_name, row.recorder.family_name) == ("Camille", "Roy")
        assert row.is_mine
        assert row.may_correct

    def test_the_holder_corrects_what_a_delegate_typed_and_back(
        self, session, holder, acting, patient, now
    ):
        made, fact = self._record(session, acting, patient, now)
        later = now + timedelta(minutes=1)
        second = correct_tolerance(session, holder, made, fact, **tolerance_values(), now=later)
        third = correct_tolerance(
            session, acting, second, fact, **tolerance_values(), now=later + timedelta(minutes=1)
        )
        rows = list_versions(session, holder, third, now=later)
        assert [row.recorder is not None for row in rows] == [True, False, True]

    def test_in_ones_own_name_one_corrects_nothing_of_it(
        self, session, doctor, nurse, acting, patient, now
    ):
        made, fact = self._record(session, acting, patient, now)
        factories.add_to_circle(session, doctor, patient, nurse, now=now)
        with pytest.raises(Forbidden, match="correct_forbidden"):
            correct_tolerance(session, nurse, made, fact, **tolerance_values(), now=now)

    def test_unread_flags_stay_the_holders(self, session, holder, acting, pharmacist, patient, now):
        def link():
            session.flush()
            return session.exec(
                select(CareLink).where(CareLink.professional_id == holder.professional_id)
            ).one()

        self._record(session, pharmacist, patient, now)
        opened_at = link().opened_at
        assert link().unread_count == 1
        mark_read(session, acting, patient, now=now + timedelta(minutes=5))
        open_patient(session, acting, patient, now=now + timedelta(minutes=5))
        session.expire_all()
        assert (link().unread_count, link().opened_at) == (1, opened_at)

    def test_drafts_stay_apart_and_end_with_the_delegation(
        self, session, nurse, acting, patient, now
    ):
        scope = str(patient)
        draft.save_draft(session, acting, "tolerance", scope, {"note": "pour elle"}, now=now)
        draft.save_draft(session, nurse, "tolerance", scope, {"note": "à moi"}, now=now)
        session.flush()
        assert draft.load_draft(session, nurse, "tolerance", scope) == {"note": "à moi"}
        assert draft.load_draft(session, acting, "tolerance", scope) == {"note": "pour elle"}
        draft.drop_draft(session, acting, "tolerance", scope)
        session.flush()
        assert len(session.exec(select(Draft)).all()) == 1
