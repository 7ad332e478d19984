"""Records that may be one person (U-09, FE-08, FE-12)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.errors import Forbidden, RuleViolation
from app.i18n.enrolment import DUPLICATE_REASONS
from app.models.patient import Patient, PatientMatch, Sex
from app.services import duplicate
from app.services.duplicate import DuplicateReason
from app.services.identity import PatientSheet
from tests import factories

INS = "279035121518989"
SHEET = PatientSheet(
    birth_name="Lefèvre",
    birth_given_names="Jeanne",
    birth_date=date(1958, 6, 4),
    sex=Sex.FEMALE,
    birth_place="Niort",
    phone="+33612345678",
)


def make(session, actor, now, **more):
    values = {
        "birth_name": "Lefèvre",
        "birth_given_names": "Jeanne",
        "birth_date": date(1958, 6, 4),
    }
    return factories.make_patient(session, actor, now=now, **{**values, **more})


class TestFindDuplicates:
    @pytest.mark.parametrize(
        ("record", "reason", "least"),
        [
            ({"birth_name": "LEFEVRE"}, DuplicateReason.SAME_IDENTITY, 98),
            ({"birth_given_names": "Jeanne, Marie"}, DuplicateReason.SAME_IDENTITY, 98),
            (
                {"birth_name": "Besson", "used_name": "Lefèvre"},
                DuplicateReason.SAME_IDENTITY,
                98,
            ),
            ({"birth_date": date(1958, 4, 6)}, DuplicateReason.NEAR_DATE, 90),
            ({"birth_date": date(1985, 6, 4)}, DuplicateReason.NEAR_DATE, 80),
            ({"birth_date": date(1958, 6, 14)}, DuplicateReason.NEAR_DATE, 80),
            ({"birth_date": date(1958, 7, 4)}, DuplicateReason.NEAR_DATE, 80),
            ({"birth_name": "Lefebvre"}, DuplicateReason.NEAR_NAME, 80),
            ({"birth_name": "Lefèvre-Roux"}, DuplicateReason.NEAR_NAME, 80),
            ({"birth_given_names": "Jeannne"}, DuplicateReason.NEAR_NAME, 80),
        ],
    )
    def test_U09_proposes_a_likely_record_of_the_circle(
        self, session, doctor, now, record, reason, least
    ):
        patient = make(session, doctor, now, **record)
        (row,) = duplicate.find_duplicates(session, doctor, SHEET)
        assert (row.patient_id, row.reason) == (patient, reason)
        assert least <= row.relevance <= 100
        assert DUPLICATE_REASONS[row.reason]

    @pytest.mark.parametrize(
        "record",
        [
            {"birth_given_names": "Léo"},
            {"birth_name": "Nguyen"},
            {"birth_date": date(1985, 7, 4)},
            {"birth_name": "Lefebvre", "birth_date": date(1958, 6, 14)},
        ],
    )
    def test_does_not_propose_somebody_else(self, session, doctor, now, record):
        make(session, doctor, now, **record)
        assert duplicate.find_duplicates(session, doctor, SHEET) == []

    def test_the_same_matricule_is_certain(self, session, doctor, now):
        make(session, doctor, now, birth_name="Autre", birth_date=date(2001, 1, 1), ins=INS)
        (row,) = duplicate.find_duplicates(session, doctor, replace(SHEET, ins=INS))
        assert (row.reason, row.relevance, row.has_ins) == (DuplicateReason.SAME_INS, 100, True)

    def test_the_likeliest_comes_first(self, session, doctor, now):
        near = make(session, doctor, now, birth_name="Lefebvre")
        same = make(session, doctor, now)
        rows = duplicate.find_duplicates(session, doctor, SHEET)
        assert [row.patient_id for row in rows] == [same, near]

    def test_FE12_says_nothing_of_other_circles(self, session, doctor, stranger, now):
        make(session, stranger, now, ins=INS)
        assert duplicate.find_duplicates(session, doctor, replace(SHEET, ins=INS)) == []
        duplicate.refuse_same_ins(session, doctor, replace(SHEET, ins=INS))

    def test_is_for_professionals_only(self, session, patient_actor):
        with pytest.raises(Forbidden):
            duplicate.find_duplicates(session, patient_actor, SHEET)


class TestRefuseSameIns:
    def test_another_record_of_the_circle_is_that_person(self, session, doctor, now):
        patient = make(session, doctor, now, ins=INS)
        with pytest.raises(RuleViolation) as caught:
            duplicate.refuse_same_ins(session, doctor, replace(SHEET, ins=INS))
        assert (caught.value.code, caught.value.context) == (
            "patient.same_ins",
            {"patient_id": patient},
        )
        duplicate.refuse_same_ins(session, doctor, replace(SHEET, ins=INS), except_id=patient)


class TestRecordMatches:
    def test_FE12_keeps_a_likeness_wherever_it_is(self, session, doctor, stranger, now):
        elsewhere = make(session, stranger, now)
        same_ins = make(session, stranger, now, birth_name="Autre", ins=INS)
        mine = make(session, doctor, now, ins=INS)
        for _ in range(2):
            duplicate.record_matches(session, doctor, session.get_one(Patient, mine), now=now)
            session.flush()
        rows = session.execute(select(PatientMatch)).scalars().all()
        assert {(row.patient_id, row.other_id, row.reason) for row in rows} == {
            (mine, elsewhere, "same_identity"),
            (mine, same_ins, "same_ins"),
        }
        assert len(rows) == 2


class TestSound:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("philippe", "filip"), ("gauthier", "gautier"), ("dupont", "dupond"), ("meyer", "mayer")],
    )
    def test_names_that_sound_alike_share_a_key(self, one, other):
        assert duplicate.sound_of(one) == duplicate.sound_of(other)

    def test_others_do_not(self):
        assert duplicate.sound_of("lea") != duplicate.sound_of("leo")
