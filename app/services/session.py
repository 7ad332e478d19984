"""Open sign-ins (S050–S052): opened, looked up at every event. They end in `sign_out`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from app.authz.actor import Actor
from app.crypto import new_token, token_digest
from app.db import select_columns
from app.errors import NotAuthenticated
from app.models.account import Account, AccountState, Role
from app.models.base import table_of
from app.models.journal import JournalKind
from app.models.professional import Profession, Professional
from app.models.session import SignInMethod, SignInSession
from app.models.team import AccountMember
from app.services import delegation, journal, sign_out
from app.services.delegation import Holder
from app.services.legal_text import owes_acceptance

ABSOLUTE_LIFE = timedelta(hours=12)
IDLE_LIFE = {
    Role.PATIENT: timedelta(minutes=15),
    Role.PROFESSIONAL: timedelta(minutes=30),
    Role.SECRETARY: timedelta(minutes=30),
    Role.ADMINISTRATOR: timedelta(minutes=10),
}
WARNING_BEFORE = timedelta(minutes=2)
MAX_OPEN = 10
# Recording each act would turn every read into a write; half a minute is close enough to 10 min.
_TOUCH_EVERY = timedelta(seconds=30)

_SESSION, _ACCOUNT, _PROFESSIONAL, _MEMBER = (
    table_of(SignInSession),
    table_of(Account),
    table_of(Professional),
    table_of(AccountMember),
)
# Prepared once: it is looked up at every event of every page.
_IDENTITY = (
    select_columns(
        _SESSION.c.id,
        _SESSION.c.last_act_at,
        _SESSION.c.expires_at,
        _SESSION.c.method,
        _SESSION.c.factor_at,
        _SESSION.c.member_id,
        _SESSION.c.delegation_id,
        _ACCOUNT.c.id.label("account_id"),
        _ACCOUNT.c.role,
        _ACCOUNT.c.patient_id,
        _ACCOUNT.c.shared_title,
        _ACCOUNT.c.civility,
        _ACCOUNT.c.family_name,
        _ACCOUNT.c.given_name,
        _MEMBER.c.civility.label("member_civility"),
        _MEMBER.c.family_name.label("member_family_name"),
        _MEMBER.c.given_name.label("member_given_name"),
        _PROFESSIONAL.c.id.label("professional_id"),
        _PROFESSIONAL.c.profession,
        _PROFESSIONAL.c.speciality,
        _PROFESSIONAL.c.place_name,
        _PROFESSIONAL.c.place_city,
        _PROFESSIONAL.c.rpps,
        owes_acceptance().label("owes_acceptance"),
    )
    .select_from(_SESSION)
    .join(_ACCOUNT, _ACCOUNT.c.id == _SESSION.c.account_id)
    .outerjoin(_PROFESSIONAL, _PROFESSIONAL.c.account_id == _ACCOUNT.c.id)
    .outerjoin(_MEMBER, _MEMBER.c.id == _SESSION.c.member_id)
    .where(
        _SESSION.c.token_digest == bindparam("digest"),
        _SESSION.c.ended_at.is_(None),
        _ACCOUNT.c.state == AccountState.ACTIVE,
    )
)


@dataclass(frozen=True)
class Identity:
    """Who holds a cookie: the actor, what the shell shows of them, and until when.

    `holder`: whom they act for, while they do. `has_lost_mode`: they chose to, and it has ended since.
    """

    actor: Actor
    civility: str
    family_name: str
    given_name: str
    speciality: str
    place: str
    rpps: str
    shared_title: str
    holder: Holder | None
    has_lost_mode: bool
    last_act_at: datetime
    idle_ends_at: datetime
    expires_at: datetime

    @property
    def owner(self) -> str:
        """What page state belongs to: one sign-in, in one capacity."""
        return f"{self.actor.session_id}/{self.actor.delegation_id or ''}"


@dataclass(frozen=True)
class Proof:
    """How a sign-in was proved, and what it keeps of it. `factor_at`: none for a weak door."""

    method: SignInMethod = SignInMethod.EMAIL_CODE
    factor_at: datetime | None = None
    device_id: UUID | None = None
    workstation_id: UUID | None = None
    member_id: UUID | None = None
    provider_sid: str = ""
    sealed_id_token: bytes | None = None


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that succeeded: the cookies' values and where to go. `device_id`: None by another door."""

    token: str
    account_id: UUID
    next_path: str
    role: str
    device_id: UUID | None = None
    keeps_device: bool = False


def open_session(
    session: Session,
    account: Account,
    *,
    device: str,
    address: str,
    proof: Proof | None = None,
    now: datetime,
) -> tuple[SignInSession, str]:
    """Sign an account in: a new random token, of which only the digest is kept.

    Without `proof`, a code by e-mail was just given.
    """
    token = new_token()
    kept = proof or Proof(factor_at=now)
    row = SignInSession(
        token_digest=token_digest(token),
        account_id=account.id,
        created_at=now,
        last_act_at=now,
        expires_at=now + ABSOLUTE_LIFE,
        device=device[:120],
        address=address[:45],
        method=kept.method,
        factor_at=kept.factor_at,
        device_id=kept.device_id,
        workstation_id=kept.workstation_id,
        member_id=kept.member_id,
        provider_sid=kept.provider_sid,
        sealed_id_token=kept.sealed_id_token,
    )
    actor = Actor(
        account_id=account.id,
        session_id=row.id,
        role=account.role,
        member_id=row.member_id,
        address=address[:45],
    )
    sign_out.end_oldest(session, actor, account.id, keep=MAX_OPEN - 1, now=now)
    session.add(row)
    session.flush()
    journal.record(
        session,
        actor,
        "session.opened",
        kind=JournalKind.ACCESS,
        object_id=row.id,
        ground=kept.method.value,
        now=now,
    )
    return row, token


def renew(session: Session, actor: Actor, *, now: datetime) -> str:
    """A new token for this sign-in, after a factor or a change of rights; the old one dies at once (S050)."""
    if actor.session_id is None:
        raise NotAuthenticated
    token = new_token()
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id) == actor.session_id, col(SignInSession.ended_at).is_(None))
        .values(token_digest=token_digest(token), last_act_at=now)
    )
    return token


def look_up(session: Session, token: str, *, address: str = "", now: datetime) -> Identity | None:
    """The identity behind a cookie, or None when it opens nothing (any more)."""
    if not token:
        return None
    found = session.execute(_IDENTITY, {"digest": token_digest(token)}).first()
    if found is None:
        return None
    idle_ends_at = found.last_act_at + IDLE_LIFE[found.role]
    if now >= found.expires_at or now >= idle_ends_at:
        return None
    names = (found.civility, found.given_name, found.family_name)
    if found.member_id is not None:
        names = (found.member_civility, found.member_given_name, found.member_family_name)
    profession = Profession(found.profession) if found.profession else None
    actor = Actor(
        account_id=found.account_id,
        session_id=found.id,
        role=found.role,
        professional_id=found.professional_id,
        profession=profession,
        own_professional_id=found.professional_id,
        own_profession=profession,
        patient_id=found.patient_id,
        member_id=found.member_id,
        method=found.method,
        factor_at=found.factor_at,
        owes_acceptance=bool(found.owes_acceptance),
        name=" ".join(part for part in names if part),
        address=address,
    )
    holder = None
    if found.delegation_id is not None:
        actor, holder = delegation.act_for(session, actor, found.delegation_id, now=now)
    return Identity(
        actor=actor,
        civility=names[0],
        family_name=names[2],
        given_name=names[1],
        speciality=found.speciality or "",
        place=" · ".join(part for part in (found.place_name, found.place_city) if part),
        rpps=found.rpps or "",
        shared_title=found.shared_title,
        holder=holder,
        has_lost_mode=found.delegation_id is not None and holder is None,
        last_act_at=found.last_act_at,
        idle_ends_at=idle_ends_at,
        expires_at=found.expires_at,
    )


def is_touch_due(identity: Identity, *, now: datetime) -> bool:
    """Whether an act of the person is worth recording again."""
    return now - identity.last_act_at >= _TOUCH_EVERY


def touch(session: Session, actor: Actor, *, now: datetime) -> datetime:
    """Record that the person did something; returns when idleness will end the sign-in."""
    if actor.session_id is None or actor.role is None:
        raise NotAuthenticated
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id) == actor.session_id)
        .values(last_act_at=now)
    )
    return now + IDLE_LIFE[actor.role]


def is_open(session: Session, session_id: UUID) -> bool:
    """Whether a sign-in was not ended (its time limits aside)."""
    return (
        session.execute(
            select(SignInSession.id).where(
                SignInSession.id == session_id, col(SignInSession.ended_at).is_(None)
            )
        ).first()
        is not None
    )
