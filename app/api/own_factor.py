"""Secrets of one's own factors: an authenticator's seed, recovery codes. None enters page state (S005)."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import cookies
from app.api.acting import act, look, own_post
from app.api.own_account import SECURITY
from app.api.request import post_route, read_form, redirect, set_cookie
from app.authz.actor import Actor
from app.errors import AppError, Invalid
from app.i18n.security import TOTP_FORM
from app.services import form_reply, recovery_code, session as sessions, totp
from app.services.totp import Enrolment
from app.state.live import tabs

_SVG = "image/svg+xml"
_NEVER_KEPT = {"Cache-Control": "no-store"}


async def confirm_authenticator(request: Request) -> Response:
    """The first code of an authenticator application takes it into use (S034)."""
    form = await read_form(request)

    def work(session: Session, actor: Actor, now: datetime) -> str:
        try:
            totp.confirm_totp(session, actor, form.get("code", ""), now=now)
        except Invalid as failure:
            form_reply.leave_reply(session, actor, TOTP_FORM, failure.fields, now=now)
            return ""
        form_reply.leave_reply(session, actor, TOTP_FORM, {}, context={"done": "totp"}, now=now)
        return sessions.renew(session, actor, now=now)

    token = await act(request, work)
    response = redirect(SECURITY)
    if token:
        set_cookie(response, cookies.SESSION, token)
        tabs.wake()
    return response


async def draw_authenticator(request: Request) -> Response:
    """The QR code of the seed that waits for its first code; it never enters page state (S005)."""
    return await _show_seed(request, lambda found: Response(_svg(found.address), media_type=_SVG))


async def tell_authenticator(request: Request) -> Response:
    """The same seed, to type: four letters at a time."""
    return await _show_seed(request, lambda found: PlainTextResponse(_grouped(found.seed)))


async def _show_seed(request: Request, draw: Callable[[Enrolment], Response]) -> Response:
    """Only to its owner, a factor just given, before its first code; to anybody else there is none."""
    try:
        found = await look(
            request, lambda session, actor, now: totp.read_enrolment(session, actor, now=now)
        )
    except AppError:
        return Response(status_code=404, headers=_NEVER_KEPT)
    response = draw(found)
    response.headers.update(_NEVER_KEPT)
    return response


def _svg(address: str) -> bytes:
    drawn = BytesIO()
    segno.make_qr(address, error="m").save(
        drawn,
        kind="svg",
        border=2,
        light="#fff",
        xmldecl=False,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue()


def _grouped(seed: str) -> str:
    return " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))


async def make_recovery_codes(request: Request) -> Response:
    """Ten new codes, told this once: the page's own script writes them, not its state (S035)."""
    try:
        codes = await act(
            request,
            lambda session, actor, now: recovery_code.make_recovery_codes(session, actor, now=now),
        )
    except AppError as failure:
        status = 403 if failure.code == "factor.stale" else 401
        return Response(status_code=status, headers=_NEVER_KEPT)
    tabs.wake()
    return JSONResponse({"lines": list(codes)}, headers=_NEVER_KEPT)


routes = [
    Route("/api/account/authenticator.svg", draw_authenticator),
    Route("/api/account/authenticator-key", tell_authenticator),
    post_route("/api/account/recovery-codes", make_recovery_codes),
    own_post("/auth/account/authenticator", SECURITY, confirm_authenticator),
]
