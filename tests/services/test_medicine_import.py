"""`liane import medicines`: a release replaces another, all of it or nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.authz.actor import system
from app.db import unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.bdpm_files import SOURCE
from app.models.journal import JournalEntry
from app.models.medicine import Medicine, MedicineRelease, MedicineToken, Substance
from app.services import medicine, medicine_import
from app.services.medicine_import import import_medicines
from tests import factories
from tests.bdpm_files import (
    COMPONENTS,
    DOLIPRANE,
    IBRANCE,
    REAL,
    RELEASE,
    SPECIALITIES,
    speciality,
    write_release,
)

ROBOT = system("test")


@pytest.fixture
def imported(database, tmp_path, now):
    """The small release, in use."""
    return import_medicines(ROBOT, write_release(tmp_path / "bdpm"), now=now, database=database)


def search(database, query):
    with unit_of_work(database) as session:
        actor = factories.make_professional(session)
        return [row.cis for row in medicine.search_medicines(session, actor, query)]


def contents(database):
    """How many rows each table holds."""
    with database.engine.connect() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (MedicineRelease, Medicine, Substance, MedicineToken)
        ]


class TestImportMedicines:
    def test_fills_medicines_and_substances(self, database, imported):
        assert (imported.medicines, imported.substances) == (5, 4)
        assert (imported.rejected, imported.earlier_medicines) == (0, 0)
        assert imported.data_on == date(2025, 7, 17)
        with unit_of_work(database) as session:
            actor = factories.make_professional(session)
            row = medicine.find_medicine(session, actor, IBRANCE)
            assert (row.name, row.form) == ("IBRANCE 125 mg, gélule", "gélule")
            assert (row.substances, row.is_marketed) == ("palbociclib", True)
            release = medicine.current_release(session, actor)
            assert (release.source, release.data_on) == (SOURCE, date(2025, 7, 17))
            assert (release.medicines, release.is_builtin) == (5, False)

    def test_a_second_import_replaces_and_changes_nothing(self, database, imported, tmp_path, now):
        before = contents(database)
        again = import_medicines(ROBOT, tmp_path / "bdpm", now=now, database=database)
        assert contents(database) == before
        assert again.earlier_medicines == 5
        assert search(database, "doliprane") == [DOLIPRANE]

    def test_what_the_new_release_left_out_is_gone(self, database, imported, tmp_path, now):
        folder = write_release(
            tmp_path / "new",
            specialities=SPECIALITIES[1:],
            components=COMPONENTS[1:],
        )
        import_medicines(ROBOT, folder, now=now, database=database)
        assert search(database, "doliprane") == []
        assert search(database, "ibrance") == [IBRANCE]

    def test_batches_add_up(self, database, tmp_path, now, monkeypatch):
        monkeypatch.setattr(medicine_import, "_BATCH", 3)
        folder = write_release(tmp_path / "bdpm")
        import_medicines(ROBOT, folder, now=now, database=database)
        before = contents(database)
        assert before[:3] == [1, 5, 4]
        import_medicines(ROBOT, folder, now=now, database=database)
        assert contents(database) == before

    def test_bad_rows_are_told_and_the_others_in_use(self, database, tmp_path, now):
        folder = write_release(tmp_path, specialities=[*SPECIALITIES, "bad\trow"])
        result = import_medicines(ROBOT, folder, now=now, database=database)
        assert (result.medicines, result.rejected) == (5, 1)
        assert [(note.file, note.line) for note in result.notes] == [("CIS_bdpm.txt", 6)]

    def test_unreadable_files_leave_the_earlier_release(self, database, imported, tmp_path, now):
        before = contents(database)
        with pytest.raises(SetupError):
            import_medicines(ROBOT, tmp_path / "absent", now=now, database=database)
        folder = write_release(tmp_path / "bad", specialities=["<html>"])
        with pytest.raises(SetupError):
            import_medicines(ROBOT, folder, now=now, database=database)
        assert contents(database) == before

    def test_a_failure_half_way_leaves_the_earlier_release(
        self, database, imported, tmp_path, now, monkeypatch
    ):
        monkeypatch.setattr(medicine_import, "_BATCH", 5)
        real, calls = medicine_import._insert, []

        def fail_at_the_third(session, batch):
            calls.append(batch)
            if len(calls) == 3:
                message = "disk full"
                raise OSError(message)
            real(session, batch)

        monkeypatch.setattr(medicine_import, "_insert", fail_at_the_third)
        folder = write_release(tmp_path / "new", specialities=SPECIALITIES[1:])
        with pytest.raises(OSError, match="disk full"):
            import_medicines(ROBOT, folder, now=now, database=database)
        assert search(database, "doliprane") == [DOLIPRANE]
        monkeypatch.setattr(medicine_import, "_insert", real)
        import_medicines(ROBOT, tmp_path / "bdpm", now=now, database=database)
        # What the failure left is gone too.
        assert contents(database)[:3] == [1, 5, 4]

    def test_of_two_at_once_the_one_overtaken_says_so(self, database, tmp_path, now, monkeypatch):
        folder = write_release(tmp_path / "bdpm")
        real, overtaken = medicine_import._require_release, []

        def overtake(session, release_id):
            if not overtaken:
                overtaken.append(release_id)
                session.get_one(MedicineRelease, release_id)
                session.delete(session.get_one(MedicineRelease, release_id))
                session.flush()
            real(session, release_id)

        monkeypatch.setattr(medicine_import, "_require_release", overtake)
        with pytest.raises(SetupError, match="Un autre import"):
            import_medicines(ROBOT, folder, now=now, database=database)

    def test_tells_its_progress(self, database, tmp_path, now):
        told = []
        folder = write_release(tmp_path)
        import_medicines(
            ROBOT, folder, now=now, database=database, progress=lambda *step: told.append(step)
        )
        assert told == sorted(told)
        assert told[-1] == (1000, 1000)

    def test_leaves_a_line_in_the_journal(self, database, imported):
        with unit_of_work(database) as session:
            actions = session.execute(select(col(JournalEntry.action))).scalars().all()
        assert "medicine.imported" in actions

    def test_only_the_system_imports(self, database, tmp_path, now):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session)
        with pytest.raises(Forbidden):
            import_medicines(actor, write_release(tmp_path), now=now, database=database)
        assert contents(database) == [0, 0, 0, 0]

    def test_a_name_of_any_length_of_the_source_fits(self, database, tmp_path, now):
        rows = [speciality(DOLIPRANE, "VACCIN " + "é" * 393, "f" * 120), *SPECIALITIES[1:]]
        folder = write_release(tmp_path, specialities=rows)
        import_medicines(ROBOT, folder, now=now, database=database)
        assert search(database, "vaccin") == [DOLIPRANE]


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not beside the repository")
class TestRealFiles:
    def test_the_real_release_is_found_as_one_types(self, database, now):
        result = import_medicines(ROBOT, RELEASE, now=now, database=database)
        assert (result.medicines, result.rejected) == (15_799, 0)
        with unit_of_work(database) as session:
            actor = factories.make_professional(session)

            def names(query):
                return [r.name for r in medicine.search_medicines(session, actor, query)]

            assert names("doliprane 1000")[0].startswith("DOLIPRANE 1000 mg")
            assert names("1000 doli") == names("DOLI 1 g") == names("doli 1000")
            assert all("1000" in name or "1 g" in name for name in names("paracétamol 1 g"))
            assert len(names("paracetamol")) == 10
            assert names("ibrance 125") == ["IBRANCE 125 mg, gélule"]
            assert names("levothyrox 75 µg")[0] == "LEVOTHYROX 75 microgrammes, comprimé sécable"
            assert names("eliquis 5") == ["ELIQUIS 5 mg, comprimé pelliculé"]
            assert len(names("comprime effervescent")) == 10
            substances = medicine.search_substances(session, actor, "clarithro")
            assert [row.name for row in substances] == ["clarithromycine"]
