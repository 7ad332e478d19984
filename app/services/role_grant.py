"""Making somebody an administrator takes two administrators (S067)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.identity_change import Decision
from app.models.professional import Professional
from app.models.role_grant import RoleGrant
from app.services import journal, outbox, sign_out
from app.services.account_list import list_names
from app.services.fields import clean_text
from app.settings import get_settings

MAX_REASON = 500


@dataclass(frozen=True)
class GrantView:
    """A proposal that waits. `is_own`: made by the one who reads it, who cannot confirm it."""

    id: UUID
    account_id: UUID
    civility: str
    family_name: str
    given_name: str
    email: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    is_own: bool


def list_grants(session: Session, actor: Actor) -> tuple[GrantView, ...]:
    """Proposals of the administrator role that wait, the oldest first."""
    policies.require_administrator(actor)
    found = session.execute(
        select(RoleGrant, Account)
        .join(Account, col(Account.id) == col(RoleGrant.account_id))
        .where(
            col(RoleGrant.decision) == Decision.WAITING,
            col(RoleGrant.role) == Role.ADMINISTRATOR,
        )
        .order_by(col(RoleGrant.proposed_at))
    ).all()
    names = list_names(session, actor, [grant.proposed_by_id for grant, _ in found])
    return tuple(
        GrantView(
            id=grant.id,
            account_id=account.id,
            civility=account.civility,
            family_name=account.family_name,
            given_name=account.given_name,
            email=account.email,
            reason=grant.reason,
            proposed_by=names[grant.proposed_by_id],
            proposed_at=grant.proposed_at,
            is_own=grant.proposed_by_id == actor.account_id,
        )
        for grant, account in found
    )


def propose_administrator(
    session: Session, actor: Actor, account_id: UUID, *, reason: str, now: datetime
) -> UUID:
    """A first administrator's « oui ». Returns the proposal, the one that waits already if there is one."""
    policies.require_administrator(actor)
    own_id = policies.require_fresh_factor(actor, now=now)
    said = clean_text(reason)
    if not said:
        raise Invalid(reason="account_admin.reason_missing")
    if len(said) > MAX_REASON:
        raise Invalid(reason="text.too_long")
    account = _eligible(session, account_id)
    waiting: RoleGrant | None = session.execute(
        select(RoleGrant).where(
            col(RoleGrant.account_id) == account.id, col(RoleGrant.decision) == Decision.WAITING
        )
    ).scalar_one_or_none()
    if waiting is not None:
        if waiting.proposed_by_id == own_id:
            return waiting.id
        raise Conflict("role_grant.proposed_meanwhile")
    grant = RoleGrant(
        account_id=account.id,
        role=Role.ADMINISTRATOR,
        reason=said,
        proposed_by_id=own_id,
        proposed_at=now,
    )
    session.add(grant)
    session.flush()
    journal.record(session, actor, "role_grant.proposed", object_id=account.id, now=now)
    return grant.id


def confirm_administrator(session: Session, actor: Actor, grant_id: UUID, *, now: datetime) -> None:
    """Another administrator's « oui »: the role is given, and its owner signs in again with it (S050)."""
    policies.require_administrator(actor)
    own_id = policies.require_fresh_factor(actor, now=now)
    grant = _waiting(session, grant_id)
    if own_id in {grant.proposed_by_id, grant.account_id}:
        raise RuleViolation("role_grant.same_person")
    account = _eligible(session, grant.account_id)
    grant.decision, grant.decided_by_id, grant.decided_at = Decision.APPROVED, own_id, now
    account.role = Role.ADMINISTRATOR
    sign_out.end_of_account(session, actor, account.id, reason="role_changed", now=now)
    outbox.post_email(
        session,
        to=account.email,
        subject="Votre compte Liane est devenu un compte d’administration",
        text=(
            "Deux personnes de l’administration vous ont donné ce rôle. Connectez-vous de nouveau :\n"
            f"{get_settings().base_url}/connexion\n\n"
            "Si vous ne l’attendiez pas, prévenez l’administration de votre portail."
        ),
        now=now,
    )
    journal.record(session, actor, "role_grant.confirmed", object_id=account.id, now=now)


def refuse_grant(session: Session, actor: Actor, grant_id: UUID, *, now: datetime) -> None:
    """Say no to a proposal, or take one's own back."""
    policies.require_administrator(actor)
    own_id = policies.require_own_account(actor)
    grant = _waiting(session, grant_id)
    is_own = grant.proposed_by_id == own_id
    grant.decision = Decision.WITHDRAWN if is_own else Decision.REFUSED
    grant.decided_by_id, grant.decided_at = own_id, now
    journal.record(
        session, actor, f"role_grant.{grant.decision.value}", object_id=grant.account_id, now=now
    )


def _eligible(session: Session, account_id: UUID) -> Account:
    """An account that may become an administrator's: one person's, who neither treats nor is treated here."""
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFound("account_admin.not_found")
    if account.state is not AccountState.ACTIVE:
        raise Conflict("account_admin.changed_meanwhile")
    is_professional = session.execute(
        select(col(Professional.id)).where(col(Professional.account_id) == account.id)
    ).first()
    is_person = account.role is Role.SECRETARY and not account.shared_title
    if not is_person or is_professional is not None or account.patient_id is not None:
        raise RuleViolation("role_grant.not_eligible")
    return account


def _waiting(session: Session, grant_id: UUID) -> RoleGrant:
    grant: RoleGrant | None = session.execute(
        select(RoleGrant)
        .where(col(RoleGrant.id) == grant_id, col(RoleGrant.role) == Role.ADMINISTRATOR)
        .with_for_update()
    ).scalar_one_or_none()
    if grant is None:
        raise NotFound("role_grant.not_found")
    if grant.decision is not Decision.WAITING:
        raise Conflict("role_grant.decided_meanwhile")
    return grant
