"""What every door ends on: the cookies of a sign-in that succeeded, and the way to where one was going."""

from starlette.requests import Request
from starlette.responses import Response

from app import cookies
from app.api.request import cookie_of, drop_cookie, redirect, set_cookie
from app.db import get_database
from app.homes import HOME
from app.services.session import SignedIn
from app.state.clock import utc_now

DEVICE_SECONDS = int(cookies.DEVICE_LIFE.total_seconds())


def enter(request: Request, done: SignedIn) -> Response:
    """Hand over the cookies of a sign-in that succeeded, and lead where the person was going."""
    response = redirect(done.next_path or HOME[done.role])
    set_cookie(response, cookies.SESSION, done.token)
    if done.device_id is not None:
        before = cookie_of(request, cookies.DEVICE)
        value = cookies.new_device(get_database().keyring, before, done.device_id, now=utc_now())
        seconds = DEVICE_SECONDS if done.keeps_device or before else None
        set_cookie(response, cookies.DEVICE, value, seconds=seconds)
    drop_cookie(response, cookies.ATTEMPT)
    return response
