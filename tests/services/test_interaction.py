"""Drug interactions noticed with a followed treatment (CX-27 to CX-29)."""

from datetime import date
from uuid import uuid4

import pytest

from app.errors import Invalid, NotFound
from app.models.interaction import InteractionLevel
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services import entry as entries, interaction, tolerance
from app.services.fact import Fact
from tests.services.entry_cases import CorrectCases, ListCases, RecordCases

TODAY = date(2026, 3, 10)


def _arguments(circle, changes):
    fact = {"treatment_id": circle.treatment.id, "occurred_on": TODAY}
    fact |= {k: changes.pop(k) for k in list(changes) if k in Fact.__dataclass_fields__}
    values = {
        "substance": "clarithromycine",
        "level": InteractionLevel.DISCOURAGED,
        "key": uuid4(),
    }
    return Fact(**fact), values | changes


def _record(session, actor, circle, now, **changes):
    fact, values = _arguments(circle, changes)
    return interaction.record_interaction(
        session, actor, circle.patient_id, fact, now=now, **values
    )


def _correct(session, actor, entry_id, circle, now, **changes):
    fact, values = _arguments(circle, changes)
    return interaction.correct_interaction(session, actor, entry_id, fact, now=now, **values)


def _list(session, actor, circle, now, **filters):
    return interaction.list_interaction(session, actor, circle.patient_id, now=now, **filters)


class TestRecordInteraction(RecordCases):
    record = staticmethod(_record)
    action = "interaction.recorded"

    def test_CX28_keeps_substance_and_level(self, session, circle, now):
        _record(session, circle.pharmacist, circle, now, substance="  acide   folique ")
        (row,) = _list(session, circle.doctor, circle, now).rows
        assert row.interaction.substance == "acide folique"
        assert row.interaction.level is InteractionLevel.DISCOURAGED
        assert row.author.family_name == "Haddad"

    @pytest.mark.parametrize("level", list(InteractionLevel))
    def test_FD10_knows_the_four_national_levels(self, session, circle, now, level):
        _record(session, circle.doctor, circle, now, level=level)
        assert _list(session, circle.doctor, circle, now).rows[0].interaction.level is level

    def test_CX27_finds_all_missing_fields_at_once(self, session, circle, now):
        with pytest.raises(Invalid) as refusal:
            _record(
                session, circle.doctor, circle, now, treatment_id=None, substance=" \n", level=None
            )
        assert refusal.value.fields == {
            "treatment_id": "entry.treatment_missing",
            "substance": "interaction.substance_missing",
            "level": "interaction.level_missing",
        }

    def test_accepts_250_characters_and_no_more(self, session, circle, now):
        _record(session, circle.doctor, circle, now, substance="a" * 250)
        with pytest.raises(Invalid) as refusal:
            _record(session, circle.doctor, circle, now, substance="a" * 251)
        assert refusal.value.fields == {"substance": "interaction.substance_too_long"}

    def test_S143_a_double_click_makes_one_entry(self, session, circle, now):
        key = uuid4()
        first = _record(session, circle.doctor, circle, now, key=key)
        assert _record(session, circle.doctor, circle, now, key=key) == first
        assert _list(session, circle.doctor, circle, now).total == 1


class TestCorrectInteraction(CorrectCases):
    record = staticmethod(_record)
    correct = staticmethod(_correct)

    def test_keeps_the_earlier_version_readable(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        _correct(session, circle.doctor, first, circle, now, substance="érythromycine")
        (row,) = _list(session, circle.pharmacist, circle, now).rows
        assert (row.version, row.interaction.substance) == (2, "érythromycine")
        versions = entries.list_versions(session, circle.pharmacist, first, now=now)
        assert [v.interaction.substance for v in versions] == ["érythromycine", "clarithromycine"]

    def test_reports_faults_as_when_recording(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        with pytest.raises(Invalid) as refusal:
            _correct(session, circle.doctor, first, circle, now, level=None)
        assert refusal.value.fields == {"level": "interaction.level_missing"}

    def test_another_kind_of_form_does_not_find_it(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        fact, _ = _arguments(circle, {})
        with pytest.raises(NotFound):
            tolerance.correct_tolerance(
                session,
                circle.doctor,
                first,
                fact,
                domain=ToleranceDomain.SKIN,
                patient_appreciation=PatientAppreciation.SLIGHT,
                grade=1,
                key=uuid4(),
                now=now,
            )


class TestListInteraction(ListCases):
    show = staticmethod(_list)

    def test_CX29_filters_by_level(self, session, circle, now):
        _record(session, circle.doctor, circle, now)
        _record(session, circle.doctor, circle, now, level=InteractionLevel.PRECAUTION)
        page = _list(session, circle.doctor, circle, now, level=InteractionLevel.PRECAUTION)
        assert (page.matching, page.total) == (1, 2)
        assert page.rows[0].interaction.level is InteractionLevel.PRECAUTION
