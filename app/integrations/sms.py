"""Sending SMS through a gateway over HTTP (U-30)."""

import json
from typing import Protocol
from urllib.parse import urlsplit

from app.errors import Unavailable
from app.integrations.outbound import Outbound, OutboundFault
from app.settings import Settings

_TAKEN = range(200, 300)


class SmsSender(Protocol):
    """Something that hands one SMS to the world, or raises `Unavailable`."""

    async def send(self, *, to: str, text: str) -> None:
        """Send one SMS. `to`: E.164."""


class HttpSmsGateway:
    """A gateway that takes `POST {"to": "+336…", "text": "…"}` with a bearer token, and answers 2xx.

    `is_local`: it may be on this machine, over plain http, as in the demonstration.
    """

    def __init__(self, url: str, token: str, *, is_local: bool = False) -> None:
        self._url = url
        self._token = token
        self._outbound = Outbound([urlsplit(url).hostname or ""], is_local=is_local)

    async def send(self, *, to: str, text: str) -> None:
        """Send one SMS. Raises Unavailable when the gateway does not take it now."""
        if await self._answer("POST", json.dumps({"to": to, "text": text})) not in _TAKEN:
            raise Unavailable("sms.unavailable")

    async def check(self) -> None:
        """Ask for any answer, for `liane doctor`. Raises Unavailable."""
        await self._answer("GET", "")

    async def _answer(self, method: str, body: str) -> int:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            answer = await self._outbound.call(method, self._url, headers=headers, body=body)
        except OutboundFault as fault:
            raise Unavailable("sms.unavailable") from fault
        return answer.status


class KeptSms:
    """Nothing leaves the machine; in the demonstration the outbox itself is what people read."""

    def __init__(self, *, takes_any: bool) -> None:
        self._takes_any = takes_any

    async def send(self, *, to: str, text: str) -> None:  # noqa: ARG002 - the protocol's names
        """Keep the SMS where it is; outside the demonstration it waits for a gateway."""
        if not self._takes_any:
            raise Unavailable("sms.unavailable")


def sms_sender(settings: Settings) -> SmsSender:
    """What sends the SMS of this installation."""
    if not settings.sms_url:
        return KeptSms(takes_any=settings.is_demo)
    token = settings.sms_token.get_secret_value()
    return HttpSmsGateway(settings.sms_url, token, is_local=settings.is_demo)
