"""The short list of medicines that comes with Liane."""

from datetime import date

import pytest

from app.authz.actor import system
from app.db import unit_of_work
from app.errors import Forbidden
from app.integrations.bdpm import read_edition
from app.seeds.common_medicines import DATA_ON, ensure_common_medicines, read_list
from app.services import medicine
from app.services.medicine_import import import_medicines
from tests import factories
from tests.bdpm_files import REAL, RELEASE, write_release

ROBOT = system("test")


class TestList:
    @pytest.mark.parametrize(
        ("query", "cis"),
        [
            ("palbociclib 125", "60321676"),
            ("létrozole 2,5", None),
            ("lévothyroxine 75 µg", "62080626"),
            ("clarithromycine 500", None),
            ("capécitabine 500", None),
            ("imatinib 400", None),
            ("tamoxifène 20", None),
            ("abiratérone 500", None),
            ("prednisone", None),
            ("hydroxychloroquine 200", None),
            ("doliprane 1000", None),
            ("paracetamol", None),
            ("metformine", None),
            ("apixaban", None),
        ],
    )
    def test_holds_what_the_demonstration_needs(self, session, doctor, now, query, cis):
        ensure_common_medicines(session, ROBOT, now=now)
        found = medicine.search_medicines(session, doctor, query)
        assert found
        assert cis is None or cis in {row.cis for row in found}

    @pytest.mark.skipif(not REAL.exists(), reason="the real files are not beside the repository")
    def test_says_what_the_database_says(self):
        real = read_edition(RELEASE, today=date(2026, 3, 10))
        assert real.data_on == DATA_ON
        for cis, one in read_list().specialities.items():
            assert real.specialities[cis] == one
        for code, name in read_list().substances.items():
            assert real.substances[code] == name


class TestEnsureCommonMedicines:
    def test_loads_once(self, session, doctor, now):
        ensure_common_medicines(session, ROBOT, now=now)
        first = medicine.current_release(session, doctor)
        ensure_common_medicines(session, ROBOT, now=now)
        assert medicine.current_release(session, doctor) == first
        assert first.is_builtin
        assert first.medicines == len(read_list().specialities)

    def test_an_import_replaces_it_and_stays(self, database, tmp_path, now):
        with unit_of_work(database) as session:
            ensure_common_medicines(session, ROBOT, now=now)
        import_medicines(ROBOT, write_release(tmp_path / "bdpm"), now=now, database=database)
        with unit_of_work(database) as session:
            ensure_common_medicines(session, ROBOT, now=now)
            doctor = factories.make_professional(session)
            release = medicine.current_release(session, doctor)
            assert (release.medicines, release.is_builtin) == (5, False)

    def test_an_older_list_is_replaced(self, session, doctor, now, monkeypatch):
        ensure_common_medicines(session, ROBOT, now=now)
        monkeypatch.setattr("app.seeds.common_medicines.DATA_ON", date(2026, 2, 1))
        ensure_common_medicines(session, ROBOT, now=now)
        assert medicine.current_release(session, doctor).data_on == date(2026, 2, 1)
        assert len(medicine.search_medicines(session, doctor, "ibrance 125")) == 1

    def test_only_the_system_loads_it(self, session, doctor, now):
        with pytest.raises(Forbidden):
            ensure_common_medicines(session, doctor, now=now)
