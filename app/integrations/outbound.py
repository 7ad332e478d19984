"""HTTP to outside systems: configured hosts, public addresses, no redirect, 10 s, small answers (S114)."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

DEADLINE_SECONDS = 10
MAX_ANSWER_BYTES = 1_000_000


class OutboundFault(Exception):
    """The call was not made, or brought nothing that can be used. The message is for the log."""


@dataclass(frozen=True)
class Answer:
    """What a host answered."""

    status: int
    body: bytes

    def json_object(self) -> dict[str, Any]:
        """The JSON object of a good answer. Raises OutboundFault for any other."""
        if self.status != httpx.codes.OK:
            raise OutboundFault(f"answered {self.status}")
        try:
            found = httpx.Response(self.status, content=self.body).json()
        except (ValueError, RecursionError) as error:
            raise OutboundFault("answered something else than JSON") from error
        if not isinstance(found, dict):
            raise OutboundFault("answered JSON that is no object")
        return found


def is_address(url: str, *, may_be_plain: bool) -> bool:
    """Whether an address may be called or led to: https, or plain http where allowed."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and may_be_plain)


class Outbound:
    """Calls to the hosts given, and to no other.

    `is_local`: they may be on this machine or beside it, over plain http, as in the demonstration.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        *,
        is_local: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._is_local = is_local
        self._transport = transport

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> Answer:
        """One request. Raises OutboundFault when the host is not ours to call, is silent or says too much."""
        if not is_address(url, may_be_plain=self._is_local):
            raise OutboundFault("an address that is not https")
        if (urlsplit(url).hostname or "").lower() not in self._hosts:
            raise OutboundFault("a host that is not configured")
        try:
            async with asyncio.timeout(DEADLINE_SECONDS), self._client() as client:
                request = client.build_request(method, url, headers=headers, content=body or None)
                answer = await client.send(request, stream=True)
                try:
                    return Answer(answer.status_code, await _read(answer))
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, TimeoutError, OSError, ssl.SSLError) as error:
            raise OutboundFault(type(error).__name__) from error

    def _client(self) -> httpx.AsyncClient:
        transport = self._transport
        if transport is None:
            transport = _direct() if self._is_local else _PublicOnly()
        return httpx.AsyncClient(
            transport=transport,
            timeout=DEADLINE_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )


async def _read(answer: httpx.Response) -> bytes:
    body = b""
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise OutboundFault("answered too much")
    return body


@cache
def _tls() -> ssl.SSLContext:
    # Reading the system's certificates takes long enough to do it once.
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _direct() -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(verify=_tls())


class _PublicOnly(httpx.AsyncBaseTransport):
    """Connects to the public addresses of a name, as they were checked; the certificate is the name's."""

    def __init__(self) -> None:
        self._inner = _direct()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host, port = request.url.host, request.url.port or 443
        last: httpx.ConnectError | None = None
        for address in await public_addresses(host, port):
            there = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._inner.handle_async_request(there)
            except httpx.ConnectError as error:
                last = error
        raise last or httpx.ConnectError("no address")

    async def aclose(self) -> None:
        await self._inner.aclose()


async def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises OutboundFault when one of them is private or this machine's."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise OutboundFault("a private address")
    return addresses
