"""At most 300 posts a minute from one address (S072); over it, 429 and when to try again."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.request import client_address
from app.i18n.messages import sentence
from app.pace import address_pace
from app.services.throttle import network_of

_TOO_MANY = 429


class RequestLimits:
    """Pure ASGI: counts posts, and leaves pages and sockets alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.pace = address_pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["method"] == "POST":
            address = network_of(client_address(Request(scope)))
            if not self.pace.take(address):
                await PlainTextResponse(
                    f"{sentence('request.too_many')}.",
                    _TOO_MANY,
                    headers={"Retry-After": str(self.pace.wait_seconds())},
                )(scope, receive, send)
                return
        await self.app(scope, receive, send)
