"""What waits for administrators in the demonstration: registrations, a change, a proposal, a suspension."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.authz.actor import Actor
from app.crypto import content_digest
from app.db import keyring_of
from app.i18n.demonstration import DOMAIN, PASSWORD, email_of
from app.models.account import Account, AccountState, Role
from app.models.contact_point import EmailAddress, Phone
from app.models.legal_text import AcceptanceMode, LegalTextKind
from app.models.practice import Practice
from app.models.professional import Profession
from app.models.registration import (
    IdentitySource,
    Occupation,
    Registration,
    RegistrationKind,
    RegistrationState,
)
from app.seeds.legal_text import accept_in_force
from app.services import journal
from app.services.account import create_professional
from app.services.account_admin import suspend_account
from app.services.account_words import write_account_words
from app.services.directory import DirectoryHit, search_directory
from app.services.facility import list_laboratories
from app.services.identity_change import ask_change, present_traits
from app.services.legal_text import current_text
from app.services.registration_outcome import add_professional
from app.services.role_grant import propose_administrator

ISSUER = "https://psc.demo.liane.example"


class DemoAdministration:
    """One load, dated back from the first start."""

    def __init__(self, session: Session, robot: Actor, now: datetime, rpps: str) -> None:
        self.session = session
        self.robot = robot
        self.now = now
        self.rpps = rpps

    def load(
        self,
        administrator: Account,
        doctor: Actor,
        make_account: Callable[..., Account],
    ) -> None:
        """Everything. `doctor` asks for another name; `make_account` makes an active account."""
        actor = replace(self._actor(administrator), factor_at=self.now)
        self._register_professional(
            "Aurélie Giraudeau", "Mme", "aurelie.giraudeau", hours=50, certified=True
        )
        self._register_professional(
            "Hugo Martinet", "Dr", "hugo.martinet", hours=26, certified=False
        )
        self._register_secretariat(hours=4)
        traits = replace(present_traits(self.session, doctor), family_name="Vasseur-Lenoir")
        ask_change(self.session, doctor, traits, now=self._ago(20))
        self._suspend(actor, make_account)
        self._propose(actor, make_account)

    def _register_professional(
        self, name: str, civility: str, login: str, *, hours: int, certified: bool
    ) -> None:
        at = self._ago(hours)
        page = search_directory(self.session, self.robot, name, now=at)
        if not page.is_builtin:
            # A real directory was imported first: whoever bears this name there is somebody real.
            return
        hit = page.rows[0]
        registration = self._registration(
            at,
            email=f"{login}@{DOMAIN}",
            kind=RegistrationKind.PROFESSIONAL,
            source=IdentitySource.PSC if certified else IdentitySource.DIRECTORY,
            rpps=hit.rpps,
            profession=Profession(hit.profession),
            speciality=hit.speciality,
            civility=civility,
            family_name=hit.family_name,
            given_name=hit.given_name,
            certified_at=at if certified else None,
            provider_issuer=ISSUER if certified else "",
            provider_subject=f"demo:{login}" if certified else "",
            contract_mode=AcceptanceMode.PSC if certified else AcceptanceMode.TYPED_NAME,
        )
        self._places(registration, hit, at)
        account = self.session.get_one(Account, registration.account_id)
        add_professional(self.session, self.robot, registration, account)

    def _register_secretariat(self, *, hours: int) -> None:
        self._registration(
            self._ago(hours),
            email=f"secretariat.oncologie@{DOMAIN}",
            kind=RegistrationKind.SECRETARY,
            source=IdentitySource.MANUAL,
            occupation=Occupation.MEDICAL_SECRETARY,
            civility="Mme",
            family_name="Thibaud",
            given_name="Carole",
            is_shared=True,
            shared_title="Secrétariat d’oncologie",
        )

    def _registration(self, at: datetime, **values: Any) -> Registration:
        is_professional = values["kind"] is RegistrationKind.PROFESSIONAL
        email = values["email"]
        account = Account(
            email=email,
            password_hash=keyring_of(self.session).hash_password(PASSWORD),
            role=Role.PROFESSIONAL if is_professional else Role.SECRETARY,
            state=AccountState.PENDING,
            civility=values["civility"],
            family_name=values["family_name"],
            given_name=values["given_name"],
            shared_title=values.get("shared_title", ""),
            identity_certified_at=values.get("certified_at"),
            created_at=at,
        )
        write_account_words(self.session, self.robot, account)
        self.session.add(
            EmailAddress(account_id=account.id, address=email, is_starred=True, verified_at=at)
        )
        if is_professional:
            self.session.add(
                Phone(account_id=account.id, number="+33639980061", verified_at=at, created_at=at)
            )
        accept_in_force(self.session, self.robot, account, now=self.now)
        terms, contract = (
            current_text(self.session, self.robot, kind, now=self.now)
            for kind in (LegalTextKind.TERMS, LegalTextKind.CONTRACT)
        )
        if is_professional:
            digest = content_digest(f"{contract.title}\n\n{contract.body}".encode())
            values |= {
                "contract_id": contract.id,
                "contract_digest": digest,
                "contract_at": at,
                "contract_name": f"{values['given_name']} {values['family_name']}",
            }
        registration = Registration(
            state=RegistrationState.TO_VALIDATE,
            email_verified_at=at,
            phones_done_at=at,
            terms_id=terms.id,
            terms_digest=content_digest(f"{terms.title}\n\n{terms.body}".encode()),
            terms_at=at,
            created_at=at - timedelta(minutes=20),
            updated_at=at,
            submitted_at=at,
            account_id=account.id,
            **values,
        )
        self.session.add(registration)
        self.session.flush()
        journal.record(
            self.session, self.robot, "registration.handed_in", object_id=account.id, now=at
        )
        return registration

    def _places(self, registration: Registration, hit: DirectoryHit, at: datetime) -> None:
        by_town = {row.city: row.id for row in list_laboratories(self.session, self.robot, now=at)}
        for position, place in enumerate(hit.places, start=1):
            self.session.add(
                Practice(
                    account_id=registration.account_id,
                    facility_id=place.facility_id,
                    finess=place.finess,
                    name=place.name,
                    address=place.address,
                    postcode=place.postcode,
                    city=place.city,
                    laboratory_id=by_town.get(place.city),
                    position=position,
                    created_at=at,
                )
            )

    def _suspend(self, actor: Actor, make_account: Callable[..., Account]) -> None:
        account = make_account(
            email=email_of("luc.brechet"),
            role=Role.PROFESSIONAL,
            civility="Dr",
            given_name="Luc",
            family_name="Bréchet",
            now=self._ago(24 * 200),
        )
        create_professional(
            self.session,
            self.robot,
            account=account,
            rpps=self.rpps,
            profession=Profession.DOCTOR,
            speciality="radiologue",
            place_name="Centre hospitalier du Marais",
            place_city="La Rochelle",
            now=self._ago(24 * 200),
        )
        suspend_account(
            self.session, actor, account.id, reason="Départ à la retraite annoncé.", now=self.now
        )

    def _propose(self, actor: Actor, make_account: Callable[..., Account]) -> None:
        account = make_account(
            email=email_of("nadia.brunel"),
            role=Role.SECRETARY,
            civility="Mme",
            given_name="Nadia",
            family_name="Brunel",
            now=self._ago(24 * 90),
        )
        propose_administrator(
            self.session,
            actor,
            account.id,
            reason="Rejoint l’équipe qui tient le portail.",
            now=self.now,
        )

    def _actor(self, account: Account) -> Actor:
        return Actor(account_id=account.id, session_id=account.id, role=account.role)

    def _ago(self, hours: int) -> datetime:
        return self.now - timedelta(hours=hours)
