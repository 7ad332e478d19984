"""Acceptances of invented people: they have read the texts before the demonstration begins."""

from datetime import datetime

from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import NotFound
from app.models.account import Account, Role
from app.models.legal_text import AcceptanceMode, LegalTextKind
from app.services.legal_text import accept_text, current_text


def accept_in_force(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Accept what is in force for somebody invented: the terms, and the contract of a professional."""
    is_professional = account.role is Role.PROFESSIONAL
    modes = {LegalTextKind.TERMS: AcceptanceMode.BOX}
    if is_professional:
        modes[LegalTextKind.CONTRACT] = AcceptanceMode.TYPED_NAME
    for kind, mode in modes.items():
        try:
            text = current_text(session, actor, kind, now=now)
        except NotFound:
            continue
        accept_text(
            session,
            actor,
            text.id,
            mode=mode,
            account_id=account.id,
            signed_name=f"{account.given_name} {account.family_name}",
            now=now,
        )
