"""Delegations: acting with a professional's account, named in the journal (CX-46 to CX-48, U-20)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from app.authz.actor import Actor
from app.models.account import Account, AccountState, Role
from app.models.base import table_of
from app.models.delegation import Delegation, DelegationScope
from app.models.professional import Profession, Professional
from app.services.fields import paris_day

_DELEGATION, _ACCOUNT, _HOLDER = table_of(Delegation), table_of(Account), table_of(Professional)
# Prepared once: it is looked up at every event of somebody who acts for another.
_IN_FORCE = (
    select(
        _DELEGATION.c.scope,
        _DELEGATION.c.delegate_number,
        _HOLDER.c.id,
        _HOLDER.c.profession,
        _ACCOUNT.c.id.label("account_id"),
        _ACCOUNT.c.civility,
        _ACCOUNT.c.family_name,
        _ACCOUNT.c.given_name,
    )
    .select_from(_DELEGATION)
    .join(_HOLDER, _HOLDER.c.id == _DELEGATION.c.holder_id)
    .join(_ACCOUNT, _ACCOUNT.c.id == _HOLDER.c.account_id)
    .where(
        _DELEGATION.c.id == bindparam("delegation_id"),
        _DELEGATION.c.withdrawn_at.is_(None),
        _DELEGATION.c.starts_on <= bindparam("today"),
        or_(_DELEGATION.c.ends_on.is_(None), _DELEGATION.c.ends_on >= bindparam("today")),
        _ACCOUNT.c.state == AccountState.ACTIVE,
    )
)


@dataclass(frozen=True)
class Holder:
    """Whom somebody acts for, as the mode bar names them."""

    civility: str
    family_name: str
    given_name: str


def act_for(
    session: Session, actor: Actor, delegation_id: UUID, *, now: datetime
) -> tuple[Actor, Holder | None]:
    """The actor with the holder's rights; as they were when the delegation is not, or no longer, theirs."""
    parameters = {"delegation_id": delegation_id, "today": paris_day(now)}
    found = session.execute(_IN_FORCE, parameters).first()
    if found is None or found.delegate_number not in _own_numbers(session, actor):
        return actor, None
    acting = replace(
        actor,
        role=Role.PROFESSIONAL,
        professional_id=found.id,
        profession=Profession(found.profession),
        on_behalf_of_id=found.account_id,
        delegation_id=delegation_id,
        scope=DelegationScope(found.scope),
    )
    return acting, Holder(found.civility, found.family_name, found.given_name)


def _own_numbers(session: Session, actor: Actor) -> set[str]:
    """The RPPS and card numbers of the acting person."""
    row = session.execute(
        select(_ACCOUNT.c.card_number, _HOLDER.c.rpps)
        .select_from(_ACCOUNT)
        .outerjoin(_HOLDER, _HOLDER.c.account_id == _ACCOUNT.c.id)
        .where(_ACCOUNT.c.id == actor.account_id)
    ).first()
    return {number for number in row or () if number}
