"""The addresses of Pro Santé Connect: leaving for it, coming back, linking, being signed out by it.

The callback is the one address that acts on a GET: the provider sends browsers there. It acts only for the
browser that left, once, and within ten minutes (S040, S044).
"""

from functools import cache

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import cookies
from app.api.acting import identity_of
from app.api.request import (
    client_address,
    cookie_of,
    drop_cookie,
    hand_over,
    local_path,
    own_origin,
    post_route,
    read_form,
    redirect,
    set_cookie,
)
from app.api.way_in import enter
from app.authz.actor import Actor, system
from app.db import get_database, keyring_of, unit_of_work
from app.errors import AppError, Forbidden, Unavailable
from app.homes import HOME, PSC_PAGE, SIGN_IN_PAGE
from app.i18n.device import device_label
from app.integrations.psc import PscClient, PscConfiguration, PscSignIn
from app.integrations.psc_settings import BACK_CHANNEL, CALLBACK, SIGNED_OUT, configuration
from app.models.psc import TripPurpose
from app.services import psc, psc_trip, sign_out
from app.services.psc_trip import Trip
from app.services.session import SignedIn
from app.settings import get_settings
from app.state.clock import utc_now
from app.state.live import tabs

TRIP_SECONDS = int(psc_trip.TRIP_LIFE.total_seconds())
PENDING_SECONDS = int(psc.PENDING_LIFE.total_seconds())
REGISTRATION_PAGE = "/inscription"
_COMING_IN = frozenset({TripPurpose.SIGN_IN, TripPurpose.REGISTER})
_LONGEST_CODE = 4_000


def client() -> PscClient | None:
    """The client of this installation; None where that door does not exist."""
    known = configuration(get_settings(), get_database().keyring)
    return _client(known) if known else None


@cache
def _client(known: PscConfiguration) -> PscClient:
    return PscClient(known)


async def start(request: Request) -> Response:
    """A click on « Pro Santé Connect »: off to the provider."""
    provider = client()
    if provider is None:
        return redirect(SIGN_IN_PAGE)
    form = await read_form(request)
    wants_account = form.get("purpose") == TripPurpose.REGISTER
    purpose = TripPurpose.REGISTER if wants_account else TripPurpose.SIGN_IN
    next_path = local_path(form.get("next", ""))
    try:
        trip = await run_in_threadpool(_start, client_address(request), purpose, next_path)
        url = await provider.authorization_url(
            redirect_uri=own_origin(request) + CALLBACK,
            state=trip.state,
            nonce=trip.nonce,
            verifier=trip.verifier,
        )
    except AppError as failure:
        return await _tell(request, failure.code)
    response = hand_over(url, "Continuer vers Pro Santé Connect")
    set_cookie(response, cookies.PSC_TRIP, trip.token, seconds=TRIP_SECONDS)
    return response


def _start(address: str, purpose: TripPurpose, next_path: str) -> Trip:
    with unit_of_work() as session:
        return psc_trip.start_trip(
            session, Actor(address=address), purpose, next_path=next_path, now=utc_now()
        )


async def callback(request: Request) -> Response:
    """Back from the provider."""
    provider = client()
    if provider is None or request.method != "GET":
        return Response(status_code=404)
    try:
        trip = await run_in_threadpool(_finish, request, _COMING_IN)
        done = await _exchange(provider, request, trip)
        signed_in = await run_in_threadpool(_sign_in, request, trip, done)
    except AppError as failure:
        return await _tell(request, failure.code)
    if signed_in is None:
        page = REGISTRATION_PAGE if trip.purpose is TripPurpose.REGISTER else PSC_PAGE
        return await _keep(request, page, done)
    tabs.wake()
    response = enter(request, signed_in)
    drop_cookie(response, cookies.PSC_TRIP)
    drop_cookie(response, cookies.PSC_PENDING)
    return response


def _finish(request: Request, purposes: frozenset[TripPurpose]) -> Trip:
    with unit_of_work() as session:
        return psc_trip.finish_trip(
            session,
            Actor(address=client_address(request)),
            cookie_of(request, cookies.PSC_TRIP),
            request.query_params.get("state", ""),
            purposes,
            now=utc_now(),
        )


async def _exchange(provider: PscClient, request: Request, trip: Trip) -> PscSignIn:
    query = request.query_params
    code = query.get("code", "")
    if query.get("error") == "access_denied":
        raise Forbidden("psc.refused")
    if "error" in query or not code or len(code) > _LONGEST_CODE:
        raise Forbidden("psc.provider_error")
    return await provider.exchange(
        code,
        redirect_uri=own_origin(request) + CALLBACK,
        nonce=trip.nonce,
        verifier=trip.verifier,
        now=utc_now(),
    )


def _sign_in(request: Request, trip: Trip, done: PscSignIn) -> SignedIn | None:
    now, address = utc_now(), client_address(request)
    with unit_of_work() as session:
        signed_in = psc.sign_in(
            session,
            Actor(address=address),
            done.identity,
            done.id_token,
            device=device_label(request.headers.get("user-agent", "")),
            device_ids=cookies.device_ids(
                keyring_of(session), cookie_of(request, cookies.DEVICE), now=now
            ),
            next_path=trip.next_path,
            now=now,
        )
        before = identity_of(request, session, now=now)
        if signed_in is not None and before is not None:
            sign_out.end(session, before.actor, reason="replaced", now=now)
        return signed_in


async def _keep(request: Request, page: str, done: PscSignIn) -> Response:
    def work() -> str:
        with unit_of_work() as session:
            return psc.keep_pending(
                session,
                Actor(address=client_address(request)),
                identity=done.identity,
                id_token=done.id_token,
                now=utc_now(),
            )

    return _pending(page, await run_in_threadpool(work))


async def _tell(request: Request, fault: str) -> Response:
    """Leave a sentence for the page that explains."""

    def work() -> str:
        with unit_of_work() as session:
            actor = Actor(address=client_address(request))
            return psc.keep_pending(session, actor, fault=fault, now=utc_now())

    return _pending(PSC_PAGE, await run_in_threadpool(work))


def _pending(page: str, token: str) -> Response:
    response = redirect(page)
    set_cookie(response, cookies.PSC_PENDING, token, seconds=PENDING_SECONDS)
    return response


async def link(request: Request) -> Response:
    """Link the identity that waits to the account that is signed in (PS-23)."""
    token = cookie_of(request, cookies.PSC_PENDING)
    home = await run_in_threadpool(_link, request, token)
    if not home:
        return redirect(PSC_PAGE)
    response = redirect(home)
    drop_cookie(response, cookies.PSC_PENDING)
    return response


def _link(request: Request, token: str) -> str:
    """Where to go once linked; '' when it was not, and the reason is left beside the identity."""
    now = utc_now()
    try:
        with unit_of_work() as session:
            actor = _actor_of(session, request)
            psc.link_pending(session, actor, token, now=now)
            return HOME[actor.role.value] if actor.role else SIGN_IN_PAGE
    except AppError as failure:
        with unit_of_work() as session:
            psc.note_fault(session, Actor(), token, failure.code, now=now)
        return ""


def _actor_of(session: Session, request: Request) -> Actor:
    identity = identity_of(request, session, now=utc_now())
    return identity.actor if identity else Actor(address=client_address(request))


async def abandon(request: Request) -> Response:
    """« Ce n’est pas moi »: forget the identity that waits, and close its session at the provider."""
    token = cookie_of(request, cookies.PSC_PENDING)

    def work() -> str:
        with unit_of_work() as session:
            person = psc.pending_identity(session, Actor(), token, now=utc_now())
            psc.drop_pending(session, Actor(), token)
            return person.id_token if person else ""

    response = await way_out(request, await run_in_threadpool(work))
    drop_cookie(response, cookies.PSC_PENDING)
    return response


async def way_out(request: Request, id_token: str) -> Response:
    """After a sign-out: by way of the provider when it opened the sign-in (S043), else the sign-in page."""
    provider = client()
    if provider is None or not id_token:
        return redirect(SIGN_IN_PAGE)
    address = client_address(request)
    try:
        trip = await run_in_threadpool(_start, address, TripPurpose.SIGN_OUT, "")
        url = await provider.logout_url(
            id_token=id_token, return_uri=own_origin(request) + SIGNED_OUT, state=trip.state
        )
    except (Unavailable, Forbidden):
        return redirect(SIGN_IN_PAGE)
    if not url:
        return redirect(SIGN_IN_PAGE)
    response = hand_over(url, "Fermer aussi la session Pro Santé Connect")
    set_cookie(response, cookies.PSC_TRIP, trip.token, seconds=TRIP_SECONDS)
    return response


async def signed_out(request: Request) -> Response:
    """Back from the provider's sign-out: said only to the browser that asked for it (FA-11)."""
    if client() is None or request.method != "GET":
        return Response(status_code=404)
    try:
        await run_in_threadpool(_finish, request, frozenset({TripPurpose.SIGN_OUT}))
    except Forbidden:
        return redirect(SIGN_IN_PAGE)
    return await _tell(request, "psc.signed_out")


async def back_channel_logout(request: Request) -> Response:
    """The provider closed a session: ours ends with it, if the token is as good as an id token (S044)."""
    provider = client()
    if provider is None:
        return Response(status_code=404)
    form = await read_form(request)
    try:
        subject, sid = await provider.check_logout(form.get("logout_token", ""), now=utc_now())
    except Unavailable:
        return JSONResponse({"error": "invalid_request"}, 400, {"Cache-Control": "no-store"})
    issuer = provider.configuration.issuer

    def work() -> int:
        with unit_of_work() as session:
            return psc.end_from_provider(
                session, system("back-channel logout"), issuer, subject, sid, now=utc_now()
            )

    if await run_in_threadpool(work):
        tabs.wake()
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


routes = [
    post_route("/auth/psc/start", start),
    Route(CALLBACK, callback, methods=["GET"]),
    post_route("/auth/psc/link", link),
    post_route("/auth/psc/abandon", abandon),
    Route(SIGNED_OUT, signed_out, methods=["GET"]),
    post_route(BACK_CHANNEL, back_channel_logout, from_anywhere=True),
]
