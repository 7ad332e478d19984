"""Delegations: acting with a professional's account, named in the journal (CX-46 to CX-48, U-20)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from app.authz.actor import Actor
from app.models.account import Account, AccountState, Role
from app.models.base import table_of
from app.models.delegation import Delegation, DelegationScope
from app.models.professional import Profession, Professional
from app.models.session import SignInSession
from app.services.fields import paris_day

# Administrators read nothing medical (S067), patients act for nobody here.
DELEGATE_ROLES = (Role.PROFESSIONAL, Role.SECRETARY)

_DELEGATION, _ACCOUNT, _HOLDER = table_of(Delegation), table_of(Account), table_of(Professional)
_SESSION = table_of(SignInSession)
_IS_IN_FORCE = (
    _DELEGATION.c.withdrawn_at.is_(None),
    _DELEGATION.c.starts_on <= bindparam("today"),
    or_(_DELEGATION.c.ends_on.is_(None), _DELEGATION.c.ends_on >= bindparam("today")),
    _ACCOUNT.c.state == AccountState.ACTIVE,
)
# Prepared once: it is looked up at every event of somebody who acts for another.
_IN_FORCE = (
    select(
        _DELEGATION.c.scope,
        _DELEGATION.c.delegate_number,
        _DELEGATION.c.ends_on,
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
    .where(_DELEGATION.c.id == bindparam("delegation_id"), *_IS_IN_FORCE)
)
_OPEN = (
    select(
        _DELEGATION.c.id,
        _ACCOUNT.c.civility,
        _ACCOUNT.c.given_name,
        _ACCOUNT.c.family_name,
        _HOLDER.c.profession,
        _HOLDER.c.speciality,
        _HOLDER.c.place_name,
        _HOLDER.c.place_city,
        _DELEGATION.c.scope,
        _DELEGATION.c.ends_on,
    )
    .select_from(_DELEGATION)
    .join(_HOLDER, _HOLDER.c.id == _DELEGATION.c.holder_id)
    .join(_ACCOUNT, _ACCOUNT.c.id == _HOLDER.c.account_id)
    .where(_DELEGATION.c.delegate_number.in_(bindparam("numbers", expanding=True)), *_IS_IN_FORCE)
    .order_by(_HOLDER.c.search_name, _DELEGATION.c.id)
    .limit(50)
)
_delegate, _delegate_professional = (
    _ACCOUNT.alias("delegate"),
    _HOLDER.alias("delegate_professional"),
)
# The sign-ins, among those asked about, whose delegation no longer lets them act.
_OVER = select(_SESSION.c.id).where(
    _SESSION.c.id.in_(bindparam("session_ids", expanding=True)),
    _SESSION.c.delegation_id.is_not(None),
    ~(
        select(_DELEGATION.c.id)
        .select_from(_DELEGATION)
        .join(_HOLDER, _HOLDER.c.id == _DELEGATION.c.holder_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == _HOLDER.c.account_id)
        .join(_delegate, _delegate.c.id == _SESSION.c.account_id)
        .outerjoin(_delegate_professional, _delegate_professional.c.account_id == _delegate.c.id)
        .where(
            _DELEGATION.c.id == _SESSION.c.delegation_id,
            or_(
                _DELEGATION.c.delegate_number == _delegate.c.card_number,
                _DELEGATION.c.delegate_number == _delegate_professional.c.rpps,
            ),
            _delegate.c.role.in_(DELEGATE_ROLES),
            *_IS_IN_FORCE,
        )
        .correlate(_SESSION)
        .exists()
    ),
)


@dataclass(frozen=True)
class Holder:
    """Whom somebody acts for, as the mode bar names them."""

    civility: str
    family_name: str
    given_name: str
    ends_on: date | None = None


@dataclass(frozen=True)
class OpenDelegation:
    """Somebody the acting person may act for now, how far and until when (None: until withdrawn)."""

    id: UUID
    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str
    place_name: str
    place_city: str
    scope: DelegationScope
    ends_on: date | None


def act_for(
    session: Session, actor: Actor, delegation_id: UUID, *, now: datetime
) -> tuple[Actor, Holder | None]:
    """The actor with the holder's rights; as they were when the delegation is not, or no longer, theirs."""
    parameters = {"delegation_id": delegation_id, "today": paris_day(now)}
    found = session.execute(_IN_FORCE, parameters).first()
    if found is None or found.delegate_number not in own_numbers(session, actor):
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
    return acting, Holder(found.civility, found.family_name, found.given_name, found.ends_on)


def list_open(session: Session, actor: Actor, *, now: datetime) -> tuple[OpenDelegation, ...]:
    """Whom the person may act for now, by name. Nobody while they already act for somebody."""
    numbers = set() if actor.is_delegate else own_numbers(session, actor)
    if not numbers:
        return ()
    parameters = {"numbers": sorted(numbers), "today": paris_day(now)}
    return tuple(OpenDelegation(*row) for row in session.execute(_OPEN, parameters))


def list_over(session: Session, session_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
    """The sign-ins, among these, that act under a delegation which has ended in any way."""
    parameters = {"session_ids": list(session_ids), "today": paris_day(now)}
    return set(session.execute(_OVER, parameters).scalars())


def own_numbers(session: Session, actor: Actor) -> set[str]:
    """The RPPS and card numbers of the acting person; none for who can be nobody's delegate."""
    if actor.role not in DELEGATE_ROLES:
        return set()
    row = session.execute(
        select(_ACCOUNT.c.card_number, _HOLDER.c.rpps)
        .select_from(_ACCOUNT)
        .outerjoin(_HOLDER, _HOLDER.c.account_id == _ACCOUNT.c.id)
        .where(_ACCOUNT.c.id == actor.account_id)
    ).first()
    return {number for number in row or () if number}
