"""SMS through a gateway over real HTTP, and through the outbox (S145, U-30)."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from app.authz.actor import ANONYMOUS
from app.db import unit_of_work
from app.errors import SetupError, Unavailable
from app.integrations.mail import KeptMailer
from app.integrations.sms import HttpSmsGateway, KeptSms, sms_sender
from app.jobs import outbox as job
from app.models.outbox import Channel, OutboxMessage, OutboxState
from app.services import outbox
from app.settings import Settings
from app.state.clock import utc_now

TO = "+33612345678"


@dataclass
class Gateway:
    """What it was asked, and what it answers."""

    url: str = ""
    status: int = 202
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway on this machine."""
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append((self.headers["Authorization"], json.loads(body)))
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            self.send_response(state.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/sms"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


class TestGateway:
    async def test_is_given_number_text_and_token(self, gateway):
        await HttpSmsGateway(gateway.url, "jeton", is_local=True).send(to=TO, text="Liane : 012345")
        assert gateway.asked == [("Bearer jeton", {"to": TO, "text": "Liane : 012345"})]

    @pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
    async def test_S145_a_refusal_is_told(self, gateway, status):
        gateway.status = status
        with pytest.raises(Unavailable, match=r"sms\.unavailable"):
            await HttpSmsGateway(gateway.url, "jeton", is_local=True).send(to=TO, text="x")

    async def test_S145_so_is_silence(self):
        with pytest.raises(Unavailable):
            await HttpSmsGateway("http://127.0.0.1:9/sms", "jeton", is_local=True).check()

    async def test_S114_outside_the_demonstration_it_is_public_and_https(self, gateway):
        with pytest.raises(Unavailable):
            await HttpSmsGateway(gateway.url, "jeton").send(to=TO, text="x")
        assert gateway.asked == []

    async def test_answers_the_doctor_whatever_it_says(self, gateway):
        gateway.status = 405
        await HttpSmsGateway(gateway.url, "jeton", is_local=True).check()


class TestSettings:
    def test_the_demonstration_keeps_them(self):
        assert isinstance(sms_sender(Settings(mode="demo")), KeptSms)

    def test_S085_a_gateway_needs_https_and_a_token(self):
        base = {
            "mode": "production",
            "public_url": "https://portail.exemple.test",
            "smtp_url": "smtp://localhost",
        }
        with pytest.raises(SetupError, match="LIANE_SMS_URL"):
            Settings(**base, sms_url="http://sms.exemple.test").check_production()
        with pytest.raises(SetupError, match="LIANE_SMS_TOKEN"):
            Settings(**base, sms_url="https://sms.exemple.test").check_production()
        Settings(**base, sms_url="https://sms.exemple.test", sms_token="j").check_production()


class TestOutbox:
    @pytest.fixture
    def posted(self, database) -> OutboxMessage:
        with unit_of_work() as session:
            return outbox.post_sms(session, to=TO, text="Liane : 012345", now=utc_now())

    def _state(self, posted):
        with unit_of_work() as session:
            row = session.get_one(OutboxMessage, posted.id)
            late = outbox.is_late(session, ANONYMOUS, Channel.SMS, TO, now=utc_now())
            return row.state, late

    async def test_sends_each_by_its_own_way(self, gateway, posted):
        sms = HttpSmsGateway(gateway.url, "jeton", is_local=True)
        assert await job.send_due(KeptMailer(), sms) == 1
        assert [body["to"] for _, body in gateway.asked] == [TO]
        assert self._state(posted) == (OutboxState.SENT, False)

    async def test_S145_a_gateway_down_leaves_it_waiting_and_the_page_says_so(
        self, gateway, posted
    ):
        assert self._state(posted) == (OutboxState.WAITING, False)
        gateway.status = 503
        await job.send_due(KeptMailer(), HttpSmsGateway(gateway.url, "jeton", is_local=True))
        assert self._state(posted) == (OutboxState.WAITING, True)

    async def test_S145_an_unknown_fault_of_one_holds_back_no_other(self, gateway, posted, caplog):
        class Faulty(KeptMailer):
            async def send(self, **_: str) -> None:
                raise KeyError

        with unit_of_work() as session:
            mail = outbox.post_email(session, to="a@b.test", subject="", text="", now=utc_now())
        sms = HttpSmsGateway(gateway.url, "jeton", is_local=True)
        assert await job.send_due(Faulty(), sms) == 2
        assert self._state(posted)[0] is OutboxState.SENT
        with unit_of_work() as session:
            assert session.get_one(OutboxMessage, mail.id).claimed_until is not None
        assert str(mail.id) in caplog.text

    async def test_S145_stopped_while_one_hangs_it_keeps_what_was_taken(self, gateway, posted):
        class Hanging(KeptMailer):
            async def send(self, **_: str) -> None:
                await asyncio.Event().wait()

        with unit_of_work() as session:
            mail = outbox.post_email(session, to="a@b.test", subject="", text="", now=utc_now())
        sms = HttpSmsGateway(gateway.url, "jeton", is_local=True)
        sending = asyncio.create_task(job.send_due(Hanging(), sms))
        for _ in range(100):
            await asyncio.sleep(0.02)
            if gateway.asked:
                break
        await asyncio.sleep(0.1)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert self._state(posted)[0] is OutboxState.SENT
        with unit_of_work() as session:
            assert session.get_one(OutboxMessage, mail.id).state is OutboxState.WAITING

    async def test_S145_a_mail_that_hangs_keeps_no_code_waiting(self, gateway, database):
        hanging = asyncio.Event()

        class Hanging(KeptMailer):
            async def send(self, **_: str) -> None:
                hanging.set()
                await asyncio.Event().wait()

        with unit_of_work() as session:
            outbox.post_email(session, to="a@b.test", subject="", text="", now=utc_now())
        sms = HttpSmsGateway(gateway.url, "jeton", is_local=True)
        running = asyncio.create_task(job.run(Hanging(), sms))
        await asyncio.wait_for(hanging.wait(), 5)
        with unit_of_work() as session:
            outbox.post_sms(session, to=TO, text="Liane : 012345", now=utc_now())
        for _ in range(150):
            await asyncio.sleep(0.02)
            if gateway.asked:
                break
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert len(gateway.asked) == 1

    def test_one_that_waits_for_half_a_minute_is_late(self, database, posted):
        with unit_of_work() as session:
            at = posted.created_at + timedelta(seconds=31)
            assert outbox.is_late(session, ANONYMOUS, Channel.SMS, TO, now=at)
            assert not outbox.is_late(session, ANONYMOUS, Channel.EMAIL, TO, now=at)
            assert not outbox.is_late(session, ANONYMOUS, Channel.SMS, "+33700000000", now=at)
