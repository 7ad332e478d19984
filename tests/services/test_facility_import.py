"""`liane import facilities`: keys stay, what a stock leaves out is closed."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.authz.actor import ANONYMOUS, Actor, system
from app.db import reading, unit_of_work
from app.errors import Forbidden, SetupError
from app.integrations.finess import SOURCE
from app.models.account import Role
from app.models.facility import Facility, FacilityKind, FacilityToken
from app.models.journal import JournalEntry
from app.services import facility, facility_import
from app.services.facility import search_facilities
from app.services.facility_admin import create_facility, update_facility
from app.services.facility_import import facility_key, import_facilities
from tests import factories
from tests.finess_files import CLASSIC, FHIR, HEADER, PLUS, classic_row

ROBOT = system("test")
FLEYRIAT = "010000024"


@pytest.fixture
def run(database, tmp_path, now):
    def run_on(content, name="etalab.csv", **options):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return import_facilities(ROBOT, path, now=now, database=database, **options)

    return run_on


def search(database, query, now):
    with reading(database) as session:
        return search_facilities(session, ANONYMOUS, query, now=now)


def names(database, query, now):
    return [hit.name for hit in search(database, query, now)]


def contents(database):
    with database.engine.connect() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Facility, FacilityToken)
        ]


class TestImportFacilities:
    def test_MM12_fills_the_facilities(self, database, run, now):
        result = run(CLASSIC)
        assert (result.facilities, result.new, result.changed, result.closed) == (3, 3, 0, 0)
        assert (result.rejected, result.data_on) == (0, date(2026, 3, 10))
        (hit,) = search(database, "fleyriat viriat", now)
        assert (hit.finess, hit.kind, hit.id) == (
            FLEYRIAT,
            FacilityKind.FINESS,
            facility_key(FLEYRIAT),
        )
        with reading(database) as session:
            source = facility.current_source(session, ANONYMOUS, now=now)
        assert (source.source, source.is_builtin) == (SOURCE, False)

    def test_a_second_import_changes_nothing(self, database, run):
        run(CLASSIC)
        before = contents(database)
        again = run(CLASSIC)
        assert (again.facilities, again.new, again.changed, again.closed) == (3, 0, 0, 0)
        assert contents(database) == before

    def test_what_changed_is_found_by_its_new_words_under_the_same_key(self, database, run, now):
        run(CLASSIC)
        (before,) = search(database, "fleyriat", now)
        result = run(CLASSIC.replace("FLEYRIAT", "NOUVEAU"))
        assert (result.new, result.changed) == (0, 1)
        assert names(database, "fleyriat", now) == []
        (after,) = search(database, "nouveau bourg", now)
        assert (after.id, after.version) == (before.id, before.version + 1)

    def test_what_a_whole_stock_leaves_out_is_closed_and_may_open_again(self, database, run, now):
        run(CLASSIC)
        result = run(HEADER + classic_row("010780195", "CLINIQUE CONVERT"))
        assert (result.new, result.closed) == (1, 3)
        assert names(database, "fleyriat", now) == []
        with reading(database) as session:
            key = facility_key(FLEYRIAT)
            assert not facility.get_facility(session, ANONYMOUS, key, now=now).is_open
        assert run(CLASSIC).changed == 3
        assert len(names(database, "fleyriat", now)) == 1

    def test_a_part_in_fhir_closes_nothing(self, database, run, now):
        run(CLASSIC)
        result = run(FHIR, "part.ndjson")
        assert (result.facilities, result.changed, result.closed) == (1, 1, 0)
        assert len(names(database, "cayenne", now)) == 1

    def test_finess_plus(self, database, run, now):
        result = run(json.dumps(PLUS), "plus.json")
        assert (result.facilities, result.new) == (2, 2)
        assert names(database, "convert", now) == ["CLINIQUE DOCTEUR CONVERT"]
        assert names(database, "fermee", now) == []

    def test_ours_are_left_alone_and_a_partner_stays_one(self, database, run, now):
        run(CLASSIC)
        with unit_of_work(database) as session:
            account = factories.make_account(session, role=Role.ADMINISTRATOR)
            admin = Actor(account_id=account.id, session_id=account.id, role=Role.ADMINISTRATOR)
            fields = {"name": "Cabinet des Halles", "postcode": "79000", "city": "Niort"}
            create_facility(session, admin, fields, now=now)
            key = facility_key(FLEYRIAT)
            partner = {"is_partner_laboratory": "on"}
            update_facility(session, admin, key, partner, version=1, now=now)
        run(CLASSIC.replace("FLEYRIAT", "NOUVEAU"))
        assert names(database, "halles", now) == ["Cabinet des Halles"]
        with reading(database) as session:
            (laboratory,) = facility.list_laboratories(session, ANONYMOUS, now=now)
        assert laboratory.name.endswith("NOUVEAU")

    def test_killed_half_way_it_is_run_again(self, database, run, now, monkeypatch):
        monkeypatch.setattr(facility_import, "_BATCH", 1)
        run(HEADER + classic_row("010780195", "CLINIQUE CONVERT"))
        real, calls = facility_import._write, []

        def die_at_the_second(*args, **kwargs):
            calls.append(args)
            if len(calls) == 2:
                raise KeyboardInterrupt
            real(*args, **kwargs)

        monkeypatch.setattr(facility_import, "_write", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            run(CLASSIC)
        assert names(database, "convert", now) == ["CLINIQUE CONVERT"]
        with reading(database) as session:
            source = facility.current_source(session, ANONYMOUS, now=now)
            assert source.source == SOURCE
        monkeypatch.setattr(facility_import, "_write", real)
        result = run(CLASSIC)
        assert (result.new, result.closed) == (2, 1)

    def test_bad_rows_are_told(self, run):
        result = run(CLASSIC + "structureet;x\n")
        assert (result.facilities, result.rejected) == (3, 1)
        assert [note.line for note in result.notes] == [5]

    @pytest.mark.parametrize("content", ["", "a;b\n", HEADER, HEADER + "structureet;x\n"])
    def test_a_file_without_facilities_closes_nothing(self, database, run, now, content):
        run(CLASSIC)
        with pytest.raises(SetupError):
            run(content, "other.csv")
        assert len(names(database, "fleyriat", now)) == 1

    def test_long_texts_fit(self, database, run, now):
        run(HEADER + classic_row("010000032", "N" * 900, "é " * 400, town="01000 " + "V" * 300))
        assert len(search(database, "01000", now)) == 1

    def test_tells_its_progress_and_leaves_a_line_in_the_journal(self, database, run):
        told = []
        run(CLASSIC, progress=lambda *step: told.append(step))
        assert told[-1][0] == told[-1][1]
        with database.engine.connect() as connection:
            actions = connection.execute(select(col(JournalEntry.action))).scalars().all()
        assert "facility.imported" in actions

    def test_only_the_system_imports(self, database, tmp_path, now):
        with pytest.raises(Forbidden):
            import_facilities(ANONYMOUS, tmp_path / "x", now=now, database=database)
