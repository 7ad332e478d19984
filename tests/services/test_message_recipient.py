"""Whom one may write to, and who is found when a name is typed."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.errors import Forbidden, NotFound, RuleViolation
from app.models.account import Account, AccountState
from app.models.facility import Facility, FacilityKind
from app.models.message import Priority
from app.models.outbox import OutboxMessage
from app.models.practice import Practice
from app.services.access_change import block_professional
from app.services.exchange import end_exchanges
from app.services.message_recipient_search import RecipientGroup, search_recipients
from tests import factories
from tests.messages import patient, professional, write

pytestmark = pytest.mark.databases("sqlite")


class TestRecipients:
    def _refused(self, session, actor, code, *recipients, now, **fields):
        with pytest.raises(RuleViolation) as failure:
            write(session, actor, *recipients, now=now, **fields)
        assert failure.value.code == code

    def test_ME171_a_patient_does_not_write_first(self, session, circle, now):
        doctor = professional(circle.doctor)
        self._refused(session, circle.patient_actor, "message.recipient_ended", doctor, now=now)
        assert search_recipients(session, circle.patient_actor, "", now=now) == []

    def test_ME162_then_writes_to_who_wrote_and_only_to_one(self, session, circle, now):
        for actor in (circle.pharmacist, circle.doctor):
            write(session, actor, patient(circle.patient_id), now=now)
        names = [
            each.card.family_name
            for each in search_recipients(session, circle.patient_actor, "", now=now)
        ]
        assert names == ["Haddad", "Martin"]
        (one,) = search_recipients(session, circle.patient_actor, "cla mart", now=now)
        assert one.card.given_name == "Claire"
        write(session, circle.patient_actor, str(one.card.party), now=now)
        self._refused(
            session,
            circle.patient_actor,
            "message.one_recipient",
            professional(circle.doctor),
            professional(circle.pharmacist),
            now=now,
        )

    def test_ME167_not_to_who_ended_was_blocked_left_or_closed(self, session, circle, now):
        for actor in (circle.pharmacist, circle.doctor, circle.technician):
            write(session, actor, patient(circle.patient_id), now=now)
        end_exchanges(session, circle.doctor, circle.patient_id, now=now)
        block_professional(
            session,
            circle.patient_actor,
            circle.patient_id,
            circle.pharmacist.professional_id,
            now=now,
        )
        session.get_one(Account, circle.technician.account_id).state = AccountState.CLOSED
        session.flush()
        assert search_recipients(session, circle.patient_actor, "", now=now) == []
        for actor in (circle.doctor, circle.pharmacist, circle.technician):
            self._refused(
                session,
                circle.patient_actor,
                "message.recipient_ended",
                professional(actor),
                now=now,
            )

    def test_D16_may_write_first_where_the_establishment_chose_so(self, session, circle, now):
        facility = Facility(
            kind=FacilityKind.LOCAL,
            name="Pharmacie",
            sort_name="pharmacie",
            words=" pharmacie",
            accepts_first_messages=True,
            updated_at=now,
        )
        session.add(facility)
        session.flush()
        session.add(
            Practice(
                account_id=circle.pharmacist.account_id,
                facility_id=facility.id,
                name="Pharmacie",
                position=1,
                created_at=now,
            )
        )
        session.flush()
        assert write(session, circle.patient_actor, professional(circle.pharmacist), now=now).is_new

    def test_a_professional_writes_to_their_patients_who_can_read(self, session, circle, now):
        sent = write(session, circle.doctor, patient(circle.patient_id), now=now)
        assert sent.is_new
        mail = session.exec(select(OutboxMessage)).scalars().all()[-1]
        assert "Point de suivi" not in mail.subject + mail.text
        other = factories.make_patient(session, circle.doctor, now=now)
        self._refused(session, circle.doctor, "message.recipient_inactive", patient(other), now=now)

    def test_S061_somebody_elses_patient_is_absent(self, session, circle, now):
        for key in (circle.patient_id, uuid4()):
            with pytest.raises(NotFound) as failure:
                write(session, circle.stranger, patient(key), now=now)
            assert failure.value.code == "patient.not_found"

    def test_a_message_about_a_patient_stays_in_the_circle(self, session, circle, now):
        about = {"about_patient_id": circle.patient_id, "now": now}
        self._refused(
            session, circle.doctor, "message.outside_circle", professional(circle.stranger), **about
        )
        self._refused(
            session,
            circle.doctor,
            "message.outside_circle",
            patient(circle.patient_id),
            professional(circle.stranger),
            now=now,
        )
        assert write(session, circle.doctor, professional(circle.pharmacist), **about).is_new

    def test_one_patient_at_most_and_never_oneself(self, session, circle, now):
        other = factories.make_patient(session, circle.doctor, now=now)
        self._refused(
            session,
            circle.doctor,
            "message.one_patient",
            patient(circle.patient_id),
            patient(other),
            now=now,
        )
        self._refused(
            session, circle.doctor, "message.to_oneself", professional(circle.doctor), now=now
        )

    def test_the_circle_first_then_the_directory_then_patients(self, session, circle, now):
        found = search_recipients(session, circle.doctor, "ha", now=now)
        assert [each.group for each in found if each.card.family_name == "Haddad"] == [
            RecipientGroup.CIRCLE
        ]
        (far,) = search_recipients(session, circle.doctor, "caradec", now=now)
        assert far.group is RecipientGroup.DIRECTORY
        inside = search_recipients(
            session, circle.doctor, "", about_patient_id=circle.patient_id, now=now
        )
        assert {each.card.family_name for each in inside} >= {"Haddad", "Roy"}
        assert "Caradec" not in {each.card.family_name for each in inside}
        with pytest.raises(NotFound):
            search_recipients(
                session, circle.stranger, "", about_patient_id=circle.patient_id, now=now
            )

    def test_the_welcome_message_is_answered_by_nobody(self, session, circle, now):
        secretary = factories.make_secretary(session, now)
        with pytest.raises(Forbidden):
            write(session, secretary, professional(circle.doctor), now=now)
        assert Priority.CONTACT < Priority.INFORMATION
