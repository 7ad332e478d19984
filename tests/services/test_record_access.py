"""Opening the record of a patient one does not follow: declared consent, emergency, regulation (U-24, S064).

One set-up for all: a stranger who just gave a factor, and somebody else's patient, with an account.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.account import Account
from app.models.consent import ConsentMode
from app.models.delegation import DelegationScope
from app.models.journal import JournalEntry, JournalKind
from app.models.outbox import OutboxMessage
from app.models.patient import Sex
from app.models.record_access import (
    AccessBlock,
    AccessKind,
    AdministratorStatus,
    RecordAccess,
    RecordSettings,
    RecordState,
)
from app.models.session import SignInMethod
from app.services.access_mode import find_mode, list_ended, list_open_records
from app.services.patient_criteria import Criteria
from app.services.patient_search import search_by_identity
from app.services.record_access import (
    current_access,
    declare_consent,
    leave_access,
    open_emergency,
    open_regulation,
)
from app.services.regulator import confirm_regulator, propose_regulator
from app.services.visibility import Relation, sight
from tests import factories

REASON = "Patient inconscient, aux urgences de Niort."
on_both = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def jeanne(session, doctor, now):
    """A patient of the doctor's, who has an account."""
    patient_id = factories.make_patient(session, doctor, now=now, birth_name="Quasimontel")
    factories.make_patient_actor(session, patient_id, now, email="jeanne@exemple.test")
    return patient_id


@pytest.fixture
def outsider(stranger, now):
    """Somebody who does not follow her, and just gave a factor."""
    return replace(stranger, factor_at=now)


@pytest.fixture
def regulator(session, outsider, now):
    """The outsider, whom two administrators attached to a centre."""
    one, other = (
        replace(factories.make_administrator(session, now), factor_at=now) for _ in range(2)
    )
    propose_regulator(session, one, outsider.account_id, reason="SAMU 79", now=now)
    confirm_regulator(session, other, outsider.account_id, now=now)
    return outsider


def declare(session, actor, patient_id, now, **more):
    given = {"is_declared": True, "mode": ConsentMode.ORAL, "key": uuid4(), **more}
    return declare_consent(session, actor, patient_id, **given, now=now)


def emergency(session, actor, patient_id, now, *, service=open_emergency, **more):
    given = {"reason": REASON, "key": uuid4(), **more}
    return service(session, actor, patient_id, **given, now=now)


def is_open_to(session, actor, patient_id, now):
    try:
        return sight(session, actor, patient_id, now=now).relation
    except NotFound:
        return None


def block(session, patient_id, actor, by, now):
    session.add(
        AccessBlock(
            patient_id=patient_id,
            professional_id=actor.professional_id,
            was_member=False,
            blocked_at=now,
            blocked_by_id=by.account_id,
        )
    )
    session.flush()


class TestDeclared:
    @on_both
    def test_DM39_opens_the_record_and_keeps_the_proof(self, session, outsider, jeanne, now):
        assert is_open_to(session, outsider, jeanne, now) is None
        key = uuid4()
        access_id = declare(session, outsider, jeanne, now, key=key)
        assert declare(session, outsider, jeanne, now, key=key) == access_id
        assert is_open_to(session, outsider, jeanne, now) is Relation.DECLARED
        kept = session.get_one(RecordAccess, access_id)
        assert (kept.mode, kept.kind) == (ConsentMode.ORAL, AccessKind.DECLARED)
        assert kept.notice_id is not None
        assert kept.ends_at == now + timedelta(hours=24)
        [line] = session.exec(
            select(JournalEntry).where(col(JournalEntry.object_id) == access_id)
        ).all()
        assert (line.action, line.kind, line.ground, line.patient_id) == (
            "record_access.declared",
            JournalKind.ACCESS,
            "declared_consent",
            jeanne,
        )

    def test_D09_of_this_sign_in_and_24_hours_at_most(self, session, outsider, jeanne, now):
        declare(session, outsider, jeanne, now)
        other_sign_in = replace(outsider, session_id=uuid4())
        assert is_open_to(session, other_sign_in, jeanne, now) is None
        assert is_open_to(session, outsider, jeanne, now + timedelta(hours=23)) is not None
        assert is_open_to(session, outsider, jeanne, now + timedelta(hours=24)) is None
        assert find_mode(session, outsider, now=now) is None

    def test_FC06_it_is_never_assumed(self, session, outsider, jeanne, now):
        for given, faults in (
            ({"is_declared": False}, {"way": "record_access.way_missing"}),
            ({"mode": None}, {"consent_mode": "record_access.mode_missing"}),
        ):
            with pytest.raises(Invalid) as refused:
                declare(session, outsider, jeanne, now, **given)
            assert refused.value.fields == faults
        assert is_open_to(session, outsider, jeanne, now) is None

    def test_DM43_a_member_has_no_need_of_it(self, session, doctor, jeanne, now):
        with pytest.raises(RuleViolation) as refused:
            declare(session, doctor, jeanne, now)
        assert refused.value.code == "record_access.member"

    def test_is_found_again_among_my_patients_until_left(self, session, outsider, jeanne, now):
        access_id = declare(session, outsider, jeanne, now)
        [row] = list_open_records(session, outsider, now=now)
        assert (row.patient_id, row.kind) == (jeanne, AccessKind.DECLARED)
        criteria = Criteria("Quasimontel", "Jeanne", Sex.FEMALE)
        assert search_by_identity(session, outsider, criteria, now=now).rows[0].has_access
        assert current_access(session, outsider, jeanne, now=now).id == access_id
        with pytest.raises(NotFound):
            leave_access(session, replace(outsider, session_id=uuid4()), access_id, now=now)
        assert leave_access(session, outsider, access_id, now=now) == jeanne
        assert is_open_to(session, outsider, jeanne, now) is None
        assert list_open_records(session, outsider, now=now) == ()


class TestEmergency:
    @on_both
    def test_S064_opens_for_an_hour_under_a_mode(self, session, outsider, jeanne, now):
        key = uuid4()
        access_id = emergency(session, outsider, jeanne, now, key=key)
        assert emergency(session, outsider, jeanne, now, key=key) == access_id
        assert is_open_to(session, outsider, jeanne, now) is Relation.EMERGENCY
        mode = find_mode(session, outsider, now=now)
        assert (mode.id, mode.patient_id, mode.kind) == (access_id, jeanne, AccessKind.EMERGENCY)
        assert mode.ends_at == now + timedelta(minutes=60)
        assert session.get_one(RecordAccess, access_id).reason == REASON
        [line] = session.exec(
            select(JournalEntry).where(col(JournalEntry.object_id) == access_id)
        ).all()
        assert (line.action, line.ground) == ("record_access.emergency", "emergency")
        assert list_ended(session, {access_id}, now=now + timedelta(minutes=59)) == set()
        over = now + timedelta(minutes=60)
        assert list_ended(session, {access_id}, now=over) == {access_id}
        assert find_mode(session, outsider, now=over) is None
        assert is_open_to(session, outsider, jeanne, over) is None

    def test_S064_the_patient_and_the_doctors_with_the_status_are_told_without_a_name(
        self, session, doctor, outsider, jeanne, now
    ):
        session.add(
            AdministratorStatus(
                patient_id=jeanne, professional_id=doctor.professional_id, given_at=now
            )
        )
        session.flush()
        emergency(session, outsider, jeanne, now)
        mails = {mail.to: mail for mail in session.exec(select(OutboxMessage)).all()}
        assert set(mails) == {
            "jeanne@exemple.test",
            session.get_one(Account, doctor.account_id).email,
        }
        said = " ".join(f"{mail.subject} {mail.text}" for mail in mails.values())
        for secret in ("Quasimontel", "Jeanne", outsider.name, REASON, "inconscient"):
            assert secret not in said
        assert all(mail.next_try_at == now for mail in mails.values())

    def test_S064_what_it_takes(self, session, outsider, pharmacist, jeanne, now):
        with pytest.raises(Invalid) as short:
            emergency(session, outsider, jeanne, now, reason="Urgence vitale !  ")
        assert short.value.fields == {"reason": "record_access.reason_short"}
        stale = replace(outsider, factor_at=now - timedelta(minutes=5))
        weak = replace(outsider, method=SignInMethod.OPERATOR)
        behind = replace(
            factories.act_for(session, outsider, pharmacist, DelegationScope.MANAGE, now=now),
            factor_at=now,
        )
        for actor, code in (
            (stale, "factor.stale"),
            (weak, "record_access.strong_sign_in"),
            (behind, "delegation.own_account_only"),
        ):
            with pytest.raises(Forbidden) as refused:
                emergency(session, actor, jeanne, now)
            assert refused.value.code == code

    def test_ME124_not_when_the_patient_opposed_it_nor_once_they_do(
        self, session, outsider, jeanne, now
    ):
        access_id = emergency(session, outsider, jeanne, now)
        settings = RecordSettings(patient_id=jeanne, allows_emergency=False)
        session.add(settings)
        session.flush()
        assert find_mode(session, outsider, now=now) is None
        assert list_ended(session, {access_id}, now=now) == {access_id}
        assert is_open_to(session, outsider, jeanne, now) is None
        with pytest.raises(RuleViolation) as refused:
            emergency(session, outsider, jeanne, now)
        assert refused.value.code == "record_access.emergency_opposed"

    def test_one_at_a_time(self, session, doctor, outsider, jeanne, now):
        first = emergency(session, outsider, jeanne, now)
        other = factories.make_patient(session, doctor, now=now)
        second = emergency(session, outsider, other, now)
        assert list_ended(session, {first, second}, now=now) == {first}
        assert find_mode(session, outsider, now=now).patient_id == other
        assert is_open_to(session, outsider, jeanne, now) is None


class TestRegulation:
    def test_FC04_a_regulator_under_the_patients_other_switch(
        self, session, regulator, jeanne, now
    ):
        settings = RecordSettings(patient_id=jeanne, allows_emergency=False)
        session.add(settings)
        session.flush()
        emergency(session, regulator, jeanne, now, service=open_regulation)
        assert is_open_to(session, regulator, jeanne, now) is Relation.REGULATION
        assert find_mode(session, regulator, now=now).kind is AccessKind.REGULATION
        settings.allows_regulation = False
        session.flush()
        assert is_open_to(session, regulator, jeanne, now) is None
        with pytest.raises(RuleViolation) as refused:
            emergency(session, regulator, jeanne, now, service=open_regulation)
        assert refused.value.code == "record_access.regulation_opposed"

    def test_nobody_else(self, session, outsider, jeanne, now):
        with pytest.raises(Forbidden) as refused:
            emergency(session, outsider, jeanne, now, service=open_regulation)
        assert refused.value.code == "record_access.regulators_only"


class TestNobody:
    def _every_way(self, session, actor, patient_id, now):
        yield lambda: declare(session, actor, patient_id, now)
        yield lambda: emergency(session, actor, patient_id, now)
        yield lambda: emergency(session, actor, patient_id, now, service=open_regulation)

    @on_both
    def test_S063_FC07_whoever_the_patient_shut_out_in_any_mode(
        self, session, doctor, regulator, jeanne, now
    ):
        access_id = declare(session, regulator, jeanne, now)
        block(session, jeanne, regulator, doctor, now)
        assert is_open_to(session, regulator, jeanne, now) is None
        absent = []
        for patient_id in (jeanne, uuid4()):
            for way in self._every_way(session, regulator, patient_id, now):
                with pytest.raises(NotFound) as refused:
                    way()
                absent.append((refused.value.code, refused.value.context))
        assert absent == [("patient.not_found", {})] * 6
        assert session.get_one(RecordAccess, access_id).mode is ConsentMode.ORAL

    @pytest.mark.parametrize("state", [RecordState.CLOSED, RecordState.OPPOSED])
    def test_a_shut_record(self, session, regulator, jeanne, now, state):
        session.add(RecordSettings(patient_id=jeanne, state=state))
        session.flush()
        for way in self._every_way(session, regulator, jeanne, now):
            with pytest.raises(NotFound):
                way()

    def test_the_wrong_role(self, session, preparer, outsider, pharmacist, jeanne, now):
        reader = factories.act_for(session, outsider, pharmacist, DelegationScope.READ, now=now)
        other = factories.make_patient(session, outsider, now=now)
        actors = [
            preparer,
            reader,
            factories.make_secretary(session, now),
            factories.make_patient_actor(session, other, now),
            factories.make_administrator(session, now),
        ]
        for actor in actors:
            fresh = replace(actor, factor_at=now)
            for way in self._every_way(session, fresh, jeanne, now):
                with pytest.raises(Forbidden):
                    way()
        assert session.exec(select(RecordAccess)).all() == []
