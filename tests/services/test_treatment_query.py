"""Reading the treatment list of a patient (CX-19, U-18)."""

from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import ANONYMOUS
from app.errors import Forbidden, NotAuthenticated, NotFound
from app.models.entry import Entry, EntryKind
from app.models.journal import JournalEntry
from app.services.treatment_query import access_treatment, list_choices, list_treatments
from tests import factories

TODAY = date(2026, 3, 10)


class TestAccessTreatment:
    def test_gives_it_to_a_member_of_the_circle(self, session, pharmacist, patient):
        treatment_id = factories.first_treatment(session, patient)
        assert access_treatment(session, pharmacist, treatment_id).id == treatment_id

    @pytest.mark.parametrize("who", ["stranger", "nobody", "administrator"])
    def test_hides_it_from_everybody_else(self, session, stranger, patient, who):
        others = {
            "stranger": stranger,
            "nobody": ANONYMOUS,
            "administrator": factories.make_administrator(session),
        }
        treatment_id = factories.first_treatment(session, patient)
        with pytest.raises(NotFound, match=r"treatment\.not_found"):
            access_treatment(session, others[who], treatment_id)

    def test_an_unknown_id_answers_the_same(self, session, doctor):
        with pytest.raises(NotFound, match=r"treatment\.not_found"):
            access_treatment(session, doctor, uuid4())


class TestListTreatments:
    def test_lists_those_under_way_first(self, session, doctor, pharmacist, patient, now):
        ended = factories.make_treatment(
            session, doctor, patient, label="Clarithromycine 500 mg", ended_on=date(2026, 2, 19)
        )
        planned = factories.make_treatment(
            session,
            doctor,
            patient,
            label="Létrozole 2,5 mg",
            started_on=date(2020, 1, 1),
            ended_on=date(2026, 4, 1),
        )
        rows = list_treatments(session, pharmacist, patient, now=now)
        assert [row.is_current for row in rows] == [True, True, False]
        assert rows[-1].id == ended
        assert {rows[0].id, rows[1].id} == {factories.first_treatment(session, patient), planned}
        assert rows[0].added_by.id == doctor.professional_id
        assert rows[0].may_change
        assert rows[0].may_remove

    def test_counts_the_present_versions_of_follow_up_entries(self, session, doctor, patient, now):
        treatment_id = factories.first_treatment(session, patient)
        for kind, superseded_at in [
            (EntryKind.TOLERANCE, None),
            (EntryKind.TOLERANCE, now),
            (EntryKind.ADHERENCE, None),
            (EntryKind.TREATMENT, None),
        ]:
            session.add(
                Entry(
                    patient_id=patient,
                    kind=kind,
                    treatment_id=treatment_id,
                    author_id=doctor.professional_id,
                    occurred_on=TODAY,
                    recorded_at=now,
                    first_recorded_at=now,
                    superseded_at=superseded_at,
                )
            )
        session.flush()
        row = list_treatments(session, doctor, patient, now=now)[0]
        assert row.entries == 2
        assert not row.may_remove

    def test_leaves_a_line_in_the_journal(self, session, pharmacist, patient, now):
        list_treatments(session, pharmacist, patient, now=now)
        line = session.exec(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
        assert (line.action, line.patient_id) == ("treatment.listed", patient)

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            list_treatments(session, stranger, patient, now=now)

    def test_refuses_another_role(self, session, patient_actor, patient, now):
        with pytest.raises(Forbidden):
            list_treatments(session, patient_actor, patient, now=now)

    def test_asks_anonymous_people_to_sign_in(self, session, patient, now):
        with pytest.raises(NotAuthenticated):
            list_treatments(session, ANONYMOUS, patient, now=now)

    def test_shows_a_preparer_what_they_may_not_change(self, session, preparer, patient, now):
        row = list_treatments(session, preparer, patient, now=now)[0]
        assert not row.may_change
        assert not row.may_remove


class TestListChoices:
    def test_offers_followed_treatments_only(self, session, doctor, patient, now):
        factories.make_treatment(session, doctor, patient, label="Autre", is_followed=False)
        choices = list_choices(session, doctor, patient, now=now)
        assert [c.id for c in choices] == [factories.first_treatment(session, patient)]

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            list_choices(session, stranger, patient, now=now)
