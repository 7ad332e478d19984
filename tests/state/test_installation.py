"""The administrators' page: figures of the installation, nothing of any patient."""

import pytest

from app.authz.actor import system
from app.services.installation import note_verification
from app.services.journal import Verification
from app.state.clock import utc_now
from app.state.installation import InstallationState

PAGE = "/admin/installation"


async def _visit(tab):
    await tab.visit(PAGE)
    return tab.of(InstallationState)


def _values(figures):
    return {figure.label: figure.value for figure in figures}


class TestLoad:
    async def test_shows_the_state_of_the_installation(self, open_tab, administrator, circle):
        shown = await _visit(open_tab(administrator))
        assert shown.is_loaded
        assert _values(shown.general)["Base de données"] == "SQLite chiffrée, intégrée"
        assert _values(shown.accounts) == {
            "Professionnels de santé": "4",
            "Secrétariats": "0",
            "Patients": "1",
            "Administration": "1",
            "Comptes fermés": "0",
        }
        assert _values(shown.journal)["Dernière vérification"] == "Jamais vérifié"
        assert _values(shown.medicines) == {"Source": "Aucune base chargée"}

    async def test_shows_nothing_of_any_patient(self, open_tab, administrator, circle):
        tab = open_tab(administrator)
        await _visit(tab)
        assert str(circle.patient_id) not in str(tab.vars)
        assert "Palbociclib" not in str(tab.vars)

    @pytest.mark.parametrize(
        ("found", "words", "is_intact"),
        [
            (Verification(12), "journal intact", True),
            (Verification(11, first_bad_seq=12), "journal altéré", False),
        ],
    )
    async def test_dates_the_last_verification(
        self, open_tab, administrator, saving, found, words, is_intact
    ):
        with saving() as session:
            note_verification(session, system("test"), found, now=utc_now())
        shown = await _visit(open_tab(administrator))
        assert _values(shown.journal)["Dernière vérification"].endswith(f", {words}")
        assert shown.is_journal_intact is is_intact

    @pytest.mark.parametrize(
        ("who", "home"),
        [("doctor", "/tableau-de-bord"), ("patient_actor", "/accueil"), (None, "/connexion")],
    )
    async def test_is_for_administrators(self, open_tab, circle, who, home):
        tab = open_tab(getattr(circle, who) if who else None)
        shown = await _visit(tab)
        assert [path.partition("?")[0] for path in tab.redirects] == [home]
        assert not shown.is_loaded


class TestHome:
    async def test_an_administrator_who_comes_back_lands_here(self, open_tab, administrator):
        tab = open_tab(administrator)
        await tab.visit("/connexion")
        assert tab.redirects == ["/admin"]
