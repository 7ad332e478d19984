"""Files of messages: added, weighed, checked when they leave, read and kept (ME-137 to ME-159)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from app.authz.actor import system
from app.errors import Conflict, Forbidden, NotFound, RuleViolation, Unusual
from app.models.delegation import DelegationScope
from app.models.document import (
    Document,
    FileFormat,
    PatientCategory,
    ScanState,
    StoredFile,
)
from app.models.journal import JournalEntry
from app.models.message import AttachmentSource, MessageAttachment
from app.services import stored_file_release
from app.services.document_description import NewDocument
from app.services.document_type import patient_type
from app.services.matrix import ensure_reference_matrix
from app.services.message_attaching import (
    Shelf,
    attach_documents,
    attach_file,
    detach,
    list_attachable,
    list_pieces,
    require_room,
)
from app.services.message_attachment import MAX_TOTAL_BYTES, MOST_ATTACHMENTS
from app.services.message_attachment_reading import (
    access_page,
    fetch_attachment,
    open_attachment,
)
from app.services.message_attachment_saving import require_savable, save_attachment
from app.services.message_draft import delete_draft
from app.services.message_input import Typed
from app.services.message_send import send
from app.services.record_life import delete_due
from tests import factories
from tests.documents import make_document, set_settings
from tests.messages import answer, look, patient, prepared, professional, write, write_with_file

pytestmark = pytest.mark.databases("sqlite")

PAPERS = patient_type(PatientCategory.ADMINISTRATIVE)
MINE = patient_type(PatientCategory.LABORATORY)


@pytest.fixture(autouse=True)
def _matrix(session, now):
    ensure_reference_matrix(session, system("test"), now=now)


@pytest.fixture
def own(session, circle, now):
    """What the patient keeps: a paper, a result."""
    actor, patient_id = circle.patient_actor, circle.patient_id
    return {
        "paper": make_document(
            session, actor, patient_id, now, type_code=PAPERS, title="Carte de mutuelle"
        ),
        "result": make_document(
            session, actor, patient_id, now, type_code=MINE, title="Numération"
        ),
    }


def attached(session, actor, key, *documents, typed=None, now):
    return attach_documents(session, actor, key, typed or Typed(), documents, now=now)


def to_doctor(session, circle, now):
    """A conversation the patient may answer in, and where their reply goes."""
    sent = write(session, circle.doctor, patient(circle.patient_id), now=now)
    view = look(session, circle.patient_actor, sent.conversation_id, now=now)
    return view.draft_key, Typed(conversation_id=sent.conversation_id)


def piece_of(session, conversation_id):
    return session.execute(
        select(MessageAttachment).where(col(MessageAttachment.message_id).is_not(None))
    ).scalar_one()


def released(session, file_id: UUID) -> bool:
    return session.get_one(StoredFile, file_id).released_at is not None


class TestAdding:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME153_a_patient_sends_files_papers_documents_and_their_profile(
        self, session, circle, own, now
    ):
        key, typed = to_doctor(session, circle, now)
        me = circle.patient_actor
        attach_file(session, me, key, typed, prepared(session, key), now=now)
        attached(session, me, key, own["paper"], own["result"], typed=typed, now=now)
        attach_file(
            session,
            me,
            key,
            typed,
            prepared(session, key, "Profil médical"),
            source=AttachmentSource.PROFILE,
            now=now,
        )
        pieces = list_pieces(session, me, key)
        assert [(each.name, each.source) for each in pieces.files] == [
            ("Bilan.pdf", AttachmentSource.DEVICE),
            ("Carte de mutuelle.pdf", AttachmentSource.ADMINISTRATIVE),
            ("Numération.pdf", AttachmentSource.DOCUMENT),
            ("Profil médical.pdf", AttachmentSource.PROFILE),
        ]
        assert pieces.byte_size == sum(each.byte_size for each in pieces.files)
        answer(session, me, typed.conversation_id, now=now)
        (row,) = [
            row
            for row in look(session, circle.doctor, typed.conversation_id, now=now).messages
            if row.attachments
        ]
        assert [each.name for each in row.attachments] == [each.name for each in pieces.files]

    def test_ME156_papers_and_documents_stand_on_shelves_of_their_own(
        self, session, circle, own, now
    ):
        key, typed = to_doctor(session, circle, now)

        def shelf(which):
            found = list_attachable(session, circle.patient_actor, key, typed, which, now=now)
            return [each.id for each in found]

        assert shelf(Shelf.ADMINISTRATIVE) == [own["paper"]]
        assert shelf(Shelf.DOCUMENTS) == [own["result"]]

    def test_the_same_document_is_attached_once(self, session, circle, own, now):
        key, typed = to_doctor(session, circle, now)
        attached(session, circle.patient_actor, key, own["paper"], typed=typed, now=now)
        again = attached(session, circle.patient_actor, key, own["paper"], typed=typed, now=now)
        assert again == []
        assert len(list_pieces(session, circle.patient_actor, key).files) == 1

    def test_ME159_one_byte_more_than_10_Mo_is_refused(self, session, circle, own, now):
        key, typed = to_doctor(session, circle, now)
        me, half = circle.patient_actor, MAX_TOTAL_BYTES // 2
        for _ in range(2):
            piece = prepared(session, key, byte_size=half - 1)
            attach_file(session, me, key, typed, piece, now=now)
        assert require_room(session, me, key, typed) == 2
        with pytest.raises(RuleViolation) as failure:
            attach_file(session, me, key, typed, prepared(session, key, byte_size=3), now=now)
        assert failure.value.code == "message.too_heavy"
        with pytest.raises(RuleViolation):
            attached(session, me, key, own["paper"], typed=typed, now=now)
        attach_file(session, me, key, typed, prepared(session, key, byte_size=2), now=now)
        assert list_pieces(session, me, key).byte_size == MAX_TOTAL_BYTES

    def test_a_message_holds_thirty_pieces_at_most(self, session, circle, now):
        key = uuid4()
        for _ in range(MOST_ATTACHMENTS):
            piece = prepared(session, key, byte_size=1)
            attach_file(session, circle.doctor, key, Typed(), piece, now=now)
        with pytest.raises(RuleViolation) as failure:
            require_room(session, circle.doctor, key, Typed())
        assert failure.value.code == "message.too_many_attachments"

    def test_S061_a_draft_of_somebody_else_does_not_exist(self, session, circle, own, now):
        key, typed = to_doctor(session, circle, now)
        (piece,) = attached(session, circle.patient_actor, key, own["paper"], typed=typed, now=now)
        reader = factories.act_for(
            session,
            circle.doctor,
            factories.make_secretary(session, now),
            DelegationScope.READ,
            now=now,
        )
        other = factories.make_patient_actor(
            session, factories.make_patient(session, circle.stranger, now=now), now
        )
        for actor in (circle.doctor, circle.stranger, other):
            assert list_pieces(session, actor, key).files == ()
            for act in (
                lambda who: attach_file(
                    session, who, key, Typed(), prepared(session, key), now=now
                ),
                lambda who: attached(session, who, key, own["paper"], now=now),
                lambda who: list_attachable(session, who, key, Typed(), Shelf.DOCUMENTS, now=now),
                lambda who: detach(session, who, piece.id, now=now),
                lambda who: open_attachment(session, who, piece.id, now=now),
            ):
                with pytest.raises(NotFound):
                    act(actor)
        with pytest.raises(Forbidden):
            require_room(session, reader, uuid4(), Typed())
        with pytest.raises(Forbidden):
            detach(session, reader, piece.id, now=now)

    def test_S063_a_professional_attaches_what_they_read_of_the_patient_it_is_about(
        self, session, circle, own, now
    ):
        about = Typed(about_patient_id=circle.patient_id)
        key = uuid4()
        found = list_attachable(session, circle.doctor, key, about, Shelf.RECORD, now=now)
        assert {each.id for each in found} == set(own.values())
        with pytest.raises(NotFound):
            attached(session, circle.doctor, uuid4(), own["result"], now=now)
        with pytest.raises(NotFound):
            attached(session, circle.stranger, uuid4(), own["result"], typed=about, now=now)
        (piece,) = attached(session, circle.doctor, key, own["result"], typed=about, now=now)
        assert piece.source is AttachmentSource.DOCUMENT
        lines = session.exec(
            select(JournalEntry.patient_id).where(JournalEntry.action == "document.attached")
        ).all()
        assert lines == [circle.patient_id]

    def test_a_draft_that_left_takes_nothing_more(self, session, circle, now):
        sent = write_with_file(session, circle.doctor, professional(circle.pharmacist), now=now)
        piece = piece_of(session, sent.conversation_id)
        with pytest.raises(NotFound):
            detach(session, circle.doctor, piece.id, now=now)
        key = uuid4()
        write(session, circle.doctor, professional(circle.pharmacist), now=now, key=key)
        with pytest.raises(Conflict):
            attach_file(session, circle.doctor, key, Typed(), prepared(session, key), now=now)

    def test_what_is_taken_off_or_deleted_with_its_draft_leaves_the_store(
        self, session, circle, own, now
    ):
        key, me = uuid4(), circle.patient_actor
        first = attach_file(session, me, key, Typed(), prepared(session, key), now=now)
        kept = attach_file(session, me, key, Typed(), prepared(session, key, "Autre"), now=now)
        attached(session, me, key, own["paper"], now=now)
        files = {row.id: row.file_id for row in session.exec(select(MessageAttachment)).all()}
        assert detach(session, me, first.id, now=now) == "Bilan.pdf"
        assert released(session, files[first.id])
        assert not released(session, files[kept.id])
        delete_draft(session, me, key, now=now)
        assert released(session, files[kept.id])
        paper = session.get_one(Document, own["paper"])
        assert not released(session, paper.file_id)


class TestLeaving:
    @pytest.mark.parametrize("change", ["deleted", "hidden"])
    def test_what_is_gone_meanwhile_is_named_and_the_draft_stays(
        self, session, circle, own, now, change
    ):
        key, typed = to_doctor(session, circle, now)
        me = circle.patient_actor
        attached(session, me, key, own["result"], typed=typed, now=now)
        document = session.get_one(Document, own["result"])
        if change == "deleted":
            document.deleted_at = now
        else:
            document.is_hidden_from_patient = True
        with pytest.raises(RuleViolation) as failure:
            answer(session, me, typed.conversation_id, now=now)
        assert failure.value.code == "message.attachment_gone"
        assert failure.value.context["name"] == "Numération.pdf"
        assert len(list_pieces(session, me, key).files) == 1

    def test_S063_what_the_patient_masks_before_it_leaves_stays(self, session, circle, own, now):
        about = Typed(
            about_patient_id=circle.patient_id,
            recipients=(professional(circle.pharmacist),),
            subject="Avis",
            text="Voici.",
        )
        key = uuid4()
        attached(session, circle.doctor, key, own["result"], typed=about, now=now)
        session.get_one(Document, own["result"]).is_masked = True
        with pytest.raises(RuleViolation) as failure:
            send(session, circle.doctor, key, about, now=now)
        assert failure.value.code == "message.attachment_gone"
        assert failure.value.context["name"] == "Numération.pdf"

    def test_S063_one_recipient_who_may_not_read_it_stops_it(self, session, circle, now):
        mine = make_document(session, circle.doctor, circle.patient_id, now, is_masked=True)
        about = Typed(
            about_patient_id=circle.patient_id,
            recipients=(professional(circle.pharmacist),),
            subject="Avis",
            text="Voici.",
        )
        key = uuid4()
        attached(session, circle.doctor, key, mine, typed=about, now=now)
        with pytest.raises(RuleViolation) as failure:
            send(session, circle.doctor, key, about, now=now)
        assert failure.value.code == "message.attachment_not_theirs"

    @pytest.mark.parametrize(
        ("scan", "code"),
        [
            (ScanState.PENDING, "message.attachment_unscanned"),
            (ScanState.REFUSED, "file.infected"),
        ],
    )
    def test_S101_what_the_scanner_has_not_cleared_does_not_leave(
        self, session, circle, now, scan, code
    ):
        with pytest.raises(RuleViolation) as failure:
            write_with_file(
                session, circle.doctor, professional(circle.pharmacist), now=now, scan=scan
            )
        assert failure.value.code == code


class TestReading:
    def test_ME137_what_was_sent_stays_its_readers_whatever_becomes_of_the_document(
        self, session, circle, own, now
    ):
        key, typed = to_doctor(session, circle, now)
        attached(session, circle.patient_actor, key, own["result"], typed=typed, now=now)
        answer(session, circle.patient_actor, typed.conversation_id, now=now)
        session.get_one(Document, own["result"]).is_masked = True
        asked = now - timedelta(days=60)
        closed = {"state": "closed", "state_at": asked, "deletion_asked_at": asked}
        set_settings(session, circle.patient_id, **closed)
        assert delete_due(session, system("test"), now=now) == 1
        assert session.exec(select(Document)).all() == []
        piece = piece_of(session, typed.conversation_id)
        assert open_attachment(session, circle.doctor, piece.id, now=now).file.id == piece.id
        assert fetch_attachment(session, circle.doctor, piece.id, now=now).title == "Numération"
        waiting = stored_file_release.list_released(
            session, circle.doctor, now=now + timedelta(days=30)
        )
        assert piece.file_id not in waiting
        assert len(waiting) == 1

    def test_ME141_a_file_of_another_format_is_downloaded_only(self, session, circle, now):
        key = uuid4()
        piece = attach_file(
            session,
            circle.doctor,
            key,
            Typed(),
            prepared(session, key, format=FileFormat.OTHER),
            now=now,
        )
        row = session.get_one(MessageAttachment, piece.id)
        row.name = "plan.dwg"
        write(session, circle.doctor, patient(circle.patient_id), now=now, key=key)
        me = circle.patient_actor
        opened = open_attachment(session, me, piece.id, now=now)
        assert (opened.text, opened.is_savable) == ("", False)
        with pytest.raises(NotFound):
            access_page(session, me, piece.id, 1, now=now)
        with pytest.raises(RuleViolation):
            require_savable(session, me, piece.id, now=now)
        found = fetch_attachment(session, me, piece.id, now=now)
        assert (found.title, found.extension) == ("plan", "dwg")

    @pytest.mark.parametrize("scan", [ScanState.PENDING, ScanState.REFUSED])
    def test_S101_what_the_scanner_holds_is_named_and_never_opened(
        self, session, circle, now, scan
    ):
        sent = write_with_file(session, circle.doctor, patient(circle.patient_id), now=now)
        piece = piece_of(session, sent.conversation_id)
        session.get_one(StoredFile, piece.file_id).scan = scan
        me = circle.patient_actor
        assert open_attachment(session, me, piece.id, now=now).file.scan is scan
        for act in (
            lambda: fetch_attachment(session, me, piece.id, now=now),
            lambda: access_page(session, me, piece.id, 1, now=now),
            lambda: require_savable(session, me, piece.id, now=now),
        ):
            with pytest.raises(RuleViolation):
                act()

    def test_S132_each_reading_leaves_its_line(self, session, circle, now):
        sent = write_with_file(session, circle.doctor, patient(circle.patient_id), now=now)
        piece = piece_of(session, sent.conversation_id)
        open_attachment(session, circle.patient_actor, piece.id, now=now)
        fetch_attachment(session, circle.patient_actor, piece.id, now=now)
        lines = session.exec(
            select(JournalEntry.action, JournalEntry.patient_id).where(
                JournalEntry.object_id == piece.id
            )
        ).all()
        assert [tuple(line) for line in lines] == [
            ("message.attachment_read", circle.patient_id),
            ("message.attachment_downloaded", circle.patient_id),
        ]


class TestKeeping:
    NEW = NewDocument("Numération de mars", MINE, date(2026, 3, 5))

    def copy(self, session, circle):
        """The copy of a file, as it is once sealed for the record."""
        made = prepared(session, circle.patient_id)
        return replace(made, sealed=replace(made.sealed, patient_id=circle.patient_id))

    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME142_a_file_becomes_a_document_of_its_own_once(self, session, circle, now):
        sent = write_with_file(session, circle.doctor, patient(circle.patient_id), now=now)
        piece, me, key = piece_of(session, sent.conversation_id), circle.patient_actor, uuid4()
        assert require_savable(session, me, piece.id, now=now).name == "Bilan"
        first = save_attachment(
            session, me, piece.id, self.copy(session, circle), self.NEW, key=key, now=now
        )
        again = save_attachment(
            session, me, piece.id, self.copy(session, circle), self.NEW, key=key, now=now
        )
        assert (first.is_new, again.is_new) == (True, False)
        assert again.document_id == first.document_id
        document = session.get_one(Document, first.document_id)
        assert (document.title, document.type_code) == ("Numération de mars", MINE)
        assert document.file_id != piece.file_id
        assert session.get_one(StoredFile, document.file_id).patient_id == circle.patient_id

    def test_the_same_content_is_asked_about_first(self, session, circle, now):
        sent = write_with_file(session, circle.doctor, patient(circle.patient_id), now=now)
        piece, me = piece_of(session, sent.conversation_id), circle.patient_actor

        def save(**options):
            copy = self.copy(session, circle)
            return save_attachment(
                session, me, piece.id, copy, self.NEW, key=uuid4(), now=now, **options
            )

        save()
        with pytest.raises(Unusual):
            save()
        assert save(confirmed=True).is_new

    def test_S100_a_full_or_closed_record_takes_nothing(self, session, circle, now):
        sent = write_with_file(session, circle.doctor, patient(circle.patient_id), now=now)
        piece = piece_of(session, sent.conversation_id)
        make_document(
            session,
            circle.patient_actor,
            circle.patient_id,
            now,
            of_file={"byte_size": 200 * 1024**2},
        )
        with pytest.raises(RuleViolation) as failure:
            require_savable(session, circle.patient_actor, piece.id, now=now)
        assert failure.value.code == "document.quota_bytes"
        set_settings(session, circle.patient_id, state="closed")
        with pytest.raises(RuleViolation) as failure:
            require_savable(session, circle.patient_actor, piece.id, now=now)
        assert failure.value.code == "record.closed"
