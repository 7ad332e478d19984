"""« Qui a consulté » as a table for a spreadsheet, for the patient of the cookie (ME-106, FC-12)."""

from collections.abc import Iterator
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.api.administration import answer, csv_line
from app.api.request import post_route, read_form
from app.authz import policies
from app.authz.actor import Actor
from app.db import reading
from app.i18n.access_history import cells, heads
from app.services import session as sessions
from app.services.access_history import (
    EXPORT_MAX,
    EXPORT_PAGE,
    HistoryFilter,
    begin_export,
    fetch_history,
)
from app.services.journal import last_seq
from app.state.access_history import read_filter
from app.state.clock import utc_now


async def history_lines(request: Request) -> Response:
    """The acts a filter keeps, written as they are read; 20 000 at most."""
    wanted = read_filter(dict(await read_form(request)))

    def work(session: Session, actor: Actor) -> Response:
        patient_id = policies.require_own_record(actor)
        begin_export(session, actor, patient_id, wanted, now=utc_now())
        return StreamingResponse(
            _table(actor, patient_id, wanted, last_seq(session)),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="qui-a-consulte.csv"',
                "Cache-Control": "no-store",
            },
        )

    return await answer(request, work)


def _table(actor: Actor, patient_id: UUID, wanted: HistoryFilter, before: int) -> Iterator[bytes]:
    """A short reading for each part; nothing more once the sign-in has ended."""
    yield b"\xef\xbb\xbf" + csv_line(heads())
    written = 0
    while before and written < EXPORT_MAX:
        with reading() as session:
            if actor.session_id is None or not sessions.is_open(session, actor.session_id):
                return
            page = fetch_history(
                session,
                actor,
                patient_id,
                wanted,
                before=before,
                limit=EXPORT_PAGE,
                now=utc_now(),
            )
        written, before = written + len(page.lines), page.older
        yield b"".join(csv_line(cells(line)) for line in page.lines)


routes = [post_route("/api/record/history", history_lines)]
