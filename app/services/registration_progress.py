"""How far a registration is: its steps, those that are done, the last that may be opened (U-01, MM-28)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.legal_text import LegalTextKind
from app.models.registration import (
    Registration,
    RegistrationKind,
    RegistrationMember,
    RegistrationPlace,
    RegistrationState,
)
from app.services.facility import list_laboratories
from app.services.legal_text import current_text


class Step(StrEnum):
    """The steps, in order. The last one is the administrators'."""

    IDENTITY = "identity"
    PLACES = "places"
    EMAIL = "email"
    PHONE = "phone"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    TERMS = "terms"
    CONTRACT = "contract"
    REVIEW = "review"


STEPS = tuple(Step)
# A secretariat accepts the terms and signs no contract, which binds professionals (MM-28, CX-07).
SECRETARY_STEPS = tuple(step for step in STEPS if step is not Step.CONTRACT)
HANDED_IN = frozenset(
    {RegistrationState.TO_VALIDATE, RegistrationState.APPROVED, RegistrationState.REFUSED}
)


@dataclass(frozen=True)
class Progress:
    """Which steps are done, and how far one may go: the last step that may be opened."""

    done: frozenset[Step] = frozenset()
    reached: Step = Step.IDENTITY
    steps: tuple[Step, ...] = STEPS

    def may_open(self, step: Step) -> bool:
        """Whether the steps before it hold."""
        return step in self.steps and STEPS.index(step) <= STEPS.index(self.reached)

    @property
    def next_step(self) -> Step:
        """The first step that is not done."""
        return next((step for step in self.steps if step not in self.done), Step.REVIEW)


def steps_of(kind: RegistrationKind) -> tuple[Step, ...]:
    """The steps of a registration, in order."""
    return SECRETARY_STEPS if kind is RegistrationKind.SECRETARY else STEPS


def read_progress(
    session: Session, actor: Actor, registration: Registration, *, now: datetime
) -> Progress:
    """How far a registration is. The e-mail may be proved while the next steps are filled in."""
    steps = steps_of(registration.kind)
    if registration.state in HANDED_IN:
        return Progress(frozenset(steps[:-1]), Step.REVIEW, steps)
    checks = {
        Step.IDENTITY: registration.source is not None,
        Step.PLACES: _are_places_known(session, actor, registration, now=now),
        Step.EMAIL: registration.email_verified_at is not None,
        Step.PHONE: registration.phones_done_at is not None,
        Step.PASSWORD: _has_secrets(session, registration),
        Step.TERMS: _is_in_force(session, actor, LegalTextKind.TERMS, registration.terms_id, now),
        Step.CONTRACT: _is_in_force(
            session, actor, LegalTextKind.CONTRACT, registration.contract_id, now
        ),
    }
    done = frozenset(step for step, is_done in checks.items() if is_done)
    reached = Step.IDENTITY
    for step, following in pairwise(steps):
        is_on_its_way = step is Step.EMAIL and bool(registration.email)
        if step not in done and not is_on_its_way:
            break
        # The last step hands the registration in: whose address it is must be known by then.
        if following is steps[-2] and Step.EMAIL not in done:
            break
        if following is Step.REVIEW:
            break
        reached = following
    return Progress(done, reached, steps)


def _are_places_known(
    session: Session, actor: Actor, registration: Registration, *, now: datetime
) -> bool:
    """At least one place, each with its laboratory where there are some to choose from (MM-11, MM-13)."""
    laboratories = session.execute(
        select(col(RegistrationPlace.laboratory_id)).where(
            col(RegistrationPlace.registration_id) == registration.id
        )
    ).scalars()
    chosen = list(laboratories)
    if not chosen:
        return False
    return all(chosen) or not list_laboratories(session, actor, now=now)


def _has_secrets(session: Session, registration: Registration) -> bool:
    if not registration.password_hash:
        return False
    if not registration.is_shared:
        return True
    return (
        session.execute(
            select(col(RegistrationMember.id))
            .where(col(RegistrationMember.registration_id) == registration.id)
            .limit(1)
        ).first()
        is not None
    )


def _is_in_force(
    session: Session, actor: Actor, kind: LegalTextKind, text_id: UUID | None, now: datetime
) -> bool:
    return text_id is not None and current_text(session, actor, kind, now=now).id == text_id
