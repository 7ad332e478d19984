"""One registration before its administrators: what was checked, approved, refused (MM-23, U-04, S067).

What approving and refusing do is `registration_outcome`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.account import Role
from app.models.contact_point import Phone
from app.models.identity_change import Decision
from app.models.journal import JournalKind
from app.models.legal_text import AcceptanceMode, LegalText
from app.models.professional import Professional
from app.models.registration import (
    ContractScan,
    Registration,
    RegistrationKind,
    RegistrationState,
)
from app.models.role_grant import RoleGrant
from app.services import journal
from app.services.directory import find_by_rpps
from app.services.fields import clean_text
from app.services.identifiers import is_rpps
from app.services.practice import PracticeRow, list_practices
from app.services.registration_outcome import activate, close
from app.services.registration_queue import (
    RegistrationRow,
    ReviewStep,
    first_approvals,
    registration_row,
    review_step,
)
from app.services.text import fold

MAX_REASON = 500


@dataclass(frozen=True)
class Checks:
    """What was checked. None: does not apply, or nothing to compare with."""

    rpps_key: bool | None
    in_directory: bool | None
    names_match: bool | None
    rpps_free: bool | None
    email_proved: bool
    phones: tuple[tuple[str, bool], ...]
    contract_mode: AcceptanceMode | None
    contract_name: str
    contract_at: datetime | None
    contract_version: int | None
    contract_digest: str
    has_scan: bool
    terms_at: datetime | None


@dataclass(frozen=True)
class DirectoryIdentity:
    """What the directory says of the number that was given."""

    civility: str
    family_name: str
    given_name: str
    profession: str
    speciality: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class RegistrationView:
    """Everything an administrator decides on."""

    row: RegistrationRow
    account_id: UUID | None
    speciality: str
    certified_at: datetime | None
    checks: Checks
    directory: DirectoryIdentity | None
    places: tuple[PracticeRow, ...]
    reason: str


def read_registration(
    session: Session, actor: Actor, registration_id: UUID, *, now: datetime
) -> RegistrationView:
    """One registration with its checks. Reading it leaves a line in the journal."""
    policies.require_administrator(actor)
    registration = session.get(Registration, registration_id)
    if registration is None or registration.submitted_at is None:
        raise NotFound("registration.not_found")
    first = (
        first_approvals(session, actor, [registration.account_id])
        if registration.account_id
        else {}
    )
    directory = None
    if registration.rpps:
        directory = find_by_rpps(session, actor, registration.rpps, now=now)
    places: tuple[PracticeRow, ...] = ()
    if registration.account_id is not None:
        places = tuple(list_practices(session, actor, registration.account_id, now=now))
    journal.record(
        session, actor, "registration.read", kind=JournalKind.READ,
        object_id=registration.id, now=now,
    )  # fmt: skip
    return RegistrationView(
        row=registration_row(actor, registration, first.get(registration.account_id)),
        account_id=registration.account_id,
        speciality=registration.speciality,
        certified_at=registration.certified_at,
        checks=_checks(
            session,
            registration,
            (directory.family_name, directory.given_name) if directory else None,
        ),
        directory=None
        if directory is None
        else DirectoryIdentity(
            civility=directory.civility,
            family_name=directory.family_name,
            given_name=directory.given_name,
            profession=directory.profession_label,
            speciality=directory.speciality,
            places=tuple(
                ", ".join(filter(None, (p.name, p.postcode, p.city))) for p in directory.places
            ),
        ),
        places=places,
        reason=registration.reason,
    )


def approve_registration(
    session: Session,
    actor: Actor,
    registration_id: UUID,
    *,
    grant_id: UUID | None = None,
    now: datetime,
) -> ReviewStep:
    """Approve; what that did. `grant_id`: the first approval the page showed, none when there was none.

    It gives a role, so a factor given just now is asked for (S054).
    Raises Conflict when somebody decided meanwhile, RuleViolation when the same person approves twice.
    """
    policies.require_administrator(actor)
    policies.require_fresh_factor(actor, now=now)
    registration = _lock(session, registration_id)
    grant = _waiting_grant(session, registration)
    if grant is None and grant_id is not None:
        raise Conflict("registration.review_changed")
    step = review_step(actor, registration, grant)
    if step is ReviewStep.OWN_FIRST:
        raise RuleViolation("registration.same_person")
    if grant is not None and grant.id != grant_id:
        raise Conflict("registration.review_changed")
    assert actor.account_id is not None
    if step is ReviewStep.FIRST_OF_TWO:
        _propose(session, actor, registration, now=now)
        return step
    if grant is not None:
        grant.decision, grant.decided_by_id, grant.decided_at = (
            Decision.APPROVED, actor.account_id, now,
        )  # fmt: skip
    activate(session, actor, registration.id, now=now)
    return step


def refuse_registration(
    session: Session, actor: Actor, registration_id: UUID, *, reason: str, now: datetime
) -> None:
    """Refuse with a reason, which is mailed; one administrator is enough."""
    policies.require_administrator(actor)
    said = clean_text(reason)
    if not said:
        raise Invalid(reason="registration.reason_missing")
    if len(said) > MAX_REASON:
        raise Invalid(reason="text.too_long")
    registration = _lock(session, registration_id)
    grant = _waiting_grant(session, registration)
    if grant is not None:
        grant.decision, grant.decided_by_id, grant.decided_at = (
            Decision.REFUSED, actor.account_id, now,
        )  # fmt: skip
    close(session, actor, registration.id, reason=said, now=now)


def _lock(session: Session, registration_id: UUID) -> Registration:
    registration: Registration | None = session.execute(
        select(Registration).where(col(Registration.id) == registration_id).with_for_update()
    ).scalar_one_or_none()
    if registration is None or registration.submitted_at is None:
        raise NotFound("registration.not_found")
    if registration.state is not RegistrationState.TO_VALIDATE:
        raise Conflict("registration.decided_meanwhile")
    return registration


def _propose(session: Session, actor: Actor, registration: Registration, *, now: datetime) -> None:
    if _rpps_owner(session, registration) not in {None, registration.account_id}:
        raise RuleViolation("registration.rpps_taken")
    assert registration.account_id is not None
    assert actor.account_id is not None
    session.add(
        RoleGrant(
            account_id=registration.account_id,
            role=Role.PROFESSIONAL,
            proposed_by_id=actor.account_id,
            proposed_at=now,
        )
    )
    session.flush()
    journal.record(
        session, actor, "registration.first_approval", object_id=registration.id, now=now
    )


def _waiting_grant(session: Session, registration: Registration) -> RoleGrant | None:
    return session.execute(
        select(RoleGrant).where(
            col(RoleGrant.account_id) == registration.account_id,
            col(RoleGrant.decision) == Decision.WAITING,
        )
    ).scalar_one_or_none()


def _rpps_owner(session: Session, registration: Registration) -> UUID | None:
    return session.execute(
        select(col(Professional.account_id)).where(col(Professional.rpps) == registration.rpps)
    ).scalar_one_or_none()


def _checks(
    session: Session, registration: Registration, directory_name: tuple[str, str] | None
) -> Checks:
    is_professional = registration.kind is RegistrationKind.PROFESSIONAL
    phones = session.execute(
        select(col(Phone.number), col(Phone.verified_at))
        .where(col(Phone.account_id) == registration.account_id)
        .order_by(col(Phone.created_at))
    ).all()
    contract = (
        session.get(LegalText, registration.contract_id) if registration.contract_id else None
    )
    scan = session.execute(
        select(col(ContractScan.size)).where(col(ContractScan.registration_id) == registration.id)
    ).scalar_one_or_none()
    return Checks(
        rpps_key=is_rpps(registration.rpps) if is_professional else None,
        in_directory=directory_name is not None if is_professional else None,
        names_match=_is_same_name(registration, directory_name) if directory_name else None,
        rpps_free=_rpps_owner(session, registration) in {None, registration.account_id}
        if is_professional
        else None,
        email_proved=registration.email_verified_at is not None,
        phones=tuple((number, verified_at is not None) for number, verified_at in phones),
        contract_mode=registration.contract_mode,
        contract_name=registration.contract_name,
        contract_at=registration.contract_at,
        contract_version=contract.version if contract else None,
        contract_digest=registration.contract_digest.hex(),
        has_scan=scan is not None,
        terms_at=registration.terms_at,
    )


def _is_same_name(registration: Registration, directory_name: tuple[str, str]) -> bool:
    """The same family name, and the same first given name."""
    family, given = (fold(part) for part in directory_name)
    typed = fold(registration.given_name).split()[:1]
    return fold(registration.family_name) == family and typed == given.split()[:1]
