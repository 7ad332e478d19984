"""Accounts as administrators find them: by name, e-mail or RPPS number, 25 at a time (item 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, intersect, or_, select, union
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account, AccountState, AccountToken, Role
from app.models.contact_point import EmailAddress
from app.models.professional import Profession, Professional
from app.services.fields import clean_line
from app.services.text import prefix_end, tokens

PAGE_SIZE = 25
MAX_QUERY, MAX_WORDS = 120, 6
_SHORTEST_NUMBER = 3


@dataclass(frozen=True)
class AccountRow:
    """One line of the list. `rpps` and `profession` of professionals only."""

    id: UUID
    civility: str
    family_name: str
    given_name: str
    shared_title: str
    email: str
    role: Role
    state: AccountState
    rpps: str
    profession: Profession | None
    speciality: str
    created_at: datetime


@dataclass(frozen=True)
class AccountPage:
    """At most 25 rows of a list of `total`, in `pages` pages numbered from 1."""

    rows: tuple[AccountRow, ...]
    total: int
    page: int
    pages: int


def list_accounts(
    session: Session,
    actor: Actor,
    *,
    query: str = "",
    role: Role | None = None,
    state: AccountState | None = None,
    page: int = 1,
    now: datetime,
) -> AccountPage:
    """Accounts by name, those with all the typed words; an e-mail or RPPS is found by its beginning."""
    policies.require_administrator(actor)
    which = []
    if role is not None:
        which.append(col(Account.role) == role)
    if state is not None:
        which.append(col(Account.state) == state)
    found = _matches(query)
    if found is not None:
        which.append(col(Account.id).in_(found))
    total = session.execute(select(func.count()).select_from(Account).where(*which)).scalar_one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(*ACCOUNT_COLUMNS)
        .outerjoin(Professional, col(Professional.account_id) == col(Account.id))
        .where(*which)
        .order_by(col(Account.sort_name), col(Account.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return AccountPage(tuple(account_row(row) for row in rows), total, page, pages)


def _matches(query: str) -> Select[Any] | None:
    """The keys of the accounts a query finds; None when nothing is typed."""
    typed = clean_line(query[:MAX_QUERY]).lower()
    if not typed:
        return None
    number = "".join(typed.split())
    parts: list[Select[Any]] = []
    if number.isascii() and number.isdigit() and len(number) >= _SHORTEST_NUMBER:
        parts.append(
            select(col(Professional.account_id)).where(
                col(Professional.rpps) >= number, col(Professional.rpps) < prefix_end(number)
            )
        )
    if " " not in typed:
        parts.append(
            select(col(EmailAddress.account_id)).where(
                col(EmailAddress.address) >= typed, col(EmailAddress.address) < prefix_end(typed)
            )
        )
    words = tokens(typed)[:MAX_WORDS]
    if words and "@" not in typed:
        begins = [
            select(col(AccountToken.account_id)).where(
                col(AccountToken.token) >= word, col(AccountToken.token) < prefix_end(word)
            )
            for word in words
        ]
        parts.append(begins[0] if len(begins) == 1 else select(*intersect(*begins).subquery().c))
    if not parts:
        return select(col(AccountToken.account_id)).where(or_(False))
    return parts[0] if len(parts) == 1 else select(*union(*parts).subquery().c)


ACCOUNT_COLUMNS = (
    col(Account.id),
    col(Account.civility),
    col(Account.family_name),
    col(Account.given_name),
    col(Account.shared_title),
    col(Account.email),
    col(Account.role),
    col(Account.state),
    func.coalesce(col(Professional.rpps), "").label("rpps"),
    col(Professional.profession),
    func.coalesce(col(Professional.speciality), "").label("speciality"),
    col(Account.created_at),
)


def account_row(found: tuple[object, ...]) -> AccountRow:
    """A row that begins with `ACCOUNT_COLUMNS`."""
    return AccountRow(*found[: len(ACCOUNT_COLUMNS)])  # type: ignore[arg-type]


def list_names(session: Session, actor: Actor, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """`Aline Perrot` by account: the people administrators name beside what they did."""
    policies.require_administrator(actor)
    names = col(Account.given_name) + " " + col(Account.family_name)
    rows = session.execute(
        select(col(Account.id), names).where(col(Account.id).in_(set(account_ids)))
    )
    return dict(rows.all())
