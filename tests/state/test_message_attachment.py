"""Files of messages on screen: the pieces of a draft, a file of the address, its copy in one's documents."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from app.authz.actor import system
from app.db import get_database
from app.integrations.document_store import FolderStore, get_store, use_store
from app.models.document import Document, FileFormat, PatientCategory, ScanState
from app.models.message import MessageAttachment
from app.services.document_type import patient_type
from app.services.document_upload import receive
from app.services.matrix import ensure_reference_matrix
from app.services.message_attaching import attach_file
from app.services.message_input import Typed
from app.state.attachment_picker import (
    BY_CATEGORY,
    DOCUMENTS,
    PAPERS,
    RECORD,
    AttachmentPickerState as Picker,
)
from app.state.clock import utc_now
from app.state.message_attachment import MessageAttachmentState as Piece
from tests.documents import make_document
from tests.messages import patient, professional, write, write_with_file


@pytest.fixture(autouse=True)
def store(tmp_path):
    use_store(FolderStore(tmp_path / "documents"))
    yield
    use_store(None)


@pytest.fixture
def own(circle, saving):
    with saving() as session:
        now = utc_now() - timedelta(minutes=5)
        ensure_reference_matrix(session, system("test"), now=now)
        kinds = {
            "Carte de mutuelle": PatientCategory.ADMINISTRATIVE,
            "Numération": PatientCategory.LABORATORY,
            "Radio": PatientCategory.IMAGING,
        }
        return {
            title: make_document(
                session,
                circle.patient_actor,
                circle.patient_id,
                now,
                title=title,
                type_code=patient_type(kind),
            )
            for title, kind in kinds.items()
        }


async def _form(tab, **keys):
    """The form of a message, on screen."""
    values = {"draft_id": str(uuid4()), "conversation_id": "", "reply_to_id": "", **keys}
    await tab.visit("/messagerie")
    await tab.send(Picker.open_draft, **values)
    return tab.of(Picker)


def _titles(shown):
    return [line.title for group in shown.groups for line in group.lines]


class TestPicker:
    async def test_ME154_documents_are_ticked_newest_first_or_by_category(
        self, open_tab, circle, own
    ):
        tab = open_tab(circle.patient_actor)
        shown = await _form(tab)
        await tab.send(Picker.open_shelf, shelf=PAPERS, about_patient="")
        assert _titles(shown) == ["Carte de mutuelle"]
        await tab.send(Picker.open_shelf, shelf=DOCUMENTS, about_patient="")
        await tab.send(Picker.choose_order, value=BY_CATEGORY)
        assert [group.heading for group in shown.groups] == [
            "Radio, écho, scanner, IRM",
            "Résultats de biologie",
        ]
        for title in ("Numération", "Radio"):
            await tab.send(Picker.pick, document_id=str(own[title]))
        assert shown.chosen == "2\u00a0documents choisis"
        await tab.send(Picker.join_picked)
        assert {piece.name for piece in shown.pieces} == {"Numération.pdf", "Radio.pdf"}
        assert (shown.shelf, shown.notice) == ("", "2\u00a0documents ont été joints.")
        assert shown.weight.endswith(" sur 10\u00a0Mo")
        await tab.send(Picker.open_shelf, shelf=DOCUMENTS, about_patient="")
        await tab.send(Picker.pick, document_id=str(own["Radio"]))
        await tab.send(Picker.join_picked)
        assert (len(shown.pieces), shown.notice) == (2, "Ce que vous avez choisi est déjà joint.")
        await tab.send(Picker.remove, attachment_id=shown.pieces[0].id)
        assert len(shown.pieces) == 1

    async def test_ME154_a_long_shelf_is_sifted_by_words_and_category_and_paged(
        self, open_tab, circle, own, monkeypatch
    ):
        monkeypatch.setattr("app.state.attachment_picker.SHELF_PAGE", 1)
        tab = open_tab(circle.patient_actor)
        shown = await _form(tab)
        await tab.send(Picker.open_shelf, shelf=DOCUMENTS, about_patient="")
        assert [choice.label for choice in shown.categories] == [
            "Radio, écho, scanner, IRM (1)",
            "Résultats de biologie (1)",
        ]
        assert len(_titles(shown)) == 1
        assert shown.more == "Afficher 1 document de plus"
        await tab.send(Picker.show_more)
        assert (set(_titles(shown)), shown.more) == ({"Radio", "Numération"}, "")
        await tab.send(Picker.pick, document_id=str(own["Radio"]))
        await tab.send(Picker.search_shelf, words_typed="numeration")
        assert (_titles(shown), shown.found_words) == (["Numération"], "1 document")
        await tab.send(Picker.choose_category, value="Radio, écho, scanner, IRM")
        assert _titles(shown) == []
        assert shown.found_words.startswith("Aucun document ne correspond")
        await tab.send(Picker.search_shelf, words_typed="")
        assert _titles(shown) == ["Radio"]
        assert shown.chosen == "1 document choisi"

    async def test_ME158_the_profile_is_made_and_attached_in_one_click(
        self, open_tab, circle, monkeypatch
    ):
        tab = open_tab(circle.patient_actor)
        shown = await _form(tab)
        await tab.send(Picker.join_profile)
        (piece,) = shown.pieces
        assert piece.name.startswith("Profil médical de ")
        assert "a été joint" in shown.notice
        assert (shown.is_making, shown.trouble) == (False, "")
        monkeypatch.setattr("app.services.message_attaching.MOST_ATTACHMENTS", 1)
        await tab.send(Picker.join_profile)
        assert (len(shown.pieces), shown.trouble) == (1, "")
        assert shown.pieces[0].id != piece.id

    async def test_a_professional_is_offered_the_record_of_whom_they_speak(
        self, open_tab, circle, own
    ):
        tab = open_tab(circle.doctor)
        shown = await _form(tab)
        await tab.send(Picker.open_shelf, shelf=RECORD, about_patient="")
        assert (shown.shelf, shown.is_without_patient) == (RECORD, True)
        await tab.send(Picker.open_shelf, shelf=RECORD, about_patient=str(circle.patient_id))
        assert set(_titles(shown)) == set(own)
        stranger = open_tab(circle.stranger)
        theirs = await _form(stranger)
        await stranger.send(Picker.open_shelf, shelf=RECORD, about_patient=str(circle.patient_id))
        assert _titles(theirs) == []

    async def test_what_is_refused_is_said_beside_the_pieces(self, open_tab, circle, own, saving):
        tab = open_tab(circle.patient_actor)
        shown = await _form(tab)
        await tab.send(Picker.open_shelf, shelf=DOCUMENTS, about_patient="")
        await tab.send(Picker.pick, document_id=str(own["Radio"]))
        with saving() as session:
            session.get_one(Document, own["Radio"]).deleted_at = utc_now()
        await tab.send(Picker.join_picked)
        assert shown.trouble.startswith("Ce document n’existe pas")
        assert (shown.pieces, shown.error) == ([], "")


class TestPiece:
    def sent(self, saving, circle, *recipients, **of_file):
        """A file of a message of the doctor, and where it opens."""
        with saving() as session:
            sent = write_with_file(
                session,
                circle.doctor,
                *(recipients or [patient(circle.patient_id)]),
                now=utc_now(),
                **of_file,
            )
            key = session.execute(
                select(col(MessageAttachment.id)).where(
                    col(MessageAttachment.message_id) == sent.message_id
                )
            ).scalar_one()
        return f"/messagerie/{sent.conversation_id}?piece={key}"

    async def test_ME139_opens_in_place_of_the_conversation_and_goes_with_it(
        self, open_tab, circle, saving
    ):
        address = self.sent(saving, circle)
        tab = open_tab(circle.patient_actor)
        await tab.visit(address)
        shown = tab.of(Piece)
        assert (shown.preview.title, shown.preview.kind) == ("Bilan.pdf", "picture")
        assert shown.preview.back == address.partition("?")[0]
        await tab.visit(shown.preview.back)
        assert shown.preview.id == ""

    @pytest.mark.parametrize(
        ("of_file", "kind", "may_download"),
        [
            ({"format": FileFormat.OTHER}, "incompatible", True),
            ({"format": FileFormat.RTF}, "unshown", True),
        ],
    )
    async def test_ME140_what_is_not_shown_has_a_screen_of_its_own(
        self, open_tab, circle, saving, of_file, kind, may_download
    ):
        tab = open_tab(circle.patient_actor)
        await tab.visit(self.sent(saving, circle, **of_file))
        preview = tab.of(Piece).preview
        assert (preview.kind, preview.may_download) == (kind, may_download)

    async def test_S061_a_file_of_others_is_answered_as_none(self, open_tab, circle, saving):
        address = self.sent(saving, circle, professional(circle.pharmacist))
        tab = open_tab(circle.patient_actor)
        await tab.visit(address)
        shown = tab.of(Piece)
        assert (shown.preview.id, shown.preview.title) == ("", "")
        before = shown.preview.failure
        await tab.visit(f"{address.partition('?')[0]}?piece={uuid4()}")
        assert shown.preview.failure == before != ""

    async def test_ME142_is_kept_with_the_form_of_the_vault(self, open_tab, circle, saving):
        key = uuid4()
        prepared = receive(
            get_database().keyring, get_store(), key, "Bilan.txt", b"Lundi", is_of_record=False
        )
        assert prepared.scan is ScanState.CLEAN
        with saving() as session:
            attach_file(session, circle.doctor, key, Typed(), prepared, now=utc_now())
            sent = write(session, circle.doctor, patient(circle.patient_id), now=utc_now(), key=key)
            piece = session.execute(select(col(MessageAttachment.id))).scalar_one()
        tab = open_tab(circle.patient_actor)
        await tab.visit(f"/messagerie/{sent.conversation_id}?piece={piece}")
        shown = tab.of(Piece)
        assert shown.preview.text == "Lundi"
        for again in (False, True):
            await tab.send(Piece.open_saving)
            assert (shown.fields["title"], len(shown.readers)) == ("Bilan", 3)
            form = {**shown.fields, "key": shown.form_key}
            await tab.send(Piece.save, form=form)
            assert "category" in shown.field_errors
            form["category"] = PatientCategory.OTHER.value
            await tab.send(Piece.save, form=form)
            assert (shown.is_duplicate, shown.is_saved) == (again, not again)
        await tab.send(Piece.save_again)
        assert shown.is_saved
        with saving() as session:
            kept = session.exec(select(Document)).all()
            assert [each.title for each in kept] == ["Bilan", "Bilan"]
            assert len({each.file_id for each in kept}) == 2
