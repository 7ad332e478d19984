"""Reading of FINESS in its three forms."""

import gzip
import io
import json
import tarfile
import zipfile
from datetime import date
from pathlib import Path

import pytest

from app.errors import SetupError
from app.integrations.finess import FinessFile
from app.integrations.finess_rows import FacilityFault, FacilityNotes, Form
from app.services.identifiers import is_finess
from tests.finess_files import CLASSIC, FHIR, PLUS, classic_row

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "finess"
TODAY = date(2026, 6, 10)


def read(path):
    notes = FacilityNotes()
    file = FinessFile(path, today=TODAY)
    return list(file.read(notes)), [(note.line, note.fault) for note in notes.first], file


def write(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


class TestClassic:
    def test_a_row(self, tmp_path):
        rows, faults, file = read(write(tmp_path / "etalab.csv", CLASSIC))
        assert (file.form, file.data_on, faults) == (Form.CLASSIC, date(2026, 5, 12), [])
        assert rows[0].finess == "010000024"
        assert rows[0].name == "CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT"
        assert (rows[0].category, rows[0].address) == (
            "Centre Hospitalier (C.H.)",
            "900 RTE DE PARIS",
        )
        assert (rows[0].postcode, rows[0].city, rows[0].phone) == ("01440", "VIRIAT", "0474454647")
        assert rows[1].name == 'LIEU DE VIE "MAVOUNA MEMA 1"'
        assert (rows[2].city, rows[2].address) == ("CAYENNE", "AV ALEXIS BLAISE")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_encodings_and_line_ends(self, tmp_path, encoding, end):
        text = CLASSIC + classic_row("970102018", "MAISON D’ACCUEIL ŒUVRE") + "\n"
        rows, faults, _ = read(write(tmp_path / "e.csv", text.replace("\n", end), encoding))
        assert (rows[-1].name, faults) == ("MAISON D’ACCUEIL ŒUVRE", [])

    def test_bad_rows_are_reported(self, tmp_path):
        bad = [
            "structureet;1;2",
            classic_row("12", "COURT"),
            classic_row("010000032", ""),
            classic_row("010000024", "DEUX FOIS"),
            classic_row("010780195", 'GUILLEMET " SEUL'),
            "autre;chose",
            "geolocalisation;010000024;1;2;3;4",
            "x" * 300_000,
            classic_row("2A0000154", "CORSE"),
        ]
        rows, faults, _ = read(write(tmp_path / "e.csv", CLASSIC + "\n".join(bad)))
        assert [row.name for row in rows[3:]] == ['GUILLEMET " SEUL', "CORSE"]
        assert sorted(faults) == [
            (5, FacilityFault.TOO_SHORT),
            (6, FacilityFault.NUMBER),
            (7, FacilityFault.NAME),
            (8, FacilityFault.TWICE),
            (10, FacilityFault.TOO_SHORT),
            (12, FacilityFault.TOO_LONG),
        ]


class TestPlus:
    def test_its_establishments(self, tmp_path):
        rows, faults, file = read(write(tmp_path / "s.json", json.dumps(PLUS)))
        assert (file.form, file.data_on, faults) == (Form.PLUS, date(2026, 3, 9), [])
        assert file.is_whole
        assert [(row.finess, row.name, row.is_open) for row in rows] == [
            ("010780195", "CLINIQUE DOCTEUR CONVERT", True),
            ("010000032", "FERMÉE", False),
        ]
        assert (rows[0].address, rows[0].postcode, rows[0].city) == (
            "62 AVENUE DE JASSERON",
            "01000",
            "BOURG EN BRESSE",
        )
        assert (rows[0].phone, rows[0].category) == (
            "0428631234",
            "Etablissement de Soins Pluridisciplinaire",
        )

    def test_cut_short_it_is_refused(self, tmp_path):
        with pytest.raises(SetupError, match="incomplet"):
            read(write(tmp_path / "s.json", json.dumps(PLUS)[:-400]))

    def test_what_cannot_be_read_is_reported(self, tmp_path):
        broken = {**PLUS, "pmej": [{"ege": [{"adresse": []}]}, *PLUS["pmej"]]}
        rows, faults, _ = read(write(tmp_path / "s.json", json.dumps(broken)))
        assert (len(rows), faults) == (2, [(1, FacilityFault.UNREADABLE)])


class TestFhir:
    def test_organisations_that_are_places(self, tmp_path):
        path = write(tmp_path / "finess-fhir-20210108.ndjson", FHIR)
        rows, faults, file = read(path)
        assert (file.form, file.data_on, file.is_whole) == (Form.FHIR, date(2021, 1, 8), False)
        assert faults == []
        assert [(row.finess, row.name, row.city) for row in rows] == [
            ("010000024", "CH DE FLEYRIAT", "VIRIAT")
        ]
        assert rows[0].category == "Centre Hospitalier (C.H.)"

    def test_bad_lines_are_reported(self, tmp_path):
        text = FHIR + '{"resourceType"\n[1]\n{"a":1}\n'
        rows, faults, _ = read(write(tmp_path / "a.ndjson", text))
        assert len(rows) == 1
        assert faults == [(n, FacilityFault.UNREADABLE) for n in (4, 5, 6)]


class TestPackings:
    def packed(self, folder, kind, content):
        data, path = content.encode(), folder / f"f.{kind}"
        if kind == "gz":
            path.write_bytes(gzip.compress(data))
        elif kind == "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("lisez-moi.md", "rien")
                archive.writestr("f.csv", data)
        else:
            with tarfile.open(path, "w:gz") as archive:
                for name in ("a.ndjson", "b.ndjson"):
                    info = tarfile.TarInfo(name)
                    info.size = len(data)
                    archive.addfile(info, io.BytesIO(data))
        return path

    @pytest.mark.parametrize("kind", ["gz", "zip"])
    @pytest.mark.parametrize("content", [CLASSIC, json.dumps(PLUS), FHIR])
    def test_one_file(self, tmp_path, kind, content):
        plain = read(write(tmp_path / "plain", content))[0]
        assert read(self.packed(tmp_path, kind, content))[0] == plain

    def test_a_tar_of_several(self, tmp_path):
        rows, faults, _ = read(self.packed(tmp_path, "tar.gz", FHIR))
        assert len(rows) == 1
        assert [fault for _, fault in faults] == [FacilityFault.TWICE]

    @pytest.mark.parametrize("kind", ["gz", "zip", "tar.gz"])
    def test_cut_short(self, tmp_path, kind):
        path = self.packed(tmp_path, kind, FHIR * 50)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(SetupError, match="incomplet"):
            read(path)


@pytest.mark.parametrize("content", ["", "{}", "<html>", "a;b;c\n", "[]"])
def test_another_file_is_refused(tmp_path, content):
    with pytest.raises(SetupError, match="n’est pas un fichier de FINESS"):
        read(write(tmp_path / "x.csv", content))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SetupError, match="n’existe pas"):
        read(tmp_path / "absent")


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not beside the repository")
class TestRealFiles:
    def test_the_classic_extract(self):
        rows, faults, file = read(REAL / "etalab-cs1100502-stock-20260512.extrait.csv")
        assert (len(rows), faults, file.data_on) == (14, [], date(2026, 5, 12))
        assert all(is_finess(row.finess) and row.city and row.category for row in rows)

    def test_finess_plus(self):
        rows, faults, _ = read(REAL / "finess-plus-structures-20260309.extrait.json")
        assert ([row.finess for row in rows], faults) == (["010780195"], [])

    def test_fhir(self):
        rows, faults, file = read(REAL / "finess-fhir-20210108-etab0-10000.tar.gz")
        assert (len(rows), faults, file.data_on) == (10_000, [], date(2021, 1, 8))
        assert all(is_finess(row.finess) for row in rows)
