"""The authorisation matrix: what each profession reads and deposits, since when (DM-45, FC-21 to FC-24)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.authz.actor import ANONYMOUS, system
from app.authz.policies import ASSESSING_PROFESSIONS
from app.errors import Forbidden
from app.models.matrix import MatrixVersion
from app.models.professional import Profession
from app.services.document_type import Depositor, all_types
from app.services.matrix import depositable_types, ensure_reference_matrix, readable_types

TODAY = date(2026, 3, 10)
DOCTOR, PHARMACIST, NURSE, DENTIST = (
    Profession.DOCTOR,
    Profession.PHARMACIST,
    Profession.NURSE,
    Profession.DENTIST,
)
READERS = {DOCTOR, PHARMACIST, NURSE, Profession.PSYCHIATRIC_NURSE, DENTIST}
# FC-23: code, then doctor, pharmacist, nurse, dentist. No value given: refused.
GIVEN = {
    "ATTEST-RESID": "n---",
    "75496-0": "y-nn",
    "68599-0": "y-nn",
    "83901-9": "y-nn",
    "68817-6": "y-n-",
    "89601-9": "y-n-",
    "80788-3": "y--n",
    "83981-1": "y-yn",
    "15507-7": "ymym",
    "11502-2": "ymym",
    "47420-5": "ymym",
    "56445-0": "ymym",
    "PROT_ALD": "ymym",
}


@pytest.fixture
def matrix(session, now):
    ensure_reference_matrix(session, system("test"), now=now)


@pytest.mark.databases("sqlite", "postgresql")
class TestReadableTypes:
    def test_FC23_every_cell_of_the_public_texts(self, session, matrix):
        for n, profession in enumerate((DOCTOR, PHARMACIST, NURSE, DENTIST)):
            readable = readable_types(session, profession, on=TODAY)
            expected = {code for code, row in GIVEN.items() if row[n] in "ym"}
            assert readable & GIVEN.keys() == expected
            assert {each.code for each in all_types()} - GIVEN.keys() <= readable

    def test_everybody_else_reads_nothing(self, session, matrix):
        for profession in set(Profession) - READERS:
            assert readable_types(session, profession, on=TODAY) == frozenset()

    def test_FC24_a_secretariat_reads_nothing(self, session, matrix):
        assert readable_types(session, None, on=TODAY) == frozenset()

    def test_without_any_version_nothing_is_readable(self, session):
        assert readable_types(session, DOCTOR, on=TODAY) == frozenset()

    def test_a_version_holds_from_its_day_on(self, session, matrix, now):
        tomorrow = TODAY + timedelta(days=1)
        session.add(MatrixVersion(number=2, effective_on=tomorrow, published_at=now))
        session.flush()
        assert "34112-3" in readable_types(session, DOCTOR, on=TODAY)
        assert readable_types(session, DOCTOR, on=tomorrow) == frozenset()


class TestDepositableTypes:
    def test_FC08_those_who_assess_deposit_what_professionals_make(self, session, matrix):
        made = {each.code for each in all_types() if each.depositor is Depositor.PROFESSIONAL}
        for profession in Profession:
            expected = made if profession in ASSESSING_PROFESSIONS else frozenset()
            assert depositable_types(session, profession, on=TODAY) == expected


class TestEnsureReferenceMatrix:
    def test_a_second_start_changes_nothing(self, session, matrix, now):
        ensure_reference_matrix(session, system("test"), now=now)
        assert [version.number for version in session.exec(select(MatrixVersion))] == [1]

    def test_is_not_for_a_person(self, session, now):
        with pytest.raises(Forbidden):
            ensure_reference_matrix(session, ANONYMOUS, now=now)
