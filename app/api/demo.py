"""The mails and SMS of the demonstration, for people and for tests. Absent outside it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.db import reading
from app.services import outbox
from app.settings import get_settings


async def outbox_json(_: Request) -> Response:
    """Every message, newest first: `{id, channel, to, subject, text, sent_at}`."""
    if not get_settings().is_demo:
        return Response(status_code=404)
    messages = await run_in_threadpool(_messages)
    return JSONResponse(
        [
            {
                "id": str(m.id),
                "channel": m.channel,
                "to": m.to,
                "subject": m.subject,
                "text": m.text,
                "sent_at": m.sent_at.isoformat(),
            }
            for m in messages
        ],
        headers={"Cache-Control": "no-store"},
    )


def _messages() -> list[outbox.Listed]:
    with reading() as session:
        return outbox.list_newest(session)


routes = [Route("/demo/outbox.json", outbox_json)]
