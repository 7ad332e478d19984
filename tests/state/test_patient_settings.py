"""The pages under « Paramètres »: what they show, what they do, and for whom."""

import pytest

from app.authz.actor import system
from app.services import journal, patient as patients
from app.services.matrix import ensure_reference_matrix
from app.services.record_settings import settings_of
from app.services.visibility import is_blocked
from app.state.access_history import AccessHistoryState
from app.state.access_list import AccessListState
from app.state.clock import utc_now
from app.state.record_life import RecordLifeState
from app.state.record_settings import RecordSettingsState
from tests.documents import make_document

ACCESS, HISTORY, LIFE, HUB = (
    "/parametres/confidentialite",
    "/parametres/consultations",
    "/parametres/cloture",
    "/parametres",
)


@pytest.fixture(autouse=True)
def _matrix(saving):
    with saving() as session:
        ensure_reference_matrix(session, system("test"), now=utc_now())


def _blocked(saving, circle, who):
    with saving() as session:
        return is_blocked(session, circle.patient_id, who.professional_id)


def _settings(saving, circle):
    with saving() as session:
        return settings_of(session, circle.patient_id)


class TestAccessList:
    async def test_ME113_asks_with_names_before_everything_is_masked(
        self, open_tab, circle, saving
    ):
        with saving() as session:
            for number in range(2):
                make_document(
                    session, circle.patient_actor, circle.patient_id, is_masked=number == 0
                )
        tab = open_tab(circle.patient_actor)
        await tab.visit(ACCESS)
        shown = tab.of(AccessListState)
        assert shown.is_visible
        assert "1\xa0document est masqué un par un." in shown.consequence
        await tab.send(AccessListState.ask_visibility, is_visible=False)
        assert shown.dialog == "hide"
        for name in ("Claire Martin", "Karim Haddad", "Zoé Roy"):
            assert name in shown.dialog_words[0]
        assert not _settings(saving, circle).is_confidential
        await tab.send(AccessListState.confirm)
        assert _settings(saving, circle).is_confidential
        assert (shown.is_visible, shown.dialog) == (False, "")
        assert shown.consequence.startswith("Vos documents sont masqués")

    async def test_ME123_an_emergency_switch_acts_at_once(self, open_tab, circle, saving):
        tab = open_tab(circle.patient_actor)
        await tab.visit(ACCESS)
        await tab.send(AccessListState.switch, name="allows_regulation", is_on=False)
        assert not _settings(saving, circle).allows_regulation
        shown = tab.of(AccessListState)
        assert [each.is_on for each in shown.switches] == [
            False,
            True,
            True,
        ]
        assert not shown.error
        await tab.send(AccessListState.switch, name="state", is_on=True)
        assert _settings(saving, circle).revision == 2

    async def test_ME119_ME121_blocks_and_unblocks_after_a_question(self, open_tab, circle, saving):
        tab = open_tab(circle.patient_actor)
        await tab.visit(ACCESS)
        shown = tab.of(AccessListState)
        who = str(circle.pharmacist.professional_id)
        await tab.send(AccessListState.ask, act="block", professional_id=who)
        assert shown.dialog_title == "Bloquer Karim Haddad\u202f?"
        assert not _blocked(saving, circle, circle.pharmacist)
        await tab.send(AccessListState.confirm)
        assert _blocked(saving, circle, circle.pharmacist)
        assert (len(shown.authorised), len(shown.blocked)) == (2, 1)
        await tab.send(AccessListState.ask, act="unblock", professional_id=who)
        await tab.send(AccessListState.confirm)
        assert not _blocked(saving, circle, circle.pharmacist)
        assert shown.lines[0].what == "avez débloqué Karim Haddad"

    async def test_S061_nothing_is_done_to_whoever_is_on_neither_list(
        self, open_tab, circle, saving
    ):
        tab = open_tab(circle.patient_actor)
        await tab.visit(ACCESS)
        for who in (str(circle.stranger.professional_id), "", "x"):
            await tab.send(AccessListState.ask, act="block", professional_id=who)
            await tab.send(AccessListState.confirm)
        assert not _blocked(saving, circle, circle.stranger)

    @pytest.mark.parametrize("path", [ACCESS, HISTORY, LIFE, HUB])
    async def test_every_page_is_the_patients(self, open_tab, circle, path):
        tab = open_tab(circle.doctor)
        await tab.visit(path)
        assert tab.redirects == ["/tableau-de-bord"]


class TestHistory:
    async def test_S132_a_page_that_looks_again_shows_the_reading_and_writes_no_line(
        self, open_tab, circle, saving
    ):
        tab = open_tab(circle.patient_actor)
        await tab.visit(HISTORY)
        with saving() as session:
            patients.open_patient(session, circle.doctor, circle.patient_id, now=utc_now())
            last = journal.last_seq(session)
        await tab.send(AccessHistoryState.refresh)
        shown = tab.of(AccessHistoryState)
        assert [(line.who, line.what) for line in shown.lines] == [
            ("Claire Martin", "a ouvert votre dossier")
        ]
        with saving() as session:
            assert journal.last_seq(session) == last

    async def test_filters_are_in_the_address(self, open_tab, circle, saving):
        now = utc_now()
        with saving() as session:
            document = make_document(session, circle.doctor, circle.patient_id, title="Bilan")
            for who in (circle.doctor, circle.pharmacist):
                patients.open_patient(session, who, circle.patient_id, now=now)
        tab = open_tab(circle.patient_actor)
        shown = tab.of(AccessHistoryState)
        await tab.visit(HISTORY)
        assert [line.who for line in shown.lines] == ["Karim Haddad", "Claire Martin"]
        assert shown.lines[0].day.startswith("Aujourd’hui, ")
        await tab.visit(f"{HISTORY}?qui={circle.doctor.professional_id}")
        assert [line.who for line in shown.lines] == ["Claire Martin"]
        assert shown.urgent_address.endswith(f"?qui={circle.doctor.professional_id}&urgence=1")
        await tab.visit(f"{HISTORY}?document={document}")
        assert (shown.document_title, list(shown.lines)) == ("Bilan", [])
        await tab.visit(f"{HISTORY}?document=x&qui=y&avant=-1")
        assert len(shown.lines) == 2


class TestHubAndLife:
    async def test_FC28_closing_asks_for_both_boxes_then_reopening_gives_back(
        self, open_tab, circle
    ):
        tab = open_tab(circle.patient_actor)
        await tab.visit(LIFE)
        shown = tab.of(RecordLifeState)
        assert shown.may_oppose
        await tab.send(RecordLifeState.close, form={"knows_nobody_sees": "on"})
        assert set(shown.field_errors) == {"knows_what_is_kept"}
        await tab.send(
            RecordLifeState.close, form={"knows_nobody_sees": "on", "knows_what_is_kept": "on"}
        )
        assert (shown.is_open, shown.may_delete) == (False, True)
        await tab.send(RecordLifeState.ask, act="delete")
        await tab.send(RecordLifeState.confirm)
        assert shown.notice.startswith("Votre demande est enregistrée.")
        assert not shown.may_delete
        await tab.visit(HUB)
        hub = tab.of(RecordSettingsState)
        assert hub.visibility == "Dossier fermé"
        assert hub.life.startswith("Clôturé le ")
        await tab.visit(LIFE)
        await tab.send(RecordLifeState.ask, act="reopen")
        await tab.send(RecordLifeState.confirm)
        assert shown.is_open
        assert [step.words.split(",")[0] for step in shown.steps] == [
            "Dossier rouvert",
            "Suppression demandée",
            "Dossier clôturé",
        ]
