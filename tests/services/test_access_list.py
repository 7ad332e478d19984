"""Who may read a record and who is shut out: the lists, blocking, unblocking, the administrator status."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz import policies
from app.db import unit_of_work
from app.errors import Forbidden, NotFound, RuleViolation
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentMode
from app.models.journal import JournalEntry
from app.models.record_access import AccessKind, RecordAccess
from app.services import access_change, care_circle, patient as patients, patient_list
from app.services.access_change import (
    block_professional,
    give_administrator_status,
    unblock_professional,
    withdraw_administrator_status,
)
from app.services.access_list import list_authorised, list_blocked, list_readers
from app.services.attention_query import count_attention
from app.services.consent import NewConsent, fetch_consents
from app.services.document_query import DocumentFilter
from app.services.document_reading import open_document
from app.services.membership import hold_patient
from app.services.notice import current_notice
from app.services.visibility import Relation, sight
from tests import factories
from tests.documents import make_document
from tests.services.circle import make_circle

pytestmark = pytest.mark.databases("sqlite")


def _authorised(session, circle, now):
    rows = list_authorised(session, circle.patient_actor, circle.patient_id, now=now)
    return {row.professional.id: row for row in rows}


def _block(session, circle, who, now, actor=None):
    block_professional(
        session, actor or circle.patient_actor, circle.patient_id, who.professional_id, now=now
    )


def _give(session, circle, who, now, actor=None):
    give_administrator_status(session, actor or circle.patient_actor, who.professional_id, now=now)


def _open_from_outside(session, circle, who, now, kind=AccessKind.DECLARED):
    access = RecordAccess(
        patient_id=circle.patient_id,
        professional_id=who.professional_id,
        account_id=who.account_id,
        session_id=who.session_id,
        kind=kind,
        began_at=now,
        ends_at=now + timedelta(hours=1),
    )
    session.add(access)
    session.flush()
    return access


def _may_open(session, actor, patient_id, now):
    session.info.pop("open_links", None)
    try:
        patients.open_patient(session, actor, patient_id, now=now)
    except NotFound:
        return False
    return True


def _last_act(session):
    return session.execute(
        select(col(JournalEntry.action), col(JournalEntry.kind), col(JournalEntry.object_id))
        .order_by(col(JournalEntry.seq).desc())
        .limit(1)
    ).one()


class TestLists:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME116_says_who_since_when_and_who_read_last(self, session, circle, now):
        patients.open_patient(session, circle.doctor, circle.patient_id, now=now)
        later = now + timedelta(minutes=5)
        acting = factories.act_for(session, circle.pharmacist, circle.stranger, now=now)
        patients.open_patient(session, acting, circle.patient_id, now=later)
        rows = _authorised(session, circle, now)
        assert set(rows) == {
            circle.doctor.professional_id,
            circle.pharmacist.professional_id,
            circle.technician.professional_id,
        }
        mine = rows[circle.doctor.professional_id]
        assert (mine.last_read_at, mine.is_member) == (now, True)
        assert mine.since == now - timedelta(days=189)
        assert mine.may_have_status
        theirs = rows[circle.pharmacist.professional_id]
        assert theirs.last_read_at == later
        assert not theirs.may_have_status
        assert rows[circle.technician.professional_id].last_read_at is None

    def test_FC17_reading_what_is_not_announced_yet_is_no_last_reading(self, session, circle, now):
        hidden = make_document(
            session, circle.doctor, circle.patient_id, is_hidden_from_patient=True
        )
        open_document(session, circle.doctor, circle.patient_id, hidden, DocumentFilter(), now=now)
        found = _authorised(session, circle, now)[circle.doctor.professional_id]
        assert found.last_read_at is None
        _give(session, circle, circle.doctor, now)
        rows = list_authorised(session, circle.doctor, circle.patient_id, now=now)
        assert {row.last_read_at for row in rows} == {now, None}

    def test_ME115_both_lists_are_empty_when_nobody_follows(self, session, circle, now):
        for who in (circle.doctor, circle.pharmacist, circle.technician):
            _block(session, circle, who, now)
        assert _authorised(session, circle, now) == {}
        assert len(list_blocked(session, circle.patient_actor, circle.patient_id)) == 3

    def test_shows_who_opened_it_from_outside_and_until_when(self, session, circle, now):
        access = _open_from_outside(session, circle, circle.stranger, now, AccessKind.EMERGENCY)
        row = _authorised(session, circle, now)[circle.stranger.professional_id]
        assert (row.access, row.until, row.is_member) == (
            AccessKind.EMERGENCY,
            access.ends_at,
            False,
        )
        assert circle.stranger.professional_id not in _authorised(session, circle, access.ends_at)

    @pytest.mark.parametrize("read", [list_authorised, list_blocked])
    def test_is_for_the_patient_and_a_doctor_with_the_status(self, session, circle, now, read):
        when = {"now": now} if read is list_authorised else {}
        with pytest.raises(NotFound):
            read(session, circle.stranger, circle.patient_id, **when)
        with pytest.raises(Forbidden) as caught:
            read(session, circle.doctor, circle.patient_id, **when)
        assert caught.value.code == "access_list.status_needed"
        _give(session, circle, circle.doctor, now)
        read(session, circle.doctor, circle.patient_id, **when)
        acting = factories.act_for(session, circle.doctor, circle.stranger, now=now)
        with pytest.raises(Forbidden):
            read(session, acting, circle.patient_id, **when)
        other = factories.make_patient(session, circle.stranger, now=now)
        theirs = factories.make_patient_actor(session, other, now)
        with pytest.raises(NotFound):
            read(session, theirs, circle.patient_id, **when)


class TestReaders:
    def test_names_whoever_may_read_once_each(self, session, circle, now):
        _open_from_outside(session, circle, circle.stranger, now)
        found = list_readers(session, circle.patient_actor, circle.patient_id, now=now)
        assert {who.family_name for who in found} == {"Martin", "Haddad", "Roy", "Caradec"}
        with pytest.raises(Forbidden):
            list_readers(session, circle.pharmacist, circle.patient_id, now=now)


class TestBlock:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME119_a_blocked_member_finds_the_patient_no_more(self, session, circle, now):
        _give(session, circle, circle.doctor, now)
        assert _may_open(session, circle.doctor, circle.patient_id, now)
        for _ in range(2):
            _block(session, circle, circle.doctor, now)
        assert not _may_open(session, circle.doctor, circle.patient_id, now)
        shown = patient_list.list_patients(session, circle.doctor, now=now)
        assert shown.total == 0
        rows = list_blocked(session, circle.patient_actor, circle.patient_id)
        assert [(row.professional.id, row.was_member) for row in rows] == [
            (circle.doctor.professional_id, True)
        ]
        assert circle.doctor.professional_id not in _authorised(session, circle, now)
        acts = session.execute(
            select(col(JournalEntry.kind), col(JournalEntry.object_id)).where(
                col(JournalEntry.action) == "access_list.blocked"
            )
        ).all()
        assert acts == [("access", circle.doctor.professional_id)]

    def test_withdraws_the_agreement_of_the_addition(self, session, circle, now):
        _block(session, circle, circle.pharmacist, now)
        rows = fetch_consents(session, circle.patient_actor, circle.patient_id)
        assert {row.for_professional.id for row in rows if row.withdrawn_at} == {
            circle.pharmacist.professional_id
        }

    def test_the_last_member_may_be_shut_out_too(self, session, circle, now):
        for who in (circle.doctor, circle.pharmacist, circle.technician):
            _block(session, circle, who, now)
            assert not _may_open(session, who, circle.patient_id, now)

    def test_S063_ends_an_access_from_outside(self, session, circle, now):
        access = _open_from_outside(session, circle, circle.stranger, now)
        _block(session, circle, circle.stranger, now)
        session.refresh(access)
        assert access.ended_at == now
        assert not list_blocked(session, circle.patient_actor, circle.patient_id)[0].was_member

    def test_FC07_acting_for_a_member_does_not_let_them_in(self, session, circle, now):
        acting = factories.act_for(session, circle.doctor, circle.stranger, now=now)
        assert _may_open(session, acting, circle.patient_id, now)
        assert patient_list.list_patients(session, acting, query="lef", now=now).total == 1
        _block(session, circle, circle.stranger, now)
        assert not _may_open(session, acting, circle.patient_id, now)
        assert _may_open(session, circle.doctor, circle.patient_id, now)
        for query in ("", "lef"):
            shown = patient_list.list_patients(session, acting, query=query, now=now)
            assert (shown.total, shown.rows) == (0, ())
        assert count_attention(session, acting, now=now).patients == 0
        assert count_attention(session, circle.doctor, now=now).patients == 1

    def test_FC07_nor_does_a_consent_they_declared_for_somebody_else(self, session, circle, now):
        acting = factories.act_for(session, circle.stranger, circle.pharmacist, now=now)
        access = _open_from_outside(session, circle, acting, now)
        assert sight(session, acting, circle.patient_id, now=now).relation is Relation.DECLARED
        _block(session, circle, circle.pharmacist, now)
        with pytest.raises(NotFound):
            sight(session, acting, circle.patient_id, now=now)
        session.refresh(access)
        assert access.ended_at == now

    def test_a_colleague_does_not_bring_them_back(self, session, circle, now):
        _block(session, circle, circle.pharmacist, now)
        today = now.date()
        consent = NewConsent(
            ConsentMode.ORAL, today, current_notice(session, circle.doctor).id, today
        )
        with pytest.raises(RuleViolation) as caught:
            care_circle.add_professional(
                session,
                circle.doctor,
                circle.patient_id,
                circle.pharmacist.professional_id,
                key=uuid4(),
                consent=consent,
                now=now,
            )
        assert caught.value.code == "care_circle.not_yours_to_add"

    def test_FC10_a_doctor_with_the_status_does_it_at_the_patients_request(
        self, session, circle, now
    ):
        with pytest.raises(Forbidden):
            _block(session, circle, circle.pharmacist, now, circle.doctor)
        _give(session, circle, circle.doctor, now)
        _block(session, circle, circle.pharmacist, now, circle.doctor)
        assert not _may_open(session, circle.pharmacist, circle.patient_id, now)
        with pytest.raises(RuleViolation) as caught:
            _block(session, circle, circle.doctor, now, circle.doctor)
        assert caught.value.code == "access_list.yourself"

    def test_refuses_strangers_and_unknown_professionals(self, session, circle, now):
        with pytest.raises(NotFound):
            _block(session, circle, circle.doctor, now, circle.stranger)
        with pytest.raises(NotFound):
            block_professional(session, circle.patient_actor, circle.patient_id, uuid4(), now=now)


class TestUnblock:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME121_a_member_follows_the_patient_again_with_the_patients_own_consent(
        self, session, circle, now
    ):
        _block(session, circle, circle.doctor, now)
        later = now + timedelta(hours=1)
        for _ in range(2):
            unblock_professional(
                session, circle.patient_actor, circle.doctor.professional_id, now=later
            )
        assert _may_open(session, circle.doctor, circle.patient_id, later)
        assert patient_list.list_patients(session, circle.doctor, now=later).total == 1
        link = session.execute(
            select(CareLink).where(
                col(CareLink.professional_id) == circle.doctor.professional_id,
                col(CareLink.ended_at).is_(None),
            )
        ).scalar_one()
        assert (link.started_at, link.unread_count) == (later, 0)
        consent = session.execute(
            select(Consent).where(col(Consent.recorded_at) == later)
        ).scalar_one()
        assert (consent.mode, consent.collected_by_id) == (ConsentMode.ELECTRONIC, None)
        assert not list_blocked(session, circle.patient_actor, circle.patient_id)
        shown = fetch_consents(session, circle.patient_actor, circle.patient_id)
        assert next(row for row in shown if row.id == consent.id).collected_by is None

    def test_who_was_no_member_is_none_afterwards(self, session, circle, now):
        _block(session, circle, circle.stranger, now)
        unblock_professional(
            session, circle.patient_actor, circle.stranger.professional_id, now=now
        )
        assert not _may_open(session, circle.stranger, circle.patient_id, now)
        assert _last_act(session).action == "access_list.unblocked"

    def test_is_the_patients_alone(self, session, circle, now):
        _give(session, circle, circle.doctor, now)
        _block(session, circle, circle.pharmacist, now)
        with pytest.raises(Forbidden):
            unblock_professional(session, circle.doctor, circle.pharmacist.professional_id, now=now)


class TestAdministratorStatus:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME117_ME118_given_and_taken_back_once(self, session, circle, now):
        for _ in range(2):
            _give(session, circle, circle.doctor, now)
        assert _authorised(session, circle, now)[
            circle.doctor.professional_id
        ].has_administrator_status
        for _ in range(2):
            withdraw_administrator_status(
                session, circle.patient_actor, circle.doctor.professional_id, now=now
            )
        assert not _authorised(session, circle, now)[
            circle.doctor.professional_id
        ].has_administrator_status
        acts = session.execute(
            select(col(JournalEntry.action)).where(
                col(JournalEntry.action).startswith("access_list.status")
            )
        ).scalars()
        assert list(acts) == ["access_list.status_given", "access_list.status_withdrawn"]

    def test_D08_doctors_of_the_circle_only(self, session, circle, now):
        with pytest.raises(RuleViolation) as caught:
            _give(session, circle, circle.pharmacist, now)
        assert caught.value.code == "access_list.doctors_only"
        with pytest.raises(NotFound):
            _give(session, circle, circle.stranger, now)

    def test_leaves_with_its_holder(self, session, circle, now):
        _give(session, circle, circle.doctor, now)
        care_circle.remove_professional(
            session, circle.doctor, circle.patient_id, circle.doctor.professional_id, now=now
        )
        with pytest.raises(NotFound):
            policies.require_link(session, circle.doctor, circle.patient_id)
        factories.add_to_circle(session, circle.pharmacist, circle.patient_id, circle.doctor)
        session.flush()
        assert not _authorised(session, circle, now)[
            circle.doctor.professional_id
        ].has_administrator_status

    def test_is_the_patients_alone(self, session, circle, now):
        with pytest.raises(Forbidden):
            _give(session, circle, circle.doctor, now, circle.doctor)


@pytest.mark.databases("postgresql")
def test_S066_of_two_doctors_with_the_status_who_shut_each_other_out_one_does(
    database, now, monkeypatch
):
    with unit_of_work(database) as session:
        circle = make_circle(session, now)
        other = factories.make_professional(session, now)
        factories.add_to_circle(session, circle.doctor, circle.patient_id, other, now=now)
        for who in (circle.doctor, other):
            _give(session, circle, who, now)

    def hold_after_the_other(session, actor, patient_id):
        monkeypatch.setattr(access_change, "hold_patient", hold_patient)
        with unit_of_work(database) as first:
            _block(first, circle, other, now, circle.doctor)
        return hold_patient(session, actor, patient_id)

    monkeypatch.setattr(access_change, "hold_patient", hold_after_the_other)
    with pytest.raises(Forbidden), unit_of_work(database) as session:
        _block(session, circle, circle.doctor, now, other)
    with unit_of_work(database) as session:
        blocked = list_blocked(session, circle.patient_actor, circle.patient_id)
    assert [row.professional.id for row in blocked] == [other.professional_id]
