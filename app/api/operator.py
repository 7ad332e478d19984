"""The operator's door, and the workstations it stands on (PS-16, S038): cookies no page state ever holds."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.acting import identity_of
from app.api.auth import ATTEMPT_SECONDS
from app.api.request import (
    client_address,
    cookie_of,
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
from app.errors import AppError
from app.homes import CONFIRM_PAGE, SIGN_IN_PAGE
from app.i18n.device import device_label
from app.models.session import SignInMethod
from app.services import form_reply, operator, sign_in, team, workstation
from app.services.session import SignedIn
from app.state.clock import utc_now
from app.state.team import WORKSTATION_FORM

# Chromium keeps no cookie longer.
WORKSTATION_SECONDS = int(timedelta(days=400).total_seconds())


async def submit(request: Request) -> Response:
    """Code and password, on a registered workstation."""
    form = await read_form(request)
    done, attempt_token = await run_in_threadpool(
        _step,
        Actor(address=client_address(request)),
        cookie_of(request, cookies.WORKSTATION),
        form.get("operator_code", ""),
        typed_secret(form, "password"),
        local_path(form.get("next", "")),
        device_label(request.headers.get("user-agent", "")),
    )
    if done is not None:
        return enter(request, done)
    response = redirect(SIGN_IN_PAGE)
    set_cookie(response, cookies.ATTEMPT, attempt_token, seconds=ATTEMPT_SECONDS)
    return response


def _step(
    actor: Actor, token: str, code: str, password: str, next_path: str, label: str
) -> tuple[SignedIn | None, str]:
    now, keyring = utc_now(), get_database().keyring
    with reading() as session:
        place = workstation.find_workplace(session, actor, token)
        check = operator.prepare(session, actor, place, code, now=now) if place else None
    if check is None:
        verdict = sign_in.Verdict(error="workstation.unknown")
    elif code.strip() and password:
        verdict = sign_in.judge_password(keyring, check, password)
    else:
        verdict = sign_in.Verdict(error="operator.missing")
    done, error, retry_at = None, verdict.error, None
    with unit_of_work() as session:
        if check is not None and not error:
            done, error, retry_at = operator.settle(
                session,
                actor,
                token,
                check,
                is_right=verdict.is_right,
                new_hash=verdict.new_hash,
                device_label=label,
                next_path=next_path,
                now=now,
            )
        if done is not None:
            return done, ""
        attempt, attempt_token = sign_in.new_attempt(session, actor, error=error, now=now)
        attempt.way, attempt.next_path = SignInMethod.OPERATOR, next_path
        attempt.retry_at = retry_at
        return None, attempt_token


async def register(request: Request) -> Response:
    """Make this browser a workstation of the team of the person signed in."""
    name = (await read_form(request)).get("name", "")
    token, page = await run_in_threadpool(_register, request, name)
    response = redirect(page)
    if token:
        set_cookie(response, cookies.WORKSTATION, token, seconds=WORKSTATION_SECONDS)
    return response


def _register(request: Request, name: str) -> tuple[str, str]:
    now = utc_now()
    with unit_of_work() as session:
        identity = identity_of(request, session, now=now)
    if identity is None:
        return "", SIGN_IN_PAGE
    actor = identity.actor
    try:
        with unit_of_work() as session:
            token = workstation.register_workstation(session, actor, name, now=now)
            form_reply.clear_reply(session, actor, WORKSTATION_FORM)
            return token, team.PAGE
    except AppError as failure:
        if failure.code == "factor.stale":
            return "", f"{CONFIRM_PAGE}?suite={team.PAGE}"
        with unit_of_work() as session:
            faults = form_reply.faults_of(failure)
            form_reply.leave_reply(session, actor, WORKSTATION_FORM, faults, now=now)
        return "", team.PAGE


routes = [
    post_route("/auth/operator", submit),
    post_route("/auth/workstation", register),
]
