"""Signing in and out: native form posts, so that secrets never enter page state nor its logs (S005)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.acting import identity_of
from app.api.psc import way_out
from app.api.registration import COOKIE_SECONDS
from app.api.request import (
    client_address,
    cookie_of,
    drop_cookie,
    local_path,
    post_route,
    read_form,
    redirect,
    set_cookie,
    typed_secret,
)
from app.api.way_in import enter
from app.authz.actor import Actor
from app.db import get_database, reading, unit_of_work
from app.errors import NotFound, Unavailable
from app.homes import CODE_PAGE, MEMBER_PAGE, SIGN_IN_PAGE, WAITING_PAGE
from app.i18n.device import device_label
from app.services import member, psc, sign_in, sign_in_factor, sign_out
from app.services.session import SignedIn
from app.state.base import parse_id
from app.state.clock import utc_now
from app.state.live import tabs

ATTEMPT_SECONDS = int(sign_in.ATTEMPT_LIFE.total_seconds())


async def submit_password(request: Request) -> Response:
    """First step: identifier and password. The same answer whether or not the account exists (S070)."""
    form = await read_form(request)
    token, is_right = await run_in_threadpool(
        _password_step,
        Actor(address=client_address(request)),
        form.get("identifier", ""),
        typed_secret(form, "password"),
        cookie_of(request, cookies.DEVICE),
        local_path(form.get("next", "")),
    )
    response = redirect(CODE_PAGE if is_right else SIGN_IN_PAGE)
    set_cookie(response, cookies.ATTEMPT, token, seconds=ATTEMPT_SECONDS)
    return response


def _password_step(
    actor: Actor, identifier: str, password: str, device_cookie: str, next_path: str
) -> tuple[str, bool]:
    now = utc_now()
    keyring = get_database().keyring
    device_ids = cookies.device_ids(keyring, device_cookie, now=now)
    with reading() as session:
        check = sign_in.prepare(session, actor, identifier, device_ids=device_ids, now=now)
    if identifier.strip() and password:
        verdict = sign_in.judge_password(keyring, check, password)
    else:
        verdict = sign_in.Verdict(error="sign_in.missing")
    with unit_of_work() as session:
        attempt, token = sign_in.settle_password(
            session,
            actor,
            check,
            is_right=verdict.is_right,
            error=verdict.error,
            new_hash=verdict.new_hash,
            next_path=next_path,
            now=now,
        )
        return token, attempt.password_ok


async def submit_code(request: Request) -> Response:
    """Second step: the single-use code, of whichever way was chosen."""
    form = await read_form(request)
    done, page, waiting = await run_in_threadpool(
        _code_step,
        Actor(address=client_address(request)),
        cookie_of(request, cookies.ATTEMPT),
        form.get("code", ""),
        device_label(request.headers.get("user-agent", "")),
        form.get("keeps_device", "") == "on",
    )
    if done is not None:
        return enter(request, done)
    response = redirect(page)
    if waiting:
        set_cookie(response, cookies.REGISTRATION, waiting, seconds=COOKIE_SECONDS)
    return response


def _code_step(
    actor: Actor, attempt_token: str, typed: str, label: str, keeps_device: bool
) -> tuple[SignedIn | None, str, str]:
    """The sign-in, or the next page, and the cookie of a registration still waiting for an administrator."""
    now = utc_now()
    with unit_of_work() as session:
        attempt = sign_in.access_attempt(session, attempt_token, now=now)
        if attempt is None:
            return None, CODE_PAGE, ""
        done = sign_in_factor.submit_code(
            session,
            actor,
            attempt,
            typed,
            device_label=label,
            keeps_device=keeps_device,
            now=now,
        )
        if attempt.factor_at is not None:
            return done, MEMBER_PAGE, ""
        if waiting := sign_in_factor.open_pending(session, actor, attempt, now=now):
            return None, WAITING_PAGE, waiting
        return done, CODE_PAGE if attempt.password_ok else SIGN_IN_PAGE, ""


async def choose_way(request: Request) -> Response:
    """Take another way to give the factor, or send the code of the present one again (ME-028)."""
    form = await read_form(request)
    await run_in_threadpool(
        _way_step,
        Actor(address=client_address(request)),
        cookie_of(request, cookies.ATTEMPT),
        form.get("way", ""),
    )
    return redirect(CODE_PAGE)


def _way_step(actor: Actor, attempt_token: str, way: str) -> None:
    now = utc_now()
    with unit_of_work() as session:
        attempt = sign_in.access_attempt(session, attempt_token, now=now)
        if attempt is not None:
            sign_in_factor.choose_way(session, actor, attempt, way, now=now)


async def submit_member(request: Request) -> Response:
    """Third step of a shared account: who one is, and one's personal code (MM-25)."""
    form = await read_form(request)
    try:
        done = await run_in_threadpool(
            _member_step,
            Actor(address=client_address(request)),
            cookie_of(request, cookies.ATTEMPT),
            parse_id(form.get("member", "")),
            typed_secret(form, "code"),
            device_label(request.headers.get("user-agent", "")),
        )
    except Unavailable:
        done = None
    return enter(request, done) if done else redirect(MEMBER_PAGE)


def _member_step(
    actor: Actor, attempt_token: str, member_id: UUID, typed: str, label: str
) -> SignedIn | None:
    now = utc_now()
    with unit_of_work() as session:
        attempt = sign_in.access_attempt(session, attempt_token, now=now)
        if attempt is None:
            return None
        try:
            check = sign_in_factor.prepare_member(session, actor, attempt, member_id, now=now)
        except NotFound:
            attempt.error = "member.unchosen"
            return None
    is_right = member.check_code(get_database().keyring, check, typed)
    with unit_of_work() as session:
        attempt = sign_in.access_attempt(session, attempt_token, now=now)
        if attempt is None:
            return None
        return sign_in_factor.settle_member(
            session, actor, attempt, check, is_right=is_right, device_label=label, now=now
        )


async def leave(request: Request) -> Response:
    """End this sign-in."""
    return await _leave(request, _end_one)


async def leave_everywhere(request: Request) -> Response:
    """End every sign-in of this account, on every device."""
    return await _leave(request, _end_all)


async def _leave(request: Request, end: Callable[[Any, Actor, Any], None]) -> Response:
    def work() -> str:
        now = utc_now()
        with unit_of_work() as session:
            identity = identity_of(request, session, now=now)
            if identity is None:
                return ""
            id_token = psc.id_token_of(session, identity.actor)
            end(session, identity.actor, now)
            return id_token

    id_token = await run_in_threadpool(work)
    tabs.wake()
    response = await way_out(request, id_token)
    drop_cookie(response, cookies.SESSION)
    # Not the cache: nothing of anybody is in it (no-store), and Chromium may take many seconds to empty it.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _end_one(session: Any, actor: Actor, now: Any) -> None:
    sign_out.end(session, actor, reason="sign_out", now=now)


def _end_all(session: Any, actor: Actor, now: Any) -> None:
    sign_out.end_everywhere(session, actor, now=now)


routes = [
    post_route("/auth/sign-in", submit_password),
    post_route("/auth/code", submit_code),
    post_route("/auth/code/resend", choose_way),
    post_route("/auth/member", submit_member),
    post_route("/auth/sign-out", leave),
    post_route("/auth/sign-out-everywhere", leave_everywhere),
]
