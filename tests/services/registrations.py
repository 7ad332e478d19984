"""Registrations under way, for tests: each helper goes one step further."""

import re
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import keyring_of
from app.models.facility import Facility, FacilityKind
from app.models.legal_text import LegalTextKind
from app.models.outbox import Channel, OutboxMessage
from app.models.registration import Registration, RegistrationKind
from app.services import (
    registration as registrations,
    registration_contract as contracts,
    registration_email as emails,
    registration_identity as identities,
    registration_phone as phones,
    registration_place as places,
    registration_secret as secret,
)
from app.services.facility_words import write_words
from app.services.legal_text import current_text
from tests import factories

EMAIL = "claire.vasseur@exemple.test"
PASSWORD = "Glycine-Bleue-42"
NAMES = {"civility": "Dre", "family_name": "Vasseur", "given_name": "Claire"}


def visitor(address: str = "203.0.113.7") -> Actor:
    """Somebody nobody knows, at an address."""
    return Actor(address=address)


def begin(
    session: Session, now: datetime, kind: RegistrationKind = RegistrationKind.PROFESSIONAL
) -> str:
    return registrations.begin(session, visitor(), kind, now=now)


def row(session: Session, token: str, now: datetime) -> Registration:
    return registrations.access_registration(session, visitor(), token, now=now)


def laboratory(session: Session, now: datetime) -> Facility:
    found = (
        session.execute(select(Facility).where(col(Facility.is_partner_laboratory)))
        .scalars()
        .first()
    )
    if found is not None:
        return found
    made = Facility(
        kind=FacilityKind.LABORATORY,
        is_partner_laboratory=True,
        name="Medipath Niort",
        postcode="79000",
        city="Niort",
        sort_name="",
        words="",
        updated_at=now,
    )
    write_words(session, visitor(), made)
    return made


def give_identity(session: Session, token: str, now: datetime, **fields: str) -> str:
    rpps = fields.pop("rpps", factories.unique_rpps())
    typed = {**NAMES, "rpps": rpps, "profession": "10", **fields}
    identities.type_identity(session, visitor(), token, typed, now=now)
    return rpps


def give_place(session: Session, token: str, now: datetime) -> None:
    typed = {
        "is_typed": "on",
        "name": "Cabinet des Halles",
        "postcode": "79000",
        "city": "Niort",
        "laboratory_id": str(laboratory(session, now).id),
    }
    places.add_place(session, visitor(), token, typed, key=uuid4(), now=now)


def messages(session: Session, to: str, channel: Channel = Channel.EMAIL) -> list[OutboxMessage]:
    """Newest first; of the same instant, the last one written first."""
    session.flush()
    found = session.execute(
        select(OutboxMessage)
        .where(col(OutboxMessage.to) == to, col(OutboxMessage.channel) == channel)
        .order_by(col(OutboxMessage.created_at).desc())
    )
    return list(found.scalars())


def newest(
    session: Session, to: str, word: str = "", channel: Channel = Channel.EMAIL
) -> OutboxMessage:
    """The newest message whose subject has a word."""
    return next(one for one in messages(session, to, channel) if word in one.subject)


def code_of(message: OutboxMessage) -> str:
    found = re.search(r"\b\d{6}\b", message.text)
    assert found is not None, message.text
    return found[0]


def link_of(message: OutboxMessage) -> str:
    found = re.search(r"/inscription/lien#(\S+)", message.text)
    assert found is not None, message.text
    return found[1]


def prove_email(session: Session, token: str, now: datetime, email: str = EMAIL) -> None:
    assert emails.send_proof(session, visitor(), token, email, now=now).is_ok
    code = code_of(newest(session, email, "Validez"))
    assert emails.check_proof(session, visitor(), token, code, now=now).is_ok


def give_rest(session: Session, token: str, now: datetime) -> None:
    """No telephone, a password, the terms."""
    phones.finish_phones(session, visitor(), token, now=now)
    secret.check_password(session, visitor(), token, PASSWORD, PASSWORD, now=now)
    hashed = keyring_of(session).hash_password(PASSWORD)
    secret.keep_password(session, visitor(), token, hashed, now=now)
    terms = current_text(session, visitor(), LegalTextKind.TERMS, now=now)
    contracts.accept_terms(session, visitor(), token, terms.id, is_ticked=True, now=now)


def ready_to_sign(session: Session, now: datetime, email: str = EMAIL, **fields: str) -> str:
    """A professional's registration with only its contract left."""
    token = begin(session, now)
    give_identity(session, token, now, **fields)
    give_place(session, token, now)
    prove_email(session, token, now, email)
    give_rest(session, token, now)
    return token


def sign(session: Session, token: str, now: datetime) -> None:
    """Sign on screen: the registration is then handed in."""
    registration = row(session, token, now)
    assert contracts.send_contract_code(session, visitor(), token, now=now).is_ok
    text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
    outcome = contracts.sign_contract(
        session,
        visitor(),
        token,
        text.id,
        name=f"{registration.given_name} {registration.family_name}",
        code=code_of(newest(session, registration.email, "signature")),
        now=now,
    )
    assert outcome.is_ok, outcome.error


def hand_in(session: Session, now: datetime, email: str = EMAIL, **fields: str) -> str:
    """A registration that waits for an administrator; its token."""
    token = ready_to_sign(session, now, email, **fields)
    sign(session, token, now)
    return token
