"""What patients see of themselves on their page."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.errors import Forbidden, NotAuthenticated
from app.models.consent import ConsentKind
from app.models.journal import JournalEntry
from app.services import own_record
from tests import factories


class TestOwnRecord:
    def test_shows_the_circle_and_nothing_to_do(
        self, session, doctor, pharmacist, patient_actor, now
    ):
        members = own_record.my_circle(session, patient_actor, now=now)
        assert [row.professional.id for row in members] == [
            doctor.professional_id,
            pharmacist.professional_id,
        ]
        assert not any(row.may_remove or row.is_me for row in members)

    def test_shows_the_consents(self, session, patient_actor, now):
        rows = own_record.my_consents(session, patient_actor, now=now)
        assert {row.kind for row in rows} == {ConsentKind.ENROLMENT, ConsentKind.CIRCLE_ADDITION}

    def test_shows_nothing_of_another_patient(self, session, stranger, patient_actor, now):
        other = factories.make_patient(session, stranger, now=now)
        theirs = factories.make_patient_actor(session, other, now)
        assert [row.professional.id for row in own_record.my_circle(session, theirs, now=now)] == [
            stranger.professional_id
        ]

    def test_leaves_lines_on_the_own_record(self, session, patient, patient_actor, now):
        own_record.my_circle(session, patient_actor, now=now)
        own_record.my_consents(session, patient_actor, now=now)
        found = session.execute(
            select(col(JournalEntry.action), col(JournalEntry.ground))
            .where(col(JournalEntry.patient_id) == patient)
            .order_by(col(JournalEntry.seq))
        ).all()
        assert found == [
            ("own_record.circle_read", "own_record"),
            ("own_record.consents_read", "own_record"),
        ]

    @pytest.mark.parametrize("read", [own_record.my_circle, own_record.my_consents])
    def test_is_for_patients_only(self, session, doctor, now, read):
        with pytest.raises(Forbidden):
            read(session, doctor, now=now)
        with pytest.raises(Forbidden):
            read(session, factories.make_administrator(session, now), now=now)
        with pytest.raises(NotAuthenticated):
            read(session, ANONYMOUS, now=now)
