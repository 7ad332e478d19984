"""Valid objects for tests: each factory needs nothing but a session and, where somebody acts, an actor."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from app.authz.actor import Actor, system
from app.models.account import Account, Role
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind, ConsentMode, InformationNotice
from app.models.delegation import Delegation, DelegationScope
from app.models.entry import Entry, EntryKind
from app.models.patient import Patient, Sex, first_given_name
from app.models.professional import Profession, Professional
from app.models.treatment import Treatment
from app.seeds.legal_text import accept_in_force
from app.services import delegation, professional as professionals
from app.services.account_words import write_account_words
from app.services.identifiers import is_luhn
from app.services.patient_name_key import write_name_keys
from app.services.patient_words import write_words
from app.services.text import fold

DEFAULT_NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
PASSWORD_HASH = "not-a-hash"  # opens nothing: no password verifies against it
TREATMENT_LABEL = "IBRANCE 125 mg, gélule"

_numbers = count(1)
_FAMILY_NAMES = "Vasseur Tessier Lebrun Cohen Traoré Girard Nguyen Roussel Petit Morel".split()
_GIVEN_NAMES = "Claire Karim Sophie Yann Aminata Paul Mai Anne Marcel Lucie".split()


def unique_rpps() -> str:
    """A valid RPPS nobody else has in this run: 11 digits with their Luhn key."""
    body = f"99{next(_numbers):08d}"
    return next(body + key for key in "0123456789" if is_luhn(body + key))


def make_account(session: Session, now: datetime = DEFAULT_NOW, **overrides: Any) -> Account:
    """An active account that accepted the texts in force.

    Its hash opens nothing: give `password_hash` where a test signs in.
    """
    n = next(_numbers)
    values: dict[str, Any] = {
        "email": f"compte{n}@exemple.test",
        "password_hash": PASSWORD_HASH,
        "role": Role.PROFESSIONAL,
        "civility": "",
        "family_name": _FAMILY_NAMES[n % len(_FAMILY_NAMES)],
        "given_name": _GIVEN_NAMES[n % len(_GIVEN_NAMES)],
        "created_at": now,
    }
    account = Account(**{**values, **overrides})
    session.add(account)
    session.flush()
    write_account_words(session, system("test"), account)
    accept_in_force(session, system("test"), account, now=now)
    return account


def make_professional(session: Session, now: datetime = DEFAULT_NOW, **overrides: Any) -> Actor:
    """A professional ready to act. `overrides`: fields of the account or of the professional."""
    own = {k: overrides.pop(k) for k in list(overrides) if k in Professional.model_fields}
    account = make_account(session, now, role=Role.PROFESSIONAL, **overrides)
    values: dict[str, Any] = {
        "account_id": account.id,
        "rpps": unique_rpps(),
        "profession": Profession.DOCTOR,
        "place_name": "Clinique des Tilleuls",
        "place_city": "Niort",
        "search_name": fold(f"{account.family_name} {account.given_name}"),
    }
    professional = Professional(**{**values, **own})
    session.add(professional)
    session.flush()
    actor = actor_of(account, professional)
    professionals.write_words(
        session, actor, professional, f"{account.family_name} {account.given_name}"
    )
    return actor


def actor_of(account: Account, professional: Professional | None = None) -> Actor:
    """The actor an account is once signed in."""
    names = (account.civility, account.given_name, account.family_name)
    return Actor(
        account_id=account.id,
        session_id=uuid4(),
        role=account.role,
        professional_id=professional.id if professional else None,
        profession=professional.profession if professional else None,
        own_professional_id=professional.id if professional else None,
        own_profession=professional.profession if professional else None,
        patient_id=account.patient_id,
        name=" ".join(part for part in names if part),
        address="127.0.0.1",
    )


def make_secretary(session: Session, now: datetime = DEFAULT_NOW, **overrides: Any) -> Actor:
    """A secretary with a CPE card of their own."""
    values = {"card_number": f"3799{next(_numbers):08d}", **overrides}
    return actor_of(make_account(session, now, role=Role.SECRETARY, **values))


def number_of(session: Session, actor: Actor) -> str:
    """What a holder types to name somebody: their RPPS, or the number of their card."""
    if actor.own_professional_id is not None:
        return session.get_one(Professional, actor.own_professional_id).rpps
    return session.get_one(Account, actor.account_id).card_number or ""


def make_delegation(
    session: Session,
    holder: Actor,
    delegate: Actor,
    scope: DelegationScope = DelegationScope.RECORD,
    *,
    now: datetime = DEFAULT_NOW,
    **overrides: Any,
) -> UUID:
    """A delegation in force since today, until withdrawn."""
    values: dict[str, Any] = {
        "holder_id": holder.professional_id,
        "delegate_number": number_of(session, delegate),
        "scope": scope,
        "starts_on": now.date(),
        "created_at": now,
    }
    made = Delegation(**{**values, **overrides})
    session.add(made)
    session.flush()
    return made.id


def act_for(
    session: Session,
    holder: Actor,
    delegate: Actor,
    scope: DelegationScope = DelegationScope.RECORD,
    *,
    now: datetime = DEFAULT_NOW,
) -> Actor:
    """The delegate, acting for the holder under a delegation made for it."""
    delegation_id = make_delegation(session, holder, delegate, scope, now=now)
    acting, found = delegation.act_for(session, delegate, delegation_id, now=now)
    assert found is not None
    return acting


def make_patient_actor(
    session: Session, patient_id: UUID, now: datetime = DEFAULT_NOW, **overrides: Any
) -> Actor:
    """A patient signed in to their own page."""
    account = make_account(session, now, role=Role.PATIENT, patient_id=patient_id, **overrides)
    return actor_of(account)


def make_administrator(session: Session, now: datetime = DEFAULT_NOW, **overrides: Any) -> Actor:
    """An administrator: no care link, no patient."""
    return actor_of(make_account(session, now, role=Role.ADMINISTRATOR, **overrides))


def make_patient(
    session: Session,
    actor: Actor,
    *,
    now: datetime = DEFAULT_NOW,
    members: Iterable[Actor] = (),
    with_treatment: bool = True,
    **overrides: Any,
) -> UUID:
    """A patient enrolled by `actor`, with `members` added to the circle, each with a consent.

    As every enrolled patient, they have one followed treatment (D-01), unless `with_treatment` is false.
    """
    n = next(_numbers)
    birth_name = overrides.get("birth_name", f"Lefèvre{_letters(n)}")
    given_names = overrides.get("birth_given_names", "Jeanne")
    values: dict[str, Any] = {
        "birth_name": birth_name,
        "birth_given_names": given_names,
        "birth_date": date(1958, 6, 4),
        "sex": Sex.FEMALE,
        "phone": "+33612345678",
        "created_at": now,
        "birth_place": "Niort",
        "match_name": fold(f"{birth_name} {first_given_name(given_names)}"),
        "sort_name": fold(f"{birth_name} {given_names}"),
    }
    patient = Patient(**{**values, **overrides})
    session.add(patient)
    session.flush()
    write_name_keys(session, actor, patient)
    _join(session, actor, actor, patient, ConsentKind.ENROLMENT, now)
    session.add(
        Entry(
            patient_id=patient.id,
            kind=EntryKind.ENROLMENT,
            author_id=actor.professional_id,
            occurred_on=now.date(),
            recorded_at=now,
            first_recorded_at=now,
        )
    )
    if with_treatment:
        make_treatment(session, actor, patient.id, now=now)
    for member in members:
        add_to_circle(session, actor, patient.id, member, now=now)
    session.flush()
    return patient.id


def add_to_circle(
    session: Session, actor: Actor, patient_id: UUID, member: Actor, *, now: datetime = DEFAULT_NOW
) -> None:
    """Make `member` one of the patient's professionals, added by `actor` with the patient's consent."""
    patient = session.get_one(Patient, patient_id)
    _join(session, actor, member, patient, ConsentKind.CIRCLE_ADDITION, now)


def make_treatment(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    now: datetime = DEFAULT_NOW,
    **overrides: Any,
) -> UUID:
    """A treatment the patient takes, followed since a month ago."""
    values: dict[str, Any] = {
        "patient_id": patient_id,
        "label": TREATMENT_LABEL,
        "substances": "palbociclib",
        "posology": "1 gélule par jour, 21 jours sur 28",
        "started_on": now.date() - timedelta(days=30),
        "added_by_id": actor.professional_id,
        "added_at": now,
    }
    treatment = Treatment(**{**values, **overrides})
    session.add(treatment)
    session.flush()
    return treatment.id


def first_treatment(session: Session, patient_id: UUID) -> UUID:
    """The treatment a patient was enrolled with."""
    return (
        session.exec(
            select(Treatment.id)
            .where(Treatment.patient_id == patient_id)
            .order_by(col(Treatment.added_at))
        ).first()
        or uuid4()
    )


def make_notice(session: Session, now: datetime = DEFAULT_NOW) -> UUID:
    """The information notice, written once."""
    found = session.exec(select(InformationNotice.id)).first()
    if found:
        return found
    notice = InformationNotice(
        version="1", title="Notice d’information", body="Texte.", published_at=now
    )
    session.add(notice)
    session.flush()
    return notice.id


def _join(
    session: Session,
    actor: Actor,
    member: Actor,
    patient: Patient,
    kind: ConsentKind,
    now: datetime,
) -> None:
    session.add(
        CareLink(
            patient_id=patient.id,
            professional_id=member.professional_id,
            added_by_id=actor.professional_id,
            started_at=now,
            read_at=now,
            sort_name=patient.sort_name,
            last_entry_on=now.date(),
        )
    )
    session.add(
        Consent(
            patient_id=patient.id,
            kind=kind,
            mode=ConsentMode.ORAL,
            given_on=now.date(),
            collected_by_id=actor.professional_id,
            for_professional_id=member.professional_id,
            notice_id=make_notice(session, now),
            notice_handed_on=now.date(),
            recorded_at=now,
        )
    )
    assert member.professional_id is not None
    write_words(session, actor, patient, [member.professional_id])
    session.flush()


def _letters(n: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(n))
