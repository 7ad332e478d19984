"""Vaults of ten, a hundred and a thousand documents: opened, filtered, searched, read; a file sent whole.

    python -m tests.bench.document

measures this alone.
"""

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import cycle
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pikepdf
from PIL import Image
from reflex_base.utils.format import format_event_handler
from sqlalchemy import insert
from sqlmodel import Session

from app import cookies, migrations
from app.authz.actor import Actor, system
from app.crypto import new_token
from app.db import keyring_of, open_database, unit_of_work
from app.integrations.document_store import FolderStore
from app.integrations.file_check import MAX_BYTES, check_file
from app.models.account import Account
from app.models.document import Document, DocumentWord, FileFormat, StoredFile, StoredText
from app.models.professional import Profession
from app.seeds import reference
from app.services import session as sessions, stored_file
from app.services.document_type import all_types
from app.services.stored_file import PagePicture
from app.services.text import fold, tokens
from app.settings import Settings
from app.state.clock import utc_now
from app.state.document_list import DocumentListState
from tests import factories
from tests.bench import steps
from tests.bench.processes import Processes
from tests.bench.report import Figure
from tests.bench.steps import Timing
from tests.live_client import HYDRATE, ON_LOAD, LiveClient
from tests.server import LiveServer, start

SIZES = (10, 100, 1_000)
YEARS = 20
AIM_P95 = 60
_READS = (
    "Opening a vault",
    "Filtering it",
    "Searching its text",
    "Reading a document and its first page",
    f"The doctor's table of {YEARS} years",
)
AIMS = {f"{name}, {size} documents": AIM_P95 for name in _READS for size in SIZES}
AIM_UPLOAD = 1.5
AIM_GROWTH_MB = 200
_WORDS = (
    "hémoglobine leucocytes plaquettes créatinine glycémie consultation ordonnance palbociclib "
    "radiographie thorax échographie abdominale tension artérielle vaccination contrôle surveillance"
).split()


@dataclass
class Vault:
    """One patient's documents, as they and their doctor open them."""

    size: int
    patient_id: UUID
    cookie: str
    doctor_cookie: str
    read: list[UUID] = field(default_factory=list)


@dataclass
class Measured:
    """Steps by vault, and figures of what was sent."""

    timings: list[Timing] = field(default_factory=list)
    upload: Timing = field(default_factory=lambda: Timing("Sending a file of 5 Mo, end to end"))
    bare: Timing = field(default_factory=lambda: Timing("  the same bytes to a bare endpoint"))
    decoding: Timing = field(default_factory=lambda: Timing("  its decoding alone"))
    growth_mb: float = 0.0

    @property
    def all_timings(self) -> list[Timing]:
        """Every step, what is read before what is sent."""
        return [*self.timings, self.upload, self.bare, self.decoding]

    @property
    def figures(self) -> list[Figure]:
        """What is not a duration."""
        return [
            Figure(
                "Sending a file, beside its bytes and decoding", self.upload_ratio, "×", AIM_UPLOAD
            ),
            Figure(
                "The serving process grows by, files sent at once",
                self.growth_mb,
                "MB",
                AIM_GROWTH_MB,
            ),
        ]

    @property
    def upload_ratio(self) -> float:
        """Sending one, beside its bytes and its decoding."""
        return self.upload.at(0.5) / (self.bare.at(0.5) + self.decoding.at(0.5))


def measure(folder: Path, *, quick: bool = False) -> Measured:
    """Make the vaults in an empty folder, serve them, and time what people do with them."""
    vaults = _make(folder / "data")
    server = start(folder / "data")
    try:
        running = Processes(server.process.pid)
        measured = asyncio.run(_time_vaults(server, vaults, running))
        _time_upload(server, vaults[0], measured, times=3 if quick else 12)
        measured.growth_mb = _growth(server, vaults[0], running)
    finally:
        server.stop()
    return measured


async def _time_vaults(server: LiveServer, vaults: list[Vault], running: Processes) -> Measured:
    measured = Measured()
    for vault in vaults:
        async with LiveClient(server.url, vault.cookie) as client:
            await client.visit("/documents")
            page = _Page(client, vault, server.url)
            runs = (page.open, page.narrow, page.search, page.read)
            for name, run in zip(_READS, runs, strict=False):
                timing = Timing(f"{name}, {vault.size} documents")
                await steps.time_step(timing, run, running, after=page.settle)
                measured.timings.append(timing)
            await page.close()
        async with LiveClient(server.url, vault.doctor_cookie) as client:
            path = f"/patients/{vault.patient_id}/documents"
            client.path = path
            await client.send(HYDRATE)
            await client.wait_for(lambda c: "browser" in c.fresh)
            page = _Page(client, vault, server.url, path)
            timing = Timing(f"{_READS[-1]}, {vault.size} documents")
            await steps.time_step(timing, page.open, running, after=page.settle)
            measured.timings.append(timing)
            await page.close()
    return measured


class _Page:
    """The documents of one vault in one tab."""

    def __init__(
        self, client: LiveClient, vault: Vault, url: str, path: str = "/documents"
    ) -> None:
        self.client, self.vault, self.path = client, vault, path
        self.http = httpx.AsyncClient(base_url=url, headers={"Cookie": vault.cookie})
        self.categories, self.words = cycle((1, 4, 5, 2)), cycle(_WORDS)
        self.documents = cycle(vault.read)

    async def open(self) -> None:
        await self._go(self.path)

    async def narrow(self) -> None:
        await self._go(f"{self.path}?categorie={next(self.categories)}")

    async def search(self) -> None:
        self.client.path = self.path
        self.client.fresh.clear()
        await self.client.send(SEARCH, typed=next(self.words))
        await self.client.wait_for(lambda c: "browser" in c.fresh)

    async def read(self) -> None:
        """The event that opens it, then the picture its page asks for."""
        key = next(self.documents)
        await self._go(f"{self.path}?document={key}", "preview")
        answer = await self.http.get(self.client.var("preview")["picture"])
        assert answer.status_code == httpx.codes.OK, answer.status_code

    async def settle(self) -> None:
        await self.client.wait_for(lambda c: c.var("is_hydrated"))

    async def close(self) -> None:
        await self.http.aclose()

    async def _go(self, path: str, shown: str = "browser") -> None:
        self.client.path = path
        self.client.fresh.clear()
        await self.client.send(ON_LOAD)
        await self.client.wait_for(lambda c: shown in c.fresh or c.fresh.get("error"))
        assert not self.client.var("error"), self.client.var("error")


SEARCH = format_event_handler(DocumentListState.search)


def _time_upload(server: LiveServer, vault: Vault, measured: Measured, *, times: int) -> None:
    """A PDF of 5 Mo: sent and kept; its bytes alone to an endpoint that reads and forgets; decoded alone."""
    headers = {"Cookie": vault.cookie, "Origin": server.url, "x-file-name": "bilan.pdf"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as http:
        for number in range(times + 2):
            content = _large_pdf(number)
            for timing, run in (
                (measured.upload, lambda content=content: _send(http, content)),
                (measured.bare, lambda content=content: _refused(http, content)),
                (measured.decoding, lambda content=content: check_file(content, "bilan.pdf")),
            ):
                started = time.perf_counter()
                run()
                if number > 1:
                    timing.durations.append((time.perf_counter() - started) * 1_000)


def _send(http: httpx.Client, content: bytes) -> None:
    answer = http.post("/api/documents/uploads", content=content)
    assert answer.status_code == httpx.codes.OK, answer.text


def _refused(http: httpx.Client, content: bytes) -> None:
    """The same bytes, read and let go: a name that no file of ours has."""
    answer = http.post(
        "/api/documents/uploads", content=content, headers={"x-file-name": "bilan.exe"}
    )
    assert answer.status_code != httpx.codes.OK


def _growth(server: LiveServer, vault: Vault, running: Processes) -> float:
    """How much the serving process grows while files of 5 Mo, and files that swell, are sent at once."""
    sizes = running.each_mb()
    serving = sizes.index(max(sizes))
    before = sizes[serving]
    swelling = BytesIO()
    Image.new("L", (8_000, 8_000), "white").save(swelling, "PNG")
    bodies = [("bilan.pdf", _large_pdf(99)), ("image.png", swelling.getvalue())] * 6
    most = 0.0

    async def send_all() -> None:
        headers = {"Cookie": vault.cookie, "Origin": server.url}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=120) as http:
            await asyncio.gather(
                *(
                    http.post(
                        "/api/documents/uploads",
                        content=body,
                        headers={"x-file-name": name},
                    )
                    for name, body in bodies
                )
            )

    async def watch() -> None:
        nonlocal most
        sending = asyncio.create_task(send_all())
        while not sending.done():
            most = max(most, running.each_mb()[serving])
            await asyncio.sleep(0.02)
        await sending

    asyncio.run(watch())
    return most - before


def _large_pdf(number: int) -> bytes:
    """A PDF just under the limit, with a picture that does not compress; each is another one."""
    made, random_bytes = pikepdf.new(), random.Random(number).randbytes(MAX_BYTES - 20_000)
    page = made.add_blank_page()
    page.Contents = made.make_stream(b"BT ET")
    page.obj[pikepdf.Name.Extra] = made.make_stream(random_bytes)
    body = BytesIO()
    made.save(body, compress_streams=False)
    content = body.getvalue()
    assert MAX_BYTES - 30_000 < len(content) <= MAX_BYTES
    return content


def _make(data_dir: Path) -> list[Vault]:
    database = open_database(Settings(data_dir=data_dir, mode="demo"))
    now = utc_now()
    try:
        migrations.upgrade(database)
        with unit_of_work(database) as session:
            reference.ensure(session, system("bench"), now=now)
            doctor = factories.make_professional(session, now, profession=Profession.DOCTOR)
            doctor_cookie = _sign_in(session, doctor)
            return [
                _vault(session, doctor, doctor_cookie, size, FolderStore(data_dir / "documents"))
                for size in SIZES
            ]
    finally:
        database.engine.dispose()


def _sign_in(session: Session, actor: Actor) -> str:
    account = session.get_one(Account, actor.account_id)
    _, token = sessions.open_session(
        session, account, device="bench", address="127.0.0.1", now=utc_now()
    )
    return f"{cookies.SESSION}={token}"


def _vault(
    session: Session, doctor: Actor, doctor_cookie: str, size: int, store: FolderStore
) -> Vault:
    """Documents over twenty years; ten of them with their bytes, to be read."""
    now, chosen = utc_now(), random.Random(size)
    patient_id = factories.make_patient(session, doctor, now=now)
    cookie = _sign_in(session, factories.make_patient_actor(session, patient_id, now))
    vault = Vault(size, patient_id, cookie, doctor_cookie)
    kinds = [kind.code for kind in all_types() if kind.code != "ATTEST-RESID"]
    checked = check_file(_small_pdf(), "bilan.pdf")
    assert checked.first_page is not None
    picture = checked.first_page
    pages: list[stored_file.SealedPage] = []
    rows: dict[type, list[dict[str, object]]] = {
        table: [] for table in (StoredFile, StoredText, Document, DocumentWord)
    }
    for number in range(size):
        sealed = None
        if number < 10:
            sealed = stored_file.seal_file(
                keyring_of(session),
                patient_id,
                checked.content,
                file_format=FileFormat.PDF,
                page_count=checked.page_count,
                pages=[PagePicture(1, picture.content, picture.width, picture.height)],
            )
            stored_file.write_sealed(store, sealed)
            pages += sealed.pages
        file = StoredFile(
            owner_id=patient_id,
            patient_id=patient_id,
            store_key=new_token(),
            format=FileFormat.PDF,
            byte_size=len(checked.content),
            page_count=checked.page_count,
            content_mac=uuid4().bytes,
            wrapped_key=b"-",
            key_id="-",
            created_at=now,
        )
        if sealed is not None:
            file.id, file.store_key = sealed.id, sealed.store_key
            file.wrapped_key, file.key_id = sealed.wrapped.sealed, sealed.wrapped.key_id
        text = " ".join(chosen.choices(_WORDS, k=60))
        title = f"{chosen.choice(_WORDS).capitalize()} {number}"
        day = date(2026, 6, 1) - timedelta(days=chosen.randrange(365 * YEARS))
        key = uuid4()
        document = Document(
            id=key,
            patient_id=patient_id,
            file_id=file.id,
            series_id=key,
            type_code=chosen.choice(kinds),
            title=title,
            title_sort=fold(title),
            document_date=day,
            professional_id=doctor.professional_id,
            deposited_by_id=doctor.account_id,
            depositor_name=doctor.name,
            depositor_sort=fold(doctor.name),
            deposited_at=now,
        )
        rows[StoredFile].append(file.model_dump())
        rows[StoredText].append({"file_id": file.id, "text": text})
        rows[Document].append(document.model_dump())
        rows[DocumentWord] += [
            {"patient_id": patient_id, "token": word, "document_id": key}
            for word in tokens(f"{title} {doctor.name} {text}")
        ]
        if sealed is not None:
            vault.read.append(key)
    for table, several in rows.items():
        session.execute(insert(table), several)
    for page in pages:
        stored_file.record_page(session, doctor, page)
    return vault


def _small_pdf() -> bytes:
    """A page of text, as a laboratory sends it."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    lines = "".join(f"({word}) Tj T* " for word in _WORDS if word.isascii())
    page.Contents = made.make_stream(f"BT /F1 12 Tf 14 TL 72 760 Td {lines}ET".encode())
    body = BytesIO()
    made.save(body)
    return body.getvalue()


def main() -> None:
    """Measure this alone."""
    with tempfile.TemporaryDirectory(prefix="liane-bench-") as folder:
        measured = measure(Path(folder))
    for timing in measured.all_timings:
        print(f"{timing.name}: p50 {timing.at(0.5):.1f} ms, p95 {timing.at(0.95):.1f} ms")
    print(f"upload over bytes and decoding: {measured.upload_ratio:.2f}")
    print(f"the serving process grew by {measured.growth_mb:.0f} MB")


if __name__ == "__main__":
    main()
