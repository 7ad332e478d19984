"""A registration as its pages show it, to whoever holds a browser it is open in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.legal_text import AcceptanceMode, LegalTextKind
from app.models.professional import Profession
from app.models.registration import (
    IdentitySource,
    Occupation,
    Registration,
    RegistrationKind,
    RegistrationState,
)
from app.services.facility import list_laboratories
from app.services.legal_text import TextView, current_text
from app.services.registration import Faults, find_registration
from app.services.registration_contract import contract_subject, is_proof_recent
from app.services.registration_email import Sent, email_subject, read_sent
from app.services.registration_phone import PhoneRow, list_phones
from app.services.registration_place import PlaceRow, list_places
from app.services.registration_progress import Progress, Step, read_progress
from app.services.registration_secret import MemberRow, list_members


@dataclass(frozen=True)
class Laboratory:
    """A partner laboratory to choose."""

    id: str
    name: str
    city: str


@dataclass(frozen=True)
class IdentityView:
    """Who somebody is, as far as it is known."""

    source: IdentitySource | None
    rpps: str
    profession: Profession | None
    speciality: str
    occupation: Occupation | None
    civility: str
    family_name: str
    given_name: str
    is_certified: bool
    is_shared: bool
    shared_title: str


@dataclass(frozen=True)
class ContractView:
    """The contract: the version to sign, the code on its way, and how it was signed."""

    text: TextView | None = None
    sent: Sent | None = None
    mode: AcceptanceMode | None = None
    may_use_provider: bool = False


@dataclass(frozen=True)
class RegistrationView:
    """One registration for one step. What other steps show is left empty; `typed` wins over what is kept."""

    kind: RegistrationKind
    state: RegistrationState
    progress: Progress
    identity: IdentityView
    email: str
    is_email_verified: bool
    has_password: bool
    updated_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    reason: str
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    sent: Sent | None = None
    places: tuple[PlaceRow, ...] = ()
    laboratories: tuple[Laboratory, ...] = ()
    phones: tuple[PhoneRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    terms: TextView | None = None
    are_terms_accepted: bool = False
    contract: ContractView = field(default_factory=ContractView)


def read_registration(
    session: Session, actor: Actor, token: str, step: Step | None, *, now: datetime
) -> RegistrationView | None:
    """The registration of this browser with what one step shows; None when there is none."""
    registration = find_registration(session, actor, token, now=now)
    if registration is None:
        return None
    progress = read_progress(session, actor, registration, now=now)
    view = _common(registration, progress, step)
    more = _more(session, actor, registration, step, now) if step else {}
    return replace(view, **more)


def _common(registration: Registration, progress: Progress, step: Step | None) -> RegistrationView:
    left = registration.faults if registration.faults.get("step") == step else {}
    return RegistrationView(
        kind=registration.kind,
        state=registration.state,
        progress=progress,
        identity=IdentityView(
            source=registration.source,
            rpps=registration.rpps,
            profession=registration.profession,
            speciality=registration.speciality,
            occupation=registration.occupation,
            civility=registration.civility,
            family_name=registration.family_name,
            given_name=registration.given_name,
            is_certified=registration.source is IdentitySource.PSC,
            is_shared=registration.is_shared,
            shared_title=registration.shared_title,
        ),
        email=registration.email,
        is_email_verified=registration.email_verified_at is not None,
        has_password=bool(registration.password_hash),
        updated_at=registration.updated_at,
        submitted_at=registration.submitted_at,
        decided_at=registration.decided_at,
        reason=registration.reason,
        typed=registration.typed.get(step.value, {}) if step else {},
        faults=Faults(
            step=str(left.get("step", "")),
            fields=left.get("fields", {}),
            context=left.get("context", {}),
        ),
    )


def _more(
    session: Session, actor: Actor, registration: Registration, step: Step, now: datetime
) -> dict[str, Any]:
    """What only this step shows."""
    match step:
        case Step.PLACES:
            laboratories = list_laboratories(session, actor, now=now)
            return {
                "places": tuple(list_places(session, actor, registration.id, now=now)),
                "laboratories": tuple(
                    Laboratory(str(row.id), row.name, row.city) for row in laboratories
                ),
            }
        case Step.EMAIL if registration.email and registration.email_verified_at is None:
            return {"sent": read_sent(session, actor, email_subject(registration), now=now)}
        case Step.PHONE:
            return {"phones": tuple(list_phones(session, actor, registration.id, now=now))}
        case Step.PASSWORD:
            return {"members": tuple(list_members(session, actor, registration.id, now=now))}
        case Step.TERMS:
            text = current_text(session, actor, LegalTextKind.TERMS, now=now)
            return {"terms": text, "are_terms_accepted": registration.terms_id == text.id}
        case Step.CONTRACT:
            contract = ContractView(
                text=current_text(session, actor, LegalTextKind.CONTRACT, now=now),
                sent=read_sent(session, actor, contract_subject(registration), now=now),
                mode=registration.contract_mode,
                may_use_provider=is_proof_recent(registration, now=now),
            )
            return {"contract": contract}
        case _:
            return {}
