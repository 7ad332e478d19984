"""Digests: what is sent, when, once, and how little it says (CX-43 to CX-45, FG-14, S145)."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select, update

from app.authz.actor import Actor
from app.models.account import Account, AccountState
from app.models.contact_point import EmailAddress
from app.models.message import Participant, Priority
from app.models.notification import DigestSchedule, InformationRhythm, NotificationPreference
from app.models.outbox import OutboxMessage
from app.services import digest
from app.services.fields import PARIS
from app.services.mailbox import Party, PartyKind
from app.services.message import NewMessage, deliver
from app.services.notification import choose_rhythm, read_notifications
from tests import factories
from tests.services.digests import (
    CONTACT,
    FIVE,
    INFORMATION,
    NOON,
    ROBOT,
    TOMORROW,
    receive,
    row_of,
    tick,
)
from tests.services.own_account import letters_to, signed_in


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


@pytest.fixture
def address(session, me) -> str:
    return session.get_one(Account, me.account_id).email


class TestSend:
    def test_CX43_one_digest_for_each_priority(self, session, me, address, now):
        receive(session, me.professional_id, at=now, messages=2)
        receive(session, me.professional_id, at=now)
        receive(session, me.professional_id, INFORMATION, at=now)
        assert tick(session, NOON - timedelta(seconds=1)) == 0
        tick(session, NOON)
        (letter,) = letters_to(session, address)
        assert letter.subject == "Pour besoin de contact : 3 messages non lus"
        tick(session, TOMORROW)
        assert letters_to(session, address)[0].subject == "Pour information : 1 message non lu"

    def test_FG14_says_how_many_and_nothing_else(self, session, me, address, now):
        receive(session, me.professional_id, at=now)
        tick(session, NOON)
        (letter,) = letters_to(session, address)
        assert "/messagerie" in letter.text
        assert "/compte/notifications" in letter.text
        for secret in ("Lefèvre", "Jeanne", "IBRANCE", "Martin", "patient", "traitement"):
            assert secret.lower() not in (letter.subject + letter.text).lower()

    def test_nothing_when_nothing_new(self, session, me, address, now):
        receive(session, me.professional_id, at=now)
        for at in (NOON, FIVE, TOMORROW):
            tick(session, at)
        assert len(letters_to(session, address)) == 1

    def test_nothing_of_what_was_read_before(self, session, me, address, now):
        receive(session, me.professional_id, at=now)
        tick(session, NOON)
        # One stays unread since the last digest; the new one was read.
        new = receive(session, me.professional_id, at=NOON + timedelta(hours=1))
        new.unread_count = 0
        tick(session, FIVE)
        assert len(letters_to(session, address)) == 1
        assert row_of(session, me).next_at is None

    @pytest.mark.parametrize("gone", ["is_hidden", "deleted_at", "archived_at"])
    def test_what_is_no_longer_in_the_mailbox_does_not_count(self, session, me, address, now, gone):
        place = receive(session, me.professional_id, at=now)
        setattr(place, gone, True if gone == "is_hidden" else now)
        tick(session, NOON)
        assert letters_to(session, address) == []

    def test_MM44_goes_to_the_starred_address(self, session, me, address, now):
        session.execute(
            update(EmailAddress)
            .where(col(EmailAddress.account_id) == me.account_id)
            .values(is_starred=False)
        )
        session.add(
            EmailAddress(
                account_id=me.account_id,
                address="autre@exemple.test",
                is_starred=True,
                verified_at=now,
            )
        )
        receive(session, me.professional_id, at=now)
        tick(session, NOON)
        assert letters_to(session, address) == []
        assert len(letters_to(session, "autre@exemple.test")) == 1

    @pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.CLOSED])
    def test_nothing_while_an_account_is_not_active(self, session, me, address, now, state):
        receive(session, me.professional_id, at=now)
        account = session.get_one(Account, me.account_id)
        account.state = state
        tick(session, NOON)
        assert letters_to(session, address) == []
        account.state = AccountState.ACTIVE
        tick(session, FIVE)
        assert len(letters_to(session, address)) == (state is AccountState.SUSPENDED)

    def test_S145_after_a_long_stop_one_digest_leaves(self, session, me, address, now):
        for days in range(5):
            receive(session, me.professional_id, at=now + timedelta(days=days))
        late = now + timedelta(days=9, hours=3)
        assert tick(session, late) == 1
        (letter,) = letters_to(session, address)
        assert letter.subject.endswith(" 5 messages non lus")
        assert tick(session, late + timedelta(days=3)) == 0

    def test_a_message_delivered_late_is_still_told(self, session, me, address, now):
        """Two acts at once: the one that began first is stored last, after the digest of the other."""
        receive(session, me.professional_id, at=now + timedelta(minutes=1)).unread_count = 0
        receive(session, me.professional_id, at=now)
        tick(session, NOON)
        assert len(letters_to(session, address)) == 1


class TestDeliver:
    def test_what_is_delivered_is_told_under_the_priority_it_is_sorted_by(
        self, session, me, other, address, now
    ):
        parties = [Party(PartyKind.PROFESSIONAL, a.professional_id) for a in (other, me)]
        first = NewMessage(parties[0], (parties[1],), "Avis", CONTACT, subject="Avis")
        conversation = deliver(session, other, first, now=now).conversation_id
        # A word added for information leaves the conversation among those that ask for contact.
        more = NewMessage(parties[0], (parties[1],), "Merci", conversation_id=conversation)
        deliver(session, other, more, now=now)
        assert row_of(session, me).next_at == NOON
        assert session.get(DigestSchedule, (me.account_id, INFORMATION)) is None
        assert session.get(DigestSchedule, (other.account_id, CONTACT)) is None
        tick(session, NOON)
        (letter,) = letters_to(session, address)
        assert letter.subject.endswith(" 2 messages non lus")


class TestRhythm:
    def test_CX45_a_change_moves_what_waits(self, session, me, address, now):
        receive(session, me.professional_id, at=now)
        choose(session, me, now, contact_per_day="1")
        assert row_of(session, me).next_at == TOMORROW
        choose(session, me, now, contact_per_day="2")
        assert row_of(session, me).next_at == datetime(2026, 3, 10, 13, tzinfo=UTC)

    def test_CX45_a_turn_that_has_come_is_neither_lost_nor_doubled(self, session, me, address, now):
        receive(session, me.professional_id, at=now)
        late = NOON + timedelta(minutes=5)
        choose(session, me, late, contact_per_day="1")
        tick(session, late)
        tick(session, TOMORROW)
        assert len(letters_to(session, address)) == 1

    def test_CX44_to_a_shorter_rhythm_and_back(self, session, me, address, now):
        choose(session, me, now, information="weekly")
        receive(session, me.professional_id, INFORMATION, at=now)
        monday = datetime(2026, 3, 16, 7, tzinfo=UTC)
        assert row_of(session, me, INFORMATION).next_at == monday
        choose(session, me, now, information="daily")
        tick(session, TOMORROW)
        choose(session, me, TOMORROW, information="every_three_days")
        receive(session, me.professional_id, INFORMATION, at=TOMORROW)
        assert row_of(session, me, INFORMATION).next_at == TOMORROW + timedelta(days=3)
        for days in range(1, 8):
            tick(session, TOMORROW + timedelta(days=days))
        assert len(letters_to(session, address)) == 2

    def test_the_page_tells_the_turn_that_will_be(self, session, me, now):
        before = read_notifications(session, me, now=now).digests
        receive(session, me.professional_id, at=now)
        after = read_notifications(session, me, now=now).digests
        assert [turn.at for turn in before] == [NOON, TOMORROW] == [turn.at for turn in after]
        assert [turn.is_waited_for for turn in (*before, *after)] == [False, False, True, False]


def choose(session: Session, actor: Actor, now: datetime, **fields: str):
    kept = session.get(NotificationPreference, actor.account_id)
    rhythm = {
        "information": kept.information.value if kept else "daily",
        "contact_per_day": str(kept.contact_per_day if kept else 3),
    }
    found = choose_rhythm(session, actor, {**rhythm, **fields}, now=now)
    session.flush()
    return found


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("first", [date(2026, 3, 1), date(2026, 10, 1)])
def test_CX44_CX45_a_month_that_changes_the_clocks(session, first):
    """Written to four times a day, reading nothing, each is told at their own hours of Paris."""
    start = datetime(first.year, first.month, 1, tzinfo=PARIS)
    days = [first + timedelta(days=n) for n in range(31)]
    hours = {1: (8,), 2: (8, 14), 3: (8, 12, 17)}
    expected, people = {}, []
    for per_day, information in zip(hours, InformationRhythm, strict=True):
        actor = factories.make_professional(session, start.astimezone(UTC))
        email = session.get_one(Account, actor.account_id).email
        session.add(
            NotificationPreference(
                account_id=actor.account_id, information=information, contact_per_day=per_day
            )
        )
        people += [
            receive(session, actor.professional_id, priority, at=start, is_scheduled=False).id
            for priority in Priority
        ]
        expected[email, "besoin"] = [(day, hour) for day in days for hour in hours[per_day]]
        expected[email, "information"] = {
            InformationRhythm.DAILY: [(day, 8) for day in days],
            InformationRhythm.EVERY_THREE_DAYS: [(day, 8) for day in days[::3]],
            InformationRhythm.WEEKLY: [(day, 8) for day in days if day.weekday() == 0],
        }[information]
    at = start.astimezone(UTC)
    while at.astimezone(PARIS).date() <= days[-1]:
        if at.hour in {5, 9, 13, 21}:
            arrived = at + timedelta(minutes=1)
            session.execute(update(Participant).values(received_at=arrived))
            digest.schedule_digests(session, ROBOT, people, now=arrived)
        if digest.is_any_due(session, ROBOT, now=at):
            tick(session, at)
        at += timedelta(hours=1)
    found = defaultdict(list)
    for letter in session.exec(select(OutboxMessage).order_by(col(OutboxMessage.created_at))):
        local = letter.created_at.astimezone(PARIS)
        found[letter.to, letter.subject.split()[1]].append((local.date(), local.hour))
    assert found == expected
