"""Deposits for each open record and year, by month and group of types (DM-52, DM-53, DM-57)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from app.authz.actor import ANONYMOUS
from app.errors import Forbidden, NotAuthenticated
from app.models.journal import JournalEntry
from app.models.record_access import RecordEvent, RecordEventKind
from app.services.document_statistic import MonthLine, count_deposit, export_months, list_months
from app.services.document_type import StatisticGroup
from tests import factories

REPORT, BLOOD = "11488-4", "11502-2"
CONSULTATION, LABORATORY = StatisticGroup.CONSULTATION_REPORT, StatisticGroup.LABORATORY_REPORT
LAST_MONTH = datetime(2026, 2, 15, 12, tzinfo=UTC)
pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def administrator(session, now):
    return factories.make_administrator(session, now)


class TestCountDeposit:
    def test_DM57_counts_by_month_of_paris_and_group(self, session, administrator, now):
        for at in (LAST_MONTH, LAST_MONTH, datetime(2026, 2, 28, 23, 30, tzinfo=UTC), now):
            count_deposit(session, REPORT, now=at)
        count_deposit(session, BLOOD, now=now)
        february, march = list_months(session, administrator, now=now)
        assert (february.month, february.is_over, february.deposited) == (
            date(2026, 2, 1),
            True,
            {CONSULTATION: 2},
        )
        # Half past eleven in Greenwich is half past midnight in Paris.
        assert (march.is_over, march.deposited) == (False, {CONSULTATION: 2, LABORATORY: 1})


class TestListMonths:
    def test_DM57_divides_by_the_records_open_at_the_end_of_the_month(
        self, session, administrator, doctor, now
    ):
        patients = [
            factories.make_patient(session, doctor, now=LAST_MONTH - timedelta(days=40 * n))
            for n in range(3)
        ]
        factories.make_patient(session, doctor, now=now)
        for kind, at in (
            (RecordEventKind.CLOSED, LAST_MONTH),
            (RecordEventKind.REOPENED, now),
        ):
            session.add(RecordEvent(patient_id=patients[0], kind=kind, at=at))
        session.flush()
        count_deposit(session, REPORT, now=LAST_MONTH)
        february, march = list_months(session, administrator, now=now)
        assert (february.population, march.population) == (2, 4)
        assert february.rate() == february.rate(CONSULTATION) == 6.0
        assert february.rate(LABORATORY) == 0.0
        assert march.rate() == 0.0

    def test_without_any_deposit_there_is_nothing_to_draw(self, session, administrator, now):
        assert list_months(session, administrator, now=now) == ()

    def test_without_anybody_there_is_no_rate(self):
        assert MonthLine(date(2026, 2, 1), True, 0, {}).rate() is None

    def test_shows_three_years_without_a_gap(self, session, administrator, now):
        count_deposit(session, REPORT, now=datetime(2021, 5, 2, tzinfo=UTC))
        count_deposit(session, REPORT, now=LAST_MONTH)
        months = list_months(session, administrator, now=now)
        assert [line.month for line in (months[0], months[-1])] == [
            date(2023, 4, 1),
            date(2026, 3, 1),
        ]
        assert (len(months), sum(line.total for line in months)) == (36, 1)

    def test_is_for_administrators(self, session, doctor, now):
        with pytest.raises(Forbidden):
            list_months(session, doctor, now=now)
        with pytest.raises(NotAuthenticated):
            list_months(session, ANONYMOUS, now=now)


class TestExportMonths:
    def test_leaves_a_line_and_is_for_administrators(self, session, administrator, doctor, now):
        count_deposit(session, REPORT, now=LAST_MONTH)
        assert len(export_months(session, administrator, now=now)) == 2
        lines = select(JournalEntry.account_id).where(
            JournalEntry.action == "document_statistic.exported"
        )
        assert session.exec(lines).all() == [administrator.account_id]
        with pytest.raises(Forbidden):
            export_months(session, doctor, now=now)
