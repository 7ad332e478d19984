"""The treatment list of a patient (CX-19, U-18)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.medicine import Medicine, MedicineRelease
from app.models.treatment import Treatment, TreatmentAct, TreatmentEntry
from app.services import treatment as treatments
from app.services.entry_row import TreatmentEvent
from app.services.synthesis import read_synthesis
from app.services.treatment_input import NewTreatment, check_treatments
from app.services.treatment_query import access_treatment, list_choices, list_treatments
from tests import factories

TODAY = date(2026, 3, 10)
LETROZOLE = NewTreatment(TODAY, label="Létrozole 2,5 mg", posology="1 comprimé le matin")


@pytest.fixture
def ibrance(session, now):
    """A release with one speciality."""
    release = MedicineRelease(
        source="test", data_on=TODAY, imported_at=now, is_current=True, medicines=1
    )
    session.add(release)
    session.flush()
    session.add(
        Medicine(
            release_id=release.id,
            cis="60321676",
            name="IBRANCE 125 mg, gélule",
            substances="palbociclib",
            rank=1,
            words=" ibrance 125 mg gelule palbociclib",
        )
    )
    session.flush()
    return "60321676"


def add(session, actor, patient, new=LETROZOLE, *, now, key=None):
    return treatments.add_treatment(session, actor, patient, new, key=key or uuid4(), now=now)


def told(session, treatment_id):
    """What the chronology says of a treatment, in order."""
    return session.exec(
        select(Entry, TreatmentEntry)
        .join(TreatmentEntry)
        .where(Entry.treatment_id == treatment_id)
        .order_by(Entry.recorded_at)
    ).all()


def link_of(session, patient, actor):
    return session.exec(
        select(CareLink).where(
            CareLink.patient_id == patient, CareLink.professional_id == actor.professional_id
        )
    ).one()


class TestAddTreatment:
    def test_CX19_adds_free_text(self, session, doctor, patient, now):
        treatment_id = add(session, doctor, patient, now=now)
        stored = session.get(Treatment, treatment_id)
        assert (stored.label, stored.posology) == ("Létrozole 2,5 mg", "1 comprimé le matin")
        assert stored.is_followed
        assert stored.medicine_cis is None
        assert stored.added_by_id == doctor.professional_id

    def test_CX19_adds_a_speciality_with_its_substances(
        self, session, doctor, patient, now, ibrance
    ):
        new = NewTreatment(TODAY, medicine_cis=ibrance, label="Palbociclib 125 mg")
        stored = session.get(Treatment, add(session, doctor, patient, new, now=now))
        assert stored.label == "Palbociclib 125 mg"
        assert stored.substances == "palbociclib"

    def test_takes_the_name_of_the_speciality_when_none_is_typed(
        self, session, doctor, now, ibrance
    ):
        patient = factories.make_patient(session, doctor, with_treatment=False)
        new = NewTreatment(TODAY, medicine_cis=ibrance)
        stored = session.get(Treatment, add(session, doctor, patient, new, now=now))
        assert stored.label == "IBRANCE 125 mg, gélule"

    def test_refuses_the_name_of_another_medicine(self, session, doctor, patient, now, ibrance):
        new = NewTreatment(TODAY, medicine_cis=ibrance, label="Doliprane 1000 mg")
        with pytest.raises(Invalid) as refused:
            add(session, doctor, patient, new, now=now)
        assert refused.value.fields == {"label": "treatment.label_other_medicine"}

    def test_tells_it_in_the_chronology_and_to_the_circle(
        self, session, doctor, pharmacist, patient, now
    ):
        before = link_of(session, patient, pharmacist).unread_count
        new = replace(LETROZOLE, started_on=TODAY)
        treatment_id = add(session, doctor, patient, new, now=now + timedelta(hours=1))
        [(entry, act)] = told(session, treatment_id)
        assert (entry.kind, entry.occurred_on) == (EntryKind.TREATMENT, TODAY)
        assert (act.act, act.effective_on) == (TreatmentAct.ADDED, TODAY)
        assert act.detail == "1 comprimé le matin"
        session.expire_all()
        assert link_of(session, patient, pharmacist).unread_count == before + 1
        assert link_of(session, patient, doctor).unread_count == 0
        assert link_of(session, patient, pharmacist).last_entry_on == TODAY

    @pytest.mark.parametrize("started_on", [date(2019, 5, 1), date(2026, 4, 1)])
    def test_a_start_before_the_follow_up_or_ahead_is_told_today(
        self, session, doctor, patient, now, started_on
    ):
        new = replace(LETROZOLE, started_on=started_on)
        [(entry, act)] = told(session, add(session, doctor, patient, new, now=now))
        assert (entry.occurred_on, act.effective_on) == (TODAY, started_on)

    def test_S143_the_same_form_adds_once(self, session, doctor, patient, now):
        key = uuid4()
        first = add(session, doctor, patient, now=now, key=key)
        assert add(session, doctor, patient, now=now, key=key) == first
        rows = list_treatments(session, doctor, patient, now=now)
        assert [row.label for row in rows].count("Létrozole 2,5 mg") == 1

    def test_refuses_what_is_already_under_way(self, session, doctor, pharmacist, patient, now):
        add(session, doctor, patient, now=now)
        again = replace(LETROZOLE, label="LETROZOLE  2.5 mg")
        with pytest.raises(RuleViolation, match=r"treatment\.duplicate") as refused:
            add(session, pharmacist, patient, again, now=now)
        assert refused.value.context == {"label": "Létrozole 2,5 mg"}

    def test_accepts_again_what_has_ended(self, session, doctor, patient, now):
        factories.make_treatment(
            session, doctor, patient, label=LETROZOLE.label, ended_on=date(2026, 3, 1)
        )
        assert add(session, doctor, patient, now=now)

    @pytest.mark.parametrize(
        ("new", "faults"),
        [
            (
                NewTreatment(None, label=" \n", posology="x" * 201),
                {
                    "label": "treatment.label_missing",
                    "posology": "treatment.posology_too_long",
                    "started_on": "treatment.start_missing",
                },
            ),
            (replace(LETROZOLE, label="?!"), {"label": "treatment.label_missing"}),
            (replace(LETROZOLE, label="x" * 251), {"label": "treatment.label_too_long"}),
            (
                replace(LETROZOLE, started_on=date(1958, 6, 3)),
                {"started_on": "treatment.start_before_birth"},
            ),
            (
                replace(LETROZOLE, started_on=TODAY + timedelta(days=367)),
                {"started_on": "treatment.start_too_far"},
            ),
            (
                replace(LETROZOLE, medicine_cis="99999999"),
                {"label": "treatment.medicine_unknown"},
            ),
        ],
    )
    def test_finds_every_fault_at_once(self, session, doctor, patient, now, new, faults):
        with pytest.raises(Invalid) as refused:
            add(session, doctor, patient, new, now=now)
        assert refused.value.fields == faults

    def test_accepts_the_longest_texts(self, session, doctor, patient, now):
        new = replace(LETROZOLE, label="x" * 250, posology="y" * 200)
        assert add(session, doctor, patient, new, now=now)

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            add(session, stranger, patient, now=now)

    def test_refuses_a_profession_without_assessment(self, session, preparer, patient, now):
        with pytest.raises(Forbidden):
            add(session, preparer, patient, now=now)

    def test_refuses_the_patient(self, session, patient_actor, patient, now):
        with pytest.raises(Forbidden):
            add(session, patient_actor, patient, now=now)


class TestCreateTreatments:
    def test_adds_those_of_an_enrolment(self, session, doctor, now):
        patient = factories.make_patient(session, doctor, with_treatment=False)
        new = [LETROZOLE, NewTreatment(TODAY, label="Doliprane", is_followed=False)]
        assert len(treatments.create_treatments(session, doctor, patient, new, now=now)) == 2
        rows = list_treatments(session, doctor, patient, now=now)
        assert {row.label for row in rows} == {"Létrozole 2,5 mg", "Doliprane"}

    @pytest.mark.parametrize("new", [[], [replace(LETROZOLE, is_followed=False)]])
    def test_CX12_asks_for_one_followed_treatment(self, session, doctor, now, new):
        patient = factories.make_patient(session, doctor, with_treatment=False)
        with pytest.raises(Invalid) as refused:
            treatments.create_treatments(session, doctor, patient, new, now=now)
        assert refused.value.fields == {"treatment_1_label": "treatment.label_missing"}

    def test_numbers_the_faults(self, session, doctor, now):
        new = [LETROZOLE, NewTreatment(None, label=LETROZOLE.label)]
        faults = check_treatments(session, doctor, new, born_on=None, now=now)
        assert faults == {
            "treatment_2_started_on": "treatment.start_missing",
            "treatment_2_label": "treatment.twice",
        }

    def test_refuses_a_long_list(self, session, doctor, now):
        new = [replace(LETROZOLE, label=f"Traitement {n}") for n in range(21)]
        faults = check_treatments(session, doctor, new, born_on=None, now=now)
        assert faults == {"treatment_21_label": "treatment.too_many"}

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            treatments.create_treatments(session, stranger, patient, [LETROZOLE], now=now)

    def test_refuses_a_profession_without_assessment(self, session, preparer, patient, now):
        with pytest.raises(Forbidden):
            treatments.create_treatments(session, preparer, patient, [LETROZOLE], now=now)


class TestEndTreatment:
    @staticmethod
    def end(session, actor, treatment_id, *, now, **overrides):
        values = {"ended_on": date(2026, 3, 9), "end_reason": "bronchite guérie", "version": 1}
        treatments.end_treatment(session, actor, treatment_id, now=now, **{**values, **overrides})

    def test_CX19_any_member_ends_it_with_its_reason(self, session, pharmacist, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        self.end(session, pharmacist, treatment_id, now=now, ended_on=TODAY)
        stored = session.get(Treatment, treatment_id)
        assert (stored.ended_on, stored.end_reason) == (TODAY, "bronchite guérie")
        [(entry, act)] = told(session, treatment_id)
        assert (entry.occurred_on, act.act, act.detail) == (
            TODAY,
            TreatmentAct.ENDED,
            "bronchite guérie",
        )
        row = list_treatments(session, pharmacist, patient, now=now)[0]
        assert not row.is_current

    def test_a_planned_end_leaves_it_under_way(self, session, doctor, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        self.end(session, doctor, treatment_id, now=now, ended_on=date(2026, 3, 17))
        row = list_treatments(session, doctor, patient, now=now)[0]
        assert row.is_current
        [(entry, act)] = told(session, treatment_id)
        assert (entry.occurred_on, act.effective_on) == (TODAY, date(2026, 3, 17))
        self.end(session, doctor, treatment_id, now=now, ended_on=TODAY, version=2)
        assert session.get(Treatment, treatment_id).ended_on == TODAY

    def test_refuses_one_already_ended(self, session, doctor, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        self.end(session, doctor, treatment_id, now=now)
        with pytest.raises(RuleViolation, match=r"treatment\.already_ended"):
            self.end(session, doctor, treatment_id, now=now, version=2)

    @pytest.mark.parametrize(
        ("values", "faults"),
        [
            ({"ended_on": None}, {"ended_on": "treatment.end_missing"}),
            ({"ended_on": date(2026, 2, 1)}, {"ended_on": "treatment.end_before_start"}),
            ({"ended_on": date(2027, 4, 1)}, {"ended_on": "treatment.end_too_far"}),
            ({"end_reason": "x" * 201}, {"end_reason": "treatment.end_reason_too_long"}),
        ],
    )
    def test_says_what_is_wrong(self, session, doctor, patient, now, values, faults):
        with pytest.raises(Invalid) as refused:
            self.end(
                session, doctor, factories.first_treatment(session, patient), now=now, **values
            )
        assert refused.value.fields == faults

    def test_S144_refuses_a_page_out_of_date(self, session, doctor, pharmacist, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        self.end(session, doctor, treatment_id, now=now, ended_on=date(2026, 3, 17))
        with pytest.raises(Conflict):
            self.end(session, pharmacist, treatment_id, now=now, version=1)

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            self.end(session, stranger, factories.first_treatment(session, patient), now=now)

    def test_refuses_a_profession_without_assessment(self, session, preparer, patient, now):
        with pytest.raises(Forbidden):
            self.end(session, preparer, factories.first_treatment(session, patient), now=now)

    def test_refuses_the_patient(self, session, patient_actor, patient, now):
        with pytest.raises(Forbidden):
            self.end(session, patient_actor, factories.first_treatment(session, patient), now=now)


class TestResumeTreatment:
    def test_takes_it_up_again(self, session, doctor, patient, now):
        treatment_id = factories.make_treatment(
            session, doctor, patient, label="Autre", ended_on=TODAY, end_reason="pause"
        )
        treatments.resume_treatment(session, doctor, treatment_id, version=1, now=now)
        stored = session.get(Treatment, treatment_id)
        assert (stored.ended_on, stored.end_reason) == (None, "")
        assert told(session, treatment_id)[0][1].act is TreatmentAct.RESUMED

    def test_refuses_one_under_way(self, session, doctor, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        with pytest.raises(RuleViolation, match=r"treatment\.not_ended"):
            treatments.resume_treatment(session, doctor, treatment_id, version=1, now=now)

    def test_refuses_when_it_was_added_again(self, session, doctor, patient, now):
        ended = factories.make_treatment(
            session, doctor, patient, label=LETROZOLE.label, ended_on=date(2026, 3, 1)
        )
        add(session, doctor, patient, now=now)
        with pytest.raises(RuleViolation, match=r"treatment\.duplicate"):
            treatments.resume_treatment(session, doctor, ended, version=1, now=now)

    def test_gives_up_a_planned_end(self, session, doctor, patient, now):
        treatment_id = factories.make_treatment(
            session, doctor, patient, label="Autre", ended_on=date(2026, 4, 1)
        )
        treatments.resume_treatment(session, doctor, treatment_id, version=1, now=now)
        assert session.get(Treatment, treatment_id).ended_on is None

    def test_hides_a_patient_outside_the_circle(self, session, stranger, doctor, patient, now):
        treatment_id = factories.make_treatment(session, doctor, patient, ended_on=TODAY)
        with pytest.raises(NotFound):
            treatments.resume_treatment(session, stranger, treatment_id, version=1, now=now)

    def test_refuses_a_profession_without_assessment(self, session, preparer, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        with pytest.raises(Forbidden):
            treatments.resume_treatment(session, preparer, treatment_id, version=1, now=now)


class TestChangeTreatment:
    @staticmethod
    def change(session, actor, patient, *, now, **overrides):
        stored = session.get(Treatment, factories.first_treatment(session, patient))
        values = {
            "posology": stored.posology,
            "started_on": stored.started_on,
            "is_followed": stored.is_followed,
            "version": 1,
        }
        treatments.change_treatment(session, actor, stored.id, now=now, **{**values, **overrides})
        return stored

    def test_adapts_the_posology(self, session, pharmacist, patient, now):
        stored = self.change(session, pharmacist, patient, now=now, posology="1 par semaine")
        assert (stored.posology, stored.version) == ("1 par semaine", 2)
        [(entry, act)] = told(session, stored.id)
        assert (entry.occurred_on, act.act) == (TODAY, TreatmentAct.CHANGED)
        assert act.detail == "1 par semaine"

    def test_CX19_stops_following_it(self, session, doctor, patient, now):
        stored = self.change(session, doctor, patient, now=now, is_followed=False)
        assert told(session, stored.id)[0][1].act is TreatmentAct.UNFOLLOWED
        assert list_choices(session, doctor, patient, now=now) == []

    def test_says_nothing_when_nothing_changed(self, session, doctor, patient, now):
        stored = self.change(session, doctor, patient, now=now)
        assert stored.version == 1
        assert told(session, stored.id) == []

    @pytest.mark.parametrize(
        ("values", "faults"),
        [
            ({"started_on": None}, {"started_on": "treatment.start_missing"}),
            ({"posology": "x" * 201}, {"posology": "treatment.posology_too_long"}),
        ],
    )
    def test_says_what_is_wrong(self, session, doctor, patient, now, values, faults):
        with pytest.raises(Invalid) as refused:
            self.change(session, doctor, patient, now=now, **values)
        assert refused.value.fields == faults

    def test_refuses_a_start_after_the_end(self, session, doctor, now):
        patient = factories.make_patient(session, doctor, with_treatment=False)
        factories.make_treatment(session, doctor, patient, ended_on=date(2026, 3, 1))
        with pytest.raises(Invalid) as refused:
            self.change(session, doctor, patient, now=now, started_on=TODAY)
        assert refused.value.fields == {"started_on": "treatment.start_after_end"}

    def test_refuses_a_page_out_of_date(self, session, doctor, patient, now):
        with pytest.raises(Conflict):
            self.change(session, doctor, patient, now=now, posology="2", version=0)

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            self.change(session, stranger, patient, now=now, posology="2")

    def test_refuses_a_profession_without_assessment(self, session, preparer, patient, now):
        with pytest.raises(Forbidden):
            self.change(session, preparer, patient, now=now, posology="2")


class TestRemoveTreatment:
    def test_CX19_takes_a_mistake_off_the_list(self, session, doctor, pharmacist, patient, now):
        treatment_id = add(session, doctor, patient, now=now)
        treatments.remove_treatment(session, pharmacist, treatment_id, version=1, now=now)
        rows = list_treatments(session, doctor, patient, now=now)
        assert treatment_id not in {row.id for row in rows}
        with pytest.raises(NotFound):
            access_treatment(session, doctor, treatment_id)
        acts = {act.act for _, act in told(session, treatment_id)}
        assert acts == {TreatmentAct.ADDED, TreatmentAct.REMOVED}

    def test_refuses_one_with_follow_up_entries(self, session, doctor, patient, now):
        treatment_id = add(session, doctor, patient, now=now)
        session.add(
            Entry(
                patient_id=patient,
                kind=EntryKind.TOLERANCE,
                treatment_id=treatment_id,
                author_id=doctor.professional_id,
                occurred_on=TODAY,
                recorded_at=now,
                first_recorded_at=now,
            )
        )
        session.flush()
        with pytest.raises(RuleViolation, match=r"treatment\.has_entries"):
            treatments.remove_treatment(session, doctor, treatment_id, version=1, now=now)

    def test_refuses_a_page_out_of_date(self, session, doctor, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        with pytest.raises(Conflict):
            treatments.remove_treatment(session, doctor, treatment_id, version=7, now=now)

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        with pytest.raises(NotFound):
            treatments.remove_treatment(session, stranger, treatment_id, version=1, now=now)

    def test_refuses_a_profession_without_assessment(self, session, preparer, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        with pytest.raises(Forbidden):
            treatments.remove_treatment(session, preparer, treatment_id, version=1, now=now)


class TestChronology:
    def test_an_entry_tells_the_act_on_its_treatment(self, session, doctor, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        treatments.end_treatment(
            session,
            doctor,
            treatment_id,
            ended_on=TODAY,
            end_reason="bronchite guérie",
            version=1,
            now=now,
        )
        page = read_synthesis(session, doctor, patient, kinds=[EntryKind.TREATMENT], now=now)
        [row] = [row for row in page.rows if row.treatment and row.treatment.id == treatment_id]
        assert row.event == TreatmentEvent(TreatmentAct.ENDED, TODAY, "bronchite guérie")
        assert not row.may_correct
