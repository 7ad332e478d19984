"""What the service asks of the simulator, without a browser: keys, tokens, userinfo."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from app.api.request import Refused, read_form
from app.simulator.provider import Provider, Refusal

UNAUTHORIZED = 401
NO_STORE = {"Cache-Control": "no-store"}


class Machine:
    """What the service asks, without a browser."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    async def discovery(self, _: HttpRequest) -> Response:
        return JSONResponse(self.provider.discovery())

    async def certs(self, _: HttpRequest) -> Response:
        return JSONResponse(self.provider.certs())

    async def token(self, request: HttpRequest) -> Response:
        """A code against tokens."""
        return await self._authenticated(request, self.provider.redeem)

    async def introspect(self, request: HttpRequest) -> Response:
        return await self._authenticated(
            request, lambda form: self.provider.introspect(form.get("token", ""))
        )

    async def userinfo(self, request: HttpRequest) -> Response:
        try:
            found = self.provider.userinfo(request.headers.get("authorization", ""))
        except Refusal as refusal:
            return _error(refusal, {"WWW-Authenticate": "Bearer"})
        return JSONResponse(found, headers=NO_STORE)

    async def _authenticated(
        self, request: HttpRequest, answer: Callable[[Any], dict[str, Any]]
    ) -> Response:
        try:
            form = await read_form(request)
            self.provider.authenticate_client(request.headers.get("authorization", ""), form)
            return JSONResponse(answer(form), headers=NO_STORE)
        except Refused as refused:
            return refused.response
        except Refusal as refusal:
            return _error(
                refusal, {"WWW-Authenticate": "Basic"} if refusal.status == UNAUTHORIZED else {}
            )


def _error(refusal: Refusal, headers: dict[str, str]) -> Response:
    body = {"error": refusal.error, "error_description": refusal.description}
    return JSONResponse(body, status_code=refusal.status, headers={**NO_STORE, **headers})
