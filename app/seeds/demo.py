"""The demonstration: everything is created through the services, at the dates it would have happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from app.authz.actor import Actor, system
from app.db import reading, unit_of_work
from app.i18n.demonstration import ACCOUNTS, PASSWORD, PATIENT_LOGIN, email_of
from app.models.account import Account, Role
from app.models.consent import ConsentMode
from app.models.delegation import Delegation
from app.models.entry import ContactMode
from app.models.professional import Professional
from app.models.treatment import Treatment
from app.seeds import demo_people as people
from app.seeds.demo_administration import DemoAdministration
from app.seeds.demo_applications import add_demo_applications
from app.seeds.demo_directory import ensure_demo_directory, with_key
from app.seeds.demo_team import add_proved_phone, load_secretariat, load_team
from app.seeds.legal_text import accept_in_force
from app.services import adherence, interaction, tolerance
from app.services.account import create_account, create_professional
from app.services.adherence import Score
from app.services.care_circle import add_professional
from app.services.consent import NewConsent
from app.services.delegation import act_for
from app.services.delegation_grant import NewDelegation, grant
from app.services.enrolment import enrol_patient
from app.services.entry import mark_read
from app.services.fact import Fact
from app.services.identifiers import is_luhn
from app.services.identity import PatientSheet
from app.services.notice import current_notice
from app.services.questionnaire import current_questionnaire
from app.services.treatment import add_treatment, end_treatment
from app.services.treatment_input import NewTreatment

PARIS = ZoneInfo("Europe/Paris")
# Keys of the once-only submits: the same at every start, so that a seed cut short can be run again.
_NAMESPACE = UUID("6f9e0c5a-3a54-4f0e-9d2f-1f2b5c7d8e90")


def ensure(say: Callable[[str], None]) -> None:
    """Load the demonstration into an empty base, in one transaction; a base in use is left alone."""
    with reading() as session:
        if session.exec(select(Account.id).limit(1)).first() is not None:
            return
    say("Chargement des données de démonstration…")
    now = datetime.now(UTC)
    with unit_of_work() as session:
        Demonstration(session, now).load()


def welcome() -> str:
    """The accounts of the demonstration, as shown after the address."""
    lines = [f"  {email_of(login)}" for login in ACCOUNTS]
    return "\n".join(
        [
            "",
            "Comptes de démonstration :",
            *lines,
            f"Mot de passe : {PASSWORD}",
            "Les codes reçus par e-mail se lisent à l’adresse /demo/boite-envoi.",
        ]
    )


class Demonstration:
    """One load. `today` is the day of the first start; everything is dated back from it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.today = now.astimezone(PARIS).date()
        self.robot = system("demonstration")
        self.actors: dict[str, Actor] = {}
        self.numbers: dict[str, str] = {}
        self.acting: dict[tuple[str, str], Actor] = {}

    def load(self) -> None:
        """Carers, then patients with their follow-up, then the patient's and the administrators' accounts."""
        ensure_demo_directory(self.session, self.robot, now=self.now)
        add_demo_applications(self.session, self.robot, now=self._at(420))
        for carer in people.CARERS:
            self._add_carer(carer)
        for delegated in people.DELEGATIONS:
            self._add_delegation(delegated)
        for number, followed in enumerate(people.PATIENTS):
            patient_id = self._add_patient(number, followed)
            if number == 0:
                self._add_patient_account(patient_id, followed)
        administrator, _ = (
            self._account(
                email=email_of(login),
                role=Role.ADMINISTRATOR,
                civility=civility,
                given_name=given_name,
                family_name=family_name,
                now=self._at(420),
            )
            for login, civility, given_name, family_name in people.ADMINISTRATORS
        )
        waiting = DemoAdministration(self.session, self.robot, self.now, with_key("9990000009"))
        waiting.load(administrator, self.actors["hematologue"], self._account)
        load_team(
            self.session,
            self.robot,
            self.actors["pharmacien"],
            self._account,
            self._actor,
            rpps=with_key("9990000010"),
            key=_key(0, "team"),
            now=self._at(200),
        )
        load_secretariat(self.session, self.robot, self._account, now=self._at(200))

    def _account(self, **values: Any) -> Account:
        account = create_account(self.session, self.robot, password=PASSWORD, **values)
        accept_in_force(self.session, self.robot, account, now=self.now)
        return account

    def _add_carer(self, carer: people.Carer) -> None:
        account = self._account(
            email=email_of(carer.login),
            role=Role.PROFESSIONAL,
            civility=carer.civility,
            given_name=carer.given_name,
            family_name=carer.family_name,
            now=self._at(420),
        )
        professional = create_professional(
            self.session,
            self.robot,
            account=account,
            rpps=next(carer.rpps + key for key in "0123456789" if is_luhn(carer.rpps + key)),
            profession=carer.profession,
            speciality=carer.speciality,
            place_name=carer.place,
            place_city=carer.city,
            now=self._at(420),
        )
        self.actors[carer.login] = self._actor(account, professional)
        self.numbers[carer.login] = professional.rpps

    def _add_delegation(self, delegated: people.Delegated) -> None:
        at = self._at(delegated.since)
        holder = replace(self.actors[delegated.holder], factor_at=at)
        delegation_id = grant(
            self.session,
            holder,
            NewDelegation(
                number=self.numbers[delegated.delegate],
                scope=delegated.scope,
                starts_on=self._day(delegated.since),
                ends_on=self._day(delegated.until),
            ),
            key=uuid5(_NAMESPACE, f"{delegated.holder} {delegated.delegate}"),
            now=at,
        )
        acting, _ = act_for(self.session, self.actors[delegated.delegate], delegation_id, now=at)
        self.acting[(delegated.delegate, delegated.holder)] = acting

    def _add_patient(self, number: int, followed: people.Followed) -> UUID:
        doctor = self.actors["medecin"]
        enrolled_at = self._at(followed.enrolled)
        first = [taken for taken in followed.treatments if taken.since >= followed.enrolled]
        patient_id = enrol_patient(
            self.session,
            doctor,
            key=_key(number, "enrolment"),
            sheet=PatientSheet(
                birth_name=followed.birth_name,
                birth_given_names=followed.given_names,
                birth_date=followed.birth_date,
                sex=followed.sex,
                birth_place=followed.birth_place,
                used_name=followed.used_name,
                ins=followed.ins,
                proof=followed.proof,
                phone=_e164(followed.phone),
                email=followed.email,
                address=followed.address,
            ),
            treatments=[self._new(taken) for taken in first if taken.is_followed],
            consent=self._consent(followed.enrolled),
            duplicate_confirmed=True,
            confirmed=True,
            now=enrolled_at,
        )
        for login in followed.members:
            add_professional(
                self.session,
                doctor,
                patient_id,
                self._id(login),
                key=_key(number, f"member {login}"),
                consent=self._consent(followed.enrolled),
                now=enrolled_at + timedelta(minutes=5),
            )
        acts = [
            *self._later_treatments(number, patient_id, followed),
            *self._facts(number, patient_id, followed),
            (self._at(followed.read_until), self._reading(patient_id, followed)),
        ]
        for at, act in sorted(acts, key=lambda each: each[0]):
            act(at)
        return patient_id

    def _later_treatments(
        self, number: int, patient_id: UUID, followed: people.Followed
    ) -> list[tuple[datetime, Callable[[datetime], Any]]]:
        acts: list[tuple[datetime, Callable[[datetime], Any]]] = []
        for place, taken in enumerate(followed.treatments):
            actor = self.actors[taken.added_by]
            if not (taken.since >= followed.enrolled and taken.is_followed):
                at = self._at(min(taken.since, followed.enrolled)) + timedelta(minutes=10)
                acts.append((at, self._adding(number, place, actor, patient_id, taken)))
            if taken.until is not None:
                acts.append((self._at(taken.until), self._ending(actor, patient_id, taken)))
        return acts

    def _adding(
        self, number: int, place: int, actor: Actor, patient_id: UUID, taken: people.Taken
    ) -> Callable[[datetime], Any]:
        return lambda at: add_treatment(
            self.session,
            actor,
            patient_id,
            self._new(taken),
            key=_key(number, f"treatment {place}"),
            now=at,
        )

    def _ending(
        self, actor: Actor, patient_id: UUID, taken: people.Taken
    ) -> Callable[[datetime], Any]:
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
    ) -> list[tuple[datetime, Callable[[datetime], Any]]]:
        return [
            (
                self._at(fact.days_ago - fact.typed_after, minutes=7 * place),
                self._recording(number, place, patient_id, followed, fact),
            )
            for place, fact in enumerate(followed.facts)
        ]

    def _reading(self, patient_id: UUID, followed: people.Followed) -> Callable[[datetime], Any]:
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
    ) -> Callable[[datetime], Any]:
        actor = self.acting.get((told.typed_by, told.author), self.actors[told.author])
        label = followed.treatments[told.treatment].label

        def act(at: datetime) -> None:
            occurred_on = self._day(told.days_ago)
            fact = Fact(
                treatment_id=self._treatment(patient_id, label).id,
                occurred_on=occurred_on,
                contact_mode=told.contact,
                contact_on=None if told.contact is ContactMode.NONE else occurred_on,
                note=told.first_note or told.note,
            )
            key = _key(number, f"fact {place}")
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
                        key=_key(number, f"correction {place}"), now=at + timedelta(days=1),
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

    def _add_patient_account(self, patient_id: UUID, followed: people.Followed) -> None:
        account = self._account(
            email=followed.email,
            role=Role.PATIENT,
            civility="Mme",
            given_name=followed.given_names.split()[0],
            family_name=followed.used_name or followed.birth_name,
            patient_id=patient_id,
            login_name=PATIENT_LOGIN,
            now=self._at(followed.enrolled),
        )
        if number := _e164(followed.phone):
            add_proved_phone(self.session, account, number, now=self._at(followed.enrolled))

    def _new(self, taken: people.Taken) -> NewTreatment:
        return NewTreatment(
            started_on=self._day(taken.since),
            label=taken.label,
            posology=taken.posology,
            is_followed=taken.is_followed,
        )

    def _consent(self, days_ago: int) -> NewConsent:
        doctor = self.actors["medecin"]
        on = self._day(days_ago)
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

    def _actor(self, account: Account, professional: Professional) -> Actor:
        return Actor(
            account_id=account.id,
            session_id=uuid5(_NAMESPACE, str(account.email)),
            role=account.role,
            professional_id=professional.id,
            profession=professional.profession,
            own_professional_id=professional.id,
            own_profession=professional.profession,
            name=f"{account.civility} {account.given_name} {account.family_name}",
            reason=self.robot.reason,
        )

    def _day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def _at(self, days_ago: int, *, minutes: int = 0) -> datetime:
        """Ten in the morning of that day, or now when that is still to come."""
        moment = datetime.combine(self._day(days_ago), time(8, 40), PARIS)
        return min(moment + timedelta(minutes=minutes), self.now)


def _key(number: int, act: str) -> UUID:
    return uuid5(_NAMESPACE, f"{number} {act}")


def _e164(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    return f"+33{digits[1:]}" if digits else ""
