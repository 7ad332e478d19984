"""Giving a factor again, before what cannot be taken back (S054): native posts, then back to the page."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.acting import identity_of
from app.api.request import (
    local_path,
    post_route,
    read_form,
    redirect,
    set_cookie,
)
from app.db import unit_of_work
from app.homes import CONFIRM_PAGE, HOME, SIGN_IN_PAGE
from app.services import confirmation, form_reply
from app.services.one_time_code import Outcome
from app.state.clock import utc_now
from app.state.confirmation import FORM


async def send(request: Request) -> Response:
    """Choose a way, sending its code."""
    form = await read_form(request)
    page, _ = await run_in_threadpool(_step, request, form, False)
    return redirect(page)


async def confirm(request: Request) -> Response:
    """Compare the factor; the cookie changes, the old one opens nothing any more (S050)."""
    form = await read_form(request)
    page, token = await run_in_threadpool(_step, request, form, True)
    response = redirect(page)
    if token:
        set_cookie(response, cookies.SESSION, token)
    return response


def _step(request: Request, form: Mapping[str, str], is_code: bool) -> tuple[str, str]:
    now = utc_now()
    next_path, way = local_path(form.get("next", "")), form.get("way", "")
    with unit_of_work() as session:
        identity = identity_of(request, session, now=now)
        if identity is None:
            return SIGN_IN_PAGE, ""
        actor, token = identity.actor, ""
        if is_code:
            outcome, token = confirmation.confirm(
                session, actor, way, form.get("code", ""), now=now
            )
        else:
            outcome = confirmation.send_code(session, actor, way, now=now)
        if token:
            form_reply.clear_reply(session, actor, FORM)
            role = actor.role.value if actor.role else ""
            return next_path or HOME.get(role, SIGN_IN_PAGE), token
        form_reply.leave_reply(
            session, actor, FORM, _faults(outcome), context=_context(way, outcome), now=now
        )
    return f"{CONFIRM_PAGE}?suite={quote(next_path)}", ""


def _faults(outcome: Outcome) -> dict[str, str]:
    return {} if outcome.is_ok else {"": outcome.error}


def _context(way: str, outcome: Outcome) -> dict[str, str]:
    retry_at = outcome.retry_at.isoformat() if outcome.retry_at else ""
    return {"way": way[:80], "retry_at": retry_at}


routes = [post_route("/auth/confirm/send", send), post_route("/auth/confirm", confirm)]
