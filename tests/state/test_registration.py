"""The pages of a registration without a browser: which step is shown, what is told, who is found."""

import pytest

from app import cookies
from app.authz.actor import system
from app.homes import HOME
from app.models.registration import RegistrationKind
from app.seeds import demo_directory
from app.services import registration as registrations, registration_email as emails
from app.services.legal_text import ensure_reference_texts
from app.services.registration_progress import Step
from app.state.clock import utc_now
from app.state.registration import RegistrationFlow
from app.state.registration_place import RegistrationPlaces
from app.state.registration_search import RegistrationSearch
from tests.services import registrations as flow
from tests.services.registrations import EMAIL, visitor

START = "/inscription"


@pytest.fixture
def begun(open_tab, saving):
    """A tab of a browser in which a registration has begun, and its token."""
    now = utc_now()
    with saving() as session:
        robot = system("test")
        ensure_reference_texts(session, robot, now=now)
        demo_directory.ensure_demo_directory(session, robot, now=now)
        token = flow.begin(session, now)
    tab = open_tab()
    tab.cookie = f"{cookies.REGISTRATION}={token}"
    return tab, token


class TestLoad:
    async def test_without_a_registration_a_step_leads_to_the_doors(self, open_tab):
        tab = open_tab()
        await tab.visit("/inscription/telephone")
        assert tab.redirects == [START]

    async def test_a_step_before_its_time_leads_to_the_one_that_is_missing(self, begun):
        tab, _ = begun
        await tab.visit("/inscription/contrat")
        assert tab.redirects == ["/inscription/identite"]

    async def test_whoever_is_signed_in_goes_home(self, open_tab, administrator):
        tab = open_tab(administrator)
        await tab.visit(START)
        assert tab.redirects == [HOME["administrator"]]

    async def test_the_doors_offer_to_resume_and_say_what_remains(self, begun, saving):
        tab, token = begun
        with saving() as session:
            flow.give_identity(session, token, utc_now())
        await tab.visit(START)
        shown = tab.of(RegistrationFlow)
        assert shown.resume_path == "/inscription/lieux"
        assert shown.remaining.startswith("Il reste\u202f: Lieux d’exercice, E-mail")

    async def test_CX08_once_handed_in_every_step_leads_to_its_state(self, begun, saving):
        tab, _ = begun
        with saving() as session:
            token = flow.hand_in(session, utc_now())
        tab.cookie = f"{cookies.REGISTRATION}={token}"
        await tab.visit("/inscription/identite")
        assert tab.redirects == ["/inscription/suivi"]
        await tab.visit("/inscription/suivi")
        assert tab.of(RegistrationFlow).outcome == "to_validate"
        await tab.visit("/inscription/terminee")
        assert tab.redirects[-1] == "/connexion"
        assert "envoyée" in tab.of(RegistrationFlow).notice

    async def test_what_the_last_post_left_is_told_beside_its_field(self, begun, saving):
        tab, token = begun
        now = utc_now()
        with saving() as session:
            flow.give_identity(session, token, now)
            flow.give_place(session, token, now)
            emails.send_proof(session, visitor(), token, EMAIL, now=now)
            registrations.leave_faults(
                session, visitor(), token, Step.EMAIL, {"code": "code.wrong"}, now=now
            )
        await tab.visit("/inscription/email")
        shown = tab.of(RegistrationFlow)
        assert "n’est pas le bon" in shown.field_errors["code"]
        assert EMAIL in shown.sent


class TestSearch:
    async def test_MM07_finds_as_one_types_and_MM08_fills_identity_and_places(self, begun):
        tab, _ = begun
        await tab.visit("/inscription/identite")
        await tab.send(RegistrationSearch.search, field="search_family_name", typed="chauvet")
        shown = tab.of(RegistrationSearch)
        assert [row.name for row in shown.rows] == ["Dr Chauvet Marc"]
        assert shown.status == "1 professionnel correspond"
        await tab.send(RegistrationSearch.pick, key=shown.rows[0].key)
        assert shown.go_on_words == "Continuer avec le Dr Marc Chauvet"
        await tab.send(RegistrationSearch.go_on)
        assert tab.redirects == ["/inscription/lieux"]
        await tab.visit("/inscription/lieux")
        assert len(tab.of(RegistrationFlow).places) == 2

    async def test_a_field_that_does_not_exist_searches_nothing(self, begun):
        tab, _ = begun
        await tab.visit("/inscription/identite")
        await tab.send(RegistrationSearch.search, field="password", typed="chauvet")
        assert tab.of(RegistrationSearch).rows == []

    async def test_nobody_chosen_is_told(self, begun):
        tab, _ = begun
        await tab.visit("/inscription/identite")
        await tab.send(RegistrationSearch.go_on)
        assert "Choisissez votre ligne" in tab.of(RegistrationFlow).field_errors["directory"]

    async def test_MM10_faults_of_the_manual_entry_are_told_and_nothing_typed_is_lost(self, begun):
        tab, _ = begun
        await tab.visit("/inscription/identite")
        await tab.send(RegistrationSearch.search, field="search_family_name", typed="Roi")
        await tab.send(RegistrationSearch.choose_manual, is_manual=True)
        assert tab.of(RegistrationFlow).fields["family_name"] == "Roi"
        await tab.send(RegistrationFlow.submit_identity, fields={"family_name": "Roy"})
        shown = tab.of(RegistrationFlow)
        assert {"rpps", "profession", "given_name"} <= set(shown.field_errors)
        assert shown.fields["family_name"] == "Roy"


class TestPlaces:
    async def test_MM14_establishment_then_laboratory(self, begun, saving):
        tab, token = begun
        with saving() as session:
            flow.give_identity(session, token, utc_now())
        await tab.visit("/inscription/lieux")
        await tab.send(RegistrationPlaces.open_place)
        window = tab.of(RegistrationPlaces)
        await tab.send(RegistrationPlaces.go_on, fields={})
        assert "lieu d’exercice" in window.field_errors["facility"]
        await tab.send(RegistrationPlaces.search, typed="tilleuls")
        await tab.send(RegistrationPlaces.pick, facility_id=window.found[0].id)
        await tab.send(
            RegistrationPlaces.go_on, fields={"facility_id": window.place["facility_id"]}
        )
        assert window.panel == "laboratory"
        await tab.send(RegistrationPlaces.finish, fields={})
        assert "laboratoire" in window.field_errors["laboratory_id"]
        laboratory = tab.of(RegistrationFlow).laboratories[0].value
        await tab.send(RegistrationPlaces.finish, fields={"laboratory_id": laboratory})
        assert window.panel == ""
        assert [row.name for row in tab.of(RegistrationFlow).places] == ["Clinique des Tilleuls"]
        await tab.send(RegistrationPlaces.leave_step)
        assert tab.redirects == ["/inscription/email"]

    async def test_MM14_what_was_picked_counts_before_the_page_shows_it(self, begun, saving):
        tab, token = begun
        with saving() as session:
            flow.give_identity(session, token, utc_now())
        await tab.visit("/inscription/lieux")
        await tab.send(RegistrationPlaces.open_place)
        window = tab.of(RegistrationPlaces)
        await tab.send(RegistrationPlaces.search, typed="tilleuls")
        await tab.send(RegistrationPlaces.pick, facility_id=window.found[0].id)
        await tab.send(RegistrationPlaces.go_on, fields={"facility": "tilleuls"})
        assert (window.panel, window.chosen) == ("laboratory", "Clinique des Tilleuls")

    async def test_nothing_is_kept_without_a_registration(self, open_tab, saving):
        with saving() as session:
            demo_directory.ensure_demo_directory(session, system("test"), now=utc_now())
        tab = open_tab()
        await tab.visit(START)
        await tab.send(RegistrationPlaces.leave_step)
        assert "n’est plus ouverte" in tab.of(RegistrationFlow).error


class TestKinds:
    async def test_a_secretariat_has_words_of_its_own(self, begun, saving):
        tab, _ = begun
        with saving() as session:
            token = flow.begin(session, utc_now(), RegistrationKind.SECRETARY)
        tab.cookie = f"{cookies.REGISTRATION}={token}"
        await tab.visit("/inscription/identite")
        shown = tab.of(RegistrationFlow)
        assert shown.is_secretary
        assert "Secrétariat" in shown.kind
