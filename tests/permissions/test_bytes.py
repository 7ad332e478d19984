"""Every cell of reading, asked of the byte endpoints, with links forged as only the portal could make them.

A forged link stands for the worst: one made while the reader still saw the document (S062, S099).
"""

from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from app import cookies
from app.authz.actor import system
from app.db import unit_of_work
from app.integrations.document_store import FolderStore, use_store
from app.services import session as sessions
from app.services.file_ticket import Use, write_ticket
from app.services.matrix import ensure_reference_matrix
from app.state.clock import utc_now
from tests.api.conftest import client, settings_env  # noqa: F401 - fixtures
from tests.permissions.cells import Outcome, cells
from tests.permissions.world import make_place, sign_in

pytestmark = pytest.mark.databases("sqlite")

READ = {"download": Use.DOWNLOAD, "page pictures": Use.PREVIEW}


@pytest.fixture
def store(tmp_path):
    kept = FolderStore(tmp_path / "documents")
    use_store(kept)
    yield kept
    use_store(None)


def link(database, cookie: str, use: Use, document_id: UUID) -> str:
    with unit_of_work(database) as session:
        found = sessions.look_up(session, cookie, now=utc_now())
        actor = found.actor if found else system("nobody")
        ticket = write_ticket(session, actor, use, document_id, now=utc_now())
    return (
        f"/api/documents/page/{ticket}/1" if use is Use.PREVIEW else f"/api/documents/file/{ticket}"
    )


def answer(browser: TestClient, cookie: str, path: str) -> tuple[int, bytes]:
    browser.cookies.clear()
    headers = {"Cookie": f"{cookies.SESSION}={cookie}"} if cookie else {}
    found = browser.get(path, headers=headers)
    return found.status_code, found.content


@pytest.mark.parametrize("reader", sorted({cell.reader for cell in cells()}))
def test_S060_every_byte_is_asked_for_again(reader, database, client, store):  # noqa: F811
    now = utc_now()
    with unit_of_work(database) as session:
        ensure_reference_matrix(session, system("test"), now=now)
        place = make_place(session, reader, now=now, store=store)
        signed_in = sign_in(session, place, now=now)
    wrong = {}
    for cell in cells():
        if cell.reader != reader or cell.act not in READ:
            continue
        cookie, use = signed_in[cell.object], READ[cell.act]
        asked = answer(client, cookie, link(database, cookie, use, place.documents[cell.object]))
        nowhere = answer(client, cookie, link(database, cookie, use, uuid4()))
        expected = (200, cell.object.encode() if use is Use.DOWNLOAD else b"picture")
        if cell.expected is Outcome.ABSENT:
            expected = nowhere  # S061: to the byte
            assert nowhere[0] != 200
        if asked != expected:
            wrong[str(cell)] = asked
    assert wrong == {}
