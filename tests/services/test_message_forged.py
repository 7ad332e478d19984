"""Sendings no page of ours makes: keys of others, of nothing, of another patient (S062, S063)."""

from uuid import uuid4

import pytest

from app.errors import Conflict, NotFound, RuleViolation
from app.models.message import MessageDraft
from app.services import message_draft
from app.services.conversation_list import Box
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.services.message_start import start_message
from app.state.message import read_messages
from tests import factories
from tests.messages import patient, professional, write

pytestmark = pytest.mark.databases("sqlite")


class TestForged:
    def test_a_message_replied_to_must_be_held_even_in_no_conversation(self, session, circle, now):
        theirs = write(session, circle.stranger, professional(circle.doctor), now=now)
        for key in (uuid4(), theirs.message_id):
            with pytest.raises(NotFound):
                save_draft(
                    session, circle.pharmacist, uuid4(), Typed("a", reply_to_id=key), now=now
                )

    def test_S063_a_message_to_a_patient_is_about_nobody_else(self, session, circle, now):
        other = factories.make_patient(session, circle.doctor, now=now, with_treatment=False)
        to = patient(circle.patient_id)
        with pytest.raises(RuleViolation) as failure:
            write(session, circle.doctor, to, about_patient_id=other, now=now)
        assert failure.value.code == "message.about_another"

    def test_S062_a_draft_to_somebody_unknown_tells_no_name(self, session, circle, now):
        unknown = circle.other_treatment.patient_id
        for actor in (circle.doctor, circle.patient_actor):
            key = uuid4()
            save_draft(session, actor, key, Typed("a", recipients=(patient(unknown),)), now=now)
            assert start_message(session, actor, key, now=now).recipients == ()
            found = read_messages(
                session, actor, None, box=Box.RECEIVED, unread_only=False, page=1, shown=1,
                is_reading=False, now=now,
            )  # fmt: skip
            assert found.cards == {}

    def test_another_reply_begun_in_the_conversation_is_said_and_lost_by_nobody(
        self, session, circle, now
    ):
        talk = write(session, circle.pharmacist, professional(circle.doctor), now=now)
        typed = Typed("Un", conversation_id=talk.conversation_id)
        first = save_draft(session, circle.doctor, uuid4(), typed, now=now)
        with pytest.raises(Conflict) as failure:
            save_draft(session, circle.doctor, uuid4(), typed, now=now)
        assert failure.value.code == "message.draft_changed"
        assert session.get(MessageDraft, first.id).text == "Un"

    def test_ME148_drafts_are_as_many_as_are_listed(self, session, circle, now, monkeypatch):
        monkeypatch.setattr(message_draft, "MOST_DRAFTS", 2)
        for _ in range(2):
            save_draft(session, circle.doctor, uuid4(), Typed("a"), now=now)
        with pytest.raises(RuleViolation) as failure:
            save_draft(session, circle.doctor, uuid4(), Typed("a"), now=now)
        assert failure.value.code == "message.too_many_drafts"
        write(session, circle.doctor, professional(circle.pharmacist), now=now)
