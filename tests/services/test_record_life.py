"""The life of a shared record: closed, kept, reopened, deleted; refused before anything was filed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.authz.actor import system
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.document import Document, DocumentUpload, DocumentWord, StoredFile
from app.models.journal import JournalEntry
from app.models.record_access import AccessKind, RecordAccess, RecordEventKind, RecordState
from app.services.access_history import HistoryFilter, fetch_history
from app.services.document_query import DocumentFilter, count_unseen
from app.services.document_reading import open_document
from app.services.matrix import ensure_reference_matrix
from app.services.record_life import (
    ask_deletion,
    close_record,
    delete_due,
    get_life,
    oppose_record,
    reopen_record,
)
from app.services.visibility import sight
from tests.documents import make_access, make_document, make_upload

pytestmark = pytest.mark.databases("sqlite")

ROBOT = system("upkeep")


@pytest.fixture(autouse=True)
def _matrix(session, now):
    ensure_reference_matrix(session, system("test"), now=now)


@pytest.fixture
def document(session, circle, now):
    make_upload(session, circle.patient_actor, circle.patient_id)
    return make_document(session, circle.doctor, circle.patient_id, text="Marqueurs tumoraux")


def _close(session, actor, now, **boxes):
    boxes = {"knows_nobody_sees": True, "knows_what_is_kept": True, **boxes}
    close_record(session, actor, **boxes, now=now)


def _fresh(actor, now):
    return replace(actor, factor_at=now)


def _steps(session, circle):
    return [step.kind for step in get_life(session, circle.patient_actor).steps]


def _count(session, model):
    return session.execute(select(func.count()).select_from(model)).scalar_one()


class TestClose:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_FC27_nobody_sees_a_closed_record_and_reopening_gives_it_back(
        self, session, circle, document, now
    ):
        access = make_access(
            session,
            circle.stranger,
            circle.patient_id,
            AccessKind.DECLARED,
            now + timedelta(1),
            now,
        )
        for _ in range(2):
            _close(session, circle.patient_actor, now, reason="Je déménage")
        life = get_life(session, circle.patient_actor)
        assert (life.state, life.since, life.documents) == (RecordState.CLOSED, now, 1)
        assert (life.kept_until, life.deleted_on) == (date(2036, 3, 10), None)
        assert [(step.kind, step.reason) for step in life.steps] == [
            (RecordEventKind.CLOSED, "Je déménage")
        ]
        for who in (circle.doctor, circle.stranger):
            with pytest.raises(NotFound):
                sight(session, who, circle.patient_id, now=now)
        with pytest.raises(RuleViolation) as caught:
            sight(session, circle.patient_actor, circle.patient_id, now=now)
        assert caught.value.code == "record.closed"
        ended_at = select(col(RecordAccess.ended_at)).where(col(RecordAccess.id) == access)
        assert session.execute(ended_at).scalar() == now
        for _ in range(2):
            reopen_record(session, circle.patient_actor, now=now + timedelta(days=400))
        assert get_life(session, circle.patient_actor).state is RecordState.OPEN
        assert sight(session, circle.doctor, circle.patient_id, now=now)
        assert _steps(session, circle) == [RecordEventKind.REOPENED, RecordEventKind.CLOSED]

    def test_nothing_of_it_is_new_to_the_patient(self, session, circle, document, now):
        assert count_unseen(session, circle.patient_actor, now=now) == 1
        _close(session, circle.patient_actor, now)
        assert count_unseen(session, circle.patient_actor, now=now) == 0

    def test_FC28_both_boxes_are_ticked_and_both_faults_are_told(self, session, circle, now):
        with pytest.raises(Invalid) as caught:
            _close(
                session,
                circle.patient_actor,
                now,
                knows_nobody_sees=False,
                knows_what_is_kept=False,
            )
        assert caught.value.fields == {
            "knows_nobody_sees": "record_life.unseen_unticked",
            "knows_what_is_kept": "record_life.kept_unticked",
        }
        assert get_life(session, circle.patient_actor).state is RecordState.OPEN

    def test_every_step_is_the_patients_alone(self, session, circle, now):
        for act in (
            lambda who: _close(session, who, now),
            lambda who: oppose_record(session, who, now=now),
            lambda who: ask_deletion(session, _fresh(who, now), now=now),
            lambda who: reopen_record(session, who, now=now),
            lambda who: get_life(session, who),
            lambda who: delete_due(session, who, now=now),
        ):
            with pytest.raises(Forbidden):
                act(circle.doctor)


class TestOppose:
    def test_FC26_before_anything_was_filed(self, session, circle, now):
        assert get_life(session, circle.patient_actor).may_oppose
        oppose_record(session, circle.patient_actor, now=now)
        assert get_life(session, circle.patient_actor).state is RecordState.OPPOSED
        with pytest.raises(NotFound):
            sight(session, circle.doctor, circle.patient_id, now=now)
        assert _steps(session, circle) == [RecordEventKind.OPPOSED]

    def test_FC17_what_waits_for_its_announcement_is_neither_counted_nor_in_the_way(
        self, session, circle, now
    ):
        make_document(session, circle.doctor, circle.patient_id, is_hidden_from_patient=True)
        life = get_life(session, circle.patient_actor)
        assert (life.documents, life.may_oppose) == (0, True)
        oppose_record(session, circle.patient_actor, now=now)
        assert get_life(session, circle.patient_actor).state is RecordState.OPPOSED

    def test_afterwards_one_closes(self, session, circle, document, now):
        assert not get_life(session, circle.patient_actor).may_oppose
        with pytest.raises(RuleViolation) as caught:
            oppose_record(session, circle.patient_actor, now=now)
        assert caught.value.code == "record_life.close_instead"


class TestDeletion:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_FC27_asked_for_it_is_done_within_three_months_and_the_journal_stays(
        self, session, circle, document, now
    ):
        _close(session, circle.patient_actor, now)
        for _ in range(2):
            day = ask_deletion(session, _fresh(circle.patient_actor, now), now=now)
        assert day == date(2026, 4, 9)
        assert day < now.date() + timedelta(days=90)
        assert delete_due(session, ROBOT, now=now + timedelta(days=29)) == 0
        assert _count(session, Document) == 1
        lines = _count(session, JournalEntry)
        later = now + timedelta(days=30)
        assert delete_due(session, ROBOT, now=later) == 1
        assert delete_due(session, ROBOT, now=later) == 0
        assert [_count(session, model) for model in (Document, DocumentWord, DocumentUpload)] == [
            0,
            0,
            0,
        ]
        released = session.execute(select(col(StoredFile.released_at))).scalars()
        assert set(released) == {later}
        assert _count(session, JournalEntry) == lines + 1
        assert _steps(session, circle)[0] is RecordEventKind.DELETED
        assert get_life(session, circle.patient_actor).deleted_on is None

    def test_FC17_afterwards_nothing_tells_of_a_document_that_was_hidden(
        self, session, circle, now
    ):
        hidden = make_document(
            session, circle.doctor, circle.patient_id, is_hidden_from_patient=True
        )
        open_document(session, circle.doctor, circle.patient_id, hidden, DocumentFilter(), now=now)
        _close(session, circle.patient_actor, now)
        ask_deletion(session, _fresh(circle.patient_actor, now), now=now)
        delete_due(session, ROBOT, now=now + timedelta(days=30))
        told = fetch_history(
            session, circle.patient_actor, circle.patient_id, HistoryFilter(), now=now
        )
        assert {line.action for line in told.lines} == {
            "record_life.closed",
            "record_life.deletion_asked",
            "record_life.deleted",
        }

    def test_after_ten_years_without_being_asked(self, session, circle, document, now):
        _close(session, circle.patient_actor, now)
        assert delete_due(session, ROBOT, now=now.replace(year=2036) - timedelta(days=1)) == 0
        assert delete_due(session, ROBOT, now=now.replace(year=2036)) == 1
        assert delete_due(session, ROBOT, now=now.replace(year=2036)) == 0
        assert _count(session, Document) == 0

    def test_an_open_record_is_never_emptied(self, session, circle, document, now):
        _close(session, circle.patient_actor, now)
        ask_deletion(session, _fresh(circle.patient_actor, now), now=now)
        reopen_record(session, circle.patient_actor, now=now)
        assert delete_due(session, ROBOT, now=now.replace(year=2050)) == 0
        assert _count(session, Document) == 1

    def test_takes_a_closed_record_and_a_fresh_factor(self, session, circle, document, now):
        with pytest.raises(RuleViolation) as caught:
            ask_deletion(session, _fresh(circle.patient_actor, now), now=now)
        assert caught.value.code == "record_life.close_first"
        _close(session, circle.patient_actor, now)
        with pytest.raises(Forbidden) as stale:
            ask_deletion(session, circle.patient_actor, now=now)
        assert stale.value.code == "factor.stale"
