"""Every cell of the tables of documents, asked of the services (S060, S061)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.authz.actor import Actor, system
from app.db import unit_of_work
from app.errors import Forbidden, NotAuthenticated, NotFound, RuleViolation
from app.models.document import Document, PatientCategory
from app.services.document import delete, edit
from app.services.document_deposit import replace
from app.services.document_description import NewDocument
from app.services.document_masking import hide_from_patient, hide_from_representatives, mask
from app.services.document_query import DocumentFilter, Showing, list_documents
from app.services.document_reading import access_document, open_document
from app.services.document_type import patient_type
from app.services.matrix import ensure_reference_matrix
from tests.documents import REPORT, make_upload
from tests.permissions.cells import Cell, Outcome, cells
from tests.permissions.world import Place, make_place

pytestmark = pytest.mark.databases("sqlite")
NOW = datetime.fromisoformat("2026-03-10T09:00:00+00:00")


def _described(actor: Actor) -> NewDocument:
    code = patient_type(PatientCategory.REPORTS) if actor.is_patient else REPORT
    return NewDocument("Autre nom", code, NOW.date())


def _list(session, actor, patient_id, key, query=""):
    for showing in (Showing.CURRENT, Showing.EARLIER):
        chosen = DocumentFilter(query=query, showing=showing)
        found = list_documents(session, actor, patient_id, chosen, now=NOW)
        if key in {row.id for row in found.rows}:
            assert found.counts.total == found.found
            return
    raise NotFound


def _search(session, actor, patient_id, key):
    _list(session, actor, patient_id, key, query=session.get_one(Document, key).title)


def _replace(session, actor, patient_id, key):
    upload = make_upload(session, actor, patient_id) if actor.account_id else uuid4()
    replace(session, actor, patient_id, key, upload, _described(actor), key=uuid4(), now=NOW)


ACTS: dict[str, Callable[[Any, Actor, UUID, UUID], object]] = {
    "list": _list,
    "search": _search,
    "open, previous and next": lambda s, a, p, k: open_document(
        s, a, p, k, DocumentFilter(), now=NOW
    ),
    "download": lambda s, a, _, k: access_document(s, a, k, now=NOW),
    "page pictures": lambda s, a, _, k: access_document(s, a, k, now=NOW),
    "edit the description": lambda s, a, p, k: edit(s, a, p, k, _described(a), revision=1, now=NOW),
    "delete, restore": lambda s, a, p, k: delete(s, a, p, [k], now=NOW),
    "mask, show again": lambda s, a, p, k: mask(s, a, p, [k], is_masked=True, now=NOW),
    "hide from the patient, show": lambda s, a, p, k: hide_from_patient(
        s, a, p, k, is_hidden=True, now=NOW
    ),
    "hide from representatives, show": lambda s, a, p, k: hide_from_representatives(
        s, a, p, k, is_hidden=True, now=NOW
    ),
    "deposit a new version": _replace,
}


def outcome(cell: Cell, place: Place, database) -> Outcome:
    """What asking for it comes to. Nothing of it is kept: every cell starts from the same record."""
    key, patient_id = place.documents[cell.object], place.patients[cell.object]
    with Session(database.engine, expire_on_commit=False) as session:
        session.info["keyring"] = database.keyring
        session.connection(execution_options={"immediate": True})
        try:
            ACTS[cell.act](session, place.readers[cell.object], patient_id, key)
        except (NotFound, NotAuthenticated):
            return Outcome.ABSENT
        except Forbidden:
            return Outcome.REFUSED
        except RuleViolation as failure:
            # Theirs to do, were it not both masked and not visible; theirs to reopen.
            return Outcome.ALLOWED if failure.code == "document.one_hiding" else Outcome.ABSENT
        finally:
            session.rollback()
    return Outcome.ALLOWED


@pytest.mark.parametrize("reader", sorted({cell.reader for cell in cells()}))
def test_S060_every_cell_holds(database, reader):
    with unit_of_work(database) as session:
        ensure_reference_matrix(session, system("test"), now=NOW)
        place = make_place(session, reader, now=NOW)
    asked = [cell for cell in cells() if cell.reader == reader]
    assert len(asked) > len(place.documents) * len(ACTS) / 2
    wrong = {
        str(cell): f"{found}, not {cell.expected}"
        for cell in asked
        if (found := outcome(cell, place, database)) is not cell.expected
    }
    assert wrong == {}


def test_the_world_holds_every_kind_of_document_of_the_table(database):
    with unit_of_work(database) as session:
        place = make_place(session, "the patient", now=NOW)
    assert set(place.documents) == {cell.object for cell in cells()}
