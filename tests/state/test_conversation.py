"""The mailbox on screen: boxes, rows, a conversation opened, what is done with it, what others may not."""

from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import system
from app.i18n import conversation as words
from app.models.health_mail import (
    DeliveryKind,
    HealthMailDelivery,
    HealthMailReceipt,
    ReceiptState,
)
from app.models.message import Priority
from app.models.patient import IdentityProof, Patient
from app.services.care_circle import remove_professional
from app.services.conversation_reading import open_conversation
from app.services.health_mail import ensure_correspondent
from app.services.mailbox import Party, PartyKind
from app.services.message import NewMessage, deliver
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.settings import get_settings
from app.state.clock import utc_now
from app.state.conversation import END, ConversationState
from app.state.message_composer import ComposerState
from app.state.message_new import NewMessageState
from app.state.summary import SummaryView
from tests import factories, messages

HOSTILE = "<img src=x onerror=alert(1)> ﷽ " + "A" * 4_000


@pytest.fixture
def talk(circle, saving):
    """The pharmacist asks the doctor for contact about the patient; an older word asks for nothing."""
    with saving() as session:
        now, doctor = utc_now(), messages.professional(circle.doctor)
        about = {"about_patient_id": circle.patient_id}
        messages.write(
            session, circle.pharmacist, doctor, now=now, subject="Bilan", text=HOSTILE, **about
        )
        sent = messages.write(
            session,
            circle.pharmacist,
            doctor,
            now=now,
            subject="Prises sautées",
            priority=Priority.CONTACT,
            **about,
        )
        messages.write(
            session, circle.doctor, messages.patient(circle.patient_id), now=now, subject="Jeudi"
        )
    return sent.conversation_id


async def _visit(tab, path=""):
    await tab.visit(f"/messagerie{path}")
    return tab.of(ConversationState)


def _lines(shown):
    return [line for group in shown.mailbox.groups for line in group.lines]


class TestList:
    async def test_CX37_contact_stands_above_information(self, open_tab, circle, talk):
        shown = await _visit(open_tab(circle.doctor))
        groups = [(group.title, group.count) for group in shown.mailbox.groups]
        assert groups == [("Pour besoin de contact", "1"), ("Pour information", "1")]
        first, second = _lines(shown)
        assert (first.subject, first.is_unread) == ("Prises sautées", True)
        assert first.is_reached
        assert not second.is_reached
        assert second.extract == " ".join(HOSTILE.split())[:160]
        assert [box.unread for box in shown.mailbox.boxes] == [2, 0, 0]

    async def test_CX38_the_box_is_in_the_address_and_stays_in_its_rows(
        self, open_tab, circle, talk
    ):
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, "?boite=envoyes")
        (line,) = _lines(shown)
        assert (line.subject, line.href.partition("?")[2]) == ("Jeudi", "boite=envoyes")
        await _visit(tab, "?boite=archives")
        assert (_lines(shown), shown.mailbox.nothing[:22]) == ([], "Aucun message archivé.")
        await _visit(tab, "?non-lus=1&page=7")
        assert len(_lines(shown)) == 2

    async def test_ME148_drafts_stand_first_and_in_a_patients_list(self, open_tab, circle, saving):
        typed = Typed(text="Bonjour docteure", recipients=(messages.professional(circle.doctor),))
        with saving() as session:
            for actor in (circle.doctor, circle.patient_actor):
                words = Typed(subject="À finir") if actor is circle.doctor else typed
                save_draft(session, actor, uuid4(), words, now=utc_now())
        shown = await _visit(open_tab(circle.doctor))
        assert shown.mailbox.groups[0].title == "Brouillons"
        assert _lines(shown)[0].names == "Destinataire à choisir"
        own = await _visit(open_tab(circle.patient_actor))
        draft = next(line for line in _lines(own) if line.is_draft)
        assert draft.href.startswith("/messagerie/nouveau?brouillon=")
        assert (draft.extract, draft.priority) == ("Bonjour docteure", "")


class TestReading:
    async def test_opening_reads_and_the_list_says_so_at_once(self, open_tab, circle, talk):
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, f"/{talk}")
        assert shown.thread.title == "Prises sautées"
        assert [line.is_unread for line in _lines(shown)] == [False, True]
        assert _lines(shown)[0].is_current
        assert shown.thread.patient_href == f"/patients/{circle.patient_id}/synthese"

    async def test_a_refresh_shows_and_announces_but_reads_nothing(
        self, open_tab, circle, talk, saving
    ):
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, f"/{talk}")
        with saving() as session:
            messages.answer(session, circle.pharmacist, talk, now=utc_now(), text=HOSTILE)
        await tab.send(ConversationState.refresh)
        assert [row.text for row in shown.thread.messages][-1] == HOSTILE
        assert shown.arrival.startswith("Nouveau message de ")
        assert shown.thread.waiting == 1
        await tab.send(ConversationState.read)
        assert shown.thread.waiting == 0
        with saving() as session:
            view = open_conversation(session, circle.doctor, talk, is_reading=False, now=utc_now())
        assert view.unread_count == 0

    async def test_older_messages_come_above_and_stay(self, open_tab, circle, talk, saving):
        with saving() as session:
            for number in range(34):
                messages.answer(
                    session, circle.pharmacist, talk, now=utc_now(), text=f"Message {number}"
                )
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, f"/{talk}")
        assert (len(shown.thread.messages), shown.thread.has_older) == (30, True)
        with saving() as session:
            messages.answer(session, circle.pharmacist, talk, now=utc_now(), text="Un de plus")
        await tab.send(ConversationState.refresh)
        texts = [row.text for row in shown.thread.messages]
        assert (texts[0], texts[-1], len(texts)) == ("Message 4", "Un de plus", 31)
        await tab.send(ConversationState.show_older)
        assert (len(shown.thread.messages), shown.thread.has_older) == (36, False)

    @pytest.mark.parametrize("who", ["stranger", "outsider"])
    async def test_somebody_elses_conversation_is_absent(self, open_tab, circle, talk, who, saving):
        actor = circle.stranger
        if who == "outsider":
            with saving() as session:
                patient_id = factories.make_patient(session, circle.doctor, now=utc_now())
                actor = factories.make_patient_actor(session, patient_id, utc_now())
        tab = open_tab(actor)
        shown = await _visit(tab, f"/{talk}")
        assert (shown.thread.id, shown.refusal[:33]) == ("", "Cette conversation n’existe plus,")
        for handler in (ConversationState.read, ConversationState.treat, ConversationState.delete):
            await tab.send(handler)
        assert shown.thread.messages == []
        for malformed in ("abc", "é" * 200, "00000000-0000-0000-0000-000000000000"):
            await tab.visit(f"/messagerie/{malformed}")
            assert shown.refusal[:33] == "Cette conversation n’existe plus,"

    async def test_an_administrator_has_no_mailbox(self, open_tab, administrator, talk):
        tab = open_tab(administrator)
        await _visit(tab, f"/{talk}")
        assert tab.redirects[-1] == "/admin"


class TestActs:
    async def test_CX39_treated_is_archived_with_a_way_back(self, open_tab, circle, talk):
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, f"/{talk}")
        following = _lines(shown)[1].href
        await tab.send(ConversationState.treat)
        assert (tab.redirects[-1], shown.done) == (
            following,
            "Conversation archivée, pour vous seulement.",
        )
        await _visit(tab, "?boite=archives")
        assert [line.subject for line in _lines(shown)] == ["Prises sautées"]
        await tab.send(ConversationState.undo)
        assert tab.redirects[-1] == f"/messagerie/{talk}?boite=archives"
        await _visit(tab)
        assert len(_lines(shown)) == 2

    async def test_ME136_deleted_for_oneself(self, open_tab, circle, talk):
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, f"/{talk}")
        other = open_tab(circle.doctor)
        await _visit(other, f"/{talk}")
        await tab.send(ConversationState.ask_delete)
        await tab.send(ConversationState.delete)
        assert tab.redirects[-1] == "/messagerie"
        assert not tab.of(ComposerState).is_shown
        # What another tab was writing stays there, and goes to a new message when asked.
        assert other.of(ComposerState).is_shown
        await other.send(ComposerState.begin_again)
        assert other.redirects[-1] == "/messagerie/nouveau"
        await _visit(tab)
        assert [line.subject for line in _lines(shown)] == ["Bilan"]
        theirs = await _visit(open_tab(circle.pharmacist), "?boite=envoyes")
        assert len(_lines(theirs)) == 2

    async def test_ME167_an_end_is_told_to_the_patient(self, open_tab, circle, talk):
        tab, own = open_tab(circle.doctor), open_tab(circle.patient_actor)
        shown = await _visit(tab, "?boite=envoyes")
        key = _lines(shown)[0].id
        await _visit(tab, f"/{key}")
        await tab.send(ConversationState.ask_end)
        assert (shown.question, len(shown.ending_words)) == (END, 3)
        await tab.send(ConversationState.end)
        assert shown.thread.is_ended_by_me
        assert not shown.thread.may_end
        theirs = await _visit(own, f"/{key}")
        assert theirs.thread.banner.endswith("a mis fin à vos échanges")
        assert not theirs.thread.may_reply
        assert _lines(theirs)[0].extract == "Ce professionnel a mis fin à vos échanges."


class TestMeanwhile:
    async def test_S072_what_came_since_is_not_treated_unread(self, open_tab, circle, talk, saving):
        tab = open_tab(circle.doctor)
        shown = await _visit(tab, f"/{talk}")
        with saving() as session:
            messages.answer(session, circle.pharmacist, talk, now=utc_now(), text="Encore ceci")
        await tab.send(ConversationState.treat)
        assert shown.error.startswith("Un message vient d’arriver")
        await tab.send(ConversationState.refresh)
        assert not shown.thread.is_archived
        await tab.send(ConversationState.treat)
        assert shown.undo_id == str(talk)


class TestPutOut:
    async def test_S062_nothing_of_the_patient_stays_on_the_pages(
        self, open_tab, circle, talk, saving
    ):
        tab, writing = open_tab(circle.pharmacist), open_tab(circle.pharmacist)
        shown = await _visit(tab, f"/{talk}")
        await tab.send(ConversationState.turn_summary)
        assert shown.summary_of == str(circle.patient_id)
        to = messages.patient(circle.patient_id)
        await _visit(writing, f"/nouveau?brouillon={uuid4()}&patient={circle.patient_id}&pour={to}")
        new = writing.of(NewMessageState)
        assert (new.about_id, len(new.recipients)) == (str(circle.patient_id), 1)
        with saving() as session:
            remove_professional(
                session,
                circle.doctor,
                circle.patient_id,
                circle.pharmacist.professional_id,
                now=utc_now(),
            )
        await tab.send(ConversationState.refresh)
        assert (shown.thread.id, shown.summary_of, shown.summary) == ("", "", SummaryView())
        await writing.send(ConversationState.refresh)
        assert (new.about_id, new.about_name, new.treatments, new.recipients) == ("", "", [], [])


class TestReadReceipt:
    @pytest.fixture(autouse=True)
    def leaving(self, monkeypatch):
        """Mails may leave, though no server is there."""
        monkeypatch.setenv("LIANE_HEALTH_MAIL_SMTP_URL", "smtp://127.0.0.1:1")
        get_settings.cache_clear()
        yield
        monkeypatch.undo()
        get_settings.cache_clear()

    async def test_FB08_is_said_beside_the_message_and_sent_by_a_press(
        self, open_tab, circle, saving
    ):
        with saving() as session:
            now = utc_now()
            patient = session.get_one(Patient, circle.patient_id)
            patient.ins, patient.ins_retrieved_at = "285057900608557", now
            patient.proof = IdentityProof.PASSPORT
            outside = ensure_correspondent(session, system("t"), "dr@x.example", "Dr X", now=now)
            message = deliver(
                session,
                system("t"),
                NewMessage(
                    author=Party(PartyKind.CORRESPONDENT, outside.id),
                    recipients=(Party(PartyKind.PATIENT, circle.patient_id),),
                    text="Bonjour",
                ),
                now=now,
            )
            session.add(
                HealthMailReceipt(
                    recipient="a",
                    sender=outside.address,
                    notify_to=outside.address,
                    mail_id="<1@x>",
                    digest=b"1",
                    byte_size=1,
                    state=ReceiptState.FILED,
                    message_id=message.id,
                    received_at=now,
                )
            )
        tab = open_tab(circle.patient_actor)
        shown = await _visit(tab, f"/{message.conversation_id}")
        (line,) = shown.thread.messages
        assert line.receipt == "L’expéditeur demande un accusé de lecture."
        assert line.may_send_receipt
        await tab.send(ConversationState.send_receipt, message_id=line.id)
        (line,) = shown.thread.messages
        assert line.receipt.startswith("Vous avez envoyé un accusé de lecture le ")
        assert not line.may_send_receipt
        await tab.send(ConversationState.send_receipt, message_id=str(uuid4()))
        assert shown.error != ""

        with saving() as session:
            messages.answer(session, circle.patient_actor, message.conversation_id, now=utc_now())
            by_kind = select(HealthMailDelivery).where(
                HealthMailDelivery.kind == DeliveryKind.MESSAGE
            )
            session.exec(by_kind).one().error = "health_mail.silent"
        shown = await _visit(tab, f"/{message.conversation_id}")
        assert shown.thread.messages[-1].receipt == words.WAITING
