"""Who may record, correct and read an entry: the same for every kind. The tests of a kind inherit these."""

from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Forbidden, NotFound
from app.services import journal


class RecordCases:
    """`record(session, actor, circle, now)` writes one entry, gives its id; `action`: its journal line."""

    record: Callable[..., Any]
    action: str

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound) as refusal:
            self.record(session, circle.stranger, circle, now)
        assert refusal.value.code == "patient.not_found"

    def test_refuses_a_profession_that_does_not_assess(self, session, circle, now):
        with pytest.raises(Forbidden) as refusal:
            self.record(session, circle.technician, circle, now)
        assert refusal.value.code == "entry.record_forbidden"

    def test_refuses_the_patient(self, session, circle, now):
        with pytest.raises(Forbidden):
            self.record(session, circle.patient_actor, circle, now)

    def test_S130_leaves_a_journal_line(self, session, circle, now):
        before = journal.last_seq(session)
        entry_id = self.record(session, circle.doctor, circle, now)
        (change,) = journal.list_changes_since(session, before)
        assert change.action == self.action
        assert (change.patient_id, change.object_id) == (circle.patient_id, entry_id)


class CorrectCases:
    """`correct(session, actor, entry_id, circle, now)` writes a new version of an entry."""

    record: Callable[..., Any]
    correct: Callable[..., Any]

    def test_refuses_a_colleague(self, session, circle, now):
        first = self.record(session, circle.doctor, circle, now)
        with pytest.raises(Forbidden) as refusal:
            self.correct(session, circle.pharmacist, first, circle, now)
        assert refusal.value.code == "entry.correct_forbidden"

    def test_hides_the_entry_from_a_stranger(self, session, circle, now):
        first = self.record(session, circle.doctor, circle, now)
        with pytest.raises(NotFound) as refusal:
            self.correct(session, circle.stranger, first, circle, now)
        assert refusal.value.code == "entry.not_found"


class ListCases:
    """`show(session, actor, circle, now)` reads the history."""

    show: Callable[..., Any]

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound) as refusal:
            self.show(session, circle.stranger, circle, now)
        assert refusal.value.code == "patient.not_found"

    def test_refuses_the_patient(self, session, circle, now):
        with pytest.raises(Forbidden):
            self.show(session, circle.patient_actor, circle, now)
