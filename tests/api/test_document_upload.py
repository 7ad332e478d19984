"""Files as they arrive (S090, S091, S098, S100, S101, ME-091 to ME-096)."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import cookies
from app.api import document_upload as api
from app.authz.actor import Actor, system
from app.db import unit_of_work, use_database
from app.errors import NotFound, RuleViolation, Unavailable
from app.integrations.document_store import FolderStore, Space, use_store
from app.integrations.file_check import MAX_BYTES
from app.integrations.scanner import open_scanner
from app.jobs import document_scan as scan_job, stored_file as store_job
from app.models.account import Account
from app.models.document import DocumentUpload, PatientCategory, ScanState, StoredFile, StoredText
from app.services import document_upload, session as sessions
from app.services.document_deposit import deposit
from app.services.document_description import NewDocument
from app.services.document_type import patient_type
from app.services.matrix import ensure_reference_matrix
from app.settings import get_settings
from app.state.clock import utc_now
from tests import factories
from tests.api.conftest import BASE
from tests.architecture.sources import ROOT
from tests.clamd import EICAR, Clamd, running

SAMPLES = ROOT.parent / "shared" / "data" / "uploads"
SEND = "/api/documents/uploads"
TEXT = "Créatinine marqueur 80 µmol/L".encode()

Send = Callable[..., object]


class People:
    """A patient with their doctor, a stranger, and a browser for each."""

    def __init__(self, database) -> None:
        self.database = database
        with unit_of_work(database) as session:
            ensure_reference_matrix(session, system("test"), now=factories.DEFAULT_NOW)
            self.doctor = factories.make_professional(session)
            self.stranger = factories.make_professional(session)
            self.patient_id = factories.make_patient(session, self.doctor)
            self.patient = factories.make_patient_actor(session, self.patient_id)

    def cookie(self, actor: Actor) -> str:
        with unit_of_work(self.database) as session:
            account = session.get_one(Account, actor.account_id)
            _, token = sessions.open_session(
                session, account, device="", address="testclient", now=utc_now()
            )
            return token


@pytest.fixture
def people(database) -> People:
    return People(database)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderStore]:
    folder = FolderStore(tmp_path / "documents")
    use_store(folder)
    yield folder
    use_store(None)


@pytest.fixture
def browser(database, settings_env, store) -> Iterator[TestClient]:
    use_database(database)
    with TestClient(
        Starlette(routes=api.routes), base_url=BASE, headers={"Origin": BASE}
    ) as client:
        yield client
    use_database(None)


@pytest.fixture
def send(browser, people) -> Send:
    def again(content=TEXT, name="Bilan été.txt", patient_id=None, **headers):
        named = {"X-File-Name": quote(name), "X-Patient": str(patient_id), **headers}
        return browser.post(SEND, content=content, headers=named)

    def post(*args, who=None, **kwargs):
        browser.cookies.set(cookies.SESSION, people.cookie(who or people.patient))
        return again(*args, **kwargs)

    post.again = again
    return post


@pytest.fixture
def rows(database):
    def read(model):
        with unit_of_work(database) as session:
            found = session.exec(select(model)).all()
            session.expunge_all()
            return found

    return read


def signed(actor: Actor) -> Actor:
    return replace(actor, session_id=UUID(int=1))


def objects(store: FolderStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


class TestUpload:
    def test_ME092_a_file_waits_for_its_form_sealed(self, send, people, rows, store):
        answer = send()
        assert answer.status_code == 200
        told = answer.json()
        assert (told["name"], told["format"]) == ("Bilan été", "TXT")
        assert "est prêt" in told["sentence"]
        assert not told["is_duplicate"]
        (upload,) = rows(DocumentUpload)
        assert (str(upload.id), upload.patient_id) == (told["id"], people.patient_id)
        assert upload.account_id == people.patient.account_id
        assert [row.text for row in rows(StoredText)] == [TEXT.decode()]
        (kept,) = objects(store)
        assert b"marqueur" not in kept.read_bytes()

    def test_ME094_tells_what_was_changed_and_keeps_a_picture_of_the_page(self, send, store):
        png = io.BytesIO()
        Image.new("RGB", (30, 20)).save(png, "PNG")
        told = send(png.getvalue(), "scan.png").json()
        assert told["format"] == "JPG"
        assert "enregistrée en JPG" in told["sentence"]
        assert len(objects(store)) == 2

    def test_a_professional_sends_for_a_patient_of_theirs(self, send, people, rows):
        assert send(who=people.doctor, patient_id=people.patient_id).status_code == 200
        assert rows(DocumentUpload)[0].account_id == people.doctor.account_id

    def test_S061_a_stranger_meets_a_patient_who_does_not_exist(self, send, people, rows):
        missing = UUID(int=1)
        answers = [
            send(who=people.stranger, patient_id=patient_id)
            for patient_id in (people.patient_id, missing, "no-key")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
        assert rows(StoredFile) == []

    def test_a_patient_sends_to_their_own_record_whatever_is_named(self, send, people, rows):
        assert send(patient_id=UUID(int=1)).status_code == 200
        assert rows(StoredFile)[0].patient_id == people.patient_id

    def test_S082_refuses_other_origins_and_whoever_is_not_signed_in(self, send, browser):
        assert send(Origin="https://ailleurs.exemple.test").status_code == 403
        browser.cookies.clear()
        assert browser.post(SEND, content=TEXT).status_code == 401

    @pytest.mark.parametrize("is_streamed", [False, True])
    def test_S090_refuses_one_byte_too_many_and_keeps_nothing(self, send, rows, store, is_streamed):
        content = b"a" * (MAX_BYTES + 1)
        chunks = (content[at : at + 100_000] for at in range(0, len(content), 100_000))
        answer = send(chunks if is_streamed else content)
        assert answer.status_code == 422
        assert answer.json()["sentence"] == (
            "Le fichier pèse 5,1\u00a0Mo. La taille maximale est de 5\u00a0Mo."
        )
        assert (rows(StoredFile), objects(store)) == ([], [])

    def test_S090_takes_the_last_byte_allowed(self, send):
        assert send(b"a" * MAX_BYTES).status_code == 200

    @pytest.mark.parametrize(
        ("content", "name", "word"),
        [(TEXT, "a.gif", "Formats"), (TEXT, "a.pdf", "nom"), (b"", "a.txt", "vide")],
    )
    def test_ME096_a_refusal_is_one_sentence(self, send, rows, content, name, word):
        answer = send(content, name)
        assert answer.status_code == 422
        assert word in answer.json()["sentence"]
        assert rows(StoredFile) == []

    def test_a_connection_cut_in_the_middle_leaves_nothing(self, browser, people, rows, store):
        cookie = f"{cookies.SESSION}={people.cookie(people.patient)}"
        headers = {"origin": BASE, "cookie": cookie, "x-file-name": "a.txt"}
        scope = {
            "type": "http",
            "method": "POST",
            "path": SEND,
            "query_string": b"",
            "client": ("testclient", 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        parts = iter(
            [
                {"type": "http.request", "body": TEXT, "more_body": True},
                {"type": "http.disconnect"},
            ]
        )
        sent = []

        async def receive():
            return next(parts)

        async def answer(message):
            sent.append(message)

        browser.portal.call(browser.app, scope, receive, answer)
        assert sent[0]["status"] == 400
        assert (rows(StoredFile), objects(store)) == ([], [])

    def test_the_same_content_again_is_noticed(self, send):
        assert not send().json()["is_duplicate"]
        again = send(name="copie.txt").json()
        assert again["is_duplicate"]
        assert "déjà dans ce dossier" in again["sentence"]


class TestSamples:
    @pytest.mark.parametrize("role", ["patient", "doctor"])
    def test_every_sample_gets_its_verdict_whoever_sends_it(self, send, people, rows, role):
        if not SAMPLES.exists():
            pytest.skip("the samples are not beside the repository")
        send(who=getattr(people, role), patient_id=people.patient_id)
        wrong, kept = {}, 1
        with (SAMPLES / "MANIFEST.csv").open(encoding="utf-8") as table:
            for row in csv.DictReader(table):
                path = SAMPLES / row["path"]
                answer = send.again(path.read_bytes(), path.name, people.patient_id)
                is_kept, expected = answer.status_code == 200, row["expect"]
                kept += is_kept
                if (
                    answer.status_code not in {200, 422}
                    or (expected.startswith("accept") and not is_kept)
                    or (expected.startswith("reject") and is_kept)
                ):
                    wrong[row["path"]] = answer.text
        assert wrong == {}
        assert len(rows(StoredFile)) == kept > 40


class TestRoom:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_S100_refuses_one_file_too_many(self, send, settings_env):
        settings_env.setenv("LIANE_PATIENT_FILES", "1")
        get_settings.cache_clear()
        assert send().status_code == 200
        answer = send(b"autre")
        assert answer.status_code == 422
        assert "1 fichiers" in answer.json()["sentence"]

    def test_S100_refuses_more_than_the_megabytes_of_a_patient(self, send, settings_env, store):
        settings_env.setenv("LIANE_PATIENT_MEGABYTES", "1")
        get_settings.cache_clear()
        assert send(b"a" * 600_000).status_code == 200
        answer = send(b"b" * 600_000)
        assert "1\u00a0Mo" in answer.json()["sentence"]
        assert len(objects(store)) == 1

    @pytest.mark.parametrize(
        "space", [Space(free=2**30 - 1, total=2**31), Space(free=2**31, total=2**36)]
    )
    def test_S100_refuses_when_the_disk_is_nearly_full(self, send, store, monkeypatch, space):
        monkeypatch.setattr(store, "free_space", lambda: space)
        answer = send()
        assert answer.status_code == 503
        assert "place" in answer.json()["sentence"]

    def test_a_store_that_does_not_answer_is_one_sentence(self, send, store, rows, monkeypatch):
        def put(key, body):
            raise Unavailable("document.store_unreachable")

        monkeypatch.setattr(store, "put", put)
        answer = send()
        assert answer.status_code == 503
        assert "ne répond pas" in answer.json()["sentence"]
        assert rows(StoredFile) == []

    def test_an_object_without_its_row_goes_again(self, send, store, monkeypatch):
        def keep(*_, **__):
            raise RuleViolation("document.quota_files", files=1)

        monkeypatch.setattr(document_upload, "keep_upload", keep)
        assert send().status_code == 422
        assert objects(store) == []


class TestDiscard:
    def test_one_forgets_ones_own_file_only(self, send, browser, people, rows, store):
        upload_id = send().json()["id"]
        path = f"{SEND}/{upload_id}/discard"
        browser.cookies.set(cookies.SESSION, people.cookie(people.doctor))
        refused, absent = browser.post(path), browser.post(f"{SEND}/{UUID(int=1)}/discard")
        assert (refused.status_code, refused.text) == (404, absent.text)
        browser.cookies.set(cookies.SESSION, people.cookie(people.patient))
        assert browser.post(path).status_code == 204
        assert rows(DocumentUpload) == []
        store_job.remove_released(store, system("upkeep"), now=utc_now())
        assert (rows(StoredFile), objects(store)) == ([], [])

    def test_a_file_without_a_form_is_forgotten_after_a_day(self, send, people, rows, database):
        send()
        with unit_of_work(database) as session:
            later = utc_now() + timedelta(hours=23)
            document_upload.forget_stale(session, system("upkeep"), now=later)
        assert len(rows(DocumentUpload)) == 1
        with unit_of_work(database) as session:
            later = utc_now() + timedelta(hours=25)
            document_upload.forget_stale(session, system("upkeep"), now=later)
        assert rows(DocumentUpload) == []
        assert rows(StoredFile)[0].released_at is not None

    def test_each_sees_their_own_files_alone(self, send, people, database):
        send()
        listed = {}
        with unit_of_work(database) as session:
            for actor in (people.patient, people.doctor):
                found = document_upload.list_uploads(
                    session, signed(actor), people.patient_id, now=utc_now()
                )
                listed[actor.account_id] = [upload.name for upload in found]
            stranger = signed(people.stranger)
            with pytest.raises(NotFound):
                document_upload.list_uploads(session, stranger, people.patient_id, now=utc_now())
        assert list(listed.values()) == [["Bilan été"], []]


class TestScanner:
    @pytest.fixture
    def clamd(self) -> Iterator[Clamd]:
        with running() as server:
            yield server

    @pytest.fixture(autouse=True)
    def _plugged_in(self, settings_env, clamd):
        settings_env.setenv("LIANE_CLAMD_URL", clamd.url)
        get_settings.cache_clear()

    def test_S101_a_harmless_file_is_kept(self, send, clamd, rows):
        assert send().status_code == 200
        assert clamd.seen == [TEXT]
        assert rows(StoredFile)[0].scan is ScanState.CLEAN

    def test_S101_a_harmful_file_is_refused(self, send, rows, store):
        answer = send(EICAR)
        assert answer.status_code == 422
        assert "antivirus" in answer.json()["sentence"]
        assert (rows(StoredFile), objects(store)) == ([], [])

    @pytest.mark.databases("sqlite", "postgresql")
    def test_S101_while_it_is_silent_files_wait_and_are_judged_later(
        self, send, clamd, rows, store, people, database
    ):
        clamd.is_silent = True
        told = send().json()
        assert "Analyse en cours" in told["sentence"]
        send(EICAR, "b.txt")
        assert {row.scan for row in rows(StoredFile)} == {ScanState.PENDING}
        scanner = open_scanner(get_settings())
        assert scan_job.once(scanner, store, system("scan")) == 0
        clamd.is_silent = False
        assert scan_job.once(scanner, store, system("scan")) == 2
        with unit_of_work(database) as session:
            states = session.exec(
                select(StoredFile.scan).order_by(col(StoredFile.created_at))
            ).all()
        assert states == [ScanState.CLEAN, ScanState.REFUSED]
        assert scan_job.once(scanner, store, system("scan")) == 0
        with unit_of_work(database) as session:
            patient, now = signed(people.patient), utc_now()
            listed = document_upload.list_uploads(session, patient, people.patient_id, now=now)
            assert [upload.is_infected for upload in listed] == [False, True]
            described = NewDocument("b", patient_type(PatientCategory.OTHER), date(2026, 1, 1))
            with pytest.raises(RuleViolation, match=r"file\.infected"):
                deposit(
                    session,
                    patient,
                    people.patient_id,
                    listed[1].id,
                    described,
                    key=uuid4(),
                    now=now,
                )
