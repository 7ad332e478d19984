"""Tabs without a browser: events through the guard, the handlers and the services, on a throw-away base."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler

from app import cookies
from app.authz.actor import Actor
from app.db import Database, unit_of_work
from app.models.account import Account
from app.services.session import open_session
from app.state.clock import utc_now
from tests.live_client import HYDRATE, ON_LOAD


@dataclass
class Tab:
    """One page open in one browser. `vars` holds what it was sent, `redirects` where it was sent to."""

    processor: BaseStateEventProcessor
    cookie: str = ""
    token: str = field(default_factory=lambda: str(uuid4()))
    connection: str = field(default_factory=lambda: uuid4().hex)
    path: str = "/"
    vars: dict[str, Any] = field(default_factory=dict)
    redirects: list[str] = field(default_factory=list)

    async def visit(self, path: str) -> None:
        """Open an address: the first time a whole load, afterwards a move inside the application."""
        self.path = path
        await self.send_named(ON_LOAD if self.vars else HYDRATE)

    async def reload(self, path: str) -> None:
        """Load an address anew: same tab, another connection."""
        self.path, self.connection = path, uuid4().hex
        await self.send_named(HYDRATE)

    async def send(self, handler: Any, **payload: Any) -> None:
        """Run one handler, and what it chains, to their end."""
        await self.send_named(format_event_handler(handler), **payload)

    async def send_named(self, name: str, /, **payload: Any) -> None:
        """The same for a handler known by its full name."""
        headers = {"cookie": self.cookie, "host": "localhost"}
        router_data = {
            "pathname": self.path.partition("?")[0],
            "asPath": self.path,
            "token": self.token,
            "sid": self.connection,
            "ip": "127.0.0.1",
            "headers": headers,
        }
        event = Event(name=name, payload=payload, router_data=router_data)
        await (await self.processor.enqueue(self.token, event)).wait_all()

    def of(self, state: type[Any]) -> "View":
        """What this tab holds of a state, those it derives from included."""
        return View(self, state)

    def take(self, delta: Mapping[str, Mapping[str, Any]], events: list[Event]) -> None:
        """What the server sends."""
        for state, changed in delta.items():
            self.vars.update({f"{state}.{name}": value for name, value in changed.items()})
        for event in events:
            if event.name == "_redirect":
                self.redirects.append(str(event.payload["path"]))


@dataclass(frozen=True)
class View:
    """The vars of one state in one tab, as attributes."""

    tab: Tab
    state: type[Any]

    def __getattr__(self, name: str) -> Any:
        owner: Any = self.state
        while owner is not None:
            full_name = f"{owner.get_full_name()}.{name}_rx_state_"
            if full_name in self.tab.vars:
                return self.tab.vars[full_name]
            owner = owner.get_parent_state()
        raise AttributeError(name)


class Tabs:
    """The open tabs of a test, and where what is meant for them arrives."""

    def __init__(self, product: Any, database: Database) -> None:
        self.processor = BaseStateEventProcessor(
            middleware=product, backend_exception_handler=_fail
        )
        self.database = database
        self.tabs: dict[str, Tab] = {}

    def configured(self) -> BaseStateEventProcessor:
        """The processor, to be entered."""
        return self.processor.configure(
            state_manager=StateManagerMemory(),
            event_namespace=self,  # type: ignore[arg-type] - the one method it is asked for
        )

    async def emit_update(self, update: Any, token: str) -> None:
        """Stand for the socket."""
        self.tabs[token].take(update.delta or {}, update.events or [])

    def open(self, who: Actor | None = None) -> Tab:
        """A tab of somebody who just signed in, or of nobody."""
        tab = Tab(self.processor, self._sign_in(who.account_id) if who else "")
        self.tabs[tab.token] = tab
        return tab

    def _sign_in(self, account_id: UUID | None) -> str:
        with unit_of_work(self.database) as session:
            account = session.get_one(Account, account_id)
            _, token = open_session(
                session, account, device="test", address="127.0.0.1", now=utc_now()
            )
        return f"{cookies.SESSION}={token}"


def _fail(exception: Exception) -> None:
    raise exception
