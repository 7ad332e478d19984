"""Entries written by several at once: nothing doubled, nothing lost (S143, CX-36)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlmodel import col, func, select

from app.db import unit_of_work
from app.errors import Conflict
from app.models.adherence import ScoreDirection
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.treatment import Treatment
from app.services import adherence
from app.services.adherence import Score
from app.services.fact import Fact
from tests.services.circle import make_circle

TODAY = date(2026, 3, 10)


@pytest.fixture
def circle(database, now):
    with unit_of_work(database) as session:
        return make_circle(session, now)


def _record(session, actor, circle, now, *, yes=1, on=TODAY, key=None):
    fact = Fact(treatment_id=circle.treatment.id, occurred_on=on)
    score = Score(yes, ScoreDirection.YES_COUNT)
    return adherence.record_adherence(
        session, actor, circle.patient_id, fact, score, key=key or uuid4(), now=now
    )


def _correct(session, actor, entry_id, circle, now, *, yes):
    fact = Fact(treatment_id=circle.treatment.id, occurred_on=TODAY)
    score = Score(yes, ScoreDirection.YES_COUNT)
    return adherence.correct_adherence(session, actor, entry_id, fact, score, key=uuid4(), now=now)


def _at_once(database, *acts):
    """Run each act in a unit of work of its own, all started together; results, or what was raised."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            with unit_of_work(database) as session:
                return act(session)
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _count(session):
    counted = select(func.count()).where(col(Entry.kind) == EntryKind.ADHERENCE)
    return session.exec(counted).one()


class TestAtOnce:
    def test_S143_one_key_submitted_by_four_makes_one_entry(self, database, circle, now):
        key = uuid4()

        def act(session):
            return _record(session, circle.doctor, circle, now, key=key)

        results = _at_once(database, act, act, act, act)
        assert len(set(results)) == 1
        with unit_of_work(database) as session:
            assert _count(session) == 1

    def test_of_two_corrections_one_conflicts(self, database, circle, now):
        with unit_of_work(database) as session:
            first = _record(session, circle.doctor, circle, now)
        results = _at_once(
            database,
            lambda session: _correct(session, circle.doctor, first, circle, now, yes=2),
            lambda session: _correct(session, circle.doctor, first, circle, now, yes=3),
        )
        assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
        with unit_of_work(database) as session:
            assert _count(session) == 2

    def test_copies_for_lists_miss_no_entry(self, database, circle, now):
        days = [TODAY - timedelta(days=number) for number in range(6)]
        acts = [
            lambda session, on=day, yes=number: _record(
                session, circle.doctor, circle, now, on=on, yes=yes
            )
            for number, day in enumerate(days)
        ]
        _at_once(database, *acts)
        with unit_of_work(database) as session:
            treatment = session.get_one(Treatment, circle.treatment.id)
            assert (treatment.adherence_yes_count, treatment.adherence_on) == (0, TODAY)
            assert treatment.previous_yes_count == 1
            links = session.exec(
                select(CareLink).where(CareLink.patient_id == circle.patient_id)
            ).all()
            counts = {link.professional_id: link.unread_count for link in links}
            assert counts[circle.pharmacist.professional_id] == 6
            assert counts[circle.doctor.professional_id] == 0
            assert {link.last_entry_on for link in links} == {TODAY}
