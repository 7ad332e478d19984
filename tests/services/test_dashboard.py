"""The dashboard: what needs attention today (CX-09)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.errors import Forbidden, NotAuthenticated
from app.models.adherence import ScoreDirection
from app.models.care_link import CareLink
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.models.treatment import Treatment
from app.services import adherence, dashboard, entry as entries, tolerance
from app.services.adherence import Score
from app.services.attention import AttentionKind
from app.services.fact import Fact
from tests import factories
from tests.services.circle import make_circle

TODAY = date(2026, 3, 10)


@pytest.fixture
def circle(session, now):
    """A circle whose last entry is recent: nothing needs attention yet."""
    made = make_circle(session, now)
    session.execute(update(CareLink).values(last_entry_on=date(2026, 3, 1)))
    return made


def _tolerance(session, actor, circle, now, *, on=TODAY, grade=3):
    return tolerance.record_tolerance(
        session,
        actor,
        circle.patient_id,
        Fact(treatment_id=circle.treatment.id, occurred_on=on, note="Contrôle prévu."),
        domain=ToleranceDomain.BLOOD,
        patient_appreciation=PatientAppreciation.SERIOUS,
        grade=grade,
        key=uuid4(),
        now=now,
    )


def _adherence(session, actor, circle, now, *, on, yes):
    return adherence.record_adherence(
        session,
        actor,
        circle.patient_id,
        Fact(treatment_id=circle.treatment.id, occurred_on=on),
        Score(yes, ScoreDirection.YES_COUNT),
        key=uuid4(),
        now=now,
    )


def _fall(session, actor, circle, now, *, on=date(2026, 3, 3)):
    _adherence(session, actor, circle, now, on=on - timedelta(days=30), yes=1)
    _adherence(session, actor, circle, now, on=on, yes=4)


def _set_last_entry(session, patient_id, day):
    session.execute(
        update(CareLink).where(col(CareLink.patient_id) == patient_id).values(last_entry_on=day)
    )


def _read(session, actor, now):
    return dashboard.read_dashboard(session, actor, now=now)


class TestReadDashboard:
    def test_counts_nothing_when_nothing_needs_attention(self, session, circle, now):
        board = _read(session, circle.doctor, now)
        counters = board.counters
        assert (counters.patients, counters.rows) == (1, 0)
        assert board.attention == []

    def test_severe_tolerance_of_the_last_14_days(self, session, circle, now):
        _tolerance(session, circle.doctor, circle, now, grade=2)
        _tolerance(session, circle.doctor, circle, now, on=date(2026, 2, 23), grade=4)
        assert _read(session, circle.doctor, now).counters.severe == 0
        _tolerance(session, circle.doctor, circle, now, on=date(2026, 2, 24), grade=3)
        board = _read(session, circle.doctor, now)
        (row,) = board.attention
        assert (row.kind, row.on, row.grade) == (AttentionKind.SEVERE, date(2026, 2, 24), 3)
        assert (row.domain, row.note) == (ToleranceDomain.BLOOD, "Contrôle prévu.")
        assert row.treatments == ("Palbociclib 125 mg",)
        assert (row.person.id, row.person.given_name) == (circle.patient_id, "Jeanne")

    def test_falling_adherence_of_the_last_30_days_with_its_series(self, session, circle, now):
        _fall(session, circle.doctor, circle, now)
        board = _read(session, circle.doctor, now)
        (row,) = board.attention
        assert board.counters.falling == 1
        assert (row.kind, row.on, row.series) == (
            AttentionKind.FALLING,
            date(2026, 3, 3),
            (1, 4),
        )

    def test_a_fall_of_31_days_ago_is_over(self, session, circle, now):
        _fall(session, circle.doctor, circle, now, on=date(2026, 2, 7))
        assert _read(session, circle.doctor, now).counters.falling == 0

    def test_the_series_holds_the_latest_eight(self, session, circle, now):
        for day in range(1, 11):
            _adherence(session, circle.doctor, circle, now, on=date(2026, 2, day), yes=day % 2)
        _adherence(session, circle.doctor, circle, now, on=TODAY, yes=5)
        (row,) = _read(session, circle.doctor, now).attention
        assert row.series == (0, 1, 0, 1, 0, 1, 0, 5)

    @pytest.mark.parametrize(
        "change",
        [{"is_followed": False}, {"ended_on": date(2026, 3, 9)}, {"removed_at": "now"}],
    )
    def test_a_treatment_no_longer_taken_does_not_fall(self, session, circle, now, change):
        _fall(session, circle.doctor, circle, now)
        values = {name: now if value == "now" else value for name, value in change.items()}
        session.execute(update(Treatment).values(**values))
        board = _read(session, circle.doctor, now)
        assert (board.counters.falling, board.attention) == (0, [])

    def test_unread_entries_with_their_authors(self, session, circle, now):
        _tolerance(session, circle.doctor, circle, now, grade=1, on=date(2026, 3, 9))
        _tolerance(session, circle.doctor, circle, now, grade=1, on=date(2026, 3, 2))
        board = _read(session, circle.pharmacist, now)
        (row,) = board.attention
        assert (board.counters.unread, board.counters.unread_patients) == (2, 1)
        assert (row.kind, row.unread_count, row.on) == (
            AttentionKind.UNREAD,
            2,
            date(2026, 3, 9),
        )
        assert [author.family_name for author in row.authors] == ["Martin"]
        assert row.treatments == ("Palbociclib 125 mg",)
        later = now + timedelta(minutes=1)
        entries.mark_read(session, circle.pharmacist, circle.patient_id, now=later)
        assert _read(session, circle.pharmacist, now).counters.unread == 0

    def test_no_entry_for_more_than_60_days(self, session, circle, now):
        _set_last_entry(session, circle.patient_id, date(2026, 1, 9))
        assert _read(session, circle.doctor, now).counters.stale == 0
        _set_last_entry(session, circle.patient_id, date(2026, 1, 8))
        board = _read(session, circle.doctor, now)
        (row,) = board.attention
        assert board.counters.stale == 1
        assert (row.kind, row.days, row.on) == (AttentionKind.STALE, 61, date(2026, 1, 8))
        assert row.treatments == ("Palbociclib 125 mg",)

    def test_the_most_urgent_comes_first(self, session, circle, now):
        stale_id = factories.make_patient(session, circle.doctor, now=now)
        _set_last_entry(session, stale_id, date(2025, 12, 1))
        _tolerance(session, circle.pharmacist, circle, now)
        _fall(session, circle.doctor, circle, now)
        rows = _read(session, circle.doctor, now).attention
        assert [row.kind for row in rows] == list(AttentionKind)

    def test_shows_six_rows_and_the_true_total(self, session, circle, now):
        for _ in range(14):
            patient_id = factories.make_patient(session, circle.doctor, now=now)
            _set_last_entry(session, patient_id, date(2025, 12, 1))
        board = _read(session, circle.doctor, now)
        assert len(board.attention) == 6
        assert (board.counters.stale, board.counters.rows) == (14, 14)

    def test_patients_opened_last(self, session, circle, now):
        ids = [factories.make_patient(session, circle.doctor, now=now) for _ in range(6)]
        for minutes, patient_id in enumerate(ids):
            session.execute(
                update(CareLink)
                .where(col(CareLink.patient_id) == patient_id)
                .values(opened_at=now + timedelta(minutes=minutes))
            )
        recent = _read(session, circle.doctor, now).recent
        assert [row.id for row in recent] == ids[:0:-1]

    def test_says_nothing_of_patients_outside_the_circle(self, session, circle, now):
        _tolerance(session, circle.doctor, circle, now)
        _fall(session, circle.doctor, circle, now)
        board = _read(session, circle.stranger, now)
        assert (board.counters.patients, board.counters.rows, board.attention) == (1, 0, [])

    def test_says_nothing_after_leaving_the_circle(self, session, circle, now):
        _tolerance(session, circle.pharmacist, circle, now)
        session.execute(update(CareLink).values(ended_at=now))
        board = _read(session, circle.doctor, now)
        assert (board.counters.patients, board.counters.rows) == (0, 0)

    def test_refuses_a_patient_and_nobody(self, session, circle, now):
        with pytest.raises(Forbidden):
            _read(session, circle.patient_actor, now)
        with pytest.raises(NotAuthenticated):
            _read(session, ANONYMOUS, now)


class TestListAttention:
    def test_lists_all_of_one_kind_by_page(self, session, circle, now):
        for number in range(30):
            patient_id = factories.make_patient(session, circle.doctor, now=now)
            _set_last_entry(session, patient_id, date(2025, 12, 1) - timedelta(days=number))
        _tolerance(session, circle.doctor, circle, now)
        first = dashboard.list_attention(session, circle.doctor, AttentionKind.STALE, now=now)
        second = dashboard.list_attention(
            session, circle.doctor, AttentionKind.STALE, page=2, now=now
        )
        assert (len(first.rows), len(second.rows)) == (25, 5)
        assert (first.total, first.page_count) == (30, 2)
        days = [row.days for row in first.rows + second.rows]
        assert days == sorted(days, reverse=True)
        assert len({row.person.id for row in first.rows + second.rows}) == 30

    def test_lists_all_kinds_end_to_end(self, session, circle, now):
        for _ in range(27):
            patient_id = factories.make_patient(session, circle.doctor, now=now)
            _set_last_entry(session, patient_id, date(2025, 12, 1))
        _tolerance(session, circle.pharmacist, circle, now)
        _fall(session, circle.doctor, circle, now)
        pages = [
            dashboard.list_attention(session, circle.doctor, page=page, now=now)
            for page in (1, 2, 7)
        ]
        assert [page.page for page in pages] == [1, 2, 2]
        kinds = [row.kind for row in pages[0].rows + pages[1].rows]
        assert kinds == list(AttentionKind)[:3] + [AttentionKind.STALE] * 27

    def test_says_nothing_of_patients_outside_the_circle(self, session, circle, now):
        _tolerance(session, circle.doctor, circle, now)
        page = dashboard.list_attention(session, circle.stranger, now=now)
        assert (page.rows, page.total) == ([], 0)

    def test_refuses_a_patient(self, session, circle, now):
        with pytest.raises(Forbidden):
            dashboard.list_attention(session, circle.patient_actor, now=now)
