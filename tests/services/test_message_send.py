"""Writing and sending: drafts, once-only, and every refusal."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.message import Message, MessageCopy, MessageDraft
from app.services.message_draft import delete_draft, save_draft
from app.services.message_draft_reading import list_drafts, load_draft
from app.services.message_input import Typed
from app.services.message_send import send
from tests.messages import answer, look, professional, write

pytestmark = pytest.mark.databases("sqlite")


def _count(session, model):
    return session.exec(select(func.count()).select_from(model)).scalar_one()


def _new(circle, **fields):
    values = {"recipients": (professional(circle.pharmacist),), "subject": "Objet", "text": "Texte"}
    return Typed(**{**values, **fields})


class TestDraft:
    def test_ME148_is_born_with_its_first_character_and_comes_back(self, session, circle, now):
        key = uuid4()
        assert save_draft(session, circle.doctor, key, Typed(text="  "), now=now) is None
        saved = save_draft(session, circle.doctor, key, Typed(text="B"), now=now)
        assert saved.revision == 1
        later = save_draft(
            session,
            circle.doctor,
            key,
            Typed(text="Bon", revision=1),
            now=now + timedelta(seconds=5),
        )
        assert later.revision == 2
        assert load_draft(session, circle.doctor, key).text == "Bon"
        assert [each.id for each in list_drafts(session, circle.doctor)] == [key]

    def test_saving_the_same_again_changes_nothing(self, session, circle, now):
        key = uuid4()
        first = save_draft(session, circle.doctor, key, Typed(text="B"), now=now)
        again = save_draft(
            session, circle.doctor, key, Typed(text="B"), now=now + timedelta(minutes=1)
        )
        assert again == first

    def test_another_tab_does_not_overwrite_what_it_has_not_seen(self, session, circle, now):
        key = uuid4()
        save_draft(session, circle.doctor, key, Typed(text="Un"), now=now)
        save_draft(session, circle.doctor, key, Typed(text="Un deux", revision=1), now=now)
        with pytest.raises(Conflict) as failure:
            save_draft(session, circle.doctor, key, Typed(text="Un trois", revision=1), now=now)
        assert failure.value.code == "message.draft_changed"
        kept = save_draft(
            session,
            circle.doctor,
            key,
            Typed(text="Un trois", revision=1),
            overwrite=True,
            now=now,
        )
        assert (kept.revision, load_draft(session, circle.doctor, key).text) == (3, "Un trois")

    def test_S061_a_draft_is_its_writers_alone(self, session, circle, now):
        key = uuid4()
        save_draft(session, circle.doctor, key, Typed(text="B"), now=now)
        for actor in (circle.pharmacist, circle.patient_actor):
            for act in (
                lambda who: load_draft(session, who, key),
                lambda who: delete_draft(session, who, key, now=now),
                lambda who: save_draft(session, who, key, Typed(text="X"), now=now),
                lambda who: send(session, who, key, _new(circle), now=now),
            ):
                with pytest.raises(NotFound):
                    act(actor)

    def test_S062_what_a_draft_is_about_must_be_known_to_its_writer(self, session, circle, now):
        about = {"about_patient_id": circle.patient_id}
        with pytest.raises(NotFound):
            save_draft(session, circle.stranger, uuid4(), Typed(text="B", **about), now=now)
        with pytest.raises(NotFound):
            save_draft(
                session,
                circle.doctor,
                uuid4(),
                Typed(text="B", treatment_id=circle.other_treatment.id, **about),
                now=now,
            )
        key = uuid4()
        save_draft(session, circle.stranger, key, Typed(text="B"), now=now)
        with pytest.raises(NotFound):
            save_draft(session, circle.stranger, key, Typed(text="B", revision=1, **about), now=now)

    def test_ME150_deletes(self, session, circle, now):
        key = uuid4()
        save_draft(session, circle.doctor, key, Typed(text="B"), now=now)
        delete_draft(session, circle.doctor, key, now=now)
        assert list_drafts(session, circle.doctor) == []
        with pytest.raises(NotFound):
            delete_draft(session, circle.doctor, key, now=now)

    @pytest.mark.parametrize(
        ("fields", "field", "code"),
        [
            ({"text": "a" * 20_001}, "text", "message.too_long"),
            ({"text": "a\x00"}, "text", "message.unsendable"),
            ({"subject": "a" * 81}, "subject", "message.subject_too_long"),
        ],
    )
    def test_what_cannot_be_kept_is_said(self, session, circle, now, fields, field, code):
        with pytest.raises(Invalid) as failure:
            save_draft(session, circle.doctor, uuid4(), Typed(**fields), now=now)
        assert failure.value.fields == {field: code}


class TestSending:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_S143_one_draft_makes_one_message(self, session, circle, now):
        key = uuid4()
        save_draft(session, circle.doctor, key, _new(circle), now=now)
        first = send(session, circle.doctor, key, _new(circle, revision=1), now=now)
        again = send(session, circle.doctor, key, _new(circle), now=now + timedelta(minutes=3))
        assert first.is_new
        assert not again.is_new
        assert again.message_id == first.message_id
        assert (_count(session, Message), _count(session, MessageCopy)) == (1, 2)
        assert _count(session, MessageDraft) == 0

    def test_other_words_under_a_draft_that_left_are_not_swallowed(self, session, circle, now):
        key = uuid4()
        send(session, circle.doctor, key, _new(circle), now=now)
        for act in (send, save_draft):
            with pytest.raises(Conflict) as failure:
                act(session, circle.doctor, key, _new(circle, text="Autre chose"), now=now)
            assert failure.value.code == "message.draft_sent"

    def test_a_save_that_comes_after_the_sending_keeps_nothing(self, session, circle, now):
        key = uuid4()
        send(session, circle.doctor, key, _new(circle), now=now)
        assert save_draft(session, circle.doctor, key, _new(circle), now=now) is None
        assert _count(session, MessageDraft) == 0

    def test_the_last_words_come_with_the_sending(self, session, circle, now):
        key = uuid4()
        save_draft(session, circle.doctor, key, _new(circle, text="Déb"), now=now)
        last = _new(circle, text="Début et fin", revision=1)
        sent = send(session, circle.doctor, key, last, now=now)
        view = look(session, circle.pharmacist, sent.conversation_id, now=now)
        assert view.messages[0].text == "Début et fin"

    def test_words_another_tab_saved_since_are_not_lost_by_what_an_older_one_sends(
        self, session, circle, now
    ):
        key, other = uuid4(), "Un texte plus long, d’un autre appareil"
        save_draft(session, circle.doctor, key, _new(circle, text="Un"), now=now)
        save_draft(session, circle.doctor, key, _new(circle, text=other, revision=1), now=now)
        with pytest.raises(Conflict) as failure:
            send(session, circle.doctor, key, _new(circle, text="Un", revision=1), now=now)
        assert failure.value.code == "message.draft_changed"
        assert load_draft(session, circle.doctor, key).text == other

    def test_two_tabs_reply_under_one_key_and_the_next_reply_has_another(
        self, session, circle, now
    ):
        talk = write(session, circle.pharmacist, professional(circle.doctor), now=now)
        key = talk.conversation_id
        one, two = (look(session, circle.doctor, key, now=now).draft_key for _ in range(2))
        assert one == two
        answer(session, circle.doctor, key, now=now)
        assert look(session, circle.doctor, key, now=now).draft_key != one

    @pytest.mark.parametrize(
        ("fields", "faults"),
        [
            ({"text": ""}, {"text": "message.text_missing"}),
            ({"text": " \n\t "}, {"text": "message.text_missing"}),
            ({"text": "\u200b\u200d \ufeff\u3164"}, {"text": "message.text_missing"}),
            ({"subject": "\u2800\u200b"}, {"subject": "message.subject_missing"}),
            ({"text": "a\x07b"}, {"text": "message.unsendable"}),
            ({"text": "a\u202eb"}, {"text": "message.unsendable"}),
            ({"subject": " "}, {"subject": "message.subject_missing"}),
            (
                {"recipients": (), "subject": ""},
                {"recipient": "message.recipient_missing", "subject": "message.subject_missing"},
            ),
            ({"recipients": ("nobody/1", "x")}, {"recipient": "message.recipient_missing"}),
        ],
    )
    def test_bad_input_is_named_field_by_field(self, session, circle, now, fields, faults):
        with pytest.raises(Invalid) as failure:
            send(session, circle.doctor, uuid4(), _new(circle, **fields), now=now)
        assert failure.value.fields == faults

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "Ça va ?\n\n  retrait\tet fin  ",
            "👩‍⚕️ é e\u0301 ﷽ 中文 עברית",
            "'; DROP TABLE message; -- {{7*7}} %s \\x00",
        ],
    )
    def test_S110_a_text_comes_back_as_it_was_typed(self, session, circle, now, text):
        sent = send(session, circle.doctor, uuid4(), _new(circle, text=text), now=now)
        view = look(session, circle.pharmacist, sent.conversation_id, now=now)
        assert view.messages[0].text == text

    def test_S072_the_sixty_first_message_of_an_hour_waits(self, session, circle, now):
        for _ in range(60):
            write(session, circle.doctor, professional(circle.pharmacist), now=now)
        with pytest.raises(RuleViolation) as failure:
            write(session, circle.doctor, professional(circle.pharmacist), now=now)
        assert failure.value.code == "message.pace"
        later = now + timedelta(hours=1)
        assert write(session, circle.doctor, professional(circle.pharmacist), now=later).is_new
