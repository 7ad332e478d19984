"""« Mes patients » on the screen: words, search, order and pages (CX-18)."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.models.care_link import CareLink
from app.models.journal import JournalEntry
from app.models.patient import Patient
from app.services.patient_list import PAGE_SIZE
from app.state.clock import utc_now
from app.state.patient_list import PatientListState
from app.state.synthesis import SynthesisState
from tests import factories

PAGE = "/patients"
N = "\u202f"


@pytest.fixture
def people(circle, saving):
    """The doctor follows three more patients, named for their order."""
    with saving() as session:
        for name, entry_on, unread in (
            ("Abel", date(2026, 1, 5), 0),
            ("Noël", None, 3),
            ("Zola", date(2026, 3, 1), 1),
        ):
            patient_id = factories.make_patient(
                session, circle.doctor, now=utc_now(), birth_name=name, with_treatment=False
            )
            session.execute(
                update(CareLink)
                .where(col(CareLink.patient_id) == patient_id)
                .values(last_entry_on=entry_on, unread_count=unread)
            )
        session.execute(
            update(CareLink)
            .where(col(CareLink.patient_id) == circle.patient_id)
            .values(last_entry_on=date(2025, 9, 2))
        )
    return circle


def _names(view) -> list[str]:
    return [line.name.split(" ")[0] for line in view.rows]


class TestLoad:
    async def test_a_patient_in_words(self, open_tab, circle, saving):
        with saving() as session:
            session.execute(update(Patient).values(birth_name="Lefèvre", used_name="Besson"))
            session.execute(
                update(CareLink)
                .where(col(CareLink.professional_id) == circle.doctor.professional_id)
                .values(last_entry_on=date(2026, 3, 5), unread_count=2)
            )
        tab = open_tab(circle.doctor)
        await tab.visit(PAGE)
        page = tab.of(PatientListState)
        (line,) = page.rows
        assert (line.name, line.used_name) == ("LEFÈVRE Jeanne", f"nom utilisé{N}: BESSON")
        assert line.birth.startswith("4 juin 1958 · ")
        assert (line.treatments, line.last_entry) == ("Palbociclib 125\u00a0mg", "5 mars 2026")
        assert (line.adherence, line.unread, line.circle) == ("Non renseignée", 2, "3\u00a0PdS")
        assert line.href == f"/patients/{circle.patient_id}/synthese"
        assert page.lead == "1\u00a0patient suivi dans votre cercle"
        assert (page.is_loaded, page.is_empty, page.page_status) == (True, False, "ready")

    async def test_shows_only_the_patients_of_ones_own_circle(self, open_tab, circle):
        tab = open_tab(circle.stranger)
        await tab.visit(PAGE)
        assert len(tab.of(PatientListState).rows) == 1
        assert str(circle.patient_id) not in str(tab.vars)

    @pytest.mark.parametrize(("who", "home"), [("patient_actor", "/accueil"), (None, "/connexion")])
    async def test_is_for_professionals(self, open_tab, circle, who, home):
        tab = open_tab(getattr(circle, who) if who else None)
        await tab.visit(PAGE)
        assert [path.partition("?")[0] for path in tab.redirects] == [home]
        assert not tab.of(PatientListState).is_loaded

    async def test_nobody_yet(self, open_tab, circle, saving):
        with saving() as session:
            newcomer = factories.make_professional(session, utc_now())
        tab = open_tab(newcomer)
        await tab.visit(PAGE)
        page = tab.of(PatientListState)
        assert (page.is_empty, page.may_enrol) == (True, True)

    async def test_a_technician_is_not_offered_to_enrol(self, open_tab, circle):
        tab = open_tab(circle.technician)
        await tab.visit(PAGE)
        page = tab.of(PatientListState)
        assert (len(page.rows), page.may_enrol) == (1, False)


class TestSearch:
    async def test_S083_finds_without_a_word_in_the_address(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed="noel")
        page = tab.of(PatientListState)
        assert _names(page) == ["NOËL"]
        assert page.search_status == "1\u00a0patient correspond"
        assert tab.redirects == ["/patients?recherche=oui"]

    async def test_starts_from_the_first_page(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit("/patients?tri=nom&page=2&recherche=oui")
        await tab.send(PatientListState.search, typed="z")
        assert tab.redirects == ["/patients?tri=nom&recherche=oui"]

    async def test_finding_nobody_is_not_having_nobody(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed="personne")
        page = tab.of(PatientListState)
        assert (page.rows, page.is_empty) == ([], False)
        assert page.search_status == "0\u00a0patient correspond"
        assert page.lead == "4\u00a0patients suivis dans votre cercle"

    async def test_clearing_shows_everybody(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed="noel")
        await tab.send(PatientListState.clear)
        page = tab.of(PatientListState)
        assert (len(page.rows), page.query, page.search_status) == (4, "", "")

    async def test_coming_back_to_the_search_finds_it_again(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed="noel")
        await tab.visit("/patients?recherche=oui")
        assert _names(tab.of(PatientListState)) == ["NOËL"]

    async def test_coming_anew_starts_without_search(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed="noel")
        await tab.visit(PAGE)
        page = tab.of(PatientListState)
        assert (len(page.rows), page.query) == (4, "")

    @pytest.mark.parametrize("typed", [7, None, {"zz": ["zz"]}, "x" * 5_000])
    async def test_takes_whatever_a_browser_sends(self, open_tab, people, typed):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed=typed)
        assert tab.of(PatientListState).rows == []


class TestOrder:
    @pytest.mark.parametrize(
        ("address", "names"),
        [
            ("/patients", ["ABEL", "LEFÈ", "NOËL", "ZOLA"]),
            ("/patients?tri=nom&sens=desc", ["ZOLA", "NOËL", "LEFÈ", "ABEL"]),
            ("/patients?tri=entree", ["ZOLA", "ABEL", "LEFÈ", "NOËL"]),
            ("/patients?tri=entree&sens=asc", ["NOËL", "LEFÈ", "ABEL", "ZOLA"]),
            ("/patients?tri=lecture", ["NOËL", "ZOLA"]),
            ("/patients?tri=zzz&sens=zzz", ["ABEL", "LEFÈ", "NOËL", "ZOLA"]),
        ],
    )
    async def test_is_the_one_of_the_address(self, open_tab, people, address, names):
        tab = open_tab(people.doctor)
        await tab.visit(address)
        shown = [name[:4] for name in _names(tab.of(PatientListState))]
        assert shown[: len(names)] == names

    async def test_a_head_turns_its_own_direction_round(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit("/patients?tri=entree")
        page = tab.of(PatientListState)
        assert page.by_entry.direction == "descending"
        assert parse_qs(urlsplit(page.by_entry.href).query) == {"tri": ["entree"], "sens": ["asc"]}
        assert page.by_name.direction == "none"
        assert parse_qs(urlsplit(page.by_name.href).query) == {"tri": ["nom"], "sens": ["asc"]}
        assert page.sort_choice == "entree-desc"

    async def test_the_list_of_orders_leads_to_an_address(self, open_tab, people):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        page = tab.of(PatientListState)
        assert "lecture-desc" in [choice.value for choice in page.sort_choices]
        await tab.send(PatientListState.choose_sort, value="lecture-desc")
        await tab.send(PatientListState.choose_sort, value="https://ailleurs.example")
        assert tab.redirects == ["/patients?tri=lecture&sens=desc", "/patients?tri=nom"]


class TestPages:
    @pytest.fixture
    def many(self, circle, saving):
        with saving() as session:
            for number in range(PAGE_SIZE + 3):
                factories.make_patient(
                    session,
                    circle.doctor,
                    now=utc_now(),
                    birth_name="Zadig" + "abcdefghijklmnopqrstuvwxyzéèà"[number],
                    with_treatment=False,
                )
        return circle

    async def test_the_first_one_leads_to_the_second(self, open_tab, many):
        tab = open_tab(many.doctor)
        await tab.visit(PAGE)
        page = tab.of(PatientListState)
        assert (len(page.rows), page.page_summary) == (PAGE_SIZE, "Patients 1 à 25 sur 29")
        assert (page.previous_page, page.next_page) == ("", "/patients?page=2")

    @pytest.mark.parametrize("number", ["2", "99", "9999999999999999999999"])
    async def test_past_the_end_is_the_last_one(self, open_tab, many, number):
        tab = open_tab(many.doctor)
        await tab.visit(f"/patients?page={number}")
        page = tab.of(PatientListState)
        if number == "9999999999999999999999":
            assert page.page_summary == "Patients 1 à 25 sur 29"
        else:
            assert page.page_summary == "Patients 26 à 29 sur 29"
            assert (page.previous_page, page.next_page) == ("/patients", "")

    async def test_a_search_stays_from_page_to_page(self, open_tab, many):
        tab = open_tab(many.doctor)
        await tab.visit(PAGE)
        await tab.send(PatientListState.search, typed="zadig")
        page = tab.of(PatientListState)
        assert page.next_page == "/patients?recherche=oui&page=2"
        await tab.visit(page.next_page)
        assert tab.of(PatientListState).page_summary == "Patients 26 à 28 sur 28"


class TestRefresh:
    async def test_shows_what_changed_while_it_is_shown(self, open_tab, people, saving):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        with saving() as session:
            session.execute(update(CareLink).values(unread_count=9))
        await tab.send(PatientListState.refresh)
        assert {line.unread for line in tab.of(PatientListState).rows} == {9}

    async def test_asks_nothing_from_another_page(self, open_tab, people, saving):
        tab = open_tab(people.doctor)
        await tab.visit(PAGE)
        await tab.visit("/aide")
        with saving() as session:
            session.execute(update(CareLink).values(unread_count=9))
        await tab.send(PatientListState.refresh)
        assert 9 not in {line.unread for line in tab.of(PatientListState).rows}

    async def test_opening_a_record_again_is_an_opening(self, open_tab, circle, saving):
        tab = open_tab(circle.doctor)
        for _ in range(2):
            await tab.visit(PAGE)
            await tab.visit(f"/patients/{circle.patient_id}/synthese")
            assert tab.of(SynthesisState).banner.id == str(circle.patient_id)
        with saving() as session:
            opened = session.execute(
                select(JournalEntry).where(col(JournalEntry.action) == "patient.opened")
            ).all()
        assert len(opened) == 2
