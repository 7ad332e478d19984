"""« Ma délégation »: granted by number for a period and a scope, withdrawn at once (CX-46 to CX-48)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_
from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.db import select_columns
from app.errors import Invalid, NotFound
from app.models.account import Account, AccountState
from app.models.care_link import CareLink
from app.models.delegation import Delegation, DelegationScope
from app.models.journal import JournalKind
from app.models.professional import Professional
from app.services import journal, security_notice, submission
from app.services.delegation import own_numbers
from app.services.directory import find_by_rpps
from app.services.fields import FieldReader, paris_day
from app.services.identifiers import (
    RPPS_LENGTH,
    is_card_number,
    is_rpps,
    normalise_staff_number,
)
from app.services.security_notice import Notice

LONGEST = timedelta(days=366)
MAX_LISTED = 200
MAX_TYPED = 40


class DelegationTense(StrEnum):
    """Where a delegation stands today."""

    CURRENT = "current"
    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True)
class NewDelegation:
    """What a holder grants. `ends_on`: last day included; None until withdrawn."""

    number: str
    scope: DelegationScope
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class GrantedDelegation:
    """One delegation as its holder sees it. `name`: '' when nobody known carries the number."""

    id: UUID
    number: str
    name: str
    scope: DelegationScope
    starts_on: date
    ends_on: date | None
    tense: DelegationTense
    withdrawn_at: datetime | None
    last_used_at: datetime | None


def read_delegation(fields: Mapping[str, str], *, today: date) -> NewDelegation:
    """The delegation a form holds: `number`, `scope`, dates `starts_on` and `ends_on`. All faults at once."""
    reader = FieldReader(fields)
    number = normalise_staff_number(
        reader.text("number", limit=MAX_TYPED, missing="delegation.number_missing")
    )
    if number and "number" not in reader.faults and not is_staff_number(number):
        is_wrong_rpps = len(number) == RPPS_LENGTH and number.isdigit()
        reader.fault("number", "delegation.rpps_key" if is_wrong_rpps else "delegation.number")
    starts_on = reader.date("starts_on", missing="delegation.start_missing")
    ends_on = reader.date("ends_on", missing=None)
    scope = reader.choice("scope", DelegationScope, missing="delegation.scope_missing")
    reader.merge(_period_faults(starts_on, ends_on, today))
    if reader.faults or starts_on is None or scope is None:
        raise Invalid(**reader.faults)
    return NewDelegation(number, scope, starts_on, ends_on)


def is_staff_number(number: str) -> bool:
    """An RPPS with its right key, or what looks like a card number; eleven digits are always an RPPS."""
    if len(number) == RPPS_LENGTH and number.isdigit():
        return is_rpps(number)
    return is_card_number(number)


def grant(session: Session, actor: Actor, new: NewDelegation, *, key: UUID, now: datetime) -> UUID:
    """Let the carrier of a number act for the actor, after a factor of the last five minutes (S054).

    The answer is the same whether or not somebody here carries the number (S070). Once per `key`.
    """
    policies.require_fresh_factor(actor, now=now)
    holder_id = policies.require_professional(actor)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    # One at a time for each holder: two live ones for the same number must not slip in together.
    session.execute(
        select_columns(Professional.id).where(col(Professional.id) == holder_id).with_for_update()
    )
    faults = _period_faults(new.starts_on, new.ends_on, paris_day(now))
    if not is_staff_number(new.number):
        faults["number"] = "delegation.number"
    elif new.number in own_numbers(session, actor):
        faults["number"] = "delegation.oneself"
    elif _has_live(session, holder_id, new.number, paris_day(now)):
        faults["number"] = "delegation.exists"
    if faults:
        raise Invalid(**faults)
    delegation = Delegation(
        holder_id=holder_id,
        delegate_number=new.number,
        delegate_name=find_name(session, actor, new.number, now=now),
        scope=new.scope,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        created_at=now,
    )
    session.add(delegation)
    session.flush()
    _record(session, actor, "granted", delegation, "accordée", now=now)
    submission.remember(session, actor, key, delegation.id, now=now)
    return delegation.id


def withdraw(session: Session, actor: Actor, delegation_id: UUID, *, now: datetime) -> None:
    """End a delegation at once; open pages that act under it are closed within 2 s (S062).

    Withdrawing again changes nothing. One of somebody else is as absent as an unknown one.
    """
    policies.require_own_account(actor)
    holder_id = policies.require_professional(actor)
    delegation = session.exec(
        select(Delegation)
        .where(Delegation.id == delegation_id, Delegation.holder_id == holder_id)
        .with_for_update()
    ).first()
    if delegation is None:
        raise NotFound("delegation.not_found")
    if delegation.withdrawn_at is not None:
        return
    delegation.withdrawn_at = now
    session.flush()
    _record(session, actor, "withdrawn", delegation, "retirée", now=now)


def list_granted(session: Session, actor: Actor, *, now: datetime) -> tuple[GrantedDelegation, ...]:
    """The actor's delegations: those in force, those to come, then the past ones, newest first."""
    policies.require_own_account(actor)
    if not actor.is_professional:
        return ()
    today = paris_day(now)
    order = case(
        (_is_past(today), 2),
        (col(Delegation.starts_on) > today, 1),
        else_=0,
    )
    rows = session.exec(
        select(Delegation)
        .where(Delegation.holder_id == actor.professional_id)
        .order_by(order, col(Delegation.created_at).desc(), col(Delegation.id))
        .limit(MAX_LISTED)
    )
    return tuple(
        GrantedDelegation(
            id=row.id,
            number=row.delegate_number,
            name=row.delegate_name,
            scope=row.scope,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            tense=_tense(row, today),
            withdrawn_at=row.withdrawn_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    )


def find_name(session: Session, actor: Actor, typed: str, *, now: datetime) -> str:
    """Who carries a number: by the directory, or as a colleague of a circle of the actor's; else ''.

    An account that the actor could not know of changes nothing (S070).
    """
    holder_id = policies.require_professional(actor)
    number = normalise_staff_number(typed[:MAX_TYPED])
    if not is_staff_number(number):
        return ""
    known = find_by_rpps(session, actor, number, now=now) if is_rpps(number) else None
    if known is not None:
        return _name(known.civility, known.given_name, known.family_name)
    mine = select(CareLink.patient_id).where(
        CareLink.professional_id == holder_id, col(CareLink.ended_at).is_(None)
    )
    found = session.execute(
        select_columns(col(Account.civility), col(Account.given_name), col(Account.family_name))
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .join(CareLink, col(CareLink.professional_id) == col(Professional.id))
        .where(
            or_(col(Professional.rpps) == number, col(Account.card_number) == number),
            col(CareLink.ended_at).is_(None),
            col(CareLink.patient_id).in_(mine),
        )
        .limit(1)
    ).first()
    return _name(*found) if found else ""


def _period_faults(starts_on: date | None, ends_on: date | None, today: date) -> dict[str, str]:
    faults = {}
    if starts_on is not None and starts_on < today:
        faults["starts_on"] = "delegation.start_past"
    elif starts_on is not None and starts_on > today + LONGEST:
        faults["starts_on"] = "delegation.start_too_far"
    if starts_on is not None and ends_on is not None:
        if ends_on < starts_on:
            faults["ends_on"] = "delegation.end_before_start"
        elif ends_on > starts_on + LONGEST:
            faults["ends_on"] = "delegation.end_too_far"
    return faults


def _is_past(today: date) -> ColumnElement[bool]:
    return or_(
        col(Delegation.withdrawn_at).is_not(None),
        col(Delegation.ends_on) < today,
    )


def _has_live(session: Session, holder_id: UUID, number: str, today: date) -> bool:
    return (
        session.execute(
            select_columns(Delegation.id).where(
                col(Delegation.holder_id) == holder_id,
                col(Delegation.delegate_number) == number,
                col(Delegation.withdrawn_at).is_(None),
                or_(col(Delegation.ends_on).is_(None), col(Delegation.ends_on) >= today),
            )
        ).first()
        is not None
    )


def _tense(row: Delegation, today: date) -> DelegationTense:
    if row.withdrawn_at is not None or (row.ends_on is not None and row.ends_on < today):
        return DelegationTense.PAST
    return DelegationTense.COMING if row.starts_on > today else DelegationTense.CURRENT


def _record(
    session: Session,
    actor: Actor,
    act: str,
    delegation: Delegation,
    verb: str,
    *,
    now: datetime,
) -> None:
    """The journal line, and a mail to both: the holder, and whoever carries the number here."""
    journal.record(
        session,
        actor,
        f"delegation.{act}",
        kind=JournalKind.ACCESS,
        object_id=delegation.id,
        now=now,
    )
    holder = session.get_one(Account, actor.account_id)
    security_notice.tell(
        session,
        actor,
        holder,
        Notice.DELEGATION,
        more=f"{verb} au numéro {delegation.delegate_number}",
        now=now,
    )
    name = _name(holder.civility, holder.given_name, holder.family_name)
    for account in _carriers(session, delegation.delegate_number):
        security_notice.tell(
            session, actor, account, Notice.DELEGATED, more=f"{verb} par {name}", now=now
        )


def _carriers(session: Session, number: str) -> list[Account]:
    return list(
        session.exec(
            select(Account)
            .outerjoin(Professional, col(Professional.account_id) == col(Account.id))
            .where(
                or_(col(Account.card_number) == number, col(Professional.rpps) == number),
                col(Account.state) == AccountState.ACTIVE,
            )
        )
    )


def _name(*parts: str) -> str:
    return " ".join(part for part in parts if part)
