"""The cells of the tables asked over the raw socket, by the events of both pages whoever sends them (S060).

A new version is the one act left to the services and the forms: it takes a file sent before.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from reflex_base.utils.format import format_event_handler
from sqlalchemy import select, update
from sqlmodel import col

from app import cookies
from app.authz.actor import system
from app.db import reading, unit_of_work
from app.i18n.record_document import SHOWINGS
from app.models.document import Document
from app.services.document_query import Showing
from app.services.matrix import ensure_reference_matrix
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.document_change import DocumentChangeState
from app.state.record_act import RecordActState
from app.state.record_deposit import RecordDepositState
from tests.live.test_every_handler import Listener
from tests.live_client import HYDRATE, ON_LOAD
from tests.permissions.cells import Cell, Outcome, cells
from tests.permissions.world import Place, make_place, sign_in
from tests.server import LiveServer

FORM = {
    "title": "Autre nom",
    "document_day": "1",
    "document_month": "3",
    "document_year": "2026",
    "category": "reports",
    "type": "11488-4",
    "visibility": "visible",
}
LAST = format_event_handler(AppState.warn_leaving)
# What is sent for each act: the handlers of the patient's page, then those of the professionals' page.
Sent = tuple[tuple[Any, dict[str, Any]], ...]
ACTS: dict[str, Sent] = {
    "edit the description": (
        (DocumentChangeState.open_edit, {"document_id": ""}),
        (DocumentChangeState.save_edit, {"form": FORM}),
        (RecordDepositState.begin_edit, {"document_id": ""}),
        (RecordDepositState.submit, {"fields": FORM}),
    ),
    "mask, show again": (
        (DocumentChangeState.ask_mask, {"document_id": ""}),
        (DocumentChangeState.confirm_mask, {}),
        (RecordActState.ask_mask, {"document_id": ""}),
        (RecordActState.mask, {}),
    ),
    "hide from the patient, show": (
        (RecordActState.ask_hide, {"document_id": ""}),
        (RecordActState.hide, {"fields": {}}),
    ),
    "hide from representatives, show": (
        (RecordActState.keep_from_representatives, {"document_id": "", "is_hidden": True}),
    ),
    "delete, restore": (
        (DocumentChangeState.delete_one, {"document_id": ""}),
        (RecordActState.ask_delete, {"document_id": ""}),
        (RecordActState.delete, {}),
    ),
}


@dataclass
class World:
    """One reader's place on the running server."""

    server: LiveServer
    place: Place
    cookies: dict[str, str]

    def row(self, kind: str) -> dict[str, Any]:
        """The document as it is stored now."""
        with self.server.database() as base, reading(base) as session:
            found = session.execute(
                select(Document).where(col(Document.id) == self.place.documents[kind])
            ).scalar_one()
            return found.model_dump()

    def put_back(self, kind: str, row: dict[str, Any]) -> None:
        with self.server.database() as base, unit_of_work(base) as session:
            session.execute(update(Document).where(col(Document.id) == row["id"]).values(**row))


@pytest.fixture
def world(server: LiveServer, request: pytest.FixtureRequest) -> World:
    now = utc_now()
    with server.database() as base, unit_of_work(base) as session:
        ensure_reference_matrix(session, system("test"), now=now)
        place = make_place(session, request.getfixturevalue("reader"), now=now)
        signed_in = sign_in(session, place, now=now)
    opened = {k: f"{cookies.SESSION}={token}" if token else "" for k, token in signed_in.items()}
    return World(server, place, opened)


def page_of(reader: str, patient_id: UUID, kind: str) -> str:
    """The address at which a reader looks for a document of that kind."""
    if reader == "the patient":
        return "/documents?"
    shown = f"affichage={SHOWINGS[Showing.EARLIER][0]}&" if kind == "earlier version" else ""
    return f"/patients/{patient_id}/documents?{shown}"


async def look(tab: Listener, path: str) -> list[str]:
    """What a page is told when it is opened at an address."""
    tab.heard.clear()
    tab.fresh.clear()
    tab.path = path
    await tab.send(HYDRATE)
    await tab.wait_for(lambda page: page.fresh.get("is_hydrated"), timeout=30)
    await answered(tab)
    return list(tab.heard)


async def answered(tab: Listener) -> None:
    """Wait until everything sent so far was dealt with: events of one tab run in their order.

    The last one sent is answered with a value nothing else here changes; nobody is refused it.
    """
    tab.fresh.clear()
    await tab.send(LAST)
    await tab.wait_for(lambda page: "is_leaving_soon" in page.fresh or not tab.cookie, timeout=30)
    if not tab.cookie:
        await tab.settle()


def said(heard: list[str]) -> Iterator[tuple[str, Any]]:
    """The names and values of what was heard, the address that was asked for apart."""
    for message in heard:
        for changed in (json.loads(message).get("delta") or {}).values():
            for name, value in changed.items():
                if not name.startswith(("router", "shown_path")):
                    yield name.removesuffix("_rx_state_"), value


async def act(tab: Listener, path: str, key: UUID, sent: Sent) -> None:
    """Send the events of an act, as a page that shows the document would, or any script."""
    tab.path = f"{path}document={key}"
    await tab.send(ON_LOAD)
    for handler, payload in sent:
        filled = {name: str(key) if value == "" else value for name, value in payload.items()}
        await tab.send(format_event_handler(handler), **filled)


@pytest.mark.parametrize("reader", sorted({cell.reader for cell in cells()}))
async def test_S060_every_cell_holds(product, world: World, reader: str):
    wrong: dict[str, str] = {}
    for kind, key in world.place.documents.items():
        asked = {c.act: c for c in cells() if c.reader == reader and c.object == kind}
        path = page_of(reader, world.place.patients[kind], kind)
        async with Listener(world.server.url, world.cookies[kind]) as tab:
            listed = any(str(key) in json.dumps(value) for _, value in said(await look(tab, path)))
            opened = any(
                name == "preview" and value.get("id") == str(key)
                for name, value in said(await look(tab, f"{path}document={key}"))
            )
            check(wrong, asked["list"], is_done=listed)
            check(wrong, asked["open, previous and next"], is_done=opened)
            known = {name: sent for name, sent in ACTS.items() if name in asked}
            before = world.row(kind)
            allowed = [n for n in known if asked[n].expected is Outcome.ALLOWED]
            for name in [n for n in known if n not in allowed]:
                await act(tab, path, key, known[name])
            await answered(tab)
            if world.row(kind) != before:
                wrong[f"{reader} / {kind}"] = "something not theirs was done"
                world.put_back(kind, before)
            for name in allowed:
                await act(tab, path, key, known[name])
                await answered(tab)
                is_done = world.row(kind) != before
                if not cannot(name, kind, before):
                    check(wrong, asked[name], is_done=is_done)
                world.put_back(kind, before)
    assert wrong == {}


def check(wrong: dict[str, str], cell: Cell, *, is_done: bool) -> None:
    """Keep what did not come to what its cell says."""
    if is_done != (cell.expected is Outcome.ALLOWED):
        wrong[str(cell)] = f"{'done' if is_done else 'not done'}, expected {cell.expected}"


def cannot(act: str, kind: str, row: dict[str, Any]) -> bool:
    """Theirs, but done already, both masked and not visible (FC-16), or of a file that cannot open yet."""
    if kind == "awaiting the scanner" and act == "edit the description":
        return True
    hidden, masked = row["is_hidden_from_patient"], row["is_masked"]
    return {
        "hide from representatives, show": bool(row["is_hidden_from_representatives"]),
        "hide from the patient, show": bool(hidden or masked),
        "mask, show again": bool(hidden or masked),
    }.get(act, False)
