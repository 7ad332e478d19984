"""Places of practice of one's own account (MM-11 to MM-14, MM-26)."""

from uuid import uuid4

import pytest
from sqlmodel import Session

from app.errors import Forbidden, Invalid, NotAuthenticated, NotFound, RuleViolation
from app.models.professional import Professional
from app.services import practice as practices
from app.services.practice import PlaceFields
from tests import factories
from tests.services.registrations import laboratory, visitor

OFFICE = PlaceFields(name="Cabinet des Halles", city="Niort", postcode="79000")


@pytest.fixture
def added(session: Session, doctor, now):
    where = laboratory(session, now).id
    key = practices.add_practice(session, doctor, OFFICE, laboratory_id=where, key=uuid4(), now=now)
    return key, where


class TestPractices:
    def test_the_first_one_is_shown_beside_the_name(self, session, doctor, added, now):
        row = practices.list_practices(session, doctor, doctor.account_id, now=now)[0]
        assert (row.name, row.laboratory) == ("Cabinet des Halles", "Medipath Niort")
        professional = session.get_one(Professional, doctor.professional_id)
        assert (professional.place_name, professional.place_city) == ("Cabinet des Halles", "Niort")

    def test_S143_one_place_per_key(self, session, doctor, added, now):
        key, where = added
        practices.add_practice(session, doctor, OFFICE, laboratory_id=where, key=key, now=now)
        assert len(practices.list_practices(session, doctor, doctor.account_id, now=now)) == 1

    def test_MM13_an_establishment_is_there_once_with_one_laboratory(
        self, session, doctor, added, now
    ):
        clinic, other = (laboratory(session, now) for _ in range(2))
        place = PlaceFields(name=clinic.name, city=clinic.city, facility_id=clinic.id)
        for where in (added[1], other.id):
            practices.add_practice(
                session, doctor, place, laboratory_id=where, key=uuid4(), now=now
            )
        rows = practices.list_practices(session, doctor, doctor.account_id, now=now)
        assert [row.laboratory_id for row in rows] == [added[1], other.id]

    def test_MM13_a_partner_laboratory_must_be_chosen(self, session, doctor, added, now):
        for wrong, code in ((None, "laboratory_missing"), (uuid4(), "laboratory_unknown")):
            with pytest.raises(Invalid) as raised:
                practices.set_laboratory(session, doctor, added[0], wrong, now=now)
            assert raised.value.fields == {"laboratory_id": f"practice.{code}"}

    def test_MM11_the_last_place_stays(self, session, doctor, added, now):
        with pytest.raises(RuleViolation, match=r"practice\.last_one"):
            practices.remove_practice(session, doctor, added[0], now=now)
        other = PlaceFields(name="Clinique", city="Niort")
        practices.add_practice(session, doctor, other, laboratory_id=added[1], key=uuid4(), now=now)
        practices.remove_practice(session, doctor, added[0], now=now)
        professional = session.get_one(Professional, doctor.professional_id)
        assert professional.place_name == "Clinique"

    def test_a_place_of_somebody_else_is_absent(self, session, stranger, added, now):
        with pytest.raises(NotFound):
            practices.remove_practice(session, stranger, added[0], now=now)

    def test_only_administrators_read_those_of_others(self, session, doctor, stranger, added, now):
        with pytest.raises(Forbidden):
            practices.list_practices(session, stranger, doctor.account_id, now=now)
        admin = factories.make_administrator(session, now)
        assert practices.list_practices(session, admin, doctor.account_id, now=now)
        with pytest.raises(NotAuthenticated):
            practices.list_practices(session, visitor(), doctor.account_id, now=now)
