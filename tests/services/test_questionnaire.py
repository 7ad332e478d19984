"""Questionnaires of adherence, kept as data by version (CX-32, FD-01, FD-03)."""

import pytest

from app.authz.actor import ANONYMOUS, system
from app.errors import Forbidden, NotAuthenticated, NotFound
from app.models.adherence import Questionnaire
from app.services import questionnaire

ROBOT = system("test")


class TestEnsureReferenceQuestionnaires:
    def test_FD01_writes_the_six_questions_in_order(self, session, doctor, now):
        questionnaire.ensure_reference_questionnaires(session, ROBOT, now=now)
        view = questionnaire.current_questionnaire(session, doctor)
        assert (view.code, view.version, len(view.items)) == ("girerd", 1, 6)
        words = ("oublié", "à court", "plus tard", "mémoire", "plus de mal que de bien", "trop de")
        assert all(word in item for word, item in zip(words, view.items, strict=True))
        assert all(item.endswith("\u202f?") for item in view.items)

    def test_changes_nothing_the_second_time(self, session, doctor, now):
        questionnaire.ensure_reference_questionnaires(session, ROBOT, now=now)
        first = questionnaire.list_questionnaires(session, doctor)
        questionnaire.ensure_reference_questionnaires(session, ROBOT, now=now)
        assert questionnaire.list_questionnaires(session, doctor) == first

    def test_FD03_leaves_wording_a_team_has_mended(self, session, doctor, now):
        questionnaire.ensure_reference_questionnaires(session, ROBOT, now=now)
        session.add(Questionnaire(code="girerd", version=2, title="À nous", items=["?"] * 6))
        session.flush()
        questionnaire.ensure_reference_questionnaires(session, ROBOT, now=now)
        assert questionnaire.current_questionnaire(session, doctor).title == "À nous"
        assert len(questionnaire.list_questionnaires(session, doctor)) == 2

    def test_is_refused_to_people(self, session, doctor, now):
        with pytest.raises(Forbidden):
            questionnaire.ensure_reference_questionnaires(session, doctor, now=now)


class TestCurrentQuestionnaire:
    def test_is_absent_before_the_reference_is_written(self, session, doctor):
        with pytest.raises(NotFound) as refusal:
            questionnaire.current_questionnaire(session, doctor)
        assert refusal.value.code == "questionnaire.not_found"

    def test_is_refused_to_a_patient_and_to_nobody(self, session, patient_actor):
        with pytest.raises(Forbidden):
            questionnaire.current_questionnaire(session, patient_actor)
        with pytest.raises(NotAuthenticated):
            questionnaire.list_questionnaires(session, ANONYMOUS)
