"""The shared record on a professional's screen: who opens it, its table, its flags, how it ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from app.authz.actor import system
from app.models.document import Document
from app.models.record_access import AccessKind, AdministratorStatus, RecordState
from app.models.session import SignInSession as SignIn
from app.services.access_change import block_professional
from app.services.matrix import ensure_reference_matrix
from app.state.clock import utc_now
from app.state.record_act import RecordActState
from app.state.record_deposit import RecordDepositState
from app.state.record_document import RecordDocumentState
from app.state.record_keeper import RecordKeeperState
from app.state.tolerance import ToleranceState
from tests.documents import make_access, make_document, make_upload, set_settings

LABORATORY = "11502-2"


@pytest.fixture
def documents(saving, circle):
    """Three of the doctor's own, one of them kept from the patient, and one of the patient's."""
    with saving() as session:
        ensure_reference_matrix(session, system("test"), now=utc_now())

        def make(actor, title, **values):
            return make_document(
                session, actor, circle.patient_id, utc_now(), title=title, **values
            )

        return {
            "report": make(circle.doctor, "Consultation", document_date=date(2019, 5, 2)),
            "tsh": make(circle.doctor, "TSH", type_code=LABORATORY),
            "told": make(
                circle.doctor,
                "Biopsie",
                is_hidden_from_patient=True,
                announce_on=date(2020, 1, 1),
            ),
            "own": make(circle.patient_actor, "Photo", type_code="DOCPAT03"),
        }


@pytest.fixture
def path(circle):
    return f"/patients/{circle.patient_id}/documents"


@pytest.fixture
async def tab(open_tab, circle, documents, path):
    """The doctor, on the documents of the patient."""
    tab = open_tab(circle.doctor)
    await tab.visit(path)
    return tab


def titles(tab) -> list[str]:
    groups = tab.of(RecordDocumentState).browser.groups
    return [line.title for group in groups for line in group.lines]


def declare(saving, circle, actor, **values) -> None:
    """An access of the newest sign-in of somebody outside the circle."""
    with saving() as session:
        newest = (
            select(SignIn.id)
            .where(SignIn.account_id == actor.account_id)
            .order_by(col(SignIn.created_at).desc())
        )
        signed_in = replace(actor, session_id=session.exec(newest).first())
        wanted = {"ends_at": utc_now() + timedelta(hours=24), "now": utc_now(), **values}
        make_access(session, signed_in, circle.patient_id, AccessKind.DECLARED, **wanted)


class TestThePage:
    async def test_DM48_counts_them_beside_the_other_pages(self, tab):
        shown = tab.of(RecordDocumentState)
        assert (shown.page_status, shown.banner.documents) == ("ready", "4")
        assert shown.record.title == "Tous les documents (4)"
        assert len(titles(tab)) == 4
        assert [each.label for each in shown.record.to_announce] == ["Biopsie"]

    async def test_DM51_a_cell_of_the_table_narrows_the_list(self, tab):
        grid = tab.of(RecordDocumentState).grid
        assert grid.years == ["2019", "2026"]
        assert grid.left_out == "Années sans document\u202f: 2020 à 2025."
        row = next(row for row in grid.rows if row.label == "Biologie")
        assert [cell.count for cell in row.cells] == ["", "1"]
        assert [cell.count for cell in grid.totals] == ["1", "3"]
        await tab.visit(row.cells[1].href)
        assert titles(tab) == ["TSH"]
        shown = tab.of(RecordDocumentState)
        assert shown.record.is_folded
        assert shown.record.title == "Tous les documents (4)"

    async def test_a_search_counts_in_the_table_too(self, tab):
        await tab.send(RecordDocumentState.search, typed="tsh")
        shown = tab.of(RecordDocumentState)
        assert titles(tab) == ["TSH"]
        assert (shown.grid.every.count, shown.record.is_folded) == ("1", True)
        await tab.send(RecordDocumentState.clear)
        assert tab.of(RecordDocumentState).grid.every.count == "4"

    async def test_FC19_boxes_narrow_to_a_flag(self, tab, path):
        await tab.visit(f"{path}?affichage=a-annoncer")
        assert titles(tab) == ["Biopsie"]
        offered = [choice.value for choice in tab.of(RecordDocumentState).showings]
        assert offered == ["", "masques", "a-annoncer", "anciennes"]

    async def test_DM45_a_profession_that_reads_nothing_is_told(
        self, open_tab, circle, documents, path
    ):
        tab = open_tab(circle.technician)
        await tab.visit(path)
        shown = tab.of(RecordDocumentState)
        assert (titles(tab), shown.record.may_deposit) == ([], False)
        assert shown.record.refusal.startswith("Votre profession ne permet pas de lire")
        assert shown.record.deposit_refusal.startswith("Votre profession ne permet pas de dé")

    async def test_U27_a_closed_record_leaves_the_follow_up(self, saving, tab, circle, path):
        with saving() as session:
            set_settings(session, circle.patient_id, state=RecordState.CLOSED)
        await tab.send(RecordDocumentState.refresh)
        shown = tab.of(RecordDocumentState)
        assert (shown.record.is_closed, shown.banner.documents, titles(tab)) == (True, "", [])
        await tab.visit(path.replace("documents", "tolerance"))
        assert tab.of(ToleranceState).page_status == "ready"


class TestOutsideTheCircle:
    async def test_DM38_without_an_access_there_is_no_such_patient(
        self, open_tab, circle, documents, path
    ):
        tab = open_tab(circle.stranger)
        await tab.visit(path)
        shown = tab.of(RecordDocumentState)
        assert (shown.page_status, shown.banner.name) == ("not_found", "")

    async def test_DM44_an_access_opens_the_documents_and_nothing_of_the_follow_up(
        self, open_tab, saving, circle, documents, path
    ):
        tab = open_tab(circle.stranger)
        declare(saving, circle, circle.stranger)
        await tab.visit(path)
        shown = tab.of(RecordDocumentState)
        assert len(titles(tab)) == 4
        assert (shown.banner.is_member, shown.banner.treatments) == (False, 0)
        await tab.visit(path.replace("documents", "tolerance"))
        assert tab.of(ToleranceState).page_status == "not_found"
        assert tab.of(RecordDocumentState).browser.groups == []

    async def test_D09_when_it_ends_the_page_goes_and_keeps_nothing(
        self, open_tab, saving, circle, documents, path
    ):
        tab = open_tab(circle.stranger)
        declare(saving, circle, circle.stranger)
        await tab.visit(f"{path}?document={documents['tsh']}")
        assert tab.of(RecordDocumentState).preview.title == "TSH"
        with saving() as session:
            block_professional(
                session,
                circle.patient_actor,
                circle.patient_id,
                circle.stranger.professional_id,
                now=utc_now(),
            )
        await tab.send(RecordDocumentState.refresh)
        shown = tab.of(RecordDocumentState)
        assert tab.redirects[-1] == "/dossiers"
        assert shown.notice == "Vous n’avez plus accès à ce dossier."
        assert (shown.banner.name, shown.preview.title, titles(tab)) == ("", "", [])
        assert shown.grid.rows == []


class TestActs:
    async def test_FC17_shown_after_the_announcement(self, tab, documents, database, saving):
        await tab.send(RecordActState.show_to_patient, document_id=str(documents["told"]))
        with saving() as session:
            assert not session.get_one(Document, documents["told"]).is_hidden_from_patient
        assert tab.of(RecordDocumentState).record.to_announce == []

    async def test_FC15_masked_at_the_patients_request_once_confirmed(
        self, tab, documents, path, saving
    ):
        await tab.send(RecordActState.ask_mask, document_id=str(documents["tsh"]))
        asked = tab.of(RecordActState)
        assert (asked.asking, asked.who_still_sees[1]) == ("mask", "Vous, qui l’avez déposé")
        await tab.send(RecordActState.mask)
        await tab.visit(f"{path}?document={documents['tsh']}")
        assert tab.of(RecordDocumentState).record.masked_note.endswith("vous l’avez déposé.")

    async def test_FC18_deleted_then_put_back(self, tab, documents, path):
        await tab.send(RecordActState.ask_delete, document_id=str(documents["tsh"]))
        await tab.send(RecordActState.delete)
        await tab.visit(path)
        assert "TSH" not in titles(tab)
        assert tab.of(RecordActState).deleted == "1\u00a0document supprimé."
        await tab.send(RecordActState.undo)
        assert "TSH" in titles(tab)

    async def test_FC18_somebody_elses_is_not_theirs_to_delete(
        self, open_tab, circle, documents, path
    ):
        tab = open_tab(circle.pharmacist)
        await tab.visit(path)
        await tab.send(RecordActState.ask_delete, document_id=str(documents["tsh"]))
        await tab.send(RecordActState.delete)
        assert tab.of(RecordActState).error.startswith("Vous ne pouvez supprimer que")
        await tab.send(RecordDocumentState.refresh)
        assert "TSH" in titles(tab)


class TestWithTheStatus:
    @pytest.fixture
    def status(self, saving, circle):
        with saving() as session:
            session.add(
                AdministratorStatus(
                    patient_id=circle.patient_id,
                    professional_id=circle.doctor.professional_id,
                    given_at=utc_now(),
                )
            )

    async def test_FC10_sees_who_consulted_and_blocks_at_the_patients_request(
        self, status, tab, open_tab, circle, path
    ):
        await tab.send(RecordKeeperState.open_history)
        shown = tab.of(RecordKeeperState)
        assert (shown.keeping, "Claire Martin" in shown.readings[0].who) == ("history", True)
        await tab.send(RecordKeeperState.open_block)
        target = next(each for each in tab.of(RecordKeeperState).present if "Haddad" in each.name)
        await tab.send(RecordKeeperState.ask_block, professional_id=target.id)
        await tab.send(RecordKeeperState.block)
        assert tab.of(RecordKeeperState).keeping == ""
        blocked = open_tab(circle.pharmacist)
        await blocked.visit(path)
        assert blocked.of(RecordDocumentState).page_status == "not_found"

    async def test_FC10_without_it_both_are_refused(self, tab, circle):
        for handler in (RecordKeeperState.open_history, RecordKeeperState.open_block):
            await tab.send(handler)
            shown = tab.of(RecordKeeperState)
            assert (shown.keeping, shown.readings, shown.present) == ("", [], [])
            assert shown.error


class TestDeposit:
    @pytest.fixture
    def upload(self, saving, circle):
        with saving() as session:
            return make_upload(session, circle.doctor, circle.patient_id, utc_now())

    async def test_U16_a_type_is_found_by_its_first_letters(self, tab, upload):
        await tab.send(RecordDepositState.begin)
        assert tab.of(RecordDepositState).file.name == "scan0001"
        await tab.send(RecordDepositState.search_type, typed="exam bio")
        (found, *_) = tab.of(RecordDepositState).kinds
        assert (found.code, found.heading) == (LABORATORY, "Compte rendu")
        assert "Résultats de biologie" in found.under
        await tab.send(RecordDepositState.pick_type, code=LABORATORY)
        readers = tab.of(RecordDepositState).readers
        assert readers[0] == "La patiente"
        assert "infirmier" in readers[-1]
        await tab.send(RecordDepositState.choose_visibility, value="hidden_from_patient")
        assert tab.of(RecordDepositState).readers[-1].startswith("Pas la patiente")

    async def test_a_form_makes_a_document_and_opens_it(self, tab, upload, path):
        await tab.send(RecordDepositState.begin)
        await tab.send(RecordDepositState.search_type, typed="")
        await tab.send(RecordDepositState.pick_type, code=LABORATORY)
        form = {
            **tab.of(RecordDepositState).fields,
            "title": "Numération",
            "visibility": "visible",
            "key": tab.of(RecordDepositState).form_key,
        }
        await tab.send(RecordDepositState.submit, fields={**form, "title": ""})
        assert "title" in tab.of(RecordDepositState).field_errors
        await tab.send(RecordDepositState.submit, fields=form)
        assert tab.redirects[-1].startswith(f"{path}?document=")
        await tab.visit(tab.redirects[-1])
        shown = tab.of(RecordDocumentState)
        assert (shown.preview.title, shown.preview.may_change) == ("Numération", True)
        assert tab.of(RecordDepositState).purpose == ""

    async def test_FC18_a_new_version_keeps_the_earlier_one(self, tab, upload, documents, path):
        await tab.send(RecordDepositState.begin_version, document_id=str(documents["tsh"]))
        shown = tab.of(RecordDepositState)
        assert (shown.fields["title"], shown.kind.code) == ("TSH", LABORATORY)
        form = {**shown.fields, "visibility": "visible", "key": shown.form_key}
        await tab.send(RecordDepositState.submit, fields=form)
        await tab.visit(tab.redirects[-1])
        preview = tab.of(RecordDocumentState).preview
        assert (preview.version, len(preview.versions)) == ("Version 2", 1)
        await tab.visit(f"{path}?affichage=anciennes")
        assert titles(tab) == ["TSH"]
