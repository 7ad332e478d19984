"""The bytes of documents: for whoever may see them now, one answer for everybody else (S061, S062, S099)."""

import base64
import io
import logging
import zipfile
from asyncio import Semaphore
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pikepdf
import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app import cookies
from app.api import acting, document_file
from app.authz.actor import Actor, system
from app.db import Database, unit_of_work
from app.integrations.document_store import FolderStore, use_store
from app.models.account import Account
from app.models.care_link import CareLink
from app.models.document import Document, FileFormat, StoredFile, StoredPage
from app.models.journal import JournalEntry
from app.models.record_access import AccessBlock
from app.services import document_link, session as sessions, stored_file
from app.services.file_ticket import Use, write_ticket
from app.services.matrix import ensure_reference_matrix
from app.services.stored_file import PagePicture
from app.state.clock import utc_now
from tests import factories
from tests.api.conftest import BASE
from tests.documents import make_document

CONTENT = b"%PDF-1.7 contenu du document " * 300
PICTURE = PagePicture(1, b"\xff\xd8 image de la page un", 600, 800)


@pytest.fixture
def store(tmp_path):
    kept = FolderStore(tmp_path / "documents")
    use_store(kept)
    yield kept
    use_store(None)


class Record:
    """A patient of the doctor who is signed in, and of a colleague who deposits."""

    def __init__(self, database: Database, store: FolderStore, browser: TestClient) -> None:
        self.database, self.store = database, store
        with self.acting(browser) as (session, actor):
            ensure_reference_matrix(session, system("test"), now=utc_now())
            self.doctor = actor
            self.patient_id = factories.make_patient(session, actor)
            self.colleague = factories.make_professional(session, utc_now())
            factories.add_to_circle(session, actor, self.patient_id, self.colleague, now=utc_now())

    def acting(self, browser: TestClient) -> "_Work":
        return _Work(self.database, browser.cookies.get(cookies.SESSION))

    def deposit(
        self,
        content: bytes = CONTENT,
        title: str = "Compte rendu",
        *,
        by: Actor | None = None,
        page_count: int = 3,
        **values,
    ) -> UUID:
        """A document with its bytes, sealed in the store."""
        sealed = stored_file.seal_file(
            self.database.keyring,
            self.patient_id,
            content,
            file_format=FileFormat.PDF,
            page_count=page_count,
            pages=[PICTURE],
        )
        stored_file.write_sealed(self.store, sealed)
        with unit_of_work(self.database) as session:
            of_file = {
                "id": sealed.id,
                "store_key": sealed.store_key,
                "byte_size": sealed.byte_size,
                "page_count": page_count,
                "content_mac": sealed.content_mac,
                "wrapped_key": sealed.wrapped.sealed,
                "key_id": sealed.wrapped.key_id,
            }
            document_id = make_document(
                session,
                by or self.colleague,
                self.patient_id,
                title=title,
                of_file=of_file,
                **values,
            )
            for page in sealed.pages:
                stored_file.record_page(session, self.doctor, page)
        return document_id

    def flip_a_bit(self, document_id: UUID) -> None:
        with unit_of_work(self.database) as session:
            file_id = session.get_one(Document, document_id).file_id
            path = self.store.root / session.get_one(StoredFile, file_id).store_key
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 4
        path.write_bytes(bytes(body))

    def lines(self, action: str) -> list[JournalEntry]:
        with unit_of_work(self.database) as session:
            return list(
                session.exec(
                    select(JournalEntry)
                    .where(JournalEntry.action == action)
                    .order_by(col(JournalEntry.seq))
                )
            )


class _Work:
    """`with record.acting(browser) as (session, actor):` a piece of work as whoever the browser is."""

    def __init__(self, database: Database, token: str) -> None:
        self._unit, self._token = unit_of_work(database), token

    def __enter__(self) -> tuple[Session, Actor]:
        session = self._unit.__enter__()
        identity = sessions.look_up(session, self._token, now=utc_now())
        assert identity is not None
        return session, identity.actor

    def __exit__(self, *failure) -> None:
        self._unit.__exit__(*failure)


@pytest.fixture
def record(database: Database, store: FolderStore, signed_in: TestClient) -> Record:
    return Record(database, store, signed_in)


def ask(browser: TestClient, *documents: UUID):
    return browser.post(
        "/api/documents/download", data={"documents": " ".join(map(str, documents))}
    )


def addresses(record: Record, browser: TestClient, document_id: UUID) -> dict[str, str]:
    """A fresh link of each kind."""
    with record.acting(browser) as (session, actor):
        ticket = document_link.offer_preview(session, actor, document_id, now=utc_now())
    return {
        "download": ask(browser, document_id).headers["location"],
        "page": document_file.page_path(ticket, 1),
    }


class TestDownload:
    def test_S099_is_an_attachment_that_nothing_keeps_and_leaves_its_line(self, record, signed_in):
        document_id = record.deposit(title="Bilan d’été : « foie »")
        asked = ask(signed_in, document_id)
        assert asked.status_code == 303
        assert record.lines("document.downloaded") == []
        answer = signed_in.get(asked.headers["location"])
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["content-disposition"] == (
            'attachment; filename="Bilan dete _  foie .pdf"; '
            "filename*=UTF-8''Bilan%20d%E2%80%99%C3%A9t%C3%A9%20_%20%C2%AB%20foie%20%C2%BB.pdf"
        )
        (line,) = record.lines("document.downloaded")
        assert (line.object_id, line.patient_id) == (document_id, record.patient_id)
        assert (line.ground, line.result) == ("care_link", "ok")

    @pytest.mark.parametrize(
        "title",
        [
            "a\r\nSet-Cookie: x=1",
            'a"; filename="b.exe',
            "é" * 255,
            "facture\u202efdp.exe",
            "../../etc/passwd",
            "\u2028\x00",
        ],
        ids=["line", "quotes", "long", "direction", "folder", "nothing"],
    )
    def test_S098_a_hostile_name_stays_a_name(self, record, signed_in, title):
        document_id = record.deposit(b"x", title=title)
        answer = signed_in.get(ask(signed_in, document_id).headers["location"])
        value = answer.headers["content-disposition"]
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        plain, _, starred = value.removeprefix('attachment; filename="').partition('"; ')
        assert not set(plain) & set('"\\/\r\n;:')
        assert starred.startswith("filename*=UTF-8''")
        assert len(starred) < 800
        assert not any(mark in starred for mark in ("%0D", "%0A", "%E2%80%AE", "%2F", "%22", "%00"))
        assert starred.endswith(".pdf")

    def test_a_flipped_bit_is_one_sentence_and_an_alert(self, record, signed_in, caplog):
        good, spoilt = record.deposit(), record.deposit(b"autre" * 100)
        record.flip_a_bit(spoilt)
        with caplog.at_level(logging.CRITICAL, logger="liane.alert"):
            answer = signed_in.get(ask(signed_in, spoilt).headers["location"])
        assert answer.status_code == 503
        assert "a été altéré" in answer.text
        assert "attachment" not in answer.headers.get("content-disposition", "")
        assert len(caplog.records) == 1
        assert signed_in.get(ask(signed_in, good).headers["location"]).content == CONTENT

    def test_too_many_at_once_wait_then_are_told(self, record, signed_in, monkeypatch):
        document_id = record.deposit()
        monkeypatch.setattr(document_file, "_held", Semaphore(0))
        monkeypatch.setattr(document_file, "_WAIT_SECONDS", 0.05)
        answer = signed_in.get(ask(signed_in, document_id).headers["location"])
        assert answer.status_code == 503
        assert "Réessayez" in answer.text

    @pytest.mark.parametrize("kind", ["file", "page"])
    def test_S062_access_that_ends_while_one_waits_for_room_ends_it(
        self, record, signed_in, monkeypatch, kind
    ):
        document_id = record.deposit()
        address = ask(signed_in, document_id).headers["location"]
        if kind == "page":
            with record.acting(signed_in) as (session, actor):
                ticket = document_link.offer_preview(session, actor, document_id, now=utc_now())
            address = document_file.page_path(ticket, 1)

        @asynccontextmanager
        async def waited(places):
            with record.acting(signed_in) as (session, _):
                _block(session, record, document_id)
            yield

        monkeypatch.setattr(document_file, "_room", waited)
        answer = signed_in.get(address)
        assert answer.status_code == 404
        assert CONTENT not in answer.content


def _seen(answer) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """All that can be told of an answer."""
    return answer.status_code, answer.content, tuple(sorted(answer.headers.items()))


def _block(session: Session, record: Record, document_id: UUID) -> None:
    session.add(
        AccessBlock(
            patient_id=record.patient_id,
            professional_id=record.doctor.professional_id,
            was_member=True,
            blocked_at=utc_now(),
            blocked_by_id=record.colleague.account_id,
        )
    )


def _mask(session: Session, record: Record, document_id: UUID) -> None:
    session.get_one(Document, document_id).is_masked = True


def _delete(session: Session, record: Record, document_id: UUID) -> None:
    session.get_one(Document, document_id).deleted_at = utc_now()


def _leave(session: Session, record: Record, document_id: UUID) -> None:
    link = session.exec(
        select(CareLink).where(CareLink.professional_id == record.doctor.professional_id)
    ).one()
    link.ended_at = utc_now()


LOSSES = {"blocked": _block, "masked": _mask, "deleted": _delete, "out_of_the_circle": _leave}


class TestOneAnswerForAllThatIsNotTheirs:
    """S061, S062: what went wrong cannot be told from what never was."""

    @pytest.fixture
    def document_id(self, record) -> UUID:
        return record.deposit()

    def _never_was(self, record, browser, kind) -> bytes:
        with record.acting(browser) as (session, actor):
            use = Use.DOWNLOAD if kind == "download" else Use.PREVIEW
            ticket = write_ticket(session, actor, use, uuid4(), now=utc_now())
        path = {
            "download": document_file.download_path(ticket),
            "page": document_file.page_path(ticket, 1),
        }
        return _seen(browser.get(path[kind]))

    def _lose(self, change: Callable[[Session, Record, UUID], None], record, document_id) -> None:
        with unit_of_work(record.database) as session:
            change(session, record, document_id)

    @pytest.mark.parametrize("kind", ["download", "page"])
    @pytest.mark.parametrize("loss", ["blocked", "masked", "deleted", "out_of_the_circle"])
    def test_S062_once_access_ended(self, record, signed_in, document_id, kind, loss):
        path = addresses(record, signed_in, document_id)[kind]
        assert signed_in.get(path).status_code == 200
        path = addresses(record, signed_in, document_id)[kind]
        self._lose(LOSSES[loss], record, document_id)
        before = len(record.lines("document.downloaded"))
        refused = _seen(signed_in.get(path))
        assert refused == self._never_was(record, signed_in, kind)
        assert refused[0] == 404
        assert len(record.lines("document.downloaded")) == before
        assert _seen(ask(signed_in, document_id)) == _seen(ask(signed_in, uuid4()))

    @pytest.mark.parametrize("kind", ["download", "page"])
    def test_S099_later_than_60_seconds(self, record, signed_in, document_id, kind, monkeypatch):
        path = addresses(record, signed_in, document_id)[kind]
        for seconds, status in ((58, 200), (61, 404)):
            later = utc_now() + timedelta(seconds=seconds)
            monkeypatch.setattr(acting, "utc_now", lambda later=later: later)
            answer = signed_in.get(path)
            assert answer.status_code == status
        assert _seen(answer) == self._never_was(record, signed_in, kind)

    @pytest.mark.parametrize("kind", ["download", "page"])
    def test_S099_somebody_elses_even_of_the_same_circle(
        self, record, signed_in, document_id, kind, client
    ):
        path = addresses(record, signed_in, document_id)[kind]
        never_was = self._never_was(record, signed_in, kind)
        with unit_of_work(record.database) as session:
            account = session.get_one(Account, record.colleague.account_id)
            token = sessions.open_session(session, account, device="", address="", now=utc_now())[1]
        stranger = TestClient(
            signed_in.app, base_url=BASE, headers={"Origin": BASE}, follow_redirects=False
        )
        stranger.cookies.set(cookies.SESSION, token)
        assert ask(stranger, document_id).status_code == 303
        assert _seen(stranger.get(path)) == never_was
        stranger.cookies.clear()
        assert _seen(stranger.get(path)) == never_was

    @pytest.mark.parametrize("kind", ["download", "page"])
    def test_S099_a_ticket_changed_anywhere_or_meant_for_another_use(
        self, record, signed_in, document_id, kind
    ):
        paths = addresses(record, signed_in, document_id)
        ticket = paths[kind].split("/")[4]
        other = paths["page" if kind == "download" else "download"].split("/")[4]
        body = base64.urlsafe_b64decode(ticket)
        flipped = [
            base64.urlsafe_b64encode(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]).decode()
            for at in (0, 1, 16, 20, 21, 50)
        ]
        wrong = [*flipped, other, ticket[:-4], f"{ticket}AAAA", f"{ticket}!", "é", "a" * 5000]
        answers = {_seen(signed_in.get(paths[kind].replace(ticket, each))) for each in wrong}
        assert answers == {self._never_was(record, signed_in, kind)}
        assert signed_in.get(paths[kind]).status_code == 200


class TestPages:
    def test_S099_the_kept_picture_is_shown_without_another_line(self, record, signed_in):
        path = addresses(record, signed_in, record.deposit())["page"]
        answer = signed_in.get(path)
        assert (answer.content, answer.headers["content-type"]) == (PICTURE.body, "image/jpeg")
        assert answer.headers["cache-control"] == "no-store"
        assert record.lines("document.downloaded") == record.lines("document.read") == []
        beyond = path.rpartition("/")[0]
        assert signed_in.get(f"{beyond}/4").status_code == 404
        assert signed_in.get(f"{beyond}/0").status_code == 404

    def test_another_page_is_drawn_once_and_kept_sealed(
        self, record, signed_in, store, monkeypatch
    ):
        made = io.BytesIO()
        with pikepdf.new() as pdf:
            for _ in range(2):
                pdf.add_blank_page(page_size=(200, 300))
            pdf.save(made)
        document_id = record.deposit(made.getvalue(), page_count=2)
        path = addresses(record, signed_in, document_id)["page"].rpartition("/")[0] + "/2"
        drawn = signed_in.get(path)
        assert drawn.status_code == 200
        assert drawn.content.startswith(b"\xff\xd8\xff")
        monkeypatch.setattr("app.services.document_picture.render_page", None)
        assert signed_in.get(path).content == drawn.content
        with unit_of_work(record.database) as session:
            pages = session.exec(select(StoredPage.page).order_by(StoredPage.page)).all()
        assert pages == [1, 2]
        kept = [each.read_bytes() for each in store.root.rglob("*") if each.is_file()]
        assert not any(body.startswith(b"\xff\xd8") for body in kept)


class TestArchive:
    def test_several_at_once_with_a_line_each_and_what_is_spoilt_named(
        self, record, signed_in, store
    ):
        ids = [
            record.deposit(b"un" * 2000, title="Bilan", document_date=date(1975, 5, 4)),
            record.deposit(b"deux" * 2000, title="Bilan"),
            record.deposit(b"trois" * 2000, title="Radio"),
        ]
        record.flip_a_bit(ids[2])
        answer = ask(signed_in, *ids)
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["content-disposition"].startswith('attachment; filename="documents')
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["Bilan.pdf", "Bilan (2).pdf", "LISEZ-MOI.txt"]
            assert archive.read("Bilan (2).pdf") == b"deux" * 2000
            assert "altéré" in archive.read("LISEZ-MOI.txt").decode()
        assert [line.object_id for line in record.lines("document.downloaded")] == ids

    def test_S061_one_that_is_not_theirs_refuses_all_as_one_that_is_not(self, record, signed_in):
        mine, gone = record.deposit(), record.deposit(is_masked=True)
        answers = {_seen(ask(signed_in, mine, each)) for each in (gone, uuid4(), UUID(int=0))}
        assert answers == {_seen(ask(signed_in))}
        assert record.lines("document.downloaded") == []

    def test_S062_access_that_ends_while_it_is_sent_ends_it(self, record, signed_in, monkeypatch):
        first, second = record.deposit(title="Un"), record.deposit(title="Deux")
        real = stored_file.read_content

        def read_then_mask(*arguments):
            with unit_of_work(record.database) as session:
                session.get_one(Document, second).is_masked = True
            return real(*arguments)

        monkeypatch.setattr(stored_file, "read_content", read_then_mask)
        with zipfile.ZipFile(io.BytesIO(ask(signed_in, first, second).content)) as archive:
            assert archive.namelist() == ["Un.pdf", "LISEZ-MOI.txt"]
        assert [line.object_id for line in record.lines("document.downloaded")] == [first]

    def test_too_many_are_told(self, record, signed_in, monkeypatch):
        monkeypatch.setattr(document_link, "MOST_AT_ONCE", 1)
        answer = ask(signed_in, record.deposit(), record.deposit())
        assert answer.status_code == 422
        assert "200 documents au plus" in answer.text
