"""The dashboard on the screen: words, lists in the address, and who may see it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.models.adherence import ScoreDirection
from app.models.care_link import CareLink
from app.models.journal import JournalEntry, JournalKind
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services import adherence, tolerance
from app.services.adherence import Score
from app.services.fact import Fact
from app.state.clock import today, utc_now
from app.state.dashboard import DashboardState
from tests import factories

PAGE = "/tableau-de-bord"
N = "\u202f"


@pytest.fixture
def quiet(circle, saving):
    """Nothing needs attention: the last entry is recent."""
    with saving() as session:
        session.execute(update(CareLink).values(last_entry_on=today()))
    return circle


def _severe(session, actor, circle, note=""):
    tolerance.record_tolerance(
        session,
        actor,
        circle.patient_id,
        Fact(treatment_id=circle.treatment.id, occurred_on=today(), note=note),
        domain=ToleranceDomain.BLOOD,
        patient_appreciation=PatientAppreciation.SERIOUS,
        grade=3,
        key=uuid4(),
        now=utc_now(),
    )


def _scores(session, actor, circle, *yes):
    for days_ago, score in zip(range(len(yes) - 1, -1, -1), yes, strict=True):
        adherence.record_adherence(
            session,
            actor,
            circle.patient_id,
            Fact(treatment_id=circle.treatment.id, occurred_on=today() - timedelta(days=days_ago)),
            Score(score, ScoreDirection.YES_COUNT),
            key=uuid4(),
            now=utc_now(),
        )


def _make_stale(session, days):
    session.execute(update(CareLink).values(last_entry_on=today() - timedelta(days=days)))


class TestLoad:
    async def test_a_quiet_day(self, open_tab, quiet):
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        assert (board.is_loaded, board.page_status) == (True, "ready")
        assert [(c.title, c.value, c.tone) for c in board.counters] == [
            ("Observances en baisse", "0", ""),
            ("Entrées à lire", "0", ""),
            ("Sans entrée récente", "0", ""),
            ("Tolérances sévères", "0", ""),
        ]
        assert board.lead.endswith(" · 1\u00a0patient suivi dans votre cercle")

    async def test_a_severe_tolerance_in_words(self, open_tab, quiet, saving):
        with saving() as session:
            _severe(session, quiet.doctor, quiet, note="Contrôle prévu.\nNFS jeudi.")
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        (row,) = board.rows
        assert (row.kind, row.tone, row.icon) == ("Tolérance de grade 3", "danger", "activity")
        assert row.reason == "Palbociclib 125\u00a0mg · hématologique · Contrôle prévu. NFS jeudi"
        assert row.href == f"/patients/{quiet.patient_id}/synthese"
        assert board.counters[3].tone == "alert"

    async def test_a_falling_adherence_with_its_curve(self, open_tab, quiet, saving):
        with saving() as session:
            _scores(session, quiet.doctor, quiet, 0, 1, 4)
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        (row,) = board.rows
        assert (row.kind, row.has_curve) == ("Observance en baisse", True)
        assert row.reason == (
            f"Palbociclib 125\u00a0mg · de 1 à 4 oui sur 6{N}: mauvaise observance"
        )
        assert len(row.curve.points.split()) == 3

    async def test_unread_entries_name_their_authors(self, open_tab, quiet, saving):
        with saving() as session:
            _scores(session, quiet.pharmacist, quiet, 0)
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        (row,) = board.rows
        assert row.kind == "1\u00a0entrée de collègue à lire"
        assert row.reason == "Palbociclib 125\u00a0mg · Karim Haddad, pharmacien"

    async def test_patients_opened_last(self, open_tab, quiet, saving):
        with saving() as session:
            session.execute(update(CareLink).values(opened_at=utc_now()))
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        (line,) = board.patients
        assert line.birth.startswith("4 juin 1958 · ")
        assert (line.treatments, line.adherence) == ("Palbociclib 125\u00a0mg", "Non renseignée")
        assert (sorted(line.initials), line.circle) == (["CM", "KH", "ZR"], "3\u00a0PdS")
        assert board.all_patients == "Tous mes patients (1)"

    @pytest.mark.parametrize("address", [PAGE, f"{PAGE}?liste=tout"])
    @pytest.mark.parametrize(("who", "may_enrol"), [("doctor", True), ("technician", False)])
    async def test_offers_to_enrol_only_whoever_may(self, open_tab, quiet, address, who, may_enrol):
        tab = open_tab(getattr(quiet, who))
        await tab.visit(address)
        board = tab.of(DashboardState)
        assert (board.is_loaded, board.may_enrol) == (True, may_enrol)

    async def test_leaves_one_line_in_the_journal(self, open_tab, quiet, saving):
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        with saving() as session:
            read = session.execute(
                select(col(JournalEntry.action), col(JournalEntry.account_id)).where(
                    col(JournalEntry.kind) == JournalKind.READ
                )
            ).all()
        assert read == [("dashboard.read", quiet.doctor.account_id)]

    async def test_says_nothing_of_a_patient_outside_the_circle(self, open_tab, quiet, saving):
        with saving() as session:
            _severe(session, quiet.doctor, quiet)
        tab = open_tab(quiet.stranger)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        assert board.counters[3].value == "0"
        assert str(quiet.patient_id) not in str(tab.vars)

    @pytest.mark.parametrize(("who", "home"), [("patient_actor", "/accueil"), (None, "/connexion")])
    async def test_is_for_professionals(self, open_tab, quiet, who, home):
        tab = open_tab(getattr(quiet, who) if who else None)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        assert [path.partition("?")[0] for path in tab.redirects] == [home]
        assert not board.is_loaded


class TestLists:
    async def test_one_list_by_its_address(self, open_tab, quiet, saving):
        with saving() as session:
            _scores(session, quiet.doctor, quiet, 1, 4)
            _severe(session, quiet.doctor, quiet)
        tab = open_tab(quiet.doctor)
        await tab.visit(f"{PAGE}?liste=en-baisse")
        board = tab.of(DashboardState)
        assert [row.kind for row in board.rows] == ["Observance en baisse"]
        assert (board.selection, board.list_title) == ("en-baisse", "Observances en baisse")
        assert [c.is_current for c in board.counters] == [True, False, False, False]

    async def test_pages_keep_the_list(self, open_tab, quiet, saving):
        with saving() as session:
            for _ in range(29):
                factories.make_patient(session, quiet.doctor, now=utc_now())
            _make_stale(session, 74)
        tab = open_tab(quiet.doctor)
        await tab.visit(f"{PAGE}?liste=sans-entree&page=2")
        board = tab.of(DashboardState)
        assert len(board.rows) == 5
        assert board.rows[0].reason.endswith("dernière entrée il y a 74\u00a0jours")
        assert board.pages.summary == "26 à 30 sur 30"
        assert (board.pages.previous, board.pages.following) == (
            f"{PAGE}?liste=sans-entree&page=1",
            "",
        )

    async def test_the_dashboard_shows_six_and_leads_to_all(self, open_tab, quiet, saving):
        with saving() as session:
            for _ in range(8):
                factories.make_patient(session, quiet.doctor, now=utc_now())
            _make_stale(session, 90)
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        assert (len(board.rows), board.show_all) == (6, "Tout afficher (9)")
        await tab.visit(f"{PAGE}?liste=tout")
        assert (len(board.rows), board.list_title) == (9, "À voir aujourd’hui")

    @pytest.mark.parametrize("query", ["liste=inconnue", "liste=", "page=3", "liste=urgent&page=x"])
    async def test_an_address_that_makes_no_sense_is_no_fault(self, open_tab, quiet, query):
        tab = open_tab(quiet.doctor)
        await tab.visit(f"{PAGE}?{query}")
        board = tab.of(DashboardState)
        assert (board.page_status, board.is_loaded) == ("ready", True)


class TestRefresh:
    async def test_says_when_something_changed(self, open_tab, quiet, saving):
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        with saving() as session:
            _scores(session, quiet.pharmacist, quiet, 0)
        await tab.send(DashboardState.refresh)
        assert board.counters[1].value == "1"
        assert board.arrival.startswith("Mis à jour à ")

    async def test_says_nothing_when_nothing_did(self, open_tab, quiet):
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        board = tab.of(DashboardState)
        await tab.send(DashboardState.refresh)
        assert not board.arrival

    async def test_reads_nothing_on_another_page(self, open_tab, quiet, saving):
        tab = open_tab(quiet.doctor)
        await tab.visit(PAGE)
        tab.path = "/aide"
        await tab.send(DashboardState.refresh)
        with saving() as session:
            read = session.execute(
                select(col(JournalEntry.seq)).where(col(JournalEntry.action) == "dashboard.read")
            ).all()
        assert len(read) == 1
