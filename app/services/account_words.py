"""The words accounts are found by and the name they are sorted by, kept beside each account."""

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.account import Account, AccountToken
from app.services.text import fold, tokens

_BATCH = 500
_MAX_SORT = 255


def write_account_words(session: Session, actor: Actor, account: Account) -> None:
    """Let an account be found by its present names, in place of earlier ones."""
    names = f"{account.family_name} {account.given_name} {account.shared_title}"
    # Never empty: an empty name means that nothing was written yet.
    account.sort_name = fold(names)[:_MAX_SORT] or "~"
    session.add(account)
    session.flush()
    session.execute(delete(AccountToken).where(col(AccountToken.account_id) == account.id))
    parts = [*tokens(names), *(fold(part).replace(" ", "") for part in names.split())]
    words = [word for word in dict.fromkeys(parts) if word]
    if words:
        session.execute(
            insert(AccountToken), [{"token": word, "account_id": account.id} for word in words]
        )


def ensure_account_words(session: Session, actor: Actor) -> int:
    """Write the words of accounts that have none yet; returns how many. For background work only."""
    if not actor.reason:
        raise Forbidden
    done = 0
    while True:
        accounts = session.execute(
            select(Account).where(col(Account.sort_name) == "").limit(_BATCH)
        ).scalars()
        found = list(accounts)
        for account in found:
            write_account_words(session, actor, account)
        done += len(found)
        if len(found) < _BATCH:
            return done
