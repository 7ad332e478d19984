"""Signing in and out: native form posts, so that secrets never enter page state nor its logs (S005)."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.psc import way_out
from app.api.request import (
    client_address,
    cookie_of,
    drop_cookie,
    local_path,
    post_route,
    read_form,
    redirect,
    set_cookie,
)
from app.authz.actor import Actor
from app.db import get_database, reading, unit_of_work
from app.errors import Unavailable
from app.homes import HOME, SIGN_IN_PAGE
from app.i18n.device import device_label
from app.models.session import SignInAttempt
from app.services import psc, session as sessions, sign_in
from app.state.clock import utc_now
from app.state.live import tabs

CODE_PAGE = "/connexion/code"
ATTEMPT_SECONDS = int(sign_in.ATTEMPT_LIFE.total_seconds())
DEVICE_SECONDS = int(cookies.DEVICE_LIFE.total_seconds())


async def submit_password(request: Request) -> Response:
    """First step: e-mail and password. The same answer whether or not the account exists (S070)."""
    form = await read_form(request)
    identifier, password = form.get("identifier", ""), form.get("password", "")
    if len(password) > 1_000:  # noqa: PLR2004 - far above any password, below any abuse
        password = ""
    actor = Actor(address=client_address(request))
    token = await run_in_threadpool(
        _password_step,
        actor,
        identifier,
        password,
        cookie_of(request, cookies.DEVICE),
        local_path(form.get("next", "")),
    )
    response = redirect(CODE_PAGE if token[1] else SIGN_IN_PAGE)
    set_cookie(response, cookies.ATTEMPT, token[0], seconds=ATTEMPT_SECONDS)
    return response


def _password_step(
    actor: Actor, identifier: str, password: str, device_cookie: str, next_path: str
) -> tuple[str, bool]:
    now = utc_now()
    keyring = get_database().keyring
    device_id = cookies.device_id(keyring, device_cookie, identifier, now=now)
    with reading() as session:
        check = sign_in.prepare(session, actor, identifier, device_id=device_id, now=now)
    is_right, error = False, ""
    if not identifier.strip() or not password:
        error = "sign_in.missing"
    else:
        try:
            is_right = sign_in.check_password(keyring, check, password)
        except Unavailable as busy:
            error = busy.code
    with unit_of_work() as session:
        attempt, token = sign_in.settle_password(
            session,
            actor,
            check,
            is_right=is_right,
            error=error,
            next_path=next_path,
            now=now,
        )
        return token, attempt.password_ok


async def submit_code(request: Request) -> Response:
    """Second step: the single-use code."""
    form = await read_form(request)
    actor = Actor(address=client_address(request))
    attempt_token = cookie_of(request, cookies.ATTEMPT)
    device = device_label(request.headers.get("user-agent", ""))
    done = await run_in_threadpool(_code_step, actor, attempt_token, form.get("code", ""), device)
    if done is None:
        return redirect(CODE_PAGE)
    signed_in, device_cookie = done
    response = redirect(signed_in.next_path or HOME[signed_in.role])
    set_cookie(response, cookies.SESSION, signed_in.token)
    set_cookie(response, cookies.DEVICE, device_cookie, seconds=DEVICE_SECONDS)
    drop_cookie(response, cookies.ATTEMPT)
    return response


def _code_step(
    actor: Actor, attempt_token: str, typed: str, device: str
) -> tuple[sign_in.SignedIn, str] | None:
    now = utc_now()
    with unit_of_work() as session:
        attempt = sign_in.access_attempt(session, attempt_token, now=now)
        if attempt is None:
            return None
        done = sign_in.submit_code(session, actor, attempt, typed, device=device, now=now)
        if done is None:
            return None
        keyring = get_database().keyring
        return done, cookies.new_device(keyring, attempt.identifier, now=now)


async def resend_code(request: Request) -> Response:
    """Send another code to the same address."""
    actor = Actor(address=client_address(request))
    await run_in_threadpool(_resend_step, actor, cookie_of(request, cookies.ATTEMPT))
    return redirect(CODE_PAGE)


def _resend_step(actor: Actor, attempt_token: str) -> None:
    now = utc_now()
    with unit_of_work() as session:
        attempt: SignInAttempt | None = sign_in.access_attempt(session, attempt_token, now=now)
        if attempt is not None:
            sign_in.resend_code(session, actor, attempt, now=now)


async def sign_out(request: Request) -> Response:
    """End this sign-in."""
    return await _leave(request, _end_one)


async def sign_out_everywhere(request: Request) -> Response:
    """End every sign-in of this account, on every device."""
    return await _leave(request, _end_all)


async def _leave(request: Request, end: Callable[[Any, Actor, Any], None]) -> Response:
    token = cookie_of(request, cookies.SESSION)
    address = client_address(request)

    def work() -> str:
        now = utc_now()
        with unit_of_work() as session:
            identity = sessions.look_up(session, token, address=address, now=now)
            if identity is None:
                return ""
            id_token = psc.id_token_of(session, identity.actor)
            end(session, identity.actor, now)
            return id_token

    id_token = await run_in_threadpool(work)
    tabs.wake()
    response = await way_out(request, id_token)
    drop_cookie(response, cookies.SESSION)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _end_one(session: Any, actor: Actor, now: Any) -> None:
    sessions.end(session, actor, reason="sign_out", now=now)


def _end_all(session: Any, actor: Actor, now: Any) -> None:
    sessions.end_everywhere(session, actor, now=now)


routes = [
    post_route("/auth/sign-in", submit_password),
    post_route("/auth/code", submit_code),
    post_route("/auth/code/resend", resend_code),
    post_route("/auth/sign-out", sign_out),
    post_route("/auth/sign-out-everywhere", sign_out_everywhere),
]
