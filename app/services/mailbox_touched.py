"""Whose mailboxes lines of the journal are about: read by the process itself, shown to nobody.

A message does not exist for a participant who holds no copy of it, so they are not told of its line either.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from app.models.message import ExchangeEnd, Participant
from app.services.journal import Change

# Acts on messages of which the line names more than a place in a conversation.
_SENT, _ENDED = "sent", "exchanges_ended"
# Lines of drafts name the mailbox itself: one that was deleted could not be asked any more.
_OF_DRAFT = ("draft_", "attachment_added", "attachment_removed")
_AT_ONCE = 100
# What a line names, then the professional or the patient of a mailbox concerned.
_Row = tuple[UUID, UUID | None, UUID | None]


def list_touched_mailboxes(session: Session, lines: Iterable[Change]) -> dict[UUID, int]:
    """The newest line about each mailbox, known by its professional or its patient.

    `lines`: of acts on messages. A mailbox from which the conversation is hidden is left out.
    """
    of_kind: dict[str, list[Change]] = {_SENT: [], _ENDED: [], "": []}
    found: dict[UUID, int] = {}
    for line in lines:
        act = line.action.partition(".")[2]
        if act.startswith(_OF_DRAFT) and line.object_id is not None:
            found[line.object_id] = line.seq
        else:
            of_kind[act if act in of_kind else ""].append(line)
    for kind, some in of_kind.items():
        for start in range(0, len(some), _AT_ONCE):
            part = some[start : start + _AT_ONCE]
            seqs = {
                line.patient_id if kind == _ENDED else line.object_id: line.seq for line in part
            }
            for key, *mailboxes in _concerned(session, kind, part):
                for mailbox_id in filter(None, mailboxes):
                    found[mailbox_id] = max(found.get(mailbox_id, 0), seqs[key])
    return found


def _concerned(session: Session, kind: str, lines: Sequence[Change]) -> Iterable[_Row]:
    """A line of ended exchanges names their patient, since they are many conversations."""
    if kind == _ENDED:
        ends = or_(
            *(
                and_(
                    col(ExchangeEnd.patient_id) == line.patient_id,
                    col(ExchangeEnd.reopened_at).is_(None),
                    col(ExchangeEnd.ended_at) >= line.at,
                )
                for line in lines
            )
        )
        patient_id = col(ExchangeEnd.patient_id)
        rows = session.execute(
            select(patient_id, col(ExchangeEnd.professional_id), patient_id).where(ends)
        )
        return [(key, professional, patient) for key, professional, patient in rows]
    named: Any = col(Participant.conversation_id if kind == _SENT else Participant.id)
    rows = session.execute(
        select(named, col(Participant.professional_id), col(Participant.patient_id)).where(
            _places(named, kind, lines), col(Participant.is_hidden).is_(False)
        )
    )
    return [(key, professional, patient) for key, professional, patient in rows]


def _places(named: Any, kind: str, lines: Sequence[Change]) -> ColumnElement[bool]:
    if kind != _SENT:
        is_one: ColumnElement[bool] = named.in_([line.object_id for line in lines])
        return is_one
    # Whoever sent the message or received it had none since.
    first: dict[UUID | None, Change] = {}
    for line in lines:
        first.setdefault(line.object_id, line)
    return or_(
        *(and_(named == key, col(Participant.last_at) >= line.at) for key, line in first.items())
    )
