"""Asking to be called otherwise: civility, names, RPPS, card number wait for an administrator (MM-40)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.identity_change import Decision, IdentityChange
from app.models.professional import Professional
from app.services import journal, professional as professionals
from app.services.account_words import write_account_words
from app.services.fields import FieldReader
from app.services.identifiers import rpps_fault
from app.services.text import fold

MAX_NAME = 100
MAX_CARD = 20
CIVILITIES = ("", "M.", "Mme", "Dr", "Dre", "Pr", "Pre")


@dataclass(frozen=True)
class IdentityTraits:
    """What an administrator answers for. `card_number`: of the CPS or CPE card, '' for none."""

    civility: str
    family_name: str
    given_name: str
    rpps: str = ""
    card_number: str = ""


@dataclass(frozen=True)
class ChangeView:
    """A change that waits, or the last one that was refused."""

    id: UUID
    traits: IdentityTraits
    asked_at: datetime
    decision: Decision
    decided_at: datetime | None
    reason: str


def read_traits(fields: Mapping[str, str], present: IdentityTraits) -> IdentityTraits:
    """What a form asks for; a field that is not in it stays as it is."""
    reader = FieldReader({name: str(value) for name, value in vars(present).items()} | dict(fields))
    asked = IdentityTraits(
        civility=reader.text("civility", limit=20),
        family_name=reader.text("family_name", limit=MAX_NAME, missing="family_name.missing"),
        given_name=reader.text("given_name", limit=MAX_NAME, missing="given_name.missing"),
        rpps="".join(reader.text("rpps", limit=30).split()),
        card_number="".join(reader.text("card_number", limit=30).split()).upper(),
    )
    if asked.civility not in {*CIVILITIES, present.civility}:
        reader.fault("civility", "choice.unknown")
    for name in ("family_name", "given_name"):
        if not fold(getattr(asked, name)):
            reader.fault(name, f"{name}.missing")
    if asked.rpps != present.rpps and (fault := rpps_fault(asked.rpps)):
        reader.fault("rpps", fault)
    if len(asked.card_number) > MAX_CARD or not (
        not asked.card_number or (asked.card_number.isascii() and asked.card_number.isalnum())
    ):
        reader.fault("card_number", "card_number.format")
    reader.check()
    return asked


def present_traits(session: Session, actor: Actor) -> IdentityTraits:
    """How one's own account is called today."""
    account_id = policies.require_own_account(actor)
    return traits_of(session, actor, account_id)


def waiting_change(session: Session, actor: Actor) -> ChangeView | None:
    """The change that waits, else the last one when it was refused (its reason is theirs to read)."""
    account_id = policies.require_own_account(actor)
    last = session.exec(
        select(IdentityChange)
        .where(IdentityChange.account_id == account_id)
        .order_by(col(IdentityChange.asked_at).desc())
        .limit(1)
    ).first()
    if last is None or last.decision not in {Decision.WAITING, Decision.REFUSED}:
        return None
    return _view(last)


def ask_change(session: Session, actor: Actor, asked: IdentityTraits, *, now: datetime) -> UUID:
    """Leave a change for an administrator; one waits at a time. The account stays as it is until then."""
    account_id = policies.require_own_account(actor)
    if actor.role is Role.PATIENT:
        raise Forbidden("identity_change.patients_never")
    if asked == traits_of(session, actor, account_id):
        raise RuleViolation("identity_change.nothing")
    if _waiting(session, account_id) is not None:
        raise RuleViolation("identity_change.already_waiting")
    row = IdentityChange(account_id=account_id, asked_at=now, **vars(asked))
    session.add(row)
    session.flush()
    journal.record(session, actor, "identity_change.asked", object_id=row.id, now=now)
    return row.id


def withdraw_change(session: Session, actor: Actor, change_id: UUID, *, now: datetime) -> None:
    """Take one's own waiting change back."""
    account_id = policies.require_own_account(actor)
    row = session.get(IdentityChange, change_id)
    if row is None or row.account_id != account_id or row.decision is not Decision.WAITING:
        raise NotFound("identity_change.not_found")
    row.decision, row.decided_at = Decision.WITHDRAWN, now
    journal.record(session, actor, "identity_change.withdrawn", object_id=row.id, now=now)


def apply_change(session: Session, actor: Actor, change: IdentityChange) -> None:
    """Make an approved change true: account, professional, the words they are found by.

    Called by the decision of an administrator, who journals it. What Pro Santé Connect vouched for is not
    vouched for any more once a name or the RPPS is another.
    """
    policies.require_administrator(actor)
    account = session.get_one(Account, change.account_id)
    before = traits_of(session, actor, change.account_id)
    _require_free(session, change)
    account.civility = change.civility
    account.family_name, account.given_name = change.family_name, change.given_name
    account.card_number = change.card_number or None
    professional = session.exec(
        select(Professional).where(Professional.account_id == account.id)
    ).first()
    if professional is not None:
        name = f"{change.family_name} {change.given_name}"
        professional.rpps = change.rpps
        professional.search_name = fold(name)
        session.flush()
        professionals.write_words(session, actor, professional, name)
    asked = IdentityTraits("", change.family_name, change.given_name, change.rpps)
    if replace(before, civility="", card_number="") != asked:
        account.identity_certified_at = None
    write_account_words(session, actor, account)


def _require_free(session: Session, change: IdentityChange) -> None:
    faults = {}
    if (
        change.card_number
        and session.exec(
            select(Account.id).where(
                Account.card_number == change.card_number, Account.id != change.account_id
            )
        ).first()
    ):
        faults["card_number"] = "card_number.taken"
    if (
        change.rpps
        and session.exec(
            select(Professional.id).where(
                Professional.rpps == change.rpps, Professional.account_id != change.account_id
            )
        ).first()
    ):
        faults["rpps"] = "rpps.taken"
    if faults:
        raise Invalid(**faults)


def traits_of(session: Session, actor: Actor, account_id: UUID) -> IdentityTraits:
    """How an account is called today; for its owner and for administrators."""
    if account_id != actor.account_id:
        policies.require_administrator(actor)
    row = session.exec(
        select(
            Account.civility,
            Account.family_name,
            Account.given_name,
            Account.card_number,
        ).where(Account.id == account_id)
    ).one()
    rpps = session.exec(
        select(Professional.rpps).where(Professional.account_id == account_id)
    ).first()
    return IdentityTraits(row[0], row[1], row[2], rpps or "", row[3] or "")


def _waiting(session: Session, account_id: UUID) -> IdentityChange | None:
    return session.exec(
        select(IdentityChange).where(
            IdentityChange.account_id == account_id, IdentityChange.decision == Decision.WAITING
        )
    ).first()


def _view(row: IdentityChange) -> ChangeView:
    traits = IdentityTraits(
        row.civility, row.family_name, row.given_name, row.rpps, row.card_number
    )
    return ChangeView(row.id, traits, row.asked_at, row.decision, row.decided_at, row.reason)
