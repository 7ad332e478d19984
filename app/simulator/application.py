"""The simulator as an application to mount: its addresses, and what each step of its screens does."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.request import Refused
from app.crypto import Keyring
from app.db import get_database
from app.integrations.psc_settings import (
    BACK_CHANNEL,
    CALLBACK,
    SIGNED_OUT,
    SIMULATOR,
    SIMULATOR_CLIENT,
    own_address,
    simulator_secret,
)
from app.settings import Settings, get_settings
from app.simulator import provider as protocol
from app.simulator.human import Human
from app.simulator.keys import load_key
from app.simulator.machine import Machine
from app.simulator.provider import Client, Provider
from app.state.clock import utc_now

Handler = Callable[[HttpRequest], Awaitable[Response]]


def mount() -> Mount:
    """The simulator under its own path."""
    return Mount(SIMULATOR, app=_FirstAsked())


class _FirstAsked:
    """Made when it is first asked for something: the build of the pages has neither data nor key."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = simulator(get_settings(), get_database().keyring)
        await self._app(scope, receive, send)


def simulator(settings: Settings, keyring: Keyring) -> Starlette:
    """The simulator for the portal these settings describe."""
    origins = settings.allowed_origins
    front, back = settings.base_url + SIMULATOR, own_address(settings)
    client = Client(
        client_id=SIMULATOR_CLIENT,
        secret=simulator_secret(keyring),
        name="Liane",
        redirect_uris=tuple(origin + CALLBACK for origin in origins),
        logout_uris=tuple(origin + SIGNED_OUT for origin in origins),
        back_channel_url=back + BACK_CHANNEL,
    )
    key = load_key(settings.data_dir / "keys")
    known = Provider(front=front, back=back + SIMULATOR, client=client, key=key, clock=utc_now)
    return Starlette(routes=routes(known))


def routes(known: Provider) -> list[Route]:
    """Every address of one simulator, below its own path."""
    machine, human = Machine(known), Human(known)
    return [
        Route("/.well-known/wallet-openid-configuration", machine.discovery),
        Route(protocol.CERTS, machine.certs),
        Route(protocol.TOKEN, machine.token, methods=["POST"]),
        Route(protocol.USERINFO, machine.userinfo),
        Route(protocol.INTROSPECT, machine.introspect, methods=["POST"]),
        Route(protocol.AUTHORIZE, human.authorize),
        Route(protocol.LOGOUT, human.logout),
        Route("/", human.home),
        Route("/connexion", human.sign_in),
        Route("/connexion/{means}", human.sign_in),
        Route("/application", _post(human.start_application), methods=["POST"]),
        Route("/telephone", human.phone),
        Route("/telephone", _post(human.answer_phone), methods=["POST"]),
        Route("/carte", _post(human.choose_card), methods=["POST"]),
        Route("/carte/code", human.pin),
        Route("/carte/code", _post(human.answer_pin), methods=["POST"]),
        Route("/cle", _post(human.touch_key), methods=["POST"]),
        Route("/debloquer", _post(human.unblock), methods=["POST"]),
        Route("/annuler", _post(human.give_up), methods=["POST"]),
        Route("/fermer", _post(human.close), methods=["POST"]),
    ]


def _post(handler: Handler) -> Handler:
    async def checked(request: HttpRequest) -> Response:
        # Another site's form arrives without our cookies, but need not arrive at all.
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Response(status_code=403)
        try:
            return await handler(request)
        except Refused as refused:
            return refused.response

    return checked
