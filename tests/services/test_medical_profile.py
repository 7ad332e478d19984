"""The medical profile of a patient: what is in it, who may have it made (ME-045, ME-158)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.errors import Forbidden, NotAuthenticated
from app.models.journal import JournalEntry
from app.models.patient import IdentityProof, Patient
from app.services import treatment
from app.services.fields import paris_day
from app.services.medical_profile import build_profile
from tests import factories

_INS = "258067919123418"


class TestBuildProfile:
    def test_ME158_holds_treatments_and_the_circle(
        self, session, doctor, pharmacist, patient, patient_actor, now
    ):
        ended_on = paris_day(now) - timedelta(days=2)
        factories.make_treatment(
            session, doctor, patient, label="Tamoxifène 20 mg", ended_on=ended_on, now=now
        )
        factories.make_treatment(session, doctor, patient, label="Retiré", removed_at=now, now=now)
        profile = build_profile(session, patient_actor, now=now)
        assert [row.label for row in profile.current_treatments] == [factories.TREATMENT_LABEL]
        assert profile.current_treatments[0].posology == "1 gélule par jour, 21 jours sur 28"
        assert [(row.label, row.ended_on) for row in profile.past_treatments] == [
            ("Tamoxifène 20 mg", ended_on)
        ]
        assert [row.professional.id for row in profile.members] == [
            doctor.professional_id,
            pharmacist.professional_id,
        ]
        assert profile.made_at == now

    def test_names_whoever_wrote_a_treatment_last(
        self, session, doctor, pharmacist, patient, patient_actor, now
    ):
        first = build_profile(session, patient_actor, now=now).current_treatments[0]
        assert first.author.id == doctor.professional_id
        later = now + timedelta(days=3)
        key = factories.first_treatment(session, patient)
        treatment.change_treatment(
            session,
            pharmacist,
            key,
            posology="1 gélule un jour sur deux",
            started_on=first.started_on,
            is_followed=False,
            version=1,
            now=later,
        )
        changed = build_profile(session, patient_actor, now=later).current_treatments[0]
        assert changed.posology == "1 gélule un jour sur deux"
        assert (changed.author.id, changed.written_on) == (
            pharmacist.professional_id,
            paris_day(later),
        )

    def test_FE10_gives_the_matricule_of_a_qualified_identity_only(
        self, session, patient, patient_actor, now
    ):
        row = session.get_one(Patient, patient)
        row.ins, row.ins_retrieved_at = _INS, now
        session.flush()
        assert build_profile(session, patient_actor, now=now).identity.ins == ""
        row.proof = IdentityProof.PASSPORT
        session.flush()
        assert build_profile(session, patient_actor, now=now).identity.ins == _INS

    def test_holds_nothing_of_another_patient(self, session, stranger, patient_actor, now):
        other = factories.make_patient(session, stranger, now=now)
        theirs = build_profile(session, factories.make_patient_actor(session, other, now), now=now)
        assert [row.professional.id for row in theirs.members] == [stranger.professional_id]
        assert theirs.identity != build_profile(session, patient_actor, now=now).identity

    def test_leaves_a_line(self, session, patient, patient_actor, now):
        build_profile(session, patient_actor, now=now)
        found = session.execute(
            select(col(JournalEntry.action), col(JournalEntry.ground)).where(
                col(JournalEntry.patient_id) == patient
            )
        ).all()
        assert found == [("medical_profile.made", "own_record")]

    def test_is_for_patients_only(self, session, doctor, stranger, now):
        for other in (doctor, stranger, factories.make_administrator(session, now)):
            with pytest.raises(Forbidden):
                build_profile(session, other, now=now)
        with pytest.raises(NotAuthenticated):
            build_profile(session, ANONYMOUS, now=now)
