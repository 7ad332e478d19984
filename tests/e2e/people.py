"""A patient, a doctor of their circle, one outside it, each at a browser; nobody else's test meets them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page

from app import cookies
from app.authz.actor import Actor
from app.db import unit_of_work
from app.models.account import Account
from app.models.document import FileFormat
from app.models.professional import Profession
from app.services.session import open_session
from app.state.clock import utc_now
from tests import factories
from tests.documents import make_document
from tests.server import LiveServer


@dataclass
class People:
    """A patient whose circle has a doctor; an emergency doctor outside it."""

    name: str
    patient_id: UUID
    titles: tuple[str, str]
    tokens: dict[str, str]


@pytest.fixture
def people(server: LiveServer) -> People:
    """People of one test, each with a sign-in."""
    now = utc_now()
    unique = "".join(chr(ord("a") + int(d, 16) % 16) for d in uuid4().hex[:8])
    with server.database() as base, unit_of_work(base) as session:
        doctor = factories.make_professional(session, now, civility="Dre", family_name="Ferrand")
        pharmacist = factories.make_professional(session, now, profession=Profession.PHARMACIST)
        patient_id = factories.make_patient(
            session,
            doctor,
            now=now,
            members=[pharmacist],
            birth_name=f"Quil{unique}",
            birth_given_names="Solange",
        )
        text = {"format": FileFormat.TXT, "page_count": 1}
        titles = (f"Ordonnance {unique}", f"Bilan {unique}")
        for title in titles:
            make_document(
                session, pharmacist, patient_id, now, title=title, text=title, of_file=text
            )
        actors = {
            "doctor": doctor,
            "stranger": factories.make_professional(
                session, now, civility="Dre", given_name="Inès", family_name="Colin"
            ),
            "patient": factories.make_patient_actor(session, patient_id, now),
        }

        def opened(actor: Actor) -> str:
            account = session.get_one(Account, actor.account_id)
            return open_session(session, account, device="", address="127.0.0.1", now=now)[1]

        tokens = {who: opened(actor) for who, actor in actors.items()}
    return People(f"Quil{unique}", patient_id, titles, tokens)


@pytest.fixture
def at_a_browser(
    open_page: Callable[[], Page], server: LiveServer, people: People
) -> Callable[[str], Page]:
    """`at_a_browser("doctor")`: a browser of their own, signed in."""

    def sit(who: str) -> Page:
        page = open_page()
        page.context.add_cookies(
            [
                {
                    "name": cookies.SESSION,
                    "value": people.tokens[who],
                    "url": server.url.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
        return page

    return sit
