"""Open sign-ins (S050–S053): opened, looked up at every event, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from app.authz.actor import Actor
from app.crypto import new_token, token_digest
from app.db import select_columns
from app.errors import NotAuthenticated
from app.models.account import Account, Role
from app.models.base import table_of
from app.models.journal import JournalKind
from app.models.professional import Profession, Professional
from app.models.session import SignInSession
from app.services import journal

ABSOLUTE_LIFE = timedelta(hours=12)
IDLE_LIFE = {
    Role.PATIENT: timedelta(minutes=15),
    Role.PROFESSIONAL: timedelta(minutes=30),
    Role.ADMINISTRATOR: timedelta(minutes=10),
}
WARNING_BEFORE = timedelta(minutes=2)
MAX_OPEN = 10
# Recording each act would turn every read into a write; half a minute is close enough to 10 min.
_TOUCH_EVERY = timedelta(seconds=30)

_SESSION, _ACCOUNT, _PROFESSIONAL = (
    table_of(SignInSession),
    table_of(Account),
    table_of(Professional),
)
# Prepared once: it is looked up at every event of every page.
_IDENTITY = (
    select_columns(
        *(_SESSION.c[name] for name in ("id", "last_act_at", "expires_at")),
        *(
            _ACCOUNT.c[name]
            for name in ("id", "role", "civility", "family_name", "given_name", "patient_id")
        ),
        *(
            _PROFESSIONAL.c[name]
            for name in ("id", "profession", "speciality", "place_name", "place_city")
        ),
    )
    .select_from(_SESSION)
    .join(_ACCOUNT, _ACCOUNT.c.id == _SESSION.c.account_id)
    .outerjoin(_PROFESSIONAL, _PROFESSIONAL.c.account_id == _ACCOUNT.c.id)
    .where(
        _SESSION.c.token_digest == bindparam("digest"),
        _SESSION.c.ended_at.is_(None),
        _ACCOUNT.c.is_active.is_(True),
    )
)


@dataclass(frozen=True)
class Identity:
    """Who holds a cookie: the actor, what the shell shows of them, and until when."""

    actor: Actor
    civility: str
    family_name: str
    given_name: str
    speciality: str
    place: str
    last_act_at: datetime
    idle_ends_at: datetime
    expires_at: datetime


def open_session(
    session: Session, account: Account, *, device: str, address: str, now: datetime
) -> tuple[SignInSession, str]:
    """Sign an account in: a new random token, of which only the digest is kept."""
    token = new_token()
    row = SignInSession(
        token_digest=token_digest(token),
        account_id=account.id,
        created_at=now,
        last_act_at=now,
        expires_at=now + ABSOLUTE_LIFE,
        device=device[:120],
        address=address[:45],
    )
    _end_oldest(session, account.id, keep=MAX_OPEN - 1, now=now)
    session.add(row)
    session.flush()
    actor = Actor(
        account_id=account.id,
        session_id=row.id,
        role=account.role,
        address=address[:45],
    )
    journal.record(
        session,
        actor,
        "session.opened",
        kind=JournalKind.ACCESS,
        object_id=row.id,
        now=now,
    )
    return row, token


def look_up(session: Session, token: str, *, address: str = "", now: datetime) -> Identity | None:
    """The identity behind a cookie, or None when it opens nothing (any more)."""
    if not token:
        return None
    found = session.execute(_IDENTITY, {"digest": token_digest(token)}).first()
    if found is None:
        return None
    (session_id, last_act_at, expires_at, account_id, role, civility, family, given) = found[:8]
    patient_id, professional_id, profession, speciality, place, city = found[8:]
    idle_ends_at = last_act_at + IDLE_LIFE[role]
    if now >= expires_at or now >= idle_ends_at:
        return None
    name = " ".join(part for part in (civility, given, family) if part)
    actor = Actor(
        account_id=account_id,
        session_id=session_id,
        role=role,
        professional_id=professional_id,
        profession=Profession(profession) if profession else None,
        patient_id=patient_id,
        name=name,
        address=address,
    )
    return Identity(
        actor=actor,
        civility=civility,
        family_name=family,
        given_name=given,
        speciality=speciality or "",
        place=" · ".join(part for part in (place, city) if part),
        last_act_at=last_act_at,
        idle_ends_at=idle_ends_at,
        expires_at=expires_at,
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


def end(session: Session, actor: Actor, *, reason: str, now: datetime) -> None:
    """End the sign-in the actor is using."""
    if actor.session_id is not None:
        _end_rows(session, [actor.session_id], reason, now)
        journal.record(
            session,
            actor,
            "session.ended",
            kind=JournalKind.ACCESS,
            object_id=actor.session_id,
            result=reason,
            now=now,
        )


def end_everywhere(session: Session, actor: Actor, *, now: datetime) -> int:
    """End every sign-in of the actor's account; returns how many there were."""
    if actor.account_id is None:
        raise NotAuthenticated
    ids = _open_ids(session, actor.account_id)
    _end_rows(session, ids, "everywhere", now)
    for session_id in ids:
        journal.record(
            session,
            actor,
            "session.ended",
            kind=JournalKind.ACCESS,
            object_id=session_id,
            result="everywhere",
            now=now,
        )
    return len(ids)


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


def _open_ids(session: Session, account_id: UUID) -> list[UUID]:
    return list(
        session.exec(
            select(SignInSession.id)
            .where(
                SignInSession.account_id == account_id,
                col(SignInSession.ended_at).is_(None),
            )
            .order_by(col(SignInSession.created_at).desc())
        )
    )


def _end_oldest(session: Session, account_id: UUID, *, keep: int, now: datetime) -> None:
    _end_rows(session, _open_ids(session, account_id)[keep:], "too_many", now)


def _end_rows(session: Session, ids: list[UUID], reason: str, now: datetime) -> None:
    if ids:
        session.execute(
            update(SignInSession)
            .where(col(SignInSession.id).in_(ids))
            .values(ended_at=now, end_reason=reason)
        )
