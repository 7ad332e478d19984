"""Tolerance of a followed treatment (CX-23 to CX-25)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, func, select

from app.errors import Conflict, Invalid, NotFound
from app.models.care_link import CareLink
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services import entry as entries, tolerance
from app.services.fact import Fact
from tests.services.circle import make_treatment
from tests.services.entry_cases import CorrectCases, ListCases, RecordCases

TODAY = date(2026, 3, 10)


def _arguments(circle, changes):
    fact = {"treatment_id": circle.treatment.id, "occurred_on": TODAY}
    fact |= {k: changes.pop(k) for k in list(changes) if k in Fact.__dataclass_fields__}
    values = {
        "domain": ToleranceDomain.BLOOD,
        "patient_appreciation": PatientAppreciation.SERIOUS,
        "grade": 3,
        "key": uuid4(),
    }
    return Fact(**fact), values | changes


def _record(session, actor, circle, now, **changes):
    fact, values = _arguments(circle, changes)
    return tolerance.record_tolerance(session, actor, circle.patient_id, fact, now=now, **values)


def _correct(session, actor, entry_id, circle, now, **changes):
    fact, values = _arguments(circle, changes)
    return tolerance.correct_tolerance(session, actor, entry_id, fact, now=now, **values)


def _list(session, actor, circle, now, **filters):
    return tolerance.list_tolerance(session, actor, circle.patient_id, now=now, **filters)


def _links(session, circle):
    session.expire_all()
    return session.exec(select(CareLink).where(CareLink.patient_id == circle.patient_id)).all()


class TestRecordTolerance(RecordCases):
    record = staticmethod(_record)
    action = "tolerance.recorded"

    def test_CX24_keeps_both_appreciations(self, session, circle, now):
        entry_id = _record(
            session,
            circle.doctor,
            circle,
            now,
            contact_mode=ContactMode.PHONE,
            contact_on=TODAY,
            note="Neutrophiles à 0,9 G/L.\r\nPause de 7 jours. ",
        )
        (row,) = _list(session, circle.pharmacist, circle, now).rows
        assert row.id == entry_id
        assert row.tolerance.domain is ToleranceDomain.BLOOD
        assert row.tolerance.patient_appreciation is PatientAppreciation.SERIOUS
        assert row.tolerance.grade == 3
        assert row.treatment.label == "Palbociclib 125 mg"
        assert (row.contact_mode, row.contact_on) == (ContactMode.PHONE, TODAY)
        assert row.note == "Neutrophiles à 0,9 G/L.\nPause de 7 jours."
        assert row.interaction is None
        assert row.adherence is None

    @pytest.mark.parametrize("grade", [0, 5])
    def test_accepts_the_ends_of_the_scale(self, session, circle, now, grade):
        _record(session, circle.doctor, circle, now, grade=grade)
        assert _list(session, circle.doctor, circle, now).rows[0].tolerance.grade == grade

    @pytest.mark.parametrize("grade", [-1, 6])
    def test_refuses_a_grade_outside_0_to_5(self, session, circle, now, grade):
        with pytest.raises(Invalid) as refusal:
            _record(session, circle.doctor, circle, now, grade=grade)
        assert refusal.value.fields == {"grade": "tolerance.grade_range"}

    def test_CX23_finds_all_missing_fields_at_once(self, session, circle, now):
        missing = {"treatment_id": None, "occurred_on": None, "domain": None}
        with pytest.raises(Invalid) as refusal:
            _record(
                session,
                circle.doctor,
                circle,
                now,
                patient_appreciation=None,
                grade=None,
                **missing,
            )
        assert refusal.value.fields == {
            "treatment_id": "entry.treatment_missing",
            "occurred_on": "entry.occurred_missing",
            "domain": "tolerance.domain_missing",
            "patient_appreciation": "tolerance.appreciation_missing",
            "grade": "tolerance.grade_missing",
        }
        assert not _list(session, circle.doctor, circle, now).rows

    def test_names_what_could_not_be_read_rather_than_calling_it_missing(
        self, session, circle, now
    ):
        unreadable = {"occurred_on": "date.impossible", "grade": "tolerance.grade_range"}
        with pytest.raises(Invalid) as refusal:
            _record(
                session,
                circle.doctor,
                circle,
                now,
                occurred_on=None,
                grade=None,
                unreadable=unreadable,
            )
        assert refusal.value.fields == unreadable

    def test_S143_a_double_click_makes_one_entry(self, session, circle, now):
        key = uuid4()
        first = _record(session, circle.doctor, circle, now, key=key)
        assert _record(session, circle.doctor, circle, now, key=key) == first
        assert _list(session, circle.doctor, circle, now).total == 1
        unread = {link.professional_id: link.unread_count for link in _links(session, circle)}
        assert unread[circle.pharmacist.professional_id] == 1

    def test_a_severe_grade_reaches_the_lists_of_the_circle(self, session, circle, now):
        _record(session, circle.doctor, circle, now, grade=2)
        assert {link.severe_on for link in _links(session, circle)} == {None}
        _record(session, circle.doctor, circle, now, grade=3)
        _record(session, circle.doctor, circle, now, grade=4, occurred_on=date(2026, 1, 1))
        assert {link.severe_on for link in _links(session, circle)} == {TODAY}


class TestCorrectTolerance(CorrectCases):
    record = staticmethod(_record)
    correct = staticmethod(_correct)

    def test_keeps_the_earlier_version_readable(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        second = _correct(session, circle.doctor, first, circle, now, grade=2)
        history = _list(session, circle.pharmacist, circle, now)
        assert [(row.id, row.version, row.tolerance.grade) for row in history.rows] == [
            (second, 2, 2)
        ]
        versions = entries.list_versions(session, circle.pharmacist, second, now=now)
        assert [row.tolerance.grade for row in versions] == [2, 3]

    def test_takes_back_a_severe_grade_from_the_lists(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        _correct(session, circle.doctor, first, circle, now, grade=1)
        assert {link.severe_on for link in _links(session, circle)} == {None}

    def test_keeps_its_place_in_the_history(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        other = _record(session, circle.doctor, circle, now + timedelta(minutes=1))
        second = _correct(session, circle.doctor, first, circle, now + timedelta(minutes=2))
        rows = _list(session, circle.doctor, circle, now).rows
        assert [row.id for row in rows] == [other, second]

    def test_reports_faults_as_when_recording(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        with pytest.raises(Invalid) as refusal:
            _correct(session, circle.doctor, first, circle, now, grade=9, occurred_on=None)
        assert refusal.value.fields == {
            "grade": "tolerance.grade_range",
            "occurred_on": "entry.occurred_missing",
        }

    def test_conflicts_when_corrected_meanwhile(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        _correct(session, circle.doctor, first, circle, now, grade=2)
        with pytest.raises(Conflict):
            _correct(session, circle.doctor, first, circle, now, grade=1)

    def test_S143_a_double_click_makes_one_version(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        key = uuid4()
        second = _correct(session, circle.doctor, first, circle, now, grade=2, key=key)
        assert _correct(session, circle.doctor, first, circle, now, grade=2, key=key) == second
        stored = session.exec(
            select(func.count()).where(col(Entry.kind) == EntryKind.TOLERANCE)
        ).one()
        assert stored == 2

    def test_keeps_a_treatment_that_is_no_longer_followed(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        circle.treatment.is_followed = False
        session.flush()
        assert _correct(session, circle.doctor, first, circle, now, grade=2)

    def test_refuses_whoever_left_the_circle(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        for link in _links(session, circle):
            if link.professional_id == circle.doctor.professional_id:
                link.ended_at = now
        session.flush()
        with pytest.raises(NotFound):
            _correct(session, circle.doctor, first, circle, now)


class TestListTolerance(ListCases):
    show = staticmethod(_list)

    def test_CX25_lists_newest_first_by_the_date_of_the_fact(self, session, circle, now):
        for month in (1, 3, 2):
            _record(session, circle.doctor, circle, now, occurred_on=date(2026, month, 1))
        rows = _list(session, circle.doctor, circle, now).rows
        assert [row.occurred_on.month for row in rows] == [3, 2, 1]

    def test_CX36_names_the_author_and_says_what_is_new(self, session, circle, now):
        _record(session, circle.doctor, circle, now)
        (theirs,) = _list(session, circle.pharmacist, circle, now).rows
        (own,) = _list(session, circle.doctor, circle, now).rows
        assert (theirs.author.given_name, theirs.author.family_name) == ("Claire", "Martin")
        assert (theirs.is_new, theirs.is_mine, theirs.may_correct) == (True, False, False)
        assert (own.is_new, own.is_mine, own.may_correct) == (False, True, True)
        read_at = now + timedelta(minutes=1)
        before = entries.mark_read(session, circle.pharmacist, circle.patient_id, now=read_at)
        assert not _list(session, circle.pharmacist, circle, now).rows[0].is_new
        still = _list(session, circle.pharmacist, circle, now, new_since=before)
        assert still.rows[0].is_new

    def test_filters_by_treatment_and_domain(self, session, circle, now):
        letrozole = make_treatment(session, circle.doctor, circle.patient_id, now, "Létrozole")
        skin = ToleranceDomain.SKIN
        _record(session, circle.doctor, circle, now)
        _record(session, circle.pharmacist, circle, now, treatment_id=letrozole.id)
        _record(session, circle.pharmacist, circle, now, treatment_id=letrozole.id, domain=skin)
        page = _list(session, circle.doctor, circle, now, treatment_id=letrozole.id, domain=skin)
        assert len(page.rows) == page.matching == 1
        assert (page.total, page.professionals, page.last_on) == (3, 2, TODAY)
        assert [(option.label, option.count) for option in page.treatments] == [
            ("Létrozole", 2),
            ("Palbociclib 125 mg", 1),
        ]

    def test_pages_by_twenty(self, session, circle, now):
        for day in range(1, 22):
            _record(session, circle.doctor, circle, now, occurred_on=date(2026, 1, day))
        first = _list(session, circle.doctor, circle, now)
        beyond = _list(session, circle.doctor, circle, now, page=9)
        assert (len(first.rows), first.page_count) == (20, 2)
        assert ([row.occurred_on for row in beyond.rows], beyond.page) == ([date(2026, 1, 1)], 2)

    def test_is_empty_without_entries(self, session, circle, now):
        page = _list(session, circle.doctor, circle, now)
        assert (page.rows, page.total, page.page_count, page.last_on) == ([], 0, 1, None)

    def test_a_technician_of_the_circle_reads(self, session, circle, now):
        _record(session, circle.doctor, circle, now)
        (row,) = _list(session, circle.technician, circle, now).rows
        assert not row.may_correct

    def test_does_not_show_another_patients_entries(self, session, circle, now):
        _record(session, circle.doctor, circle, now)
        other = circle.other_treatment
        page = tolerance.list_tolerance(session, circle.stranger, other.patient_id, now=now)
        assert page.total == 0
