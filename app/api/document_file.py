"""The bytes of documents and of files of messages (S099): one, several in a ZIP, the pictures of pages.

Asked again at each request. What may not be seen, does not exist, comes too late or was meant for somebody
else has one answer, byte for byte (S061). Files are read and opened in threads of their own, a bounded number
at a time, so that neither the pages nor the memory of the process pay for them.
"""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial
from html import escape
from io import RawIOBase
from typing import Any, TypeVar
from uuid import UUID

import anyio
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.api.acting import act, look
from app.api.attachment import HEADERS, MEDIA, attachment, file_name
from app.api.request import Handler, post_route, read_form, redirect
from app.authz.actor import Actor
from app.components.assets import asset
from app.db import get_database, unit_of_work
from app.errors import AppError, NotFound, Unavailable
from app.i18n.document_file import ARCHIVE_NAME, BACK, LEFT_OUT_NAME, NO_FILE, left_out
from app.i18n.messages import sentence_of
from app.integrations.document_store import get_store
from app.services import (
    document_link,
    document_picture,
    message_attachment_reading as message_file,
    stored_file,
)
from app.services.document_link import Fetched, PageSource
from app.services.file_ticket import Use, read_ticket
from app.services.stored_file import FileRef
from app.state.base import parse_id

T = TypeVar("T")

DOWNLOAD = "/api/documents/file/{ticket}"
PAGE = "/api/documents/page/{ticket}/{page}"
_MISSING = NotFound("document.not_found")
_FETCHED = {
    Use.DOWNLOAD: document_link.fetch_document,
    Use.ATTACHMENT_DOWNLOAD: message_file.fetch_attachment,
}
_SHOWN = {
    Use.PREVIEW: document_link.access_page,
    Use.ATTACHMENT_PREVIEW: message_file.access_page,
}
_FIRST_DAY = date(1980, 1, 1)  # of archives
# A file is held in memory until it is sent: so many at once, so long for somebody whose line is slow.
_HELD, _ARCHIVES, _WAIT_SECONDS = 16, 4, 10.0
_SEND_SECONDS, _ARCHIVE_SECONDS = 120, 900
_reading = ThreadPoolExecutor(4, thread_name_prefix="file")
_drawing = ThreadPoolExecutor(2, thread_name_prefix="picture")
_held, _archives = asyncio.Semaphore(_HELD), asyncio.Semaphore(_ARCHIVES)


def download_path(ticket: str) -> str:
    """The address of a download, for 60 s."""
    return DOWNLOAD.format(ticket=ticket)


def page_path(ticket: str, page: int) -> str:
    """The address of the picture of a page, for 60 s."""
    return PAGE.format(ticket=ticket, page=page)


class _Bounded(Response):
    """An answer made only once there is room for its bytes, which leave memory once they are sent."""

    def __init__(
        self, make: Callable[[], Awaitable[Response]], room: asyncio.Semaphore, seconds: float
    ) -> None:
        self._make, self._places, self._seconds = make, room, seconds
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for room, make the answer, send it, for so long at most."""
        try:
            async with _room(self._places):
                answer = await self._make()
                with anyio.move_on_after(self._seconds):
                    await answer(scope, receive, send)
        except AppError as failure:
            await _told(failure)(scope, receive, send)


async def ask_download(request: Request) -> Response:
    """« Télécharger » one document, or several as a ZIP: `documents` holds their ids, a space between."""
    form = await read_form(request)
    wanted = list(dict.fromkeys(parse_id(word) for word in form.get("documents", "").split()))
    if len(wanted) != 1:
        return await _archive(request, wanted)

    def offer(session: Session, actor: Actor, now: datetime) -> str:
        return document_link.offer_download(session, actor, wanted[0], now=now)

    return redirect(download_path(await look(request, offer)))


async def ask_attachment(request: Request) -> Response:
    """« Télécharger » a file of a message: `attachment` holds its id."""
    wanted = parse_id((await read_form(request)).get("attachment", ""))

    def offer(session: Session, actor: Actor, now: datetime) -> str:
        return message_file.offer_download(session, actor, wanted, now=now)

    return redirect(download_path(await look(request, offer)))


async def download(request: Request) -> Response:
    """A file, to be saved: its line is written before its bytes leave."""
    ticket = request.path_params["ticket"]

    def fetch(session: Session, actor: Actor, now: datetime) -> Fetched:
        use, thing = read_ticket(session, actor, ticket, now=now)
        if use not in _FETCHED:
            raise _MISSING
        return _FETCHED[use](session, actor, thing, now=now)

    async def send() -> Response:
        # Asked once there is room: access may have ended while one waited for it (S062).
        found = await act(request, fetch)
        headers = HEADERS | {"Content-Disposition": attachment(_name(found))}
        content = await _in(_reading, _content, found.file)
        return Response(content, headers=headers, media_type=MEDIA[found.file.format])

    return _Bounded(send, _held, _SEND_SECONDS)


async def show_page(request: Request) -> Response:
    """The picture of a page of a preview under way."""
    ticket, page = request.path_params["ticket"], request.path_params["page"]

    def access(session: Session, actor: Actor, now: datetime) -> tuple[PageSource, Actor]:
        use, thing = read_ticket(session, actor, ticket, now=now)
        if use not in _SHOWN:
            raise _MISSING
        return _SHOWN[use](session, actor, thing, page, now=now), actor

    async def send() -> Response:
        source, actor = await look(request, access)
        return Response(await _picture(source, actor), headers=HEADERS, media_type="image/jpeg")

    return _Bounded(send, _held, _SEND_SECONDS)


async def _picture(source: PageSource, actor: Actor) -> bytes:
    keyring, store = get_database().keyring, get_store()
    found = await _in(_reading, document_picture.read_picture, keyring, store, source)
    if found is None:
        found = await _in(_drawing, document_picture.make_picture, keyring, store, source)
        if found.made is not None:
            await _in(_reading, _record_page, actor, found.made)
    return found.body


def _record_page(actor: Actor, made: stored_file.SealedPage) -> None:
    with unit_of_work() as session:
        stored_file.record_page(session, actor, made)


async def _archive(request: Request, wanted: list[UUID]) -> Response:
    def check(session: Session, actor: Actor, now: datetime) -> None:
        document_link.require_all(session, actor, wanted, now=now)

    await look(request, check)
    headers = HEADERS | {"Content-Disposition": attachment(ARCHIVE_NAME)}

    async def send() -> Response:
        return StreamingResponse(
            _zipped(request, wanted), headers=headers, media_type="application/zip"
        )

    return _Bounded(send, _archives, _ARCHIVE_SECONDS)


async def _zipped(request: Request, wanted: list[UUID]) -> AsyncIterator[bytes]:
    """Piece by piece, one file in memory at a time, each asked for and noted as its turn comes (S062)."""
    sink, missing = _Sink(), []
    archive = zipfile.ZipFile(sink, "w")
    for document_id in wanted:
        try:
            found = await act(request, partial(_fetch, document_id))
            content = await _in(_reading, _content, found.file)
        except AppError as failure:
            missing.append(sentence_of(_shown(failure)).rstrip("."))
            continue
        archive.writestr(_entry(_free_name(archive, _name(found)), found), content)
        yield sink.taken()
    if missing:
        archive.writestr(LEFT_OUT_NAME, left_out(missing))
    archive.close()
    yield sink.taken()


def _fetch(document_id: UUID, session: Session, actor: Actor, now: datetime) -> Fetched:
    return document_link.fetch_document(session, actor, document_id, now=now)


class _Sink(RawIOBase):
    """What an archive is written to and taken from at once. It cannot go back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Hold some bytes until they are taken."""
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._held)
        self._held.clear()
        return piece


def _entry(name: str, found: Fetched) -> zipfile.ZipInfo:
    day = max(found.document_date, _FIRST_DAY)
    return zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))


def _free_name(archive: zipfile.ZipFile, name: str) -> str:
    """The name, or `name (2)` when another document of the archive bears it."""
    stem, _, extension = name.rpartition(".")
    taken, number, free = set(archive.namelist()), 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}).{extension}"
    return free


def _name(found: Fetched) -> str:
    return file_name(found.title, found.extension)


def _content(file: FileRef) -> bytes:
    return stored_file.read_content(get_database().keyring, get_store(), file)


async def _in(pool: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, partial(work, *arguments))


@asynccontextmanager
async def _room(places: asyncio.Semaphore) -> AsyncIterator[None]:
    try:
        await asyncio.wait_for(places.acquire(), _WAIT_SECONDS)
    except TimeoutError:
        raise Unavailable("document.busy") from None
    try:
        yield
    finally:
        places.release()


def _shown(failure: AppError) -> AppError:
    """What may be told: our own trouble, a page that cannot be drawn, or that there is no such thing."""
    is_ours = isinstance(failure, Unavailable) or failure.code.startswith("file.")
    return failure if is_ours or failure.code == "document.too_many_files" else _MISSING


def _told(failure: AppError) -> Response:
    """One sentence on a page of its own."""
    shown = _shown(failure)
    words = f"{sentence_of(shown).rstrip('.')}."
    return HTMLResponse(
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{asset("favicon.svg")}"><title>{NO_FILE}</title></head>'
        f'<body><p>{escape(words)}</p><p><a href="/">{BACK}</a></p></body></html>',
        status_code=_status(shown),
        headers={"Cache-Control": "no-store"},
    )


def _status(shown: AppError) -> int:
    if shown is _MISSING:
        return 404
    return 503 if isinstance(shown, Unavailable) else 422


def _answering(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except AppError as failure:
            return _told(failure)

    return answer


routes = [
    post_route("/api/documents/download", _answering(ask_download)),
    post_route("/api/messages/attachments/download", _answering(ask_attachment)),
    Route(DOWNLOAD, _answering(download), methods=["GET"]),
    Route(PAGE.replace("{page}", "{page:int}"), _answering(show_page), methods=["GET"]),
]
