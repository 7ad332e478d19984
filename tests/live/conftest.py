"""A patient, their doctor and the pharmacist the doctor added, on the running server, at each test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app import cookies
from app.authz.actor import Actor
from app.db import unit_of_work
from app.models.account import Account
from app.models.entry import ContactMode
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services.fact import Fact
from app.services.session import open_session
from app.services.tolerance import record_tolerance
from app.state.clock import today, utc_now
from tests import factories
from tests.server import LiveServer

NOTE = "Vertiges au lever, 8QLM"


@dataclass
class People:
    """A patient, their doctor and the pharmacist the doctor added, on the running server."""

    server: LiveServer
    patient_id: UUID
    treatment_id: UUID
    doctor: Actor
    pharmacist: Actor
    tokens: dict[UUID, str] = field(default_factory=dict)

    def cookie(self, actor: Actor) -> str:
        """A sign-in of their own for each test."""
        assert actor.account_id is not None
        if actor.account_id not in self.tokens:
            with self.saving() as session:
                self.tokens[actor.account_id] = sign_in(session, actor)
        return f"{cookies.SESSION}={self.tokens[actor.account_id]}"

    @contextmanager
    def saving(self) -> Iterator[Session]:
        """One unit of work in a process that is not the server's."""
        with self.server.database() as base, unit_of_work(base) as session:
            yield session

    def record(self, author: Actor) -> None:
        """An entry written by somebody else's process: this one."""
        with self.saving() as session:
            record_tolerance(
                session,
                author,
                self.patient_id,
                Fact(self.treatment_id, today(), ContactMode.PHONE, today(), NOTE),
                domain=ToleranceDomain.GENERAL,
                patient_appreciation=PatientAppreciation.SLIGHT,
                grade=1,
                key=uuid4(),
                now=utc_now(),
            )

    def page(self, section: str) -> str:
        return f"/patients/{self.patient_id}/{section}"


def sign_in(session: Session, actor: Actor) -> str:
    account = session.get_one(Account, actor.account_id)
    _, token = open_session(session, account, device="test", address="127.0.0.1", now=utc_now())
    return token


@pytest.fixture
def people(server: LiveServer) -> People:
    now = utc_now()
    with server.database() as base, unit_of_work(base) as session:
        doctor = factories.make_professional(session, now)
        pharmacist = factories.make_professional(session, now)
        patient_id = factories.make_patient(session, doctor, now=now, members=[pharmacist])
        treatment_id = factories.first_treatment(session, patient_id)
    return People(server, patient_id, treatment_id, doctor, pharmacist)
