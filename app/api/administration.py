"""What administrators download: every post checks who they are and leaves its line (S082, S099, S130)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.api.acting import identity_of
from app.api.request import Refused, post_route, read_form, redirect
from app.authz.actor import ANONYMOUS, Actor
from app.db import reading, unit_of_work
from app.errors import AppError
from app.homes import SIGN_IN_PAGE
from app.i18n.document_statistic import csv_cells as deposit_cells, csv_heads as deposit_heads
from app.i18n.journal_search import cells, heads
from app.i18n.legal_text import proof_cells, proof_heads
from app.services import form_reply, session as sessions
from app.services.document_statistic import export_months
from app.services.fields import parse_key
from app.services.instance import change_instance, read_logo
from app.services.journal import last_seq
from app.services.journal_search import EXPORT_MAX, JournalFilter, begin_export, export_page
from app.services.legal_text_admin import export_acceptances
from app.services.picture import MAX_BYTES
from app.services.registration_contract import read_scan
from app.state.base import NOBODY
from app.state.clock import utc_now
from app.state.instance import FORM, PAGE
from app.state.journal_search import read_filter

NOT_FOUND = 404
_MAX_MULTIPART = 262_144
_MAX_KEPT = 254
# Shown in a page, and harmless if opened by itself.
_LOGO_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
}
_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """A file to save, never kept by the browser (S055)."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


async def answer(request: Request, work: Callable[[Session, Actor], Response]) -> Response:
    """Do something for the person of the cookie, in one unit of work; refusals look like absence."""

    def act() -> Response:
        now = utc_now()
        with unit_of_work() as session:
            identity = identity_of(request, session, now=now)
            if identity is None:
                return redirect(SIGN_IN_PAGE)
            return work(session, identity.actor)

    try:
        return await run_in_threadpool(act)
    except AppError:
        return Response(status_code=NOT_FOUND)


def csv_line(cells: Iterable[str]) -> bytes:
    """One line of a table for a spreadsheet, in which no cell is taken for a formula."""
    written = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(written, delimiter=";").writerow(safe)
    return written.getvalue().encode()


def _csv(heads: list[str], rows: Iterable[list[str]], name: str) -> Response:
    content = b"".join(csv_line(line) for line in (heads, *rows))
    return attachment(b"\xef\xbb\xbf" + content, "text/csv; charset=utf-8", name)


async def contract(request: Request) -> Response:
    """The scan of a contract signed by hand, for whoever checks the registration."""
    form = await read_form(request)
    registration_id = parse_key(form.get("registration_id", "")) or NOBODY

    def work(session: Session, actor: Actor) -> Response:
        media_type, content = read_scan(session, actor, registration_id, now=utc_now())
        return attachment(content, media_type, f"contrat.{_EXTENSIONS.get(media_type, 'bin')}")

    return await answer(request, work)


async def acceptances(request: Request) -> Response:
    """The proofs of acceptance of one version, as a table."""
    form = await read_form(request)
    text_id = parse_key(form.get("text_id", "")) or NOBODY

    def work(session: Session, actor: Actor) -> Response:
        rows = export_acceptances(session, actor, text_id, now=utc_now())
        return _csv(proof_heads(), map(proof_cells, rows), "acceptations.csv")

    return await answer(request, work)


async def statistics(request: Request) -> Response:
    """Deposits by month and type, as a table."""
    await read_form(request)

    def work(session: Session, actor: Actor) -> Response:
        lines = export_months(session, actor, now=utc_now())
        return _csv(deposit_heads(), map(deposit_cells, lines), "depots-de-documents.csv")

    return await answer(request, work)


async def journal_lines(request: Request) -> Response:
    """The lines a filter finds, as a table that is written as it is read; 100 000 at most."""
    form = dict(await read_form(request))
    faults: dict[str, str] = {}
    wanted = read_filter(form, faults)
    if faults:
        return Response(status_code=NOT_FOUND)

    def work(session: Session, actor: Actor) -> Response:
        begin_export(session, actor, wanted, now=utc_now())
        return StreamingResponse(
            _table(actor, wanted, last_seq(session) + 1),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="journal.csv"',
                "Cache-Control": "no-store",
            },
        )

    return await answer(request, work)


def _table(actor: Actor, wanted: JournalFilter, before: int) -> Iterator[bytes]:
    """A short reading for each part, so that no reader waits for the whole export."""
    yield b"\xef\xbb\xbf" + csv_line(heads())
    written = 0
    while before and written < EXPORT_MAX:
        with reading() as session:
            if actor.session_id is None or not sessions.is_open(session, actor.session_id):
                return
            lines, before = export_page(session, actor, wanted, before=before)
        kept = lines[: EXPORT_MAX - written]
        written += len(kept)
        yield b"".join(csv_line(cells(line)) for line in kept)


async def logo(_: Request) -> Response:
    """The logo of the instance, open to all; its address changes with it, so that it may be kept."""

    def work() -> Response:
        with reading() as session:
            found = read_logo(session, ANONYMOUS)
        if found is None:
            return Response(status_code=NOT_FOUND)
        return Response(found[1], media_type=found[0], headers=_LOGO_HEADERS)

    return await run_in_threadpool(work)


async def instance(request: Request) -> Response:
    """The identity of the instance, with its logo: a multipart form of at most 256 kB."""
    form = await _read_multipart(request)
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    sent = form.get("logo")
    content = await sent.read(MAX_BYTES + 1) if isinstance(sent, UploadFile) else b""
    path = await run_in_threadpool(_change_instance, request, typed, content)
    return redirect(path)


def _change_instance(request: Request, typed: dict[str, str], content: bytes) -> str:
    now = utc_now()
    with unit_of_work() as session:
        identity = identity_of(request, session, now=now)
    if identity is None:
        return SIGN_IN_PAGE
    actor = identity.actor
    version = typed.get("version", "")
    kept = {name: typed.get(name, "")[:_MAX_KEPT] for name in ("name", "place", "contact_email")}
    try:
        with unit_of_work() as session:
            change_instance(
                session,
                actor,
                typed,
                logo=content,
                version=int(version) if version.isascii() and version.isdigit() else -1,
                now=now,
            )
            form_reply.leave_reply(session, actor, FORM, {}, context={"saved": "1"}, now=now)
    except AppError as failure:
        with unit_of_work() as session:
            form_reply.leave_reply(
                session, actor, FORM, form_reply.faults_of(failure), context=kept, now=now
            )
    return PAGE


async def _read_multipart(request: Request) -> FormData:
    size = request.headers.get("content-length", "")
    if not size.isdigit() or int(size) > _MAX_MULTIPART:
        raise Refused(PlainTextResponse("Le fichier dépasse 200 ko.", 413))
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused(PlainTextResponse("Ce formulaire ne peut pas être lu.", 415))
    return await request.form(max_files=1, max_fields=8, max_part_size=_MAX_MULTIPART)


routes = [
    Route("/instance/logo", logo),
    post_route("/api/admin/instance", instance),
    post_route("/api/admin/contract", contract),
    post_route("/api/admin/acceptances", acceptances),
    post_route("/api/admin/journal", journal_lines),
    post_route("/api/admin/statistics", statistics),
]
