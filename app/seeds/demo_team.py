"""Who shares a workplace in the demonstration: a préparateur at the pharmacy, a secretariat of two people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.db import keyring_of
from app.i18n.demonstration import OPERATOR_CODE, SECRETARIES, email_of
from app.models.account import Account, Role
from app.models.contact_point import Phone
from app.models.professional import Profession, Professional
from app.services import member, team
from app.services.account import create_professional
from app.services.member import NewMember

MakeAccount = Callable[..., Account]
MakeActor = Callable[[Account, Professional], Actor]


def load_team(
    session: Session,
    robot: Actor,
    pharmacist: Actor,
    make_account: MakeAccount,
    make_actor: MakeActor,
    *,
    rpps: str,
    key: UUID,
    now: datetime,
) -> None:
    """A préparateur invited by the pharmacist, who joined. `rpps`: a number of nobody."""
    account = make_account(
        email=email_of("preparateur"),
        role=Role.PROFESSIONAL,
        civility="M.",
        given_name="Hugo",
        family_name="Lacaze",
        now=now,
    )
    professional = create_professional(
        session,
        robot,
        account=account,
        rpps=rpps,
        profession=Profession.PHARMACY_TECHNICIAN,
        place_name="Pharmacie des Arènes",
        place_city="Niort",
        now=now,
    )
    responsible = replace(pharmacist, factor_at=now)
    invited = team.invite_member(
        session, responsible, account.email, OPERATOR_CODE, key=key, now=now
    )
    team.accept_membership(session, make_actor(account, professional), invited, now=now)


def load_secretariat(
    session: Session, robot: Actor, make_account: MakeAccount, *, now: datetime
) -> None:
    """One account, two people who each name themselves with a code (MM-25)."""
    account = make_account(
        email=email_of("secretariat"),
        role=Role.SECRETARY,
        given_name="Nadia",
        family_name="Brunet",
        now=now,
    )
    account.shared_title = "Secrétariat d’oncologie"
    session.flush()
    for civility, given_name, family_name, code in SECRETARIES:
        code_hash = member.hash_code(keyring_of(session), code)
        new = NewMember(civility, family_name, given_name)
        member.create_member(session, robot, account.id, new, code_hash, now=now)


def add_proved_phone(session: Session, account: Account, number: str, *, now: datetime) -> None:
    """A telephone that was proved before the demonstration began, so that codes may go there."""
    session.add(Phone(account_id=account.id, number=number, verified_at=now, created_at=now))
