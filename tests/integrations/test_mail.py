"""Mail over a real SMTP server (S145)."""

import asyncio
from email import message_from_bytes, policy

import pytest

from app.errors import Unavailable
from app.integrations import mail as mail_module
from app.integrations.mail import CONNECTIONS, KeptMailer, SmtpMailer, compose

SENDER = "Liane <ne-pas-repondre@liane.example>"
MAIL = {
    "sender": SENDER,
    "to": "claire.martin@exemple.test",
    "subject": "Votre code de connexion — Liane",
    "text": "Votre code à usage unique\u202f: 012345\n\nIl est valable 10 minutes.",
}


class TestSmtpMailer:
    async def test_sends_one_mail_as_written(self, smtp_server):
        await SmtpMailer(smtp_server.url).send(**MAIL)
        [mail] = smtp_server.messages
        assert mail.sender == "ne-pas-repondre@liane.example"
        assert mail.recipients == [MAIL["to"]]
        assert mail.message["From"] == SENDER
        assert mail.message["To"] == MAIL["to"]
        assert mail.message["Subject"] == MAIL["subject"]
        assert mail.text.strip() == MAIL["text"]

    async def test_asks_for_no_automatic_answer(self, smtp_server):
        await SmtpMailer(smtp_server.url).send(**MAIL)
        assert smtp_server.messages[0].message["Auto-Submitted"] == "auto-generated"

    @pytest.mark.parametrize("answer", ["451 try again later", "552 mailbox full"])
    async def test_S145_a_refused_mail_is_told(self, smtp_server, answer):
        smtp_server.answer = answer
        with pytest.raises(Unavailable, match=r"mail\.unavailable"):
            await SmtpMailer(smtp_server.url).send(**MAIL)
        assert smtp_server.messages == []

    async def test_S145_a_refused_recipient_is_told(self, smtp_server):
        smtp_server.answer_to_recipient = "550 no such mailbox"
        with pytest.raises(Unavailable):
            await SmtpMailer(smtp_server.url).send(**MAIL)

    async def test_S145_a_server_that_is_down_is_told(self, closed_port):
        with pytest.raises(Unavailable):
            await SmtpMailer(f"smtp://127.0.0.1:{closed_port}").send(**MAIL)

    async def test_takes_mail_again_once_the_server_does(self, smtp_server):
        mailer = SmtpMailer(smtp_server.url)
        smtp_server.answer = "421 closing"
        with pytest.raises(Unavailable):
            await mailer.send(**MAIL)
        smtp_server.answer = "250 OK"
        await mailer.send(**MAIL)
        assert len(smtp_server.messages) == 1

    async def test_mails_that_wait_together_share_a_few_connections(self, smtp_server):
        mailer = SmtpMailer(smtp_server.url)
        recipients = {f"p{number}@exemple.test" for number in range(12)}
        await asyncio.gather(*(mailer.send(**MAIL | {"to": to}) for to in recipients))
        assert {mail.recipients[0] for mail in smtp_server.messages} == recipients
        assert len(smtp_server.messages) == 12
        assert len(smtp_server.peers) <= CONNECTIONS

    async def test_S145_a_connection_cut_at_one_mail_loses_and_doubles_no_other(self, smtp_server):
        mailer = SmtpMailer(smtp_server.url)
        recipients = [f"p{number}@exemple.test" for number in range(12)]
        smtp_server.cut_at = recipients[5]
        outcomes = await asyncio.gather(
            *(mailer.send(**MAIL | {"to": to}) for to in recipients), return_exceptions=True
        )
        taken = sorted(mail.recipients[0] for mail in smtp_server.messages)
        assert isinstance(outcomes.pop(5), Unavailable)
        assert outcomes == [None] * 11
        assert taken == sorted(set(recipients) - {smtp_server.cut_at})

    async def test_S145_all_are_told_when_the_server_refuses_each(self, smtp_server):
        mailer = SmtpMailer(smtp_server.url)
        smtp_server.answer = "451 try again later"
        outcomes = await asyncio.gather(
            *(mailer.send(**MAIL) for _ in range(12)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 12

    async def test_S145_a_mail_taken_is_sent_whatever_the_goodbye(self, smtp_server, monkeypatch):
        monkeypatch.setattr(mail_module, "TIMEOUT_SECONDS", 0.3)
        smtp_server.goodbye_seconds = 1
        await SmtpMailer(smtp_server.url).send(**MAIL)
        assert len(smtp_server.messages) == 1

    async def test_S145_a_mail_taken_is_sent_though_it_is_stopped_at_the_goodbye(self, smtp_server):
        smtp_server.goodbye_seconds = 1
        sending = asyncio.create_task(SmtpMailer(smtp_server.url).send(**MAIL))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if smtp_server.messages:
                break
        await asyncio.sleep(0.2)
        sending.cancel()
        await sending
        assert len(smtp_server.messages) == 1

    async def test_S145_a_mail_that_waits_too_long_for_its_turn_is_told(
        self, smtp_server, monkeypatch
    ):
        monkeypatch.setattr(mail_module, "SEND_SECONDS", 0)
        with pytest.raises(Unavailable):
            await SmtpMailer(smtp_server.url).send(**MAIL)
        assert smtp_server.messages == []


class TestCompose:
    def test_S111_no_field_adds_a_line(self):
        trap = "x\r\nBcc: y@exemple.test"
        mail = message_from_bytes(
            compose(f"{trap} <a@exemple.test>", trap, f"{trap}\u2028{'é' * 90}", "."),
            policy=policy.default,
        )
        assert "Bcc" not in mail
        assert len(mail) == 7
        assert mail["Subject"].startswith("x Bcc: y@exemple.test ééé")

    def test_names_and_addresses_beyond_ascii_are_kept(self):
        raw = compose("Équipe Liane <a@exemple.test>", "é@exemple.test", "…", "é\n" * 3)
        mail = message_from_bytes(raw, policy=policy.SMTPUTF8)
        assert mail["From"] == "Équipe Liane <a@exemple.test>"
        assert "To: é@exemple.test\r\n" in raw.decode()
        assert mail.get_content().split() == ["é"] * 3


class TestCheck:
    async def test_a_server_that_answers(self, smtp_server):
        await SmtpMailer(smtp_server.url).check()
        assert smtp_server.messages == []

    async def test_a_server_that_is_down(self, closed_port):
        with pytest.raises(Unavailable):
            await SmtpMailer(f"smtp://127.0.0.1:{closed_port}").check()


class TestKeptMailer:
    async def test_nothing_leaves_the_machine(self, smtp_server):
        await KeptMailer().send(**MAIL)
        assert smtp_server.messages == []
