"""Entries of the follow-up, whatever their kind (CX-34 to CX-36)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from app.errors import Conflict, Forbidden, NotFound
from app.models.care_link import CareLink
from app.models.entry import ContactMode, EntryKind
from app.services import entry as entries
from app.services.fact import Fact, check_fact

TODAY = date(2026, 3, 10)


def _add(session, actor, circle, now, **changes):
    values = {
        "patient_id": circle.patient_id,
        "kind": EntryKind.TREATMENT,
        "treatment_id": circle.treatment.id,
        "occurred_on": TODAY,
        "now": now,
    }
    return entries.add_entry(session, actor, **(values | changes))


def _supersede(session, actor, entry_id, circle, now, **changes):
    values = {
        "kind": EntryKind.TREATMENT,
        "treatment_id": circle.treatment.id,
        "occurred_on": TODAY,
        "contact_mode": ContactMode.NONE,
        "contact_on": None,
        "note": "",
        "now": now,
    }
    return entries.supersede_entry(session, actor, entry_id, **(values | changes))


def _link(session, actor, circle):
    return session.exec(
        select(CareLink).where(
            CareLink.professional_id == actor.professional_id,
            CareLink.patient_id == circle.patient_id,
        )
    ).one()


class TestAddEntry:
    def test_counts_as_unread_for_the_others_only(self, session, circle, now):
        _add(session, circle.doctor, circle, now)
        assert _link(session, circle.doctor, circle).unread_count == 0
        assert _link(session, circle.pharmacist, circle).unread_count == 1

    def test_keeps_the_latest_day_whatever_the_order_of_typing(self, session, circle, now):
        _add(session, circle.doctor, circle, now, occurred_on=date(2026, 3, 1))
        _add(session, circle.doctor, circle, now, occurred_on=date(2026, 1, 1))
        assert _link(session, circle.pharmacist, circle).last_entry_on == date(2026, 3, 1)

    def test_a_treatment_that_starts_later_counts_as_seen_today(self, session, circle, now):
        _add(session, circle.doctor, circle, now, occurred_on=date(2026, 4, 1))
        assert _link(session, circle.doctor, circle).last_entry_on == TODAY

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound) as refusal:
            _add(session, circle.stranger, circle, now)
        assert refusal.value.code == "patient.not_found"

    def test_refuses_a_profession_that_does_not_assess(self, session, circle, now):
        with pytest.raises(Forbidden):
            _add(session, circle.technician, circle, now)

    def test_refuses_a_patient(self, session, circle, now):
        with pytest.raises(Forbidden):
            _add(session, circle.patient_actor, circle, now)


class TestSupersedeEntry:
    def test_keeps_the_earlier_version(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now, note="avant")
        later = now + timedelta(hours=1)
        _supersede(session, circle.doctor, first.id, circle, later, note="après")
        versions = entries.list_versions(session, circle.pharmacist, first.id, now=later)
        assert [(row.version, row.note) for row in versions] == [(2, "après"), (1, "avant")]
        assert versions[1].superseded_at == later
        assert versions[0].first_recorded_at == now

    def test_refuses_a_colleague(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now)
        with pytest.raises(Forbidden) as refusal:
            _supersede(session, circle.pharmacist, first.id, circle, now)
        assert refusal.value.code == "entry.correct_forbidden"

    def test_hides_the_entry_from_a_stranger(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now)
        with pytest.raises(NotFound) as hidden:
            _supersede(session, circle.stranger, first.id, circle, now)
        with pytest.raises(NotFound) as absent:
            _supersede(session, circle.stranger, uuid4(), circle, now)
        assert hidden.value.code == absent.value.code == "entry.not_found"

    def test_a_second_correction_of_the_same_version_conflicts(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now)
        _supersede(session, circle.doctor, first.id, circle, now)
        with pytest.raises(Conflict):
            _supersede(session, circle.doctor, first.id, circle, now)

    def test_recomputes_the_last_day_when_the_date_moves_back(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now)
        _supersede(session, circle.doctor, first.id, circle, now, occurred_on=date(2026, 2, 1))
        assert _link(session, circle.doctor, circle).last_entry_on == date(2026, 2, 1)

    def test_is_unread_again_for_whoever_had_read_and_counted_once_for_others(
        self, session, circle, now
    ):
        first = _add(session, circle.doctor, circle, now)
        entries.mark_read(session, circle.pharmacist, circle.patient_id, now=now)
        _supersede(session, circle.doctor, first.id, circle, now + timedelta(minutes=1))
        assert _link(session, circle.pharmacist, circle).unread_count == 1
        assert _link(session, circle.technician, circle).unread_count == 1
        assert _link(session, circle.doctor, circle).unread_count == 0

    def test_another_kind_is_not_found(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now)
        with pytest.raises(NotFound):
            _supersede(session, circle.doctor, first.id, circle, now, kind=EntryKind.TOLERANCE)


class TestMarkRead:
    def test_returns_until_when_it_was_read_before(self, session, circle, now):
        before = _link(session, circle.pharmacist, circle).read_at
        _add(session, circle.doctor, circle, now)
        later = now + timedelta(minutes=5)
        assert entries.mark_read(session, circle.pharmacist, circle.patient_id, now=later) == before
        assert entries.mark_read(session, circle.pharmacist, circle.patient_id, now=later) == later
        assert _link(session, circle.pharmacist, circle).unread_count == 0

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound):
            entries.mark_read(session, circle.stranger, circle.patient_id, now=now)


class TestCheckFact:
    def _faults(self, session, circle, now, **changes):
        values = {"treatment_id": circle.treatment.id, "occurred_on": TODAY}
        return check_fact(
            session, circle.doctor, circle.patient_id, Fact(**(values | changes)), now=now
        )

    def test_accepts_today_in_paris(self, session, circle, now):
        assert self._faults(session, circle, now) == {}

    def test_finds_all_faults_at_once(self, session, circle, now):
        found = self._faults(
            session,
            circle,
            now,
            treatment_id=None,
            occurred_on=None,
            contact_mode=ContactMode.PHONE,
            contact_on=date(2026, 3, 11),
            note="x" * 2001,
            unreadable={"grade": "choice.unknown"},
        )
        assert found == {
            "treatment_id": "entry.treatment_missing",
            "occurred_on": "entry.occurred_missing",
            "contact_on": "entry.contact_future",
            "note": "entry.note_too_long",
            "grade": "choice.unknown",
        }

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2026, 3, 11), "entry.occurred_future"),
            (date(1899, 12, 31), "entry.occurred_too_old"),
            (date(1958, 6, 3), "entry.occurred_before_birth"),
        ],
    )
    def test_refuses_an_impossible_day(self, session, circle, now, day, code):
        assert self._faults(session, circle, now, occurred_on=day) == {"occurred_on": code}

    def test_accepts_the_day_of_birth_and_2000_characters(self, session, circle, now):
        assert not self._faults(session, circle, now, occurred_on=date(1958, 6, 4), note="x" * 2000)

    def test_asks_how_a_dated_contact_took_place(self, session, circle, now):
        assert self._faults(session, circle, now, contact_on=TODAY) == {
            "contact_on": "entry.contact_without_mode"
        }

    def test_refuses_another_patients_treatment_like_an_absent_one(self, session, circle, now):
        for treatment_id in (circle.other_treatment.id, uuid4()):
            assert self._faults(session, circle, now, treatment_id=treatment_id) == {
                "treatment_id": "entry.treatment_missing"
            }

    def test_refuses_a_treatment_that_is_not_followed(self, session, circle, now):
        circle.treatment.is_followed = False
        session.flush()
        assert self._faults(session, circle, now) == {
            "treatment_id": "entry.treatment_not_followed"
        }

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        fact = Fact(treatment_id=circle.treatment.id, occurred_on=TODAY)
        with pytest.raises(NotFound):
            check_fact(session, circle.stranger, circle.patient_id, fact, now=now)


class TestCountEntries:
    def test_counts_current_versions_of_each_kind(self, session, circle, now):
        first = _add(session, circle.doctor, circle, now)
        _supersede(session, circle.doctor, first.id, circle, now)
        counts = entries.count_entries(session, circle.doctor, circle.patient_id)
        assert counts[EntryKind.TREATMENT] == 1
        assert counts[EntryKind.TOLERANCE] == 0

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound):
            entries.count_entries(session, circle.stranger, circle.patient_id)
