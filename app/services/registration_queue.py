"""The administrators' queue of registrations: what waits, what was decided (MM-23, U-04).

A professional's registration takes two administrators, unless Pro Santé Connect vouched for the identity;
a secretariat's takes one (S067).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.identity_change import Decision
from app.models.professional import Profession
from app.models.registration import (
    IdentitySource,
    Occupation,
    Registration,
    RegistrationKind,
    RegistrationState,
)
from app.models.role_grant import RoleGrant

PAGE_SIZE = 25
_DECIDED = (RegistrationState.APPROVED, RegistrationState.REFUSED)


class ReviewStep(StrEnum):
    """What an approval would do now."""

    ACTIVATES = "activates"
    FIRST_OF_TWO = "first_of_two"
    SECOND_OF_TWO = "second_of_two"
    OWN_FIRST = "own_first"
    DECIDED = "decided"


@dataclass(frozen=True)
class Proposer:
    """Who gave the first approval, and when."""

    grant_id: UUID
    civility: str
    given_name: str
    family_name: str
    at: datetime


@dataclass(frozen=True)
class RegistrationRow:
    """One line of the queue. `first`: whoever approved first, when a second one is awaited."""

    id: UUID
    kind: RegistrationKind
    source: IdentitySource | None
    state: RegistrationState
    is_certified: bool
    civility: str
    family_name: str
    given_name: str
    shared_title: str
    profession: Profession | None
    occupation: Occupation | None
    rpps: str
    email: str
    is_rpps_taken: bool
    submitted_at: datetime
    decided_at: datetime | None
    first: Proposer | None
    step: ReviewStep


@dataclass(frozen=True)
class RegistrationPage:
    """At most 25 lines; waiting ones oldest first, decided ones newest first."""

    rows: tuple[RegistrationRow, ...]
    waiting: int
    total: int
    page: int
    pages: int


def count_waiting(session: Session, actor: Actor) -> int:
    """How many registrations wait for somebody's decision."""
    policies.require_administrator(actor)
    count: int = session.execute(
        select(func.count()).where(col(Registration.state) == RegistrationState.TO_VALIDATE)
    ).scalar_one()
    return count


def list_registrations(
    session: Session, actor: Actor, *, decided: bool = False, page: int = 1, now: datetime
) -> RegistrationPage:
    """The queue, or what was decided; a page past the end is the last one."""
    policies.require_administrator(actor)
    states = _DECIDED if decided else (RegistrationState.TO_VALIDATE,)
    waiting = count_waiting(session, actor)
    total = waiting
    if decided:
        total = session.execute(
            select(func.count()).where(col(Registration.state).in_(_DECIDED))
        ).scalar_one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    column = col(Registration.decided_at).desc() if decided else col(Registration.submitted_at)
    found = session.execute(
        select(Registration)
        .where(col(Registration.state).in_(states))
        .order_by(column, col(Registration.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).scalars()
    registrations = list(found)
    first = first_approvals(
        session, actor, [row.account_id for row in registrations if row.account_id]
    )
    rows = tuple(registration_row(actor, row, first.get(row.account_id)) for row in registrations)
    return RegistrationPage(rows, waiting, total, page, pages)


def review_step(actor: Actor, registration: Registration, grant: RoleGrant | None) -> ReviewStep:
    """What this administrator's approval would do. `grant`: the first approval that waits."""
    if registration.state is not RegistrationState.TO_VALIDATE:
        return ReviewStep.DECIDED
    if grant is not None:
        is_own = grant.proposed_by_id == actor.account_id
        return ReviewStep.OWN_FIRST if is_own else ReviewStep.SECOND_OF_TWO
    is_professional = registration.kind is RegistrationKind.PROFESSIONAL
    if is_professional and registration.certified_at is None:
        return ReviewStep.FIRST_OF_TWO
    return ReviewStep.ACTIVATES


def first_approvals(
    session: Session, actor: Actor, account_ids: list[UUID]
) -> dict[UUID | None, tuple[RoleGrant, Proposer]]:
    """Of these accounts, those a first administrator approved and a second one has not, with who did."""
    if not account_ids:
        return {}
    found = session.execute(
        select(RoleGrant, Account)
        .join(Account, col(Account.id) == col(RoleGrant.proposed_by_id))
        .where(
            and_(
                col(RoleGrant.account_id).in_(account_ids),
                col(RoleGrant.decision) == Decision.WAITING,
            )
        )
    )
    return {
        grant.account_id: (
            grant,
            Proposer(grant.id, who.civility, who.given_name, who.family_name, grant.proposed_at),
        )
        for grant, who in found
    }


def registration_row(
    actor: Actor, registration: Registration, first: tuple[RoleGrant, Proposer] | None
) -> RegistrationRow:
    """A registration that was handed in, as the queue shows it to this administrator."""
    assert registration.submitted_at is not None
    return RegistrationRow(
        id=registration.id,
        kind=registration.kind,
        source=registration.source,
        state=registration.state,
        is_certified=registration.certified_at is not None,
        civility=registration.civility,
        family_name=registration.family_name,
        given_name=registration.given_name,
        shared_title=registration.shared_title,
        profession=registration.profession,
        occupation=registration.occupation,
        rpps=registration.rpps,
        email=registration.email,
        is_rpps_taken=registration.is_rpps_taken,
        submitted_at=registration.submitted_at,
        decided_at=registration.decided_at,
        first=first[1] if first else None,
        step=review_step(actor, registration, first[0] if first else None),
    )
