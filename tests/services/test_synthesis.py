"""The synthesis: one chronology of what all professionals wrote (CX-26, CX-34 to CX-36)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from app.errors import Forbidden, NotFound
from app.models.adherence import ScoreDirection
from app.models.entry import EntryKind
from app.models.interaction import InteractionLevel
from app.models.journal import JournalEntry
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services import (
    adherence,
    entry as entries,
    interaction,
    journal,
    synthesis,
    timeline,
    tolerance,
)
from app.services.adherence import Score
from app.services.fact import Fact
from tests.services.circle import make_treatment

TODAY = date(2026, 3, 10)


def _fact(circle, on, treatment):
    return Fact(treatment_id=(treatment or circle.treatment).id, occurred_on=on)


def _tolerance(session, actor, circle, now, *, on=TODAY, grade=1, treatment=None):
    return tolerance.record_tolerance(
        session,
        actor,
        circle.patient_id,
        _fact(circle, on, treatment),
        domain=ToleranceDomain.DIGESTIVE,
        patient_appreciation=PatientAppreciation.SLIGHT,
        grade=grade,
        key=uuid4(),
        now=now,
    )


def _interaction(
    session, actor, circle, now, *, on=TODAY, level=InteractionLevel.DISCOURAGED, treatment=None
):
    return interaction.record_interaction(
        session,
        actor,
        circle.patient_id,
        _fact(circle, on, treatment),
        substance="clarithromycine",
        level=level,
        key=uuid4(),
        now=now,
    )


def _adherence(session, actor, circle, now, *, on=TODAY, yes=1, treatment=None):
    return adherence.record_adherence(
        session,
        actor,
        circle.patient_id,
        _fact(circle, on, treatment),
        Score(yes, ScoreDirection.YES_COUNT),
        key=uuid4(),
        now=now,
    )


def _read(session, actor, circle, now, **filters):
    return synthesis.read_synthesis(session, actor, circle.patient_id, now=now, **filters)


class TestReadSynthesis:
    def test_CX34_mixes_all_kinds_by_all_professionals_newest_first(self, session, circle, now):
        ids = [
            _tolerance(session, circle.doctor, circle, now, on=date(2026, 3, 5)),
            _adherence(session, circle.pharmacist, circle, now, on=date(2026, 3, 3)),
            _interaction(session, circle.doctor, circle, now, on=date(2026, 3, 4)),
        ]
        page = _read(session, circle.doctor, circle, now)
        assert [row.id for row in page.rows[:3]] == [ids[0], ids[2], ids[1]]
        assert [row.author.family_name for row in page.rows[:3]] == ["Martin", "Martin", "Haddad"]
        assert (page.total, page.matching, page.professionals) == (4, 4, 2)

    def test_CX26_shows_the_enrolment(self, session, circle, now):
        page = _read(session, circle.doctor, circle, now)
        assert [row.kind for row in page.rows] == [EntryKind.ENROLMENT]
        assert page.rows[0].treatment is None
        assert page.enrolled_on == date(2025, 9, 2)

    def test_shows_the_current_version_only(self, session, circle, now):
        first = _tolerance(session, circle.doctor, circle, now)
        tolerance.correct_tolerance(
            session,
            circle.doctor,
            first,
            _fact(circle, TODAY, None),
            domain=ToleranceDomain.SKIN,
            patient_appreciation=PatientAppreciation.SLIGHT,
            grade=2,
            key=uuid4(),
            now=now,
        )
        page = _read(session, circle.doctor, circle, now, kinds=[EntryKind.TOLERANCE])
        assert [(row.version, row.tolerance.grade) for row in page.rows] == [(2, 2)]
        assert page.total == 2

    def test_orders_a_day_by_when_it_was_typed(self, session, circle, now):
        first = _tolerance(session, circle.doctor, circle, now)
        second = _tolerance(session, circle.doctor, circle, now + timedelta(minutes=1))
        rows = _read(session, circle.doctor, circle, now).rows
        assert [row.id for row in rows[:2]] == [second, first]

    def test_each_filter_counts_under_the_others(self, session, circle, now):
        other = make_treatment(session, circle.doctor, circle.patient_id, now, "Létrozole")
        _tolerance(session, circle.doctor, circle, now)
        _adherence(session, circle.doctor, circle, now, treatment=other)
        _adherence(session, circle.pharmacist, circle, now, on=date(2025, 12, 1))
        page = _read(
            session,
            circle.doctor,
            circle,
            now,
            kinds=[EntryKind.ADHERENCE],
            author_id=circle.pharmacist.professional_id,
        )
        assert [row.author.family_name for row in page.rows] == ["Haddad"]
        assert (page.matching, page.total) == (1, 4)
        assert page.kinds == {
            EntryKind.ENROLMENT: 0,
            EntryKind.TREATMENT: 0,
            EntryKind.TOLERANCE: 0,
            EntryKind.INTERACTION: 0,
            EntryKind.ADHERENCE: 1,
        }
        assert {o.family_name: o.count for o in page.authors} == {"Martin": 1, "Haddad": 1}
        assert {o.label: o.count for o in page.treatments} == {
            "Létrozole": 0,
            "Palbociclib 125 mg": 1,
        }
        assert page.years == {2025: 1}

    def test_filters_by_treatment(self, session, circle, now):
        other = make_treatment(session, circle.doctor, circle.patient_id, now, "Létrozole")
        _tolerance(session, circle.doctor, circle, now)
        _tolerance(session, circle.doctor, circle, now, treatment=other)
        page = _read(session, circle.doctor, circle, now, treatment_id=other.id)
        assert [row.treatment.label for row in page.rows] == ["Létrozole"]
        assert (page.kinds[EntryKind.TOLERANCE], page.kinds[EntryKind.ENROLMENT]) == (1, 0)

    def test_shows_twelve_months_then_earlier_years(self, session, circle, now):
        for day in (date(2026, 3, 1), date(2025, 3, 10), date(2025, 3, 9), date(2024, 6, 1)):
            _tolerance(session, circle.doctor, circle, now, on=day)
        tolerances = {"kinds": [EntryKind.TOLERANCE]}
        page = _read(session, circle.doctor, circle, now, **tolerances)
        assert [row.occurred_on for row in page.rows] == [date(2026, 3, 1), date(2025, 3, 10)]
        assert (page.older_year, page.older_count) == (2025, 1)
        assert page.years == {2026: 1, 2025: 2, 2024: 1}
        page = _read(session, circle.doctor, circle, now, from_year=2025, **tolerances)
        assert len(page.rows) == 3
        assert (page.older_year, page.older_count) == (2024, 1)
        page = _read(session, circle.doctor, circle, now, from_year=2024, **tolerances)
        assert len(page.rows) == 4
        assert (page.older, page.older_year, page.older_count) == (None, None, 0)

    def test_names_an_earlier_year_when_the_last_months_are_empty(self, session, circle, now):
        _tolerance(session, circle.doctor, circle, now, on=date(2023, 5, 1))
        page = _read(session, circle.doctor, circle, now, kinds=[EntryKind.TOLERANCE])
        assert (page.rows, page.older_year, page.older_count) == ([], 2023, 1)

    def test_continues_after_the_last_row(self, session, circle, now):
        day = date(2026, 3, 1)
        for minute in range(5):
            _tolerance(session, circle.doctor, circle, now + timedelta(minutes=minute), on=day)
        _tolerance(session, circle.doctor, circle, now, on=date(2026, 2, 1))
        whole = _read(session, circle.doctor, circle, now)
        shown, before = [], None
        while True:
            page = _read(session, circle.doctor, circle, now, before=before, limit=2)
            shown += [row.id for row in page.rows]
            if page.older is None:
                break
            assert len(page.rows) == 2
            before = page.older
        assert shown == [row.id for row in whole.rows]
        assert len(shown) == 7

    def test_CX36_says_what_a_colleague_wrote_since_the_last_reading(self, session, circle, now):
        mine = _tolerance(session, circle.pharmacist, circle, now)
        theirs = _tolerance(session, circle.doctor, circle, now)
        later = now + timedelta(minutes=1)
        read_at = entries.mark_read(session, circle.pharmacist, circle.patient_id, now=later)
        page = _read(session, circle.pharmacist, circle, now, new_since=read_at)
        assert {row.id: row.is_new for row in page.rows[:2]} == {mine: False, theirs: True}
        page = _read(session, circle.pharmacist, circle, now)
        assert not any(row.is_new for row in page.rows)

    def test_S130_leaves_one_read_line(self, session, circle, now):
        before = journal.last_seq(session)
        _read(session, circle.doctor, circle, now, with_timeline=True)
        lines = session.exec(select(JournalEntry).where(JournalEntry.seq > before)).all()
        assert [(line.action, line.patient_id) for line in lines] == [
            ("synthesis.read", circle.patient_id)
        ]

    @pytest.mark.parametrize("year", [-5, 0, 1, 9999, 100_000])
    def test_takes_any_year_of_an_address(self, session, circle, now, year):
        assert _read(session, circle.doctor, circle, now, from_year=year).total == 1

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound) as hidden:
            _read(session, circle.stranger, circle, now)
        with pytest.raises(NotFound) as absent:
            synthesis.read_synthesis(session, circle.doctor, uuid4(), now=now)
        assert hidden.value.code == absent.value.code == "patient.not_found"

    def test_refuses_the_patient(self, session, circle, now):
        with pytest.raises(Forbidden):
            _read(session, circle.patient_actor, circle, now)

    def test_another_patients_treatment_or_author_filters_everything_out(
        self, session, circle, now
    ):
        _tolerance(session, circle.doctor, circle, now)
        page = _read(session, circle.doctor, circle, now, treatment_id=circle.other_treatment.id)
        assert (page.rows, page.matching) == ([], 0)
        author_id = circle.stranger.professional_id
        page = _read(session, circle.doctor, circle, now, author_id=author_id)
        assert (page.rows, [o.family_name for o in page.authors]) == ([], ["Martin"])


class TestTimeline:
    def _read(self, session, actor, circle, now, **options):
        return timeline.timeline(session, actor, circle.patient_id, now=now, **options)

    def test_draws_from_the_first_of_a_month_to_today(self, session, circle, now):
        figure = self._read(session, circle.doctor, circle, now)
        assert (figure.start_on, figure.end_on) == (date(2025, 9, 1), TODAY)
        figure = self._read(session, circle.doctor, circle, now, months=40)
        assert figure.start_on == date(2025, 3, 1)

    def test_keeps_what_lies_in_the_period(self, session, circle, now):
        for day in (date(2025, 8, 31), date(2025, 9, 1), TODAY):
            _adherence(session, circle.doctor, circle, now, on=day)
            _tolerance(session, circle.doctor, circle, now, on=day)
        figure = self._read(session, circle.doctor, circle, now)
        days = [date(2025, 9, 1), TODAY]
        assert [point.occurred_on for point in figure.curves[0].points] == days
        assert [mark.occurred_on for mark in figure.marks] == days

    def test_says_which_marks_are_severe(self, session, circle, now):
        _tolerance(session, circle.doctor, circle, now, grade=2, on=date(2026, 3, 1))
        _tolerance(session, circle.doctor, circle, now, grade=3, on=date(2026, 3, 2))
        contraindicated = InteractionLevel.CONTRAINDICATED
        _interaction(session, circle.doctor, circle, now, on=date(2026, 3, 3))
        _interaction(
            session, circle.doctor, circle, now, on=date(2026, 3, 4), level=contraindicated
        )
        marks = self._read(session, circle.doctor, circle, now).marks
        assert [mark.is_severe for mark in marks] == [False, True, False, True]
        assert (marks[1].grade, marks[3].substance) == (3, "clarithromycine")

    def test_bars_are_the_treatments_of_the_period(self, session, circle, now):
        def treat(label, started_on, ended_on=None, **changes):
            treatment = make_treatment(session, circle.doctor, circle.patient_id, now, label)
            treatment.started_on, treatment.ended_on = started_on, ended_on
            for name, value in changes.items():
                setattr(treatment, name, value)
            session.flush()

        treat("terminé avant", date(2025, 1, 1), date(2025, 8, 31))
        treat("terminé dedans", date(2026, 1, 12), date(2026, 1, 19), is_followed=False)
        treat("pas commencé", date(2026, 3, 11))
        treat("retiré", date(2026, 1, 1), removed_at=now)
        bars = self._read(session, circle.doctor, circle, now).bars
        assert [(bar.label, bar.ended_on) for bar in bars] == [
            ("Palbociclib 125 mg", None),
            ("terminé dedans", date(2026, 1, 19)),
        ]

    def test_hides_a_patient_outside_the_circle(self, session, circle, now):
        with pytest.raises(NotFound):
            self._read(session, circle.stranger, circle, now)

    def test_refuses_the_patient(self, session, circle, now):
        with pytest.raises(Forbidden):
            self._read(session, circle.patient_actor, circle, now)

    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2026, 3, 31), 1, date(2026, 2, 28)),
            (date(2024, 2, 29), 12, date(2023, 2, 28)),
            (date(2026, 1, 15), 1, date(2025, 12, 15)),
            (date(2026, 3, 10), 12, date(2025, 3, 10)),
        ],
    )
    def test_counts_months_back(self, day, months, expected):
        assert timeline.months_before(day, months) == expected
