"""Recovery codes (S035): ten of 80 bits, shown once, kept as HMACs, each used once."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from app.authz import policies
from app.authz.actor import Actor
from app.db import changed_rows, keyring_of
from app.models.account import Account
from app.models.factor import RecoveryCode
from app.services import journal, security_notice, sign_out
from app.services.security_notice import Notice

NUMBER = 10
_BYTES = 10
_GROUP = 4


def make_recovery_codes(session: Session, actor: Actor, *, now: datetime) -> tuple[str, ...]:
    """Ten new codes in place of the earlier ones; this is the only time they are readable."""
    account_id = policies.require_fresh_factor(actor, now=now)
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = tuple(_new() for _ in range(NUMBER))
    session.add_all(
        RecoveryCode(
            account_id=account_id, code_mac=_mac(session, account_id, code), created_at=now
        )
        for code in codes
    )
    journal.record(session, actor, "recovery_codes.made", object_id=account_id, now=now)
    sign_out.end_others(session, actor, reason="factor_changed", now=now)
    account = session.get_one(Account, account_id)
    security_notice.tell(session, actor, account, Notice.RECOVERY_CODE, now=now)
    return codes


def count_left(session: Session, actor: Actor, account_id: UUID) -> int:
    """How many codes of an account were not used."""
    return session.exec(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    ).one()


def use_recovery_code(
    session: Session, actor: Actor, account_id: UUID, typed: str, *, now: datetime
) -> bool:
    """Use up a code of the account. Called by `second_factor`, which counts wrong ones."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.code_mac) == _mac(session, account_id, typed),
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
    )
    if not changed_rows(used):
        return False
    account = session.get_one(Account, account_id)
    journal.record(session, actor, "recovery_code.used", object_id=account_id, now=now)
    security_notice.tell(session, actor, account, Notice.RECOVERY_CODE, now=now)
    return True


def _new() -> str:
    """`abcd-efgh-ijkl-mnop`: 80 bits from the operating system's random source."""
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def _mac(session: Session, account_id: UUID, code: str) -> bytes:
    # 0, 1 and 8 are not in the alphabet: whoever copied by hand meant the letters they look like.
    plain = "".join(c for c in code.lower() if c.isalnum()).translate(str.maketrans("018", "olb"))
    return keyring_of(session).mac("recovery", f"{account_id}\x1f{plain}")
