"""Who may do what. Access comes from a care link and a consent, never from the role alone.

A policy answers with a boolean and says its rule in one sentence. `require_*` turn a refusal into the
right failure: what is not theirs to know is `NotFound`, what is visible but not theirs is `Forbidden`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, select

from app.authz.actor import Actor
from app.errors import Forbidden, NotAuthenticated, NotFound
from app.models.care_link import CareLink
from app.models.delegation import DelegationScope
from app.models.entry import Entry
from app.models.professional import Profession
from app.models.record_access import AccessBlock

# Who gives a medical assessment. A préparateur works under a pharmacist's responsibility (register, Roles);
# assistants, drivers, makers of devices and technicians carry out what others assess.
ASSESSING_PROFESSIONS = frozenset(
    {
        Profession.DOCTOR,
        Profession.PHARMACIST,
        Profession.DENTIST,
        Profession.MIDWIFE,
        Profession.NURSE,
        Profession.PSYCHIATRIC_NURSE,
        Profession.PHYSIOTHERAPIST,
        Profession.PODIATRIST,
        Profession.SPEECH_THERAPIST,
        Profession.ORTHOPTIST,
        Profession.PSYCHOLOGIST,
        Profession.OCCUPATIONAL_THERAPIST,
        Profession.DIETITIAN,
        Profession.PSYCHOMOTOR_THERAPIST,
    }
)
# A factor older than this must be given again before what cannot be taken back (S054).
FRESH_FACTOR = timedelta(minutes=5)

_LINKS = "open_links"
# Prepared once: it is looked up at every act on a patient.
_OPEN_LINK = select(CareLink).where(
    CareLink.patient_id == bindparam("patient_id"),
    CareLink.professional_id == bindparam("professional_id"),
    CareLink.ended_at == None,  # noqa: E711 - SQL
)
# A block follows the person: acting for somebody else does not let them in (FC-07).
_OWN_BLOCK = select(AccessBlock.id).where(
    AccessBlock.patient_id == bindparam("patient_id"),
    AccessBlock.professional_id == bindparam("professional_id"),
    AccessBlock.ended_at == None,  # noqa: E711 - SQL
)


def care_link(session: Session, actor: Actor, patient_id: UUID) -> CareLink | None:
    """The actor's open link to this patient, if any. Looked up once in a unit of work, which may end it."""
    if not actor.is_professional:
        return None
    known: dict[tuple[UUID, UUID | None], CareLink] = session.info.setdefault(_LINKS, {})
    key = (patient_id, actor.professional_id)
    link = known.get(key)
    if link is None or link.ended_at is not None:
        parameters = {"patient_id": patient_id, "professional_id": actor.professional_id}
        link = session.exec(_OPEN_LINK, params=parameters).first()
        if link is not None and is_shut_out(session, actor, patient_id):
            return None
        if link is not None:
            known[key] = link
    return link


def is_shut_out(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """Whether the patient blocked the person who acts for somebody else; a member never is blocked."""
    if not actor.is_delegate or actor.own_professional_id is None:
        return False
    parameters = {"patient_id": patient_id, "professional_id": actor.own_professional_id}
    return session.exec(_OWN_BLOCK, params=parameters).first() is not None


def shut_out_of(session: Session, actor: Actor) -> list[UUID]:
    """The patients who blocked the person who acts for somebody else: no list of the holder names them."""
    if not actor.is_delegate or actor.own_professional_id is None:
        return []
    return list(
        session.exec(
            select(AccessBlock.patient_id).where(
                AccessBlock.professional_id == actor.own_professional_id,
                AccessBlock.ended_at == None,  # noqa: E711 - SQL
            )
        )
    )


def may_read_patient(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """A professional reads the patients of whose circle they are a member; a patient reads themselves."""
    if actor.is_patient:
        return actor.patient_id == patient_id
    return care_link(session, actor, patient_id) is not None


def may_record_follow_up(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """Members of the circle write entries, unless their profession gives no medical assessment."""
    return care_link(session, actor, patient_id) is not None and may_assess(actor)


def may_assess(actor: Actor) -> bool:
    """A profession that gives medical assessments; a delegate's own too, within the scope they were given."""
    if not actor.is_professional or actor.profession not in ASSESSING_PROFESSIONS:
        return False
    if not actor.is_delegate:
        return True
    return actor.own_profession in ASSESSING_PROFESSIONS and actor.scope is not DelegationScope.READ


def may_manage(actor: Actor) -> bool:
    """Patients' sheets and circles: any professional, or a delegate whose scope goes so far."""
    return actor.is_professional and (
        not actor.is_delegate or actor.scope is DelegationScope.MANAGE
    )


def may_enrol(actor: Actor) -> bool:
    """Any professional who may assess a treatment may enrol a patient."""
    return may_assess(actor) and may_manage(actor)


def may_correct(actor: Actor, entry: Entry) -> bool:
    """Only its author corrects an entry."""
    return actor.is_professional and entry.author_id == actor.professional_id


def may_end_link(actor: Actor, link: CareLink) -> bool:
    """Whoever added a member may remove them; every member may leave."""
    return may_manage(actor) and actor.professional_id in {
        link.professional_id,
        link.added_by_id,
    }


def require_professional(actor: Actor) -> UUID:
    """The key of the acting professional."""
    if not actor.is_signed_in and not actor.reason:
        raise NotAuthenticated
    if actor.professional_id is None or not actor.is_professional:
        raise Forbidden("action.professionals_only")
    return actor.professional_id


def require_reader(session: Session, actor: Actor, patient_id: UUID) -> None:
    """Whoever may read the record: a member of the circle, or the patient; absent for anybody else."""
    if not actor.is_signed_in and not actor.reason:
        raise NotAuthenticated
    if not may_read_patient(session, actor, patient_id):
        raise NotFound("patient.not_found")


def require_own_record(actor: Actor) -> UUID:
    """The key of the acting patient: their own page is theirs alone."""
    if not actor.is_signed_in and not actor.reason:
        raise NotAuthenticated
    if actor.patient_id is None or not actor.is_patient:
        raise Forbidden("action.patients_only")
    return actor.patient_id


def require_administrator(actor: Actor) -> None:
    """Whoever runs the installation; nothing of a patient is theirs to read."""
    if not actor.is_signed_in and not actor.reason:
        raise NotAuthenticated
    if not actor.is_administrator:
        raise Forbidden("action.administrators_only")


def require_link(session: Session, actor: Actor, patient_id: UUID) -> CareLink:
    """The actor's link to this patient; a patient outside their circle does not exist."""
    require_professional(actor)
    link = care_link(session, actor, patient_id)
    if link is None:
        raise NotFound("patient.not_found")
    return link


def require_follow_up(session: Session, actor: Actor, patient_id: UUID) -> CareLink:
    """The actor's link to this patient, with the right to write entries."""
    link = require_link(session, actor, patient_id)
    if not may_assess(actor):
        raise Forbidden(assessment_refusal(actor))
    return link


def require_management(session: Session, actor: Actor, patient_id: UUID) -> CareLink:
    """The actor's link to this patient, with the right to change the sheet and the circle."""
    link = require_link(session, actor, patient_id)
    if not may_manage(actor):
        raise Forbidden("delegation.out_of_scope")
    return link


def require_enroller(actor: Actor) -> UUID:
    """The key of the acting professional, who may enrol patients."""
    professional_id = require_professional(actor)
    if not may_enrol(actor):
        raise Forbidden(enrolment_refusal(actor))
    return professional_id


def may_search(actor: Actor) -> bool:
    """Whoever may enrol a patient may look for the record of one; nobody else finds anybody (U-10)."""
    return may_enrol(actor)


def require_searcher(actor: Actor) -> UUID:
    """The key of the acting professional, who may look for records of patients they do not follow."""
    professional_id = require_professional(actor)
    if not may_search(actor):
        in_scope = may_manage(actor)
        raise Forbidden("patient_search.forbidden" if in_scope else "delegation.out_of_scope")
    return professional_id


def enrolment_refusal(actor: Actor) -> str:
    """Why somebody who may not enrol may not: their delegation stops before, or their profession does."""
    return "enrolment.forbidden" if may_manage(actor) else "delegation.out_of_scope"


def assessment_refusal(actor: Actor) -> str:
    """A wider delegation would help only somebody whose profession, and the holder's, give assessments."""
    is_scope = actor.is_delegate and actor.scope is DelegationScope.READ
    return "delegation.out_of_scope" if is_scope else "entry.record_forbidden"


def require_own_account(actor: Actor) -> UUID:
    """The key of one's own account: out of reach while acting for somebody else (CX-48)."""
    if actor.account_id is None or not actor.is_signed_in:
        raise NotAuthenticated
    if actor.is_delegate:
        raise Forbidden("delegation.own_account_only")
    if actor.owes_acceptance:
        raise Forbidden("legal_text.owed")
    return actor.account_id


def is_factor_fresh(actor: Actor, *, now: datetime) -> bool:
    """Whether a second factor was given in the last five minutes (S054)."""
    return actor.factor_at is not None and now - actor.factor_at < FRESH_FACTOR


def require_fresh_factor(actor: Actor, *, now: datetime) -> UUID:
    """The key of one's own account, after a factor given in the last five minutes (S054)."""
    account_id = require_own_account(actor)
    if not is_factor_fresh(actor, now=now):
        raise Forbidden("factor.stale")
    return account_id
