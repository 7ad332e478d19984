"""What an open page learns by itself: who is told to ask again, and who is not."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.authz.actor import system
from app.models.care_link import CareLink
from app.models.journal import JournalKind
from app.services import journal
from app.services.care_circle import remove_professional
from app.services.conversation_change import archive
from app.services.exchange import end_exchanges
from app.services.fields import paris_day
from app.services.matrix import ensure_reference_matrix
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.state.clock import utc_now
from app.state.live import Tabs
from tests.messages import answer, patient, professional, write

REFRESH = "page.refresh"


@dataclass
class Watcher:
    """A watcher one step at a time, and the tabs it told to ask again."""

    tabs: Tabs = field(default_factory=Tabs)
    seq: int = 0
    told: list[str] = field(default_factory=list)
    counting: list[str] = field(default_factory=list)

    def open_mailbox(self, name, actor, *, shows_it=False, mailbox_id=None):
        self.tabs.belongs(
            name,
            uuid4(),
            utc_now() + timedelta(minutes=30),
            mailbox_id=mailbox_id or actor.professional_id or actor.patient_id,
        )
        if shows_it:
            self.tabs.watch_mailbox(name, REFRESH)

    def open(self, name, *, actor, patient_id=None):
        self.tabs.belongs(name, uuid4(), utc_now() + timedelta(minutes=30))
        if patient_id:
            self.tabs.watch(name, patient_id, REFRESH)
        else:
            self.tabs.watch_patients(name, actor.professional_id, REFRESH)

    async def look(self):
        self.told.clear()
        self.counting.clear()
        self.seq = await self.tabs._look(self.seq, self._emit, lambda _: True)
        self.counting.sort()
        return sorted(self.told)

    async def _emit(self, token, name, payload):
        assert payload == {}
        if name == Tabs.COUNT_EVENT:
            self.counting.append(token)
        else:
            assert name == REFRESH
            self.told.append(token)


@pytest.fixture
async def watcher(database):
    watching = Watcher()
    await watching.look()
    return watching


@pytest.fixture
def change(saving):
    """`change(actor, patient_id)`: a line of the journal, as any act leaves one."""

    def write(actor, patient_id, **options):
        with saving() as session:
            journal.record(
                session, actor, "test.changed", patient_id=patient_id, now=utc_now(), **options
            )
            return journal.written_here(session).seq

    return write


class TestReadings:
    async def test_S132_a_reading_reaches_the_page_that_shows_who_read_and_no_other(
        self, watcher, circle, change
    ):
        watcher.open("doctor", actor=circle.doctor, patient_id=circle.patient_id)
        for name in ("patient", "another"):
            watcher.tabs.belongs(name, uuid4(), utc_now() + timedelta(minutes=30))
        watcher.tabs.watch_readings("patient", circle.patient_id, REFRESH)
        watcher.tabs.watch_readings("another", uuid4(), REFRESH)
        assert await watcher.look() == []
        change(circle.pharmacist, circle.patient_id, kind=JournalKind.READ)
        assert await watcher.look() == ["patient"]
        assert await watcher.look() == []
        seq = change(circle.pharmacist, circle.patient_id, kind=JournalKind.READ)
        watcher.tabs.saw("patient", seq)
        assert await watcher.look() == []
        change(circle.pharmacist, circle.patient_id)
        assert await watcher.look() == ["doctor", "patient"]


class TestPatientsOfAProfessional:
    async def test_a_change_of_one_patient_reaches_the_members_of_the_circle(
        self, watcher, circle, change
    ):
        watcher.open("doctor", actor=circle.doctor)
        watcher.open("stranger", actor=circle.stranger)
        change(circle.pharmacist, circle.patient_id)
        assert await watcher.look() == ["doctor"]
        assert await watcher.look() == []

    async def test_what_the_page_already_read_is_not_told_again(self, watcher, circle, change):
        watcher.open("doctor", actor=circle.doctor)
        seq = change(circle.pharmacist, circle.patient_id)
        watcher.tabs.saw("doctor", seq)
        assert await watcher.look() == []

    async def test_reading_is_not_a_change(self, watcher, circle, change):
        watcher.open("doctor", actor=circle.doctor)
        change(circle.pharmacist, circle.patient_id, kind=journal.JournalKind.READ)
        assert await watcher.look() == []

    @pytest.mark.parametrize(("minutes", "told"), [(0, ["doctor"]), (5, [])])
    async def test_who_left_the_circle_is_told_once(
        self, watcher, circle, change, saving, minutes, told
    ):
        watcher.open("doctor", actor=circle.doctor)
        left_at = utc_now() - timedelta(minutes=minutes)
        with saving() as session:
            session.execute(
                update(CareLink)
                .where(col(CareLink.professional_id) == circle.doctor.professional_id)
                .values(ended_at=left_at)
            )
        change(circle.pharmacist, circle.patient_id)
        assert await watcher.look() == told

    async def test_another_page_of_the_tab_replaces_what_it_watches(self, watcher, circle, change):
        watcher.open("doctor", actor=circle.doctor)
        watcher.tabs.watch("doctor", uuid4(), REFRESH)
        change(circle.pharmacist, circle.patient_id)
        assert await watcher.look() == []


class TestOnePatient:
    async def test_a_change_reaches_the_pages_of_that_patient(self, watcher, circle, change):
        watcher.open("here", actor=circle.doctor, patient_id=circle.patient_id)
        watcher.open("elsewhere", actor=circle.doctor, patient_id=uuid4())
        change(circle.pharmacist, circle.patient_id)
        assert await watcher.look() == ["here"]


class TestMailboxes:
    """A page that counts messages, whatever it shows, and one that shows them."""

    @pytest.fixture
    def talk(self, saving, circle):
        """The doctor writes to the patient and the pharmacist."""
        recipients = (patient(circle.patient_id), professional(circle.pharmacist))
        with saving() as session:
            return write(session, circle.doctor, *recipients, now=utc_now()).conversation_id

    @pytest.fixture
    def mailboxes(self, watcher, circle):
        watcher.open_mailbox("doctor", circle.doctor)
        watcher.open_mailbox("doctor reads", circle.doctor, shows_it=True)
        watcher.open_mailbox("patient", circle.doctor, mailbox_id=circle.patient_id)
        watcher.open_mailbox("pharmacist", circle.pharmacist, shows_it=True)
        watcher.open_mailbox("stranger", circle.stranger, shows_it=True)
        return watcher

    async def test_S062_a_message_reaches_every_tab_of_its_mailboxes_and_no_other(
        self, mailboxes, circle, talk, saving
    ):
        assert await mailboxes.look() == ["doctor reads", "pharmacist"]
        assert mailboxes.counting == ["doctor", "doctor reads", "patient", "pharmacist"]
        # What the pharmacist is not sent, in the same conversation, does not exist for them (D-05).
        with saving() as session:
            answer(session, circle.patient_actor, talk, now=utc_now())
        assert await mailboxes.look() == ["doctor reads"]
        assert mailboxes.counting == ["doctor", "doctor reads", "patient"]
        assert await mailboxes.look() == []
        assert mailboxes.counting == []

    async def test_ones_own_mailbox_moves_in_ones_own_tabs_alone(
        self, mailboxes, circle, talk, saving
    ):
        await mailboxes.look()
        with saving() as session:
            archive(session, circle.pharmacist, talk, now=utc_now())
            seq = journal.written_here(session).seq
        # What a tab did itself it has read again; the number beside the menu it has not.
        mailboxes.tabs.saw("pharmacist", seq)
        assert await mailboxes.look() == []
        assert mailboxes.counting == ["pharmacist"]

    async def test_ME167_the_end_of_the_exchanges_reaches_both_sides(
        self, mailboxes, circle, talk, saving
    ):
        await mailboxes.look()
        with saving() as session:
            end_exchanges(session, circle.doctor, circle.patient_id, now=utc_now())
        assert await mailboxes.look() == ["doctor reads"]
        assert mailboxes.counting == ["doctor", "doctor reads", "patient"]

    async def test_a_draft_moves_the_tabs_of_its_mailbox_alone(self, mailboxes, circle, saving):
        with saving() as session:
            save_draft(session, circle.doctor, uuid4(), Typed(text="B"), now=utc_now())
        assert await mailboxes.look() == ["doctor reads"]

    async def test_S062_who_leaves_the_circle_asks_again(self, mailboxes, circle, saving):
        with saving() as session:
            remove_professional(
                session,
                circle.doctor,
                circle.patient_id,
                circle.pharmacist.professional_id,
                now=utc_now(),
            )
        assert await mailboxes.look() == ["doctor reads", "pharmacist"]
        assert "stranger" not in mailboxes.counting


class TestEveryPatient:
    async def test_DM45_a_new_matrix_reaches_the_pages_of_every_patient(
        self, watcher, circle, saving
    ):
        watcher.open("sheet", actor=circle.doctor, patient_id=circle.patient_id)
        watcher.open("list", actor=circle.stranger)
        with saving() as session:
            ensure_reference_matrix(session, system("test"), now=utc_now())
        assert await watcher.look() == ["list", "sheet"]

    async def test_DM45_a_version_that_begins_at_midnight_reaches_them_too(
        self, watcher, circle, monkeypatch
    ):
        watcher.open("sheet", actor=circle.doctor, patient_id=circle.patient_id)
        assert await watcher.look() == []
        tomorrow = paris_day(utc_now()) + timedelta(days=1)
        monkeypatch.setattr("app.state.live.paris_day", lambda _: tomorrow)
        assert await watcher.look() == ["sheet"]
        assert await watcher.look() == []


class TestEnds:
    async def test_a_sign_in_ended_elsewhere_leaves_its_pages(self, watcher, circle, saving):
        session_id = uuid4()
        watcher.tabs.belongs("doctor", session_id, utc_now() + timedelta(minutes=30))
        left = []

        async def emit(token, name, _):
            left.append((token, name))

        with saving() as session:
            journal.record(
                session,
                circle.doctor,
                "session.ended",
                kind=journal.JournalKind.ACCESS,
                object_id=session_id,
                now=utc_now(),
            )
        await watcher.tabs._look(watcher.seq, emit, lambda _: True)
        assert left == [("doctor", Tabs.LEFT_EVENT)]
        assert len(watcher.tabs) == 0

    async def test_D09_an_access_that_ends_by_itself_is_asked_about_once(self, watcher, circle):
        watcher.open("outsider", actor=circle.stranger, patient_id=circle.patient_id)
        for ends_at, told in ((timedelta(minutes=1), []), (timedelta(0), ["outsider"])):
            watcher.tabs.watch("outsider", circle.patient_id, REFRESH, ends_at=utc_now() + ends_at)
            assert await watcher.look() == told
        assert await watcher.look() == []

    async def test_a_closed_tab_is_forgotten(self, watcher, circle):
        watcher.open("doctor", actor=circle.doctor)
        await watcher.tabs._look(0, watcher._emit, lambda _: False)
        assert len(watcher.tabs) == 0
