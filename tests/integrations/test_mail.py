"""Mail over a real SMTP server (S145)."""

import pytest

from app.errors import Unavailable
from app.integrations.mail import KeptMailer, SmtpMailer

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
