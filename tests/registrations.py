"""Registrations handed in, for tests: the account is there, pending, as at the end of the wizard."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.account import AccountState, Role
from app.models.contact_point import EmailAddress
from app.models.legal_text import AcceptanceMode
from app.models.professional import Profession
from app.models.registration import (
    IdentitySource,
    Occupation,
    Registration,
    RegistrationKind,
    RegistrationState,
)
from tests import factories

_numbers = count(1)


def make_registration(
    session: Session, now: datetime = factories.DEFAULT_NOW, **overrides: Any
) -> UUID:
    """A doctor's registration that waits; `kind=SECRETARY` and `certified_at` change what it takes."""
    kind = overrides.get("kind", RegistrationKind.PROFESSIONAL)
    is_professional = kind is RegistrationKind.PROFESSIONAL
    email = f"inscription{next(_numbers)}@exemple.test"
    names = {
        "civility": overrides.get("civility", "Dr"),
        "family_name": overrides.get("family_name", "Ferrand"),
        "given_name": overrides.get("given_name", "Hugo"),
    }
    account = factories.make_account(
        session,
        now,
        email=email,
        role=Role.PROFESSIONAL if is_professional else Role.SECRETARY,
        state=AccountState.PENDING,
        **names,
    )
    session.add(
        EmailAddress(account_id=account.id, address=email, is_starred=True, verified_at=now)
    )
    values: dict[str, Any] = {
        "kind": kind,
        "state": RegistrationState.TO_VALIDATE,
        "source": IdentitySource.MANUAL,
        "rpps": factories.unique_rpps() if is_professional else "",
        "profession": Profession.DOCTOR if is_professional else None,
        "occupation": None if is_professional else Occupation.MEDICAL_SECRETARY,
        "email": email,
        "email_verified_at": now,
        "contract_mode": AcceptanceMode.TYPED_NAME,
        "contract_at": now,
        "created_at": now,
        "updated_at": now,
        "submitted_at": now,
        "account_id": account.id,
        **names,
    }
    registration = Registration(**{**values, **overrides})
    session.add(registration)
    session.flush()
    return registration.id
