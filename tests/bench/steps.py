"""The steps that are timed, each as the page does it: the event a browser sends, until what it shows."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count, cycle
from uuid import uuid4

import httpx
from reflex_base.utils.format import format_event_handler

from app.services.fields import paris_day
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.medicine import MedicineState
from app.state.patient_list import PatientListState
from app.state.registration_search import RegistrationSearch
from app.state.tolerance import ToleranceState
from tests.bench.data import COLLEAGUE, PASSWORD, Made, Record
from tests.bench.processes import Processes
from tests.live_client import HYDRATE, ON_LOAD, LiveClient
from tests.server import LiveServer

EMPTY = format_event_handler(AppState.close_notice)
SUBMIT = format_event_handler(ToleranceState.submit)
FIND_PATIENT = format_event_handler(PatientListState.search)
FIND_MEDICINE = format_event_handler(MedicineState.search)
FIND_PERSON = format_event_handler(RegistrationSearch.search)

LIST = "/patients?recherche=oui"
REGISTRATION = "/inscription/identite"
WARM = 15
TIMED = 150


@dataclass
class Timing:
    """Durations of one step in milliseconds, and the processor time the server spent on each."""

    name: str
    durations: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def at(self, share: float) -> float:
        """The duration that this share of the steps did not exceed."""
        ordered = sorted(self.durations)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Tab:
    """One page of the doctor, and the records it opens one after the other."""

    def __init__(self, client: LiveClient, made: Made, *, first: int = 0, stride: int = 1) -> None:
        self.client = client
        self.made = made
        self.records = cycle(made.records[first::stride])
        self.record: Record = next(self.records)
        self.queries: Iterator[str] = cycle(made.medicine_queries[first:] + made.medicine_queries)

    async def visit(self, path: str, event: str = ON_LOAD) -> None:
        """Go to a page of the record and wait until all of it is there."""
        await self._go(path, event)
        await self._settle()

    async def _go(self, path: str, event: str = ON_LOAD) -> None:
        section = path.rpartition("/")[2]
        client, wanted = self.client, str(self.record.id)
        client.path = path
        client.fresh.clear()
        await client.send(event)
        await client.wait_for(
            lambda c: (
                c.fresh.get("error")
                or (
                    c.fresh.get("section") == section
                    and c.fresh.get("banner", {}).get("id") == wanted
                )
            )
        )
        assert not client.var("error"), client.var("error")

    async def _settle(self) -> None:
        """The last event of a page load only says that it is over: not part of the step."""
        await self.client.wait_for(lambda c: c.var("is_hydrated"))

    def page(self, section: str) -> str:
        return f"/patients/{self.record.id}/{section}"

    async def empty(self) -> None:
        self.client.fresh.clear()
        await self.client.send(EMPTY)
        await self.client.wait_for(lambda c: "notice" in c.fresh)

    async def open_record(self) -> None:
        self.record = next(self.records)
        await self._go(self.page("synthese"))

    async def switch_tab(self) -> None:
        here = self.client.path.rpartition("/")[2]
        await self._go(self.page("traitements" if here == "tolerance" else "tolerance"))

    async def add_entry(self) -> None:
        today = paris_day(utc_now())
        fields = {
            "key": str(uuid4()),
            "treatment_id": str(self.record.treatment_id),
            "occurred_on_day": str(today.day),
            "occurred_on_month": str(today.month),
            "occurred_on_year": str(today.year),
            "contact_mode": "phone",
            "domain": "general",
            "patient_appreciation": "slight",
            "grade": "1",
            "note": "Fatigue en fin de journée.",
        }
        self.client.path = self.page("tolerance")
        self.client.fresh.clear()
        await self.client.send(SUBMIT, fields=fields)
        await self.client.wait_for(lambda c: "section" in c.fresh or c.fresh.get("error"))
        assert not self.client.var("error"), self.client.var("error")

    async def add_and_read(self) -> None:
        await self.add_entry()
        await self._go(self.page("synthese"))

    async def find_patient(self) -> None:
        self.record = next(self.records)
        await self._find(LIST, FIND_PATIENT, self.record.query, "rows")

    async def find_medicine(self) -> None:
        await self._find(self.client.path, FIND_MEDICINE, next(self.queries), "found")

    async def _find(self, path: str, event: str, typed: str, rows: str) -> None:
        client = self.client
        client.path = path
        client.fresh.clear()
        await client.send(event, typed=typed)
        await client.wait_for(lambda c: rows in c.fresh)
        assert client.fresh[rows], f"{typed} was not found"


@dataclass(frozen=True)
class Step:
    """A step, and what brings the page to where it starts; only the step is timed."""

    name: str
    run: Callable[[Tab], Awaitable[None]]
    before: Callable[[Tab], Awaitable[None]] | None = None


async def _on_tolerance(tab: Tab) -> None:
    tab.record = next(tab.records)
    await tab.visit(tab.page("tolerance"))
    await tab.empty()


async def _on_list(tab: Tab) -> None:
    if tab.client.path != LIST:
        tab.client.path = LIST
        tab.client.fresh.clear()
        await tab.client.send(ON_LOAD)
        await tab.client.wait_for(lambda c: c.fresh.get("is_loaded"))
        await tab._settle()


async def _on_treatments(tab: Tab) -> None:
    if not tab.client.path.endswith("/traitements"):
        await tab.visit(tab.page("traitements"))


STEPS = (
    Step("Empty event, signed in", Tab.empty),
    Step("Opening a patient", Tab.open_record, _on_list),
    Step("Switching tab", Tab.switch_tab),
    Step("Adding an entry", Tab.add_entry, _on_tolerance),
    Step("Adding an entry, reading the synthesis again", Tab.add_and_read, _on_tolerance),
    Step("Searching a patient", Tab.find_patient, _on_list),
    Step("Searching a medicine", Tab.find_medicine, _on_treatments),
)
MIXED = (STEPS[1], STEPS[4], STEPS[5], STEPS[6])


async def time_empty(server: LiveServer, processes: Processes) -> Timing:
    """The framework's own event, nobody signed in: no look-up in the base, no handler of ours."""
    timing = Timing("Empty event of the framework, nobody signed in")
    async with LiveClient(server.url) as client:
        await client.visit("/connexion")
        states = cycle((True, False))

        async def flip() -> None:
            await client.call("reflex___state____state.set_is_hydrated", value=next(states))

        await asyncio.sleep(0.2)
        await time_step(timing, flip, processes)
    return timing


async def time_steps(server: LiveServer, made: Made, processes: Processes) -> list[Timing]:
    """Each step over and over, one tab alone."""
    timings = [await time_empty(server, processes)]
    async with LiveClient(server.url, made.cookies[0]) as client:
        tab = Tab(client, made)
        await tab.visit(tab.page("synthese"), HYDRATE)
        for step in STEPS:
            timings.append(Timing(step.name))
            await time_step(
                timings[-1],
                lambda step=step: step.run(tab),
                processes,
                before=(lambda step=step: step.before(tab)) if step.before else None,
                after=tab._settle,
            )
    return timings


async def time_step(
    timing: Timing,
    run: Callable[[], Awaitable[None]],
    processes: Processes,
    *,
    before: Callable[[], Awaitable[None]] | None = None,
    after: Callable[[], Awaitable[None]] | None = None,
) -> None:
    spent = 0.0
    for number in range(WARM + TIMED):
        if before:
            await before()
        cpu = processes.cpu_seconds()
        started = time.perf_counter()
        await run()
        duration = time.perf_counter() - started
        if after:
            await after()
        if number >= WARM:
            timing.durations.append(duration * 1_000)
            spent += processes.cpu_seconds() - cpu
    timing.cpu = spent / TIMED * 1_000


@dataclass
class Load:
    """What many tabs at once got through."""

    sessions: int
    seconds: float
    timings: list[Timing]

    @property
    def steps_per_second(self) -> float:
        return sum(len(timing.durations) for timing in self.timings) / self.seconds


async def time_directory(
    server: LiveServer, queries: Sequence[str], processes: Processes
) -> list[Timing]:
    """Looking oneself up while registering, key by key, nobody signed in; and an empty event beside it."""
    empty, found = (
        Timing("Empty event, nobody signed in"),
        Timing("Searching the directory, key press to list"),
    )
    async with LiveClient(server.url) as client:
        await client.visit(REGISTRATION)
        await asyncio.sleep(0.5)
        turns = cycle(queries)

        async def close() -> None:
            client.fresh.clear()
            await client.send(EMPTY)
            await client.wait_for(lambda c: "notice" in c.fresh)

        async def look_up() -> None:
            client.fresh.clear()
            typed = next(turns)
            await client.send(FIND_PERSON, field="search_family_name", typed=typed)
            await client.wait_for(lambda c: "rows" in c.fresh)
            assert client.fresh["rows"], f"{typed} was not found"

        async def rest() -> None:
            # The search is counted after its answer, before the next key.
            await asyncio.sleep(0.02)

        await time_step(empty, close, processes)
        await time_step(found, look_up, processes, after=rest)
    return [empty, found]


async def time_load(server: LiveServer, made: Made, *, sessions: int, seconds: float) -> Load:
    """Every session goes round the main steps without a pause, each on records of its own."""
    timings = {step.name: Timing(step.name) for step in MIXED}
    async with AsyncExitStack() as stack:
        tabs = []
        for number, cookie in enumerate(made.cookies[:sessions]):
            client = await stack.enter_async_context(LiveClient(server.url, cookie))
            tab = Tab(client, made, first=number % len(made.records), stride=len(made.records))
            await tab.visit(tab.page("synthese"), HYDRATE)
            tabs.append(tab)
        counting = asyncio.Event()
        stop = asyncio.Event()

        async def work(tab: Tab, first: int) -> None:
            for turn in count(first):
                step = MIXED[turn % len(MIXED)]
                started = time.perf_counter()
                await step.run(tab)
                if counting.is_set() and not stop.is_set():
                    timings[step.name].durations.append((time.perf_counter() - started) * 1_000)
                if stop.is_set():
                    return

        running = [asyncio.create_task(work(tab, n)) for n, tab in enumerate(tabs)]
        await asyncio.sleep(1)
        counting.set()
        await asyncio.sleep(seconds)
        stop.set()
        await asyncio.gather(*running)
    return Load(sessions, seconds, list(timings.values()))


async def open_tabs(server: LiveServer, made: Made, number: int, processes: Processes) -> float:
    """Memory the server takes for each open tab that shows a record, in kilobytes."""
    async with AsyncExitStack() as stack:
        before = 0.0
        for opened in range(number + 20):
            if opened == 20:  # the first ones also fill caches
                await asyncio.sleep(1)
                before = processes.memory_mb()
            cookie = made.cookies[opened % len(made.cookies)]
            client = await stack.enter_async_context(LiveClient(server.url, cookie))
            tab = Tab(client, made, first=opened % len(made.records))
            await tab.visit(tab.page("synthese"), HYDRATE)
        await asyncio.sleep(1)
        return (processes.memory_mb() - before) * 1_024 / number


def time_sign_in(server: LiveServer, times: int = 12) -> list[Timing]:
    """The two posts of the sign-in forms; the code is read in between, out of the time.

    The colleague signs in: one more sign-in of the doctor would end those the tabs have.
    """
    password, code = Timing("Signing in: password"), Timing("Signing in: code")
    whole = Timing("Signing in, both steps")
    hashed = Timing("  of which the password's hash")
    with server.database() as base, httpx.Client(base_url=server.url) as http:
        stored = base.keyring.hash_password(PASSWORD)
        for _ in range(times):
            started = time.perf_counter()
            assert base.keyring.verify_password(PASSWORD, stored)
            hashed.durations.append((time.perf_counter() - started) * 1_000)
        for _ in range(times):
            server.forget_limits()
            http.cookies.clear()
            first = _post(http, password, "/auth/sign-in", identifier=COLLEAGUE, password=PASSWORD)
            attempt = _cookie(first, "__Host-liane-attempt")
            second = _post(http, code, "/auth/code", attempt, code=server.newest_code(COLLEAGUE))
            assert _cookie(second, "__Host-liane"), second.headers["location"]
            whole.durations.append(password.durations[-1] + code.durations[-1])
    return [whole, hashed]


def _post(
    http: httpx.Client, timing: Timing, path: str, cookie: str = "", **form: str
) -> httpx.Response:
    headers = {"Origin": str(http.base_url).rstrip("/")} | ({"Cookie": cookie} if cookie else {})
    started = time.perf_counter()
    answer = http.post(path, data=form, headers=headers)
    timing.durations.append((time.perf_counter() - started) * 1_000)
    return answer


def _cookie(answer: httpx.Response, name: str) -> str:
    found = re.search(rf"(?:^|, ){re.escape(name)}=([^;]+)", answer.headers.get("set-cookie", ""))
    return f"{name}={found[1]}" if found else ""
