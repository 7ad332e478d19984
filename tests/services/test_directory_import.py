"""`liane import directory`: a stock replaces another, and an import that was killed goes on."""

import fcntl
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.authz.actor import ANONYMOUS, system
from app.db import reading, unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.rpps import SOURCE
from app.integrations.rpps_rows import RowFault
from app.models.directory import (
    DirectoryEntry,
    DirectoryLead,
    DirectoryNumber,
    DirectoryRelease,
    DirectoryWord,
)
from app.models.journal import JournalEntry
from app.services import directory_import, directory_lines, directory_release, directory_words
from app.services.directory import find_by_rpps, search_directory
from app.services.directory_import import import_directory
from tests import factories
from tests.rpps_files import ADELE, JEAN, NOEL, REAL, ROWS, ZOE, row, write_extract

ROBOT = system("test")
NAME = "PS_LibreAcces_Personne_activite_202602241030.txt"
TABLES = (DirectoryRelease, DirectoryEntry, DirectoryLead, DirectoryNumber)
MANY = [row(ZOE, f"NOM{n:03d}", "Zoé", town=f"VILLE{n % 3}") for n in range(90)]


class Killed(BaseException):
    """What a process does not survive."""


@pytest.fixture
def run(database, tmp_path, now):
    """Import a file, with a folder of its own for what waits to be sorted."""

    def run_on(path, **options):
        return import_directory(
            ROBOT, path, folder=tmp_path / "work", now=now, database=database, **options
        )

    return run_on


@pytest.fixture
def imported(run, tmp_path):
    return run(write_extract(tmp_path / NAME))


@pytest.fixture
def small_steps(monkeypatch):
    """Every step after a few rows, as those of a large file."""
    monkeypatch.setattr("app.integrations.rpps._CHUNK", 2_000)
    monkeypatch.setattr(directory_lines, "_RUN", 20)
    monkeypatch.setattr(directory_import, "_BATCH", 15)
    monkeypatch.setattr(directory_import, "_NUMBERS", 25)
    monkeypatch.setattr(directory_release, "_SLICE", 7)
    monkeypatch.setattr(directory_release, "BLOCK", 32)
    monkeypatch.setattr(directory_words, "BLOCK", 32)
    monkeypatch.setattr(directory_import, "_BREATH_SECONDS", 0)


def search(database, query, now):
    with reading(database) as session:
        page = search_directory(session, ANONYMOUS, query, limit=50, now=now)
        return [f"{hit.family_name} {hit.given_name}" for hit in page.rows]


def contents(database):
    """How many rows each table holds, and how many releases have words."""
    with database.engine.connect() as connection:
        rows = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        ]
        with_words = select(func.count(col(DirectoryWord.release_id).distinct()))
        return [*rows, connection.execute(with_words).scalar_one()]


def die_at(monkeypatch, owner, name, turn):
    """Let the process die at the n-th call."""
    real, calls = getattr(owner, name), []

    def call(*args, **kwargs):
        calls.append(name)
        if len(calls) == turn:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, call)
    return lambda: monkeypatch.setattr(owner, name, real)


class TestImportDirectory:
    def test_fills_the_directory(self, database, imported, now):
        assert (imported.people, imported.places) == (4, 3)
        assert (imported.rejected, imported.remarked, imported.earlier_people) == (0, 0, 0)
        assert imported.data_on == date(2026, 2, 24)
        with reading(database) as session:
            page = search_directory(session, ANONYMOUS, "martin", now=now)
            assert (page.source, page.as_of, page.is_builtin) == (SOURCE, date(2026, 2, 24), False)
            zoe = find_by_rpps(session, ANONYMOUS, ZOE, now=now)
        assert {(place.name, place.city, place.finess) for place in zoe.places} == {
            ("CABINET", "ST DENIS", ""),
            ("CLINIQUE DES TILLEULS", "Niort", "790000012"),
        }
        assert search(database, "niort", now) == ["MARTIN Jean", "MARTIN Zoé"]
        assert search(database, "zoe saint-denis", now) == ["MARTIN Zoé"]

    def test_an_unknown_profession_keeps_its_label(self, database, imported, now):
        with reading(database) as session:
            found = find_by_rpps(session, ANONYMOUS, ADELE, now=now)
        assert (found.profession, found.profession_label) == ("999", "Profession nouvelle")
        assert (found.number, found.rpps) == (ADELE, "")

    def test_one_person_in_several_rows_is_one_and_a_row_written_twice_counts_once(
        self, database, run, tmp_path, now
    ):
        rows = [
            row(ZOE, "MARTIN", "Zoé", town="Niort", skill="Oncologie"),
            row(JEAN, "ALBERT", "Jean"),
            row(ZOE, "MARTIN", "Zoé", town="Niort", skill="Oncologie"),
            row(ZOE, "Martin", "ZOE", town="Niort", skill="Hématologie"),
            row(ZOE, "MARTIN", "Zoé", town="Poitiers"),
        ]
        result = run(write_extract(tmp_path / NAME, rows))
        assert (result.people, result.places) == (2, 2)
        assert search(database, "zoe", now) == search(database, "poitiers", now)
        with reading(database) as session:
            zoe = find_by_rpps(session, ANONYMOUS, ZOE, now=now)
        assert {place.city for place in zoe.places} == {"Niort", "Poitiers"}
        assert sorted(zoe.speciality.split(", ")) == ["Hématologie", "Oncologie"]

    def test_a_second_import_of_the_same_file_changes_nothing(
        self, database, imported, run, tmp_path
    ):
        before = contents(database)
        assert before == [1, 4, 3, 4, 1]
        again = run(tmp_path / NAME)
        assert contents(database) == before
        assert again.earlier_people == 4

    def test_a_new_stock_replaces_the_old_one(self, database, imported, run, tmp_path, now):
        run(write_extract(tmp_path / "new.txt", [row(NOEL, "DURAND", "Noël")]))
        assert search(database, "martin", now) == []
        assert search(database, "durand", now) == ["DURAND Noël"]
        assert contents(database) == [1, 1, 1, 1, 1]

    def test_the_old_one_answers_until_the_new_one_is_complete(
        self, database, imported, run, tmp_path, now, small_steps
    ):
        seen = set()
        run(
            write_extract(tmp_path / "new.txt", MANY),
            progress=lambda *_: seen.add(tuple(search(database, "martin", now))),
        )
        assert seen - {()} == {("MARTIN Jean", "MARTIN Zoé")}
        assert len(search(database, "nom", now)) == 50

    def test_many_small_steps_add_up(self, database, run, tmp_path, now, small_steps):
        result = run(write_extract(tmp_path / NAME, [*MANY, *ROWS]))
        assert result.people == 94
        assert contents(database) == [1, 94, 93, 94, 1]
        assert search(database, "nom042", now) == ["NOM042 Zoé"]
        assert len(search(database, "zoe ville1", now)) == 30
        run(write_extract(tmp_path / NAME, ROWS))
        assert contents(database) == [1, 4, 3, 4, 1]

    def test_the_old_one_goes_in_slices_between_which_others_write(
        self, database, run, tmp_path, small_steps, monkeypatch
    ):
        run(write_extract(tmp_path / NAME, MANY))
        left = []

        def breathe(_seconds):
            with unit_of_work(database) as session:
                factories.make_account(session)
                left.append(
                    session.execute(select(func.count(col(DirectoryEntry.id)))).scalar_one()
                )

        monkeypatch.setattr(directory_import.time, "sleep", breathe)
        run(write_extract(tmp_path / "new.txt", ROWS))
        assert left[:12] == [4 + n for n in range(83, 5, -7)]
        assert left[-1] == 4

    def test_windows_1252_is_read_from_the_start_again(
        self, database, run, tmp_path, now, small_steps
    ):
        path = write_extract(
            tmp_path / NAME, [*[r.replace("é", "e") for r in MANY], *ROWS], encoding="cp1252"
        )
        assert run(path).people == 94
        assert search(database, "œuvrard", now) == ["ŒUVRARD Adèle"]
        assert search(database, "almeida", now) == ["D’ALMEIDA Noël"]

    def test_bad_rows_are_told_and_the_others_in_use(self, database, run, tmp_path, now):
        bad = ["8|12|", row("10106476763", "CLE", "Fausse"), "texte"]
        result = run(write_extract(tmp_path / NAME, [*ROWS, *bad]))
        assert (result.people, result.rejected, result.remarked) == (5, 2, 1)
        assert [(note.line, note.fault) for note in result.notes] == [
            (7, RowFault.TOO_SHORT),
            (8, RowFault.KEY),
            (9, RowFault.TOO_SHORT),
        ]

    def test_names_of_any_length_fit(self, database, run, tmp_path, now):
        long = row(ZOE, "É" * 400, "x" * 300, town="t" * 500, company="c" * 900, label="l" * 400)
        run(write_extract(tmp_path / NAME, [long]))
        assert len(search(database, "e" * 60, now)) == 1

    @pytest.mark.parametrize("content", ["", "<html>", "a|b|c\n"])
    def test_another_file_leaves_the_directory(
        self, database, imported, run, tmp_path, now, content
    ):
        other = tmp_path / "other.txt"
        other.write_text(content, encoding="utf-8")
        with pytest.raises(SetupError):
            run(other)
        assert search(database, "jean", now) == ["MARTIN Jean"]

    def test_a_file_without_a_good_row_leaves_it_too(self, database, imported, run, tmp_path, now):
        with pytest.raises(SetupError, match="aucune ligne"):
            run(write_extract(tmp_path / "bad.txt", ["x|y"]))
        assert search(database, "jean", now) == ["MARTIN Jean"]

    def test_two_imports_at_once_are_one(self, run, tmp_path):
        (tmp_path / "work").mkdir()
        with (tmp_path / "work" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(SetupError, match="déjà en cours"):
                run(write_extract(tmp_path / NAME))

    def test_a_full_disk_is_one_sentence(self, database, imported, run, tmp_path, now, monkeypatch):
        def full(*_args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("app.services.sorted_lines.SortedLines.add_run", full)
        with pytest.raises(SetupError, match="la place sur le"):
            run(write_extract(tmp_path / "new.txt", MANY))
        assert search(database, "jean", now) == ["MARTIN Jean"]

    def test_tells_its_progress(self, run, tmp_path, small_steps):
        told = []
        run(write_extract(tmp_path / NAME, MANY), progress=lambda *step: told.append(step))
        assert told == sorted(told)
        assert told[-1] == (1000, 1000)
        assert len(set(told)) > 10

    def test_leaves_a_line_in_the_journal_and_nothing_on_disk(self, database, imported, tmp_path):
        with unit_of_work(database) as session:
            actions = session.execute(select(col(JournalEntry.action))).scalars().all()
        assert "directory.imported" in actions
        assert not (tmp_path / "work").exists()

    def test_only_the_system_imports(self, database, tmp_path, now):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session)
        with pytest.raises(Forbidden):
            import_directory(
                actor, write_extract(tmp_path / NAME), folder=tmp_path / "work", now=now
            )
        assert contents(database) == [0, 0, 0, 0, 0]


@pytest.mark.usefixtures("small_steps")
class TestKilledHalfWay:
    @pytest.mark.parametrize(
        ("owner", "name", "turn"),
        [
            (directory_lines, "_save", 1),
            (directory_lines, "_save", 3),
            (directory_import, "open_release", 1),
            (directory_release.EntryWriter, "write", 1),
            (directory_release.EntryWriter, "write", 4),
            (directory_import, "write_numbers", 1),
            (directory_import, "write_numbers", 3),
            (directory_release, "write_words", 1),
            (directory_release, "write_words", 3),
            (directory_release, "put_in_use", 1),
            (directory_import, "drop_slice", 1),
        ],
    )
    def test_goes_on_when_run_again(
        self, database, imported, run, tmp_path, now, monkeypatch, owner, name, turn
    ):
        path = write_extract(tmp_path / "new.txt", [*MANY, "mauvaise"])
        restore = die_at(monkeypatch, owner, name, turn)
        with pytest.raises(Killed):
            run(path)
        is_after = name == "drop_slice"
        assert search(database, "jean", now) == ([] if is_after else ["MARTIN Jean"])
        restore()
        result = run(path)
        assert (result.people, result.rejected) == (90, 1)
        assert contents(database) == [1, 90, 90, 90, 1]
        assert len(search(database, "zoe ville2", now)) == 30
        assert search(database, "nom089", now) == ["NOM089 Zoé"]
        with reading(database) as session:
            assert find_by_rpps(session, ANONYMOUS, ZOE, now=now).family_name == "NOM000"

    def test_what_was_read_is_not_read_again(self, run, tmp_path, monkeypatch):
        path = write_extract(tmp_path / NAME, MANY)
        restore = die_at(monkeypatch, directory_import, "open_release", 1)
        with pytest.raises(Killed):
            run(path)
        restore()
        monkeypatch.setattr("app.integrations.rpps.Extract.read_chunks", None)
        assert run(path).people == 90

    def test_what_was_written_is_not_written_again(self, run, tmp_path, monkeypatch):
        path = write_extract(tmp_path / NAME, MANY)
        restore = die_at(monkeypatch, directory_release.EntryWriter, "write", 4)
        with pytest.raises(Killed):
            run(path)
        restore()
        written = []
        real = directory_release.EntryWriter.write
        monkeypatch.setattr(
            directory_release.EntryWriter,
            "write",
            lambda *args: (written.extend(args[-1]), real(*args))[1],
        )
        run(path)
        assert len(written) == 45

    def test_another_file_starts_anew(self, database, run, tmp_path, now, monkeypatch):
        restore = die_at(monkeypatch, directory_release.EntryWriter, "write", 2)
        with pytest.raises(Killed):
            run(write_extract(tmp_path / "killed.txt", MANY))
        restore()
        run(write_extract(tmp_path / NAME))
        assert contents(database) == [1, 4, 3, 4, 1]
        assert search(database, "nom", now) == []


@pytest.mark.skipif(not REAL.exists(), reason="the real rows are not beside the repository")
class TestRealRows:
    def test_they_are_found(self, database, run, now):
        assert run(REAL).people == 22
        with reading(database) as session:
            page = search_directory(session, ANONYMOUS, "10106476764", now=now)
            assert [hit.profession for hit in page.rows] == ["10"]
        assert len(search(database, "bourg en bresse", now)) == 3
