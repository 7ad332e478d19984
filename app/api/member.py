"""Members of a shared account: forms that carry a personal code, which never enters page state (MM-25)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.api.acting import identity_of
from app.api.request import post_route, read_form, redirect, typed_secret
from app.authz import policies
from app.authz.actor import Actor
from app.db import get_database, unit_of_work
from app.errors import AppError, Invalid
from app.homes import CONFIRM_PAGE, SIGN_IN_PAGE
from app.services import form_reply, member
from app.state.base import parse_id
from app.state.clock import utc_now
from app.state.member import MEMBER_FORM

PAGE = "/compte/membres"
_SHOWN_AGAIN = ("civility", "family_name", "given_name", "member_id")

Act = Callable[[Session, Actor, str, datetime], None]


async def add(request: Request) -> Response:
    """Add a person, with the code they chose."""
    form = await read_form(request)
    code = typed_secret(form, "code")

    def checked() -> Act:
        new = member.read_member(
            form.get("civility", ""),
            form.get("family_name", ""),
            form.get("given_name", ""),
            code,
        )

        def act(session: Session, actor: Actor, code_hash: str, now: datetime) -> None:
            account_id = policies.require_own_account(actor)
            member.create_member(session, actor, account_id, new, code_hash, now=now)

        return act

    return redirect(await run_in_threadpool(_do, request, form, code, checked))


async def change(request: Request) -> Response:
    """Give a person another code."""
    form = await read_form(request)
    code = typed_secret(form, "code")

    def checked() -> Act:
        if fault := member.code_fault(code):
            raise Invalid(code=fault)

        def act(session: Session, actor: Actor, code_hash: str, now: datetime) -> None:
            member_id = parse_id(form.get("member_id", ""))
            member.change_code(session, actor, member_id, code_hash, now=now)

        return act

    return redirect(await run_in_threadpool(_do, request, form, code, checked))


def _do(request: Request, form: Mapping[str, str], code: str, checked: Callable[[], Act]) -> str:
    """Check, hash outside any transaction, then act. What went wrong is left for the page."""
    now = utc_now()
    with unit_of_work() as session:
        identity = identity_of(request, session, now=now)
    if identity is None:
        return SIGN_IN_PAGE
    actor = identity.actor
    try:
        policies.require_fresh_factor(actor, now=now)
        act = checked()
        code_hash = member.hash_code(get_database().keyring, code)
        with unit_of_work() as session:
            act(session, actor, code_hash, now)
            form_reply.clear_reply(session, actor, MEMBER_FORM)
    except AppError as failure:
        if failure.code == "factor.stale":
            return f"{CONFIRM_PAGE}?suite={PAGE}"
        context = {name: form.get(name, "")[:100] for name in _SHOWN_AGAIN}
        with unit_of_work() as session:
            faults = form_reply.faults_of(failure)
            form_reply.leave_reply(session, actor, MEMBER_FORM, faults, context=context, now=now)
    return PAGE


routes = [post_route("/auth/member/new", add), post_route("/auth/member/code", change)]
