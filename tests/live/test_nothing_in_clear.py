"""A hundred words planted everywhere people write, and none of them in any file the product leaves (S123)."""

import asyncio
import secrets
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pikepdf
import pytest
from PIL import Image
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app import cookies
from app.authz.actor import Actor
from app.db import unit_of_work
from app.models.account import Account
from app.models.entry import ContactMode
from app.models.record_access import AccessKind
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services.document_deposit import deposit
from app.services.document_description import NewDocument
from app.services.document_query import DocumentFilter, list_documents
from app.services.fact import Fact
from app.services.session import open_session
from app.services.tolerance import record_tolerance
from app.state.clock import today, utc_now
from app.state.message_new import NewMessageState
from app.state.patient_list import PatientListState
from tests import factories
from tests.documents import REPORT, make_access
from tests.live_client import HYDRATE, LiveClient
from tests.messages import professional
from tests.server import LiveServer

PATIENTS, FILES = 15, 10
FIND = format_event_handler(PatientListState.search)
FIND_RECIPIENT = format_event_handler(NewMessageState.search)


class Planted:
    """Words nobody else uses, each planted once."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        self.words.append("zq" + "".join(secrets.choice("bcdfghjklmnp") for _ in range(10)))
        return self.words[-1]


def sign_in(session: Session, actor: Actor) -> str:
    account = session.get_one(Account, actor.account_id)
    _, token = open_session(session, account, device="", address="127.0.0.1", now=utc_now())
    return f"{cookies.SESSION}={token}"


def enrol(session: Session, doctor: Actor, planted: Planted) -> UUID:
    """A patient whose name, address, treatment, note and reason of an emergency are words of ours."""
    patient_id = factories.make_patient(
        session,
        doctor,
        now=utc_now(),
        birth_name=planted.word(),
        used_name=planted.word(),
        address=planted.word(),
        with_treatment=False,
    )
    treatment = factories.make_treatment(session, doctor, patient_id, label=planted.word())
    record_tolerance(
        session,
        doctor,
        patient_id,
        Fact(treatment, today(), ContactMode.PHONE, today(), planted.word()),
        domain=ToleranceDomain.GENERAL,
        patient_appreciation=PatientAppreciation.SLIGHT,
        grade=1,
        key=uuid4(),
        now=utc_now(),
    )
    return patient_id


def files(planted: Planted) -> list[tuple[str, bytes]]:
    """Names and contents as people send them: text, a picture with a comment, a PDF, and a refused one."""
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "JPEG", comment=planted.word().encode())
    pdf, made = BytesIO(), pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Title"] = planted.word()
    made.save(pdf)
    texts = [(f"{planted.word()}.txt", planted.word().encode()) for _ in range(FILES)]
    return [
        *texts,
        (f"{planted.word()}.jpg", picture.getvalue()),
        (f"{planted.word()}.pdf", pdf.getvalue()),
        (f"{planted.word()}.pdf", planted.word().encode()),
    ]


def send(http: httpx.Client, name: str, content: bytes, patient_id: UUID) -> str:
    answer = http.post(
        "/api/documents/uploads",
        content=content,
        headers={"x-file-name": quote(name), "x-patient": str(patient_id)},
    )
    return str(answer.json().get("id", ""))


def write_messages(http: httpx.Client, planted: Planted, recipient: str) -> None:
    """Sent, left as a draft and refused, each with a file; also what no page of ours sends."""
    for act, is_taken in (("send", True), ("draft", True), ("send", False)):
        key = str(uuid4())
        attached = http.post(
            "/api/messages/attachments",
            content=planted.word().encode(),
            headers={"x-file-name": quote(f"{planted.word()}.txt"), "x-draft": key},
        )
        assert attached.status_code == httpx.codes.OK, attached.text
        typed = {
            "draft_id": key,
            "subject": planted.word() if is_taken else 9 * planted.word(),
            "text": planted.word(),
            "recipients": [recipient],
            "revision": 1,
        }
        answer = http.post(f"/api/messages/{act}", json=typed)
        assert (answer.status_code == httpx.codes.OK) is is_taken, answer.text
        assert not http.post(f"/api/messages/{act}", content=planted.word()).is_success


async def look_for(server: LiveServer, cookie: str, words: list[str]) -> None:
    """Search on the page, and send what no page would."""
    async with LiveClient(server.url, cookie) as client:
        await client.visit("/patients?recherche=oui")
        for word in words:
            await client.send(FIND, typed=word)
            await client.send(FIND, typed={"not a text": word})
            await client.send(FIND, unknown=word)
            await client.send(FIND_RECIPIENT, typed=word)
        client.path = "/aide"
        await client.send(HYDRATE)
        await asyncio.sleep(0.5)


def in_clear(folder: Path, words: list[str]) -> set[str]:
    """Where a word stands as it is, in capitals, or in two bytes a letter."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        body = path.read_bytes()
        for word in words:
            spelled = (word, word.upper(), word.title())
            if any(
                each.encode(code) in body for each in spelled for code in ("utf-8", "utf-16-le")
            ):
                found.add(f"{path.relative_to(folder)}: {word}")
    return found


@pytest.fixture
def server(start_server, tmp_path) -> LiveServer:
    (tmp_path / "tmp").mkdir()
    return start_server(data_dir=tmp_path / "data", TMPDIR=str(tmp_path / "tmp"))


def test_S123_no_planted_word_is_found_in_any_file(server, tmp_path):
    planted = Planted()
    with server.database() as base, unit_of_work(base) as session:
        doctor = factories.make_professional(session, utc_now(), family_name=planted.word())
        patients = [enrol(session, doctor, planted) for _ in range(PATIENTS)]
        cookie = sign_in(session, doctor)
        stranger = factories.make_professional(session, utc_now())
        make_access(
            session,
            stranger,
            patients[0],
            AccessKind.EMERGENCY,
            utc_now() + timedelta(hours=1),
            utc_now(),
        )
    headers = {"Cookie": cookie, "Origin": server.url}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
        sent = [send(http, name, body, patients[0]) for name, body in files(planted)]
        for _ in range(3):
            form = {"form": "tolerance", "scope": "", "fields": {"note": planted.word()}}
            assert http.post("/api/drafts", json=form).status_code == httpx.codes.NO_CONTENT
        write_messages(http, planted, professional(stranger))
    assert len([key for key in sent if key]) == len(sent) - 1
    with server.database() as base, unit_of_work(base) as session:
        for key in filter(None, sent):
            new = NewDocument(planted.word(), REPORT, today())
            deposit(session, doctor, patients[0], UUID(key), new, key=uuid4(), now=utc_now())
        listed = list_documents(session, doctor, patients[0], DocumentFilter(), now=utc_now())
        assert len(listed.rows) == len(sent) - 1
    asyncio.run(look_for(server, cookie, [planted.word() for _ in range(5)]))
    assert len(planted.words) >= 100
    assert in_clear(tmp_path, planted.words) == set()
    assert server.stop() == 0
    assert in_clear(tmp_path, planted.words) == set()
    # The way of looking would find one.
    (tmp_path / "witness").write_text(planted.words[0].upper())
    assert in_clear(tmp_path, planted.words)
