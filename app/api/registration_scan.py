"""The scan of a contract signed by hand, deposited by whoever registers (D-11)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app import cookies
from app.api.registration_step import leave_failure, run
from app.api.request import (
    Refused,
    client_address,
    cookie_of,
    let_go,
    post_route,
    redirect,
)
from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import Invalid, RuleViolation
from app.services import registration_contract as contracts, throttle
from app.services.fields import parse_key
from app.services.registration_progress import Step
from app.state.clock import utc_now

UPLOADS = throttle.Rule("upload", limit=30, window=timedelta(minutes=10))
_FORM_ROOM = 64 * 1024

Form = Mapping[str, str]


class _InMemory(MultiPartParser):
    """A file of a form never rests on the disk in clear: it stays in memory until it is sealed."""

    spool_max_size = contracts.MAX_SCAN_BYTES + _FORM_ROOM


async def upload_scan(request: Request) -> Response:
    """The scan of a contract signed by hand: 5 Mo at most, read in memory."""
    token, address = cookie_of(request, cookies.REGISTRATION), client_address(request)
    size = request.headers.get("content-length", "")
    if not size.isdigit() or int(size) > contracts.MAX_SCAN_BYTES + _FORM_ROOM:
        await let_go(request.stream())
        fault = Invalid(scan="registration.scan_too_large")
        path = await run_in_threadpool(leave_failure, address, token, Step.CONTRACT, fault, None)
        return redirect(path)
    try:
        parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=5)
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise Refused(PlainTextResponse("Ce formulaire ne peut pas être lu.", 415)) from None
    sent = form.get("scan")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    text_id = form.get("text_id")
    fields = {"text_id": text_id} if isinstance(text_id, str) else {}
    await form.close()
    return redirect(await run_in_threadpool(_upload_scan, address, token, content, fields))


def _upload_scan(address: str, token: str, content: bytes, form: Form) -> str:
    now = utc_now()
    with unit_of_work() as session:
        retry_at = throttle.blocked_until(session, UPLOADS, address, now=now)
        throttle.count(session, UPLOADS, address, now=now)
    if retry_at is not None:
        failure = RuleViolation("registration.too_many_uploads")
        return leave_failure(address, token, Step.CONTRACT, failure, None)

    def keep(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> None:
        text_id = parse_key(form.get("text_id", ""))
        contracts.upload_scan(session, actor, token, text_id, content, now=now)

    return run(Step.CONTRACT, keep, address, token, form, True)


routes = [post_route("/auth/registration/contract/scan", upload_scan)]
