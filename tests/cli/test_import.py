"""`liane import medicines PATH`."""

import pytest
from typer.testing import CliRunner

from app.cli import server
from app.cli.import_ import import_app
from app.errors import SetupError
from tests.bdpm_files import SPECIALITIES, write_release


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
