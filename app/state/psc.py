"""The page of Pro Santé Connect: what a trip to the provider left to say in this browser."""

from datetime import datetime

import reflex as rx

from app import cookies
from app.authz.actor import ANONYMOUS
from app.db import reading
from app.homes import SIGN_IN_PAGE
from app.i18n.format import NARROW
from app.i18n.messages import sentence
from app.i18n.professional import rpps_label
from app.i18n.psc import GOOD_NEWS, civility_of, profession_labels
from app.integrations.psc_identity import PscIdentity
from app.services import psc
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.worker import to_reader


class PscState(AppState):
    """Nothing secret: the identity shown is the person's own, tokens stay on the server."""

    fault: str = ""
    good_news: str = ""
    person_name: str = ""
    person_facts: list[list[str]] = []

    @event(Audience.PUBLIC, passive=True)
    async def load_psc(self) -> rx.event.EventSpec | None:
        """Show the fault, the good news, or the identity that waits; with none of them, sign in."""
        token = cookies.read(self.router.headers.cookie or "", cookies.PSC_PENDING)
        found = await to_reader(_read, token, utc_now())
        if found is None:
            return rx.redirect(SIGN_IN_PAGE)
        words = sentence(found.fault) if found.fault else ""
        is_good = found.fault in GOOD_NEWS
        self.good_news, self.fault = (words, "") if is_good else ("", words)
        person = found.person.identity if found.person else None
        self.person_name = _name(person) if person else ""
        self.person_facts = _facts(person) if person else []
        self.page_status = "ready"
        return None


def _read(token: str, now: datetime) -> psc.Pending | None:
    with reading() as session:
        return psc.read_pending(session, ANONYMOUS, token, now=now)


def _name(person: PscIdentity) -> str:
    parts = (civility_of(person), person.given_name, person.family_name)
    return " ".join(part for part in parts if part) or "Votre identité"


def _facts(person: PscIdentity) -> list[list[str]]:
    """Label and value of what the provider vouches for; what it does not say is left out."""
    places = [place.name for one in person.exercises for place in one.activities if place.name]
    professions = profession_labels(person)
    rows = (
        (f"N°{NARROW}RPPS", rpps_label(person.rpps) if person.rpps else ""),
        ("Professions" if len(professions) > 1 else "Profession", ", ".join(professions)),
        ("Lieux d’exercice" if len(places) > 1 else "Lieu d’exercice", ", ".join(places)),
    )
    return [[label, value] for label, value in rows if value]
