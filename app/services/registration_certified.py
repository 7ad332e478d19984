"""A registration whose identity Pro Santé Connect vouches for: names and RPPS fill themselves in (MM-29)."""

from datetime import datetime

from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import RuleViolation
from app.integrations.psc_identity import Exercise, PscIdentity
from app.models.professional import Profession
from app.models.registration import IdentitySource, Registration, RegistrationKind
from app.services.directory import DirectoryHit, DirectoryPlace, find_by_rpps
from app.services.identifiers import is_rpps
from app.services.registration import access_registration, begin, find_registration
from app.services.registration_identity import change_names, shown_civility, take_places
from app.services.registration_progress import HANDED_IN

_MAX_FINESS = 9


def known_professions(identity: PscIdentity) -> tuple[Profession, ...]:
    """The professions the provider gives somebody, in its order, those this portal knows."""
    known = set(Profession)
    return tuple(Profession(code) for code in identity.profession_codes if code in known)


def begin_certified(
    session: Session,
    actor: Actor,
    token: str,
    identity: PscIdentity,
    *,
    profession: str = "",
    now: datetime,
) -> str:
    """Go on with a registration of the same person in this browser, or begin one; the token of its cookie.

    `profession`: the one they register with, asked of whoever has several.
    Raises RuleViolation for somebody without an RPPS or without a profession known here: they register with
    their own hand.
    """
    if not is_rpps(identity.rpps):
        raise RuleViolation("registration.provider_no_rpps")
    known = find_registration(session, actor, token, now=now)
    if known is not None and _is_same(known, identity):
        registration = access_registration(session, actor, token, now=now)
        registration.certified_at, registration.updated_at = now, now
        if profession and registration.profession != profession:
            _fill(session, actor, registration, identity, _chosen(identity, profession), now=now)
        return token
    chosen = _chosen(identity, profession)
    token = begin(session, actor, RegistrationKind.PROFESSIONAL, now=now)
    registration = access_registration(session, actor, token, now=now)
    _fill(session, actor, registration, identity, chosen, now=now)
    return token


def _chosen(identity: PscIdentity, profession: str) -> Profession:
    known = known_professions(identity)
    if not known:
        raise RuleViolation("registration.provider_no_profession")
    if len(known) == 1:
        return known[0]
    if profession not in known:
        raise RuleViolation("registration.profession_unchosen")
    return Profession(profession)


def _fill(
    session: Session,
    actor: Actor,
    registration: Registration,
    identity: PscIdentity,
    profession: Profession,
    *,
    now: datetime,
) -> None:
    exercise = _exercise(identity, profession)
    civility = shown_civility(exercise.civility_code) or shown_civility(identity.civility_code)
    change_names(
        session,
        actor,
        registration,
        civility,
        (exercise.family_name or identity.family_name)[:100],
        (exercise.given_name or identity.given_name)[:100],
    )
    registration.source, registration.certified_at = IdentitySource.PSC, now
    registration.rpps, registration.profession = identity.rpps, profession
    registration.provider_issuer = identity.issuer
    registration.provider_subject = identity.subject
    registration.provider_national_id = identity.national_id[:40]
    hit = _hit(session, actor, identity.rpps, profession, now=now)
    registration.speciality = hit.speciality[:100] if hit else ""
    places = hit.places if hit and hit.places else _places(exercise)
    take_places(session, actor, registration, places)


def _is_same(registration: Registration, identity: PscIdentity) -> bool:
    return (
        registration.state not in HANDED_IN
        and registration.source is IdentitySource.PSC
        and registration.provider_issuer == identity.issuer
        and registration.provider_subject == identity.subject
    )


def _exercise(identity: PscIdentity, profession: str) -> Exercise:
    found = (one for one in identity.exercises if one.profession_code == profession)
    return next(found, Exercise())


def _hit(
    session: Session, actor: Actor, rpps: str, profession: str, *, now: datetime
) -> DirectoryHit | None:
    person = find_by_rpps(session, actor, rpps, now=now)
    hits = [person, *person.others] if person else []
    return next((hit for hit in hits if hit.profession == profession), None)


def _places(exercise: Exercise) -> tuple[DirectoryPlace, ...]:
    """Where the provider says they work, when the directory does not know them."""
    return tuple(
        DirectoryPlace(
            finess=activity.finess if len(activity.finess) == _MAX_FINESS else "",
            structure=activity.structure_id,
            name=activity.name,
            address="",
            postcode="",
            city="",
        )
        for activity in exercise.activities
    )
