"""First step of a registration: who somebody is, from the directory, typed, or for a secretariat."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotFound, RuleViolation
from app.models.professional import Profession
from app.models.registration import (
    IdentitySource,
    Occupation,
    Registration,
    RegistrationKind,
    RegistrationMember,
    RegistrationPlace,
)
from app.services.directory import DirectoryHit, DirectoryPlace, find_by_rpps, plain_number
from app.services.fields import FieldReader
from app.services.identifiers import is_rpps, rpps_fault
from app.services.registration import access_open, settle_step
from app.services.registration_progress import Step

MAX_NAME = 100
CIVILITIES = ("M.", "Mme", "Dr", "Dre", "Pr", "Pre")
_MAX_SPECIALITY = 100
# How the directory writes civilities, and how they are shown.
_FROM_DIRECTORY = {
    "MONSIEUR": "M.",
    "MADAME": "Mme",
    "MLLE": "Mme",
    "DOCTEUR": "Dr",
    "PROFESSEUR": "Pr",
}


def choose_identity(
    session: Session, actor: Actor, token: str, number: str, profession: str, *, now: datetime
) -> bool:
    """Take somebody of the directory: their identity, and the places it knows (MM-08, MM-12).

    False when the directory lacks what an account needs, an RPPS or a profession known here: their names are
    then ready in the form to be completed by hand.
    """
    registration = _open_professional(session, actor, token, now=now)
    hit = _find_hit(session, actor, number, profession, now=now)
    civility = shown_civility(hit.civility)
    if not is_rpps(hit.rpps) or profession not in set(Profession):
        registration.typed = {
            **registration.typed,
            Step.IDENTITY.value: {
                "manual": "on",
                "rpps": hit.rpps,
                "civility": civility,
                "family_name": hit.family_name,
                "given_name": hit.given_name,
            },
        }
        return False
    change_names(session, actor, registration, civility, hit.family_name, hit.given_name)
    registration.source = IdentitySource.DIRECTORY
    registration.rpps, registration.profession = hit.rpps, Profession(profession)
    registration.speciality = hit.speciality[:_MAX_SPECIALITY]
    take_places(session, actor, registration, hit.places)
    settle_step(registration, Step.IDENTITY)
    return True


def type_identity(
    session: Session, actor: Actor, token: str, fields: Mapping[str, str], *, now: datetime
) -> None:
    """« Je souhaite m'inscrire manuellement » (MM-09, MM-10). Raises Invalid with every fault."""
    registration = _open_professional(session, actor, token, now=now)
    reader = FieldReader(fields)
    typed_rpps = reader.text("rpps", limit=30, missing="registration.rpps_missing")
    rpps = plain_number(typed_rpps)
    if typed_rpps and (fault := rpps_fault(rpps)):
        reader.fault("rpps", fault)
    profession = reader.choice("profession", Profession, missing="registration.profession_missing")
    names = _read_names(reader)
    reader.check()
    if registration.source is not IdentitySource.MANUAL:
        _drop_places(session, registration)
    change_names(session, actor, registration, *names)
    registration.source = IdentitySource.MANUAL
    registration.rpps, registration.profession, registration.speciality = rpps, profession, ""
    settle_step(registration, Step.IDENTITY)


def type_secretary(
    session: Session, actor: Actor, token: str, fields: Mapping[str, str], *, now: datetime
) -> None:
    """A secretariat: who answers for it, and whether several people share it (MM-24, MM-25)."""
    registration = access_open(session, actor, token, now=now)
    if registration.kind is not RegistrationKind.SECRETARY:
        raise RuleViolation("registration.other_kind")
    reader = FieldReader(fields)
    occupation = reader.choice("occupation", Occupation, missing="registration.profession_missing")
    names = _read_names(reader)
    is_shared = reader.flag("is_shared")
    title = reader.text(
        "shared_title",
        limit=MAX_NAME,
        missing="registration.shared_title_missing" if is_shared else None,
    )
    reader.check()
    change_names(session, actor, registration, *names)
    registration.source, registration.occupation = IdentitySource.MANUAL, occupation
    registration.is_shared, registration.shared_title = is_shared, title if is_shared else ""
    if not is_shared:
        session.execute(
            delete(RegistrationMember).where(
                col(RegistrationMember.registration_id) == registration.id
            )
        )
    settle_step(registration, Step.IDENTITY)


def keep_certified_identity(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Go on with the identity Pro Santé Connect vouched for: nothing of it is typed."""
    registration = _open_professional(session, actor, token, now=now, may_be_certified=True)
    if registration.source is not IdentitySource.PSC:
        raise NotFound("registration.none")
    settle_step(registration, Step.IDENTITY)


def shown_civility(code: str) -> str:
    """`Mme` of the directory's `MME`; '' for what is no civility known here."""
    plain = code.strip().rstrip(".").upper()
    known = {one.rstrip(".").upper(): one for one in CIVILITIES}
    return known.get(plain) or _FROM_DIRECTORY.get(plain, "")


def _open_professional(
    session: Session, actor: Actor, token: str, *, now: datetime, may_be_certified: bool = False
) -> Registration:
    registration = access_open(session, actor, token, now=now)
    if registration.kind is not RegistrationKind.PROFESSIONAL:
        raise RuleViolation("registration.other_kind")
    if registration.source is IdentitySource.PSC and not may_be_certified:
        raise RuleViolation("registration.certified")
    return registration


def _read_names(reader: FieldReader) -> tuple[str, str, str]:
    civility = reader.text("civility", limit=20, missing="registration.civility_missing")
    if civility and civility not in CIVILITIES:
        reader.fault("civility", "choice.unknown")
    family_name = reader.text(
        "family_name", limit=MAX_NAME, missing="registration.family_name_missing"
    )
    given_name = reader.text(
        "given_name", limit=MAX_NAME, missing="registration.given_name_missing"
    )
    return civility, family_name, given_name


def change_names(
    session: Session,
    actor: Actor,
    registration: Registration,
    civility: str,
    family_name: str,
    given_name: str,
) -> None:
    """Other names are another signature: a contract signed before must be signed again."""
    names = (civility, family_name, given_name)
    before = (registration.civility, registration.family_name, registration.given_name)
    if names != before:
        registration.contract_id = registration.contract_at = registration.contract_mode = None
    registration.civility, registration.family_name, registration.given_name = names
    session.add(registration)


def _find_hit(
    session: Session, actor: Actor, number: str, profession: str, *, now: datetime
) -> DirectoryHit:
    person = find_by_rpps(session, actor, number, now=now)
    hits = [person, *person.others] if person else []
    for hit in hits:
        if hit.profession == profession:
            return hit
    raise NotFound("registration.not_in_directory")


def take_places(
    session: Session,
    actor: Actor,
    registration: Registration,
    places: Sequence[DirectoryPlace],
) -> None:
    """Pre-select the places the directory knows (MM-12), in place of those of somebody chosen before."""
    named = [place for place in places if place.name]
    known = session.execute(
        select(col(RegistrationPlace.finess), col(RegistrationPlace.name)).where(
            col(RegistrationPlace.registration_id) == registration.id,
            col(RegistrationPlace.is_from_directory),
        )
    )
    if {tuple(row) for row in known} == {(place.finess, place.name) for place in named} and named:
        return
    _drop_places(session, registration)
    session.add_all(
        RegistrationPlace(
            registration_id=registration.id,
            facility_id=place.facility_id,
            finess=place.finess,
            name=place.name,
            address=place.address,
            postcode=place.postcode,
            city=place.city,
            is_from_directory=True,
            position=position,
        )
        for position, place in enumerate(named, start=1)
    )
    session.flush()


def _drop_places(session: Session, registration: Registration) -> None:
    """The places the directory gave belong to the person who was chosen before."""
    session.execute(
        delete(RegistrationPlace).where(
            col(RegistrationPlace.registration_id) == registration.id,
            col(RegistrationPlace.is_from_directory),
        )
    )
