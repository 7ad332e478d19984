"""The rhythm of one's own notifications, and the mail of a patient (CX-43 to CX-45, ME-166, FG-14)."""

import pytest
from sqlmodel import select

from app.authz.actor import Actor, system
from app.errors import Forbidden, Invalid
from app.models.account import Account, AccountState
from app.models.journal import JournalEntry
from app.models.message import Priority
from app.models.notification import InformationRhythm
from app.models.outbox import OutboxMessage
from app.services.digest_rhythm import Rhythm
from app.services.message_notice import tell_patient_of_message
from app.services.notification import choose_rhythm, read_notifications
from tests import factories
from tests.services.own_account import delegate_of, letters_to, signed_in

WEEKLY_ONCE = {"information": "weekly", "contact_per_day": "1"}


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


class TestRead:
    def test_CX43_a_rhythm_for_each_priority_the_highest_first(self, session, me, now):
        found = read_notifications(session, me, now=now)
        assert [turn.priority for turn in found.digests] == [Priority.CONTACT, Priority.INFORMATION]
        assert found.address == session.get_one(Account, me.account_id).email

    def test_a_patient_has_an_address_and_no_digest(self, session, patient_actor, now):
        me = signed_in(session, patient_actor, now)
        found = read_notifications(session, me, now=now)
        assert found.address == session.get_one(Account, me.account_id).email
        assert found.digests == ()

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other, now):
        with pytest.raises(Forbidden, match=r"delegation\.own_account_only"):
            read_notifications(session, delegate_of(me, other), now=now)


class TestChoose:
    def test_CX44_CX45_is_kept_once_and_for_oneself(self, session, me, other, now):
        for _ in range(2):
            found = choose_rhythm(session, me, WEEKLY_ONCE, now=now)
        assert found.rhythm == Rhythm(InformationRhythm.WEEKLY, 1)
        assert read_notifications(session, other, now=now).rhythm == Rhythm()
        acts = session.exec(
            select(JournalEntry.object_id).where(JournalEntry.action == "notification.changed")
        ).all()
        assert acts == [me.account_id]

    @pytest.mark.parametrize("per_day", ["0", "4", "un", ""])
    def test_CX45_refuses_less_than_one_and_more_than_three(self, session, me, now, per_day):
        fields = {"information": "hourly", "contact_per_day": per_day}
        with pytest.raises(Invalid) as refused:
            choose_rhythm(session, me, fields, now=now)
        assert refused.value.fields == {
            "information": "notification.information",
            "contact_per_day": "notification.contact",
        }

    def test_is_for_professionals(self, session, patient_actor, now):
        with pytest.raises(Forbidden, match=r"notification\.professionals_only"):
            choose_rhythm(session, patient_actor, WEEKLY_ONCE, now=now)

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other, now):
        with pytest.raises(Forbidden, match=r"delegation\.own_account_only"):
            choose_rhythm(session, delegate_of(me, other), WEEKLY_ONCE, now=now)


class TestTellPatient:
    def test_ME166_one_mail_for_each_message(self, session, patient, patient_actor, doctor, now):
        for _ in range(2):
            tell_patient_of_message(session, doctor, patient, now=now)
        email = session.get_one(Account, patient_actor.account_id).email
        letters = letters_to(session, email)
        assert len(letters) == 2
        words = letters[0].subject + letters[0].text
        assert "/messagerie" in words
        assert "/compte/notifications" in words
        # Neither who writes, nor whom they write to, nor what of (FG-14).
        for secret in ("Martin", "Lefèvre", "Besson", "Jeanne", "santé", "médecin", "traitement"):
            assert secret.lower() not in words.lower()

    @pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.CLOSED, None])
    def test_nothing_to_whom_could_not_read_it(self, session, patient, doctor, now, state):
        if state is not None:
            factories.make_patient_actor(session, patient, now, state=state)
        tell_patient_of_message(session, system("test"), patient, now=now)
        session.flush()
        assert session.exec(select(OutboxMessage)).all() == []
