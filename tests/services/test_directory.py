"""Looking people up in the national directory (MM-07, MM-08, MM-12)."""

from datetime import date

import pytest
from sqlmodel import Session

from app.authz.actor import ANONYMOUS, system
from app.db import unit_of_work
from app.errors import Forbidden, RuleViolation
from app.services import directory
from app.services.directory import find_by_rpps, parse_query, search_directory
from app.services.directory_entry import Person, Place
from app.services.directory_release import load_builtin
from tests import factories
from tests.factories import unique_rpps
from tests.work import counted

ROBOT = system("test")
VISITOR = ANONYMOUS
TRIES = 200
ADELI = "019306919"
RPPS = "10106476764"
CLINIC = Place("790000012", "F790000012", "Clinique des Tilleuls", "", "79000", "Niort")
OFFICE = Place(name="Cabinet", city="ST DENIS")


def person(family_name, given_name, *places, number=None, **rest):
    return Person(number or unique_rpps(), family_name, given_name, places=list(places), **rest)


PEOPLE = [
    person("MARTINEZ", "Jean", CLINIC),
    person("MARTIN", "Zoé", CLINIC, OFFICE, number=RPPS, civility="Mme", profession="10"),
    person("MARTIN", "Jean-Pierre", OFFICE),
    person("JEAN", "Martin"),
    person("BERNARD-MARTIN", "Anne", CLINIC),
    person("D’ALMEIDA", "Noël", number=ADELI, profession="71", profession_label="Ostéopathe"),
    person("Œuvrard", "Maëlle"),
    person("DE LA TOUR", "Paul"),
]


@pytest.fixture
def loaded(session: Session, now):
    load(session, PEOPLE, now)
    return session


def load(session, people, now):
    load_builtin(session, ROBOT, people, source="essai", data_on=date(2026, 11, 1), now=now)


def names(session, now, query, actor=VISITOR, **options):
    page = search_directory(session, actor, query, now=now, **options)
    return [f"{row.family_name} {row.given_name}" for row in page.rows]


class TestSearchDirectory:
    def test_MM07_finds_by_name_first_name_number_and_town(self, loaded, now):
        assert names(loaded, now, "œuvrard") == ["Œuvrard Maëlle"]
        assert names(loaded, now, "maelle") == ["Œuvrard Maëlle"]
        assert names(loaded, now, RPPS) == ["MARTIN Zoé"]
        assert names(loaded, now, "niort zoe") == ["MARTIN Zoé"]

    @pytest.mark.parametrize(
        "typed",
        ["jean pierre martin", "MARTIN Jean-Pierre", "mart j", "pierre mar", "martin jeanpierre"],
    )
    def test_any_order_accents_hyphens_and_first_letters(self, loaded, now, typed):
        assert "MARTIN Jean-Pierre" in names(loaded, now, typed)

    def test_best_first_whole_names_then_beginnings_then_the_rest(self, loaded, now):
        assert names(loaded, now, "martin") == [
            "MARTIN Jean-Pierre",
            "MARTIN Zoé",
            "MARTINEZ Jean",
            "BERNARD-MARTIN Anne",
            "JEAN Martin",
        ]

    def test_of_two_words_those_found_whole_come_first(self, loaded, now):
        assert names(loaded, now, "martin jean")[:2] == ["JEAN Martin", "MARTIN Jean-Pierre"]
        assert names(loaded, now, "jean m")[0] == "JEAN Martin"

    @pytest.mark.parametrize("typed", ["d'almeida", "dalmeida", "almeida", "d almei"])
    def test_apostrophes(self, loaded, now, typed):
        assert "D’ALMEIDA Noël" in names(loaded, now, typed)

    @pytest.mark.parametrize(
        "typed", ["de la tour", "tour", "delatour", "latour paul", "paul tour"]
    )
    def test_particles(self, loaded, now, typed):
        expected = [] if typed == "latour paul" else ["DE LA TOUR Paul"]
        assert names(loaded, now, typed) == expected

    def test_a_shortened_town_is_found_spelt_out(self, loaded, now):
        assert names(loaded, now, "saint denis") == ["MARTIN Jean-Pierre", "MARTIN Zoé"]
        assert names(loaded, now, "st denis") == ["MARTIN Jean-Pierre", "MARTIN Zoé"]

    @pytest.mark.parametrize("typed", ["101 064 76764", "1010647", "8" + RPPS, "martin 10106"])
    def test_a_number_as_it_is_typed(self, loaded, now, typed):
        assert names(loaded, now, typed) == ["MARTIN Zoé"]

    def test_a_number_and_another_name_find_nobody(self, loaded, now):
        assert names(loaded, now, f"almeida {RPPS}") == []

    @pytest.mark.parametrize("typed", ["", "  ", "*", "\"'", "inconnu", "zz", "9" * 40, "()"])
    def test_what_matches_nothing(self, loaded, now, typed):
        assert names(loaded, now, typed) == []

    def test_one_letter_is_enough(self, loaded, now):
        assert names(loaded, now, "o") == ["Œuvrard Maëlle"]

    def test_says_when_there_are_more(self, loaded, now):
        page = search_directory(loaded, VISITOR, "m", limit=2, now=now)
        assert (len(page.rows), page.is_more) == (2, True)
        page = search_directory(loaded, VISITOR, "m", limit=3, now=now)
        assert (len(page.rows), page.is_more) == (3, True)
        assert not search_directory(loaded, VISITOR, "œuvr", now=now).is_more

    def test_tells_source_and_date(self, loaded, now):
        page = search_directory(loaded, VISITOR, "martin", now=now)
        assert (page.source, page.as_of, page.is_builtin) == ("essai", date(2026, 11, 1), True)

    def test_without_a_directory_nothing_is_found(self, session, now):
        page = search_directory(session, VISITOR, "martin", now=now)
        assert (page.rows, page.as_of) == ((), None)

    def test_S070_a_visitor_searches_so_many_times_an_hour(self, loaded, now, monkeypatch):
        monkeypatch.setattr(
            directory, "SEARCHES", directory.throttle.Rule("few", 2, directory.SEARCHES.window)
        )
        for _ in range(2):
            assert names(loaded, now, "zoe")
            directory.count_search(loaded, VISITOR, now=now)
        with pytest.raises(RuleViolation, match="too_many_searches"):
            names(loaded, now, "zoe")
        assert names(loaded, now + directory.SEARCHES.window, "zoe")

    def test_whoever_is_signed_in_is_not_counted(self, loaded, now, monkeypatch):
        monkeypatch.setattr(
            directory, "SEARCHES", directory.throttle.Rule("few", 0, directory.SEARCHES.window)
        )
        actor = factories.make_professional(loaded)
        directory.count_search(loaded, actor, now=now)
        assert names(loaded, now, "zoe", actor=actor) == ["MARTIN Zoé"]

    def test_S070_an_account_changes_nothing_in_the_answer_nor_in_the_work(
        self, loaded, database, now, monkeypatch
    ):
        def search():
            with counted(database, monkeypatch) as work:
                found = {
                    search_directory(loaded, VISITOR, typed, now=now)
                    for typed in ("martin", RPPS)
                    for _ in range(TRIES)
                }
                return found, find_by_rpps(loaded, VISITOR, RPPS, now=now), work

        search()
        before = search()
        factories.make_professional(loaded, rpps=RPPS, family_name="MARTIN", given_name="Zoé")
        loaded.flush()
        assert search() == before


class TestFindByRpps:
    def test_MM08_MM12_gives_identity_and_places(self, loaded, now):
        found = find_by_rpps(loaded, VISITOR, RPPS, now=now)
        assert (found.family_name, found.given_name, found.civility) == ("MARTIN", "Zoé", "Mme")
        assert (found.rpps, found.profession) == (RPPS, "10")
        assert [(place.name, place.city) for place in found.places] == [
            ("Clinique des Tilleuls", "Niort"),
            ("Cabinet", "ST DENIS"),
        ]
        assert (found.source, found.as_of) == ("essai", date(2026, 11, 1))

    @pytest.mark.parametrize("typed", ["8" + RPPS, "10 106 476 764", f" {RPPS}\n"])
    def test_as_it_is_typed(self, loaded, now, typed):
        assert find_by_rpps(loaded, VISITOR, typed, now=now).number == RPPS

    def test_a_number_is_found_whole(self, loaded, now):
        assert find_by_rpps(loaded, VISITOR, RPPS[:-1], now=now) is None
        assert find_by_rpps(loaded, VISITOR, RPPS + "1", now=now) is None
        assert find_by_rpps(loaded, VISITOR, "", now=now) is None

    def test_who_has_no_rpps_has_none(self, loaded, now):
        found = find_by_rpps(loaded, VISITOR, ADELI, now=now)
        assert (found.number, found.rpps) == (ADELI, "")

    def test_a_second_profession_of_one_person(self, session, now):
        two = [
            person("MARTIN", "Zoé", CLINIC, number=RPPS, profession="10"),
            person("MARTIN", "Zoé", OFFICE, number=RPPS, profession="40"),
        ]
        load(session, two, now)
        found = find_by_rpps(session, VISITOR, RPPS, now=now)
        assert found.profession == "10"
        assert [other.profession for other in found.others] == ["40"]

    def test_without_a_directory_nobody_is_found(self, session, now):
        assert find_by_rpps(session, VISITOR, RPPS, now=now) is None


class TestLoadBuiltin:
    def test_replaces_an_earlier_one(self, loaded, now):
        load(loaded, PEOPLE[:1], now)
        assert names(loaded, now, "martin") == ["MARTINEZ Jean"]
        assert find_by_rpps(loaded, VISITOR, RPPS, now=now) is None

    def test_only_the_system_loads(self, database, now):
        with unit_of_work(database) as session, pytest.raises(Forbidden):
            load_builtin(
                session, VISITOR, PEOPLE, source="essai", data_on=date(2026, 11, 1), now=now
            )


def test_a_query_is_read_as_words_and_a_number():
    assert parse_query("Jean-Pierre MARTIN 10 106") == (["jean", "pierre", "martin"], "10106")
    assert parse_query("") == ([], "")
