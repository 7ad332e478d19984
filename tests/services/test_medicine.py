"""The medicine picker and the substance picker."""

import pytest

from app.authz.actor import ANONYMOUS, system
from app.errors import Forbidden, NotAuthenticated
from app.integrations.bdpm import Edition, Speciality
from app.services import medicine
from app.services.medicine_import import load_builtin
from tests import factories

SUBSTANCES = {
    "1": "paracétamol",
    "2": "phosphate de codéine",
    "3": "metformine",
    "4": "acide folique",
    "5": "arnica montana pour préparations homéopathiques",
    "6": "tramadol",
    "7": "chlorhydrate de tramadol",
    "8": "fer",
    "9": "acide clavulanique",
    "10": "argatroban hydraté sous une forme au nom très long",
}
# CIS, name, form, substances, and what they are not.
MEDICINES = [
    ("10000001", "DOLIPRANE 1000 mg, comprimé", "comprimé", "1", ""),
    ("10000002", "DOLIPRANE 500 mg, gélule", "gélule", "1", ""),
    ("10000003", "DOLIPRANE 100 mg, poudre", "poudre", "1", "marketed"),
    ("10000004", "PARACETAMOL ARROW 1 g, comprimé", "comprimé", "1", "original"),
    ("10000005", "CODOLIPRANE 500 mg/30 mg, comprimé", "comprimé", "1 2", ""),
    ("10000006", "GLUCOPHAGE 1 000 mg, comprimé", "comprimé", "3", ""),
    ("10000007", "METFORMINE ARROW 1000 mg, comprimé", "comprimé", "3", "original"),
    ("10000008", "GLUCOPHAGE 1000 mg, comprimé sécable", "comprimé sécable", "3", "main"),
    ("10000009", "ARNICA BOIRON, granules", "granules", "5", "main"),
    ("10000010", "ELIQUIS 2,5 mg, comprimé pelliculé", "comprimé pelliculé", "", ""),
    ("10000011", "ELIQUIS 5 mg, comprimé pelliculé", "comprimé pelliculé", "", ""),
    ("10000012", "SPECIAFOLDINE 0,4 mg, sirop", "sirop", "4", ""),
    ("10000013", "SIROP DES VOSGES 5 %", "sirop", "", ""),
    ("10000014", "PARACETAMOL EG 24 mg/ml, sirop", "sirop", "1", "original"),
    ("10000015", "TIMOFEROL 50 mg, gélule", "gélule", "8 4", ""),
    ("10000016", "FERINJECT 50 mg, solution", "solution", "", ""),
]


def an_edition(now):
    edition = Edition(substances=dict(SUBSTANCES), data_on=now.date())
    for cis, name, form, codes, is_not in MEDICINES:
        edition.specialities[cis] = Speciality(
            cis,
            name,
            form,
            is_marketed=is_not != "marketed",
            is_secondary=is_not == "main",
            is_generic=is_not == "original",
            ingredients=tuple(codes.split()),
        )
    return edition


@pytest.fixture
def medicines(session, now):
    load_builtin(session, system("test"), an_edition(now), now=now)


@pytest.fixture
def find(session, doctor, medicines):
    """Names found, in order."""
    return lambda query, **options: [
        row.name for row in medicine.search_medicines(session, doctor, query, **options)
    ]


@pytest.fixture
def find_substances(session, doctor, medicines):
    return lambda query, **options: [
        (row.name, row.medicine)
        for row in medicine.search_substances(session, doctor, query, **options)
    ]


class TestSearchMedicines:
    @pytest.mark.parametrize(
        "query", ["doliprane 1000", "1000 doli", "DOLIPRÀNE  1000", "doliprane 1 g", "doli-prane"]
    )
    def test_order_accents_and_case_do_not_matter(self, find, query):
        expected = [] if query == "doli-prane" else ["DOLIPRANE 1000 mg, comprimé"]
        assert find(query) == expected

    def test_finds_by_substance_the_originals_first(self, find):
        assert find("metformine") == [
            "GLUCOPHAGE 1 000 mg, comprimé",
            "METFORMINE ARROW 1000 mg, comprimé",
            "GLUCOPHAGE 1000 mg, comprimé sécable",
        ]

    def test_what_is_not_marketed_comes_last(self, find):
        assert find("doli")[-1] == "DOLIPRANE 100 mg, poudre"

    def test_what_a_word_takes_part_in_comes_after_what_it_names(self, find):
        assert find("paracetamol comprime") == [
            "DOLIPRANE 1000 mg, comprimé",
            "PARACETAMOL ARROW 1 g, comprimé",
            "CODOLIPRANE 500 mg/30 mg, comprimé",
        ]

    def test_words_of_the_form_find_every_speciality(self, find):
        assert set(find("sirop")) == {
            "SPECIAFOLDINE 0,4 mg, sirop",
            "SIROP DES VOSGES 5 %",
            "PARACETAMOL EG 24 mg/ml, sirop",
        }
        assert find("paracetamol sirop") == ["PARACETAMOL EG 24 mg/ml, sirop"]

    def test_common_words_find_as_much(self, find, monkeypatch):
        expected = {query: find(query) for query in ("comprime", "do co", "paracetamol sirop")}
        monkeypatch.setattr(medicine, "_MANY", 1)
        assert set(find("comprime")) == set(expected["comprime"])
        assert find("do co") == expected["do co"]
        assert find("paracetamol sirop") == expected["paracetamol sirop"]

    def test_a_decimal_is_one_number(self, find):
        assert find("eliquis 5") == ["ELIQUIS 5 mg, comprimé pelliculé"]
        assert find("eliquis 2.5") == ["ELIQUIS 2,5 mg, comprimé pelliculé"]

    def test_a_whole_word_comes_before_longer_ones(self, find):
        assert find("arnica") == ["ARNICA BOIRON, granules"]
        assert find("fer")[0] == "FERINJECT 50 mg, solution"

    def test_a_number_alone_finds(self, find):
        assert "DOLIPRANE 1000 mg, comprimé" in find("1000")

    @pytest.mark.parametrize(
        "query", ["", " ", "d", "é", "1", "a b c", "?!%_", "zzzz", "doli zzzz"]
    )
    def test_nothing_for_one_letter_or_nothing_like_it(self, find, query):
        assert find(query) == []

    @pytest.mark.parametrize("query", ["%%", "do%", "do_", "' OR 1=1 --", "\x00do", "é" * 5000])
    def test_signs_are_no_wildcards(self, find, query):
        allowed = set(find("do")) if "do" in query else set()
        assert set(find(query)) <= allowed

    def test_gives_as_many_as_asked(self, find):
        assert len(find("comprime", limit=2)) == 2
        assert len(find("comprime", limit=0)) == 1
        assert len(find("mg", limit=1000)) <= medicine.MAX_ROWS

    def test_nothing_before_any_release(self, session, doctor):
        assert medicine.search_medicines(session, doctor, "doliprane") == []
        assert medicine.search_substances(session, doctor, "doliprane") == []
        assert medicine.current_release(session, doctor) is None
        assert medicine.find_medicine(session, doctor, "10000001") is None


class TestSearchSubstances:
    def test_finds_by_molecule(self, find_substances):
        assert find_substances("codéine") == [("phosphate de codéine", "")]

    def test_the_molecule_comes_before_its_salts(self, find_substances):
        assert find_substances("trama") == [("tramadol", ""), ("chlorhydrate de tramadol", "")]

    def test_all_words_count(self, find_substances):
        assert find_substances("acide cla") == [("acide clavulanique", "")]

    def test_finds_those_of_a_speciality_by_its_name(self, find_substances):
        assert find_substances("codoliprane") == [
            ("paracétamol", "CODOLIPRANE 500 mg/30 mg, comprimé"),
            ("phosphate de codéine", "CODOLIPRANE 500 mg/30 mg, comprimé"),
        ]

    def test_substances_come_first(self, find_substances):
        assert find_substances("fer")[0] == ("fer", "")

    def test_homeopathic_ones_come_last(self, find_substances):
        assert find_substances("ar") == [
            ("argatroban hydraté sous une forme au nom très long", ""),
            ("arnica montana pour préparations homéopathiques", ""),
        ]

    @pytest.mark.parametrize("query", ["", "a", "zzzz", "1000"])
    def test_nothing_for_one_letter_or_nothing_like_it(self, find_substances, query):
        assert find_substances(query) == []

    def test_gives_as_many_as_asked(self, find_substances):
        assert len(find_substances("acide", limit=1)) == 1


class TestWhoMayLook:
    CALLS = (
        lambda session, actor: medicine.search_medicines(session, actor, "doliprane"),
        lambda session, actor: medicine.search_substances(session, actor, "doliprane"),
        lambda session, actor: medicine.find_medicine(session, actor, "10000001"),
        medicine.current_release,
    )

    @pytest.mark.parametrize("call", CALLS)
    def test_professionals(self, session, doctor, medicines, call):
        assert call(session, doctor)

    @pytest.mark.parametrize("call", CALLS)
    def test_not_anonymous_people(self, session, medicines, call):
        with pytest.raises(NotAuthenticated):
            call(session, ANONYMOUS)

    @pytest.mark.parametrize("call", CALLS)
    def test_not_patients(self, session, medicines, patient_actor, call):
        with pytest.raises(Forbidden):
            call(session, patient_actor)

    @pytest.mark.parametrize("call", CALLS)
    def test_not_administrators(self, session, medicines, call):
        with pytest.raises(Forbidden):
            call(session, factories.make_administrator(session))
