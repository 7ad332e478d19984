"""Reading of the RPPS extract, for what it is."""

import gzip
import zipfile
from datetime import date

import pytest

from app.errors import SetupError
from app.integrations import rpps, rpps_rows
from app.integrations.rpps import Extract
from app.integrations.rpps_rows import Notes, RowFault
from tests.rpps_files import (
    ADELE,
    JEAN,
    NAMES,
    NAMES_2026,
    NOEL,
    REAL,
    ROWS,
    ZOE,
    row,
    write_extract,
)

TODAY = date(2026, 3, 10)
NAME = "PS_LibreAcces_Personne_activite_202602241030.txt"


def read(path, **options):
    notes = Notes()
    chunks = Extract(path, today=TODAY).read_chunks(notes, **options)
    return [line for chunk in chunks for line in chunk.rows], notes


def faults(notes):
    return [(note.line, note.fault) for note in notes.first]


class TestLayouts:
    def test_52_columns(self, tmp_path):
        rows, notes = read(write_extract(tmp_path / NAME))
        assert [line[1] for line in rows] == [JEAN, ZOE, ZOE, NOEL, ADELE]
        assert rows[0][:8] == ("8", JEAN, "MARTIN", "Jean", "10", "Médecin", "", "MME")
        assert rows[0][9] == "790000012"
        assert rows[1][17:19] == ("97405 ST DENIS CEDEX 2", "97405")
        assert faults(notes) == []

    def test_56_columns_with_other_headers(self, tmp_path):
        wide = [row(JEAN, "MARTIN", "Jean", width=56, title="DR", town="Niort", street="DU LAC")]
        rows, notes = read(write_extract(tmp_path / NAME, wide, names=NAMES_2026))
        assert (rows[0][6], rows[0][16], rows[0][19]) == ("DR", "DU LAC", "Niort")
        assert faults(notes) == []

    def test_columns_in_another_order(self, tmp_path):
        order = list(reversed(range(len(NAMES))))
        lines = ["|".join(line.split("|")[at] for at in order) + "|" for line in ROWS]
        rows, _ = read(write_extract(tmp_path / NAME, lines, names=[NAMES[at] for at in order]))
        assert rows == read(write_extract(tmp_path / "b" / NAME))[0]

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("is_closed", [True, False])
    def test_line_ends_and_separators_at_the_end(self, tmp_path, end, is_closed):
        path = write_extract(tmp_path / NAME, end=end, separator_at_end=is_closed)
        rows, notes = read(path)
        assert rows == read(write_extract(tmp_path / "b" / NAME))[0]
        assert faults(notes) == []

    def test_a_mark_of_utf8_at_the_start(self, tmp_path):
        rows, _ = read(write_extract(tmp_path / NAME, encoding="utf-8-sig"))
        assert len(rows) == 5

    def test_windows_1252(self, tmp_path):
        path = write_extract(tmp_path / NAME, encoding="cp1252")
        with pytest.raises(UnicodeDecodeError):
            read(path)
        rows, _ = read(path, encoding="cp1252")
        assert (rows[3][2], rows[4][2]) == ("D’ALMEIDA", "ŒUVRARD")

    def test_windows_1252_signs_left_as_controls(self, tmp_path):
        rows, _ = read(write_extract(tmp_path / NAME, [row(JEAN, "D\x92ALMEIDA\x00\x1f", "Noël")]))
        assert rows[0][2] == "D’ALMEIDA"

    def test_packed(self, tmp_path):
        plain = write_extract(tmp_path / NAME)
        expected = read(plain)[0]
        packed = tmp_path / f"{NAME}.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        archive = tmp_path / "PS_LibreAcces.zip"
        with zipfile.ZipFile(archive, "w") as into:
            into.writestr("PS_LibreAcces_SavoirFaire_202602241030.txt", "autre")
            into.write(plain, NAME)
        assert read(packed)[0] == read(archive)[0] == expected
        assert Extract(archive, today=TODAY).data_on == date(2026, 2, 24)

    def test_goes_on_from_a_position(self, tmp_path, monkeypatch):
        monkeypatch.setattr(rpps, "_CHUNK", 150)
        extract = Extract(write_extract(tmp_path / NAME), today=TODAY)
        chunks = list(extract.read_chunks(Notes()))
        assert len(chunks) > 2
        for place, chunk in enumerate(chunks):
            rest = list(extract.read_chunks(Notes(), position=chunk.position, line=chunk.line))
            after = [line for one in chunks[place + 1 :] for line in one.rows]
            assert [line for one in rest for line in one.rows] == after


class TestDataOn:
    def test_is_in_the_name(self, tmp_path):
        assert Extract(write_extract(tmp_path / NAME), today=TODAY).data_on == date(2026, 2, 24)

    def test_is_never_to_come(self, tmp_path):
        path = write_extract(tmp_path / "PS_LibreAcces_20301231.txt")
        assert Extract(path, today=TODAY).data_on == TODAY


class TestBadRows:
    @pytest.mark.parametrize(
        ("bad", "fault"),
        [
            (row("10106476763", "MARTIN", "Zoé"), RowFault.KEY),
            (row("123", "MARTIN", "Zoé", kind="8"), RowFault.NUMBER),
            (row("1010647676A", "MARTIN", "Zoé", kind="8"), RowFault.NUMBER),
            (row("１０１０６４７６７６４", "MARTIN", "Zoé", kind="8"), RowFault.NUMBER),
            (row("", "MARTIN", "Zoé", kind="8"), RowFault.NUMBER),
            (row(ZOE, " ", "Zoé"), RowFault.NAME),
            (row(ZOE, "MARTIN", "Zoé", kind="7"), RowFault.TYPE),
            ("8|10106476764|8101", RowFault.TOO_SHORT),
            ("<html>", RowFault.TOO_SHORT),
            ("|".join(row(ZOE, "MARTIN", "Zoé").split("|")[:40]), RowFault.FIELD_MISSING),
            (row(ZOE, "MARTIN", "Zoé") + "de trop|", RowFault.FIELD_TOO_MANY),
            (row(ZOE, "M" * 30_000, "Zoé")[:-2], RowFault.TOO_LONG),
        ],
    )
    def test_are_reported_and_the_others_read(self, tmp_path, bad, fault):
        rows, notes = read(write_extract(tmp_path / NAME, [ROWS[0], bad, ROWS[3]]))
        assert faults(notes) == [(3, fault)]
        kept = fault in rpps_rows.KEPT
        assert (len(rows), notes.remarked, notes.rejected) == (2 + kept, int(kept), 1 - kept)

    def test_a_file_cut_in_a_row_tells_it(self, tmp_path):
        path = write_extract(tmp_path / NAME)
        path.write_bytes(path.read_bytes()[:-25])
        rows, notes = read(path)
        assert faults(notes) == [(6, RowFault.CUT)]
        assert len(rows) == 4

    def test_empty_lines_are_nothing(self, tmp_path):
        rows, notes = read(write_extract(tmp_path / NAME, ["", *ROWS, "|||", "  "]))
        assert (len(rows), faults(notes)) == (5, [])

    def test_a_line_without_end_does_not_fill_memory(self, tmp_path, monkeypatch):
        monkeypatch.setattr(rpps, "_CHUNK", 50_000)
        path = write_extract(tmp_path / NAME, [ROWS[0], "x" * 400_000, ROWS[3]])
        rows, notes = read(path)
        assert [line[1] for line in rows] == [JEAN, NOEL]
        assert faults(notes) == [(3, RowFault.TOO_LONG)]

    def test_the_first_ones_are_named_and_all_counted(self, tmp_path):
        _, notes = read(write_extract(tmp_path / NAME, ["8|1|2"] * 700))
        assert (notes.rejected, len(notes.first)) == (700, rpps_rows.MAX_NOTES)


class TestOtherFiles:
    @pytest.mark.parametrize("content", [b"", b"<html></html>", b"a|b|c\n1|2|3\n", b"\x00" * 5_000])
    def test_are_refused_in_one_sentence(self, tmp_path, content):
        path = tmp_path / NAME
        path.write_bytes(content)
        with pytest.raises(SetupError, match="n’est pas l’extraction"):
            read(path)

    @pytest.mark.parametrize("at", [1, 2, 8, 9, 10])
    def test_without_a_column_it_needs(self, tmp_path, at):
        names = [*NAMES[: at - 1], "Autre", *NAMES[at:]]
        with pytest.raises(SetupError, match="absente"):
            read(write_extract(tmp_path / NAME, names=names))

    def test_other_columns_may_be_missing(self, tmp_path):
        rows, _ = read(write_extract(tmp_path / NAME, names=[*NAMES[:24], "Autre", *NAMES[25:]]))
        assert rows[0][11] == ""

    def test_an_archive_cut_short(self, tmp_path):
        packed = tmp_path / "extract.gz"
        packed.write_bytes(
            gzip.compress(write_extract(tmp_path / NAME, ROWS * 500).read_bytes())[:-300]
        )
        with pytest.raises(SetupError, match="incomplet"):
            read(packed)
        broken = tmp_path / "extract.zip"
        broken.write_bytes(b"PK\x03\x04" + b"0" * 300)
        with pytest.raises(SetupError, match="incomplet"):
            read(broken)

    def test_an_archive_of_something_else(self, tmp_path):
        archive = tmp_path / "other.zip"
        with zipfile.ZipFile(archive, "w") as into:
            into.writestr("autre.txt", "autre")
        with pytest.raises(SetupError, match="ne contient pas"):
            read(archive)

    def test_a_file_that_is_not_there_or_a_folder(self, tmp_path):
        with pytest.raises(SetupError, match="n’existe pas"):
            read(tmp_path / "absent.txt")
        with pytest.raises(SetupError, match="ne peut pas être lu"):
            read(tmp_path)

    def test_a_disk_that_fails(self, tmp_path, monkeypatch):
        path = write_extract(tmp_path / NAME)
        extract = Extract(path, today=TODAY)

        class Failing:
            def readline(self, _size):
                return path.read_bytes().splitlines(keepends=True)[0]

            def tell(self):
                return 0

            def read(self, _size):
                message = "Input/output error"
                raise OSError(5, message)

            def __enter__(self):
                return self

            def __exit__(self, *_):
                return None

        monkeypatch.setattr(extract, "_open", Failing)
        with pytest.raises(SetupError, match="ne peut pas être lu"):
            list(extract.read_chunks(Notes()))


@pytest.mark.skipif(not REAL.exists(), reason="the real rows are not beside the repository")
class TestRealRows:
    def test_all_22_are_read(self):
        rows, notes = read(REAL)
        assert (len(rows), faults(notes)) == (22, [])
        assert {line[0] for line in rows} == {"0", "8"}
        assert all(line[2] and line[4] for line in rows)
        assert sum(bool(line[9]) for line in rows) == 7
