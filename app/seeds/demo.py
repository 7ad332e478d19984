"""The demonstration: everything is created through the services, at the dates it would have happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session, select

from app.authz.actor import Actor, system
from app.db import reading, unit_of_work
from app.i18n.demonstration import ACCOUNTS, PASSWORD, PATIENT_LOGIN, email_of
from app.models.account import Account, Role
from app.models.professional import Professional
from app.seeds import demo_people as people
from app.seeds.demo_administration import DemoAdministration
from app.seeds.demo_applications import add_demo_applications
from app.seeds.demo_calendar import NAMESPACE, Calendar, key_of
from app.seeds.demo_directory import ensure_demo_directory, with_key
from app.seeds.demo_document import add_demo_documents
from app.seeds.demo_follow_up import FollowUp
from app.seeds.demo_health_mail import add_demo_health_mail
from app.seeds.demo_letter import PATIENT
from app.seeds.demo_message import add_demo_messages, say_mails_left
from app.seeds.demo_patient import PATIENTS, Followed
from app.seeds.demo_team import add_proved_phone, load_secretariat, load_team
from app.seeds.legal_text import accept_in_force
from app.services.account import create_account, create_professional
from app.services.delegation import act_for
from app.services.delegation_grant import NewDelegation, grant


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
    """One load, on the day of the first start."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.calendar = Calendar(now)
        self.robot = system("demonstration")
        self.actors: dict[str, Actor] = {}
        self.numbers: dict[str, str] = {}
        self.acting: dict[tuple[str, str], Actor] = {}

    def load(self) -> None:
        """Carers, then patients with their follow-up, then the patient's and the administrators' accounts."""
        ensure_demo_directory(self.session, self.robot, now=self.now)
        add_demo_applications(self.session, self.robot, now=self.calendar.at(420))
        for carer in people.CARERS:
            self._add_carer(carer)
        for delegated in people.DELEGATIONS:
            self._add_delegation(delegated)
        follow_up = FollowUp(self.session, self.calendar, self.actors, self.acting)
        patients = []
        for number, followed in enumerate(PATIENTS):
            patient_id = follow_up.add_patient(number, followed)
            patients.append((patient_id, followed))
        own = self._add_patient_account(*patients[0])
        add_demo_documents(self.session, self.calendar, self.actors, patients, own)
        writers = {**self.actors, PATIENT: own}
        add_demo_messages(self.session, self.calendar, writers, self.acting, patients)
        add_demo_health_mail(self.session, self.calendar, own)
        say_mails_left(self.session, self.calendar)
        administrator, _ = (
            self._account(
                email=email_of(login),
                role=Role.ADMINISTRATOR,
                civility=civility,
                given_name=given_name,
                family_name=family_name,
                now=self.calendar.at(420),
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
            key=key_of(0, "team"),
            now=self.calendar.at(200),
        )
        load_secretariat(self.session, self.robot, self._account, now=self.calendar.at(200))

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
            now=self.calendar.at(420),
        )
        professional = create_professional(
            self.session,
            self.robot,
            account=account,
            rpps=with_key(carer.rpps),
            profession=carer.profession,
            speciality=carer.speciality,
            place_name=carer.place,
            place_city=carer.city,
            now=self.calendar.at(420),
        )
        self.actors[carer.login] = self._actor(account, professional)
        self.numbers[carer.login] = professional.rpps

    def _add_delegation(self, delegated: people.Delegated) -> None:
        at = self.calendar.at(delegated.since)
        holder = replace(self.actors[delegated.holder], factor_at=at)
        delegation_id = grant(
            self.session,
            holder,
            NewDelegation(
                number=self.numbers[delegated.delegate],
                scope=delegated.scope,
                starts_on=self.calendar.day(delegated.since),
                ends_on=self.calendar.day(delegated.until),
            ),
            key=uuid5(NAMESPACE, f"{delegated.holder} {delegated.delegate}"),
            now=at,
        )
        acting, _ = act_for(self.session, self.actors[delegated.delegate], delegation_id, now=at)
        self.acting[(delegated.delegate, delegated.holder)] = acting

    def _add_patient_account(self, patient_id: UUID, followed: Followed) -> Actor:
        account = self._account(
            email=followed.email,
            role=Role.PATIENT,
            civility="Mme",
            given_name=followed.given_names.split()[0],
            family_name=followed.used_name or followed.birth_name,
            patient_id=patient_id,
            login_name=PATIENT_LOGIN,
            now=self.calendar.at(followed.enrolled),
        )
        if followed.e164:
            add_proved_phone(
                self.session, account, followed.e164, now=self.calendar.at(followed.enrolled)
            )
        return Actor(
            account_id=account.id,
            session_id=uuid5(NAMESPACE, str(account.email)),
            role=Role.PATIENT,
            patient_id=patient_id,
            name=f"{account.given_name} {account.family_name}",
            reason=self.robot.reason,
        )

    def _actor(self, account: Account, professional: Professional) -> Actor:
        return Actor(
            account_id=account.id,
            session_id=uuid5(NAMESPACE, str(account.email)),
            role=account.role,
            professional_id=professional.id,
            profession=professional.profession,
            own_professional_id=professional.id,
            own_profession=professional.profession,
            name=f"{account.civility} {account.given_name} {account.family_name}",
            reason=self.robot.reason,
        )
