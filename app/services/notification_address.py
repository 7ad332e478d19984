"""Where the notifications of an account go: the address marked with a star (MM-44, MM-47)."""

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.models.account import Account
from app.models.contact_point import EmailAddress

# The one to sign in with, while none has the star.
ADDRESS: Any = func.coalesce(EmailAddress.address, Account.email)
STARRED: Any = (col(EmailAddress.account_id) == col(Account.id)) & col(EmailAddress.is_starred)


def address_of(session: Session, actor: Actor, account_id: UUID) -> str:
    """The address that notifications of one account go to."""
    found = session.execute(
        select_columns(ADDRESS)
        .select_from(Account)
        .outerjoin(EmailAddress, STARRED)
        .where(col(Account.id) == account_id)
    )
    return str(found.scalar_one())
