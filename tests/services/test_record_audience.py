"""What a patient's settings come to, counted as the lists of the circle count it."""

import pytest

from app.authz.actor import system
from app.errors import Forbidden
from app.services.access_change import block_professional, give_administrator_status
from app.services.document_query import DocumentFilter, list_documents
from app.services.matrix import ensure_reference_matrix
from app.services.record_audience import get_audience
from app.services.record_settings import change_settings
from tests.documents import make_document

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(autouse=True)
def _documents(session, circle, now):
    ensure_reference_matrix(session, system("test"), now=now)
    for number in range(3):
        make_document(session, circle.patient_actor, circle.patient_id, is_masked=number == 0)


def _seen(session, circle, now):
    audience = get_audience(session, circle.patient_actor, now=now)
    return audience, {each.professional.id: each.documents for each in audience.members}


class TestGetAudience:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_U17_says_of_each_member_what_their_own_list_says(self, session, circle, now):
        give_administrator_status(
            session, circle.patient_actor, circle.doctor.professional_id, now=now
        )
        for step in ("open", "confidential"):
            audience, seen = _seen(session, circle, now)
            for who in (circle.doctor, circle.pharmacist, circle.technician):
                found = list_documents(session, who, circle.patient_id, DocumentFilter(), now=now)
                assert seen[who.professional_id] == len(found.rows), step
            assert (audience.documents, audience.masked) == (3, 1)
            assert seen[circle.doctor.professional_id] == 3
            if step == "open":
                change_settings(
                    session, circle.patient_actor, is_confidential=True, revision=1, now=now
                )
        assert seen[circle.pharmacist.professional_id] == 0
        assert audience.most == 0

    def test_FC17_what_waits_for_its_announcement_is_in_no_count(self, session, circle, now):
        before = _seen(session, circle, now)
        make_document(session, circle.doctor, circle.patient_id, is_hidden_from_patient=True)
        assert _seen(session, circle, now) == before

    def test_whoever_is_blocked_counts_no_more(self, session, circle, now):
        block_professional(
            session,
            circle.patient_actor,
            circle.patient_id,
            circle.pharmacist.professional_id,
            now=now,
        )
        audience, seen = _seen(session, circle, now)
        assert circle.pharmacist.professional_id not in seen
        assert len(audience.members) == 2

    def test_is_the_patients_alone(self, session, circle, now):
        with pytest.raises(Forbidden):
            get_audience(session, circle.doctor, now=now)
