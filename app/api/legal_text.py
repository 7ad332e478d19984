"""Accepting a legal text: native form posts, so that the page opens afresh once it is done (U-25).

A box for the terms; for the contract one's typed name and a single-use code (D-11).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.api.acting import identity_of
from app.api.request import post_route, read_form, redirect
from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import AppError, Invalid
from app.homes import CONDITIONS_PAGE, HOME, SIGN_IN_PAGE
from app.models.legal_text import AcceptanceMode
from app.services import form_reply
from app.services.contract_signature import send_signature_code, sign_text
from app.services.fields import parse_key
from app.services.legal_text import MAX_SIGNED, accept_text
from app.services.one_time_code import Outcome
from app.state.base import NOBODY
from app.state.clock import utc_now
from app.state.legal_text import FORM
from app.state.live import tabs

Form = Mapping[str, str]
Act = Callable[[Session, Actor, UUID, Form, datetime], Outcome]


async def accept(request: Request) -> Response:
    """Accept the text of the form."""
    return await _answer(request, _accept, is_last=True)


async def send_code(request: Request) -> Response:
    """Mail the code that signs the contract."""
    return await _answer(request, _send, is_last=False)


async def _answer(request: Request, act: Act, *, is_last: bool) -> Response:
    form = await read_form(request)
    path = await run_in_threadpool(_do, act, request, form, is_last)
    tabs.wake()
    return redirect(path)


def _do(act: Act, request: Request, form: Form, is_last: bool) -> str:
    now = utc_now()
    with unit_of_work() as session:
        identity = identity_of(request, session, now=now)
    if identity is None or identity.actor.role is None:
        return SIGN_IN_PAGE
    actor, text_id = identity.actor, parse_key(form.get("text_id", "")) or NOBODY
    context = {"signed_name": form.get("signed_name", "")[:MAX_SIGNED]}
    try:
        with unit_of_work() as session:
            outcome = act(session, actor, text_id, form, now)
            if outcome.is_ok:
                form_reply.clear_reply(session, actor, FORM)
                return HOME[actor.role.value] if is_last else CONDITIONS_PAGE
            if outcome.retry_at:
                context["retry_at"] = outcome.retry_at.isoformat()
            faults = {"code" if is_last else "": outcome.error}
            form_reply.leave_reply(session, actor, FORM, faults, context=context, now=now)
    except AppError as failure:
        with unit_of_work() as session:
            faults = form_reply.faults_of(failure)
            form_reply.leave_reply(session, actor, FORM, faults, context=context, now=now)
    return CONDITIONS_PAGE


def _accept(session: Session, actor: Actor, text_id: UUID, form: Form, now: datetime) -> Outcome:
    signed = form.get("signed_name")
    if signed is not None:
        code = form.get("code", "")
        return sign_text(session, actor, text_id, name=signed, code=code, now=now)
    if form.get("accepted") != "on":
        raise Invalid(accepted="legal_text.not_ticked")
    accept_text(session, actor, text_id, mode=AcceptanceMode.BOX, now=now)
    return Outcome()


def _send(session: Session, actor: Actor, text_id: UUID, _: Form, now: datetime) -> Outcome:
    return send_signature_code(session, actor, text_id, now=now)


routes = [
    post_route("/auth/conditions", accept),
    post_route("/auth/conditions/code", send_code),
]
