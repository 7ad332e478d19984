"""Health mail in and out, against real servers: TLS checked, ten seconds at most (S114, S145)."""

import asyncio
import contextlib
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from app.errors import RuleViolation, SetupError, Unavailable
from app.integrations import health_mail_imap, health_mail_mime
from app.integrations.health_mail import Server, server_of, tls_context
from app.integrations.health_mail_imap import open_inbox
from app.integrations.health_mail_mime import Attached, parse_mail
from app.integrations.health_mail_smtp import Outgoing, SmtpHealthMailer, compose
from app.settings import Settings
from tests.imap import PASSWORD, USER, server_at
from tests.mails import SENDER, TO, mail

OUT = Outgoing(
    mail_id="<a1@patient.liane.example>",
    sender=TO,
    sender_name="Léa Martin",
    to=SENDER,
    subject="Re: Vos résultats",
    text="Merci docteur.\n",
    references=("<1@medecins.example>", "<0@medecins.example>"),
    attachments=(Attached("bilan 2026.pdf", b"%PDF-1.4"),),
    product="Liane",
    sent_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
)


@pytest.fixture
def is_hurried(monkeypatch):
    """Half a second instead of ten, to see what follows."""
    for module in ("health_mail_imap", "health_mail_smtp"):
        monkeypatch.setattr(f"app.integrations.{module}.TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr("app.integrations.health_mail_smtp.SEND_SECONDS", 2)


class TestInbox:
    def test_gives_each_mail_as_it_came_and_those_after_a_number(self, imap_server):
        first, second = mail(), mail("été €\r\n.\r\n", mail_id="<2@medecins.example>")
        imap_server.deliver(first, second)
        with open_inbox(imap_server.server) as inbox:
            numbers = inbox.list_after(0)
            assert [inbox.fetch(number).raw for number in numbers] == [first, second]
            assert inbox.list_after(numbers[0]) == numbers[1:]
            assert inbox.list_after(numbers[1]) == []
            assert inbox.fetch(numbers[1] + 50) is None
            assert inbox.validity > 0

    def test_FB05_of_a_mail_too_large_only_the_headers_travel(self, imap_server, monkeypatch):
        monkeypatch.setattr(health_mail_imap, "MAX_RAW", 2_000)
        imap_server.deliver(mail("x" * 5_000))
        with open_inbox(imap_server.server) as inbox:
            found = inbox.fetch(inbox.list_after(0)[0])
        assert not found.is_whole
        assert len(found.raw) < 2_000
        assert health_mail_mime.read_envelope(found.raw).sender == SENDER

    def test_refuses_a_certificate_nobody_vouches_for(self, imap_server):
        unknown = server_at(imap_server.port, tls_context(None, None))
        with pytest.raises(Unavailable, match=r"health_mail\.certificate"), open_inbox(unknown):
            pass

    def test_refuses_the_certificate_of_another_name(self, imap_server):
        tls = tls_context(imap_server.ca_file, None)
        other = Server("127.0.0.1", imap_server.port, USER, PASSWORD, is_tls=True, tls=tls)
        with pytest.raises(Unavailable, match=r"health_mail\.certificate"), open_inbox(other):
            pass

    def test_a_wrong_password(self, imap_server):
        good = imap_server.server
        wrong = Server(good.host, good.port, USER, "faux", is_tls=True, tls=good.tls)
        with (
            pytest.raises(Unavailable, match=r"health_mail\.sign_in_refused"),
            open_inbox(wrong),
        ):
            pass

    def test_never_speaks_plainly_to_another_machine(self):
        away = Server(
            "imap.example", 143, USER, PASSWORD, is_tls=False, tls=tls_context(None, None)
        )
        with pytest.raises(Unavailable, match=r"health_mail\.not_encrypted"), open_inbox(away):
            pass

    def test_nobody_there(self, closed_port):
        server = server_at(closed_port, tls_context(None, None))
        with pytest.raises(Unavailable, match=r"health_mail\.unreachable"), open_inbox(server):
            pass

    @pytest.mark.parametrize(
        ("speech", "code"),
        [
            (b"", "health_mail.silent"),
            (b"* OK ready\r\n", "health_mail.silent"),
            (b"nonsense\r\n" * 10, "health_mail.unreachable"),
            (b"* BYE full\r\n", "health_mail.unreachable"),
        ],
    )
    def test_a_server_that_hangs_or_talks_nonsense(self, speech, code, misbehaving, is_hurried):
        async def speak(reader, writer):
            writer.write(speech)
            await writer.drain()
            await reader.read()
            await asyncio.sleep(30)

        port = misbehaving(speak)
        server = server_at(port, tls_context(None, None), is_tls=False)
        with pytest.raises(Unavailable) as failure, open_inbox(server):
            pass
        assert failure.value.code == code

    def test_a_server_that_drips_is_cut(self, misbehaving, is_hurried):
        async def drip(reader, writer):
            while True:
                writer.write(b"* OK ")
                await writer.drain()
                await asyncio.sleep(0.1)

        server = server_at(misbehaving(_greet_then(drip)), tls_context(None, None), is_tls=False)
        with pytest.raises(Unavailable, match=r"health_mail\.silent"), open_inbox(server):
            pass

    def test_a_server_that_cuts_in_the_middle_of_a_mail(self, misbehaving):
        async def cut(reader, writer):
            line = b""
            while b"BODY" not in line:
                line = await reader.readline()
                tag = line.split()[0]
                told = {
                    b"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n",
                    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n",
                    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
                    b"SEARCH": b"* SEARCH 4\r\n",
                    b"FETCH": b"* 1 FETCH (UID 4 RFC822.SIZE 5000)\r\n",
                }
                words = line.upper().split()
                writer.write(b"".join(told[word] for word in words[1:3] if word in told))
                if b"BODY" not in line:
                    writer.write(tag + b" OK done\r\n")
                await writer.drain()
            writer.write(b"* 1 FETCH (UID 4 BODY[] {5000}\r\nFrom: x")
            await writer.drain()
            writer.close()

        server = server_at(misbehaving(_greet_then(cut)), tls_context(None, None), is_tls=False)
        with (
            contextlib.suppress(Unavailable),
            open_inbox(server) as inbox,
        ):
            assert inbox.list_after(0) == [4]
            with pytest.raises(Unavailable, match=r"health_mail\.unreachable"):
                inbox.fetch(4)


class TestCompose:
    def test_FB14_writes_what_a_receiver_needs(self):
        found = message_from_bytes(compose(OUT), policy=policy.default)
        assert found["From"] == f"Léa Martin <{TO}>"
        assert found["Message-ID"] == OUT.mail_id
        assert found["In-Reply-To"] == "<1@medecins.example>"
        assert found["References"] == "<0@medecins.example> <1@medecins.example>"
        assert found["X-MSS-NIL"] == "Liane"
        back = parse_mail(compose(OUT))
        assert back.text == "Merci docteur."
        assert back.subject == "Re: Vos résultats"
        assert back.attachments == OUT.attachments

    def test_FB08_a_read_receipt_says_that_it_was_shown_and_nothing_else(self):
        receipt = replace(OUT, subject="", text="", attachments=(), read_at=OUT.sent_at)
        found = message_from_bytes(compose(receipt), policy=policy.default)
        assert found.get_content_type() == "multipart/report"
        assert found.get_param("report-type") == "disposition-notification"
        words, told = found.get_payload()
        assert "affiché dans la messagerie" in words.get_content()
        lines = told.get_payload()[0].as_string().split("\n")
        assert f"Final-Recipient: rfc822;{TO}" in lines
        assert "Original-Message-ID: <1@medecins.example>" in lines
        assert "Disposition: manual-action/MDN-sent-manually; displayed" in lines
        back = parse_mail(compose(receipt))
        assert (back.is_report, back.is_automatic, back.notify_to) == (True, True, "")

    def test_S111_no_field_adds_a_header(self):
        evil = Outgoing(
            **{
                **OUT.__dict__,
                "subject": "a\r\nBcc: x@evil.example\r\n\r\nbody",
                "sender_name": "a\nBcc: y@evil.example",
                "attachments": (Attached('a"\r\nX-Evil: 1.pdf', b"x"),),
            }
        )
        found = message_from_bytes(compose(evil), policy=policy.default)
        assert found["Bcc"] is None
        assert found["X-Evil"] is None
        assert all(part["X-Evil"] is None for part in found.walk())


class TestSend:
    async def test_the_mail_arrives(self, smtp_server):
        await SmtpHealthMailer(_plain(smtp_server.port)).send(OUT)
        (received,) = smtp_server.messages
        assert (received.sender, received.recipients) == (TO, [SENDER])
        assert received.text == "Merci docteur.\n"

    @pytest.mark.parametrize(
        ("answer", "error", "code"),
        [
            ("451 later", Unavailable, "health_mail.later"),
            ("550 no such mailbox", RuleViolation, "health_mail.rejected"),
            ("552 too large", RuleViolation, "health_mail.too_large"),
            ("550 5.2.1 disabled", RuleViolation, "health_mail.mailbox_closed"),
        ],
    )
    async def test_FB07_later_or_never(self, smtp_server, answer, error, code):
        smtp_server.answer = answer
        with pytest.raises(error) as failure:
            await SmtpHealthMailer(_plain(smtp_server.port)).send(OUT)
        assert failure.value.code == code

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ("550 unknown", "health_mail.rejected"),
            ("550 5.1.1 unknown", "health_mail.mailbox_unknown"),
            ("553 what is this", "health_mail.address_refused"),
        ],
    )
    async def test_FB07_an_unknown_receiver_is_for_good(self, smtp_server, answer, code):
        smtp_server.answer_to_recipient = answer
        with pytest.raises(RuleViolation) as failure:
            await SmtpHealthMailer(_plain(smtp_server.port)).send(OUT)
        assert failure.value.code == code

    async def test_FB07_a_server_that_says_how_large_a_mail_may_be(self, misbehaving):
        async def refuse(reader, writer):
            writer.write(b"220 x\r\n")
            while line := await reader.readline():
                told = b"250-x\r\n250 SIZE 10\r\n" if line.startswith(b"EHLO") else b"250 ok\r\n"
                writer.write(b"552 5.3.4 too big\r\n" if line.startswith(b"MAIL") else told)
                await writer.drain()
            writer.close()

        with pytest.raises(RuleViolation, match=r"health_mail\.too_large"):
            await SmtpHealthMailer(_plain(misbehaving(refuse))).send(OUT)

    async def test_TLS_is_checked(self, smtp_tls, authority):
        port, taken = smtp_tls
        await SmtpHealthMailer(_plain_user(port, tls_context(authority[1], None))).send(OUT)
        assert taken == [TO]
        with pytest.raises(Unavailable, match=r"health_mail\.certificate"):
            await SmtpHealthMailer(_plain_user(port, tls_context(None, None))).send(OUT)
        assert taken == [TO]

    async def test_nobody_there(self, closed_port):
        with pytest.raises(Unavailable, match=r"health_mail\.unreachable"):
            await SmtpHealthMailer(_plain(closed_port)).send(OUT)

    async def test_a_server_that_hangs(self, misbehaving, is_hurried):
        async def hang(reader, writer):
            await asyncio.sleep(30)

        with pytest.raises(Unavailable, match=r"health_mail\.silent"):
            await SmtpHealthMailer(_plain(misbehaving(hang))).send(OUT)

    async def test_a_server_that_cuts_in_the_middle(self, misbehaving):
        async def cut(reader, writer):
            writer.write(b"220 x\r\n")
            for _ in range(4):
                line = await reader.readline()
                writer.write(b"354 go\r\n" if line.startswith(b"DATA") else b"250 ok\r\n")
                await writer.drain()
            await reader.read(100)
            writer.close()

        with pytest.raises(Unavailable):
            await SmtpHealthMailer(_plain(misbehaving(cut))).send(OUT)


class TestSettings:
    def test_S114_only_the_host_of_the_settings(self, authority):
        settings = Settings(health_mail_ca_file=authority[1])
        quoted = "us%40er:pass%2Fword"
        server = server_of(f"imaps://{quoted}@imap.example", settings)
        assert (server.host, server.port, server.user) == ("imap.example", 993, "us@er")
        assert server.password == "pass/word"
        assert server.is_tls
        assert server.tls.verify_mode is ssl.CERT_REQUIRED
        for url in ("http://imap.example", "imap.example", "imaps://"):
            with pytest.raises(SetupError):
                server_of(url, settings)

    def test_a_file_that_is_no_certificate(self, tmp_path: Path):
        (tmp_path / "ca.pem").write_text("nothing")
        with pytest.raises(SetupError, match="LIANE_HEALTH_MAIL_CA_FILE"):
            tls_context(tmp_path / "ca.pem", None)

    def test_S113_domains_are_matched_whole(self):
        settings = Settings(health_mail_senders="medecins.example .mssante.example")
        assert settings.may_send_health_mail("medecins.example")
        assert settings.may_send_health_mail("chu.mssante.example")
        for domain in (
            "evilmedecins.example",
            "x.medecins.example",
            "mssante.example",
            "",
            "example",
        ):
            assert not settings.may_send_health_mail(domain)
        assert not Settings().may_send_health_mail("medecins.example")

    @pytest.mark.parametrize(
        ("given", "name"),
        [
            (
                {"health_mail_imap_url": "imaps://user:password@imap.example"},
                "LIANE_HEALTH_MAIL_DOMAIN",
            ),
            (
                {
                    "health_mail_domain": "p.example",
                    "health_mail_imap_url": "imaps://user:password@imap.example",
                },
                "LIANE_HEALTH_MAIL_SENDERS",
            ),
            ({"health_mail_imap_url": "imap://user:password@imap.example"}, "imaps://"),
            ({"health_mail_smtp_url": "http://user:password@smtp.example"}, "smtps://"),
        ],
    )
    def test_production_refuses_halves_and_plain_speech(self, given, name):
        both = {"health_mail_domain": "p.example", "health_mail_senders": "m.example"}
        given = given if "://" not in name else both | given
        settings = Settings(
            mode="production",
            public_url="https://portail.example",
            smtp_url="smtp://localhost",
            **given,
        )
        with pytest.raises(SetupError, match=name):
            settings.check_production()

    def test_off_by_default(self):
        settings = Settings(mode="production")
        assert not settings.has_health_mail
        assert not settings.sends_health_mail
        assert settings.health_mail_domain == ""
        assert Settings(mode="demo").health_mail_domain == "patient.liane.example"
        assert not Settings(mode="demo").has_health_mail


def _greet_then(speech):
    async def speak(reader, writer):
        writer.write(b"* OK ready\r\n")
        await speech(reader, writer)

    return speak


def _plain(port: int) -> Server:
    return Server("127.0.0.1", port, "", "", is_tls=False, tls=tls_context(None, None))


def _plain_user(port: int, tls: ssl.SSLContext) -> Server:
    return Server("localhost", port, "", "", is_tls=True, tls=tls)


class _Taking:
    def __init__(self) -> None:
        self.senders: list[str] = []

    async def handle_DATA(self, server, session, envelope):
        self.senders.append(envelope.mail_from)
        return "250 OK"


@pytest.fixture
def smtp_tls(authority, closed_port):
    """A server encrypted from the first byte: its port, and who sent."""
    taking = _Taking()
    controller = Controller(
        taking, hostname="127.0.0.1", port=closed_port, ssl_context=authority[0]
    )
    controller.start()
    yield closed_port, taking.senders
    controller.stop()
