"""Files of messages over plain HTTP: in within the room of a message, out for its holders (S090, S099)."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.api import document_file, message_attachment
from app.authz.actor import Actor
from app.db import unit_of_work, use_database
from app.i18n.messages import sentence
from app.integrations.document_store import FolderStore, use_store
from app.integrations.file_check import MAX_BYTES
from app.models.delegation import DelegationScope
from app.models.document import StoredFile
from app.models.message import MessageAttachment, MessageDraft
from app.services.message_attaching import attach_file
from app.services.message_attachment import MAX_TOTAL_BYTES
from app.services.message_input import Typed
from tests import factories
from tests.api.conftest import BASE
from tests.api.test_message import Writers
from tests.messages import patient, prepared, write

SEND, ASK = "/api/messages/attachments", "/api/messages/attachments/download"
TEXT = "Créatinine marqueur 80 µmol/L".encode()
Send = Callable[..., object]


@pytest.fixture
def writers(database) -> Writers:
    return Writers(database)


@pytest.fixture
def store(tmp_path: Path):
    folder = FolderStore(tmp_path / "documents")
    use_store(folder)
    yield folder
    use_store(None)


@pytest.fixture
def browser(database, settings_env, store):
    use_database(database)
    routes = [*message_attachment.routes, *document_file.routes]
    with TestClient(
        Starlette(routes=routes),
        base_url=BASE,
        headers={"Origin": BASE},
        follow_redirects=False,
    ) as client:
        yield client
    use_database(None)


@pytest.fixture
def send(browser, writers) -> Send:
    def post(who: Actor, draft: UUID, content=TEXT, name="Bilan été.txt", **headers):
        named = {"X-File-Name": quote(name), "X-Draft": str(draft), **headers}
        return browser.post(SEND, content=content, headers={**writers.cookie(who), **named})

    return post


def rows(writers, model):
    with unit_of_work(writers.database) as session:
        found = session.exec(select(model)).all()
        session.expunge_all()
        return found


class TestIn:
    def test_ME153_begins_the_draft_and_is_sealed_for_it_alone(self, send, writers, store):
        key, doctor = uuid4(), writers.circle.doctor
        told = send(doctor, key)
        assert told.status_code == 200
        assert "« Bilan été.txt » a été joint" in told.json()["sentence"].replace("\u202f", " ")
        (draft,) = rows(writers, MessageDraft)
        (file,) = rows(writers, StoredFile)
        assert (draft.id, draft.account_id) == (key, doctor.account_id)
        assert (file.owner_id, file.patient_id) == (key, None)
        (kept,) = [path for path in store.root.rglob("*") if path.is_file()]
        assert b"marqueur" not in kept.read_bytes()

    @pytest.mark.parametrize("is_streamed", [False, True])
    def test_ME159_one_byte_over_the_room_of_the_message_is_refused_while_reading(
        self, send, writers, is_streamed
    ):
        key, doctor = uuid4(), writers.circle.doctor
        with unit_of_work(writers.database) as session:
            held = prepared(session, key, byte_size=MAX_TOTAL_BYTES - len(TEXT))
            attach_file(session, doctor, key, Typed(), held, now=writers.now)
        more = TEXT + b"a"
        answer = send(doctor, key, iter([more[:9], more[9:]]) if is_streamed else more)
        assert answer.status_code == 422
        assert "10\u00a0Mo au plus" in answer.json()["sentence"]
        assert len(rows(writers, StoredFile)) == 1
        assert send(doctor, key, iter([TEXT]) if is_streamed else TEXT).status_code == 200

    def test_S090_a_file_has_the_size_of_the_vault_at_most(self, send, writers):
        answer = send(writers.circle.doctor, uuid4(), b"a" * (MAX_BYTES + 1))
        assert answer.status_code == 422
        assert "5\u00a0Mo" in answer.json()["sentence"]
        assert rows(writers, MessageDraft) == []

    def test_S061_nobody_adds_to_a_draft_of_somebody_else(self, send, browser, writers):
        key, circle = uuid4(), writers.circle
        send(circle.doctor, key)
        with unit_of_work(writers.database) as session:
            admin = factories.make_administrator(session, writers.now)
        wrong = [send(who, key) for who in (circle.pharmacist, circle.patient_actor)]
        wrong += [send(circle.doctor, "no-key")]
        assert {answer.status_code for answer in wrong} == {404}
        assert len({answer.text for answer in wrong}) == 1
        assert send(admin, key).status_code == 403
        assert browser.post(SEND, content=TEXT).status_code == 401
        refused = send(circle.doctor, key, Origin="https://ailleurs.exemple.test")
        assert refused.status_code == 403
        assert len(rows(writers, MessageAttachment)) == 1

    def test_S062_a_reading_delegate_adds_nothing(self, browser, writers):
        circle = writers.circle
        with unit_of_work(writers.database) as session:
            secretary = factories.make_secretary(session, writers.now)
            delegation = factories.make_delegation(
                session, circle.doctor, secretary, DelegationScope.READ, now=writers.now
            )
        cookie = writers.cookie(secretary, delegation_id=delegation)
        named = {"X-File-Name": "a.txt", "X-Draft": str(uuid4())}
        answer = browser.post(SEND, content=TEXT, headers={**cookie, **named})
        assert answer.status_code == 403
        assert answer.json()["sentence"].startswith(sentence("delegation.out_of_scope"))
        assert rows(writers, StoredFile) == []


class TestOut:
    @pytest.fixture
    def piece(self, send, writers) -> UUID:
        """A file of a message of the doctor to the patient."""
        key, circle = uuid4(), writers.circle
        send(circle.doctor, key)
        with unit_of_work(writers.database) as session:
            write(session, circle.doctor, patient(circle.patient_id), now=writers.now, key=key)
            found: UUID = session.execute(select(col(MessageAttachment.id))).scalar_one()
            return found

    def test_ME137_whoever_holds_the_message_downloads_it(self, browser, writers, piece):
        cookie = writers.cookie(writers.circle.patient_actor)
        asked = browser.post(ASK, data={"attachment": str(piece)}, headers=cookie)
        assert asked.status_code == 303
        found = browser.get(asked.headers["location"], headers=cookie)
        assert (found.status_code, found.content) == (200, TEXT)
        assert "filename*=UTF-8''Bilan%20%C3%A9t%C3%A9.txt" in found.headers["content-disposition"]
        assert found.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in found.headers["content-security-policy"]

    def test_S061_others_get_the_answer_of_what_does_not_exist(self, browser, writers, piece):
        circle = writers.circle
        with unit_of_work(writers.database) as session:
            admin = factories.make_administrator(session, writers.now)
            other = factories.make_patient_actor(
                session, factories.make_patient(session, circle.stranger, now=writers.now)
            )
        mine = writers.cookie(circle.doctor)
        nowhere = browser.post(ASK, data={"attachment": str(uuid4())}, headers=mine)
        assert nowhere.status_code == 404
        for who in (circle.pharmacist, circle.stranger, other, admin):
            answer = browser.post(ASK, data={"attachment": str(piece)}, headers=writers.cookie(who))
            assert (answer.status_code, answer.content) == (404, nowhere.content)
        ticket = browser.post(ASK, data={"attachment": str(piece)}, headers=mine)
        stolen = browser.get(
            ticket.headers["location"], headers=writers.cookie(circle.patient_actor)
        )
        assert (stolen.status_code, stolen.content) == (404, nowhere.content)
