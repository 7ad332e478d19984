"""All the portal holds of one account, section by section, for its owner's export (GDPR articles 15, 20)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import RuleViolation
from app.models.account import Account
from app.models.account_export import AccountExport
from app.models.application import Application, ApplicationIdentifier, ApplicationLink
from app.models.contact_point import EmailAddress, Phone
from app.models.delegation import Delegation
from app.models.factor import FederatedIdentity, KnownDevice, RecoveryCode, TotpFactor
from app.models.identity_change import IdentityChange
from app.models.legal_text import LegalAcceptance, LegalText
from app.models.notification import NotificationPreference
from app.models.professional import Professional
from app.models.session import SignInSession
from app.models.team import AccountMember
from app.services.account_history import list_history
from app.services.care_circle import fetch_circle
from app.services.consent import fetch_consents
from app.services.document_query import DocumentFilter, list_documents
from app.services.document_type import document_type
from app.services.message_export import has_mailbox, list_begun, list_held
from app.services.record_settings import get_settings

Row = Mapping[str, Any]

# What is never told, not even to its owner: hashes, seals and keys open doors or name rows.
_NEVER = frozenset(
    {
        "id",
        "account_id",
        "password_hash",
        "token_digest",
        "code_mac",
        "code_hash",
        "sealed_seed",
        "sealed_id_token",
        "text_digest",
        "last_step",
        "provider_sid",
        "search_name",
        "sort_name",
        "signature_digest",
    }
)
_OF_ACCOUNT: tuple[tuple[str, type[SQLModel]], ...] = (
    ("professional", Professional),
    ("addresses", EmailAddress),
    ("phones", Phone),
    ("notifications", NotificationPreference),
    ("members", AccountMember),
    ("identity_changes", IdentityChange),
    ("authenticator", TotpFactor),
    ("recovery_codes", RecoveryCode),
    ("federated_identities", FederatedIdentity),
    ("devices", KnownDevice),
    ("sign_ins", SignInSession),
    ("exports", AccountExport),
)
HISTORY_PAGE = 500


def list_sections(
    session: Session, actor: Actor, *, now: datetime
) -> Iterator[tuple[str, list[Row]]]:
    """Each section with its rows; the journal apart, being long (`list_journal`)."""
    account_id = policies.require_own_account(actor)
    yield "account", [_row(session.get_one(Account, account_id))]
    for name, model in _OF_ACCOUNT:
        column = getattr(model, "account_id")  # noqa: B009 - every model of the list has one
        found = session.exec(select(model).where(column == account_id)).all()
        yield name, [_row(one) for one in found]
    yield "acceptances", _acceptances(session, actor)
    yield "delegations", _delegations(session, actor)
    yield "applications", _applications(session, actor)
    if has_mailbox(actor):
        yield "messages", list(list_held(session, actor))
        yield "drafts", list(list_begun(session, actor))
    if actor.is_patient and actor.patient_id is not None:
        yield "circle", [_plain(m) for m in fetch_circle(session, actor, actor.patient_id).members]
        yield "consents", [_plain(c) for c in fetch_consents(session, actor, actor.patient_id)]
        yield "record", [_plain(get_settings(session, actor))]
        yield "documents", list(_documents(session, actor, actor.patient_id, now=now))


def list_journal(session: Session, actor: Actor, *, before: int) -> tuple[list[Row], int]:
    """One page of the owner's lines, and where the next one begins (0: nowhere)."""
    page = list_history(session, actor, before=before, limit=HISTORY_PAGE)
    return [_plain(line) for line in page.lines], page.older


def _documents(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> Iterator[Row]:
    """What their documents are; the files themselves are downloaded from their page."""
    try:
        pages = list_documents(session, actor, patient_id, DocumentFilter(), now=now).pages
    except RuleViolation:
        return  # a closed record: theirs to reopen
    for page in range(1, pages + 1):
        found = list_documents(session, actor, patient_id, DocumentFilter(), page=page, now=now)
        for row in found.rows:
            yield {
                "name": row.title,
                "document_type": document_type(row.type_code).label,
                "document_date": row.document_date,
                "deposited_at": row.deposited_at,
                "depositor_name": row.depositor_name,
                "depositor_place": row.depositor_place,
                "format": row.format,
                "size_bytes": row.byte_size,
                "is_masked": row.is_masked,
            }


def _acceptances(session: Session, actor: Actor) -> list[Row]:
    rows = session.exec(
        select(LegalAcceptance, LegalText.title, LegalText.version)
        .join(LegalText, col(LegalText.id) == col(LegalAcceptance.legal_text_id))
        .where(LegalAcceptance.account_id == actor.account_id)
    )
    return [{**_row(row), "title": title, "version": version} for row, title, version in rows]


def _delegations(session: Session, actor: Actor) -> list[Row]:
    """Those granted, and those received under one of one's own numbers."""
    own = session.exec(
        select(Professional).where(Professional.account_id == actor.account_id)
    ).first()
    card = session.get_one(Account, actor.account_id).card_number
    numbers = [number for number in (own.rpps if own else None, card) if number]
    given = session.exec(
        select(Delegation).where(Delegation.holder_id == (own.id if own else None))
    )
    received = session.exec(
        select(Delegation).where(col(Delegation.delegate_number).in_(numbers))
    ).all()
    return [
        *({**_row(row), "direction": "given"} for row in given),
        *({**_row(row), "direction": "received"} for row in received),
    ]


def _applications(session: Session, actor: Actor) -> list[Row]:
    identifiers = session.exec(
        select(Application.name, EmailAddress.address, ApplicationIdentifier.chosen_at)
        .join(ApplicationIdentifier, col(ApplicationIdentifier.application_id) == Application.id)
        .join(EmailAddress, col(EmailAddress.id) == ApplicationIdentifier.email_id)
        .where(ApplicationIdentifier.account_id == actor.account_id)
    )
    links = session.exec(
        select(Application.name, ApplicationLink)
        .join(ApplicationLink, col(ApplicationLink.application_id) == Application.id)
        .where(ApplicationLink.account_id == actor.account_id)
    )
    return [
        *({"name": n, "identifier": a, "chosen_at": at} for n, a, at in identifiers),
        *({"name": name, **_row(link)} for name, link in links),
    ]


def _row(row: SQLModel) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.model_dump().items()
        if name not in _NEVER and not name.endswith("_id")
    }


def _plain(value: Any) -> dict[str, Any]:
    """A dataclass of a service as plain values, without its keys."""
    kept = _without_keys(asdict(value))
    assert isinstance(kept, dict)
    return kept


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_keys(inner)
            for name, inner in value.items()
            if name != "id" and not name.endswith("_id")
        }
    return [_without_keys(inner) for inner in value] if isinstance(value, list | tuple) else value
