"""Reading the files of the BDPM: encodings, line ends, rows that are not what they should be."""

from datetime import date

import pytest

from app.errors import SetupError
from app.integrations import bdpm, bdpm_files
from app.integrations.bdpm import RowFault, RowNote, read_edition
from app.integrations.bdpm_files import substance_name
from tests.bdpm_files import (
    COMPONENTS,
    DOLIPRANE,
    GLUCOPHAGE,
    IBRANCE,
    METFORMINE,
    REAL,
    RELEASE,
    SPECIALITIES,
    component,
    speciality,
    write_release,
)

TODAY = date(2026, 3, 10)
SPECIALITIES_BYTES = "".join(f"{row}\n" for row in SPECIALITIES).encode("cp1252")


def read(folder, **rows):
    return read_edition(write_release(folder, **rows), today=TODAY)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_reads_a_file_for_what_it_is(self, tmp_path, encoding, end):
        edition = read(tmp_path, encoding=encoding, end=end)
        assert edition.specialities[IBRANCE].form == "gélule"
        assert edition.substances["02202"] == "paracétamol"
        assert (edition.rejected, edition.remarked) == (0, 0)

    def test_files_of_one_release_may_differ(self, tmp_path):
        write_release(tmp_path)
        text = "\n".join(COMPONENTS)
        (tmp_path / "CIS_COMPO_bdpm.txt").write_bytes(text.encode("cp1252"))
        edition = read_edition(tmp_path, today=TODAY)
        assert edition.substances["02202"] == "paracétamol"
        assert edition.specialities[IBRANCE].form == "gélule"

    @pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
    def test_windows_signs_left_as_controls_become_what_they_were(self, tmp_path, encoding):
        name = "CARMIN D\x92INDIGO 40 mg \x96 5 mL, solution"
        rows = [speciality(DOLIPRANE, name), *SPECIALITIES[1:]]
        edition = read(tmp_path, specialities=rows, encoding=encoding)
        assert edition.specialities[DOLIPRANE].name == "CARMIN D’INDIGO 40 mg – 5 mL, solution"

    def test_controls_and_entities_disappear(self, tmp_path):
        rows = [
            speciality(DOLIPRANE, "DOLI\x00PRANE\x0b &amp; L&RSQUO;AUTRE\x81"),
            *SPECIALITIES[1:],
        ]
        edition = read(tmp_path, specialities=rows)
        assert edition.specialities[DOLIPRANE].name == "DOLIPRANE & L’AUTRE"

    def test_a_quote_is_an_ordinary_character(self, tmp_path):
        rows = [speciality(DOLIPRANE, 'DOLIPRANE "1000'), *SPECIALITIES[1:]]
        assert read(tmp_path, specialities=rows).specialities[DOLIPRANE].name == 'DOLIPRANE "1000'


class TestRows:
    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            (speciality("6023410", "COURT"), RowFault.CODE),
            (speciality("6023410X", "LETTRE"), RowFault.CODE),
            (speciality("60000009", ""), RowFault.NAME),
            (speciality("60000009", "X" * 401), RowFault.TOO_LONG),
            (speciality("60000009", "X" * 30_000), RowFault.TOO_LONG),
            (speciality(DOLIPRANE, "ENCORE"), RowFault.TWICE),
            ("60000009\tCOURT, comprimé\tcomprimé", RowFault.TOO_SHORT),
            ("<html>", RowFault.CODE),
        ],
    )
    def test_a_bad_row_is_reported_and_the_others_kept(self, tmp_path, row, fault):
        edition = read(tmp_path, specialities=[SPECIALITIES[0], row, *SPECIALITIES[1:]])
        assert len(edition.specialities) == 5
        assert edition.rejected == 1
        assert edition.notes == [RowNote("CIS_bdpm.txt", 2, fault)]
        assert not edition.notes[0].is_kept

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            (component("60000009", "02202", "PARACÉTAMOL"), RowFault.UNKNOWN_SPECIALITY),
            (component(DOLIPRANE, "02202", "PARACÉTAMOL", "XX"), RowFault.NATURE),
            (component(DOLIPRANE, "abc", "PARACÉTAMOL"), RowFault.CODE),
            (component(DOLIPRANE, "02203", " "), RowFault.NAME),
            (f"{DOLIPRANE}\tcomprimé\t02202", RowFault.TOO_SHORT),
        ],
    )
    def test_so_is_a_bad_component(self, tmp_path, row, fault):
        edition = read(tmp_path, components=[*COMPONENTS, row])
        assert edition.notes == [RowNote("CIS_COMPO_bdpm.txt", 8, fault)]
        assert edition.specialities[DOLIPRANE].ingredients == ("02202",)

    @pytest.mark.parametrize("tail", ["\t", "\t\t\t"])
    def test_separators_at_the_end_are_usual(self, tmp_path, tail):
        edition = read(tmp_path, components=[row + tail for row in COMPONENTS])
        assert (edition.rejected, edition.remarked) == (0, 0)
        assert len(edition.substances) == 4

    def test_a_missing_last_field_is_usual(self, tmp_path):
        edition = read(tmp_path, specialities=[row.rpartition("\t")[0] for row in SPECIALITIES])
        assert (edition.rejected, edition.remarked) == (0, 0)
        assert len(edition.specialities) == 5

    def test_a_field_too_many_is_told_and_the_row_kept(self, tmp_path):
        edition = read(tmp_path, components=[COMPONENTS[0] + "\ten trop", *COMPONENTS[1:]])
        assert (edition.rejected, edition.remarked) == (0, 1)
        assert edition.notes == [RowNote("CIS_COMPO_bdpm.txt", 1, RowFault.FIELD_TOO_MANY)]
        assert edition.specialities[DOLIPRANE].ingredients == ("02202",)

    def test_empty_lines_are_no_rows(self, tmp_path):
        edition = read(tmp_path, specialities=["", *SPECIALITIES, "", ""])
        assert edition.rejected == 0

    def test_notes_are_bounded_and_counts_are_not(self, tmp_path, monkeypatch):
        monkeypatch.setattr(bdpm, "MAX_NOTES", 3)
        strange = [component(f"6111{n:04d}", "02202", "X") for n in range(6)]
        edition = read(tmp_path, components=[*COMPONENTS, *strange])
        assert (edition.rejected, len(edition.notes)) == (6, 3)


class TestSubstances:
    def test_active_substance_and_fraction_of_one_link_are_one(self, tmp_path):
        edition = read(tmp_path)
        assert edition.specialities[GLUCOPHAGE].ingredients == ("04442",)
        # The source spells it « metformine base » as well.
        assert edition.substances["04442"] == "metformine"

    def test_two_links_are_two(self, tmp_path):
        more = component(METFORMINE, "40035", "VILDAGLIPTINE", link="2")
        edition = read(tmp_path, components=[*COMPONENTS, more])
        assert edition.specialities[METFORMINE].ingredients == ("04442", "40035")

    def test_a_complex_shows_its_fractions(self, tmp_path):
        rows = [
            component(DOLIPRANE, "15734", "VALSARTAN", "FT"),
            component(DOLIPRANE, "99001", "COMPLEXE SODIQUE SACUBITRIL VALSARTAN"),
            component(DOLIPRANE, "78789", "SACUBITRIL", "ST"),
        ]
        edition = read(tmp_path, components=[*rows, *COMPONENTS[1:]])
        assert edition.specialities[DOLIPRANE].ingredients == ("15734", "78789")

    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("CHLORHYDRATE DE TRAMADOL", "chlorhydrate de tramadol"),
            ("AMOXICILLINE ANHYDRE", "amoxicilline"),
            ("PHOSPHATE DE CODÉINE HÉMIHYDRATÉ", "phosphate de codéine"),
            ("VITAMINE B12", "vitamine B12"),
            ("FACTEUR VIII DE COAGULATION HUMAIN", "facteur VIII de coagulation humain"),
            ("TOXINE BOTULINIQUE DE TYPE A", "toxine botulinique de type A"),
            ("NITRATE D'ÉCONAZOLE", "nitrate d'éconazole"),
            ("PRIMEVÈRE (FLEUR DE), EXTRAIT SEC DE ", "primevère (fleur de) extrait sec de"),
            ("BASE", "base"),
        ],
    )
    def test_names_are_written_as_people_write(self, source, shown):
        assert substance_name(source) == shown


class TestDates:
    def test_the_latest_possible_date_of_the_data_dates_it(self, tmp_path):
        write_release(tmp_path)
        (tmp_path / "CIS_CIP_Dispo_Spec.txt").write_text(
            f"{DOLIPRANE}\t\t1\tRupture\t22/10/2025\t26/01/2026\t29/11/2924\tlien\n"
            f"{DOLIPRANE}\t\t1\tRupture\t31/02/2026\t\t\tlien\n",
            encoding="utf-8",
        )
        assert read_edition(tmp_path, today=TODAY).data_on == date(2026, 1, 26)

    def test_authorisations_date_it_otherwise(self, tmp_path):
        assert read(tmp_path).data_on == date(2025, 7, 17)


class TestRefusals:
    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(SetupError, match="n’existe pas"):
            read_edition(tmp_path / "absent", today=TODAY)

    def test_a_file_instead_of_a_folder(self, tmp_path):
        (tmp_path / "x.txt").touch()
        with pytest.raises(SetupError, match=r"x\.txt n’est pas un dossier"):
            read_edition(tmp_path / "x.txt", today=TODAY)

    @pytest.mark.parametrize("name", ["CIS_bdpm.txt", "CIS_COMPO_bdpm.txt"])
    def test_a_missing_file_is_named(self, tmp_path, name):
        write_release(tmp_path)
        (tmp_path / name).unlink()
        with pytest.raises(SetupError, match=f"{name} manque"):
            read_edition(tmp_path, today=TODAY)

    def test_generics_may_be_missing(self, tmp_path):
        write_release(tmp_path)
        (tmp_path / "CIS_GENER_bdpm.txt").unlink()
        assert len(read_edition(tmp_path, today=TODAY).specialities) == 5

    def test_case_of_file_names_does_not_matter(self, tmp_path):
        write_release(tmp_path)
        (tmp_path / "CIS_bdpm.txt").rename(tmp_path / "cis_BDPM.TXT")
        assert len(read_edition(tmp_path, today=TODAY).specialities) == 5

    @pytest.mark.parametrize(
        "content",
        [b"", b"<html><body>Erreur 503</body></html>\n" * 40, bytes(range(256)) * 200],
    )
    def test_another_file_under_that_name_is_named(self, tmp_path, content):
        write_release(tmp_path)
        (tmp_path / "CIS_bdpm.txt").write_bytes(content)
        with pytest.raises(SetupError, match=r"CIS_bdpm\.txt n’est pas celui"):
            read_edition(tmp_path, today=TODAY)

    def test_a_file_nobody_may_read_is_named(self, tmp_path, monkeypatch):
        write_release(tmp_path)

        def refuse(*_args, **_kwargs):
            raise PermissionError

        monkeypatch.setattr(type(tmp_path), "open", refuse)
        with pytest.raises(SetupError, match="ne peut pas être lu"):
            read_edition(tmp_path, today=TODAY)

    def test_a_file_far_too_large_is_not_read(self, tmp_path, monkeypatch):
        write_release(tmp_path)
        monkeypatch.setattr(bdpm_files, "_MAX_FILE", 100)
        with pytest.raises(SetupError, match="trop grand"):
            read_edition(tmp_path, today=TODAY)


class TestProgress:
    def test_never_goes_back_nor_beyond(self, tmp_path):
        rows = [speciality(f"61{n:06d}", f"MEDICAMENT {n}") for n in range(3_000)]
        told = []
        write_release(tmp_path, specialities=[*SPECIALITIES, *rows])
        read_edition(tmp_path, today=TODAY, progress=lambda *step: told.append(step))
        assert told == sorted(told)
        assert told[-1][0] <= told[-1][1]
        assert len(told) >= 3


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not beside the repository")
class TestRealFiles:
    def test_reads_every_speciality(self):
        edition = read_edition(RELEASE, today=TODAY)
        assert len(edition.specialities) == 15_799
        assert (edition.rejected, edition.remarked) == (0, 0)
        assert edition.data_on == date(2026, 1, 26)
        assert edition.specialities["60321676"].name == "IBRANCE 125 mg, gélule"
        assert not any(
            "\x80" <= c <= "\x9f" for one in edition.specialities.values() for c in one.name
        )

    @pytest.mark.parametrize("year", ["2022-06.1500", "2025-11.2000"])
    def test_reads_compositions_as_published(self, tmp_path, year):
        """Original bytes: Windows-1252; rows of 2022 end with a tab more."""
        extract = REAL / "extraits-encodage-origine" / f"CIS_COMPO_bdpm.{year}-premieres-lignes.txt"
        (tmp_path / "CIS_bdpm.txt").write_bytes((RELEASE / "CIS_bdpm.txt").read_bytes())
        (tmp_path / "CIS_COMPO_bdpm.txt").write_bytes(extract.read_bytes())
        edition = read_edition(tmp_path, today=TODAY)
        assert {note.fault for note in edition.notes} <= {RowFault.UNKNOWN_SPECIALITY}
        assert "diosmine" in edition.substances.values()
        assert not any("\ufffd" in name for name in edition.substances.values())

    def test_reads_specialities_as_published(self, tmp_path):
        extract = REAL / "extraits-encodage-origine/CIS_bdpm.2025-11.2000-premieres-lignes.txt"
        write_release(tmp_path)
        (tmp_path / "CIS_bdpm.txt").write_bytes(extract.read_bytes())
        with pytest.raises(SetupError, match="le même jour"):
            read_edition(tmp_path, today=TODAY)
        write_release(tmp_path, specialities=[])
        (tmp_path / "CIS_bdpm.txt").write_bytes(extract.read_bytes() + SPECIALITIES_BYTES)
        edition = read_edition(tmp_path, today=TODAY)
        assert len(edition.specialities) == 2_005
        assert edition.specialities[IBRANCE].form == "gélule"
