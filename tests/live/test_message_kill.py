"""The served product killed while it is asked to send: the page asks again, one message is made (S072)."""

import os
import random
import signal
import sys
import time
from threading import Thread
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from sqlalchemy import select
from sqlmodel import Session, col

from app import cookies
from app.authz.actor import Actor
from app.db import unit_of_work
from app.models.account import Account
from app.models.message import Message, MessageDraft
from app.services import journal
from app.services.conversation_list import count_unread
from app.services.session import open_session
from app.state.clock import utc_now
from tests import factories
from tests.messages import professional
from tests.recount import wrong_places
from tests.server import LiveServer

KILLS, MESSAGES, PATIENCE = 2, 12, 240


def _sign_in(session: Session, actor: Actor) -> str:
    account = session.get_one(Account, actor.account_id)
    _, token = open_session(session, account, device="", address="127.0.0.1", now=utc_now())
    return f"{cookies.SESSION}={token}"


class _Page(Thread):
    """Somebody's page: saves a draft and sends it, again and again until it is answered."""

    def __init__(self, url: str, cookie: str, recipient: str) -> None:
        super().__init__()
        self.url, self.headers = url, {"Cookie": cookie, "Origin": url}
        self.recipient, self.sent = recipient, {}

    def run(self) -> None:
        for number in range(MESSAGES):
            key = str(uuid4())
            typed = {
                "draft_id": key,
                "subject": f"Sujet {number}",
                "text": f"Texte {number} {key}",
                "recipients": [self.recipient],
            }
            self._ask("draft", typed)
            self._ask("send", typed)
            self.sent[key] = typed["text"]

    def _ask(self, act: str, typed: dict[str, object]) -> None:
        address, deadline = f"{self.url}/api/messages/{act}", time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(address, json=typed, headers=self.headers, timeout=10)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            assert answer.status_code == httpx.codes.OK, answer.text
            return


def test_S072_killed_while_sending_makes_one_message_of_each(start_server, tmp_path):
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    chance, sent = random.Random(seed), {}
    server: LiveServer = start_server("serve", data_dir=tmp_path / "data")
    with server.database() as base, unit_of_work(base) as session:
        doctor, pharmacist = (factories.make_professional(session, utc_now()) for _ in range(2))
        cookie = _sign_in(session, doctor)
    for _ in range(KILLS):
        page = _Page(server.url, cookie, professional(pharmacist))
        page.start()
        time.sleep(chance.uniform(0.05, 0.6))
        # Its whole group, which is its own: the server and what it started.
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        port = str(urlsplit(server.url).port)
        server = start_server("serve", data_dir=tmp_path / "data", PORT=port)
        page.join()
        assert len(page.sent) == MESSAGES
        sent |= page.sent
    with server.database() as base, unit_of_work(base) as session:
        rows = session.execute(select(col(Message.draft_id), col(Message.text)))
        found = sorted((str(key), words) for key, words in rows if words)
        own = [(key, words) for key, words in found if key in sent]
        assert own == sorted(sent.items())
        drafts = session.execute(select(col(MessageDraft.account_id))).scalars()
        assert doctor.account_id not in list(drafts)
        assert count_unread(session, pharmacist) == len(sent)
        assert wrong_places(session) == []
        assert journal.verify(session).first_bad_seq is None
