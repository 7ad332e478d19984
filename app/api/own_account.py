"""What one posts about one's own account that must not enter page state: codes, passwords, one's data."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import cookies
from app.api.acting import act, actor_of, own_post
from app.api.request import (
    read_form,
    redirect,
    set_cookie,
)
from app.authz.actor import Actor
from app.db import get_database, reading, unit_of_work
from app.errors import AppError
from app.i18n.contact_point import APPLICATION_MARK, EMAIL_FORM, PHONE_FORM
from app.i18n.security import PASSWORD_FORM
from app.services import (
    account_export,
    contact_email,
    contact_phone,
    form_reply,
    password_change,
)
from app.services.account_export import Fetched
from app.services.one_time_code import Outcome
from app.state.base import parse_id
from app.state.clock import utc_now
from app.state.live import tabs

CONTACTS, SECURITY, DATA = "/compte/coordonnees", "/compte/securite", "/compte/donnees"
_MOST_FIELDS = 80
_LONGEST_SECRET = 1_000


async def prove_email(request: Request) -> Response:
    """« VALIDER MON ADRESSE »: the code, and what the address is for."""
    form = await read_form(request, most=_MOST_FIELDS)
    to = form.get("to", "")
    wanted = [
        parse_id(name.removeprefix(APPLICATION_MARK))
        for name in form
        if name.startswith(APPLICATION_MARK)
    ]

    def work(session: Session, actor: Actor, now: datetime) -> None:
        outcome = contact_email.prove_address(
            session,
            actor,
            to,
            form.get("code", ""),
            is_starred=bool(form.get("is_starred")),
            applications=wanted,
            now=now,
        )
        _leave(session, actor, EMAIL_FORM, outcome, to, "email", now)

    await act(request, work)
    return redirect(CONTACTS)


async def prove_phone(request: Request) -> Response:
    """The code received by SMS."""
    form = await read_form(request)
    to = form.get("to", "")

    def work(session: Session, actor: Actor, now: datetime) -> None:
        outcome = contact_phone.prove_phone(session, actor, to, form.get("code", ""), now=now)
        _leave(session, actor, PHONE_FORM, outcome, to, "phone", now)

    await act(request, work)
    return redirect(CONTACTS)


def _leave(
    session: Session,
    actor: Actor,
    form: str,
    outcome: Outcome,
    to: str,
    done: str,
    now: datetime,
) -> None:
    faults = {} if outcome.is_ok else {"code": outcome.error}
    context = {"done": done} if outcome.is_ok else {"to": to[:254]}
    form_reply.leave_reply(session, actor, form, faults, context=context, now=now)


async def change_password(request: Request) -> Response:
    """The present password and the new one (S023)."""
    form = await read_form(request)
    typed = [form.get(name, "") for name in ("current", "password", "password_again")]
    if any(len(secret) > _LONGEST_SECRET for secret in typed):
        typed = ["", "", ""]
    new_token = await run_in_threadpool(_change_password, request, *typed)
    response = redirect(SECURITY)
    if new_token:
        set_cookie(response, cookies.SESSION, new_token)
        tabs.wake()
    return response


def _change_password(request: Request, *typed: str) -> str:
    with reading() as session:
        actor = actor_of(request, session, now=utc_now())
        check = password_change.prepare(session, actor, now=utc_now())
    try:
        verified = password_change.verify(get_database().keyring, check, *typed)
        faults: Mapping[str, str] = verified.faults
    except AppError as busy:
        verified, faults = password_change.Verified({}), {"": busy.code}
    now = utc_now()
    with unit_of_work() as session:
        actor = actor_of(request, session, now=now)
        context = {"retry_at": check.retry_at.isoformat()} if check.retry_at else {}
        if verified.new_hash:
            context = {"done": "password"}
        form_reply.leave_reply(session, actor, PASSWORD_FORM, faults, context=context, now=now)
        return password_change.settle(session, actor, check, verified, now=now)


@dataclass(frozen=True)
class _Download:
    """A file on its way, and who is reading it."""

    actor: Actor
    file: Fetched


async def download_export(request: Request) -> Response:
    """One's own data, once: the answer to the post is the file (S099)."""
    form = await read_form(request)

    def work(session: Session, actor: Actor, now: datetime) -> _Download:
        export_id = parse_id(form.get("export", ""))
        return _Download(actor, account_export.fetch_export(session, actor, export_id, now=now))

    found = await act(request, work)
    name = f"liane-mes-donnees-{found.file.asked_at:%Y-%m-%d}.zip"
    return StreamingResponse(
        _parts(found),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(found.file.size_bytes),
            "Cache-Control": "no-store",
        },
    )


async def _parts(download: _Download) -> AsyncIterator[bytes]:
    def read(number: int) -> bytes:
        with reading() as session:
            return account_export.read_part(
                session, download.actor, download.file.export_id, number
            )

    number = 0
    while piece := await run_in_threadpool(read, number):
        yield piece
        number += 1


routes = [
    own_post("/auth/account/email", CONTACTS, prove_email),
    own_post("/auth/account/phone", CONTACTS, prove_phone),
    own_post("/auth/account/password", SECURITY, change_password),
    own_post("/api/account/export", DATA, download_export),
]
