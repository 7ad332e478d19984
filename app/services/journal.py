"""The access journal (S130–S132): written in the transaction of the act, chained, append-only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.crypto import same
from app.db import dialect_of, keyring_of
from app.models.base import table_of
from app.models.journal import JournalEntry, JournalKind

_FIRST_MAC = b"\x00" * 32
_PAGE = 5_000
_TELL_EVERY = 500
_WRITTEN = "journal_written"
# Kinds of lines that others may want to see the effect of.
_CHANGES = (JournalKind.CHANGE, JournalKind.ACCESS)
# Any constant will do: it names our advisory lock among those of the database.
_CHAIN_LOCK = 7_201_145
_LINE = table_of(JournalEntry)
_LAST = select(_LINE.c.seq, _LINE.c.mac).order_by(_LINE.c.seq.desc()).limit(1)
_INSERT = insert(_LINE)


def record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    kind: JournalKind = JournalKind.CHANGE,
    patient_id: UUID | None = None,
    object_id: UUID | None = None,
    ground: str = "",
    result: str = "ok",
    now: datetime,
) -> None:
    """Append one line, saved or lost together with the act it describes."""
    if dialect_of(session) == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = session.execute(_LAST).first()
    seq, previous = (last[0] + 1, last[1]) if last else (1, _FIRST_MAC)
    line: dict[str, Any] = {
        "seq": seq,
        "at": now,
        "kind": kind,
        "action": action,
        "account_id": actor.account_id,
        "session_id": actor.session_id,
        "on_behalf_of_id": actor.on_behalf_of_id,
        "member_id": actor.member_id,
        "patient_id": patient_id,
        "object_id": object_id,
        "ground": ground or _ground(actor),
        "result": result,
        "address": actor.address,
    }
    line["mac"] = _mac(session, line, previous)
    session.flush()
    session.execute(_INSERT, line)
    is_change = kind in _CHANGES or written_here(session).is_change
    session.info[_WRITTEN] = Written(seq, is_change)


@dataclass(frozen=True)
class Written:
    """What a unit of work added: its last line, 0 without one, and whether it changed anything."""

    seq: int = 0
    is_change: bool = False


def written_here(session: Session) -> Written:
    """What this unit of work wrote so far."""
    written = session.info.get(_WRITTEN, Written())
    assert isinstance(written, Written)
    return written


def record_read(
    session: Session, actor: Actor, action: str, *, patient_id: UUID, now: datetime
) -> None:
    """Append the line of somebody reading another person's record, or their own."""
    record(session, actor, action, kind=JournalKind.READ, patient_id=patient_id, now=now)


def record_refusal(
    session: Session, actor: Actor, action: str, code: str, *, now: datetime
) -> None:
    """Append the line of an act that was refused."""
    record(session, actor, action[:60], kind=JournalKind.REFUSAL, result=code[:60], now=now)


@dataclass(frozen=True)
class Change:
    """One change others may want to see: what open pages are refreshed from."""

    seq: int
    at: datetime
    action: str
    patient_id: UUID | None
    object_id: UUID | None


def last_seq(session: Session) -> int:
    """The number of the newest line, 0 when there is none."""
    return session.execute(select(func.max(JournalEntry.seq))).scalar() or 0


def list_changes_since(session: Session, seq: int, limit: int = 500) -> list[Change]:
    """Lines of changes after `seq`, oldest first. Used by the process itself, shown to nobody."""
    rows = session.execute(
        _LINE.select()
        .with_only_columns(
            _LINE.c.seq,
            _LINE.c.at,
            _LINE.c.action,
            _LINE.c.patient_id,
            _LINE.c.object_id,
        )
        .where(_LINE.c.seq > seq, _LINE.c.kind.in_(_CHANGES))
        .order_by(_LINE.c.seq)
        .limit(limit)
    )
    return [Change(*row) for row in rows]


def newest_on(session: Session, patient_ids: Iterable[UUID], seq: int) -> dict[UUID, int]:
    """The newest line after `seq` about each of these patients, readings included. For the process itself."""
    rows = session.execute(
        select(JournalEntry.patient_id, func.max(JournalEntry.seq))
        .where(col(JournalEntry.patient_id).in_(list(patient_ids)), JournalEntry.seq > seq)
        .group_by(col(JournalEntry.patient_id))
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Verification:
    """Result of reading the whole chain: how many lines, and the first bad one if any."""

    lines: int
    first_bad_seq: int | None = None


@dataclass(frozen=True)
class Head:
    """The newest line, as copied outside the base. `mac` is hexadecimal."""

    seq: int
    mac: str


def head(session: Session) -> Head | None:
    """The newest line, if there is any."""
    row = session.execute(
        select(JournalEntry.seq, JournalEntry.mac).order_by(col(JournalEntry.seq).desc()).limit(1)
    ).first()
    return Head(row[0], row[1].hex()) if row else None


def verify(
    session: Session,
    kept: Head | None = None,
    *,
    tell: Callable[[int], None] | None = None,
) -> Verification:
    """Recompute the chain from its first line: finds an edit, a deletion, an insertion, a reorder.

    `kept`: a head copied outside earlier; with it a cut tail is found too. `tell` is called with the number
    of the line now and then.
    """
    previous, expected = _FIRST_MAC, 1
    for line in _all_lines(session):
        if line.seq != expected or not same(line.mac, _mac(session, line.model_dump(), previous)):
            return Verification(expected - 1, expected)
        if kept is not None and kept.seq == line.seq and kept.mac != line.mac.hex():
            return Verification(expected - 1, expected)
        previous, expected = line.mac, expected + 1
        if tell is not None and line.seq % _TELL_EVERY == 0:
            tell(line.seq)
    if kept is not None and kept.seq >= expected:
        return Verification(expected - 1, expected)
    return Verification(expected - 1)


def _all_lines(session: Session) -> Iterator[JournalEntry]:
    last = 0
    while True:
        page = session.exec(
            select(JournalEntry)
            .where(JournalEntry.seq > last)
            .order_by(col(JournalEntry.seq))
            .limit(_PAGE)
        ).all()
        if not page:
            return
        yield from page
        last = page[-1].seq
        session.expunge_all()


def _mac(session: Session, line: Mapping[str, Any], previous: bytes) -> bytes:
    at: datetime = line["at"]
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    fields: tuple[Any, ...] = (
        line["seq"],
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        line["kind"].value,
        line["action"],
        line["account_id"] or "",
        line["session_id"] or "",
        line["on_behalf_of_id"] or "",
        line["patient_id"] or "",
        line["object_id"] or "",
        line["ground"],
        line["result"],
        line["address"],
    )
    # The person inside a shared account came later: lines without one keep the chain they were written in.
    if line["member_id"] is not None:
        fields = (*fields, line["member_id"])
    message = "\x1f".join(str(field) for field in fields)
    return keyring_of(session).mac("journal", previous + message.encode())


def _ground(actor: Actor) -> str:
    if actor.is_delegate:
        return "delegation"
    if actor.is_professional:
        return "care_link"
    if actor.is_patient:
        return "own_record"
    return "system" if actor.reason else ""
