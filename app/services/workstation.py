"""The workstations of a team: browsers where its members sign in with an operator code (PS-16, S038)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.crypto import new_token, token_digest
from app.errors import Invalid, NotFound
from app.models.account import Account, AccountState
from app.models.professional import Professional
from app.models.session import SignInSession
from app.models.team import Workstation
from app.services import journal, sign_out
from app.services.fields import clean_line
from app.services.team import Responsible, read_responsible, require_responsible, require_team


@dataclass(frozen=True)
class WorkstationRow:
    """One registered browser."""

    id: UUID
    name: str
    registered_at: datetime
    last_seen_at: datetime | None
    is_this_one: bool


@dataclass(frozen=True)
class Workplace:
    """What the cookie of a registered workstation says."""

    workstation_id: UUID
    responsible: Responsible


def register_workstation(session: Session, actor: Actor, name: str, *, now: datetime) -> str:
    """Make the present browser a workstation of one's team; returns the token of its cookie."""
    responsible_id = require_responsible(actor, now=now)
    called = clean_line(name)[:100]
    if not called:
        raise Invalid(name="workstation.name_missing")
    token = new_token()
    workstation = Workstation(
        responsible_id=responsible_id,
        name=called,
        token_digest=token_digest(token),
        registered_at=now,
    )
    session.add(workstation)
    session.flush()
    journal.record(session, actor, "workstation.registered", object_id=workstation.id, now=now)
    return token


def end_workstation(session: Session, actor: Actor, workstation_id: UUID, *, now: datetime) -> None:
    """Trust a browser no more; the sign-ins open on it end at once (S053)."""
    responsible_id = require_team(actor)
    workstation = session.get(Workstation, workstation_id)
    is_mine = workstation is not None and workstation.responsible_id == responsible_id
    if workstation is None or not is_mine or workstation.ended_at is not None:
        raise NotFound("workstation.not_found")
    workstation.ended_at = now
    journal.record(session, actor, "workstation.ended", object_id=workstation.id, now=now)
    condition = col(SignInSession.workstation_id) == workstation.id
    sign_out.end_where(session, actor, condition, reason="workstation_ended", now=now)


def list_workstations(session: Session, actor: Actor, token: str) -> tuple[WorkstationRow, ...]:
    """The workstations of one's team. `token`: this browser's, if it is one."""
    responsible_id = require_team(actor)
    here = token_digest(token) if token else b""
    rows = session.exec(
        select(Workstation)
        .where(Workstation.responsible_id == responsible_id, col(Workstation.ended_at).is_(None))
        .order_by(col(Workstation.registered_at))
    )
    return tuple(
        WorkstationRow(w.id, w.name, w.registered_at, w.last_seen_at, w.token_digest == here)
        for w in rows
    )


def find_workplace(session: Session, actor: Actor, token: str) -> Workplace | None:
    """Whose workstation this browser is; None for one not registered, ended, or of a closed account."""
    if not token:
        return None
    row = session.execute(
        select(Workstation.id, Workstation.responsible_id)
        .join(Professional, col(Professional.id) == col(Workstation.responsible_id))
        .join(Account, col(Account.id) == col(Professional.account_id))
        .where(
            col(Workstation.token_digest) == token_digest(token),
            col(Workstation.ended_at).is_(None),
            col(Account.state) == AccountState.ACTIVE,
        )
    ).first()
    return Workplace(row[0], read_responsible(session, actor, row[1])) if row else None
