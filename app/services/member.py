"""Members of a shared account: each names themselves with a code of their own (MM-25, U-20).

A code is hashed as a password is, outside any transaction: `prepare` → `check_code` → `settle`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import Keyring
from app.errors import Invalid, NotFound, RuleViolation
from app.models.account import Account
from app.models.journal import JournalKind
from app.models.session import SignInSession
from app.models.team import AccountMember
from app.services import journal, sign_out
from app.services.fields import clean_line
from app.services.one_time_code import Outcome
from app.services.throttle import Rule, blocked_until, count, forgive, hold

WRONG = Rule("member_code", limit=10, window=timedelta(hours=24), free_streak=5)
MAX_NAME = 100
MAX_MEMBERS = 50
_CODE = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True)
class MemberRow:
    """One person of a shared account."""

    id: UUID
    civility: str
    family_name: str
    given_name: str
    created_at: datetime


@dataclass(frozen=True)
class NewMember:
    """A person to add, as read from a form."""

    civility: str
    family_name: str
    given_name: str


@dataclass(frozen=True)
class MemberCheck:
    """What verifying one code needs, outside any transaction."""

    member_id: UUID
    code_hash: str
    retry_at: datetime | None


def read_member(civility: str, family_name: str, given_name: str, code: str) -> NewMember:
    """Check what a form says of a person and the code they chose. Raises Invalid with every fault."""
    found = NewMember(
        clean_line(civility)[:20],
        clean_line(family_name)[:MAX_NAME],
        clean_line(given_name)[:MAX_NAME],
    )
    faults = {}
    if not found.family_name:
        faults["family_name"] = "member.family_name_missing"
    if not found.given_name:
        faults["given_name"] = "member.given_name_missing"
    if fault := code_fault(code):
        faults["code"] = fault
    if faults:
        raise Invalid(**faults)
    return found


def code_fault(code: str) -> str:
    """Why a personal code is not taken: 6 to 12 digits, none that everybody tries first; '' when it is."""
    plain = code.strip()
    if not _CODE.fullmatch(plain):
        return "member.code_format"
    steps = {int(b) - int(a) for a, b in pairwise(plain)}
    return "member.code_easy" if len(steps) == 1 and steps <= {0, 1, -1} else ""


def hash_code(keyring: Keyring, code: str) -> str:
    """What is kept of a personal code. Slow on purpose: never inside a transaction."""
    return keyring.hash_password(code.strip())


def list_members(session: Session, actor: Actor, account_id: UUID) -> tuple[MemberRow, ...]:
    """The people of a shared account, by name. The caller proved that the account is theirs."""
    rows = session.exec(
        select(AccountMember)
        .where(AccountMember.account_id == account_id, col(AccountMember.ended_at).is_(None))
        .order_by(AccountMember.family_name, AccountMember.given_name)
    )
    return tuple(
        MemberRow(m.id, m.civility, m.family_name, m.given_name, m.created_at) for m in rows
    )


def list_own_members(session: Session, actor: Actor) -> tuple[MemberRow, ...]:
    """The people of one's own shared account."""
    return list_members(session, actor, policies.require_own_account(actor))


def create_member(
    session: Session,
    actor: Actor,
    account_id: UUID,
    new: NewMember,
    code_hash: str,
    *,
    now: datetime,
) -> UUID:
    """Add a person: to one's own shared account after a fresh factor, or by the registration."""
    _require_manager(actor, account_id, now)
    account = session.get_one(Account, account_id)
    if not account.shared_title:
        raise RuleViolation("member.not_shared")
    if len(list_members(session, actor, account_id)) >= MAX_MEMBERS:
        raise RuleViolation("member.too_many")
    member = AccountMember(
        account_id=account_id,
        civility=new.civility,
        family_name=new.family_name,
        given_name=new.given_name,
        code_hash=code_hash,
        created_at=now,
    )
    session.add(member)
    session.flush()
    journal.record(session, actor, "member.created", object_id=member.id, now=now)
    return member.id


def end_member(session: Session, actor: Actor, member_id: UUID, *, now: datetime) -> None:
    """Take a person out; their open sign-ins end within two seconds (S053). The last one stays."""
    member = _access(session, actor, member_id, now)
    if len(list_members(session, actor, member.account_id)) == 1:
        raise RuleViolation("member.last")
    member.ended_at = now
    journal.record(session, actor, "member.ended", object_id=member.id, now=now)
    sign_out.end_where(
        session, actor, col(SignInSession.member_id) == member.id, reason="member_ended", now=now
    )


def change_code(
    session: Session, actor: Actor, member_id: UUID, code_hash: str, *, now: datetime
) -> None:
    """Give a person another code."""
    member = _access(session, actor, member_id, now)
    member.code_hash = code_hash
    forgive(session, WRONG, str(member.id))
    journal.record(session, actor, "member.code_changed", object_id=member.id, now=now)


def prepare(
    session: Session, actor: Actor, account_id: UUID, member_id: UUID, *, now: datetime
) -> MemberCheck:
    """The hash to compare with, and whether a wait is running. Called by `sign_in_factor`."""
    member = session.get(AccountMember, member_id)
    if member is None or member.account_id != account_id or member.ended_at is not None:
        raise NotFound("member.not_found")
    wait = blocked_until(session, WRONG, str(member_id), now=now)
    return MemberCheck(member.id, member.code_hash, wait)


def check_code(keyring: Keyring, check: MemberCheck, typed: str) -> bool:
    """Verify a personal code; not at all during a wait."""
    return check.retry_at is None and keyring.verify_password(typed.strip(), check.code_hash)


def settle(
    session: Session, actor: Actor, check: MemberCheck, *, is_right: bool, now: datetime
) -> Outcome:
    """Count a wrong code, forgive after a right one."""
    hold(session, WRONG, str(check.member_id), now=now)
    wait = check.retry_at or blocked_until(session, WRONG, str(check.member_id), now=now)
    if wait is not None:
        return Outcome("code.wait", wait)
    if is_right:
        forgive(session, WRONG, str(check.member_id))
        member = session.get_one(AccountMember, check.member_id)
        has_changed = member.ended_at is not None or member.code_hash != check.code_hash
        return Outcome("sign_in.start_again") if has_changed else Outcome()
    count(session, WRONG, str(check.member_id), now=now)
    journal.record(
        session,
        actor,
        "member.refused",
        kind=JournalKind.REFUSAL,
        object_id=check.member_id,
        result="member.code_wrong",
        now=now,
    )
    return Outcome("member.code_wrong")


def _access(session: Session, actor: Actor, member_id: UUID, now: datetime) -> AccountMember:
    account_id = policies.require_fresh_factor(actor, now=now)
    member = session.get(AccountMember, member_id)
    if member is None or member.account_id != account_id or member.ended_at is not None:
        raise NotFound("member.not_found")
    return member


def _require_manager(actor: Actor, account_id: UUID, now: datetime) -> None:
    if actor.reason:
        return
    if policies.require_fresh_factor(actor, now=now) != account_id:
        raise NotFound("member.not_found")
