"""Files as they arrive: raw bytes, judged apart, sealed, kept for their form (S090 to S101).

The name comes percent-encoded in a header, the patient's key in another: neither is in an address.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlmodel import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.api.acting import actor_of
from app.api.request import let_go, post_route
from app.authz.actor import Actor
from app.db import get_database, unit_of_work
from app.errors import AppError, Forbidden, NotAuthenticated, NotFound, RuleViolation, Unavailable
from app.i18n.document_upload import FORMAT_LABELS, notices, ready_sentence
from app.i18n.format import file_size
from app.i18n.messages import sentence_of
from app.integrations.document_store import get_store
from app.integrations.file_check import (
    MAX_BYTES,
    check_file,
    get_ready,
    kind_of_name,
    require_size,
)
from app.integrations.scanner import open_scanner
from app.services import document_upload, stored_file, throttle
from app.services.document_upload import Prepared, Upload
from app.services.fields import parse_key
from app.settings import get_settings
from app.state.clock import utc_now
from app.state.worker import to_writer

NAME, PATIENT = "x-file-name", "x-patient"
UPLOADS = throttle.Rule("document_upload", limit=300, window=timedelta(minutes=10))
# Bodies held at once, files judged at once, and how many may wait for a place: memory stays bounded
# whatever is sent (S092).
_READERS, _CHECKERS, _WAITING = 12, 2, 200
_PLACE_SECONDS, _IDLE_SECONDS, _BODY_SECONDS = 60.0, 30.0, 300.0
_LONGEST_NAME = 4_000
_STATUS: dict[type[AppError], int] = {
    NotAuthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Unavailable: 503,
}
_REFUSED, _CUT = 422, 400

_threads = ThreadPoolExecutor(_CHECKERS, thread_name_prefix="file-check")
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_queue = {"length": 0}


async def upload(request: Request) -> Response:
    """One file. Whatever is wrong is one sentence, and nothing of it is kept."""
    try:
        patient_id, name = await to_writer(_admit, request)
    except AppError as failure:
        await _forget_body(request)
        return _told(failure)
    try:
        async with _place():
            content = await _read_body(request)
            kept = await _judge_and_keep(request, patient_id, name, content)
    except AppError as failure:
        return _told(failure)
    except ClientDisconnect:
        return Response(status_code=_CUT)
    return JSONResponse(_described(kept), headers={"Cache-Control": "no-store"})


async def discard(request: Request) -> Response:
    """Forget a file that was sent and not used."""

    def work() -> None:
        upload_id = parse_key(request.path_params["upload_id"])
        if upload_id is None:
            raise NotFound("document.upload_gone")
        now = utc_now()
        with unit_of_work() as session:
            actor = actor_of(request, session, now=now)
            document_upload.discard_upload(session, actor, upload_id, now=now)

    try:
        await to_writer(work)
    except AppError as failure:
        return _told(failure)
    return Response(status_code=204)


def _admit(request: Request) -> tuple[UUID, str]:
    """Everything that can be refused before the body is read."""
    now = utc_now()
    failure: AppError | None = None
    with unit_of_work() as session:
        actor = actor_of(request, session, now=now)
        subject = str(actor.account_id)
        if throttle.blocked_until(session, UPLOADS, subject, now=now) is not None:
            raise RuleViolation("document.upload_pace")
        throttle.count(session, UPLOADS, subject, now=now)
        try:
            patient_id = _patient_of(request, actor)
            document_upload.require_room(session, actor, patient_id, now=now)
        except AppError as refusal:
            # Counted all the same.
            failure = refusal
    if failure is not None:
        raise failure
    name = unquote(request.headers.get(NAME, "")[:_LONGEST_NAME], errors="replace")
    kind_of_name(name)
    said = request.headers.get("content-length", "")
    if said.isdigit():
        require_size(int(said))
    document_upload.require_space(get_store())
    get_ready()
    return patient_id, name


def _patient_of(request: Request, actor: Actor) -> UUID:
    """Whose record: the one named, or one's own."""
    if actor.is_patient and actor.patient_id is not None:
        return actor.patient_id
    patient_id = parse_key(request.headers.get(PATIENT, ""))
    if patient_id is None:
        raise NotFound("patient.not_found")
    return patient_id


async def _read_body(request: Request) -> bytes:
    """The file, 5 242 880 bytes at most held, within the time a slow line needs."""
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while (part := await asyncio.wait_for(anext(stream, None), _IDLE_SECONDS)) is not None:
                size += len(part)
                if size > MAX_BYTES:
                    parts.clear()
                    await let_go(stream)
                    break
                parts.append(part)
    except TimeoutError:
        raise Unavailable("document.upload_cut") from None
    require_size(size)
    return b"".join(parts)


async def _judge_and_keep(request: Request, patient_id: UUID, name: str, content: bytes) -> Upload:
    store = get_store()

    def prepare() -> Prepared:
        checked = check_file(content, name)
        scanner = open_scanner(get_settings())
        keyring = get_database().keyring
        prepared = document_upload.prepare(keyring, scanner, patient_id, name, checked)
        stored_file.write_sealed(store, prepared.sealed)
        return prepared

    def keep(session: Session) -> Upload:
        now = utc_now()
        actor = actor_of(request, session, now=now)
        return document_upload.keep_upload(session, actor, patient_id, prepared, now=now)

    def record() -> Upload:
        try:
            with unit_of_work() as session:
                return keep(session)
        except Exception:
            # The object came first: without its row it goes again.
            sealed = prepared.sealed
            keys = [sealed.store_key, *(page.store_key for page in sealed.pages)]
            stored_file.drop_objects(store, keys)
            raise

    loop = asyncio.get_running_loop()
    prepared = await loop.run_in_executor(_threads, prepare)
    return await to_writer(record)


@asynccontextmanager
async def _place() -> AsyncIterator[None]:
    """One of the bodies held at once; whoever waits too long, or behind too many, is told so."""
    loop = asyncio.get_running_loop()
    places = _places.setdefault(loop, asyncio.Semaphore(_READERS))
    if _queue["length"] >= _WAITING:
        raise Unavailable("document.upload_busy")
    _queue["length"] += 1
    try:
        await asyncio.wait_for(places.acquire(), _PLACE_SECONDS)
    except TimeoutError:
        raise Unavailable("document.upload_busy") from None
    finally:
        _queue["length"] -= 1
    try:
        yield
    finally:
        places.release()


async def _forget_body(request: Request) -> None:
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            await let_go(request.stream())
    except (ClientDisconnect, TimeoutError):
        return


def _told(failure: AppError) -> Response:
    status = next((code for kind, code in _STATUS.items() if isinstance(failure, kind)), _REFUSED)
    return JSONResponse(
        {"sentence": f"{sentence_of(failure).removesuffix('.')}."},
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


def _described(kept: Upload) -> dict[str, object]:
    """What the browser shows beside the file."""
    return {
        "id": str(kept.id),
        "name": kept.name,
        "format": FORMAT_LABELS[kept.format],
        "size": file_size(kept.byte_size),
        "sentence": ready_sentence(kept),
        "notices": notices(kept),
        "is_duplicate": kept.is_duplicate,
    }


routes = [
    post_route("/api/documents/uploads", upload),
    post_route("/api/documents/uploads/{upload_id}/discard", discard),
]
