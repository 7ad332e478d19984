"""Acting over plain HTTP as whoever holds the cookie: one piece of work in one unit of work."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import cookies
from app.api.request import Handler, client_address, cookie_of, post_route, redirect
from app.authz.actor import Actor
from app.db import reading, unit_of_work
from app.errors import AppError, NotAuthenticated
from app.homes import SIGN_IN_PAGE, confirm_path
from app.services import session as sessions
from app.services.session import Identity
from app.state.clock import utc_now

T = TypeVar("T")
Work = Callable[[Session, Actor, datetime], T]


def own_post(path: str, page: str, handler: Handler) -> Route:
    """A post of the page at `page` by somebody signed in; what is refused is told there."""

    async def told(request: Request) -> Response:
        try:
            return await handler(request)
        except NotAuthenticated:
            return redirect(f"{SIGN_IN_PAGE}?suite={page}")
        except AppError as failure:
            return redirect(confirm_path(page) if failure.code == "factor.stale" else page)

    return post_route(path, told)


async def act(request: Request, work: Work[T]) -> T:
    """Run a piece of work as whoever holds the cookie, in one unit of work."""

    def run() -> T:
        now = utc_now()
        with unit_of_work() as session:
            return work(session, actor_of(request, session, now=now), now)

    return await run_in_threadpool(run)


def identity_of(request: Request, session: Session, *, now: datetime) -> Identity | None:
    """Who holds the cookie of a request; None when it opens nothing (any more)."""
    token, address = cookie_of(request, cookies.SESSION), client_address(request)
    return sessions.look_up(session, token, address=address, now=now)


def actor_of(request: Request, session: Session, *, now: datetime) -> Actor:
    """The same, for what takes somebody."""
    identity = identity_of(request, session, now=now)
    if identity is None:
        raise NotAuthenticated
    return identity.actor


async def look(request: Request, work: Work[T]) -> T:
    """The same for what changes nothing."""

    def run() -> T:
        now = utc_now()
        with reading() as session:
            return work(session, actor_of(request, session, now=now), now)

    return await run_in_threadpool(run)
