"""Every cell of the table of messages in docs/permissions.md, asked of the services (S060, S061)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import ANONYMOUS, Actor
from app.errors import Forbidden, NotAuthenticated, NotFound, RuleViolation
from app.models.delegation import DelegationScope
from app.models.message import Message, MessageAttachment
from app.services.access_change import block_professional
from app.services.care_circle import remove_professional
from app.services.conversation_change import archive, delete_conversation
from app.services.conversation_list import Box, list_conversations
from app.services.conversation_reading import open_conversation
from app.services.exchange import end_exchanges
from app.services.message_attachment_reading import (
    access_page,
    fetch_attachment,
    offer_download,
    offer_preview,
    open_attachment,
    refresh_attachment,
)
from app.services.message_attachment_saving import require_savable
from app.services.message_input import Typed
from app.services.message_send import send
from tests import factories
from tests.messages import answer, patient, write, write_with_file
from tests.permissions.cells import Outcome, table
from tests.services.circle import Circle, make_circle

pytestmark = pytest.mark.databases("sqlite")
NOW = datetime.fromisoformat("2026-03-10T09:00:00+00:00")
LATER = NOW + timedelta(hours=2)
TABLE = table("| Who |")


def _leave(session: Session, circle: Circle) -> None:
    remove_professional(
        session, circle.doctor, circle.patient_id, circle.doctor.professional_id, now=NOW
    )


def _block(session: Session, circle: Circle, who: Actor) -> None:
    assert who.professional_id is not None
    block_professional(
        session, circle.patient_actor, circle.patient_id, who.professional_id, now=NOW
    )


def _acting(session: Session, circle: Circle, scope: DelegationScope) -> Actor:
    return factories.act_for(
        session, circle.doctor, factories.make_secretary(session, NOW), scope, now=NOW
    )


def _after(change: Callable[[], object], actor: Actor) -> Actor:
    change()
    return actor


def _actor(who: str, session: Session, circle: Circle) -> Actor:
    """The actor of a row, once what the row says has happened."""
    doctor, own = circle.doctor, circle.patient_actor
    makers: dict[str, Callable[[], Actor]] = {
        "nobody signed in": lambda: ANONYMOUS,
        "the patient": lambda: own,
        "the patient, after the end of the exchanges": lambda: _after(
            lambda: end_exchanges(session, doctor, circle.patient_id, now=NOW), own
        ),
        "the patient, who blocked the doctor": lambda: _after(
            lambda: _block(session, circle, doctor), own
        ),
        "another patient": lambda: factories.make_patient_actor(
            session, factories.make_patient(session, circle.stranger, now=NOW), NOW
        ),
        "the doctor": lambda: doctor,
        "the doctor, blocked by the patient": lambda: _after(
            lambda: _block(session, circle, doctor), doctor
        ),
        "the doctor, no longer in the circle": lambda: _after(
            lambda: _leave(session, circle), doctor
        ),
        "member of the circle, not of the conversation": lambda: circle.pharmacist,
        "doctor outside the circle": lambda: circle.stranger,
        "acting for the doctor, read scope": lambda: _acting(session, circle, DelegationScope.READ),
        "acting for the doctor, record scope": lambda: _acting(
            session, circle, DelegationScope.RECORD
        ),
        "acting for the doctor, manage scope": lambda: _acting(
            session, circle, DelegationScope.MANAGE
        ),
        "acting for the doctor, blocked by the patient": lambda: _after(
            lambda: _block(session, circle, circle.technician),
            factories.act_for(session, doctor, circle.technician, DelegationScope.MANAGE, now=NOW),
        ),
        "secretary": lambda: factories.make_secretary(session, NOW),
        "administrator": lambda: factories.make_administrator(session, NOW),
    }
    return makers[who]()


def _list_and_open(session: Session, actor: Actor, circle: Circle, talk: UUID) -> None:
    rows = list_conversations(
        session, actor, Box.ALL if actor.is_patient else Box.SENT, now=LATER
    ).rows
    opened = None
    try:
        opened = open_conversation(session, actor, talk, now=LATER)
    except NotFound:
        assert talk not in {row.id for row in rows}
        raise
    assert talk in {row.id for row in rows}
    assert opened.messages


def _answer(session: Session, actor: Actor, circle: Circle, talk: UUID) -> None:
    """From outside, whoever holds the ids sends all the same."""
    try:
        answer(session, actor, talk, now=LATER)
    except NotFound:
        typed = Typed(text="Bonjour", conversation_id=talk)
        send(session, actor, uuid4(), typed, now=LATER)


def _write_first(session: Session, actor: Actor, circle: Circle, talk: UUID) -> None:
    write(session, actor, patient(circle.patient_id), now=LATER)


def _file_of(session: Session, talk: UUID) -> UUID:
    return session.execute(
        select(col(MessageAttachment.id))
        .join(Message, col(Message.id) == col(MessageAttachment.message_id))
        .where(col(Message.conversation_id) == talk)
    ).scalar_one()


def _read_file(session: Session, actor: Actor, circle: Circle, talk: UUID) -> None:
    """Every way to it, for whoever kept its id: none of them, or all."""
    key, found = _file_of(session, talk), set()
    for act in (
        open_attachment,
        refresh_attachment,
        offer_download,
        offer_preview,
        fetch_attachment,
        partial(access_page, page=1),
    ):
        try:
            act(session, actor, key, now=LATER)
            found.add("")
        except NotFound as failure:
            found.add(failure.code)
    assert len(found) == 1
    if found != {""}:
        with pytest.raises(NotFound) as nowhere:
            open_attachment(session, actor, uuid4(), now=LATER)
        assert found == {nowhere.value.code}
        raise NotFound(nowhere.value.code)


ACTS: dict[str, Callable[[Session, Actor, Circle, UUID], Any]] = {
    "list and open": _list_and_open,
    "answer": _answer,
    "write first to the patient": _write_first,
    "mark as treated": lambda s, a, _, t: archive(s, a, t, now=LATER),
    "end the exchanges": lambda s, a, c, _: end_exchanges(s, a, c.patient_id, now=LATER),
    "delete one’s own copy": lambda s, a, _, t: delete_conversation(s, a, t, now=LATER),
    "open and download its files": _read_file,
    "keep them among one’s documents": lambda s, a, _, t: require_savable(
        s, a, _file_of(s, t), now=LATER
    ),
}


@pytest.mark.parametrize("who", list(TABLE))
def test_S060_each_row_of_the_table(session: Session, who: str) -> None:
    circle = make_circle(session, NOW)
    talk = write_with_file(
        session, circle.doctor, patient(circle.patient_id), now=NOW
    ).conversation_id
    answer(session, circle.patient_actor, talk, now=NOW)
    actor = _actor(who, session, circle)
    session.flush()
    assert list(TABLE[who]) == list(ACTS)
    for act, expected in TABLE[who].items():
        found = _outcome(session, ACTS[act], actor, circle, talk)
        assert found is Outcome(expected), f"{who} / {act}"


def _outcome(
    session: Session,
    act: Callable[[Session, Actor, Circle, UUID], Any],
    actor: Actor,
    circle: Circle,
    talk: UUID,
) -> Outcome:
    """What happened, taken back so that each act meets the same place."""
    # One unit of work knows one actor's links.
    session.info.pop("open_links", None)
    step = session.begin_nested()
    try:
        act(session, actor, circle, talk)
    except (NotFound, NotAuthenticated):
        return Outcome.ABSENT
    except Forbidden as failure:
        # Who has no mailbox at all is told so whatever they ask for.
        has_none = failure.code in {"message.no_mailbox", "action.professionals_only"}
        is_outside = not actor.is_professional and not actor.is_patient
        return Outcome.ABSENT if has_none and is_outside else Outcome.REFUSED
    except RuleViolation:
        return Outcome.REFUSED
    finally:
        step.rollback()
        session.expire_all()
    return Outcome.ALLOWED
