"""The patients of the demonstration, and what their carers wrote about them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.authz.actor import Actor
from app.models.consent import ConsentMode
from app.models.delegation import Delegation
from app.models.entry import ContactMode
from app.models.patient import Patient
from app.models.treatment import Treatment
from app.seeds import demo_patient as people
from app.seeds.demo_calendar import PARIS, Calendar, key_of
from app.services import adherence, interaction, tolerance
from app.services.adherence import Score
from app.services.care_circle import add_professional
from app.services.consent import NewConsent
from app.services.enrolment import enrol_patient
from app.services.entry import mark_read
from app.services.fact import Fact
from app.services.identity import PatientSheet
from app.services.notice import current_notice
from app.services.questionnaire import current_questionnaire
from app.services.treatment import add_treatment, end_treatment
from app.services.treatment_input import NewTreatment

Act = Callable[[datetime], Any]


class FollowUp:
    """Who writes. `actors`: by login; `acting`: whoever acts for somebody, by both logins."""

    def __init__(
        self,
        session: Session,
        calendar: Calendar,
        actors: Mapping[str, Actor],
        acting: Mapping[tuple[str, str], Actor],
    ) -> None:
        self.session = session
        self.calendar = calendar
        self.actors = actors
        self.acting = acting

    def add_patient(self, number: int, followed: people.Followed) -> UUID:
        """Enrol somebody, build their circle, then write each thing at the date it happened."""
        doctor = self.actors["medecin"]
        enrolled_at = self.calendar.at(followed.enrolled)
        first = [taken for taken in followed.treatments if taken.since >= followed.enrolled]
        patient_id = enrol_patient(
            self.session,
            doctor,
            key=key_of(number, "enrolment"),
            sheet=PatientSheet(
                birth_name=followed.birth_name,
                birth_given_names=followed.given_names,
                birth_date=followed.birth_date,
                sex=followed.sex,
                birth_place=followed.birth_place,
                used_name=followed.used_name,
                ins=followed.ins,
                vitale_card=followed.vitale_card,
                proof=followed.proof,
                phone=followed.e164,
                email=followed.email,
                address=followed.address,
            ),
            treatments=[self._new(taken) for taken in first if taken.is_followed],
            consent=self._consent(followed.enrolled),
            duplicate_confirmed=True,
            confirmed=True,
            now=enrolled_at,
        )
        if followed.ins:
            # The national service is not part of the demonstration: its answer is taken as given.
            self.session.get_one(Patient, patient_id).ins_retrieved_at = enrolled_at
        for login in followed.members:
            add_professional(
                self.session,
                doctor,
                patient_id,
                self._id(login),
                key=key_of(number, f"member {login}"),
                consent=self._consent(followed.enrolled),
                now=enrolled_at + timedelta(minutes=5),
            )
        acts = [
            *self._later_treatments(number, patient_id, followed),
            *self._facts(number, patient_id, followed),
            (self.calendar.at(followed.read_until), self._reading(patient_id, followed)),
        ]
        for at, act in sorted(acts, key=lambda each: each[0]):
            act(at)
        return patient_id

    def _later_treatments(
        self, number: int, patient_id: UUID, followed: people.Followed
    ) -> list[tuple[datetime, Act]]:
        acts: list[tuple[datetime, Act]] = []
        for place, taken in enumerate(followed.treatments):
            actor = self.actors[taken.added_by]
            if not (taken.since >= followed.enrolled and taken.is_followed):
                at = self.calendar.at(min(taken.since, followed.enrolled)) + timedelta(minutes=10)
                acts.append((at, self._adding(number, place, actor, patient_id, taken)))
            if taken.until is not None:
                acts.append((self.calendar.at(taken.until), self._ending(actor, patient_id, taken)))
        return acts

    def _adding(
        self, number: int, place: int, actor: Actor, patient_id: UUID, taken: people.Taken
    ) -> Act:
        return lambda at: add_treatment(
            self.session,
            actor,
            patient_id,
            self._new(taken),
            key=key_of(number, f"treatment {place}"),
            now=at,
        )

    def _ending(self, actor: Actor, patient_id: UUID, taken: people.Taken) -> Act:
        def act(at: datetime) -> None:
            row = self._treatment(patient_id, taken.label)
            end_treatment(
                self.session,
                actor,
                row.id,
                ended_on=at.astimezone(PARIS).date(),
                end_reason=taken.reason,
                version=row.version,
                now=at,
            )

        return act

    def _facts(
        self, number: int, patient_id: UUID, followed: people.Followed
    ) -> list[tuple[datetime, Act]]:
        return [
            (
                self.calendar.at(fact.days_ago - fact.typed_after, minutes=7 * place),
                self._recording(number, place, patient_id, followed, fact),
            )
            for place, fact in enumerate(followed.facts)
        ]

    def _reading(self, patient_id: UUID, followed: people.Followed) -> Act:
        def act(at: datetime) -> None:
            for login in ("medecin", *followed.members):
                mark_read(self.session, self.actors[login], patient_id, now=at)

        return act

    def _recording(
        self,
        number: int,
        place: int,
        patient_id: UUID,
        followed: people.Followed,
        told: people.Fact,
    ) -> Act:
        actor = self.acting.get((told.typed_by, told.author), self.actors[told.author])
        label = followed.treatments[told.treatment].label

        def act(at: datetime) -> None:
            occurred_on = self.calendar.day(told.days_ago)
            fact = Fact(
                treatment_id=self._treatment(patient_id, label).id,
                occurred_on=occurred_on,
                contact_mode=told.contact,
                contact_on=None if told.contact is ContactMode.NONE else occurred_on,
                note=told.first_note or told.note,
            )
            key = key_of(number, f"fact {place}")
            if actor.delegation_id is not None:
                self.session.get_one(Delegation, actor.delegation_id).last_used_at = at
            if isinstance(told, people.Tolerated):
                entry_id = tolerance.record_tolerance(
                    self.session, actor, patient_id, fact, domain=told.domain,
                    patient_appreciation=told.felt, grade=told.grade, key=key, now=at,
                )  # fmt: skip
                if told.first_note:
                    tolerance.correct_tolerance(
                        self.session, actor, entry_id, replace(fact, note=told.note),
                        domain=told.domain, patient_appreciation=told.felt, grade=told.grade,
                        key=key_of(number, f"correction {place}"), now=at + timedelta(days=1),
                    )  # fmt: skip
            elif isinstance(told, people.Interacts):
                interaction.record_interaction(
                    self.session, actor, patient_id, fact, substance=told.substance,
                    level=told.level, key=key, now=at,
                )  # fmt: skip
            elif isinstance(told, people.Adheres):
                adherence.record_adherence(
                    self.session, actor, patient_id, fact, self._score(actor, told), key=key, now=at
                )

        return act

    def _score(self, actor: Actor, told: people.Adheres) -> Score:
        if not told.answers:
            return Score(score=told.score, direction=told.direction)
        return Score(
            questionnaire_id=current_questionnaire(self.session, actor).id,
            answers=[letter == "o" for letter in told.answers],
        )

    def _new(self, taken: people.Taken) -> NewTreatment:
        return NewTreatment(
            started_on=self.calendar.day(taken.since),
            label=taken.label,
            posology=taken.posology,
            is_followed=taken.is_followed,
        )

    def _consent(self, days_ago: int) -> NewConsent:
        doctor = self.actors["medecin"]
        on = self.calendar.day(days_ago)
        return NewConsent(
            mode=ConsentMode.ORAL,
            given_on=on,
            notice_id=current_notice(self.session, doctor).id,
            notice_handed_on=on,
        )

    def _treatment(self, patient_id: UUID, label: str) -> Treatment:
        return self.session.exec(
            select(Treatment).where(Treatment.patient_id == patient_id, Treatment.label == label)
        ).one()

    def _id(self, login: str) -> UUID:
        professional_id = self.actors[login].professional_id
        assert professional_id is not None
        return professional_id
