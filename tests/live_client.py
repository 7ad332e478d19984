"""A raw client of the live socket: what any browser, or anybody's script, can send.

It speaks the few Socket.IO frames the product uses, so that tests and the bench measure the server and
not a client library. Deltas are merged into `vars`, and by name alone into `fresh`, which who waits for
something empties first; events the server asks the browser to run are kept in `events`, and those named in
`answers` are sent back at once, as a browser does.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import aiohttp

NAMESPACE = "/_event"
HYDRATE = "reflex___state____state.hydrate_and_load"
_SUFFIX = "_rx_state_"
ON_LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"


@dataclass
class LiveClient:
    """One page of one browser. `cookie`: the Cookie header it would send, '' for nobody."""

    base_url: str
    cookie: str = ""
    token: str = field(default_factory=lambda: str(uuid4()))
    vars: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    path: str = "/"
    fresh: dict[str, Any] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        query = urlencode({"token": self.token, "EIO": "4", "transport": "websocket"})
        headers = {"Origin": self.base_url} | ({"Cookie": self.cookie} if self.cookie else {})
        address = self.base_url.replace("http", "ws", 1)
        self._socket = await self._http.ws_connect(
            f"{address}/_event/?{query}", headers=headers, max_msg_size=0
        )
        self._arrived = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        self._connected = asyncio.Event()
        await self._socket.send_str(f"40{NAMESPACE},{{}}")
        await asyncio.wait_for(self._connected.wait(), 10)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await self._socket.close()
        await self._http.close()

    async def send(self, name: str, /, **payload: Any) -> None:
        """Send one event and wait for nothing."""
        event = {"name": name, "payload": payload, "router_data": self._router_data()}
        await self._socket.send_str(f"42{NAMESPACE}," + json.dumps(["event", event]))

    async def call(self, name: str, /, *, timeout: float = 10, **payload: Any) -> dict[str, Any]:
        """Send one event and wait for the next update that changes something."""
        self._arrived.clear()
        await self.send(name, **payload)
        await asyncio.wait_for(self._arrived.wait(), timeout)
        return self._newest

    async def visit(self, path: str, *, timeout: float = 10) -> None:
        """Open a page: hydrate and run its on_load events, as the browser does."""
        self.path = path
        await self.call(HYDRATE, timeout=timeout)

    async def wait_for(self, condition: Any, timeout: float = 5) -> None:
        """Wait until `condition(self)` holds, looking again after each update."""
        async with asyncio.timeout(timeout):
            while not condition(self):
                self._arrived.clear()
                await self._arrived.wait()

    def var(self, name: str) -> Any:
        """The value of the only var of that name, whatever the state it is in."""
        found = [v[k] for v in self.vars.values() for k in v if k.removesuffix(_SUFFIX) == name]
        assert found, f"no var {name} in {sorted(k for v in self.vars.values() for k in v)}"
        return found[0]

    def _router_data(self) -> dict[str, Any]:
        parts = urlsplit(self.path)
        return {"pathname": parts.path, "asPath": self.path, "query": {}}

    async def _read(self) -> None:
        async for message in self._socket:
            text = message.data
            if text == "2":
                await self._socket.send_str("3")
            elif text.startswith(f"40{NAMESPACE}"):
                self._connected.set()
            elif text.startswith(f"42{NAMESPACE},"):
                name, update = json.loads(text.split(",", 1)[1])
                if name == "event":
                    self._merge(update)
                    for asked in update.get("events") or []:
                        if asked["name"] in self.answers:
                            await self.send(asked["name"])

    def _merge(self, update: dict[str, Any]) -> None:
        self._newest = update
        for state, changed in (update.get("delta") or {}).items():
            self.vars.setdefault(state, {}).update(changed)
            self.fresh.update({k.removesuffix(_SUFFIX): v for k, v in changed.items()})
        self.events += update.get("events") or []
        self._arrived.set()
