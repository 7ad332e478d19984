"""« Rechercher un patient » on the screen: the ways in, what is found, what stays out of the address."""

import pytest

from app.i18n import patient_search as words
from app.services.patient_list import list_patients
from app.state.clock import utc_now
from app.state.patient_search import PatientSearchState
from tests import factories

PAGE, IDENTITY, SETTINGS = "/dossiers", "/dossiers?acces=identite", "/dossiers?onglet=parametrages"
CRITERIA = {"family_name": "Zébulon", "given_name": "Agathe", "sex": "female"}


@pytest.fixture
def agathe(circle, saving):
    """Somebody whom a stranger to the circle follows."""
    with saving() as session:
        return factories.make_patient(
            session,
            circle.stranger,
            now=utc_now(),
            birth_name="Zébulon",
            birth_given_names="Agathe",
            with_treatment=False,
        )


class TestMine:
    async def test_DM26_who_authorised_me(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit(PAGE)
        view = tab.of(PatientSearchState)
        assert [line.id for line in view.rows] == [str(circle.patient_id)]
        assert view.rows[0].href == f"/patients/{circle.patient_id}/documents"
        assert view.rows[0].ground == words.CARE_TEAM

    async def test_DM26_nobody_did(self, open_tab, saving):
        with saving() as session:
            alone = factories.make_professional(session, utc_now())
            assert list_patients(session, alone, now=utc_now()).total == 0
        tab = open_tab(alone)
        await tab.visit(PAGE)
        assert tab.of(PatientSearchState).rows == []
        assert not tab.of(PatientSearchState).refusal

    async def test_a_technician_is_told_why_not(self, open_tab, circle):
        tab = open_tab(circle.technician)
        await tab.visit(IDENTITY)
        assert tab.of(PatientSearchState).refusal == words.MESSAGES["patient_search.forbidden"]
        await tab.send(PatientSearchState.search_identity, fields=CRITERIA)
        assert tab.of(PatientSearchState).results == []


class TestSearch:
    async def test_DM37_a_record_found_in_words(self, open_tab, circle, agathe):
        tab = open_tab(circle.doctor)
        await tab.visit(IDENTITY)
        await tab.send(PatientSearchState.search_identity, fields=CRITERIA)
        view = tab.of(PatientSearchState)
        [line] = view.results
        assert (line.id, line.birth_name, line.given_name) == (str(agathe), "ZÉBULON", "Agathe")
        assert (line.relevance, line.birth) == ("100\u00a0%", "4 juin 1958")
        assert (line.href, line.access) == ("", words.NO_ACCESS)
        assert view.results_words == "1\u00a0patient trouvé"
        assert tab.redirects == []

    async def test_every_fault_at_once_and_nothing_typed_is_lost(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit(IDENTITY)
        await tab.send(
            PatientSearchState.search_identity, fields={"given_name": "Agathe", "age_to": "80"}
        )
        view = tab.of(PatientSearchState)
        assert set(view.field_errors) == {"family_name", "sex", "age_from"}
        assert view.fields["given_name"] == "Agathe"
        assert view.has_range
        assert not view.has_results
        await tab.send(PatientSearchState.clear)
        assert tab.of(PatientSearchState).fields["given_name"] == ""

    async def test_by_number_and_what_is_found_goes_with_the_view(self, open_tab, circle, agathe):
        tab = open_tab(circle.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientSearchState.search_ins, fields={"ins": "12"})
        assert set(tab.of(PatientSearchState).field_errors) == {"ins"}
        await tab.send(PatientSearchState.search_card, fields={"vitale_card": "12345678"})
        assert tab.of(PatientSearchState).has_results
        assert tab.of(PatientSearchState).results == []
        await tab.visit(SETTINGS)
        assert not tab.of(PatientSearchState).has_results


class TestSettings:
    async def test_U23_ones_own_accesses(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/synthese")
        await tab.visit(SETTINGS)
        whats = [line.what for line in tab.of(PatientSearchState).history]
        assert "Dossier d’un patient ouvert" in whats
        assert "Connexion" not in whats
