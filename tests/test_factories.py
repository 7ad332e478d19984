"""The factories give valid objects, and the fixtures the circle they promise."""

from app.authz import policies
from app.services.identifiers import is_rpps
from tests import factories


class TestFactories:
    def test_every_rpps_is_valid_and_unique(self):
        numbers = [factories.unique_rpps() for _ in range(50)]
        assert len(set(numbers)) == len(numbers)
        assert all(is_rpps(number) for number in numbers)

    def test_patient_belongs_to_the_circle_and_to_nobody_else(
        self, session, doctor, pharmacist, stranger, patient, patient_actor
    ):
        assert policies.may_record_follow_up(session, doctor, patient)
        assert policies.may_record_follow_up(session, pharmacist, patient)
        assert policies.may_read_patient(session, patient_actor, patient)
        assert not policies.may_read_patient(session, stranger, patient)

    def test_patient_has_one_followed_treatment(self, session, doctor, patient):
        first = factories.first_treatment(session, patient)
        assert factories.make_treatment(session, doctor, patient) != first
