"""Fifth step of a registration: the password, and the people of a shared account with their codes (MM-25).

Hashes take long: they are computed between two short transactions, never inside one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Invalid, NotFound, RuleViolation
from app.models.registration import Registration, RegistrationMember
from app.services import password as passwords
from app.services.member import MAX_MEMBERS, NewMember, read_member
from app.services.registration import access_open, settle_step
from app.services.registration_progress import Step
from app.services.registration_submit import hand_in_if_complete


@dataclass(frozen=True)
class MemberRow:
    """A person of the shared account."""

    id: UUID
    civility: str
    family_name: str
    given_name: str


def check_password(
    session: Session, actor: Actor, token: str, password: str, again: str, *, now: datetime
) -> None:
    """Raise Invalid for what a password must not be (S020, S021), or when the two differ."""
    registration = access_open(session, actor, token, now=now)
    if not password:
        raise Invalid(password="registration.password_missing")  # noqa: S106 - a code of fault
    personal = (registration.family_name, registration.given_name, registration.email)
    found = passwords.faults(password, personal)
    faults = {"password": found[0]} if found else {}
    if password != again:
        faults["password_again"] = "registration.password_differs"  # noqa: S105 - a code of fault
    if faults:
        raise Invalid(**faults)


def keep_password(
    session: Session, actor: Actor, token: str, password_hash: str, *, now: datetime
) -> None:
    """Keep the hash of a checked password."""
    registration = access_open(session, actor, token, now=now)
    registration.password_hash, registration.password_at = password_hash, now
    settle_step(registration, Step.PASSWORD)


def check_member(
    session: Session,
    actor: Actor,
    token: str,
    fields: Mapping[str, str],
    code: str,
    *,
    now: datetime,
) -> NewMember:
    """A person to add and the code they chose. Raises Invalid, its fields named as those of the form."""
    registration = _open_shared(session, actor, token, now=now)
    if len(list_members(session, actor, registration.id, now=now)) >= MAX_MEMBERS:
        raise Invalid(member_family_name="registration.members_full")
    civility, family_name, given_name = (
        fields.get(f"member_{name}", "") for name in ("civility", "family_name", "given_name")
    )
    try:
        return read_member(civility, family_name, given_name, code)
    except Invalid as found:
        faults = {f"member_{name}": fault for name, fault in found.fields.items()}
        raise Invalid(**faults) from found


def add_member(
    session: Session,
    actor: Actor,
    token: str,
    member: NewMember,
    code_hash: str,
    *,
    key: UUID,
    now: datetime,
) -> None:
    """Add a checked person, once per key."""
    registration = _open_shared(session, actor, token, now=now)
    if session.get(RegistrationMember, key) is not None:
        return
    session.add(
        RegistrationMember(
            id=key,
            registration_id=registration.id,
            code_hash=code_hash,
            created_at=now,
            **vars(member),
        )
    )
    settle_step(registration, Step.PASSWORD)


def remove_member(
    session: Session, actor: Actor, token: str, member_id: UUID, *, now: datetime
) -> None:
    """Take a person away."""
    registration = _open_shared(session, actor, token, now=now)
    member = session.get(RegistrationMember, member_id)
    if member is None or member.registration_id != registration.id:
        raise NotFound("registration.member_not_found")
    session.delete(member)
    registration.faults = {}


def list_members(
    session: Session, actor: Actor, registration_id: UUID, *, now: datetime
) -> list[MemberRow]:
    """The people of a shared account under way, for whoever holds its registration."""
    rows = session.execute(
        select(
            col(RegistrationMember.id),
            col(RegistrationMember.civility),
            col(RegistrationMember.family_name),
            col(RegistrationMember.given_name),
        )
        .where(col(RegistrationMember.registration_id) == registration_id)
        .order_by(col(RegistrationMember.created_at), col(RegistrationMember.id))
    )
    return [MemberRow(*row) for row in rows]


def require_secrets(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Go on: a password, and in a shared account at least one person. Raises Invalid."""
    registration = access_open(session, actor, token, now=now)
    if not registration.password_hash:
        raise Invalid(password="registration.password_missing")  # noqa: S106 - a code of fault
    if registration.is_shared and not list_members(session, actor, registration.id, now=now):
        raise Invalid(member_family_name="registration.member_missing")
    # Nothing may be left to do: somebody came back to this step.
    hand_in_if_complete(session, actor, registration, now=now)


def _open_shared(session: Session, actor: Actor, token: str, *, now: datetime) -> Registration:
    registration = access_open(session, actor, token, now=now)
    if not registration.is_shared:
        raise RuleViolation("registration.not_shared")
    return registration
