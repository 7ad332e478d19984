"""Every registered handler, called over the live socket by people who may not (S001, S002).

A raw client sends what no page of ours would: each handler of the application, on each page of a patient who
is not theirs, with each identifier that belongs to that patient.
"""

import asyncio
import inspect
import json
from dataclasses import dataclass, field
from itertools import product as pairs
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, SQLModel, col, select

from app import cookies
from app.authz.actor import Actor
from app.db import reading, unit_of_work
from app.models.account import Account
from app.models.entry import Entry
from app.models.journal import JournalEntry, JournalKind
from app.models.record_access import RecordSettings
from app.services.session import open_session
from app.state.clock import utc_now
from tests import factories
from tests.architecture import handlers
from tests.documents import make_document
from tests.live_client import HYDRATE, LiveClient
from tests.server import LiveServer

NAME, LABEL, NOTE = "Quasimontel", "ZYBANOVEX 12 mg, comprimé", "Confidence du patient 7F3K"
SECRETS = (NAME, NAME.upper(), "ZYBANOVEX", NOTE, "QUORVELIN")
TITLE = "Pièce QUORVELIN"
TABS = (
    "contacts",
    "traitements",
    "tolerance",
    "interactions",
    "observance",
    "synthese",
    "documents",
)
QUIET_SECONDS = 0.4

# What nobody but the people of the circle may change. Sessions, limits, drafts and the journal are not in it.
CARE = (
    "account",
    "professional",
    "patient",
    "patient_token",
    "patient_match",
    "care_link",
    "consent",
    "treatment",
    "entry",
    "tolerance_entry",
    "interaction_entry",
    "adherence_entry",
    "record_access",
    "regulator",
    "document",
    "document_upload",
    "stored_file",
    "record_settings",
    "access_block",
    "administrator_status",
)


@dataclass
class Listener(LiveClient):
    """Keeps all it hears, word for word."""

    heard: list[str] = field(default_factory=list)

    def _merge(self, update: dict[str, Any]) -> None:
        self.heard.append(json.dumps(update, ensure_ascii=False))
        super()._merge(update)

    async def settle(self) -> None:
        """Wait until everything sent so far was dealt with: events of one tab run in their order."""
        before = len(self.heard)
        self.path = "/aide"
        await self.send(HYDRATE)
        await self.wait_for(lambda tab: len(tab.heard) > before, timeout=60)
        while True:
            known = len(self.heard)
            await asyncio.sleep(QUIET_SECONDS)
            if len(self.heard) == known:
                return


@dataclass(frozen=True)
class Case:
    """A patient with a secret, their doctor, and three people who have no business with them."""

    patient_id: UUID
    ids: dict[str, str]
    cookies: dict[str, str]
    sessions: dict[str, UUID]


def _signed_in(session: Session, actor: Actor) -> tuple[str, UUID]:
    account = session.get_one(Account, actor.account_id)
    row, token = open_session(session, account, device="test", address="127.0.0.1", now=utc_now())
    return f"{cookies.SESSION}={token}", row.id


@pytest.fixture
def case(server: LiveServer) -> Case:
    """The people, on the running server."""
    now = utc_now()
    with server.database() as base, unit_of_work(base) as session:
        doctor = factories.make_professional(session, now)
        patient_id = factories.make_patient(
            session, doctor, now=now, birth_name=NAME, with_treatment=False
        )
        treatment_id = factories.make_treatment(session, doctor, patient_id, now=now, label=LABEL)
        entry = session.exec(select(Entry).where(col(Entry.patient_id) == patient_id)).one()
        entry.note = NOTE
        document_id = make_document(session, doctor, patient_id, now, title=TITLE)
        other_patient_id = factories.make_patient(
            session, factories.make_professional(session, now), now=now
        )
        people = {
            "doctor": doctor,
            "another professional": factories.make_professional(session, now),
            "another patient": factories.make_patient_actor(session, other_patient_id, now),
            "an administrator": factories.make_administrator(session, now),
        }
        opened = {who: _signed_in(session, actor) for who, actor in people.items()}
    return Case(
        patient_id=patient_id,
        ids={
            "patient": str(patient_id),
            "treatment": str(treatment_id),
            "entry": str(entry.id),
            "document": str(document_id),
            "professional": str(doctor.professional_id),
        },
        cookies={who: cookie for who, (cookie, _) in opened.items()} | {"nobody": ""},
        sessions={who: session_id for who, (_, session_id) in opened.items()},
    )


def _ours() -> list[tuple[str, Any]]:
    return [
        (name, function)
        for name, function in handlers.registered()
        if not function.__module__.startswith("reflex") or name.endswith(".setvar")
    ]


def _payload(function: Any, wanted: str, ids: dict[str, str]) -> dict[str, Any]:
    """An argument for each parameter: the same identifier everywhere, in forms under every usual name."""
    form = {
        **{f"{name}_id": value for name, value in ids.items()},
        **ids,
        "id": wanted,
        "q": wanted,
        "score": "1",
        "note": "x",
    }
    signature = list(inspect.signature(function).parameters.values())
    parameters = [p for p in signature if p.name not in {"self", "state"}]
    return {p.name: _argument(p.annotation, wanted, form) for p in parameters}


def _argument(annotation: Any, wanted: str, form: dict[str, str]) -> Any:
    if annotation in {int, float}:
        return 0
    if annotation is bool:
        return True
    return form if "dict" in str(annotation).lower() else wanted


def _care(server: LiveServer, case: Case) -> dict[str, list[str]]:
    """Every row of every table of care, as it is now; of choices, the patient's: others make their own."""
    with server.database() as base, reading(base) as session:
        found = {}
        for name in CARE:
            rows = SQLModel.metadata.tables[name].select()
            if name == "record_settings":
                rows = rows.where(col(RecordSettings.patient_id) == case.patient_id)
            found[name] = sorted(str(row) for row in session.execute(rows))
        return found


async def _call_everything(tab: Listener, case: Case) -> int:
    """Send every handler, on every page of the patient, with every identifier; returns how many."""
    sent = 0
    for page in TABS:
        tab.path = f"/patients/{case.patient_id}/{page}"
        await tab.send(HYDRATE)
        for (name, function), wanted in pairs(_ours(), case.ids.values()):
            await tab.send(name, **_payload(function, wanted, case.ids))
            sent += 1
        await tab.settle()
    return sent


@pytest.mark.parametrize(
    "who", ["nobody", "another patient", "another professional", "an administrator"]
)
async def test_S002_no_handler_acts_for(product, server: LiveServer, case: Case, who: str):
    before = _care(server, case)
    async with Listener(server.url, case.cookies[who]) as tab:
        sent = await _call_everything(tab, case)
        assert sent >= len(TABS) * len(_ours())
        told = [secret for secret in SECRETS if any(secret in words for words in tab.heard)]
    assert told == []
    assert _care(server, case) == before


async def test_S002_the_same_calls_tell_their_doctor(product, server: LiveServer, case: Case):
    async with Listener(server.url, case.cookies["doctor"]) as tab:
        await _call_everything(tab, case)
        heard = "".join(tab.heard)
    assert LABEL in heard
    assert TITLE in heard
    assert NAME.upper() in heard


async def test_S130_a_refusal_leaves_a_line(product, server: LiveServer, case: Case):
    async with Listener(server.url, case.cookies["another professional"]) as tab:
        await _call_everything(tab, case)
    with server.database() as base, reading(base) as session:
        kinds = session.exec(
            select(JournalEntry.kind)
            .where(col(JournalEntry.session_id) == case.sessions["another professional"])
            .distinct()
        ).all()
    assert JournalKind.REFUSAL in kinds


async def test_S001_a_token_of_somebody_else_opens_nothing(server: LiveServer, case: Case):
    """Page state is found by a token the browser chooses: it must not come with its owner's data."""
    async with Listener(server.url, case.cookies["doctor"]) as owner:
        await owner.visit(f"/patients/{case.patient_id}/synthese")
        await owner.wait_for(lambda tab: "ZYBANOVEX" in "".join(tab.heard), timeout=30)
        token = owner.token
    for who in ("nobody", "another professional"):
        async with Listener(server.url, case.cookies[who], token=token) as thief:
            thief.path = f"/patients/{case.patient_id}/synthese"
            await thief.send(HYDRATE)
            await thief.settle()
            assert [s for s in SECRETS if any(s in words for words in thief.heard)] == []
