"""Forgotten password and « identifiant »: the same answer whoever asks, and at once (S036, S070, U-07)."""

from collections.abc import Callable
from datetime import datetime

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.request import (
    client_address,
    cookie_of,
    drop_cookie,
    post_route,
    read_form,
    redirect,
    set_cookie,
    typed_secret,
)
from app.authz.actor import Actor
from app.db import get_database, reading, unit_of_work
from app.errors import Unavailable
from app.homes import FORGOTTEN_IDENTIFIER_PAGE, FORGOTTEN_PASSWORD_PAGE, SIGN_IN_PAGE
from app.services import password_reset, sign_in
from app.state.clock import utc_now
from app.state.live import tabs

RESET_SECONDS = int(password_reset.LIFE.total_seconds())
ATTEMPT_SECONDS = int(sign_in.ATTEMPT_LIFE.total_seconds())


async def ask_reset(request: Request) -> Response:
    """« ENVOYER »: a link leaves for whoever has an account, after the answer."""
    return await _ask(request, FORGOTTEN_PASSWORD_PAGE, password_reset.request_reset)


async def ask_identifier(request: Request) -> Response:
    """The « identifiant » leaves by mail for whoever has an account, after the answer."""
    return await _ask(request, FORGOTTEN_IDENTIFIER_PAGE, password_reset.remind_identifier)


async def _ask(request: Request, page: str, service: Callable[..., None]) -> Response:
    email = (await read_form(request)).get("email", "")
    if not email.strip():
        return redirect(f"{page}?suite=vide")
    actor = Actor(address=client_address(request))

    def work() -> None:
        with unit_of_work() as session:
            service(session, actor, email, now=utc_now())

    response = redirect(f"{page}?suite=envoye")
    response.background = BackgroundTask(run_in_threadpool, work)
    return response


async def choose(request: Request) -> Response:
    """Keep the new password of a link. What is wrong with it is told; the link stays good meanwhile."""
    form = await read_form(request)
    token = form.get("token", "")[:100] or cookie_of(request, cookies.RESET)
    actor = Actor(address=client_address(request))
    password, again = typed_secret(form, "password"), typed_secret(form, "password_again")
    is_done, attempt_token = await run_in_threadpool(_choose, actor, token, password, again)
    tabs.wake()
    response = redirect(SIGN_IN_PAGE if is_done else password_reset.PAGE)
    set_cookie(response, cookies.ATTEMPT, attempt_token, seconds=ATTEMPT_SECONDS)
    if is_done:
        drop_cookie(response, cookies.RESET)
    else:
        set_cookie(response, cookies.RESET, token, seconds=RESET_SECONDS)
    return response


def _choose(actor: Actor, token: str, password: str, again: str) -> tuple[bool, str]:
    now = utc_now()
    with reading() as session:
        check = password_reset.prepare(session, actor, token, now=now)
    if check is None:
        return False, _tell(actor, now, error="reset.gone")
    faults = password_reset.faults(check, password, again)
    if faults:
        return False, _tell(actor, now, faults=faults)
    try:
        new_hash = get_database().keyring.hash_password(password)
    except Unavailable as busy:
        return False, _tell(actor, now, error=busy.code)
    with unit_of_work() as session:
        is_done = password_reset.settle(session, actor, check, new_hash, now=now)
    return is_done, _tell(actor, now, error="reset.done" if is_done else "reset.gone")


def _tell(
    actor: Actor, now: datetime, *, error: str = "", faults: dict[str, str] | None = None
) -> str:
    """Leave what the next page says, found by a cookie of this browser."""
    with unit_of_work() as session:
        attempt, token = sign_in.new_attempt(session, actor, error=error, now=now)
        attempt.faults = faults or {}
        return token


routes = [
    post_route("/auth/forgotten-password", ask_reset),
    post_route("/auth/forgotten-identifier", ask_identifier),
    post_route("/auth/new-password", choose),
]
