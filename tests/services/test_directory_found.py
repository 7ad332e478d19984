"""What the national API told, kept for whoever is about to choose it."""

from datetime import date, timedelta

import pytest

from app.authz.actor import ANONYMOUS, system
from app.integrations.annuaire import SOURCE, FoundPerson, FoundPlace
from app.integrations.finess_rows import NationalFacility
from app.services.directory import find_by_rpps, remember_page
from app.services.directory_entry import Person
from app.services.directory_found import KEEP, forget_stale, list_found
from app.services.directory_release import load_builtin
from app.services.facility_import import facility_key, load_builtin_facilities

NUMBER, FINESS = "10003461033", "754567860"
FOUND = FoundPerson(
    NUMBER,
    "Saucier",
    "Arthur",
    "MME",
    "10",
    "",
    "",
    (FoundPlace(FINESS, "1", "CH", "", "75014", "PARIS"),),
)


@pytest.fixture
def remembered(session, now):
    return remember_page(session, ANONYMOUS, [FOUND], now=now)


class TestRememberPage:
    def test_shows_what_was_told_with_its_source(self, remembered):
        (hit,) = remembered.rows
        assert (hit.rpps, hit.family_name, hit.civility) == (NUMBER, "Saucier", "Mme")
        assert (remembered.source, remembered.as_of) == (SOURCE, date(2026, 3, 10))

    def test_MM08_whom_it_showed_may_be_chosen(self, session, remembered, now):
        found = find_by_rpps(session, ANONYMOUS, NUMBER, now=now)
        assert (found.given_name, found.places[0].city, found.source) == ("Arthur", "PARIS", SOURCE)
        assert find_by_rpps(session, ANONYMOUS, "10106476764", now=now) is None

    def test_a_known_facility_is_ours(self, session, now):
        facilities = [NationalFacility(FINESS, "CH")]
        load_builtin_facilities(
            session, system("t"), facilities, [], source="e", data_on=date(2026, 1, 1), now=now
        )
        page = remember_page(session, ANONYMOUS, [FOUND], now=now)
        assert page.rows[0].places[0].facility_id == facility_key(FINESS)

    def test_two_professions_of_one_number(self, session, now):
        other = FoundPerson(NUMBER, "Saucier", "Arthur", profession="40")
        remember_page(session, ANONYMOUS, [FOUND, other], now=now)
        found = find_by_rpps(session, ANONYMOUS, NUMBER, now=now)
        assert [one.profession for one in (found, *found.others)] == ["10", "40"]

    def test_the_local_directory_comes_first(self, session, remembered, now):
        person = Person(NUMBER, "LOCALE", "Anne")
        load_builtin(session, system("t"), [person], source="e", data_on=date(2026, 1, 1), now=now)
        assert find_by_rpps(session, ANONYMOUS, NUMBER, now=now).family_name == "LOCALE"

    def test_told_again_it_replaces(self, session, remembered, now):
        remember_page(session, ANONYMOUS, [FoundPerson(NUMBER, "Nouveau")], now=now)
        assert find_by_rpps(session, ANONYMOUS, NUMBER, now=now).family_name == "Nouveau"


class TestForgetting:
    def test_after_a_day(self, session, remembered, now):
        later = now + KEEP + timedelta(seconds=1)
        assert find_by_rpps(session, ANONYMOUS, NUMBER, now=later) is None
        forget_stale(session, ANONYMOUS, now=later)
        assert list_found(session, ANONYMOUS, NUMBER, now=now)[0] == []
        assert list_found(session, ANONYMOUS, NUMBER, now=later)[0] == []

    def test_not_before(self, session, remembered, now):
        forget_stale(session, ANONYMOUS, now=now + KEEP)
        assert list_found(session, ANONYMOUS, NUMBER, now=now)[0] == [FOUND]
