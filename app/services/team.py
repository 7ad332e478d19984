"""A team under a professional who answers for it: its members, by invitation (PS-11)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.contact_point import EmailAddress
from app.models.professional import Profession, Professional
from app.models.session import SignInMethod, SignInSession
from app.models.team import TeamMember, Workstation
from app.services import journal, outbox, sign_out, submission
from app.services.throttle import Rule, blocked_until, count
from app.settings import get_settings

PAGE = "/compte/equipe"
MAX_MEMBERS = 200
INVITATIONS = Rule("team_invitation", limit=60, window=timedelta(hours=1))
_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{0,19}")
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]+\.[^\s@<>]{2,}")


@dataclass(frozen=True)
class MemberRow:
    """One member, or somebody invited: then without a name."""

    id: UUID
    operator_code: str
    email: str
    civility: str
    family_name: str
    given_name: str
    is_accepted: bool
    created_at: datetime


@dataclass(frozen=True)
class MembershipRow:
    """A team one is in, or invited to."""

    id: UUID
    operator_code: str
    responsible: "Responsible"
    is_accepted: bool


@dataclass(frozen=True)
class Responsible:
    """The professional who answers for a team."""

    id: UUID
    civility: str
    family_name: str
    given_name: str
    profession: Profession
    speciality: str
    place: str


def invite_member(
    session: Session, actor: Actor, email: str, operator_code: str, *, key: UUID, now: datetime
) -> UUID:
    """Invite whoever reads this address. The answer is the same whether or not it has an account (S070)."""
    if (earlier := submission.earlier_result(session, actor, key)) is not None:
        return earlier
    responsible_id = require_responsible(actor, now=now)
    address, code = email.strip().lower(), operator_code.strip().lower()
    faults = {}
    if not _EMAIL.fullmatch(address) or len(address) > 254:  # noqa: PLR2004 - as everywhere
        faults["email"] = "email.format"
    if not _CODE.fullmatch(code):
        faults["operator_code"] = "team.code_format"
    elif _open(session, responsible_id, operator_code=code):
        faults["operator_code"] = "team.code_taken"
    elif _open(session, responsible_id, invited_email=address):
        faults["email"] = "team.already_in"
    if faults:
        raise Invalid(**faults)
    who = str(responsible_id)
    is_too_many = len(_open(session, responsible_id)) >= MAX_MEMBERS
    if is_too_many or blocked_until(session, INVITATIONS, who, now=now) is not None:
        raise RuleViolation("team.too_many")
    count(session, INVITATIONS, who, now=now)
    member = TeamMember(
        responsible_id=responsible_id, invited_email=address, operator_code=code, created_at=now
    )
    session.add(member)
    session.flush()
    outbox.post_email(
        session,
        to=address,
        subject="Une équipe vous attend sur Liane",
        text=(
            f"{actor.name} vous propose de rejoindre son équipe sur Liane, avec le code opérateur {code}.\n\n"
            "Connectez-vous avec votre compte, ou créez-le avec cette adresse, puis ouvrez « Mon équipe » :\n"
            f"{get_settings().base_url}{PAGE}\n\n"
            "Si vous ne connaissez pas cette personne, ignorez ce message."
        ),
        now=now,
    )
    journal.record(session, actor, "team.invited", object_id=member.id, now=now)
    submission.remember(session, actor, key, member.id, now=now)
    return member.id


def accept_membership(session: Session, actor: Actor, member_id: UUID, *, now: datetime) -> None:
    """Join a team one was invited to, at an address one proved."""
    account_id = policies.require_own_account(actor)
    member = session.exec(
        select(TeamMember).where(TeamMember.id == member_id).with_for_update()
    ).first()
    is_open = member is not None and member.ended_at is None and member.account_id is None
    if member is None or not is_open or member.invited_email not in _addresses(session, account_id):
        raise NotFound("team.not_found")
    account = session.get_one(Account, account_id)
    if account.shared_title or account.role not in (Role.PROFESSIONAL, Role.SECRETARY):
        raise RuleViolation("team.not_for_this_account")
    if member.responsible_id == actor.own_professional_id:
        raise RuleViolation("team.own")
    member.account_id, member.accepted_at = account_id, now
    journal.record(session, actor, "team.joined", object_id=member.id, now=now)


def end_membership(session: Session, actor: Actor, member_id: UUID, *, now: datetime) -> None:
    """Take somebody out of one's team, or leave one; their open operator sign-ins end at once (S053)."""
    account_id = policies.require_own_account(actor)
    member = session.get(TeamMember, member_id)
    is_mine = member is not None and (
        member.responsible_id == actor.own_professional_id
        or member.account_id == account_id
        or (member.account_id is None and member.invited_email in _addresses(session, account_id))
    )
    if member is None or not is_mine or member.ended_at is not None:
        raise NotFound("team.not_found")
    member.ended_at = now
    journal.record(session, actor, "team.left", object_id=member.id, now=now)
    if member.account_id is not None:
        posts = select(Workstation.id).where(Workstation.responsible_id == member.responsible_id)
        condition = (col(SignInSession.account_id) == member.account_id) & col(
            SignInSession.workstation_id
        ).in_(posts)
        sign_out.end_where(session, actor, condition, reason="team_left", now=now)


def list_team(session: Session, actor: Actor) -> tuple[MemberRow, ...]:
    """The members of one's team and those invited, by code."""
    responsible_id = require_team(actor)
    rows = session.execute(
        select(TeamMember, Account)
        .join(Account, col(Account.id) == col(TeamMember.account_id), isouter=True)
        .where(col(TeamMember.responsible_id) == responsible_id, col(TeamMember.ended_at).is_(None))
        .order_by(col(TeamMember.operator_code))
    )
    return tuple(
        MemberRow(
            id=member.id,
            operator_code=member.operator_code,
            email=member.invited_email,
            civility=account.civility if account else "",
            family_name=account.family_name if account else "",
            given_name=account.given_name if account else "",
            is_accepted=member.accepted_at is not None,
            created_at=member.created_at,
        )
        for member, account in rows
    )


def list_memberships(session: Session, actor: Actor) -> tuple[MembershipRow, ...]:
    """The teams one is in, or invited to at a proved address."""
    account_id = policies.require_own_account(actor)
    is_invited = col(TeamMember.account_id).is_(None) & col(TeamMember.invited_email).in_(
        _addresses(session, account_id)
    )
    members = session.exec(
        select(TeamMember)
        .where(
            (col(TeamMember.account_id) == account_id) | is_invited,
            col(TeamMember.ended_at).is_(None),
        )
        .order_by(col(TeamMember.created_at))
    ).all()
    return tuple(
        MembershipRow(
            m.id,
            m.operator_code,
            read_responsible(session, actor, m.responsible_id),
            m.accepted_at is not None,
        )
        for m in members
    )


def operator_code_of(session: Session, actor: Actor) -> str:
    """The code somebody signed in with at a workstation, for the status panel (PS-26); '' by another door."""
    if actor.method is not SignInMethod.OPERATOR:
        return ""
    found = session.exec(
        select(TeamMember.operator_code)
        .join(Workstation, col(Workstation.responsible_id) == col(TeamMember.responsible_id))
        .join(SignInSession, col(SignInSession.workstation_id) == col(Workstation.id))
        .where(
            SignInSession.id == actor.session_id,
            TeamMember.account_id == actor.account_id,
            col(TeamMember.ended_at).is_(None),
        )
    ).first()
    return found or ""


def require_responsible(actor: Actor, *, now: datetime) -> UUID:
    """A professional on their own account, with a fresh factor: they may change a team of theirs."""
    policies.require_fresh_factor(actor, now=now)
    return require_team(actor)


def require_team(actor: Actor) -> UUID:
    """A professional on their own account: whoever has a team. Returns their id."""
    policies.require_own_account(actor)
    if actor.own_professional_id is None:
        raise Forbidden("action.professionals_only")
    return actor.own_professional_id


def read_responsible(session: Session, actor: Actor, professional_id: UUID) -> Responsible:
    """Who answers for a team. The caller knows that this person is in it, or at one of its workstations."""
    professional = session.get_one(Professional, professional_id)
    account = session.get_one(Account, professional.account_id)
    place = " · ".join(part for part in (professional.place_name, professional.place_city) if part)
    return Responsible(
        professional.id,
        account.civility,
        account.family_name,
        account.given_name,
        professional.profession,
        professional.speciality,
        place,
    )


def _open(session: Session, responsible_id: UUID, **wanted: str) -> list[UUID]:
    query = select(TeamMember.id).where(
        TeamMember.responsible_id == responsible_id, col(TeamMember.ended_at).is_(None)
    )
    return list(session.exec(query.filter_by(**wanted)))


def _addresses(session: Session, account_id: UUID) -> set[str]:
    proved = session.exec(select(EmailAddress.address).where(EmailAddress.account_id == account_id))
    return {session.get_one(Account, account_id).email, *proved}
