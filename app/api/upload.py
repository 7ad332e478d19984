"""One file as raw bytes (S090 to S101): admitted, read, judged apart, sealed, then its rows written.

Whoever takes files says who may send them and where they are kept; all the rest is the same for all. The name
comes percent-encoded in a header, what it is for in others: nothing of it is in an address.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import unquote
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlmodel import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.api.acting import actor_of
from app.api.request import let_go
from app.authz.actor import Actor
from app.db import get_database, unit_of_work
from app.errors import AppError, Forbidden, NotAuthenticated, NotFound, RuleViolation, Unavailable
from app.i18n.messages import sentence_of
from app.integrations.document_store import get_store
from app.integrations.file_check import MAX_BYTES, get_ready, kind_of_name, require_size
from app.services import document_upload, throttle
from app.services.document_upload import Prepared
from app.state.clock import utc_now
from app.state.worker import to_checker, to_writer

NAME = "x-file-name"
UPLOADS = throttle.Rule("document_upload", limit=300, window=timedelta(minutes=10))
# Bodies held at once, and how many may wait for a place: memory stays bounded whatever is sent (S092).
_READERS, _WAITING = 12, 200
_PLACE_SECONDS, _IDLE_SECONDS, _BODY_SECONDS = 60.0, 30.0, 300.0
_LONGEST_NAME = 4_000
_STATUS: dict[type[AppError], int] = {
    NotAuthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Unavailable: 503,
}
_REFUSED, _CUT = 422, 400

_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_queue = {"length": 0}

# What the browser shows beside the file.
Told = dict[str, object]
Keep = Callable[[Session, Actor, "Destination", Prepared, datetime], Told]


@dataclass(frozen=True)
class Destination:
    """Where a file is going. `room`: bytes it may have at most, one more being `too_heavy`."""

    owner_id: UUID
    is_of_record: bool = True
    room: int = MAX_BYTES
    too_heavy: str = ""


Admit = Callable[[Request, Session, Actor, datetime], Destination]


async def take_file(request: Request, admit: Admit, keep: Keep) -> Response:
    """One file. Whatever is wrong is one sentence, and nothing of it is kept."""
    try:
        destination, name = await to_writer(_admit, request, admit)
    except AppError as failure:
        await _forget_body(request)
        return told(failure)
    try:
        async with _place():
            content = await _read_body(request, destination)
            kept = await _judge_and_keep(request, keep, destination, name, content)
    except AppError as failure:
        return told(failure)
    except ClientDisconnect:
        return Response(status_code=_CUT)
    return JSONResponse(kept, headers={"Cache-Control": "no-store"})


def _admit(request: Request, admit: Admit) -> tuple[Destination, str]:
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
            destination = admit(request, session, actor, now)
        except AppError as refusal:
            # Counted all the same.
            failure = refusal
    if failure is not None:
        raise failure
    name = unquote(request.headers.get(NAME, "")[:_LONGEST_NAME], errors="replace")
    kind_of_name(name)
    said = request.headers.get("content-length", "")
    if said.isdigit():
        _require_size(int(said), destination)
    document_upload.require_space(get_store())
    get_ready()
    return destination, name


def _require_size(size: int, destination: Destination) -> None:
    require_size(size)
    if size > destination.room:
        raise RuleViolation(destination.too_heavy)


async def _read_body(request: Request, destination: Destination) -> bytes:
    """The file, no more bytes held than it may have, within the time a slow line needs."""
    most = min(MAX_BYTES, destination.room)
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while (part := await asyncio.wait_for(anext(stream, None), _IDLE_SECONDS)) is not None:
                size += len(part)
                if size > most:
                    parts.clear()
                    await let_go(stream)
                    break
                parts.append(part)
    except TimeoutError:
        raise Unavailable("document.upload_cut") from None
    _require_size(size, destination)
    return b"".join(parts)


async def _judge_and_keep(
    request: Request, keep: Keep, destination: Destination, name: str, content: bytes
) -> Told:
    store = get_store()
    receive = partial(
        document_upload.receive,
        get_database().keyring,
        store,
        destination.owner_id,
        name,
        content,
        is_of_record=destination.is_of_record,
    )

    def record() -> Told:
        now = utc_now()
        try:
            with unit_of_work() as session:
                actor = actor_of(request, session, now=now)
                return keep(session, actor, destination, prepared, now)
        except Exception:
            # The object came first: without its row it goes again.
            document_upload.take_back(store, prepared)
            raise

    prepared = await to_checker(receive)
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


def told(failure: AppError) -> Response:
    """Why a file was not taken."""
    status = next((code for kind, code in _STATUS.items() if isinstance(failure, kind)), _REFUSED)
    return JSONResponse(
        {"sentence": f"{sentence_of(failure).removesuffix('.')}."},
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )
