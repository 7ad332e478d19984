"""What administrators download: every post checks who they are and leaves its line (S082, S099, S130)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import cookies
from app.api.request import client_address, cookie_of, post_route, read_form, redirect
from app.authz.actor import Actor
from app.db import reading, unit_of_work
from app.errors import AppError
from app.homes import SIGN_IN_PAGE
from app.i18n.journal_search import cells, heads
from app.i18n.legal_text import proof_cells, proof_heads
from app.services import session as sessions
from app.services.fields import parse_key
from app.services.journal import last_seq
from app.services.journal_search import EXPORT_MAX, JournalFilter, begin_export, export_page
from app.services.legal_text_admin import export_acceptances
from app.state.base import NOBODY
from app.state.clock import utc_now
from app.state.journal_search import read_filter

NOT_FOUND = 404
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
    token, address = cookie_of(request, cookies.SESSION), client_address(request)

    def act() -> Response:
        now = utc_now()
        with unit_of_work() as session:
            identity = sessions.look_up(session, token, address=address, now=now)
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


async def acceptances(request: Request) -> Response:
    """The proofs of acceptance of one version, as a table."""
    form = await read_form(request)
    text_id = parse_key(form.get("text_id", "")) or NOBODY

    def work(session: Session, actor: Actor) -> Response:
        rows = export_acceptances(session, actor, text_id, now=utc_now())
        lines = [csv_line(proof_heads()), *(csv_line(proof_cells(row)) for row in rows)]
        content = b"\xef\xbb\xbf" + b"".join(lines)
        return attachment(content, "text/csv; charset=utf-8", "acceptations.csv")

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


routes = [
    post_route("/api/admin/acceptances", acceptances),
    post_route("/api/admin/journal", journal_lines),
]
