"""Enrolling a patient: three steps, one act (CX-10 to CX-17, D-01)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.db import unit_of_work
from app.errors import (
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RuleViolation,
    Unusual,
)
from app.i18n import messages
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind, ConsentMode
from app.models.entry import Entry, EntryKind
from app.models.journal import JournalEntry
from app.models.patient import IdentityProof, Patient, PatientMatch, Sex
from app.models.professional import Profession
from app.models.treatment import Treatment
from app.services import draft, enrolment, journal, patient as patients, patient_list
from app.services.consent import NewConsent
from app.services.identity import PatientSheet
from app.services.treatment_input import NewTreatment
from tests import factories

INS = "279035121518989"
SHEET = PatientSheet(
    birth_name="Lefèvre",
    birth_given_names="Jeanne",
    birth_date=date(1958, 6, 4),
    sex=Sex.FEMALE,
    birth_place="Niort",
    used_name="Besson",
    phone="06 12 34 56 78",
)


@pytest.fixture
def notice_id(session, now):
    return factories.make_notice(session, now)


@pytest.fixture
def form(notice_id):
    """The whole form as a browser sends it."""
    return {
        "birth_name": "Lefèvre",
        "birth_given_names": "Jeanne",
        "used_name": "Besson",
        "birth_day": "4",
        "birth_month": "6",
        "birth_year": "1958",
        "sex": "female",
        "birth_place": "Niort",
        "proof": "passport",
        "phone": "06 12 34 56 78",
        "treatment_1_label": "Palbociclib 125 mg",
        "treatment_1_started_on_day": "1",
        "treatment_1_started_on_month": "2",
        "treatment_1_started_on_year": "2026",
        "consent_given": "on",
        "consent_mode": "oral",
        "consent_day": "10",
        "consent_month": "3",
        "consent_year": "2026",
        "notice_id": str(notice_id),
        "notice_day": "10",
        "notice_month": "3",
        "notice_year": "2026",
    }


@pytest.fixture
def enrol(session, doctor, notice_id, now):
    """Enrol with everything right, save what a test changes."""

    def act(actor=doctor, **changes):
        values = {
            "key": uuid4(),
            "sheet": SHEET,
            "treatments": [NewTreatment(date(2026, 2, 1), label="Palbociclib 125 mg")],
            "consent": NewConsent(ConsentMode.ORAL, now.date(), notice_id, now.date()),
            "now": now,
        }
        return enrolment.enrol_patient(session, actor, **{**values, **changes})

    return act


def nothing_exists(session) -> bool:
    tables = (Patient, CareLink, Consent, Entry, Treatment)
    return not any(
        session.execute(select(func.count()).select_from(table)).scalar() for table in tables
    )


class TestEnrolPatient:
    def test_CX10_creates_everything_in_one_act(self, session, doctor, enrol, now):
        patient_id = enrol()
        record = session.get_one(Patient, patient_id)
        assert (record.birth_name, record.used_name, record.phone) == (
            "Lefèvre",
            "Besson",
            "+33612345678",
        )
        assert record.match_name == "lefevre jeanne"
        link = session.execute(select(CareLink)).scalar_one()
        assert (link.patient_id, link.professional_id, link.added_by_id) == (
            patient_id,
            doctor.professional_id,
            doctor.professional_id,
        )
        consent = session.execute(select(Consent)).scalar_one()
        assert (consent.kind, consent.for_professional_id) == (
            ConsentKind.ENROLMENT,
            doctor.professional_id,
        )
        treatment = session.execute(select(Treatment)).scalar_one()
        assert (treatment.label, treatment.is_followed) == ("Palbociclib 125 mg", True)

    def test_CX26_the_chronology_begins_with_the_enrolment(self, session, doctor, enrol, now):
        patient_id = enrol()
        entry = session.execute(
            select(Entry).where(col(Entry.kind) == EntryKind.ENROLMENT)
        ).scalar_one()
        assert (entry.patient_id, entry.author_id, entry.occurred_on) == (
            patient_id,
            doctor.professional_id,
            now.date(),
        )

    def test_CX18_the_author_finds_the_patient_at_once(self, session, doctor, enrol, now):
        patient_id = enrol()
        (row,) = patient_list.list_patients(session, doctor, query="besson 1958", now=now).rows
        assert (row.id, row.unread_count, row.last_entry_on) == (patient_id, 0, now.date())
        assert row.treatments == ("Palbociclib 125 mg",)
        counts = patients.open_patient(session, doctor, patient_id, now=now).counts
        assert (counts.members, counts.treatments) == (1, 1)

    def test_a_stranger_sees_nothing_of_it(self, session, stranger, enrol, now):
        patient_id = enrol()
        assert patient_list.list_patients(session, stranger, now=now).total == 0
        with pytest.raises(NotFound):
            patients.open_patient(session, stranger, patient_id, now=now)

    def test_leaves_lines_without_content(self, session, enrol):
        patient_id = enrol()
        actions = session.execute(
            select(col(JournalEntry.action)).where(col(JournalEntry.patient_id) == patient_id)
        ).scalars()
        assert {"patient.enrolled", "consent.recorded", "treatment.added"} <= set(actions)

    def test_S143_a_double_click_enrols_once(self, session, enrol):
        key = uuid4()
        first = enrol(key=key)
        assert enrol(key=key) == first
        assert session.execute(select(func.count()).select_from(Patient)).scalar() == 1

    def test_two_forms_are_two_patients(self, session, enrol):
        assert enrol() != enrol(duplicate_confirmed=True)

    def test_forgets_the_draft(self, session, doctor, enrol, now):
        draft.save_draft(session, doctor, enrolment.FORM, "", {"birth_name": "Lef"}, now=now)
        enrol()
        assert draft.load_draft(session, doctor, enrolment.FORM, "") == {}

    def test_a_technician_may_not_enrol(self, session, enrol, now):
        technician = factories.make_professional(
            session, now, profession=Profession.PHARMACY_TECHNICIAN
        )
        with pytest.raises(Forbidden) as caught:
            enrol(technician)
        assert caught.value.code == "enrolment.forbidden"

    def test_is_for_professionals(self, session, stranger, enrol, now):
        other = factories.make_patient(session, stranger, now=now)
        with pytest.raises(Forbidden):
            enrol(factories.make_patient_actor(session, other, now))
        with pytest.raises(NotAuthenticated):
            enrol(ANONYMOUS)

    def test_D01_needs_a_followed_treatment(self, session, enrol):
        for treatments in ([], [NewTreatment(date(2026, 2, 1), label="A", is_followed=False)]):
            with pytest.raises(Invalid) as caught:
                enrol(treatments=treatments)
            assert caught.value.fields == {"treatment_1_label": "treatment.label_missing"}
        assert nothing_exists(session)

    def test_CX17_nothing_without_a_sound_consent(self, session, enrol, notice_id, now):
        tomorrow = now.date() + timedelta(days=1)
        for consent in (
            NewConsent(ConsentMode.ORAL, tomorrow, notice_id, now.date()),
            NewConsent(ConsentMode.ORAL, now.date(), uuid4(), now.date()),
        ):
            with pytest.raises(Invalid):
                enrol(consent=consent)
        assert nothing_exists(session)

    def test_refuses_a_sheet_that_cannot_be(self, session, enrol):
        with pytest.raises(Invalid) as caught:
            enrol(sheet=replace(SHEET, birth_place="", phone=""))
        assert set(caught.value.fields) == {"birth_place", "phone"}
        assert nothing_exists(session)

    def test_asks_about_what_is_unusual(self, session, enrol):
        sheet = replace(SHEET, birth_date=date(1912, 6, 4))
        with pytest.raises(Unusual):
            enrol(sheet=sheet)
        assert nothing_exists(session)
        assert enrol(sheet=sheet, confirmed=True)

    def test_U09_asks_about_a_likely_duplicate_of_the_circle(self, session, enrol):
        enrol()
        with pytest.raises(Unusual) as caught:
            enrol(sheet=replace(SHEET, birth_name="Lefebvre"))
        assert caught.value.code == "enrolment.duplicate_possible"
        assert messages.sentence_of(caught.value)
        assert enrol(sheet=replace(SHEET, birth_name="Lefebvre"), duplicate_confirmed=True)

    def test_U09_the_same_matricule_is_the_same_person(self, session, enrol):
        sheet = replace(SHEET, ins=INS, birth_date=date(1979, 3, 28))
        enrol(sheet=sheet)
        with pytest.raises(RuleViolation) as caught:
            enrol(sheet=sheet, duplicate_confirmed=True, confirmed=True)
        assert caught.value.code == "patient.same_ins"

    def test_FE12_nothing_tells_of_the_same_person_elsewhere(self, session, stranger, enrol):
        sheet = replace(SHEET, ins=INS, birth_date=date(1979, 3, 28))
        theirs = enrol(stranger, sheet=sheet)
        mine = enrol(sheet=sheet)
        match = session.execute(select(PatientMatch)).scalar_one()
        assert (match.patient_id, match.other_id, match.reason) == (mine, theirs, "same_ins")

    def test_FE06_a_proof_is_dated(self, session, enrol, now):
        patient_id = enrol(sheet=replace(SHEET, proof=IdentityProof.IDENTITY_CARD))
        assert session.get_one(Patient, patient_id).proof_checked_at == now


class TestSteps:
    def test_CX11_the_first_step_answers_with_the_sheet_and_likely_duplicates(
        self, session, doctor, form, enrol, now
    ):
        step = enrolment.check_identity_step(session, doctor, form, now=now)
        assert (step.sheet.birth_name, step.duplicates) == ("Lefèvre", ())
        patient_id = enrol()
        step = enrolment.check_identity_step(session, doctor, form, now=now)
        assert [row.patient_id for row in step.duplicates] == [patient_id]

    def test_the_first_step_asks_about_what_is_unusual(self, session, doctor, form, now):
        form["birth_year"] = "1912"
        with pytest.raises(Unusual):
            enrolment.check_identity_step(session, doctor, form, now=now)
        assert enrolment.check_identity_step(session, doctor, form, confirmed=True, now=now)

    def test_CX12_the_second_step_reads_the_rows_that_are_filled(self, session, doctor, form, now):
        form |= {
            "treatment_3_label": "Létrozole 2,5 mg",
            "treatment_3_posology": " 1  comprimé ",
            "treatment_3_started_on_day": "1",
            "treatment_3_started_on_month": "9",
            "treatment_3_started_on_year": "2025",
        }
        first, second = enrolment.check_treatment_step(session, doctor, form, now=now)
        assert (first.label, second.label) == ("Palbociclib 125 mg", "Létrozole 2,5 mg")
        assert (second.posology, second.started_on) == ("1 comprimé", date(2025, 9, 1))

    def test_faults_bear_the_number_of_their_row(self, session, doctor, form, now):
        form |= {"treatment_4_posology": "le soir", "treatment_4_started_on_day": "45"}
        with pytest.raises(Invalid) as caught:
            enrolment.check_treatment_step(session, doctor, form, now=now)
        assert caught.value.fields == {
            "treatment_4_label": "treatment.label_missing",
            "treatment_4_started_on": "date.format",
        }

    def test_CX12_no_treatment_at_all_is_a_fault_of_the_first_row(self, session, doctor, now):
        with pytest.raises(Invalid) as caught:
            enrolment.check_treatment_step(session, doctor, {}, now=now)
        assert caught.value.fields == {"treatment_1_label": "treatment.label_missing"}

    @pytest.mark.parametrize(
        "step", [enrolment.check_identity_step, enrolment.check_treatment_step]
    )
    def test_steps_are_for_who_may_enrol(self, session, form, now, step):
        technician = factories.make_professional(
            session, now, profession=Profession.PHARMACY_TECHNICIAN
        )
        with pytest.raises(Forbidden):
            step(session, technician, form, now=now)
        with pytest.raises(NotAuthenticated):
            step(session, ANONYMOUS, form, now=now)

    def test_CX16_steps_create_nothing(self, session, doctor, form, now):
        enrolment.check_identity_step(session, doctor, form, now=now)
        enrolment.check_treatment_step(session, doctor, form, now=now)
        assert nothing_exists(session)


class TestEnrolFromFields:
    def test_CX15_the_whole_form_makes_a_patient_once(self, session, doctor, form, now):
        key = uuid4()
        first = enrolment.enrol_from_fields(session, doctor, form, key=key, now=now)
        assert enrolment.enrol_from_fields(session, doctor, form, key=key, now=now) == first
        assert session.get_one(Patient, first).proof is IdentityProof.PASSPORT

    def test_every_fault_of_every_step_is_told_at_once(self, session, doctor, form, now):
        for name in ("birth_name", "treatment_1_label", "consent_given", "consent_mode"):
            form[name] = ""
        with pytest.raises(Invalid) as caught:
            enrolment.enrol_from_fields(session, doctor, form, key=uuid4(), now=now)
        assert caught.value.fields == {
            "birth_name": "identity.birth_name_missing",
            "treatment_1_label": "treatment.label_missing",
            "consent_given": "consent.missing",
            "consent_mode": "consent.mode_missing",
        }
        assert nothing_exists(session)

    def test_a_step_cannot_be_skipped(self, session, doctor, form, now):
        only_consent = {k: v for k, v in form.items() if k.startswith(("consent", "notice"))}
        with pytest.raises(Invalid) as caught:
            enrolment.enrol_from_fields(session, doctor, only_consent, key=uuid4(), now=now)
        assert {"birth", "birth_name", "sex", "treatment_1_label"} <= set(caught.value.fields)

    def test_a_treatment_begins_after_birth(self, session, doctor, form, now):
        form["birth_year"], form["treatment_1_started_on_year"] = "1958", "1957"
        with pytest.raises(Invalid) as caught:
            enrolment.enrol_from_fields(session, doctor, form, key=uuid4(), now=now)
        assert caught.value.fields == {"treatment_1_started_on": "treatment.start_before_birth"}

    def test_a_technician_may_not(self, session, form, now):
        technician = factories.make_professional(
            session, now, profession=Profession.PHARMACY_TECHNICIAN
        )
        with pytest.raises(Forbidden):
            enrolment.enrol_from_fields(session, technician, form, key=uuid4(), now=now)


class TestAtOnce:
    def test_S143_two_submits_at_the_same_moment_enrol_once(self, database, now):
        with unit_of_work(database) as session:
            actor = factories.make_professional(session, now)
            notice = factories.make_notice(session, now)
        key = uuid4()

        def submit(_):
            with unit_of_work(database) as session:
                return enrolment.enrol_patient(
                    session,
                    actor,
                    key=key,
                    sheet=SHEET,
                    treatments=[NewTreatment(date(2026, 2, 1), label="Palbociclib 125 mg")],
                    consent=NewConsent(ConsentMode.ORAL, now.date(), notice, now.date()),
                    now=now,
                )

        with ThreadPoolExecutor(4) as pool:
            results = set(pool.map(submit, range(8)))
        assert len(results) == 1
        with unit_of_work(database) as session:
            assert session.execute(select(func.count()).select_from(Patient)).scalar() == 1
            assert journal.verify(session).first_bad_seq is None
