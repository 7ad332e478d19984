"""Writing a message: drafts saved as one types, and the sending, from the page's own script (S143, S149).

Plain HTTP, because a page's socket may be down just when somebody presses « Envoyer »: the same draft is
sent again until it is answered, and makes one message. Nothing written is in an address or in a log.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.api.acting import actor_of
from app.api.request import let_go, post_route
from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    Unavailable,
)
from app.i18n import message_composer as words
from app.i18n.messages import sentence, sentence_of
from app.models.message import Priority
from app.services.fields import parse_key
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.services.message_send import send
from app.state.clock import utc_now
from app.state.live import tabs
from app.state.worker import to_writer

# 20 000 characters, each escaped by the browser in the longest way there is.
MAX_BODY = 131_072
_MOST_RECIPIENTS = 100
_MOST_REVISION = 2**31 - 1
_BAD, _CUT, _TOO_LARGE, _REFUSED = 400, 400, 413, 422
_STATUS: dict[type[AppError], int] = {
    NotAuthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
}
_NO_STORE = {"Cache-Control": "no-store"}

Answer = dict[str, object]
Act = Callable[[Session, Actor, UUID, Typed, Mapping[str, Any]], Answer]


class _TooLong(Exception):
    """More was sent than any message holds."""


async def save(request: Request) -> Response:
    """Keep what is typed. Answers the draft's new revision, null while nothing is typed."""

    def keep(
        session: Session, actor: Actor, draft_id: UUID, typed: Typed, sent: Mapping[str, Any]
    ) -> Answer:
        overwrite = sent.get("overwrite") is True
        saved = save_draft(session, actor, draft_id, typed, overwrite=overwrite, now=utc_now())
        if saved is None:
            return {"id": None, "revision": 0, "sentence": ""}
        return {
            "id": str(saved.id),
            "revision": saved.revision,
            "sentence": words.saved(saved.saved_at),
        }

    return await _answer(request, keep)


async def send_message(request: Request) -> Response:
    """Send a draft with its last words; asked again, the same answer and no other message."""

    def leave(
        session: Session, actor: Actor, draft_id: UUID, typed: Typed, _: Mapping[str, Any]
    ) -> Answer:
        sent = send(session, actor, draft_id, typed, now=utc_now())
        return {
            "conversation_id": str(sent.conversation_id),
            "is_new": sent.is_new,
            "sentence": words.SENT,
        }

    return await _answer(request, leave)


async def _answer(request: Request, act: Act) -> Response:
    try:
        body = await _body(request)
        draft_id, typed, sent = _read(body)
    except ClientDisconnect:
        return Response(status_code=_CUT)
    except _TooLong:
        return _told("message.too_long", _TOO_LARGE, text="message.too_long")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _told("message.unreadable", _BAD)

    def work() -> Answer:
        with unit_of_work() as session:
            actor = actor_of(request, session, now=utc_now())
            return act(session, actor, draft_id, typed, sent)

    try:
        answer = await to_writer(work)
    except NotAuthenticated:
        return _told("message.signed_out", _STATUS[NotAuthenticated])
    except AppError as failure:
        return _refused(failure)
    tabs.wake()
    return JSONResponse(answer, headers=_NO_STORE)


async def _body(request: Request) -> bytes:
    """What was sent; a browser cut off while it sends would show no answer at all."""
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    async for part in stream:
        size += len(part)
        if size > MAX_BODY:
            await let_go(stream)
            raise _TooLong
        parts.append(part)
    return b"".join(parts)


def _read(body: bytes) -> tuple[UUID, Typed, Mapping[str, Any]]:
    """The fields of the form. Raises ValueError, KeyError or TypeError for what no page of ours sends."""
    sent = json.loads(body)
    draft_id = parse_key(_text(sent["draft_id"]))
    recipients = sent.get("recipients", [])
    revision = sent.get("revision", 0)
    if draft_id is None or not isinstance(recipients, list) or not isinstance(revision, int):
        raise ValueError
    if len(recipients) > _MOST_RECIPIENTS or not 0 <= revision <= _MOST_REVISION:
        raise ValueError

    def key(name: str) -> UUID | None:
        return parse_key(_text(sent.get(name) or ""))

    typed = Typed(
        text=_text(sent.get("text", "")),
        subject=_text(sent.get("subject", "")),
        recipients=tuple(map(_text, recipients)),
        priority=Priority(sent.get("priority") or Priority.INFORMATION),
        conversation_id=key("conversation_id"),
        reply_to_id=key("reply_to_id"),
        is_reply_all=sent.get("is_reply_all") is True,
        about_patient_id=key("about_patient_id"),
        treatment_id=key("treatment_id"),
        entry_id=key("entry_id"),
        revision=revision,
    )
    return draft_id, typed, sent


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _refused(failure: AppError) -> Response:
    status = next((code for kind, code in _STATUS.items() if isinstance(failure, kind)), _REFUSED)
    fields = failure.fields if isinstance(failure, Invalid) else {}
    return JSONResponse(
        {
            "code": failure.code,
            "sentence": f"{sentence_of(failure).removesuffix('.')}.",
            "fields": {name: sentence(code) for name, code in fields.items()},
            "codes": fields,
        },
        status_code=status,
        headers=_NO_STORE,
    )


def _told(code: str, status: int, **fields: str) -> Response:
    return JSONResponse(
        {
            "code": code,
            "sentence": f"{sentence(code).removesuffix('.')}.",
            "fields": {name: sentence(fault) for name, fault in fields.items()},
            "codes": fields,
        },
        status_code=status,
        headers=_NO_STORE,
    )


routes = [
    post_route("/api/messages/draft", save),
    post_route("/api/messages/send", send_message),
]
