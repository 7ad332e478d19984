"""The source of the medicines, as its licence asks."""

from dataclasses import replace
from datetime import date

from app.i18n.format import NARROW
from app.i18n.medicine import ROW_FAULTS, source_line
from app.integrations.bdpm import RowFault
from app.integrations.bdpm_files import SOURCE
from app.services.medicine import ReleaseRow

RELEASE = ReleaseRow(SOURCE, date(2026, 1, 26), 15_799, is_builtin=False)


class TestSourceLine:
    def test_names_the_source_and_the_date(self):
        line = f"Source{NARROW}: Base de données publique des médicaments, 26 janvier 2026"
        assert source_line(RELEASE) == line

    def test_says_when_the_list_is_the_short_one(self):
        line = source_line(replace(RELEASE, is_builtin=True))
        assert line.endswith("26 janvier 2026 (liste courte de Liane)")


def test_every_fault_of_a_row_has_its_words():
    assert set(ROW_FAULTS) == set(RowFault)
