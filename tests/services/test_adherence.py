"""Adherence to a followed treatment (CX-30 to CX-33, D-15, FD-02)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, strategies as st
from sqlmodel import select

from app.authz.actor import system
from app.errors import Conflict, Invalid, NotFound
from app.models.adherence import AdherenceClass, ScoreDirection
from app.models.care_link import CareLink
from app.models.treatment import Treatment
from app.services import adherence, entry as entries, questionnaire
from app.services.adherence import Score, is_falling, yes_count_of
from app.services.fact import Fact
from tests.services.circle import make_treatment
from tests.services.entry_cases import CorrectCases, ListCases, RecordCases

TODAY = date(2026, 3, 10)
ROBOT = system("test")
YES, NO = ScoreDirection.YES_COUNT, ScoreDirection.NO_COUNT


@pytest.fixture
def girerd(session, circle, now):
    questionnaire.ensure_reference_questionnaires(session, ROBOT, now=now)
    return questionnaire.current_questionnaire(session, circle.doctor)


def _fact(circle, treatment=None, on=TODAY, **changes):
    return Fact(treatment_id=(treatment or circle.treatment).id, occurred_on=on, **changes)


def _record(session, actor, circle, now, score=None, *, yes=4, key=None, **fact):
    return adherence.record_adherence(
        session,
        actor,
        circle.patient_id,
        _fact(circle, **fact),
        score or Score(yes, YES),
        key=key or uuid4(),
        now=now,
    )


def _correct(session, actor, entry_id, circle, now, *, yes=4, key=None, **fact):
    return adherence.correct_adherence(
        session,
        actor,
        entry_id,
        _fact(circle, **fact),
        Score(yes, YES),
        key=key or uuid4(),
        now=now,
    )


def _rows(session, actor, circle, now, **filters):
    page = adherence.list_adherence(session, actor, circle.patient_id, now=now, **filters)
    return page.history.rows


def _copy(session, treatment):
    found = session.exec(
        select(
            Treatment.adherence_yes_count,
            Treatment.adherence_on,
            Treatment.previous_yes_count,
            Treatment.is_adherence_falling,
        ).where(Treatment.id == treatment.id)
    ).one()
    return tuple(found)


def _falling_on(session, circle):
    return set(
        session.exec(
            select(CareLink.falling_on).where(CareLink.patient_id == circle.patient_id)
        ).all()
    )


class TestClass:
    @given(st.integers(0, 6))
    def test_FD02_both_directions_agree(self, score):
        """Direction A: 0 / 1-2 / 3-6 « oui ». Direction B: 6 / 4-5 / 0-3 « non »."""
        by_yes = "good" if score == 0 else "slight_problem" if score <= 2 else "poor"
        non = 6 - score
        by_no = "good" if non == 6 else "slight_problem" if non >= 4 else "poor"
        assert AdherenceClass.of(yes_count_of(score, YES)).value == by_yes
        assert AdherenceClass.of(yes_count_of(non, NO)).value == by_no == by_yes

    @given(st.integers(0, 6), st.integers(0, 6))
    def test_a_class_never_improves_with_more_oui(self, one, other):
        order = list(AdherenceClass)
        few, many = sorted((one, other))
        assert order.index(AdherenceClass.of(few)) <= order.index(AdherenceClass.of(many))


class TestFalling:
    @pytest.mark.parametrize(
        ("previous", "latest", "expected"),
        [
            (None, 6, False),  # nothing to compare with
            (0, 1, True),  # good to slight problem
            (1, 2, False),  # same class, one more
            (2, 3, True),  # slight problem to poor
            (3, 4, False),  # same class, one more
            (3, 5, True),  # same class, two more
            (4, 2, False),  # better
            (4, 4, False),
        ],
    )
    def test_compares_the_latest_two(self, previous, latest, expected):
        assert is_falling(latest, previous) is expected


class TestRecordAdherence(RecordCases):
    record = staticmethod(_record)
    action = "adherence.recorded"

    def test_D15_keeps_what_was_typed_with_its_direction(self, session, circle, now):
        _record(session, circle.doctor, circle, now, Score(2, NO))
        (row,) = _rows(session, circle.pharmacist, circle, now)
        values = row.adherence
        assert (values.score, values.direction, values.yes_count) == (2, NO, 4)
        assert values.adherence_class is AdherenceClass.POOR
        assert values.answers is None

    @pytest.mark.parametrize("score", [0, 6])
    @pytest.mark.parametrize("direction", [YES, NO])
    def test_CX31_accepts_0_and_6(self, session, circle, now, score, direction):
        _record(session, circle.doctor, circle, now, Score(score, direction))
        assert _rows(session, circle.doctor, circle, now)[0].adherence.score == score

    @pytest.mark.parametrize("score", [-1, 7])
    def test_CX31_refuses_a_score_outside_0_to_6(self, session, circle, now, score):
        with pytest.raises(Invalid) as refusal:
            _record(session, circle.doctor, circle, now, Score(score, YES))
        assert refusal.value.fields == {"score": "adherence.score_range"}

    def test_D15_asks_for_score_and_direction(self, session, circle, now):
        fact = Fact(treatment_id=None, occurred_on=TODAY)
        with pytest.raises(Invalid) as refusal:
            adherence.record_adherence(
                session, circle.doctor, circle.patient_id, fact, Score(), key=uuid4(), now=now
            )
        assert refusal.value.fields == {
            "treatment_id": "entry.treatment_missing",
            "score": "adherence.score_missing",
            "direction": "adherence.direction_missing",
        }

    def test_CX32_computes_the_score_of_the_questionnaire(self, session, circle, girerd, now):
        answers = (True, False, True, False, False, True)
        score = Score(questionnaire_id=girerd.id, answers=answers)
        _record(session, circle.doctor, circle, now, score)
        values = _rows(session, circle.doctor, circle, now)[0].adherence
        assert (values.score, values.direction, values.yes_count) == (3, YES, 3)
        assert (values.answers, values.questionnaire_id) == (answers, girerd.id)
        assert values.adherence_class is AdherenceClass.POOR

    def test_CX32_names_each_question_left_unanswered(self, session, circle, girerd, now):
        score = Score(questionnaire_id=girerd.id, answers=(True, None, False, False))
        with pytest.raises(Invalid) as refusal:
            _record(session, circle.doctor, circle, now, score)
        assert refusal.value.fields == {
            f"answer_{number}": "adherence.answer_missing" for number in (2, 5, 6)
        }

    def test_CX32_refuses_an_unknown_questionnaire(self, session, circle, girerd, now):
        for score in (
            Score(questionnaire_id=uuid4(), answers=(True,) * 6),
            Score(questionnaire_id=None, answers=(True,) * 6),
            Score(questionnaire_id=girerd.id, answers=(True,) * 7),
        ):
            with pytest.raises(Invalid) as refusal:
                _record(session, circle.doctor, circle, now, score)
            assert refusal.value.fields == {"questionnaire_id": "adherence.questionnaire_missing"}

    def test_CX30_refuses_a_treatment_that_is_not_followed(self, session, circle, now):
        circle.treatment.is_followed = False
        session.flush()
        with pytest.raises(Invalid) as refusal:
            _record(session, circle.doctor, circle, now)
        assert refusal.value.fields == {"treatment_id": "entry.treatment_not_followed"}

    def test_S143_a_double_click_makes_one_entry(self, session, circle, now):
        key = uuid4()
        first = _record(session, circle.doctor, circle, now, key=key)
        assert _record(session, circle.doctor, circle, now, key=key) == first
        assert len(_rows(session, circle.doctor, circle, now)) == 1


class TestReadColumns:
    def test_copy_the_latest_two_scores(self, session, circle, now):
        _record(session, circle.doctor, circle, now, yes=1, on=date(2026, 2, 10))
        assert _copy(session, circle.treatment) == (1, date(2026, 2, 10), None, False)
        _record(session, circle.doctor, circle, now, yes=4, on=date(2026, 3, 3))
        assert _copy(session, circle.treatment) == (4, date(2026, 3, 3), 1, True)
        assert _falling_on(session, circle) == {date(2026, 3, 3)}

    def test_order_by_the_date_of_the_fact_not_of_typing(self, session, circle, now):
        _record(session, circle.doctor, circle, now, yes=4, on=date(2026, 3, 3))
        _record(session, circle.doctor, circle, now, yes=1, on=date(2026, 2, 10))
        assert _copy(session, circle.treatment) == (4, date(2026, 3, 3), 1, True)

    def test_of_one_day_the_last_typed_is_the_latest(self, session, circle, now):
        _record(session, circle.doctor, circle, now, yes=4)
        _record(session, circle.doctor, circle, now + timedelta(minutes=1), yes=0)
        assert _copy(session, circle.treatment) == (0, TODAY, 4, False)

    def test_follow_a_correction(self, session, circle, now):
        _record(session, circle.doctor, circle, now, yes=1, on=date(2026, 2, 10))
        second = _record(session, circle.doctor, circle, now, yes=4, on=date(2026, 3, 3))
        _correct(session, circle.doctor, second, circle, now, yes=1, on=date(2026, 3, 4))
        assert _copy(session, circle.treatment) == (1, date(2026, 3, 4), 1, False)
        assert _falling_on(session, circle) == {None}

    def test_follow_a_correction_to_another_treatment(self, session, circle, now):
        other = make_treatment(session, circle.doctor, circle.patient_id, now, "Létrozole")
        first = _record(session, circle.doctor, circle, now, yes=4)
        _correct(session, circle.doctor, first, circle, now, yes=4, treatment=other)
        assert _copy(session, circle.treatment) == (None, None, None, False)
        assert _copy(session, other) == (4, TODAY, None, False)


class TestCorrectAdherence(CorrectCases):
    record = staticmethod(_record)
    correct = staticmethod(_correct)

    def test_keeps_the_earlier_version_readable(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now, yes=4)
        second = _correct(session, circle.doctor, first, circle, now, yes=2)
        versions = entries.list_versions(session, circle.pharmacist, second, now=now)
        assert [row.adherence.yes_count for row in versions] == [2, 4]
        assert [row.id for row in versions] == [second, first]

    def test_reports_faults_as_when_recording(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        with pytest.raises(Invalid) as refusal:
            _correct(session, circle.doctor, first, circle, now, yes=7, on=date(2027, 1, 1))
        assert refusal.value.fields == {
            "score": "adherence.score_range",
            "occurred_on": "entry.occurred_future",
        }

    def test_conflicts_when_corrected_meanwhile(self, session, circle, now):
        first = _record(session, circle.doctor, circle, now)
        _correct(session, circle.doctor, first, circle, now)
        with pytest.raises(Conflict):
            _correct(session, circle.doctor, first, circle, now)


class TestListAdherence(ListCases):
    show = staticmethod(_rows)

    def test_CX33_says_the_score_before_of_the_same_treatment(self, session, circle, now):
        other = make_treatment(session, circle.doctor, circle.patient_id, now, "Létrozole")
        _record(session, circle.doctor, circle, now, yes=2, on=date(2026, 2, 10))
        _record(session, circle.doctor, circle, now, yes=0, on=date(2026, 2, 20), treatment=other)
        _record(session, circle.doctor, circle, now, yes=4, on=date(2026, 3, 3))
        rows = _rows(session, circle.doctor, circle, now)
        before = [(r.adherence.previous_yes_count, r.adherence.previous_on) for r in rows]
        assert before == [(2, date(2026, 2, 10)), (None, None), (None, None)]

    def test_of_one_day_the_score_before_is_the_one_typed_before(self, session, circle, now):
        _record(session, circle.doctor, circle, now, yes=1)
        _record(session, circle.doctor, circle, now + timedelta(minutes=1), yes=3)
        rows = _rows(session, circle.doctor, circle, now)
        assert [row.adherence.previous_yes_count for row in rows] == [1, None]


class TestAdherenceCurves:
    def test_draw_one_curve_for_each_treatment_oldest_first(self, session, circle, now):
        other = make_treatment(session, circle.doctor, circle.patient_id, now, "Létrozole")
        _record(session, circle.doctor, circle, now, yes=4, on=date(2026, 3, 3))
        wrong = _record(session, circle.doctor, circle, now, yes=6, on=date(2026, 2, 10))
        _correct(session, circle.doctor, wrong, circle, now, yes=1, on=date(2026, 2, 11))
        _record(session, circle.pharmacist, circle, now, yes=0, treatment=other)
        curves = adherence.adherence_curves(session, circle.doctor, circle.patient_id, now=now)
        drawn = {c.label: [(p.occurred_on, p.yes_count) for p in c.points] for c in curves}
        assert drawn == {
            "Palbociclib 125 mg": [(date(2026, 2, 11), 1), (date(2026, 3, 3), 4)],
            "Létrozole": [(TODAY, 0)],
        }
        assert curves[0].points[-1].adherence_class is AdherenceClass.POOR

    def test_hide_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound):
            adherence.adherence_curves(session, circle.stranger, circle.patient_id, now=now)
