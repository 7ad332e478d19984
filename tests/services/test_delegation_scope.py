"""What each scope lets a delegate do, act by act, for each kind of delegate (S060, CX-48)."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.consent import ConsentKind, ConsentMode
from app.models.delegation import DelegationScope
from app.models.interaction import InteractionLevel
from app.models.journal import JournalEntry
from app.models.patient import Sex
from app.models.professional import Profession
from app.models.tolerance import PatientAppreciation, ToleranceDomain
from app.models.treatment import Treatment
from app.services import (
    adherence,
    care_circle,
    consent,
    dashboard,
    delegation_grant,
    delegation_mode,
    enrolment,
    entry,
    interaction,
    patient,
    patient_list,
    synthesis,
    tolerance,
    treatment,
    treatment_query,
)
from app.services.adherence import Score
from app.services.consent import NewConsent
from app.services.delegation_grant import NewDelegation
from app.services.fact import Fact
from app.services.identity import PatientSheet
from app.services.treatment_input import NewTreatment
from tests import factories
from tests.architecture.sources import modules
from tests.services.circle import Circle, make_circle, make_treatment

pytestmark = pytest.mark.databases("sqlite")

READ, RECORD, MANAGE = DelegationScope
OUT, PROFESSION, ENROLMENT, ACCOUNT = (
    "delegation.out_of_scope",
    "entry.record_forbidden",
    "enrolment.forbidden",
    "delegation.own_account_only",
)
NURSE, TECHNICIAN, SECRETARY = "a nurse", "a préparateur", "a secretary"
SHEET = PatientSheet(
    birth_name="Delmas",
    birth_given_names="Rose",
    birth_date=date(1951, 2, 3),
    sex=Sex.FEMALE,
    birth_place="Lens",
    phone="06 39 98 12 34",
)
# What comes of an act for an assessing delegate, then for one whose own profession assesses nothing.
READING = dict.fromkeys(DelegationScope, ("", ""))
ASSESSING = {READ: (OUT, OUT), RECORD: ("", PROFESSION), MANAGE: ("", PROFESSION)}
MANAGING = {READ: (OUT, OUT), RECORD: (OUT, OUT), MANAGE: ("", "")}
ENROLLING = {READ: (OUT, OUT), RECORD: (OUT, OUT), MANAGE: ("", ENROLMENT)}
OWN_ACCOUNT = dict.fromkeys(DelegationScope, (ACCOUNT, ACCOUNT))


@dataclass
class Case:
    """A delegate of the doctor who enrolled the patient, and what there is to act on."""

    session: Session
    circle: Circle
    actor: Actor
    now: Any

    def __post_init__(self) -> None:
        self.patient_id = self.circle.patient_id
        self.fact = Fact(self.circle.treatment.id, self.now.date())
        self.consent = NewConsent(
            ConsentMode.ORAL,
            self.now.date(),
            factories.make_notice(self.session, self.now),
            self.now.date(),
        )

    def on_patient(self, service: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return service(self.session, self.actor, self.patient_id, *args, now=self.now, **values)

    def on(self, target: Any, service: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return service(self.session, self.actor, target, *args, now=self.now, **values)

    def alone(self, service: Callable[..., Any], **values: Any) -> Any:
        return service(self.session, self.actor, now=self.now, **values)

    def doctors_entry(self, kind: str) -> UUID:
        """An entry the doctor wrote themselves, one second before."""
        mine = replace(self, actor=self.circle.doctor, now=self.now - timedelta(seconds=1))
        made = ACTS[f"{kind}.record_{kind}"][1](mine)
        assert isinstance(made, UUID)
        return made

    def doctors_treatment(self, **values: Any) -> Treatment:
        made = make_treatment(
            self.session, self.circle.doctor, self.patient_id, self.now, "Létrozole 2,5 mg"
        )
        for name, value in values.items():
            setattr(made, name, value)
        self.session.flush()
        return made


def tolerance_values() -> dict[str, Any]:
    return {
        "domain": ToleranceDomain.SKIN,
        "patient_appreciation": PatientAppreciation.SLIGHT,
        "grade": 1,
        "key": uuid4(),
    }


def _interaction() -> dict[str, Any]:
    return {"substance": "Fluconazole", "level": InteractionLevel.DISCOURAGED, "key": uuid4()}


def _score() -> Score:
    from app.models.adherence import ScoreDirection  # noqa: PLC0415

    return Score(score=1, direction=ScoreDirection.YES_COUNT)


def _new_treatment(case: Case) -> NewTreatment:
    return NewTreatment(case.now.date(), label="Imatinib 400 mg", is_followed=True)


def _change(case: Case, service: Callable[..., Any], **values: Any) -> Any:
    made = case.doctors_treatment()
    return case.on(made.id, service, version=made.version, **values)


def _resume(case: Case) -> Any:
    made = case.doctors_treatment(ended_on=case.now.date(), end_reason="fini")
    return case.on(made.id, treatment.resume_treatment, version=made.version)


def _edit(case: Case) -> Any:
    stored = patient.get_file(case.session, case.circle.doctor, case.patient_id, now=case.now)
    sheet = replace(stored.sheet, address="3 rue Haute")
    return case.on_patient(patient.edit_patient, sheet=sheet, version=stored.version)


def _correct(case: Case, kind: str, service: Callable[..., Any], *args: Any, **values: Any) -> Any:
    return case.on(case.doctors_entry(kind), service, case.fact, *args, **values)


ACTS: dict[str, tuple[dict[DelegationScope, tuple[str, str]], Callable[[Case], Any]]] = {
    "dashboard.read_dashboard": (READING, lambda c: c.alone(dashboard.read_dashboard)),
    "patient_list.list_patients": (READING, lambda c: c.alone(patient_list.list_patients)),
    "patient.open_patient": (READING, lambda c: c.on_patient(patient.open_patient)),
    "patient.get_file": (READING, lambda c: c.on_patient(patient.get_file)),
    "synthesis.read_synthesis": (READING, lambda c: c.on_patient(synthesis.read_synthesis)),
    "tolerance.list_tolerance": (READING, lambda c: c.on_patient(tolerance.list_tolerance)),
    "treatment_query.list_treatments": (
        READING,
        lambda c: c.on_patient(treatment_query.list_treatments),
    ),
    "care_circle.list_circle": (READING, lambda c: c.on_patient(care_circle.list_circle)),
    "consent.list_consents": (READING, lambda c: c.on_patient(consent.list_consents)),
    "entry.list_versions": (
        READING,
        lambda c: c.on(c.doctors_entry("tolerance"), entry.list_versions),
    ),
    "tolerance.record_tolerance": (
        ASSESSING,
        lambda c: c.on_patient(tolerance.record_tolerance, c.fact, **tolerance_values()),
    ),
    "tolerance.correct_tolerance": (
        ASSESSING,
        lambda c: _correct(c, "tolerance", tolerance.correct_tolerance, **tolerance_values()),
    ),
    "interaction.record_interaction": (
        ASSESSING,
        lambda c: c.on_patient(interaction.record_interaction, c.fact, **_interaction()),
    ),
    "interaction.correct_interaction": (
        ASSESSING,
        lambda c: _correct(c, "interaction", interaction.correct_interaction, **_interaction()),
    ),
    "adherence.record_adherence": (
        ASSESSING,
        lambda c: c.on_patient(adherence.record_adherence, c.fact, _score(), key=uuid4()),
    ),
    "adherence.correct_adherence": (
        ASSESSING,
        lambda c: _correct(c, "adherence", adherence.correct_adherence, _score(), key=uuid4()),
    ),
    "treatment.add_treatment": (
        ASSESSING,
        lambda c: c.on_patient(treatment.add_treatment, _new_treatment(c), key=uuid4()),
    ),
    "treatment.change_treatment": (
        ASSESSING,
        lambda c: _change(
            c,
            treatment.change_treatment,
            posology="le soir",
            started_on=c.now.date(),
            is_followed=True,
        ),
    ),
    "treatment.end_treatment": (
        ASSESSING,
        lambda c: _change(c, treatment.end_treatment, ended_on=c.now.date(), end_reason="fini"),
    ),
    "treatment.resume_treatment": (ASSESSING, _resume),
    "treatment.remove_treatment": (ASSESSING, lambda c: _change(c, treatment.remove_treatment)),
    "patient.edit_patient": (MANAGING, _edit),
    "care_circle.add_professional": (
        MANAGING,
        lambda c: c.on_patient(
            care_circle.add_professional,
            c.circle.stranger.professional_id,
            key=uuid4(),
            consent=c.consent,
        ),
    ),
    "care_circle.remove_professional": (
        MANAGING,
        lambda c: c.on_patient(
            care_circle.remove_professional, c.circle.pharmacist.professional_id
        ),
    ),
    "consent.record_consent": (
        MANAGING,
        lambda c: c.on_patient(
            consent.record_consent,
            c.consent,
            kind=ConsentKind.CIRCLE_ADDITION,
            for_professional_id=c.circle.pharmacist.professional_id,
        ),
    ),
    "enrolment.check_identity_step": (
        ENROLLING,
        lambda c: c.on(
            {
                "birth_name": "Delmas",
                "birth_given_names": "Rose",
                "birth_day": "3",
                "birth_month": "2",
                "birth_year": "1951",
                "sex": "female",
                "birth_place": "Lens",
                "phone": "06 39 98 12 34",
            },
            enrolment.check_identity_step,
        ),
    ),
    "enrolment.check_treatment_step": (
        ENROLLING,
        lambda c: c.on(
            {
                "treatment_1_label": "Imatinib 400 mg",
                "treatment_1_started_on_day": "1",
                "treatment_1_started_on_month": "2",
                "treatment_1_started_on_year": "2026",
            },
            enrolment.check_treatment_step,
        ),
    ),
    "enrolment.enrol_patient": (
        ENROLLING,
        lambda c: c.alone(
            enrolment.enrol_patient,
            key=uuid4(),
            sheet=SHEET,
            treatments=[_new_treatment(c)],
            consent=c.consent,
        ),
    ),
    "delegation_grant.list_granted": (
        OWN_ACCOUNT,
        lambda c: c.alone(delegation_grant.list_granted),
    ),
    "delegation_grant.grant": (
        OWN_ACCOUNT,
        lambda c: c.on(
            NewDelegation(factories.unique_rpps(), READ, c.now.date(), None),
            delegation_grant.grant,
            key=uuid4(),
        ),
    ),
    "delegation_grant.withdraw": (
        OWN_ACCOUNT,
        lambda c: c.on(c.actor.delegation_id, delegation_grant.withdraw),
    ),
    "delegation_mode.enter": (
        OWN_ACCOUNT,
        lambda c: c.on(c.actor.delegation_id, delegation_mode.enter),
    ),
}
# They ask for a right on behalf of an act of the table.
INNER = {
    "enrolment.enrol_from_fields",
    "entry.access_own_entry",
    "entry.add_entry",
    "fact.check_fact",
    "treatment.create_treatments",
}
ASKING = {"require_follow_up", "require_management", "require_enroller", "require_fresh_factor"}


@pytest.fixture
def delegates(session, now):
    return {
        NURSE: factories.make_professional(session, now, profession=Profession.NURSE),
        TECHNICIAN: factories.make_professional(
            session, now, profession=Profession.PHARMACY_TECHNICIAN
        ),
        SECRETARY: factories.make_secretary(session, now),
    }


@pytest.mark.parametrize(
    ("act", "scope", "who"),
    list(product(ACTS, DelegationScope, (NURSE, TECHNICIAN, SECRETARY))),
)
def test_S060_a_delegate_does_what_the_table_says(session, now, delegates, act, scope, who):
    circle = make_circle(session, now)
    actor = factories.act_for(session, circle.doctor, delegates[who], scope, now=now)
    expected = ACTS[act][0][scope][0 if who == NURSE else 1]
    case = Case(session, circle, actor, now)
    if expected:
        with pytest.raises(Forbidden) as refusal:
            ACTS[act][1](case)
        assert refusal.value.code == expected
        return
    ACTS[act][1](case)
    lines = session.exec(
        select(JournalEntry).where(col(JournalEntry.account_id) == actor.account_id)
    ).all()
    assert {(line.on_behalf_of_id, line.ground) for line in lines} <= {
        (circle.doctor.account_id, "delegation"),
        (circle.doctor.account_id, "consent"),
    }


@pytest.mark.parametrize("act", [act for act in ACTS if ACTS[act][0] is not OWN_ACCOUNT])
def test_S060_a_holder_does_it_all_themselves(session, now, act):
    circle = make_circle(session, now)
    ACTS[act][1](Case(session, circle, circle.doctor, now))


def test_S060_every_service_that_asks_for_such_a_right_is_in_the_table():
    asking = {
        f"{name.removeprefix('app/services/').removesuffix('.py')}.{node.name}"
        for name, tree in modules("app/services")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if ASKING & {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    }
    known = set(ACTS) | INNER
    assert {name for name in asking if name.partition(".")[0] in _MODULES} - known == set()


_MODULES = {name.partition(".")[0] for name in (*ACTS, *INNER)}
