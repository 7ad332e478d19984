"""An entry told to the circle (CX-41); what a new message and a reply start from."""

from uuid import uuid4

import pytest
from sqlmodel import select

from app.errors import Invalid, NotFound
from app.models.entry import ContactMode
from app.models.message import Conversation, Message, Priority
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.services.access_change import block_professional
from app.services.conversation_list import Box, list_conversations
from app.services.exchange import end_exchanges
from app.services.fact import Fact
from app.services.message_draft import save_draft
from app.services.message_entry import Telling, has_circle, tell_circle
from app.services.message_input import Typed
from app.services.message_reply import open_reply
from app.services.message_send import load_sent
from app.services.message_start import describe_subject, find_subjects, start_message
from app.services.tolerance import record_tolerance
from tests import factories
from tests.messages import answer, patient, professional, write

pytestmark = pytest.mark.databases("sqlite")


def _entry(session, circle, key, now):
    return record_tolerance(
        session,
        circle.doctor,
        circle.patient_id,
        Fact(circle.treatment.id, now.date(), ContactMode.ON_SITE),
        domain=ToleranceDomain.DIGESTIVE,
        patient_appreciation=PatientAppreciation.SLIGHT,
        grade=2,
        key=key,
        now=now,
    )


def _telling(**changes):
    values = {
        "priority": Priority.CONTACT,
        "subject": "Tolérance du 9 mars 2026",
        "words": "",
        "default": "Une entrée vient d’être ajoutée au suivi.",
    }
    return Telling(**{**values, **changes})


class TestTellCircle:
    def test_CX41_reaches_the_others_with_the_entry_once(self, session, circle, now):
        key = uuid4()
        entry_id = _entry(session, circle, key, now)
        first = tell_circle(session, circle.doctor, entry_id, _telling(), key=key, now=now)
        again = tell_circle(session, circle.doctor, entry_id, _telling(), key=key, now=now)
        assert first == again
        message = session.exec(select(Message)).one()
        assert (message.entry_id, message.priority) == (entry_id, Priority.CONTACT)
        assert message.text == "Une entrée vient d’être ajoutée au suivi."
        talk = session.get_one(Conversation, message.conversation_id)
        assert (talk.patient_id, talk.treatment_id) == (circle.patient_id, circle.treatment.id)
        for member in (circle.pharmacist, circle.technician):
            box = list_conversations(session, member, Box.RECEIVED, now=now)
            assert [row.id for row in box.rows] == [talk.id]
        for other in (circle.patient_actor, circle.stranger):
            assert list_conversations(session, other, Box.RECEIVED, now=now).rows == ()

    def test_sends_the_words_typed(self, session, circle, now):
        key = uuid4()
        entry_id = _entry(session, circle, key, now)
        told = _telling(words=" À revoir jeudi. ")
        tell_circle(session, circle.doctor, entry_id, told, key=key, now=now)
        assert session.exec(select(Message)).one().text == "À revoir jeudi."

    @pytest.mark.parametrize("words", ["\u202eà revoir", "a" * 2_001])
    def test_refuses_words_that_cannot_be_sent(self, session, circle, now, words):
        entry_id = _entry(session, circle, uuid4(), now)
        with pytest.raises(Invalid) as failure:
            tell_circle(
                session, circle.doctor, entry_id, _telling(words=words), key=uuid4(), now=now
            )
        assert list(failure.value.fields) == ["tell_words"]

    def test_refuses_a_stranger_and_a_patient(self, session, circle, now):
        entry_id = _entry(session, circle, uuid4(), now)
        with pytest.raises(NotFound):
            tell_circle(session, circle.stranger, entry_id, _telling(), key=uuid4(), now=now)

    def test_is_not_offered_to_who_follows_alone(self, session, circle, now):
        alone = factories.make_patient(session, circle.doctor)
        assert has_circle(session, circle.doctor, circle.patient_id)
        assert not has_circle(session, circle.doctor, alone)


class TestStartMessage:
    def test_names_what_the_page_before_named(self, session, circle, now):
        entry_id = _entry(session, circle, uuid4(), now)
        start = start_message(
            session,
            circle.doctor,
            uuid4(),
            patient_id=circle.patient_id,
            treatment_id=circle.treatment.id,
            entry_id=entry_id,
            recipient=professional(circle.pharmacist),
            now=now,
        )
        assert start.about.patient.id == circle.patient_id
        assert start.about.entry.id == entry_id
        assert start.treatment_id == circle.treatment.id
        assert [card.family_name for card in start.recipients] == ["Haddad"]

    def test_S062_refuses_what_is_not_theirs_to_know(self, session, circle, now):
        for named in (
            {"patient_id": circle.patient_id},
            {"patient_id": circle.patient_id, "treatment_id": circle.treatment.id},
        ):
            with pytest.raises(NotFound):
                start_message(session, circle.stranger, uuid4(), **named, now=now)
        with pytest.raises(NotFound):
            start_message(
                session,
                circle.doctor,
                uuid4(),
                patient_id=circle.patient_id,
                treatment_id=circle.other_treatment.id,
                now=now,
            )
        start = start_message(
            session, circle.stranger, uuid4(), recipient=patient(circle.patient_id), now=now
        )
        assert start.recipients == ()

    def test_goes_on_with_a_draft_and_says_where_a_sent_one_is(self, session, circle, now):
        key = uuid4()
        typed = Typed(text="Bon", recipients=(professional(circle.pharmacist),))
        save_draft(session, circle.doctor, key, typed, now=now)
        start = start_message(session, circle.doctor, key, now=now)
        assert (start.draft.text, len(start.recipients)) == ("Bon", 1)
        assert start_message(session, circle.stranger, key, now=now).draft is None
        to = professional(circle.pharmacist)
        sent = write(session, circle.doctor, to, key=key, revision=1, now=now)
        assert start_message(session, circle.doctor, key, now=now).sent_in == sent.conversation_id
        told = load_sent(session, circle.doctor, key)
        assert [card.family_name for card in told.recipients] == ["Haddad"]
        with pytest.raises(NotFound):
            load_sent(session, circle.stranger, key)

    def test_ones_own_words_outlive_the_right_to_know_the_patient_they_were_about(
        self, session, circle, now
    ):
        key = uuid4()
        typed = Typed(text="À revoir", about_patient_id=circle.patient_id)
        save_draft(session, circle.pharmacist, key, typed, now=now)
        block_professional(
            session,
            circle.patient_actor,
            circle.patient_id,
            circle.pharmacist.professional_id,
            now=now,
        )
        session.info.pop("open_links", None)
        start = start_message(session, circle.pharmacist, key, now=now)
        assert (start.draft.text, start.about, start.treatment_id) == ("À revoir", None, None)

    def test_ME172_a_patient_without_anybody_to_write_to(self, session, circle, now):
        assert start_message(session, circle.patient_actor, uuid4(), now=now).has_nobody
        write(session, circle.doctor, patient(circle.patient_id), now=now)
        assert not start_message(session, circle.patient_actor, uuid4(), now=now).has_nobody

    def test_a_subject_is_a_patient_of_the_circle(self, session, circle, now):
        about = describe_subject(session, circle.doctor, circle.patient_id, now=now)
        assert [choice.id for choice in about.treatments] == [circle.treatment.id]
        name = about.patient.birth_name
        assert [each.id for each in find_subjects(session, circle.doctor, name, now=now)]
        assert find_subjects(session, circle.patient_actor, name, now=now) == []
        with pytest.raises(NotFound):
            describe_subject(session, circle.stranger, circle.patient_id, now=now)


class TestOpenReply:
    def test_ME135_offers_all_only_where_there_are_several(self, session, circle, now):
        several = [professional(circle.pharmacist), professional(circle.technician)]
        sent = write(session, circle.doctor, *several, now=now)
        reply = open_reply(session, circle.pharmacist, sent.conversation_id, now=now)
        assert [card.family_name for card in reply.to] == ["Martin"]
        assert {card.family_name for card in reply.to_all} == {"Martin", "Roy"}
        one = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        reply = open_reply(session, circle.pharmacist, one.conversation_id, now=now)
        assert (reply.to_all, reply.may_send) == ((), True)

    def test_the_key_changes_once_it_left(self, session, circle, now):
        sent = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        before = open_reply(session, circle.pharmacist, sent.conversation_id, now=now)
        answer(session, circle.pharmacist, sent.conversation_id, now=now)
        after = open_reply(session, circle.pharmacist, sent.conversation_id, now=now)
        assert before.draft_id != after.draft_id

    def test_ME168_who_ended_leaves_a_draft_that_cannot_leave(self, session, circle, now):
        sent = write(session, circle.doctor, patient(circle.patient_id), now=now)
        reply = open_reply(session, circle.patient_actor, sent.conversation_id, now=now)
        typed = Typed(text="Bon", conversation_id=sent.conversation_id)
        save_draft(session, circle.patient_actor, reply.draft_id, typed, now=now)
        end_exchanges(session, circle.doctor, circle.patient_id, now=now)
        reply = open_reply(session, circle.patient_actor, sent.conversation_id, now=now)
        assert (reply.may_send, reply.draft.text) == (False, "Bon")

    def test_S062_a_strangers_conversation_is_absent(self, session, circle, now):
        sent = write(session, circle.doctor, professional(circle.pharmacist), now=now)
        with pytest.raises(NotFound):
            open_reply(session, circle.stranger, sent.conversation_id, now=now)
