"""Accepting a legal text: a native form post, so that the page opens afresh once it is done (U-25)."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.request import client_address, cookie_of, post_route, read_form, redirect
from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import AppError, Invalid
from app.homes import CONDITIONS_PAGE, HOME, SIGN_IN_PAGE
from app.models.legal_text import AcceptanceMode
from app.services import form_reply, session as sessions
from app.services.fields import parse_key
from app.services.legal_text import accept_text
from app.state.base import NOBODY
from app.state.clock import utc_now
from app.state.legal_text import FORM
from app.state.live import tabs


async def accept(request: Request) -> Response:
    """Accept the text of the form: a box for the terms, one's typed name for the contract."""
    form = await read_form(request)
    token, address = cookie_of(request, cookies.SESSION), client_address(request)
    path = await run_in_threadpool(_accept, token, address, form)
    tabs.wake()
    return redirect(path)


def _accept(token: str, address: str, form: Mapping[str, str]) -> str:
    now = utc_now()
    with unit_of_work() as session:
        identity = sessions.look_up(session, token, address=address, now=now)
    if identity is None or identity.actor.role is None:
        return SIGN_IN_PAGE
    actor = identity.actor
    try:
        with unit_of_work() as session:
            signed = form.get("signed_name")
            if signed is None and form.get("accepted") != "on":
                raise Invalid(accepted="legal_text.not_ticked")
            accept_text(
                session,
                actor,
                parse_key(form.get("text_id", "")) or NOBODY,
                mode=AcceptanceMode.BOX if signed is None else AcceptanceMode.TYPED_NAME,
                signed_name=signed or "",
                now=now,
            )
            form_reply.clear_reply(session, actor, FORM)
    except AppError as failure:
        _leave(actor, failure)
        return CONDITIONS_PAGE
    return HOME[actor.role.value]


def _leave(actor: Actor, failure: AppError) -> None:
    now = utc_now()
    with unit_of_work() as session:
        faults = form_reply.faults_of(failure)
        form_reply.leave_reply(session, actor, FORM, faults, now=now)


routes = [post_route("/auth/conditions", accept)]
