"""A patient's record: opened, shown, edited (CX-18, CX-22, FE-10)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RuleViolation,
    Unusual,
)
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.journal import JournalEntry, JournalKind
from app.models.patient import IdentityProof, IdentityStatus, Patient, PatientMatch, Sex
from app.models.professional import Profession
from app.services import patient as patients, patient_list
from tests import factories

INS = "279035121518989"


def lines(session, patient_id):
    return session.execute(
        select(col(JournalEntry.kind), col(JournalEntry.action), col(JournalEntry.account_id))
        .where(col(JournalEntry.patient_id) == patient_id)
        .order_by(col(JournalEntry.seq))
    ).all()


class TestOpenPatient:
    def test_CX18_shows_the_banner_and_counts(self, session, doctor, patient, now):
        factories.make_treatment(session, doctor, patient)
        factories.make_treatment(session, doctor, patient, removed_at=now)
        for kind, superseded_at in (
            (EntryKind.TOLERANCE, None),
            (EntryKind.TOLERANCE, now),
            (EntryKind.ADHERENCE, None),
        ):
            session.add(
                Entry(
                    patient_id=patient,
                    kind=kind,
                    author_id=doctor.professional_id,
                    occurred_on=now.date(),
                    recorded_at=now,
                    first_recorded_at=now,
                    superseded_at=superseded_at,
                )
            )
        session.flush()
        header = patients.open_patient(session, doctor, patient, now=now)
        assert (header.birth_name, header.used_name, header.given_name) == (
            "Lefèvre",
            "Besson",
            "Jeanne",
        )
        assert (header.birth_date, header.sex) == (date(1958, 6, 4), Sex.FEMALE)
        assert header.identity_status is IdentityStatus.PROVISIONAL
        assert header.may_record
        assert header.counts == patients.PatientCounts(
            members=2, treatments=2, tolerance=1, interaction=0, adherence=1, entries=3
        )

    def test_S130_leaves_a_line_and_remembers_the_opening(
        self, session, doctor, pharmacist, patient, now
    ):
        patients.open_patient(session, doctor, patient, now=now)
        assert lines(session, patient) == [(JournalKind.READ, "patient.opened", doctor.account_id)]
        opened = dict(
            session.execute(
                select(col(CareLink.professional_id), col(CareLink.opened_at)).where(
                    col(CareLink.patient_id) == patient
                )
            ).all()
        )
        assert opened == {doctor.professional_id: now, pharmacist.professional_id: None}

    def test_a_stranger_is_told_what_an_absent_id_is_told(
        self, session, doctor, stranger, patient, now
    ):
        for actor, patient_id in ((stranger, patient), (doctor, uuid4())):
            with pytest.raises(NotFound) as caught:
                patients.open_patient(session, actor, patient_id, now=now)
            assert (caught.value.code, caught.value.context) == ("patient.not_found", {})
        assert lines(session, patient) == []

    def test_patients_open_their_own_record_and_no_other(
        self, session, patient, patient_actor, stranger, now
    ):
        header = patients.open_patient(session, patient_actor, patient, now=now)
        assert (header.id, header.may_record) == (patient, False)
        other = factories.make_patient(session, stranger, now=now)
        with pytest.raises(NotFound):
            patients.open_patient(session, patient_actor, other, now=now)

    def test_nobody_and_administrators_open_nothing(self, session, patient, now):
        with pytest.raises(NotAuthenticated):
            patients.open_patient(session, ANONYMOUS, patient, now=now)
        with pytest.raises(NotFound):
            patients.open_patient(
                session, factories.make_administrator(session, now), patient, now=now
            )

    def test_the_banner_alone_leaves_no_line(self, session, doctor, patient, now):
        assert patients.get_header(session, doctor, patient).id == patient
        assert lines(session, patient) == []

    def test_a_technician_reads_and_does_not_record(self, session, doctor, patient, now):
        technician = factories.make_professional(
            session, now, profession=Profession.PHARMACY_TECHNICIAN
        )
        factories.add_to_circle(session, doctor, patient, technician, now=now)
        assert not patients.get_header(session, technician, patient).may_record


class TestGetFile:
    def test_shows_the_whole_sheet_and_leaves_a_line(self, session, doctor, patient, now):
        shown = patients.get_file(session, doctor, patient, now=now)
        assert (shown.sheet.birth_name, shown.sheet.phone) == ("Lefèvre", "+33612345678")
        assert (shown.version, shown.is_locked) == (1, False)
        assert [line[1] for line in lines(session, patient)] == ["patient.sheet_read"]

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            patients.get_file(session, stranger, patient, now=now)


@pytest.fixture
def sheet(session, doctor, patient, now):
    return patients.get_file(session, doctor, patient, now=now).sheet


def edit(session, actor, patient, sheet, now, **more):
    values = {"sheet": sheet, "version": 1, "now": now, **more}
    return patients.edit_patient(session, actor, patient, **values)


class TestEditPatient:
    def test_CX22_changes_the_sheet_and_what_is_read_from_it(
        self, session, doctor, pharmacist, patient, sheet, now
    ):
        changed = replace(sheet, birth_name="Moreau", phone="07 00 00 00 01")
        assert edit(session, pharmacist, patient, changed, now) == 2
        shown = patients.get_file(session, doctor, patient, now=now)
        assert (shown.sheet.birth_name, shown.sheet.phone) == ("Moreau", "+33700000001")
        for member in (doctor, pharmacist):
            page = patient_list.list_patients(session, member, query="moreau", now=now)
            assert [row.id for row in page.rows] == [patient]
            assert patient_list.list_patients(session, member, query="lefevre", now=now).total == 0
        names = session.execute(
            select(col(CareLink.sort_name)).where(col(CareLink.patient_id) == patient)
        ).scalars()
        assert set(names) == {"moreau jeanne"}
        assert session.get_one(Patient, patient).match_name == "moreau jeanne"

    def test_leaves_a_line_without_content(self, session, doctor, patient, sheet, now):
        edit(session, doctor, patient, replace(sheet, email="a@b.fr"), now)
        assert lines(session, patient)[-1][:2] == (JournalKind.CHANGE, "patient.edited")

    def test_nothing_changed_is_no_new_version(self, session, doctor, patient, sheet, now):
        assert edit(session, doctor, patient, sheet, now) == 1
        assert "patient.edited" not in {line[1] for line in lines(session, patient)}

    def test_S143_a_second_submit_of_the_same_form_is_a_conflict(
        self, session, doctor, pharmacist, patient, sheet, now
    ):
        edit(session, doctor, patient, replace(sheet, email="a@b.fr"), now)
        with pytest.raises(Conflict):
            edit(session, pharmacist, patient, replace(sheet, email="c@d.fr"), now)
        assert session.get_one(Patient, patient).email == "a@b.fr"

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, sheet, now):
        with pytest.raises(NotFound):
            edit(session, stranger, patient, sheet, now)

    def test_is_for_professionals(self, session, patient, patient_actor, sheet, now):
        with pytest.raises(Forbidden):
            edit(session, patient_actor, patient, sheet, now)

    def test_refuses_what_cannot_be_read(self, session, doctor, patient, sheet, now):
        with pytest.raises(Invalid) as caught:
            edit(session, doctor, patient, replace(sheet, birth_name="", phone="1"), now)
        assert set(caught.value.fields) == {"birth_name", "phone"}

    def test_asks_about_what_is_unusual_only_when_the_identity_changes(
        self, session, doctor, patient, sheet, now
    ):
        old = replace(sheet, birth_date=date(1912, 6, 4))
        with pytest.raises(Unusual):
            edit(session, doctor, patient, old, now)
        assert edit(session, doctor, patient, old, now, confirmed=True) == 2
        again = replace(old, email="a@b.fr")
        assert edit(session, doctor, patient, again, now, version=2) == 3

    def test_FE06_a_proof_makes_the_identity_validated(self, session, doctor, patient, sheet, now):
        proven = replace(sheet, proof=IdentityProof.PASSPORT)
        edit(session, doctor, patient, proven, now)
        shown = patients.get_file(session, doctor, patient, now=now)
        assert shown.identity_status is IdentityStatus.VALIDATED
        assert shown.proof_checked_at == now
        later = now + timedelta(days=1)
        edit(session, doctor, patient, replace(proven, email="a@b.fr"), later, version=2)
        assert session.get_one(Patient, patient).proof_checked_at == now
        edit(
            session,
            doctor,
            patient,
            replace(proven, email="a@b.fr", birth_place="Melle"),
            later,
            version=3,
        )
        assert session.get_one(Patient, patient).proof_checked_at == later

    @pytest.mark.parametrize(
        "change",
        [{"birth_name": "Autre"}, {"sex": Sex.MALE}, {"proof": IdentityProof.NONE}, {"ins": ""}],
    )
    def test_FE10_a_qualified_identity_is_read_only(
        self, session, doctor, patient, sheet, now, change
    ):
        qualified = replace(
            sheet, proof=IdentityProof.PASSPORT, ins=INS, birth_date=date(1979, 3, 28)
        )
        edit(session, doctor, patient, qualified, now)
        session.execute(
            update(Patient).where(col(Patient.id) == patient).values(ins_retrieved_at=now)
        )
        session.expire_all()
        assert patients.get_file(session, doctor, patient, now=now).is_locked
        with pytest.raises(RuleViolation) as caught:
            edit(session, doctor, patient, replace(qualified, **change), now, version=2)
        assert caught.value.code == "identity.qualified_locked"
        kept = replace(qualified, used_name="Besnard", phone="07 00 00 00 01")
        assert edit(session, doctor, patient, kept, now, version=2) == 3

    def test_another_matricule_is_to_be_retrieved_again(self, session, doctor, patient, sheet, now):
        session.execute(
            update(Patient).where(col(Patient.id) == patient).values(ins=INS, ins_retrieved_at=now)
        )
        session.expire_all()
        edit(session, doctor, patient, replace(sheet, ins=""), now)
        assert session.get_one(Patient, patient).ins_retrieved_at is None

    def test_refuses_the_matricule_of_another_of_the_circle(
        self, session, doctor, stranger, patient, sheet, now
    ):
        factories.make_patient(session, doctor, now=now, ins=INS)
        with pytest.raises(RuleViolation) as caught:
            edit(session, doctor, patient, replace(sheet, ins=INS), now, confirmed=True)
        assert caught.value.code == "patient.same_ins"

    def test_FE12_a_likeness_elsewhere_is_kept_and_not_told(
        self, session, doctor, stranger, patient, sheet, now
    ):
        elsewhere = factories.make_patient(session, stranger, now=now, ins=INS)
        edit(session, doctor, patient, replace(sheet, ins=INS), now, confirmed=True)
        rows = session.execute(select(PatientMatch)).scalars().all()
        assert [(row.patient_id, row.other_id) for row in rows] == [(patient, elsewhere)]
