"""The installation as its administrator sees it."""

from datetime import date, timedelta

import pytest

from app.authz.actor import ANONYMOUS, system
from app.errors import Forbidden, NotAuthenticated
from app.models.account import AccountState, Role
from app.models.medicine import MedicineRelease
from app.models.outbox import OutboxState
from app.services import installation, journal, outbox
from tests import factories


@pytest.fixture
def administrator(session, now):
    return factories.make_administrator(session, now)


class TestReadInstallation:
    def test_counts_accounts_by_role(self, session, administrator, patient_actor, now):
        factories.make_account(session, now, state=AccountState.SUSPENDED)
        found = installation.read_installation(session, administrator, now=now).accounts
        assert found.active == {
            Role.PROFESSIONAL: 2,
            Role.SECRETARY: 0,
            Role.PATIENT: 1,
            Role.ADMINISTRATOR: 1,
        }
        assert found.closed == 1

    def test_a_new_installation(self, session, administrator, now):
        found = installation.read_installation(session, administrator, now=now)
        assert found.medicines is None
        assert (found.journal.lines, found.journal.verified_at) == (0, None)
        assert (found.outbox.waiting, found.outbox.sent, found.outbox.failed) == (0, 0, 0)
        assert found.database in {"sqlite", "postgresql"}

    def test_dates_the_latest_verification_and_says_what_it_found(
        self, session, administrator, now
    ):
        robot = system("command line")
        for minutes, verification in enumerate(
            (journal.Verification(0), journal.Verification(4, first_bad_seq=5))
        ):
            at = now + timedelta(minutes=minutes)
            installation.note_verification(session, robot, verification, now=at)
        found = installation.read_installation(session, administrator, now=now).journal
        assert (found.lines, found.is_intact) == (2, False)
        assert found.verified_at == now + timedelta(minutes=1)

    def test_names_the_edition_of_medicines_in_use(self, session, administrator, now):
        for n, is_current in enumerate((False, True)):
            session.add(
                MedicineRelease(
                    source=f"Édition {n}",
                    data_on=date(2026, 1, 26),
                    imported_at=now,
                    medicines=15_799,
                    substances=3,
                    rejected=n,
                    is_current=is_current,
                )
            )
        session.flush()
        found = installation.read_installation(session, administrator, now=now).medicines
        assert (found.source, found.medicines, found.rejected) == ("Édition 1", 15_799, 1)

    def test_counts_the_messages_of_seven_days(self, session, administrator, now):
        ages_and_states = [
            (8, OutboxState.FAILED),
            (6, OutboxState.FAILED),
            (1, OutboxState.SENT),
            (0, OutboxState.WAITING),
            (0, OutboxState.WAITING),
        ]
        for days, state in ages_and_states:
            at = now - timedelta(days=days)
            posted = outbox.post_email(session, to="a@exemple.test", subject="S", text="T", now=at)
            posted.state = state
        session.flush()
        found = installation.read_installation(session, administrator, now=now).outbox
        assert (found.waiting, found.sent, found.failed) == (2, 1, 1)

    def test_is_for_administrators(self, session, doctor, patient_actor, now):
        for actor in (doctor, patient_actor):
            with pytest.raises(Forbidden):
                installation.read_installation(session, actor, now=now)
        with pytest.raises(NotAuthenticated):
            installation.read_installation(session, ANONYMOUS, now=now)


class TestNoteVerification:
    def test_is_for_commands(self, session, administrator, now):
        with pytest.raises(Forbidden):
            installation.note_verification(session, administrator, journal.Verification(0), now=now)

    def test_leaves_the_chain_intact(self, session, now):
        installation.note_verification(
            session, system("command line"), journal.Verification(0), now=now
        )
        assert journal.verify(session) == journal.Verification(1)
