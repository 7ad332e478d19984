"""`liane import medicines|directory|facilities PATH`."""

import pytest
from typer.testing import CliRunner

from app.cli import import_, server
from app.cli.import_ import import_app
from app.errors import SetupError
from app.settings import Settings
from tests import rpps_files
from tests.bdpm_files import SPECIALITIES, write_release
from tests.finess_files import CLASSIC


@pytest.fixture
def run(database):
    """Run `import medicines` on the database of the test."""

    def run_on(path):
        return CliRunner().invoke(import_app, ["medicines", str(path)], catch_exceptions=False)

    return run_on


class TestImportMedicines:
    def test_says_what_it_did(self, run, tmp_path):
        done = run(write_release(tmp_path / "bdpm"))
        assert done.exit_code == 0
        assert "5\u00a0spécialités et 4\u00a0substances en service" in done.output
        assert "Données du 17 juillet 2025" in done.output
        assert "Aucune ligne écartée" in done.output
        assert "Base de données publique des médicaments" in done.output

    def test_names_the_rows_it_left_out(self, run, tmp_path):
        folder = write_release(tmp_path, specialities=[*SPECIALITIES, "mauvaise"])
        output = run(folder).output
        assert "1\u00a0ligne écartée" in output
        assert "CIS_bdpm.txt, ligne 6\u202f: code qui n’est pas un nombre" in output

    def test_names_the_first_rows_only(self, run, tmp_path):
        many = [f"6{n:07d}\tX\t0\t1\t2\t3\t\t" for n in range(24)]
        names = [f"6100{n:04d}" for n in range(30)]
        good = [SPECIALITIES[0].replace("60234100", cis) for cis in names]
        bad = [row.replace("\tX\t", "\t\t") for row in many]
        output = run(write_release(tmp_path, specialities=[*SPECIALITIES, *good, *bad])).output
        assert "24\u00a0lignes écartées" in output
        assert output.count("nom absent") == 20
        assert "… et 4 de plus" in output

    def test_counts_what_was_there_before(self, run, tmp_path):
        folder = write_release(tmp_path)
        run(folder)
        assert "(5 auparavant)" in run(folder).output

    def test_a_relative_path_is_meant_from_where_it_is_typed(self, run, tmp_path, monkeypatch):
        write_release(tmp_path / "bdpm")
        monkeypatch.setattr(server, "typed_from", tmp_path)
        assert run("bdpm").exit_code == 0

    def test_an_unreadable_folder_is_one_sentence(self, run, tmp_path):
        with pytest.raises(SetupError, match="n’existe pas"):
            run(tmp_path / "absent")


class TestImportDirectory:
    @pytest.fixture
    def run_directory(self, database, tmp_path, monkeypatch):
        """Run `import directory` on the database of the test."""
        monkeypatch.setattr(
            import_, "get_settings", lambda: Settings(data_dir=tmp_path, mode="demo")
        )

        def run_on(path):
            return CliRunner().invoke(import_app, ["directory", str(path)], catch_exceptions=False)

        return run_on

    def test_says_what_it_did(self, run_directory, tmp_path):
        path = rpps_files.write_extract(tmp_path / "PS_LibreAcces_Personne_activite_20260224.txt")
        done = run_directory(path)
        assert done.exit_code == 0
        assert "4\xa0inscriptions et 3\xa0lieux d’exercice en service" in done.output
        assert "Aucune ligne écartée" in done.output
        assert "Source\u202f: ANS, RPPS, 24 février 2026" in done.output
        assert "(4\xa0inscriptions auparavant)" in run_directory(path).output

    def test_names_the_rows_it_left_out(self, run_directory, tmp_path):
        path = rpps_files.write_extract(tmp_path / "e.txt", [*rpps_files.ROWS, *["x"] * 30])
        output = run_directory(path).output
        assert "30\xa0lignes écartées" in output
        assert "ligne 7\u202f: champs manquants" in output
        assert "… et 10 de plus" in output

    def test_wonders_at_a_stock_half_as_large(self, run_directory, tmp_path):
        run_directory(rpps_files.write_extract(tmp_path / "e.txt"))
        output = run_directory(
            rpps_files.write_extract(tmp_path / "f.txt", rpps_files.ROWS[:1])
        ).output
        assert "Moins de la moitié d’auparavant" in output

    def test_an_unreadable_file_is_one_sentence(self, run_directory, tmp_path):
        with pytest.raises(SetupError, match="n’existe pas"):
            run_directory(tmp_path / "absent")


class TestImportFacilities:
    def test_says_what_it_did(self, database, tmp_path):
        path = tmp_path / "etalab.csv"
        path.write_text(CLASSIC + "structureet;x\n", encoding="utf-8")
        done = CliRunner().invoke(import_app, ["facilities", str(path)], catch_exceptions=False)
        assert done.exit_code == 0
        assert (
            "3\xa0établissements lus\u202f: 3\xa0nouveaux, 0\xa0modifié, 0\xa0fermé" in done.output
        )
        assert "1\xa0ligne écartée" in done.output
        assert "ligne 5\u202f: champs manquants" in done.output
        assert "Source\u202f: FINESS, 12 mai 2026" in done.output
