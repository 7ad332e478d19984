"""Saving what is being typed: a small JSON post from the page's own script (S149)."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import cookies
from app.api.acting import identity_of
from app.api.request import MAX_FORM_BYTES, Refused, client_address, cookie_of, require_own_origin
from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import AppError
from app.services import draft, registration
from app.state.clock import utc_now

NO_CONTENT, BAD_REQUEST, UNAUTHORIZED, TOO_LARGE = 204, 400, 401, 413


async def save(request: Request) -> Response:
    """Keep `{form, scope, fields}` for the person who is signed in. Answers 204, or says nothing more."""
    try:
        require_own_origin(request)
    except Refused as refused:
        return refused.response
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return Response(status_code=TOO_LARGE)
    try:
        sent = json.loads(body)
        form, scope, fields = str(sent["form"]), str(sent.get("scope", "")), sent["fields"]
        typed = {str(name): str(value) for name, value in fields.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return Response(status_code=BAD_REQUEST)
    if form == registration.FORM:
        token, address = cookie_of(request, cookies.REGISTRATION), client_address(request)
        return Response(
            status_code=await run_in_threadpool(_save_registration, token, address, scope, typed)
        )
    return Response(status_code=await run_in_threadpool(_save, request, form, scope, typed))


def _save_registration(token: str, address: str, step: str, fields: dict[str, str]) -> int:
    """What is typed in a registration: whoever holds its cookie has no account yet."""
    try:
        with unit_of_work() as session:
            registration.save_typed(
                session, Actor(address=address), token, step, fields, now=utc_now()
            )
    except AppError:
        return BAD_REQUEST
    return NO_CONTENT


def _save(request: Request, form: str, scope: str, fields: dict[str, str]) -> int:
    now = utc_now()
    try:
        with unit_of_work() as session:
            identity = identity_of(request, session, now=now)
            if identity is None:
                return UNAUTHORIZED
            draft.save_draft(session, identity.actor, form, scope, fields, now=now)
    except AppError:
        return BAD_REQUEST
    return NO_CONTENT


routes = [Route("/api/drafts", save, methods=["POST"])]
