"""What lists read of a mailbox, after anything at all was done with it, is what its messages say."""

import random
import sys
from datetime import timedelta
from uuid import uuid4

import pytest

from app.errors import AppError
from app.models.message import Priority
from app.services.conversation_change import archive, delete_conversation, unarchive
from app.services.conversation_list import Box, count_unread, list_conversations
from app.services.conversation_reading import mark_read, open_conversation
from app.services.exchange import end_exchanges
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.services.message_send import send
from tests.messages import patient, professional
from tests.recount import wrong_places

ACTS = 80


def _write(session, chance, circle, actor, now):
    people = [circle.doctor, circle.pharmacist, circle.technician]
    others = [professional(each) for each in people if each is not actor]
    recipients = chance.sample([*others, patient(circle.patient_id)], chance.randint(1, 3))
    typed = Typed(
        subject="Sujet",
        text=f"Texte {now}",
        recipients=tuple(recipients[:1] if actor.is_patient else recipients),
        priority=chance.choice(list(Priority)),
    )
    send(session, actor, uuid4(), typed, now=now)


def _answer(session, chance, actor, talk, now):
    view = open_conversation(session, actor, talk, is_reading=chance.random() < 0.5, now=now)
    typed = Typed(
        text=f"Réponse {now}",
        conversation_id=talk,
        reply_to_id=chance.choice(view.messages).id,
        is_reply_all=chance.random() < 0.5,
        priority=chance.choice(list(Priority)),
        revision=view.draft.revision if view.draft else 0,
    )
    act = chance.choice((save_draft, send, send, send))
    act(session, actor, view.draft_key, typed, now=now)


def _one_act(session, chance, circle, now):
    people = [circle.doctor, circle.pharmacist, circle.technician, circle.patient_actor]
    actor = chance.choice(people)
    boxes = [
        list_conversations(session, actor, box, now=now).rows
        for box in (Box.RECEIVED, Box.SENT, Box.ARCHIVED)
    ]
    talks = sorted({row.id for rows in boxes for row in rows})
    if not talks or chance.random() < 0.25:
        return _write(session, chance, circle, actor, now)
    talk = chance.choice(talks)
    match chance.choices("raudme", (10, 2, 2, 1, 3, 1))[0]:
        case "r":
            _answer(session, chance, actor, talk, now)
        case "a":
            archive(session, actor, talk, now=now)
        case "u":
            unarchive(session, actor, talk, now=now)
        case "d":
            delete_conversation(session, actor, talk, now=now)
        case "m":
            mark_read(session, actor, talk, now=now)
        case "e":
            end_exchanges(session, actor, circle.patient_id, now=now)
    return None


@pytest.mark.databases("sqlite")
def test_CX38_what_lists_read_is_what_a_recount_finds(session, circle, now):
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    chance, done = random.Random(seed), 0
    for number in range(ACTS):
        # Far enough from each other for the limit on sendings, and sometimes a clock behind another.
        at = now + timedelta(minutes=10 * number - chance.choice((0, 0, 15)))
        try:
            with session.begin_nested():
                _one_act(session, chance, circle, at)
                done += 1
        except AppError:
            continue
        if number % 10 == 0:
            assert wrong_places(session) == []
    assert wrong_places(session) == []
    assert done > ACTS / 3
    seen = [
        list_conversations(session, circle.doctor, box, now=now)
        for box in (Box.RECEIVED, Box.ARCHIVED)
    ]
    unread = sum(row.unread_count for page in seen for row in page.rows)
    assert unread == count_unread(session, circle.doctor)
