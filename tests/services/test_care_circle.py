"""The care circle: seen, extended with a consent for each addition, shortened (CX-20, CX-21)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.db import unit_of_work
from app.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RuleViolation,
)
from app.models.account import Account, AccountState
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind, ConsentMode
from app.models.journal import JournalEntry, JournalKind
from app.models.professional import Profession
from app.services import care_circle, patient as patients, patient_list
from app.services.consent import NewConsent
from tests import factories


@pytest.fixture
def consent(session, patient, now):
    """A yes given by word of mouth today, after the notice of the day before."""
    return NewConsent(
        mode=ConsentMode.ORAL,
        given_on=now.date(),
        notice_id=factories.make_notice(session, now),
        notice_handed_on=now.date() - timedelta(days=1),
    )


def add(session, actor, patient, who, consent, now, *, key=None):
    return care_circle.add_professional(
        session, actor, patient, who.professional_id, key=key or uuid4(), consent=consent, now=now
    )


def remove(session, actor, patient, who, now):
    care_circle.remove_professional(session, actor, patient, who.professional_id, now=now)


class TestListCircle:
    def test_CX20_shows_the_members(self, session, doctor, pharmacist, patient, now):
        view = care_circle.list_circle(session, doctor, patient, now=now)
        first, second = view.members
        assert view.may_add
        assert (first.professional.id, first.is_me, first.has_enrolled) == (
            doctor.professional_id,
            True,
            True,
        )
        assert first.professional.speciality == "oncologue"
        assert second.professional.profession is Profession.PHARMACIST
        assert second.professional.place_name == "Pharmacie des Arènes"
        assert second.added_by.id == doctor.professional_id
        assert second.since == now

    def test_each_sees_whom_they_may_remove(self, session, doctor, pharmacist, patient, now):
        seen = care_circle.list_circle(session, doctor, patient, now=now)
        assert [row.may_remove for row in seen.members] == [True, True]
        seen = care_circle.list_circle(session, pharmacist, patient, now=now)
        assert [row.may_remove for row in seen.members] == [False, True]

    def test_the_last_member_may_not_leave(self, session, doctor, now):
        alone = factories.make_patient(session, doctor, now=now)
        (row,) = care_circle.list_circle(session, doctor, alone, now=now).members
        assert not row.may_remove

    def test_S130_leaves_a_line(self, session, doctor, patient, now):
        care_circle.list_circle(session, doctor, patient, now=now)
        found = session.execute(
            select(col(JournalEntry.kind), col(JournalEntry.action)).where(
                col(JournalEntry.patient_id) == patient
            )
        ).all()
        assert found == [(JournalKind.READ, "care_circle.listed")]

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            care_circle.list_circle(session, stranger, patient, now=now)

    def test_is_for_professionals(self, session, patient, patient_actor, now):
        with pytest.raises(Forbidden):
            care_circle.list_circle(session, patient_actor, patient, now=now)


class TestSearchProfessionals:
    def names(self, session, actor, query, **more):
        found = care_circle.search_professionals(session, actor, query, **more)
        return [row.professional.family_name for row in found]

    @pytest.fixture(autouse=True)
    def people(self, session, now):
        for family_name, given_name in (
            ("Girard-Leroy", "Lucie"),
            ("Girard", "Léo"),
            ("D’Orsay", "Éloïse"),
        ):
            factories.make_professional(
                session, now, family_name=family_name, given_name=given_name
            )
        factories.make_professional(
            session, now, family_name="Girardin", given_name="Parti", state=AccountState.SUSPENDED
        )

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("girard", ["Girard", "Girard-Leroy"]),
            ("GIRARD lé", ["Girard", "Girard-Leroy"]),
            ("lucie girard", ["Girard-Leroy"]),
            ("leroy", ["Girard-Leroy"]),
            ("girardleroy", ["Girard-Leroy"]),
            ("dorsay", ["D’Orsay"]),
            ("eloise", ["D’Orsay"]),
            ("girardin", []),
            ("irard", []),
            ("g", []),
            ("", []),
            ("%", []),
        ],
    )
    def test_finds_by_the_beginnings_of_names(self, session, doctor, query, expected):
        assert self.names(session, doctor, query) == expected

    def test_finds_by_rpps(self, session, doctor, now):
        number = factories.unique_rpps()
        factories.make_professional(session, now, family_name="Unique", rpps=number)
        spaced = f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"
        assert self.names(session, doctor, number) == ["Unique"]
        assert self.names(session, doctor, spaced) == ["Unique"]
        assert self.names(session, doctor, number[:-1]) == []
        assert self.names(session, doctor, "10000000000") == []

    def test_says_who_is_a_member(self, session, doctor, pharmacist, patient):
        found = care_circle.search_professionals(session, doctor, "haddad", patient_id=patient)
        assert [
            row.is_member for row in found if row.professional.id == pharmacist.professional_id
        ] == [True]
        found = care_circle.search_professionals(session, doctor, "girard", patient_id=patient)
        assert [row.is_member for row in found] == [False, False]

    def test_answers_ten_at_most(self, session, doctor, now):
        for _ in range(12):
            factories.make_professional(session, now, family_name="Zola", given_name="Émile")
        assert len(self.names(session, doctor, "zola")) == 10

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient):
        with pytest.raises(NotFound):
            self.names(session, stranger, "girard", patient_id=patient)

    def test_is_for_professionals_only(self, session, patient_actor):
        with pytest.raises(Forbidden):
            self.names(session, patient_actor, "girard")
        with pytest.raises(NotAuthenticated):
            self.names(session, ANONYMOUS, "girard")


class TestAddProfessional:
    def test_CX21_records_the_consent_of_this_addition(
        self, session, doctor, stranger, patient, consent, now
    ):
        add(session, doctor, patient, stranger, consent, now)
        row = session.execute(
            select(Consent).where(col(Consent.for_professional_id) == stranger.professional_id)
        ).scalar_one()
        assert (row.kind, row.mode, row.given_on) == (
            ConsentKind.CIRCLE_ADDITION,
            ConsentMode.ORAL,
            now.date(),
        )
        assert row.collected_by_id == doctor.professional_id
        assert row.notice_handed_on == now.date() - timedelta(days=1)

    def test_the_added_one_sees_everything_from_then_on(
        self, session, doctor, stranger, patient, consent, now
    ):
        with pytest.raises(NotFound):
            patients.open_patient(session, stranger, patient, now=now)
        assert patient_list.list_patients(session, stranger, now=now).total == 0
        add(session, doctor, patient, stranger, consent, now)
        assert patients.open_patient(session, stranger, patient, now=now).counts.members == 3
        (row,) = patient_list.list_patients(session, stranger, query="lefevre", now=now).rows
        assert (row.id, row.last_entry_on, row.unread_count) == (patient, now.date(), 0)

    def test_any_member_may_add(self, session, pharmacist, stranger, patient, consent, now):
        add(session, pharmacist, patient, stranger, consent, now)
        view = care_circle.list_circle(session, stranger, patient, now=now)
        mine = next(row for row in view.members if row.is_me)
        assert mine.added_by.id == pharmacist.professional_id

    def test_leaves_lines(self, session, doctor, stranger, patient, consent, now):
        add(session, doctor, patient, stranger, consent, now)
        found = session.execute(
            select(col(JournalEntry.action), col(JournalEntry.object_id))
            .where(col(JournalEntry.patient_id) == patient)
            .order_by(col(JournalEntry.seq))
        ).all()
        assert [action for action, _ in found] == ["consent.recorded", "care_circle.member_added"]
        assert found[-1][1] == stranger.professional_id

    def test_S143_a_double_click_adds_once(self, session, doctor, stranger, patient, consent, now):
        key = uuid4()
        first = add(session, doctor, patient, stranger, consent, now, key=key)
        assert add(session, doctor, patient, stranger, consent, now, key=key) == first
        consents = session.execute(
            select(Consent).where(col(Consent.for_professional_id) == stranger.professional_id)
        ).all()
        assert len(consents) == 1

    def test_refuses_a_member(self, session, doctor, pharmacist, patient, consent, now):
        with pytest.raises(RuleViolation) as caught:
            add(session, doctor, patient, pharmacist, consent, now)
        assert caught.value.code == "care_circle.already_member"

    def test_refuses_a_closed_account_like_an_absent_one(
        self, session, doctor, stranger, patient, consent, now
    ):
        session.get_one(Account, stranger.account_id).state = AccountState.SUSPENDED
        session.flush()
        nobody = replace(stranger, professional_id=uuid4())
        for who in (stranger, nobody):
            with pytest.raises(NotFound) as caught:
                add(session, doctor, patient, who, consent, now)
            assert caught.value.code == "care_circle.professional_not_found"

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, consent, now):
        with pytest.raises(NotFound) as caught:
            add(session, stranger, patient, stranger, consent, now)
        assert caught.value.code == "patient.not_found"

    def test_is_for_professionals(self, session, patient, patient_actor, stranger, consent, now):
        with pytest.raises(Forbidden):
            add(session, patient_actor, patient, stranger, consent, now)

    @pytest.mark.parametrize(
        ("change", "faults"),
        [
            ({"given_on": date(2026, 3, 11)}, {"consent": "consent.date_future"}),
            ({"notice_handed_on": date(2026, 3, 11)}, {"notice": "notice.after_consent"}),
            ({"notice_id": uuid4()}, {"notice_id": "notice.outdated"}),
        ],
    )
    def test_CX17_nothing_without_a_sound_consent(
        self, session, doctor, stranger, patient, consent, now, change, faults
    ):
        with pytest.raises(Invalid) as caught:
            add(session, doctor, patient, stranger, replace(consent, **change), now)
        assert caught.value.fields == faults


class TestRemoveProfessional:
    def test_the_patient_no_longer_exists_for_who_is_removed(
        self, session, doctor, pharmacist, patient, now
    ):
        patients.open_patient(session, pharmacist, patient, now=now)
        remove(session, doctor, patient, pharmacist, now)
        with pytest.raises(NotFound):
            patients.open_patient(session, pharmacist, patient, now=now)
        with pytest.raises(NotFound):
            care_circle.list_circle(session, pharmacist, patient, now=now)
        for query in ("", "lefevre", "1958"):
            page = patient_list.list_patients(session, pharmacist, query=query, now=now)
            assert (page.total, page.rows) == (0, ())
        assert patients.get_header(session, doctor, patient).counts.members == 1

    def test_keeps_who_ended_it_and_when(self, session, doctor, pharmacist, patient, now):
        remove(session, doctor, patient, pharmacist, now)
        link = session.execute(
            select(CareLink).where(col(CareLink.professional_id) == pharmacist.professional_id)
        ).scalar_one()
        assert (link.ended_at, link.ended_by_id) == (now, doctor.professional_id)

    def test_every_member_may_leave(self, session, doctor, pharmacist, patient, now):
        remove(session, pharmacist, patient, pharmacist, now)
        view = care_circle.list_circle(session, doctor, patient, now=now)
        assert [row.professional.id for row in view.members] == [doctor.professional_id]

    def test_a_member_may_come_back_with_a_new_consent(
        self, session, doctor, pharmacist, patient, consent, now
    ):
        remove(session, doctor, patient, pharmacist, now)
        add(session, doctor, patient, pharmacist, consent, now)
        assert patients.get_header(session, pharmacist, patient).counts.members == 2
        consents = session.execute(
            select(Consent).where(col(Consent.for_professional_id) == pharmacist.professional_id)
        ).all()
        assert len(consents) == 2

    def test_only_who_added_a_member_removes_them(self, session, doctor, pharmacist, patient, now):
        with pytest.raises(Forbidden) as caught:
            remove(session, pharmacist, patient, doctor, now)
        assert caught.value.code == "care_circle.remove_forbidden"

    def test_a_circle_is_never_empty(self, session, doctor, pharmacist, patient, now):
        remove(session, doctor, patient, pharmacist, now)
        with pytest.raises(RuleViolation) as caught:
            remove(session, doctor, patient, doctor, now)
        assert caught.value.code == "care_circle.last_member"

    def test_who_is_no_member_cannot_be_removed(self, session, doctor, stranger, patient, now):
        with pytest.raises(Conflict) as caught:
            remove(session, doctor, patient, stranger, now)
        assert caught.value.code == "care_circle.not_member"

    def test_hides_a_patient_outside_the_circle(self, session, stranger, pharmacist, patient, now):
        with pytest.raises(NotFound):
            remove(session, stranger, patient, pharmacist, now)


class TestAtOnce:
    def test_S066_two_members_leaving_at_the_same_moment_leave_one_behind(self, database, now):
        with unit_of_work(database) as session:
            first = factories.make_professional(session, now)
            second = factories.make_professional(session, now)
            patient = factories.make_patient(session, first, now=now, members=[second])

        def leave(actor):
            try:
                with unit_of_work(database) as session:
                    remove(session, actor, patient, actor, now)
            except RuleViolation:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, [first, second])) == [False, True]
