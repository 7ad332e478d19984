"""The banner of a shared record, and what a deposit is prepared with: beside each, who is refused."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from app.authz.actor import system
from app.errors import Forbidden, NotFound
from app.models.journal import JournalEntry
from app.models.professional import Profession
from app.models.record_access import AccessKind, RecordState
from app.services.access_change import block_professional
from app.services.document_readers import (
    find_types,
    list_depositable,
    list_reading_professions,
    list_to_announce,
)
from app.services.matrix import ensure_reference_matrix
from app.services.record_header import get_record, open_record
from app.services.visibility import Relation
from tests import factories
from tests.documents import make_access, make_document, set_settings

LABORATORY, PSYCHIATRIC_SUMMARY = "11502-2", "68599-0"


@pytest.fixture(autouse=True)
def _matrix(session, now):
    ensure_reference_matrix(session, system("test"), now=now)


@pytest.fixture
def outsider(session, now):
    """A doctor who does not follow the patient, in a sign-in of theirs."""
    return replace(factories.make_professional(session, now), session_id=uuid4())


def acts(session, patient) -> list[str]:
    mine = select(JournalEntry.action).where(JournalEntry.patient_id == patient)
    return list(session.exec(mine.order_by(col(JournalEntry.seq).desc())))


class TestTheBanner:
    def test_DM43_a_member_finds_the_follow_up_and_the_documents(
        self, session, doctor, patient, now
    ):
        make_document(session, doctor, patient, now)
        header = open_record(session, doctor, patient, now=now)
        assert (header.is_member, header.relation) == (True, Relation.CARE_TEAM)
        assert (header.documents, header.ends_at) == (1, None)
        assert acts(session, patient)[0] == "patient.opened"

    def test_DM44_an_access_gives_the_identity_and_the_documents_alone(
        self, session, doctor, outsider, patient, now
    ):
        make_document(session, doctor, patient, now)
        ends_at = now + timedelta(hours=24)
        make_access(session, outsider, patient, AccessKind.DECLARED, ends_at, now)
        header = open_record(session, outsider, patient, now=now)
        assert (header.is_member, header.patient.counts) == (False, None)
        assert (header.relation, header.documents) == (Relation.DECLARED, 1)
        assert (header.ends_at, header.patient.may_record) == (ends_at, False)
        assert "patient.opened" not in acts(session, patient)
        with pytest.raises(NotFound):
            get_record(session, outsider, patient, now=ends_at)

    def test_a_stranger_finds_nobody(self, session, outsider, patient, now):
        for asked in (patient, uuid4()):
            with pytest.raises(NotFound, match=r"patient\.not_found"):
                open_record(session, outsider, asked, now=now)

    def test_FC07_a_block_closes_both(self, session, doctor, patient, patient_actor, now):
        block_professional(session, patient_actor, patient, doctor.professional_id, now=now)
        with pytest.raises(NotFound):
            get_record(session, doctor, patient, now=now)

    def test_U27_a_closed_record_leaves_the_follow_up(self, session, doctor, patient, now):
        set_settings(session, patient, state=RecordState.CLOSED)
        header = get_record(session, doctor, patient, now=now)
        assert (header.is_member, header.relation, header.documents) == (True, None, None)

    def test_the_banner_is_for_professionals(self, session, patient, patient_actor, now):
        with pytest.raises(Forbidden):
            get_record(session, patient_actor, patient, now=now)

    def test_FC11_a_minor_is_one_until_18(self, session, doctor, now):
        born = date(now.year - 18, now.month, now.day)
        for birth_date, is_minor in ((born, False), (born + timedelta(days=1), True)):
            patient = factories.make_patient(session, doctor, now=now, birth_date=birth_date)
            assert get_record(session, doctor, patient, now=now).is_minor is is_minor


class TestBeforeADeposit:
    def test_U16_types_are_found_by_first_letters_and_by_code(self, session, doctor, patient, now):
        def found(query):
            kinds = find_types(session, doctor, patient, query, now=now)
            return [kind.code for kind in kinds]

        assert found("Exam BIO") == [LABORATORY]
        assert found("11502") == [LABORATORY]
        assert found("zzz") == []
        assert len(found("")) == len(list_depositable(session, doctor, patient, now=now)) > 50

    def test_DM45_the_matrix_says_who_would_read(self, session, doctor, patient, now):
        def readers(code):
            return list_reading_professions(session, doctor, patient, code, now=now)

        assert readers(PSYCHIATRIC_SUMMARY) == (Profession.DOCTOR,)
        assert Profession.NURSE in readers(LABORATORY)
        assert readers("nothing") == ()

    def test_who_may_not_deposit_is_offered_nothing(self, session, patient, doctor, now):
        technician = factories.make_professional(
            session, now, profession=Profession.PHARMACY_TECHNICIAN
        )
        factories.add_to_circle(session, doctor, patient, technician, now=now)
        assert list_depositable(session, technician, patient, now=now) == ()
        with pytest.raises(Forbidden):
            find_types(session, technician, patient, "", now=now)
        with pytest.raises(Forbidden):
            list_reading_professions(session, technician, patient, LABORATORY, now=now)

    def test_a_stranger_learns_nothing(self, session, outsider, patient, now):
        for ask in (list_depositable, list_to_announce):
            with pytest.raises(NotFound):
                ask(session, outsider, patient, now=now)

    def test_FC17_the_author_is_reminded_on_the_day(self, session, doctor, patient, now):
        today = now.date()
        for title, day in (("today", today), ("later", today + timedelta(days=2)), ("never", None)):
            make_document(
                session,
                doctor,
                patient,
                now,
                title=title,
                is_hidden_from_patient=True,
                announce_on=day,
            )
        due = list_to_announce(session, doctor, patient, now=now)
        assert [each.title for each in due] == ["today"]
        colleague = factories.make_professional(session, now)
        factories.add_to_circle(session, doctor, patient, colleague, now=now)
        assert list_to_announce(session, colleague, patient, now=now) == ()
