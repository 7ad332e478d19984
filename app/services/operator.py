"""Signing in with a « code opérateur » on a registered workstation (PS-16, U-05, S038).

The workstation is one factor, the password the other; acts that ask for a fresh one ask for it then.
The order is that of `sign_in`: `prepare` → `sign_in.check_password` → `settle`.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.models.account import Account, AccountState
from app.models.session import SignInMethod
from app.models.team import TeamMember, Workstation
from app.services import session as sessions, sign_in, sign_in_factor, workstation
from app.services.session import Proof, SignedIn
from app.services.sign_in import PASSWORD_STREAK, PasswordCheck
from app.services.throttle import forgive, hold
from app.services.workstation import Workplace


def prepare(
    session: Session, actor: Actor, place: Workplace, operator_code: str, *, now: datetime
) -> PasswordCheck:
    """Find the member of the workstation's team who has this code, and whether a wait is running."""
    wanted = operator_code.strip().lower()[:20]
    account = session.exec(
        select(Account)
        .join(TeamMember, col(TeamMember.account_id) == col(Account.id))
        .where(
            TeamMember.responsible_id == place.responsible.id,
            TeamMember.operator_code == wanted,
            col(TeamMember.ended_at).is_(None),
            col(TeamMember.accepted_at).is_not(None),
        )
    ).first()
    who = account.id if account else f"{place.responsible.id}/{wanted}"
    counter = sign_in.counter_of(who, place.workstation_id)
    return PasswordCheck(
        identifier=wanted,
        account_id=account.id if account else None,
        password_hash=account.password_hash if account else "",
        counter=counter,
        retry_at=sign_in.wait_of(session, actor, counter, now=now),
    )


def settle(
    session: Session,
    actor: Actor,
    token: str,
    check: PasswordCheck,
    *,
    is_right: bool,
    new_hash: str = "",
    device_label: str,
    next_path: str,
    now: datetime,
) -> tuple[SignedIn | None, str, datetime | None]:
    """Open the session, or say why not: the code of the fault, and until when to wait.

    `token`: the workstation's, looked at again: it may have been ended meanwhile.
    """
    place = workstation.find_workplace(session, actor, token)
    if place is None:
        return None, "workstation.unknown", None
    hold(session, PASSWORD_STREAK, check.counter, now=now)
    retry_at = check.retry_at or sign_in.wait_of(session, actor, check.counter, now=now)
    if retry_at is not None:
        return None, "sign_in.wait", retry_at
    if not is_right or check.account_id is None:
        sign_in.count_wrong(session, actor, check, now=now)
        return None, "operator.wrong", None
    forgive(session, PASSWORD_STREAK, check.counter)
    account = session.get_one(Account, check.account_id)
    if account.state is not AccountState.ACTIVE:
        return None, sign_in_factor.STATES[account.state], None
    if new_hash and account.password_hash == check.password_hash:
        account.password_hash = new_hash
    proof = Proof(method=SignInMethod.OPERATOR, workstation_id=place.workstation_id)
    session.get_one(Workstation, place.workstation_id).last_seen_at = now
    _, opened = sessions.open_session(
        session, account, device=device_label, address=actor.address, proof=proof, now=now
    )
    return SignedIn(opened, account.id, next_path, account.role.value), "", None
