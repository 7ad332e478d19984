"""The matrix as administrators keep it: changes, versions, differences, two at once (DM-45, S054, S143)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import ANONYMOUS, system
from app.db import unit_of_work
from app.errors import Conflict, Forbidden, Invalid, NotAuthenticated, NotFound, RuleViolation
from app.models.journal import JournalEntry
from app.models.matrix import MatrixRight
from app.models.professional import Profession
from app.services.fields import date_fields, paris_day
from app.services.matrix import ensure_reference_matrix, readable_types
from app.services.matrix_admin import (
    change_cells,
    count_columns,
    discard_changes,
    list_differences,
    list_pending,
    list_versions,
    load_changes,
    publish_version,
    read_column,
)
from app.services.matrix_reference import MOST_CAREFUL, CellValue
from tests import factories
from tests.services.own_account import stale

DOCTOR, MIDWIFE = Profession.DOCTOR, Profession.MIDWIFE
SUMMARY, STAY = "60591-5", "34112-3"
MIDWIFE_READS = (MIDWIFE, MatrixRight.READ, SUMMARY)
YES = CellValue(allowed=True, is_confirmed=True)
pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def administrator(session, now):
    ensure_reference_matrix(session, system("test"), now=now)
    return replace(factories.make_administrator(session, now), factor_at=now)


@pytest.fixture
def first(session, administrator, now):
    """The version in force."""
    return list_versions(session, administrator, now=now)[0]


def _fields(on, **others):
    return {**date_fields("effective_on", on), "note": "Annexe relue.", "source": "JO"} | others


def _publish(session, administrator, base_id, now, *, days=0, key=None):
    fields = _fields(paris_day(now) + timedelta(days=days))
    return publish_version(session, administrator, base_id, fields, key=key or uuid4(), now=now)


class TestChangeCells:
    def test_what_waits_is_kept_and_shown_against_the_version_in_force(
        self, session, administrator, first, now
    ):
        change_cells(session, administrator, first.id, {MIDWIFE_READS: YES}, now=now)
        assert load_changes(session, administrator) == {MIDWIFE_READS: YES}
        (change,) = list_pending(session, administrator, first.id, now=now)
        assert (change.cell, change.before, change.after) == (MIDWIFE_READS, MOST_CAREFUL, YES)
        assert SUMMARY not in readable_types(session, MIDWIFE, on=paris_day(now))

    def test_a_cell_put_back_waits_no_more(self, session, administrator, first, now):
        change_cells(session, administrator, first.id, {MIDWIFE_READS: YES}, now=now)
        back = {MIDWIFE_READS: MOST_CAREFUL}
        assert change_cells(session, administrator, first.id, back, now=now) == {}

    def test_the_whole_column_of_a_profession_fits(self, session, administrator, first, now):
        column = read_column(session, administrator, first.id, MIDWIFE)
        assert len(column) == 228
        asked = dict.fromkeys(column, YES)
        assert change_cells(session, administrator, first.id, asked, now=now) == asked
        discard_changes(session, administrator)
        assert load_changes(session, administrator) == {}

    def test_refuses_a_type_of_no_list(self, session, administrator, first, now):
        unknown = {(MIDWIFE, MatrixRight.READ, "12345-6"): YES}
        with pytest.raises(Invalid):
            change_cells(session, administrator, first.id, unknown, now=now)


class TestPublishVersion:
    def test_DM45_holds_from_its_day_on(self, session, administrator, first, now):
        today = paris_day(now)
        change_cells(session, administrator, first.id, {MIDWIFE_READS: YES}, now=now)
        published = _publish(session, administrator, first.id, now, days=1)
        assert SUMMARY not in readable_types(session, MIDWIFE, on=today)
        assert SUMMARY in readable_types(session, MIDWIFE, on=today + timedelta(days=1))
        assert STAY in readable_types(session, DOCTOR, on=today + timedelta(days=1))
        newest, before = list_versions(session, administrator, now=now)
        assert (newest.id, newest.number, newest.is_in_force) == (published, 2, False)
        assert before.is_in_force
        assert list_versions(session, administrator, now=now + timedelta(days=1))[0].is_in_force
        (change,) = list_differences(session, administrator, first.id, published)
        assert change.cell == MIDWIFE_READS
        assert load_changes(session, administrator) == {}
        actions = session.exec(
            select(JournalEntry.account_id).where(JournalEntry.action == "matrix.published")
        ).all()
        assert actions == [None, administrator.account_id]

    def test_S143_one_form_publishes_once(self, session, administrator, first, now):
        key = uuid4()
        change_cells(session, administrator, first.id, {MIDWIFE_READS: YES}, now=now)
        published = _publish(session, administrator, first.id, now, key=key)
        assert _publish(session, administrator, first.id, now, key=key) == published
        assert len(list_versions(session, administrator, now=now)) == 2

    def test_says_every_fault_at_once(self, session, administrator, first, now):
        change_cells(session, administrator, first.id, {MIDWIFE_READS: YES}, now=now)
        yesterday = paris_day(now) - timedelta(days=1)
        fields = _fields(yesterday, note=" ", source="")
        with pytest.raises(Invalid) as refusal:
            publish_version(session, administrator, first.id, fields, key=uuid4(), now=now)
        assert refusal.value.fields == {
            "effective_on": "matrix.effective_past",
            "note": "matrix.note_missing",
            "source": "matrix.source_missing",
        }

    def test_needs_a_change_and_a_version_to_start_from(self, session, administrator, first, now):
        with pytest.raises(RuleViolation, match=r"matrix\.no_change"):
            _publish(session, administrator, first.id, now)
        with pytest.raises(NotFound, match=r"matrix\.not_found"):
            _publish(session, administrator, uuid4(), now)

    def test_S054_needs_a_factor_of_the_last_minutes(self, session, administrator, first, now):
        change_cells(session, administrator, first.id, {MIDWIFE_READS: YES}, now=now)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            _publish(session, stale(administrator, now), first.id, now)


class TestTwoAtOnce:
    def test_the_second_reads_why_not_and_keeps_their_changes(self, database, now):
        with unit_of_work(database) as session:
            ensure_reference_matrix(session, system("test"), now=now)
            people = [
                replace(factories.make_administrator(session, now), factor_at=now) for _ in range(2)
            ]
            base_id = list_versions(session, people[0], now=now)[0].id
            for person in people:
                change_cells(session, person, base_id, {MIDWIFE_READS: YES}, now=now)

        def publish(person):
            try:
                with unit_of_work(database) as session:
                    _publish(session, person, base_id, now)
            except Conflict as conflict:
                return conflict.code
            return "published"

        with ThreadPoolExecutor(2) as both:
            outcomes = list(both.map(publish, people))
        assert sorted(outcomes) == ["matrix.changed", "published"]
        second = people[outcomes.index("matrix.changed")]
        with unit_of_work(database) as session:
            assert load_changes(session, second) == {MIDWIFE_READS: YES}
            newest = list_versions(session, second, now=now)[0]
            assert newest.number == 2


class TestWhoMay:
    def test_counts_are_of_the_whole_column(self, session, administrator, first):
        counts = count_columns(session, administrator, first.id)
        assert (counts[DOCTOR].readable, counts[DOCTOR].depositable) == (113, 100)
        assert counts[DOCTOR].unconfirmed == 114
        assert (counts[MIDWIFE].readable, counts[MIDWIFE].unconfirmed) == (0, 228)

    def test_only_administrators_read_and_change_it(
        self, session, administrator, doctor, first, now
    ):
        for stranger, refusal in ((doctor, Forbidden), (ANONYMOUS, NotAuthenticated)):
            with pytest.raises(refusal):
                list_versions(session, stranger, now=now)
            with pytest.raises(refusal):
                read_column(session, stranger, first.id, DOCTOR)
            with pytest.raises(refusal):
                list_differences(session, stranger, first.id, first.id)
            with pytest.raises(refusal):
                change_cells(session, stranger, first.id, {MIDWIFE_READS: YES}, now=now)
            with pytest.raises(refusal):
                _publish(session, replace(stranger, factor_at=now), first.id, now)
