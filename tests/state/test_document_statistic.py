"""The chart of deposits: bars, levels, table, and the page without anything to draw (DM-52, DM-53)."""

from datetime import date, timedelta

import pytest

from app.i18n.document_statistic import GROUPS, csv_cells, csv_heads
from app.services.document_statistic import MonthLine, count_deposit
from app.services.document_type import StatisticGroup
from app.state.clock import utc_now
from app.state.document_statistic import PATH, StatisticState, draw

REPORT, BLOOD = StatisticGroup.CONSULTATION_REPORT, StatisticGroup.LABORATORY_REPORT
JANUARY = MonthLine(date(2026, 1, 1), True, 120, {REPORT: 20, BLOOD: 5})
FEBRUARY = MonthLine(date(2026, 2, 1), False, 0, {BLOOD: 1})


class TestDraw:
    def test_DM52_stacks_the_groups_up_to_a_round_level(self):
        chart = draw((JANUARY,))
        (bar,) = chart.bars
        # 20 × 12 ÷ 120 = 2 and 5 × 12 ÷ 120 = 0,5 of a scale that ends at 4.
        assert [part.height for part in bar.segments] == ["50.000%", "12.500%"]
        assert [level.label for level in chart.levels] == ["0", "1", "2", "3", "4"]
        assert (bar.label, bar.year, bar.is_over) == ("janv.", "2026", True)

    def test_DM53_names_what_it_shows_topmost_first(self):
        labels = [line.label for line in draw((JANUARY,)).legend]
        assert labels == ["CR d’examens biologiques", "CR ou fiche de consultation ou de visite"]
        assert len(GROUPS) == 15

    def test_the_sentence_is_of_the_last_whole_month(self):
        summary = draw((JANUARY, FEBRUARY)).summary
        assert summary.startswith("Janvier 2026\u202f: 2,50\u00a0documents par habitant")

    def test_without_anybody_there_is_a_dash(self):
        newest = draw((JANUARY, FEBRUARY)).table[0]
        assert (newest.month, newest.rate, newest.deposited) == (
            "Février 2026 (en cours)",
            "–",
            "1",
        )

    @pytest.mark.parametrize(
        ("deposited", "top"), [(1, "0,1"), (7, "0,8"), (30, "4"), (90, "10"), (0, "4")]
    )
    def test_the_scale_follows_the_highest_month(self, deposited, top):
        line = MonthLine(date(2026, 1, 1), True, 120, {REPORT: deposited})
        assert draw((line,)).levels[-1].label == top


class TestExport:
    def test_a_line_answers_its_heads(self):
        cells = csv_cells(JANUARY)
        assert len(cells) == len(csv_heads()) == 35
        assert cells[:5] == ["2026-01", "oui", "120", "25", "2,5000"]


class TestPage:
    async def test_DM57_shows_the_last_whole_month(self, open_tab, administrator, circle, saving):
        tab = open_tab(administrator)
        await tab.visit(PATH)
        assert tab.of(StatisticState).is_empty
        with saving() as session:
            count_deposit(session, "11488-4", now=utc_now() - timedelta(days=32))
            count_deposit(session, "11488-4", now=utc_now())
        await tab.visit(f"{PATH}?mois=24")
        shown = tab.of(StatisticState)
        assert (shown.is_empty, shown.period) == (False, 24)
        assert shown.last_deposited == "1\u00a0document déposé"
        assert len(shown.chart.bars) in {2, 3}
