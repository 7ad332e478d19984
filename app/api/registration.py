"""The posts of a registration: native forms, so that no secret enters page state.

Each one ends on a page. What went wrong is left on the registration, and told there beside its field.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import cookies
from app.api import registration_scan, registration_step as step_acts
from app.api.registration_step import Act, leave_failure, run
from app.api.request import (
    client_address,
    cookie_of,
    drop_cookie,
    post_route,
    read_form,
    redirect,
    set_cookie,
)
from app.authz.actor import Actor
from app.db import get_database, unit_of_work
from app.errors import AppError, Invalid
from app.models.registration import RegistrationKind
from app.services import (
    psc,
    registration as registrations,
    registration_certified as certified,
    registration_email as emails,
    registration_secret as secret,
)
from app.services.member import hash_code
from app.services.registration_progress import Step, read_progress
from app.state.clock import utc_now
from app.state.form import key_of
from app.state.registration_steps import LINK, PATHS, START

COOKIE_SECONDS = int(registrations.KEEP.total_seconds())
_MAX_SECRET = 1_000
_MAX_CODE = 10

Form = Mapping[str, str]


async def begin(request: Request) -> Response:
    """Choose a door: a registration begins in this browser."""
    form = await read_form(request)
    address = client_address(request)
    kind = (
        RegistrationKind.SECRETARY
        if form.get("kind") == RegistrationKind.SECRETARY
        else RegistrationKind.PROFESSIONAL
    )
    try:
        token = await run_in_threadpool(_begin, address, kind)
    except AppError:
        return redirect(f"{START}?trop=1")
    response = redirect(PATHS[Step.IDENTITY])
    set_cookie(response, cookies.REGISTRATION, token, seconds=COOKIE_SECONDS)
    return response


def _begin(address: str, kind: RegistrationKind) -> str:
    with unit_of_work() as session:
        return registrations.begin(session, Actor(address=address), kind, now=utc_now())


async def begin_certified(request: Request) -> Response:
    """Go on with the identity Pro Santé Connect vouched for in this browser (MM-29, MM-30)."""
    profession = (await read_form(request)).get("profession", "")[:_MAX_CODE]
    token, path = await run_in_threadpool(
        _begin_certified,
        client_address(request),
        cookie_of(request, cookies.PSC_PENDING),
        cookie_of(request, cookies.REGISTRATION),
        profession,
    )
    response = redirect(path)
    if token:
        set_cookie(response, cookies.REGISTRATION, token, seconds=COOKIE_SECONDS)
        drop_cookie(response, cookies.PSC_PENDING)
    return response


def _begin_certified(address: str, waiting: str, token: str, profession: str) -> tuple[str, str]:
    actor, now = Actor(address=address), utc_now()
    try:
        with unit_of_work() as session:
            person = psc.pending_identity(session, actor, waiting, now=now)
            if person is None:
                return "", START
            token = certified.begin_certified(
                session, actor, token, person.identity, profession=profession, now=now
            )
            psc.drop_pending(session, actor, waiting)
            registration = registrations.access_registration(session, actor, token, now=now)
            progress = read_progress(session, actor, registration, now=now)
            is_back = Step.PLACES in progress.done
            return token, PATHS[progress.reached if is_back else Step.IDENTITY]
    except AppError as failure:
        return "", f"{START}?certifie={failure.code.rpartition('.')[2]}"


async def follow_link(request: Request) -> Response:
    """The link of the mail, posted by the page it opens: it proves the address and opens this browser."""
    form = await read_form(request)
    token = await run_in_threadpool(
        _follow_link, client_address(request), form.get("token", "")[:200]
    )
    if token is None:
        return redirect(f"{LINK}?perime=1")
    response = redirect(f"{START}?suite=1")
    set_cookie(response, cookies.REGISTRATION, token, seconds=COOKIE_SECONDS)
    return response


def _follow_link(address: str, link_token: str) -> str | None:
    with unit_of_work() as session:
        return emails.follow_link(session, Actor(address=address), link_token, now=utc_now())


async def resume(request: Request) -> Response:
    """Ask for the link of a registration under way: the same answer whatever the address, at once (S070)."""
    form = await read_form(request)
    try:
        email = emails.read_address(form.get("email", "")[:300])
    except Invalid:
        return redirect(f"{START}?reprise=adresse")
    response = redirect(f"{START}?reprise=envoyee")
    response.background = BackgroundTask(run_in_threadpool, _resume, client_address(request), email)
    return response


def _resume(address: str, email: str) -> None:
    with unit_of_work() as session:
        emails.send_resume_link(session, Actor(address=address), email, now=utc_now())


async def abandon(request: Request) -> Response:
    """Forget everything that was given."""
    token, address = cookie_of(request, cookies.REGISTRATION), client_address(request)
    await run_in_threadpool(_abandon, address, token)
    response = redirect(START)
    drop_cookie(response, cookies.REGISTRATION)
    return response


def _abandon(address: str, token: str) -> None:
    try:
        with unit_of_work() as session:
            registrations.abandon(session, Actor(address=address), token, now=utc_now())
    except AppError:
        return


async def choose_password(request: Request) -> Response:
    """Check a password, hash it outside any transaction, keep the hash."""
    form = await read_form(request)
    token, address = cookie_of(request, cookies.REGISTRATION), client_address(request)
    return redirect(await run_in_threadpool(_choose_password, address, token, form))


def _choose_password(address: str, token: str, form: Form) -> str:
    actor = Actor(address=address)
    password, again = (form.get(name, "")[:_MAX_SECRET] for name in ("password", "password_again"))
    try:
        with unit_of_work() as session:
            secret.check_password(session, actor, token, password, again, now=utc_now())
        hashed = get_database().keyring.hash_password(password)
    except AppError as failure:
        return leave_failure(address, token, Step.PASSWORD, failure, None)

    def keep(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> None:
        secret.keep_password(session, actor, token, hashed, now=now)

    return run(Step.PASSWORD, keep, address, token, {}, True)


async def add_member(request: Request) -> Response:
    """Add a person of a shared account; their code is hashed outside any transaction."""
    form = await read_form(request)
    token, address = cookie_of(request, cookies.REGISTRATION), client_address(request)
    return redirect(await run_in_threadpool(_add_member, address, token, form))


def _add_member(address: str, token: str, form: Form) -> str:
    actor, code = Actor(address=address), form.get("member_code", "").strip()[:_MAX_SECRET]
    shown = {name: value for name, value in form.items() if name != "member_code"}
    try:
        with unit_of_work() as session:
            member = secret.check_member(session, actor, token, form, code, now=utc_now())
        hashed = hash_code(get_database().keyring, code)
    except AppError as failure:
        return leave_failure(address, token, Step.PASSWORD, failure, shown)

    def keep(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> None:
        key = key_of(dict(form))
        secret.add_member(session, actor, token, member, hashed, key=key, now=now)

    return run(Step.PASSWORD, keep, address, token, {}, False)


def _step_post(path: str, step: Step, act: Act, *, goes_on: bool = False) -> Route:
    """A post of one step. `goes_on`: on success, the next step that is not done is shown."""

    async def handle(request: Request) -> Response:
        form = await read_form(request)
        token, address = cookie_of(request, cookies.REGISTRATION), client_address(request)
        return redirect(await run_in_threadpool(run, step, act, address, token, form, goes_on))

    return post_route(f"/auth/registration/{path}", handle)


routes = [
    post_route("/auth/registration/begin", begin),
    post_route("/auth/registration/certified", begin_certified),
    post_route("/auth/registration/link", follow_link),
    post_route("/auth/registration/resume", resume),
    post_route("/auth/registration/abandon", abandon),
    _step_post("email", Step.EMAIL, step_acts.send_proof),
    _step_post("email/resend", Step.EMAIL, step_acts.resend_proof),
    _step_post("email/code", Step.EMAIL, step_acts.check_proof, goes_on=True),
    _step_post("email/change", Step.EMAIL, step_acts.change_address),
    _step_post("phone", Step.PHONE, step_acts.add_phone),
    _step_post("phone/resend", Step.PHONE, step_acts.resend_phone_code),
    _step_post("phone/code", Step.PHONE, step_acts.check_phone_code),
    _step_post("phone/remove", Step.PHONE, step_acts.remove_phone),
    _step_post("phone/done", Step.PHONE, step_acts.finish_phones, goes_on=True),
    post_route("/auth/registration/password", choose_password),
    post_route("/auth/registration/member", add_member),
    _step_post("member/remove", Step.PASSWORD, step_acts.remove_member),
    _step_post("password/done", Step.PASSWORD, step_acts.finish_secrets, goes_on=True),
    _step_post("terms", Step.TERMS, step_acts.accept_terms, goes_on=True),
    _step_post("contract/code", Step.CONTRACT, step_acts.send_contract_code),
    _step_post("contract", Step.CONTRACT, step_acts.sign_contract, goes_on=True),
    _step_post("contract/provider", Step.CONTRACT, step_acts.sign_with_provider, goes_on=True),
    *registration_scan.routes,
]
