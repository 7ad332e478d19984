"""Establishments and partner laboratories (MM-11 to MM-14)."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS, Actor, system
from app.db import unit_of_work
from app.errors import Conflict, Forbidden, Invalid, NotAuthenticated, NotFound, RuleViolation
from app.integrations.finess_rows import NationalFacility
from app.models.account import Role
from app.models.facility import FacilityKind
from app.models.journal import JournalEntry
from app.services import directory, facility, facility_admin
from app.services.facility import get_facility, list_laboratories, search_facilities
from app.services.facility_admin import create_facility, list_facilities, update_facility
from app.services.facility_import import load_builtin_facilities
from tests import factories

ROBOT = system("test")
FINESS, CORSICA = "990000010", "2A0000154"
FIELDS = {
    "name": "Cabinet des Halles",
    "postcode": "79000",
    "city": "Niort",
    "phone": "05 49 00 00 00",
}
FACILITIES = [
    NationalFacility(FINESS, "CLINIQUE DES TILLEULS", "Clinique", "1 RUE", "79000", "NIORT"),
    NationalFacility("990000028", "PHARMACIE CLINIQUE", "", "", "97400", "ST DENIS"),
    NationalFacility("990000044", "CLINIQUE FERMÉE", city="NIORT", is_open=False),
]
LABORATORIES = [NationalFacility("990000036", "Medipath Niort", postcode="79000", city="NIORT")]


@pytest.fixture
def loaded(session, now):
    load_builtin_facilities(
        session, ROBOT, FACILITIES, LABORATORIES, source="essai", data_on=date(2026, 5, 12), now=now
    )
    return session


@pytest.fixture
def admin(session):
    account = factories.make_account(session, role=Role.ADMINISTRATOR)
    return Actor(account_id=account.id, session_id=uuid4(), role=Role.ADMINISTRATOR)


def names(session, now, query):
    return [hit.name for hit in search_facilities(session, ANONYMOUS, query, now=now)]


class TestSearchFacilities:
    @pytest.mark.parametrize(
        "typed", ["tilleuls", "clini niort", "NIORT clinique", FINESS, "79000 till", "tilleuls des"]
    )
    def test_MM14_finds_by_name_town_postcode_and_finess(self, loaded, now, typed):
        assert names(loaded, now, typed)[0] == "CLINIQUE DES TILLEULS"

    def test_saint_is_found_however_written(self, loaded, now):
        assert names(loaded, now, "saint-denis") == names(loaded, now, "st denis")
        assert names(loaded, now, "saint-denis") == ["PHARMACIE CLINIQUE"]

    def test_closed_ones_are_not_offered(self, loaded, now):
        assert names(loaded, now, "fermee") == []
        assert names(loaded, now, "clinique") == ["CLINIQUE DES TILLEULS", "PHARMACIE CLINIQUE"]

    @pytest.mark.parametrize("typed", ["", "%", "clinique inconnue", "zz", "(("])
    def test_what_matches_nothing(self, loaded, now, typed):
        assert names(loaded, now, typed) == []

    def test_S070_a_visitor_searches_so_many_times_an_hour(self, loaded, now, monkeypatch):
        few = directory.throttle.Rule("few", 0, directory.SEARCHES.window)
        monkeypatch.setattr(directory, "SEARCHES", few)
        directory.count_search(loaded, ANONYMOUS, now=now)
        with pytest.raises(RuleViolation):
            names(loaded, now, "clinique")

    def test_tells_its_source(self, loaded, now):
        source = facility.current_source(loaded, ANONYMOUS, now=now)
        assert (source.source, source.as_of) == ("essai", date(2026, 5, 12))


class TestGetFacility:
    def test_gives_one(self, loaded, now):
        hit = search_facilities(loaded, ANONYMOUS, "tilleuls", now=now)[0]
        assert get_facility(loaded, ANONYMOUS, hit.id, now=now) == hit
        assert (hit.finess, hit.city, hit.kind) == (FINESS, "NIORT", FacilityKind.FINESS)

    def test_says_when_there_is_none(self, loaded, now):
        with pytest.raises(NotFound):
            get_facility(loaded, ANONYMOUS, uuid4(), now=now)


class TestListLaboratories:
    def test_MM13_lists_partner_laboratories(self, loaded, now):
        assert [hit.name for hit in list_laboratories(loaded, ANONYMOUS, now=now)] == [
            "Medipath Niort"
        ]


class TestCreateFacility:
    def test_an_administrator_adds_an_establishment(self, session, admin, now):
        made = create_facility(session, admin, FIELDS, now=now)
        hit = get_facility(session, ANONYMOUS, made, now=now)
        assert (hit.kind, hit.is_open, hit.finess) == (FacilityKind.LOCAL, True, None)
        assert names(session, now, "halles niort") == ["Cabinet des Halles"]
        actions = session.execute(select(col(JournalEntry.action))).scalars().all()
        assert "facility.created" in actions

    def test_and_a_laboratory(self, session, admin, now):
        fields = FIELDS | {"is_partner_laboratory": "on", "finess": CORSICA.lower()}
        made = create_facility(session, admin, fields, now=now)
        assert [hit.id for hit in list_laboratories(session, ANONYMOUS, now=now)] == [made]
        assert names(session, now, "2a0000154") == ["Cabinet des Halles"]

    def test_all_faults_at_once(self, loaded, admin, now):
        with pytest.raises(Invalid) as raised:
            create_facility(loaded, admin, {"postcode": "79", "finess": "990000011"}, now=now)
        assert raised.value.fields == {
            "name": "facility.name_missing",
            "postcode": "facility.postcode_form",
            "city": "facility.city_missing",
            "finess": "facility.finess_key",
        }

    def test_a_finess_is_given_once(self, loaded, admin, now):
        with pytest.raises(Invalid) as raised:
            create_facility(loaded, admin, FIELDS | {"finess": FINESS}, now=now)
        assert raised.value.fields == {"finess": "facility.finess_taken"}

    def test_nobody_else_does(self, database, now):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session)
            with pytest.raises(Forbidden):
                create_facility(session, actor, FIELDS, now=now)
            with pytest.raises(NotAuthenticated):
                create_facility(session, ANONYMOUS, FIELDS, now=now)


class TestUpdateFacility:
    def test_changes_what_is_ours(self, session, admin, now):
        made = create_facility(session, admin, FIELDS, now=now)
        fields = FIELDS | {"name": "Cabinet du Port", "is_open": "on"}
        assert update_facility(session, admin, made, fields, version=1, now=now) == 2
        assert names(session, now, "port") == ["Cabinet du Port"]
        assert names(session, now, "halles") == []
        actions = session.execute(select(col(JournalEntry.action))).scalars().all()
        assert "facility.changed" in actions

    def test_closes(self, session, admin, now):
        made = create_facility(session, admin, FIELDS, now=now)
        update_facility(session, admin, made, FIELDS, version=1, now=now)
        assert names(session, now, "halles") == []
        assert not get_facility(session, admin, made, now=now).is_open

    def test_of_a_national_one_only_the_partner_flag(self, loaded, admin, now):
        hit = search_facilities(loaded, ANONYMOUS, "tilleuls", now=now)[0]
        fields = {"name": "Autre", "is_partner_laboratory": "on"}
        update_facility(loaded, admin, hit.id, fields, version=1, now=now)
        after = get_facility(loaded, ANONYMOUS, hit.id, now=now)
        assert (after.name, after.is_open, after.is_partner_laboratory) == (hit.name, True, True)
        assert after.kind is FacilityKind.FINESS
        assert not after.accepts_first_messages

    def test_D16_patients_write_first_only_where_an_administrator_says_so(self, loaded, admin, now):
        hit = search_facilities(loaded, ANONYMOUS, "tilleuls", now=now)[0]
        assert not hit.accepts_first_messages
        for ticked in (True, False):
            fields = {"accepts_first_messages": "on"} if ticked else {}
            version = get_facility(loaded, ANONYMOUS, hit.id, now=now).version
            update_facility(loaded, admin, hit.id, fields, version=version, now=now)
            after = get_facility(loaded, ANONYMOUS, hit.id, now=now)
            assert after.accepts_first_messages is ticked

    def test_refuses_what_somebody_else_changed(self, session, admin, now):
        made = create_facility(session, admin, FIELDS, now=now)
        with pytest.raises(Conflict):
            update_facility(session, admin, made, FIELDS, version=0, now=now)

    def test_absent_or_not_an_administrator(self, session, admin, now):
        with pytest.raises(NotFound):
            update_facility(session, admin, uuid4(), FIELDS, version=1, now=now)
        with pytest.raises(NotAuthenticated):
            update_facility(session, ANONYMOUS, uuid4(), FIELDS, version=1, now=now)


class TestListFacilities:
    def test_pages_by_name(self, loaded, admin, now, monkeypatch):
        monkeypatch.setattr(facility_admin, "PAGE_SIZE", 3)
        first = list_facilities(loaded, admin, now=now)
        assert [hit.name for hit in first.rows][:2] == ["CLINIQUE DES TILLEULS", "CLINIQUE FERMÉE"]
        assert (first.total, first.pages) == (4, 2)
        last = list_facilities(loaded, admin, page=9, now=now)
        assert (last.page, len(last.rows)) == (2, 1)
        laboratories = list_facilities(loaded, admin, kind=FacilityKind.LABORATORY, now=now)
        assert [hit.name for hit in laboratories.rows] == ["Medipath Niort"]

    def test_for_administrators_alone(self, session, now):
        with pytest.raises(NotAuthenticated):
            list_facilities(session, ANONYMOUS, now=now)


class TestLoadBuiltin:
    def test_leaves_a_base_in_use_alone(self, loaded, now):
        load_builtin_facilities(
            loaded, ROBOT, FACILITIES[:1], [], source="autre", data_on=date(2026, 5, 12), now=now
        )
        assert facility.current_source(loaded, ANONYMOUS, now=now).source == "essai"

    def test_only_the_system_loads(self, session, now):
        with pytest.raises(Forbidden):
            load_builtin_facilities(
                session,
                ANONYMOUS,
                FACILITIES,
                [],
                source="essai",
                data_on=date(2026, 5, 12),
                now=now,
            )
