"""People named in lines of the journal: those of accounts, and those inside shared ones."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.models.account import Account, Role
from app.models.professional import Professional
from app.models.team import AccountMember
from app.services.professional import CARD_COLUMNS, ProfessionalCard


@dataclass(frozen=True)
class JournalPerson:
    """Somebody named in a line. `card`: of a professional; `role`: none for somebody inside an account."""

    civility: str
    given_name: str
    family_name: str
    shared_title: str = ""
    role: Role | None = None
    card: ProfessionalCard | None = None


def list_people(
    session: Session, actor: Actor, ids: Collection[UUID | None]
) -> dict[UUID, JournalPerson]:
    """People by account, with the card of those who are professionals."""
    wanted = [key for key in ids if key is not None]
    if not wanted:
        return {}
    rows = session.execute(
        select_columns(
            col(Account.id),
            col(Account.civility),
            col(Account.given_name),
            col(Account.family_name),
            col(Account.shared_title),
            col(Account.role),
            *CARD_COLUMNS,
        )
        .join(Professional, col(Professional.account_id) == col(Account.id), isouter=True)
        .where(col(Account.id).in_(wanted))
    )
    return {
        row[0]: JournalPerson(
            civility=row[1],
            given_name=row[2],
            family_name=row[3],
            shared_title=row[4],
            role=row[5],
            card=ProfessionalCard(*row[6:]) if row[6] else None,
        )
        for row in rows
    }


def list_members(
    session: Session, actor: Actor, ids: Collection[UUID | None]
) -> dict[UUID, JournalPerson]:
    """People inside shared accounts."""
    wanted = [key for key in ids if key is not None]
    if not wanted:
        return {}
    rows = session.execute(
        select_columns(
            col(AccountMember.id),
            col(AccountMember.civility),
            col(AccountMember.given_name),
            col(AccountMember.family_name),
        ).where(col(AccountMember.id).in_(wanted))
    )
    return {row[0]: JournalPerson(*row[1:]) for row in rows}
