"""Drafts and sending over plain HTTP: kept, sent once, refused in words (ME-148, ME-160, S110, S143)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import cookies
from app.api import message as api
from app.authz.actor import Actor
from app.db import unit_of_work, use_database
from app.models.account import Account
from app.models.delegation import DelegationScope
from app.models.message import Message, MessageDraft
from app.models.session import SignInSession
from app.services import session as sessions
from app.services.conversation_change import delete_conversation
from app.services.exchange import end_exchanges
from app.services.message_send import PACE
from app.services.throttle import count
from app.state.clock import utc_now
from tests import factories
from tests.api.conftest import BASE
from tests.messages import answer, patient, professional, write
from tests.services.circle import Circle, make_circle

DRAFT, SEND = "/api/messages/draft", "/api/messages/send"


class Writers:
    """A circle, its patient, and what each holds in their browser."""

    def __init__(self, database) -> None:
        self.database = database
        self.now = utc_now()
        with unit_of_work(database) as session:
            self.circle: Circle = make_circle(session, self.now)

    def cookie(self, actor: Actor, **changes) -> dict[str, str]:
        with unit_of_work(self.database) as session:
            account = session.get_one(Account, actor.account_id)
            row, token = sessions.open_session(
                session, account, device="", address="testclient", now=utc_now()
            )
            for name, value in changes.items():
                setattr(session.get_one(SignInSession, row.id), name, value)
            return {"Cookie": f"{cookies.SESSION}={token}"}

    def count(self, model=Message) -> int:
        with unit_of_work(self.database) as session:
            return session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def writers(database) -> Writers:
    return Writers(database)


@pytest.fixture
def browser(database, settings_env):
    use_database(database)
    with TestClient(
        Starlette(routes=api.routes), base_url=BASE, headers={"Origin": BASE}
    ) as client:
        yield client
    use_database(None)


@pytest.fixture
def doctor(writers) -> dict[str, str]:
    return writers.cookie(writers.circle.doctor)


def _new(writers, **fields):
    values = {
        "draft_id": str(uuid4()),
        "revision": 0,
        "text": "Bonjour Karim,\nmerci de refaire le point.",
        "subject": "Prises sautées",
        "recipients": [professional(writers.circle.pharmacist)],
        "priority": "contact",
    }
    return {**values, **fields}


class TestSave:
    def test_ME148_keeps_and_says_when(self, browser, writers, doctor):
        body = _new(writers)
        told = browser.post(DRAFT, json=body, headers=doctor)
        assert told.status_code == 200
        assert told.json()["revision"] == 1
        assert told.json()["sentence"].startswith("Brouillon enregistré à ")
        assert told.headers["cache-control"] == "no-store"
        later = browser.post(DRAFT, json={**body, "text": "Bonjour", "revision": 1}, headers=doctor)
        assert later.json()["revision"] == 2

    def test_nothing_typed_is_no_draft(self, browser, writers, doctor):
        blank = _new(writers, text=" \n ", subject="", recipients=[])
        told = browser.post(DRAFT, json=blank, headers=doctor)
        assert (told.status_code, told.json()["id"]) == (200, None)
        assert writers.count(MessageDraft) == 0

    def test_another_tab_is_told_and_may_keep_its_own(self, browser, writers, doctor):
        body = _new(writers)
        browser.post(DRAFT, json=body, headers=doctor)
        other = {**body, "text": "Autre"}
        told = browser.post(DRAFT, json=other, headers=doctor)
        assert (told.status_code, told.json()["code"]) == (409, "message.draft_changed")
        kept = browser.post(DRAFT, json={**other, "overwrite": True}, headers=doctor)
        assert kept.json()["revision"] == 2

    def test_signed_out_keeps_the_page_as_it_is(self, browser, writers):
        for path in (DRAFT, SEND):
            told = browser.post(path, json=_new(writers))
            assert told.status_code == 401
            assert "connectez-vous dans un autre onglet" in told.json()["sentence"]

    def test_S082_another_sites_page_is_refused(self, browser, writers, doctor):
        headers = {**doctor, "Origin": "https://ailleurs.test"}
        for path in (DRAFT, SEND):
            assert browser.post(path, json=_new(writers), headers=headers).status_code == 403
        assert writers.count(MessageDraft) == 0

    def test_S062_somebody_elses_draft_is_absent(self, browser, writers, doctor):
        body = _new(writers)
        browser.post(DRAFT, json=body, headers=doctor)
        stranger = writers.cookie(writers.circle.technician)
        for path in (DRAFT, SEND):
            told = browser.post(path, json=body, headers=stranger)
            assert (told.status_code, told.json()["code"]) == (404, "message.draft_not_found")
        assert writers.count() == 0

    def test_CX48_a_delegate_who_only_reads_is_refused(self, browser, writers):
        with unit_of_work(writers.database) as session:
            secretary = factories.make_secretary(session)
            reader = factories.act_for(
                session,
                writers.circle.doctor,
                secretary,
                DelegationScope.READ,
                now=writers.now,
            )
        acting = writers.cookie(secretary, delegation_id=reader.delegation_id)
        for path in (DRAFT, SEND):
            told = browser.post(path, json=_new(writers), headers=acting)
            assert (told.status_code, told.json()["code"]) == (403, "delegation.out_of_scope")

    @pytest.mark.parametrize(
        "body",
        [b"{", b"[]", b'{"draft_id": 1}', b'{"draft_id": "x"}', b'"' + b"[" * 9000],
        ids=["cut", "list", "number", "no key", "deep"],
    )
    def test_what_no_page_sends_is_refused(self, browser, doctor, body):
        assert browser.post(DRAFT, content=body, headers=doctor).status_code == 400

    def test_S072_a_megabyte_is_one_sentence(self, browser, writers, doctor):
        for path in (DRAFT, SEND):
            told = browser.post(path, json=_new(writers, text="a" * 1_000_000), headers=doctor)
            assert told.status_code == 413
            assert told.json()["fields"]["text"].startswith("Raccourcissez votre message")
        assert writers.count(MessageDraft) == 0

    def test_the_longest_text_passes_whatever_its_characters(self, browser, writers, doctor):
        longest = "\n😀" * 10_000
        told = browser.post(SEND, json=_new(writers, text=longest), headers=doctor)
        assert told.status_code == 200
        told = browser.post(SEND, json=_new(writers, text="a" * 20_001), headers=doctor)
        assert (told.status_code, list(told.json()["fields"])) == (422, ["text"])


class TestSend:
    def test_S143_the_same_draft_makes_one_message(self, browser, writers, doctor):
        body = _new(writers)
        browser.post(DRAFT, json=body, headers=doctor)
        first = browser.post(SEND, json=body, headers=doctor).json()
        again = browser.post(SEND, json=body, headers=doctor).json()
        assert (first["is_new"], again["is_new"]) == (True, False)
        assert first["conversation_id"] == again["conversation_id"]
        assert (writers.count(), writers.count(MessageDraft)) == (1, 0)
        late = browser.post(DRAFT, json=body, headers=doctor)
        assert (late.status_code, writers.count(MessageDraft)) == (200, 0)

    def test_other_words_after_it_left_are_not_lost(self, browser, writers, doctor):
        body = _new(writers)
        browser.post(SEND, json=body, headers=doctor)
        for path in (SEND, DRAFT):
            told = browser.post(path, json={**body, "text": "Autre"}, headers=doctor)
            assert (told.status_code, told.json()["code"]) == (409, "message.draft_sent")

    def test_every_fault_has_its_field(self, browser, writers, doctor):
        told = browser.post(
            SEND, json=_new(writers, text=" \n\t", subject=" ", recipients=[]), headers=doctor
        )
        assert told.status_code == 422
        assert told.json()["fields"] == {
            "recipient": "Choisissez un destinataire",
            "subject": "Saisissez l’objet du message",
            "text": "Écrivez votre message, ou joignez un document",
        }

    @pytest.mark.parametrize("bad", ["\u202e", "\u2067", "\x07", "\ud800", "\x00"])
    def test_S110_invisible_characters_are_said_not_dropped(self, browser, writers, doctor, bad):
        body = json.dumps(_new(writers, text=f"Bonjour {bad}monde"))
        told = browser.post(SEND, content=body, headers=doctor)
        assert told.status_code == 422
        assert told.json()["codes"] == {"text": "message.unsendable"}
        assert writers.count() == 0

    def test_S110_markup_stays_text(self, browser, writers, doctor):
        text = "<b>Gras</b><script>alert(1)</script> & « guillemets »"
        assert browser.post(SEND, json=_new(writers, text=text), headers=doctor).status_code == 200
        with unit_of_work(writers.database) as session:
            assert session.exec(select(col(Message.text))).one() == text

    def test_S072_sixty_one_messages_in_an_hour(self, browser, writers, doctor):
        with unit_of_work(writers.database) as session:
            for _ in range(PACE.limit - 1):
                count(session, PACE, str(writers.circle.doctor.account_id), now=utc_now())
        assert browser.post(SEND, json=_new(writers), headers=doctor).status_code == 200
        told = browser.post(SEND, json=_new(writers), headers=doctor)
        assert (told.status_code, told.json()["code"]) == (422, "message.pace")

    def test_ME167_who_ended_meanwhile_receives_nothing(self, browser, writers):
        circle, now = writers.circle, writers.now - timedelta(minutes=1)
        with unit_of_work(writers.database) as session:
            sent = write(session, circle.doctor, patient(circle.patient_id), now=now)
            end_exchanges(session, circle.doctor, circle.patient_id, now=writers.now)
        body = _new(writers, recipients=[professional(circle.doctor)])
        reply = _new(writers, recipients=[], conversation_id=str(sent.conversation_id))
        cookie = writers.cookie(circle.patient_actor)
        for each in (body, reply):
            assert browser.post(DRAFT, json=each, headers=cookie).status_code == 200
            told = browser.post(SEND, json=each, headers=cookie)
            assert (told.status_code, told.json()["code"]) == (422, "message.recipient_ended")
        assert (writers.count(), writers.count(MessageDraft)) == (1, 2)

    def test_ME136_a_conversation_deleted_in_another_tab(self, browser, writers, doctor):
        circle, now = writers.circle, writers.now - timedelta(minutes=1)
        with unit_of_work(writers.database) as session:
            sent = write(session, circle.doctor, professional(circle.pharmacist), now=now)
            answer(session, circle.pharmacist, sent.conversation_id, now=now)
            delete_conversation(session, circle.doctor, sent.conversation_id, now=writers.now)
        reply = _new(writers, conversation_id=str(sent.conversation_id))
        for path in (DRAFT, SEND):
            told = browser.post(path, json=reply, headers=doctor)
            assert (told.status_code, told.json()["code"]) == (
                404,
                "message.conversation_not_found",
            )

    @pytest.mark.databases("sqlite", "postgresql")
    def test_S143_two_sendings_at_once_make_one_message(self, browser, writers, doctor):
        body = _new(writers)
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda _: browser.post(SEND, json=body, headers=doctor), range(8))
            )
        assert {told.status_code for told in answers} == {200}
        assert sum(told.json()["is_new"] for told in answers) == 1
        assert writers.count() == 1
