"""Health mail from the mailbox to the conversation and back, with real servers (S113, S145, FB-05)."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from sqlalchemy import select

from app.authz.actor import Actor, system
from app.db import reading, unit_of_work
from app.errors import Forbidden, NotFound, RuleViolation, Unavailable
from app.integrations.document_store import FolderStore
from app.integrations.health_mail_imap import Fetched
from app.integrations.health_mail_mime import parse_mail
from app.jobs import (
    health_mail as job,
    health_mail_sending as sending,
    message_removal as job_of_removal,
)
from app.models.account import Account, AccountState
from app.models.document import FileFormat, ScanState, StoredFile
from app.models.health_mail import (
    DeliveryState,
    HealthMailDelivery,
    HealthMailInbox,
    HealthMailReceipt,
    MailReason,
    ReceiptState,
)
from app.models.journal import JournalEntry
from app.models.message import (
    Correspondent,
    ExchangeEnd,
    Message,
    MessageAttachment,
)
from app.models.outbox import OutboxMessage
from app.models.patient import IdentityProof, Patient
from app.services import health_mail, message_removal, stored_file, xdm as xdm_service
from app.services.conversation_change import delete_conversation
from app.services.conversation_list import Box, list_conversations
from app.services.document_upload import list_uploads
from app.services.health_mail_admin import ask_again, discard_mail, read_health_mail
from app.services.health_mail_inbox import claim_look
from app.services.mailbox import require_mailbox
from app.services.message_recipient import list_allowed
from app.services.read_receipt import ReadReceipt, send_read_receipt
from app.settings import get_settings
from app.state.clock import utc_now
from tests import factories
from tests.mails import DOMAIN, SENDER, TO, failure_report, mail, xdm as archive
from tests.messages import answer, look as read

pytestmark = pytest.mark.databases("sqlite")
INS = TO.partition("@")[0]


@dataclass
class World:
    """Jeanne at her secure address, an administrator, and what filing needs."""

    database: object
    patient_id: UUID
    patient: Actor
    administrator: Actor
    doctor: Actor
    tools: job.Tools
    uid: int = 0

    def receive(self, *mails: bytes) -> None:
        for raw in mails:
            self.uid += 1
            job.take(Fetched(self.uid, len(raw), raw), self.tools)

    def all(self, model):
        with reading(self.database) as session:
            found = list(session.execute(select(model)).scalars())
            session.expunge_all()
        return found

    def one(self, model):
        (found,) = self.all(model)
        return found

    def bytes_of(self, attachment: MessageAttachment) -> bytes:
        with reading(self.database) as session:
            file = stored_file.file_ref(session.get_one(StoredFile, attachment.file_id))
        return stored_file.read_content(self.tools.keyring, self.tools.store, file)


class Silent:
    def is_clean(self, content: bytes) -> bool:
        raise Unavailable("file.scanner_silent")


class Strict:
    def is_clean(self, content: bytes) -> bool:
        return b"EICAR" not in content


@pytest.fixture
def configure(monkeypatch):
    """Sets settings for the test."""

    def set_all(**values: object) -> None:
        for name, value in values.items():
            variable = f"LIANE_HEALTH_MAIL_{name.upper()}"
            if value is None:
                monkeypatch.delenv(variable)
            else:
                monkeypatch.setenv(variable, str(value))
        get_settings.cache_clear()

    yield set_all
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def world(database, configure, tmp_path, now):
    configure(senders="medecins.example .mssante.example")
    with unit_of_work(database) as session:
        doctor = factories.make_professional(session, now)
        patient_id = factories.make_patient(
            session,
            doctor,
            now=now,
            birth_name="Lefèvre",
            ins=INS,
            ins_retrieved_at=now,
            proof=IdentityProof.PASSPORT,
        )
        patient = factories.make_patient_actor(session, patient_id, now)
        administrator = factories.make_administrator(session, now)
    store = FolderStore(tmp_path / "documents")
    tools = job.Tools(database.keyring, store, None)
    return World(database, patient_id, patient, administrator, doctor, tools)


class TestFiling:
    def test_a_mail_becomes_a_message_of_a_conversation(self, world, now):
        world.receive(mail(files=(("notes.txt", "été".encode()), ("scan.dcm", b"\x00DICM"))))
        with reading(world.database) as session:
            (row,) = list_conversations(session, world.patient, Box.ALL, now=now).rows
            assert row.subject == "Vos résultats"
            assert row.others[0].address == SENDER
            assert row.others[0].name == "Dr Jeanne Roux"
            assert row.unread_count == 1
            assert row.attachment_count == 2
        assert world.one(Message).text == "Bonjour,\nvos résultats sont bons."
        files = {each.name: each for each in world.all(MessageAttachment)}
        formats = {file.id: file.format for file in world.all(StoredFile)}
        assert formats[files["notes.txt"].file_id] is FileFormat.TXT
        assert formats[files["scan.dcm"].file_id] is FileFormat.OTHER
        assert world.bytes_of(files["scan.dcm"]) == b"\x00DICM"
        receipt = world.one(HealthMailReceipt)
        assert receipt.state is ReceiptState.FILED
        assert receipt.file_id is None

    def test_the_patient_is_told_without_a_word_of_health(self, world):
        with unit_of_work(world.database) as session:
            session.get_one(Account, world.patient.account_id).email = "jeanne@exemple.fr"
        world.receive(mail())
        notice = world.one(OutboxMessage)
        assert "résultats" not in notice.subject + notice.text
        assert "Roux" not in notice.subject + notice.text

    def test_an_answer_goes_on_with_its_conversation(self, world):
        world.receive(
            mail(),
            mail("suite", mail_id="<2@medecins.example>", References="<1@medecins.example>"),
            mail("autre", mail_id="<3@medecins.example>", In_Reply_To="<unknown@x>"),
        )
        conversations = {each.text: each.conversation_id for each in world.all(Message)}
        assert conversations["suite"] == conversations["Bonjour,\nvos résultats sont bons."]
        assert conversations["autre"] != conversations["suite"]

    def test_ME163_who_wrote_from_outside_may_be_written_to_once_their_mail_is_gone(
        self, world, now
    ):
        world.receive(mail())
        with unit_of_work(world.database) as session:
            (row,) = list_conversations(session, world.patient, Box.ALL, now=now).rows
            delete_conversation(session, world.patient, row.id, now=now)
        later = utc_now() + message_removal.WAIT
        assert job_of_removal.once(system("upkeep"), now=later) == 1
        world.receive(mail())
        assert world.all(Message) == []
        with reading(world.database) as session:
            mailbox = require_mailbox(session, world.patient)
            (outside,) = list_allowed(session, world.patient, mailbox, now=later)
        assert outside.id == world.one(Correspondent).id

    def test_nobody_enters_the_conversation_of_two_others(self, world):
        world.receive(
            mail(),
            mail(
                "intrus",
                sender="autre@medecins.example",
                mail_id="<2@medecins.example>",
                References="<1@medecins.example>",
            ),
        )
        assert len({each.conversation_id for each in world.all(Message)}) == 2

    def test_S113_delivered_again_is_one_message(self, world):
        again = b"Received: by another way\r\n" + mail()
        world.receive(mail(), mail(), again)
        assert len(world.all(Message)) == 1
        assert len(world.all(HealthMailReceipt)) == 1

    @pytest.mark.databases("sqlite", "postgresql")
    def test_S113_delivered_at_once_to_several_processes_is_one_message(self, world):
        raw = mail(files=(("a.bin", b"x"),))
        start = threading.Barrier(4)

        def receive() -> None:
            start.wait()
            job.take(Fetched(1, len(raw), raw), world.tools)

        threads = [threading.Thread(target=receive) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(world.all(Message)) == 1
        assert len(world.all(StoredFile)) == 1
        assert world.one(HealthMailReceipt).state is ReceiptState.FILED

    def test_each_of_several_patients_has_it_alone(self, world, now):
        other = "185057900608516"
        with unit_of_work(world.database) as session:
            second = factories.make_patient(
                session,
                world.doctor,
                now=now,
                ins=other,
                ins_retrieved_at=now,
                proof=IdentityProof.PASSPORT,
            )
            factories.make_patient_actor(session, second, now, email="second@exemple.fr")
        world.receive(mail(to=f"{TO}, {other}@{DOMAIN}, inconnu@{DOMAIN}"))
        assert len({each.conversation_id for each in world.all(Message)}) == 2
        states = {each.recipient: each.reason for each in world.all(HealthMailReceipt)}
        assert states == {
            TO: None,
            f"{other}@{DOMAIN}": None,
            f"inconnu@{DOMAIN}": MailReason.UNKNOWN_RECIPIENT,
        }

    def test_a_longer_text_is_whole_beside(self, world):
        world.receive(mail("mot " * 10_000))
        assert len(world.one(Message).text) == 20_000
        attached = world.one(MessageAttachment)
        assert attached.name == "message.txt"
        assert world.bytes_of(attached).decode().split() == ["mot"] * 10_000

    def test_S101_while_the_scanner_is_silent_files_wait(self, world):
        world.tools = job.Tools(world.tools.keyring, world.tools.store, Silent())
        world.receive(mail(files=(("a.txt", b"x"),)))
        assert world.one(StoredFile).scan is ScanState.PENDING


class TestEnd:
    def test_FB04_fin_ends_the_exchanges_and_a_new_mail_opens_them(self, world, now):
        world.receive(mail(X_MSS_MES="FIN"))
        assert world.one(ExchangeEnd).reopened_at is None
        conversation = world.one(Message).conversation_id
        with unit_of_work(world.database) as session, pytest.raises(RuleViolation):
            answer(session, world.patient, conversation, now=now + timedelta(days=200))
        world.receive(mail("encore", mail_id="<2@medecins.example>"))
        assert world.one(ExchangeEnd).reopened_at is not None

    def test_an_empty_fin_writes_no_message(self, world):
        world.receive(mail(), mail("", subject="[FIN]", mail_id="<2@medecins.example>"))
        assert len(world.all(Message)) == 1
        assert world.one(ExchangeEnd).reopened_at is None


class TestQuarantine:
    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (mail(sender="x@evil.example"), MailReason.UNKNOWN_SENDER),
            (mail(sender=f'"{SENDER}" <x@evil.example>'), MailReason.UNKNOWN_SENDER),
            (mail(sender="x@evilmedecins.example"), MailReason.UNKNOWN_SENDER),
            (mail(to=f"1@{DOMAIN}"), MailReason.UNKNOWN_RECIPIENT),
            (mail(to="a@elsewhere.example"), MailReason.UNKNOWN_RECIPIENT),
            (mail(Return_Path="<x@evil.example>"), MailReason.SENDER_UNPROVEN),
            (mail(sender=f"{SENDER}, b@medecins.example"), MailReason.SENDER_AMBIGUOUS),
            (b"nothing of a mail", MailReason.SENDER_AMBIGUOUS),
        ],
    )
    def test_S113_what_is_not_known_waits_whole(self, world, raw, reason):
        world.receive(raw)
        receipt = world.one(HealthMailReceipt)
        assert (receipt.state, receipt.reason) == (ReceiptState.QUARANTINED, reason)
        assert world.all(Message) == []
        with reading(world.database) as session:
            file = stored_file.file_ref(session.get_one(StoredFile, receipt.file_id))
        kept = stored_file.read_content(world.tools.keyring, world.tools.store, file)
        assert kept == raw

    @pytest.mark.parametrize(
        "change",
        [
            {"ins_retrieved_at": None},
            {"proof": IdentityProof.NONE},
        ],
    )
    def test_FB02_an_identity_that_is_not_qualified_receives_nothing(self, world, change):
        with unit_of_work(world.database) as session:
            patient = session.get_one(Patient, world.patient_id)
            for name, value in change.items():
                setattr(patient, name, value)
        world.receive(mail())
        assert world.one(HealthMailReceipt).reason is MailReason.UNKNOWN_RECIPIENT

    def test_nor_does_a_closed_account(self, world):
        with unit_of_work(world.database) as session:
            session.get_one(Account, world.patient.account_id).state = AccountState.CLOSED
        world.receive(mail())
        assert world.one(HealthMailReceipt).reason is MailReason.UNKNOWN_RECIPIENT

    def test_FB05_of_a_mail_too_large_nothing_but_its_envelope_is_kept(self, world):
        raw = mail()
        job.take(Fetched(1, 60_000_000, raw), world.tools)
        receipt = world.one(HealthMailReceipt)
        assert (receipt.reason, receipt.recipient) == (MailReason.TOO_LARGE, TO)
        assert receipt.file_id is None

    def test_a_harmful_file_keeps_the_whole_mail_back(self, world):
        world.tools = job.Tools(world.tools.keyring, world.tools.store, Strict())
        world.receive(mail(files=(("a.txt", b"EICAR"),)))
        assert world.one(HealthMailReceipt).reason is MailReason.HARMFUL
        assert world.all(Message) == []

    def test_a_fault_of_ours_loses_nothing_and_stops_nobody(self, world, monkeypatch):
        def fail(*args, **kwargs):
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr("app.services.health_mail_filing.deliver", fail)
            world.receive(mail())
        world.receive(mail("suite", mail_id="<2@medecins.example>"))
        reasons = {each.mail_id: each.reason for each in world.all(HealthMailReceipt)}
        assert reasons == {"<1@medecins.example>": MailReason.FAULT, "<2@medecins.example>": None}

    def test_nothing_of_its_content_is_in_the_journal(self, world):
        world.receive(mail(sender="x@evil.example"))
        line = world.all(JournalEntry)[-1]
        assert line.action == "health_mail.quarantined"
        assert line.patient_id is None


class TestAdministration:
    def test_S067_shows_why_and_never_what(self, world, now):
        world.receive(mail(sender="x@evil.example", subject="Cancer"))
        with reading(world.database) as session:
            page = read_health_mail(session, world.administrator, now=now)
        (row,) = page.mails
        assert (row.sender, row.recipient, row.reason) == (
            "x@evil.example",
            TO,
            MailReason.UNKNOWN_SENDER,
        )
        assert row.may_retry
        assert "Cancer" not in repr(page)
        assert (page.total, page.comes_in, page.domain) == (1, False, DOMAIN)

    @pytest.mark.parametrize("act", [discard_mail, ask_again])
    def test_is_for_administrators_alone(self, world, act, now):
        world.receive(mail(sender="x@evil.example"))
        receipt = world.one(HealthMailReceipt)
        for actor in (world.patient, world.doctor):
            with unit_of_work(world.database) as session:
                with pytest.raises(Forbidden):
                    read_health_mail(session, actor, now=now)
                with pytest.raises(Forbidden):
                    act(session, actor, receipt.id, now=now)

    def test_discards_for_good(self, world, now):
        raw = mail(sender="x@evil.example")
        world.receive(raw)
        receipt = world.one(HealthMailReceipt)
        with unit_of_work(world.database) as session:
            discard_mail(session, world.administrator, receipt.id, now=now)
        assert world.one(HealthMailReceipt).state is ReceiptState.DISCARDED
        assert world.one(StoredFile).released_at == now
        world.receive(raw)
        assert world.one(HealthMailReceipt).state is ReceiptState.DISCARDED
        with unit_of_work(world.database) as session, pytest.raises(NotFound):
            discard_mail(session, world.administrator, receipt.id, now=now)

    def test_tries_again_once_what_was_in_the_way_is_mended(
        self, world, configure, now, monkeypatch
    ):
        monkeypatch.setattr(job, "open_tools", lambda: world.tools)
        world.receive(mail(sender="Dr New <x@new.example>"))
        receipt = world.one(HealthMailReceipt)
        for _ in range(2):
            with unit_of_work(world.database) as session:
                ask_again(session, world.administrator, receipt.id, now=now)
        assert job.try_again() == 1
        after = world.one(HealthMailReceipt)
        assert (after.state, after.asked_at) == (ReceiptState.QUARANTINED, None)
        configure(senders="new.example")
        with unit_of_work(world.database) as session:
            ask_again(session, world.administrator, receipt.id, now=now)
        job.try_again()
        assert world.one(HealthMailReceipt).state is ReceiptState.FILED
        assert world.one(Message).text.startswith("Bonjour")
        assert world.one(StoredFile).released_at is not None
        # What an open page of administrators is refreshed by.
        assert "health_mail.settled" in {each.action for each in world.all(JournalEntry)}
        assert job.try_again() == 0

    async def test_tries_again_where_no_mailbox_is_set(self, world, configure, now, monkeypatch):
        monkeypatch.setattr(job, "open_tools", lambda: world.tools)
        world.receive(mail(sender="Dr New <x@new.example>"))
        configure(senders="new.example")
        with unit_of_work(world.database) as session:
            ask_again(session, world.administrator, world.one(HealthMailReceipt).id, now=now)
        tried, try_again = threading.Event(), job.try_again
        monkeypatch.setattr(job, "try_again", lambda: (try_again(), tried.set()))
        running = asyncio.create_task(job.run())
        await asyncio.to_thread(tried.wait, 10)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        job._stopping.clear()
        assert world.one(HealthMailReceipt).state is ReceiptState.FILED
        assert world.all(HealthMailInbox) == []

    def test_one_whose_file_is_lost_is_in_nobodys_way(self, world, configure, now, monkeypatch):
        monkeypatch.setattr(job, "open_tools", lambda: world.tools)
        for name in ("lost", "sound"):
            world.receive(mail(sender=f"{name}@new.example", mail_id=f"<{name}@new.example>"))
        configure(senders="new.example")
        with unit_of_work(world.database) as session:
            by_sender = select(HealthMailReceipt).order_by(HealthMailReceipt.sender)
            for minute, receipt in enumerate(session.execute(by_sender).scalars()):
                at = now + timedelta(minutes=minute)
                ask_again(session, world.administrator, receipt.id, now=at)
                if receipt.sender.startswith("lost"):
                    world.tools.store.delete(session.get(StoredFile, receipt.file_id).store_key)
        job.try_again()
        with unit_of_work(world.database) as session:
            states = [receipt.state for receipt in session.execute(by_sender).scalars()]
        assert states == [ReceiptState.QUARANTINED, ReceiptState.FILED]

    def test_what_was_not_kept_cannot_be_tried(self, world, now):
        job.take(Fetched(1, 60_000_000, mail()), world.tools)
        receipt = world.one(HealthMailReceipt)
        with unit_of_work(world.database) as session, pytest.raises(RuleViolation):
            ask_again(session, world.administrator, receipt.id, now=now)


class TestLook:
    @pytest.fixture
    def inbox(self, world, configure, imap_server, monkeypatch):
        configure(imap_url=imap_server.url, ca_file=imap_server.ca_file)
        monkeypatch.setattr(job, "open_tools", lambda: world.tools)
        return imap_server

    def test_takes_what_came_once(self, world, inbox):
        inbox.deliver(mail(), mail("deux", mail_id="<2@medecins.example>"))
        assert job.look() == 2
        assert job.look() == 0
        inbox.deliver(mail("trois", mail_id="<3@medecins.example>"))
        assert job.look() == 1
        assert len(world.all(Message)) == 3
        state = world.one(HealthMailInbox)
        assert (state.error, state.claimed_until) == ("", None)
        assert state.looked_at is not None

    def test_a_server_that_numbers_anew_doubles_nothing(self, world, inbox):
        inbox.deliver(mail())
        job.look()
        inbox.renumber()
        inbox.deliver(mail(), mail("deux", mail_id="<2@medecins.example>"))
        job.look()
        assert len(world.all(Message)) == 2

    def test_of_two_processes_one_looks(self, world, inbox, now):
        inbox.deliver(mail())
        with unit_of_work(world.database) as session:
            assert claim_look(session, world.patient, now=job.utc_now()) is not None
        assert job.look() == 0
        assert world.all(Message) == []

    async def test_S149_a_look_ends_with_the_process(self, world, configure, misbehaving):
        reached = threading.Event()

        async def hang(reader, writer):
            reached.set()
            await asyncio.sleep(60)

        configure(imap_url=f"imap://127.0.0.1:{misbehaving(hang)}")
        running = asyncio.create_task(job.run())
        await asyncio.to_thread(reached.wait, 10)
        started = asyncio.get_running_loop().time()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()
        assert asyncio.get_running_loop().time() - started < 30
        assert world.one(HealthMailInbox).claimed_until is None
        job._stopping.clear()

    def test_an_unknown_certificate_is_told_and_nothing_is_taken(self, world, inbox, configure):
        inbox.deliver(mail())
        configure(ca_file=None)
        assert job.look() == 0
        assert world.one(HealthMailInbox).error == "health_mail.certificate"
        configure(ca_file=inbox.ca_file)
        assert job.look() == 1

    def test_a_store_that_is_away_leaves_the_mail_on_its_server(self, world, inbox, monkeypatch):
        inbox.deliver(mail(files=(("a.txt", b"x"),)))
        with monkeypatch.context() as patch:

            def away(*args):
                raise Unavailable("document.store_silent")

            patch.setattr(FolderStore, "put", away)
            assert job.look() == 0
        assert world.one(HealthMailInbox).error == "document.store_silent"
        assert world.all(HealthMailReceipt) == []
        assert job.look() == 1
        assert len(world.all(Message)) == 1


class TestAnswer:
    @pytest.fixture
    def asked(self, world, now):
        """The conversation of a first mail, which the patient answers."""
        world.receive(mail(Reply_To="secretariat@cabinet.mssante.example"))
        conversation = world.one(Message).conversation_id
        with unit_of_work(world.database) as session:
            answer(session, world.patient, conversation, text="Merci docteur.", now=job.utc_now())
        return conversation

    def test_leaves_as_a_mail_that_can_be_answered(self, world, asked, configure, smtp_server):
        configure(smtp_url=smtp_server.url)
        assert asyncio.run(sending.send_due()) == 1
        (received,) = smtp_server.messages
        assert (received.sender, received.recipients) == (
            TO,
            ["secretariat@cabinet.mssante.example"],
        )
        sent = message_from_bytes(received.message.as_bytes(), policy=policy.default)
        assert sent["Subject"] == "Re: Vos résultats"
        assert sent["In-Reply-To"] == "<1@medecins.example>"
        assert sent["X-MSS-NIL"] == "Liane"
        assert received.text == "Merci docteur.\n"
        assert asyncio.run(sending.send_due()) == 0
        world.receive(mail("reçu", mail_id="<2@medecins.example>", In_Reply_To=sent["Message-ID"]))
        assert {each.conversation_id for each in world.all(Message)} == {asked}

    def test_S145_waits_and_is_tried_again(self, world, asked, configure, closed_port):
        configure(smtp_url=f"smtp://127.0.0.1:{closed_port}")
        assert asyncio.run(sending.send_due()) == 1
        row = world.one(HealthMailDelivery)
        assert (row.state, row.error) == (DeliveryState.WAITING, "health_mail.unreachable")
        assert row.next_try_at > job.utc_now() + timedelta(seconds=20)
        assert asyncio.run(sending.send_due()) == 0
        assert self._waiting(world, asked) == [False, True]

    def test_S145_one_that_has_not_left_says_so_where_no_server_is_set(
        self, world, asked, configure
    ):
        assert self._waiting(world, asked) == [False, True]
        configure(smtp_url="smtp://127.0.0.1:9")
        assert self._waiting(world, asked) == [False, False]

    def _waiting(self, world, asked):
        with unit_of_work(world.database) as session:
            view = read(session, world.patient, asked, now=job.utc_now())
        return [row.is_waiting for row in view.messages]

    def test_S145_after_a_day_it_is_given_up_and_the_patient_told(self, world, asked):
        with unit_of_work(world.database) as session:
            row = session.get_one(HealthMailDelivery, world.one(HealthMailDelivery).id)
            row.give_up_at = job.utc_now()
        asyncio.run(sending.send_due())
        row = world.one(HealthMailDelivery)
        assert (row.state, row.error) == (DeliveryState.FAILED, "health_mail.setup")
        (notice,) = [each for each in world.all(Message) if each.author_id is None]
        assert notice.conversation_id == asked
        assert SENDER in notice.text
        with reading(world.database) as session:
            page = read_health_mail(session, world.administrator, now=job.utc_now())
            read(session, world.patient, asked, now=job.utc_now())
        assert [each.to for each in page.failures] == [SENDER]

    def test_FB07_refused_for_good_is_told_at_once(self, world, asked, configure, smtp_server):
        configure(smtp_url=smtp_server.url)
        smtp_server.answer_to_recipient = "550 closed"
        asyncio.run(sending.send_due())
        assert world.one(HealthMailDelivery).state is DeliveryState.FAILED
        smtp_server.answer_to_recipient = "250 OK"
        with unit_of_work(world.database) as session:
            answer(session, world.patient, asked, text="Encore.", now=job.utc_now())
        asyncio.run(sending.send_due())
        assert [each.text for each in smtp_server.messages] == ["Encore.\n"]

    def test_a_report_of_failure_counts_and_is_never_answered(
        self, world, asked, configure, smtp_server
    ):
        configure(smtp_url=smtp_server.url)
        asyncio.run(sending.send_due())
        sent = world.one(HealthMailDelivery)
        report = (
            f"From: MAILER-DAEMON@medecins.example\r\nTo: {TO}\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\n\r\nperdu\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: {sent.mail_id}\r\n--b--\r\n"
        ).encode()
        world.receive(report, report)
        assert world.one(HealthMailDelivery).state is DeliveryState.FAILED
        assert len([each for each in world.all(Message) if each.author_id is None]) == 1
        asyncio.run(sending.send_due())
        assert len(smtp_server.messages) == 1

    def test_FB07_a_report_says_in_the_conversation_why_and_a_late_mail_is_no_failure(
        self, world, asked, configure, smtp_server
    ):
        configure(smtp_url=smtp_server.url)
        asyncio.run(sending.send_due())
        sent = world.one(HealthMailDelivery)
        late = failure_report(sent.mail_id, "Action: delayed\r\nStatus: 4.4.1")
        world.receive(late, failure_report("<not@ours>"))
        assert world.one(HealthMailDelivery).state is DeliveryState.SENT
        closed = failure_report(
            sent.mail_id, "Action: failed\r\nStatus: 5.2.1", sender="Mail Delivery <MAILER-DAEMON>"
        )
        world.receive(closed)
        row = world.one(HealthMailDelivery)
        assert (row.state, row.error) == (DeliveryState.FAILED, "health_mail.mailbox_closed")
        (notice,) = [each for each in world.all(Message) if each.author_id is None]
        assert notice.conversation_id == asked
        assert f"({SENDER})\u202f: cette messagerie est fermée." in notice.text

    def test_FB07_a_failure_that_names_no_mail_waits_for_somebody(self, world):
        world.receive(failure_report(""))
        receipt = world.one(HealthMailReceipt)
        assert (receipt.state, receipt.reason) == (ReceiptState.QUARANTINED, MailReason.REPORT)

    def test_automatic_mail_is_never_answered(self, world, configure, smtp_server):
        configure(smtp_url=smtp_server.url)
        world.receive(mail("Absent", Auto_Submitted="auto-replied"))
        assert asyncio.run(sending.send_due()) == 0
        assert smtp_server.messages == []


class TestReadReceipt:
    """Asked for by the sender, returned by the reader's own act, once (FB-08)."""

    @pytest.fixture
    def leaving(self, world, configure, smtp_server):
        configure(smtp_url=smtp_server.url)
        return smtp_server

    def shown(self, world):
        with reading(world.database) as session:
            talk = world.all(Message)[0].conversation_id
            (row,) = read(session, world.patient, talk, now=job.utc_now()).messages
        return row.read_receipt

    def send(self, world, actor=None):
        with unit_of_work(world.database) as session:
            message_id = world.one(Message).id
            send_read_receipt(session, actor or world.patient, message_id, now=job.utc_now())

    @pytest.mark.databases("sqlite", "postgresql")
    def test_FB08_leaves_once_when_its_reader_sends_it(self, world, leaving):
        world.receive(mail(Disposition_Notification_To="secretariat@cabinet.mssante.example"))
        assert self.shown(world) == ReadReceipt()
        assert asyncio.run(sending.send_due()) == 0
        self.send(world)
        self.send(world)
        assert self.shown(world).sent_at is not None
        assert asyncio.run(sending.send_due()) == 1
        assert asyncio.run(sending.send_due()) == 0
        (received,) = leaving.messages
        assert (received.sender, received.recipients) == (
            "<>",
            ["secretariat@cabinet.mssante.example"],
        )
        assert received.message["Auto-Submitted"] == "auto-replied"
        raw = received.message.as_string()
        assert "Original-Message-ID: <1@medecins.example>" in raw
        assert "résultats" not in parse_mail(received.message.as_bytes()).text
        assert world.one(HealthMailDelivery).state is DeliveryState.SENT

    def test_FB08_one_that_is_refused_is_told_beside_its_message(self, world, leaving):
        world.receive(mail(Disposition_Notification_To=SENDER))
        self.send(world)
        leaving.answer_to_recipient = "550 5.1.1 unknown"
        asyncio.run(sending.send_due())
        assert self.shown(world).has_failed
        assert len(world.all(Message)) == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Disposition_Notification_To": "x@evil.example"},
            {"Disposition_Notification_To": SENDER, "Auto_Submitted": "auto-replied"},
        ],
    )
    def test_FB08_nothing_is_offered_that_nobody_may_ask(self, world, leaving, headers):
        world.receive(mail(**headers))
        assert self.shown(world) is None
        with pytest.raises(RuleViolation, match=r"health_mail\.no_receipt"):
            self.send(world)

    def test_FB08_is_its_holder_s_alone_and_waits_for_a_server(self, world, configure, now):
        world.receive(mail(Disposition_Notification_To=SENDER))
        assert self.shown(world) is None
        with unit_of_work(world.database) as session:
            other = factories.make_patient(session, world.doctor, now=now)
            stranger = factories.make_patient_actor(session, other, now, email="autre@exemple.fr")
        with pytest.raises(NotFound):
            self.send(world, stranger)
        with pytest.raises(Forbidden):
            self.send(world, world.doctor)
        with pytest.raises(RuleViolation):
            self.send(world)
        assert world.all(HealthMailDelivery) == []


class TestOwnAddress:
    def test_ME128_is_built_from_a_qualified_identity(self, world, configure):
        with unit_of_work(world.database) as session:
            assert health_mail.own_address(session, world.patient) == TO
            assert health_mail.own_address(session, world.doctor) is None
            session.get_one(Patient, world.patient_id).proof = IdentityProof.NONE
            assert health_mail.own_address(session, world.patient) is None
            session.get_one(Patient, world.patient_id).proof = IdentityProof.PASSPORT
            configure(domain="")
            assert health_mail.own_address(session, world.patient) is None


class TestArchive:
    """Documents of an archive, filed by hand (FB-13)."""

    @pytest.fixture
    def attachment(self, world):
        documents = {"DOC0001.TXT": b"Compte rendu", "DOC0002.XML": b"<ClinicalDocument/>"}
        world.receive(
            mail(
                subject="XDM/1.0/DDM+Compte rendu",
                files=(("IHE_XDM.zip", archive(documents)), ("autre.zip", archive())),
            )
        )
        return {each.name: each.id for each in world.all(MessageAttachment)}

    def test_lists_and_files_one(self, world, attachment):
        now, tools = job.utc_now(), world.tools
        with reading(world.database) as session:
            found = xdm_service.require_archive(
                session, world.patient, attachment["IHE_XDM.zip"], now=now
            )
        listed = xdm_service.list_archive(tools.keyring, tools.store, found)
        assert [each.title for each in listed] == [
            "Compte rendu DOC0001.TXT",
            "Compte rendu DOC0002.XML",
        ]
        assert [xdm_service.may_keep(each) for each in listed] == [True, False]
        prepared = xdm_service.prepare_document(tools.keyring, tools.store, found, 0)
        with unit_of_work(world.database) as session:
            upload = xdm_service.keep_document(
                session, world.patient, attachment["IHE_XDM.zip"], prepared, now=now
            )
            assert upload.name == "Compte rendu DOC0001.TXT"
            waiting = list_uploads(session, world.patient, world.patient_id, now=now)
        assert [each.id for each in waiting] == [upload.id]
        with pytest.raises(RuleViolation, match=r"file\.kind"):
            xdm_service.prepare_document(tools.keyring, tools.store, found, 1)

    def test_is_the_receivers_alone_and_an_archive(self, world, attachment):
        now = job.utc_now()
        with reading(world.database) as session:
            with pytest.raises(NotFound):
                xdm_service.require_archive(
                    session, world.doctor, attachment["IHE_XDM.zip"], now=now
                )
            with pytest.raises(RuleViolation, match=r"xdm\.not_one"):
                xdm_service.require_archive(
                    session, world.patient, attachment["autre.zip"], now=now
                )
