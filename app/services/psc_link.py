"""The tie between an account and an identity of Pro Santé Connect: made, found, undone (S042, FA-19)."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.authz import policies
from app.authz.actor import Actor
from app.db import changed_rows
from app.errors import NotFound, RuleViolation
from app.integrations.psc_identity import PscIdentity
from app.models.account import Account
from app.models.factor import FederatedIdentity
from app.models.professional import Professional
from app.services import journal, security_notice, sign_out
from app.services.security_notice import Notice
from app.services.text import fold


def link_identity(
    session: Session, actor: Actor, account: Account, identity: PscIdentity, *, now: datetime
) -> None:
    """Tie an identity to a professional's account. Called by use cases that checked whose account it is.

    Raises RuleViolation when the RPPS numbers differ, or when the identity already is somebody else's.
    """
    professional = session.exec(
        select(Professional).where(Professional.account_id == account.id)
    ).first()
    if professional is None:
        raise RuleViolation("psc.not_a_professional")
    if not identity.rpps or professional.rpps != identity.rpps:
        raise RuleViolation("psc.other_rpps")
    linked = find_link(session, actor, identity)
    if linked is not None and linked.account_id != account.id:
        raise RuleViolation("psc.linked_elsewhere")
    if linked is None:
        _replace_link(session, account, identity, now=now)
    account.psc_unlinked_at = None
    if account.identity_certified_at is None and is_same_name(account, identity):
        account.identity_certified_at = now
    journal.record(session, actor, "psc.linked", object_id=account.id, now=now)
    security_notice.tell(session, actor, account, Notice.IDENTITY_LINK, now=now)


def unlink_identity(session: Session, actor: Actor, *, now: datetime) -> None:
    """« Dissocier »: Pro Santé Connect opens one's account no more, until one links it again (S054).

    Ends the other sign-ins (S053). Raises RuleViolation when it is the only way in: no password was chosen.
    """
    account_id = policies.require_fresh_factor(actor, now=now)
    account = session.get_one(Account, account_id, with_for_update=True)
    if not account.password_hash:
        raise RuleViolation("psc.only_way_in")
    undone = session.execute(
        delete(FederatedIdentity).where(col(FederatedIdentity.account_id) == account_id)
    )
    if not changed_rows(undone):
        raise NotFound("psc.not_linked")
    account.psc_unlinked_at = now
    journal.record(session, actor, "psc.unlinked", object_id=account_id, now=now)
    sign_out.end_others(session, actor, reason="factor_changed", now=now)
    security_notice.tell(session, actor, account, Notice.IDENTITY_LINK, now=now)


def find_link(session: Session, actor: Actor, identity: PscIdentity) -> FederatedIdentity | None:
    """The link of a subject of a provider, whoever's account it leads to."""
    return session.exec(
        select(FederatedIdentity).where(
            FederatedIdentity.issuer == identity.issuer,
            FederatedIdentity.subject == identity.subject,
        )
    ).first()


def is_same_name(account: Account, identity: PscIdentity) -> bool:
    """Whether the account bears the name of the identity, civil or of an exercise."""
    names = {identity.family_name, *(one.family_name for one in identity.exercises)}
    return fold(account.family_name) in {fold(name) for name in names if name}


def _replace_link(
    session: Session, account: Account, identity: PscIdentity, *, now: datetime
) -> None:
    """One identity of a provider for each account: a new subject takes the place of the old (FA-19)."""
    session.execute(
        delete(FederatedIdentity).where(
            col(FederatedIdentity.account_id) == account.id,
            col(FederatedIdentity.issuer) == identity.issuer,
        )
    )
    session.add(
        FederatedIdentity(
            account_id=account.id,
            issuer=identity.issuer,
            subject=identity.subject,
            national_id=identity.national_id,
            linked_at=now,
        )
    )
