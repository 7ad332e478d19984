"""Acting for a holder and going back: native form posts, since the sign-in takes a new token (S050)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.acting import identity_of
from app.api.request import (
    post_route,
    read_form,
    redirect,
    set_cookie,
)
from app.authz.actor import ANONYMOUS, Actor
from app.db import unit_of_work
from app.errors import AppError
from app.homes import HOME, SIGN_IN_PAGE
from app.models.account import Role
from app.services import delegation_mode, form_reply, journal
from app.services.fields import parse_key
from app.state.clock import utc_now
from app.state.live import tabs

PAGE = "/compte/delegations"
FORM = "act-for"
NOBODY = UUID(int=0)


async def act_for(request: Request) -> Response:
    """Begin to act under a delegation; what is refused is told by the page of delegations."""
    form = await read_form(request)
    delegation_id = parse_key(form.get("delegation_id", "")) or NOBODY

    def work() -> tuple[str, str]:
        now, actor = utc_now(), ANONYMOUS
        try:
            with unit_of_work() as session:
                identity = identity_of(request, session, now=now)
                if identity is None:
                    return SIGN_IN_PAGE, ""
                actor = identity.actor
                renewed = delegation_mode.enter(session, actor, delegation_id, now=now)
                form_reply.clear_reply(session, actor, FORM)
                return HOME[Role.PROFESSIONAL], renewed
        except AppError as refusal:
            with unit_of_work() as session:
                _leave_word(session, actor, refusal, now)
            return HOME[Role.PROFESSIONAL] if actor.is_delegate else PAGE, ""

    return _answer(*await run_in_threadpool(work))


async def stop_acting(request: Request) -> Response:
    """Go back to one's own account."""

    def work() -> tuple[str, str]:
        now = utc_now()
        with unit_of_work() as session:
            identity = identity_of(request, session, now=now)
            if identity is None:
                return SIGN_IN_PAGE, ""
            return PAGE, delegation_mode.leave(session, identity.actor, now=now)

    return _answer(*await run_in_threadpool(work))


def _answer(path: str, token: str) -> Response:
    response = redirect(path)
    if token:
        set_cookie(response, cookies.SESSION, token)
        tabs.wake()
    return response


def _leave_word(session: Session, actor: Actor, refusal: AppError, now: datetime) -> None:
    form_reply.leave_reply(session, actor, FORM, form_reply.faults_of(refusal), now=now)
    journal.record_refusal(session, actor, "delegation.enter", refusal.code, now=now)


routes = [
    post_route("/auth/act-for", act_for),
    post_route("/auth/act-for/stop", stop_acting),
]
