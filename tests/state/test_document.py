"""The patient's documents on screen: the address, the list, the preview, the acts, what others may not."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.models.document import FileFormat, ScanState
from app.models.record_access import RecordState
from app.state.clock import utc_now
from app.state.document_adding import DocumentAddingState as Documents
from app.state.document_list import DocumentListState
from tests import factories
from tests.documents import make_document, make_upload, set_settings

LAB, LETTER = "11502-2", "11488-4"


@pytest.fixture
def record(circle, saving):
    """Four documents: three reports of laboratory over two years, and one of the patient's own."""
    keys = {}
    with saving() as session:
        now = utc_now() - timedelta(minutes=5)

        def deposit(name, actor, **values):
            keys[name] = make_document(session, actor, circle.patient_id, now, **values)

        deposit("count", circle.doctor, title="Numération", type_code=LAB, text="neutrophiles")
        deposit(
            "liver",
            circle.doctor,
            title="Bilan hépatique",
            type_code=LAB,
            document_date=date(2024, 5, 6),
        )
        deposit("letter", circle.doctor, title="Compte rendu", type_code=LETTER)
        deposit(
            "own",
            circle.patient_actor,
            title="Carnet",
            type_code="EXPPAT_2",
            text="lundi 12/7",
            of_file={"format": FileFormat.TXT, "page_count": 1},
        )
    return keys


def _titles(shown):
    return [line.title for group in shown.browser.groups for line in group.lines]


async def _visit(tab, query=""):
    await tab.visit(f"/documents{query}")
    return tab.of(Documents)


class TestList:
    async def test_groups_under_years_and_counts_categories(self, open_tab, circle, record):
        shown = await _visit(open_tab(circle.patient_actor))
        assert [group.heading for group in shown.browser.groups] == ["2026", "2024"]
        counts = {link.label: link.count for link in shown.browser.categories}
        assert counts["Tous les documents"] == 4
        assert counts["Résultats de biologie"] == 2
        bars = {bar.year: bar.is_bare for bar in shown.browser.years}
        assert bars == {"2024": False, "2025": True, "2026": False}
        assert shown.lead.startswith("4\u00a0documents · visibles par 3\u00a0professionnels")

    async def test_follows_the_address(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab, "?categorie=4&annee=2024&tri=nom")
        assert _titles(shown) == ["Bilan hépatique"]
        assert shown.browser.title == "Résultats de biologie"
        shown = await _visit(tab, "?tri=nom")
        assert _titles(shown) == ["Bilan hépatique", "Carnet", "Compte rendu", "Numération"]

    async def test_searches_the_text_and_keeps_words_out_of_the_address(
        self, open_tab, circle, record
    ):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(DocumentListState.search, typed="neutroph")
        assert _titles(shown) == ["Numération"]
        assert shown.lead.startswith("4\u00a0documents")
        assert tab.redirects == []
        await tab.send(DocumentListState.clear)
        assert len(_titles(shown)) == 4

    async def test_names_a_document_that_waits_without_opening_it(self, open_tab, circle, saving):
        with saving() as session:
            make_document(
                session,
                circle.patient_actor,
                circle.patient_id,
                title="Photo",
                of_file={"scan": ScanState.PENDING},
            )
        shown = await _visit(open_tab(circle.patient_actor))
        (line,) = shown.browser.groups[0].lines
        assert (line.title, line.is_pending, line.href) == ("Photo", True, "")

    async def test_refreshes_when_somebody_else_deposits(self, open_tab, circle, record, saving):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        with saving() as session:
            make_document(session, circle.doctor, circle.patient_id, title="Arrivé")
        await tab.send(DocumentListState.refresh)
        assert "Arrivé" in _titles(shown)
        assert shown.unseen == 4

    async def test_a_closed_record_shows_nothing(self, open_tab, circle, record, saving):
        with saving() as session:
            set_settings(session, circle.patient_id, state=RecordState.CLOSED)
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        assert shown.is_closed
        assert "Numération" not in str(tab.vars)

    async def test_leaves_nothing_behind(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab, f"?document={record['own']}")
        assert shown.preview.title == "Carnet"
        tab.path = "/accueil"
        await tab.send(DocumentListState.leave_page)
        assert shown.preview.title == shown.browser.title == ""

    @pytest.mark.parametrize(
        ("who", "home"), [("doctor", "/tableau-de-bord"), (None, "/connexion")]
    )
    async def test_is_for_patients(self, open_tab, circle, record, who, home):
        tab = open_tab(getattr(circle, who) if who else None)
        await tab.visit("/documents")
        assert tab.redirects[0].partition("?")[0] == home
        assert "Numération" not in str(tab.vars)

    async def test_shows_nothing_of_another_patient(self, open_tab, circle, record, saving):
        with saving() as session:
            theirs = factories.make_patient(session, circle.stranger, now=utc_now())
            other = factories.make_patient_actor(session, theirs, utc_now())
        tab = open_tab(other)
        shown = await _visit(tab, f"?document={record['count']}")
        assert shown.preview.failure == "Ce document n’existe pas, ou vous n’y avez plus accès."
        assert "Numération" not in str(tab.vars)


class TestPreview:
    async def test_text_its_place_and_its_neighbours(self, open_tab, circle, record):
        shown = await _visit(open_tab(circle.patient_actor), f"?tri=nom&document={record['own']}")
        preview = shown.preview
        assert (preview.kind, preview.text, preview.place) == (
            "text",
            "lundi 12/7",
            "2 sur 4",
        )
        assert preview.previous == f"/documents?tri=nom&document={record['liver']}"
        assert preview.close == "/documents?tri=nom"

    async def test_pages_are_pictures_that_turn(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab, f"?document={record['count']}")
        assert shown.preview.picture.endswith("/1")
        await tab.send(DocumentListState.turn_page, number=9)
        assert (shown.preview.page, shown.preview.page_words) == (2, "Page 2 sur 2")

    async def test_opening_makes_it_no_longer_new(self, open_tab, circle, record):
        shown = await _visit(open_tab(circle.patient_actor), f"?document={record['count']}")
        assert shown.unseen == 2


class TestChange:
    async def test_DM04_masks_all_after_saying_who_still_sees(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(Documents.ask_mask_all, is_masking=True)
        assert shown.question.title == "Masquer 4\u00a0documents\u202f?"
        assert "Claire Martin" in str(shown.question.still)
        await tab.send(Documents.confirm_mask)
        lines = [line for group in shown.browser.groups for line in group.lines]
        assert all(line.is_masked for line in lines)
        assert shown.done == "4\u00a0documents sont masqués."

    async def test_deletes_ones_own_and_brings_it_back(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(Documents.delete_one, document_id=str(record["own"]))
        assert "Carnet" not in _titles(shown)
        assert (shown.done, shown.can_undo) == ("Le document est supprimé.", True)
        await tab.send(Documents.undo)
        assert "Carnet" in _titles(shown)

    async def test_does_not_delete_what_others_deposited(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(Documents.delete_one, document_id=str(record["count"]))
        assert shown.error.startswith("Vous ne pouvez supprimer que les documents")
        assert "Numération" in _titles(shown)

    async def test_corrects_the_description(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(Documents.open_edit, document_id=str(record["own"]))
        form = {**shown.fields, "title": ""}
        await tab.send(Documents.save_edit, form=form)
        assert shown.field_errors == {"title": "Saisissez le nom du document"}
        await tab.send(Documents.save_edit, form={**form, "title": "Mes tensions"})
        assert "Mes tensions" in _titles(shown)

    async def test_an_identifier_of_nothing_changes_nothing(self, open_tab, circle, record):
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(Documents.delete_one, document_id="pas un identifiant")
        await tab.send(Documents.ask_mask, document_id=str(uuid4()))
        await tab.send(Documents.confirm_mask)
        assert len(_titles(shown)) == 4


class TestAdding:
    async def test_ME104_one_form_a_file_then_it_is_listed(self, open_tab, circle, saving):
        with saving() as session:
            for _ in range(2):
                make_upload(session, circle.patient_actor, circle.patient_id, utc_now())
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        assert (shown.upload.name, shown.upload.position) == ("scan0001", "Fichier 1 sur 2")
        form = {**shown.upload_fields, "key": shown.upload_key, "title": "Ordonnance"}
        await tab.send(Documents.save_upload, form=form)
        assert shown.field_errors == {"category": "Choisissez une catégorie"}
        form |= {"category": "prescriptions", "visibility": "masked"}
        await tab.send(Documents.save_upload, form=form)
        (line,) = shown.browser.groups[0].lines
        assert (line.title, line.is_masked) == ("Ordonnance", True)
        assert shown.upload.position == "Fichier 2 sur 2"
        assert shown.upload_fields["category"] == "prescriptions"

    async def test_asks_before_adding_the_same_content_again(self, open_tab, circle, saving):
        with saving() as session:
            mac = b"same"
            make_document(
                session, circle.patient_actor, circle.patient_id, of_file={"content_mac": mac}
            )
            make_upload(
                session, circle.patient_actor, circle.patient_id, utc_now(), content_mac=mac
            )
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        form = {**shown.upload_fields, "key": shown.upload_key, "category": "other"}
        await tab.send(Documents.save_upload, form=form)
        assert shown.is_duplicate
        assert len(_titles(shown)) == 1
        await tab.send(Documents.add_again)
        assert len(_titles(shown)) == 2
        assert not shown.upload.id

    async def test_forgets_a_file_one_gives_up(self, open_tab, circle, saving):
        with saving() as session:
            make_upload(session, circle.patient_actor, circle.patient_id, utc_now())
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab)
        await tab.send(Documents.give_up)
        assert not shown.upload.id
        assert shown.done == "«\u202fscan0001\u202f» n’est pas ajouté."
