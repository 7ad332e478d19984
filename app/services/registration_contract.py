"""Terms of use, and the contract of a registration signed in one of three ways (D-11, CX-07, MM-21).

Signed on screen with one's name and a code, or by hand and scanned, or with the provider's proof where Pro
Santé Connect vouched for the identity. The version accepted is kept with a digest of what was shown.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.db import keyring_of
from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from app.models.legal_text import AcceptanceMode, LegalTextKind
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.models.registration import ContractScan, Registration
from app.services import journal
from app.services.fields import clean_line
from app.services.legal_text import TextView, current_text
from app.services.one_time_code import Outcome, Subject, check_code, send_code
from app.services.registration import access_open, settle_step
from app.services.registration_progress import Step, read_progress
from app.services.registration_submit import hand_in_if_complete
from app.services.text import fold

MAX_SCAN_BYTES = 5 * 1024 * 1024
MAX_SIGNED = 200
# How long the provider's proof may be used to sign, after it was given.
PROOF_LIFE = timedelta(minutes=30)
_FIRST_BYTES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def accept_terms(
    session: Session,
    actor: Actor,
    token: str,
    text_id: UUID | None,
    *,
    is_ticked: bool,
    now: datetime,
) -> None:
    """The box of the terms (MM-21), with which a secretariat hands its registration in (MM-28).

    Raises Conflict when another version came out meanwhile.
    """
    registration = access_open(session, actor, token, now=now)
    if not is_ticked:
        raise Invalid(accepted="registration.terms_missing")
    text = _shown_text(session, actor, LegalTextKind.TERMS, text_id, now=now)
    registration.terms_id, registration.terms_digest = text.id, bytes.fromhex(text.digest)
    registration.terms_at, registration.terms_address = now, actor.address
    settle_step(registration, Step.TERMS)
    hand_in_if_complete(session, actor, registration, now=now)


def send_contract_code(session: Session, actor: Actor, token: str, *, now: datetime) -> Outcome:
    """Mail the code that signs the contract to the proved address."""
    registration = _ready_to_sign(session, actor, token, now=now)
    return send_code(
        session,
        actor,
        contract_subject(registration),
        channel=Channel.EMAIL,
        to=registration.email,
        now=now,
    )


def sign_contract(
    session: Session,
    actor: Actor,
    token: str,
    text_id: UUID | None,
    *,
    name: str,
    code: str,
    now: datetime,
) -> Outcome:
    """Sign on screen: one's first and family name, and the code. Raises Invalid for another name."""
    registration = _ready_to_sign(session, actor, token, now=now)
    text = _shown_text(session, actor, LegalTextKind.CONTRACT, text_id, now=now)
    signed = clean_line(name)[:MAX_SIGNED]
    if not signed:
        raise Invalid(signed_name="registration.signature_missing")
    words = set(fold(signed).split())
    if not words >= set(fold(f"{registration.given_name} {registration.family_name}").split()):
        raise Invalid(signed_name="registration.signature_differs")
    outcome = check_code(session, actor, contract_subject(registration), code, now=now)
    if outcome.is_ok:
        _sign(session, actor, registration, text, AcceptanceMode.TYPED_NAME, signed, now=now)
    return outcome


def upload_scan(
    session: Session,
    actor: Actor,
    token: str,
    text_id: UUID | None,
    content: bytes,
    *,
    now: datetime,
) -> None:
    """Keep the scan of a contract signed by hand: PDF, JPG or PNG by its first bytes, 5 Mo at most."""
    registration = _ready_to_sign(session, actor, token, now=now)
    text = _shown_text(session, actor, LegalTextKind.CONTRACT, text_id, now=now)
    media_type = scan_type(content)
    session.merge(
        ContractScan(
            registration_id=registration.id,
            media_type=media_type,
            size=len(content),
            sealed=keyring_of(session).seal(content, owner=f"contract/{registration.id}"),
            uploaded_at=now,
        )
    )
    _sign(session, actor, registration, text, AcceptanceMode.SCAN, "", now=now)


def sign_with_provider(
    session: Session, actor: Actor, token: str, text_id: UUID | None, *, now: datetime
) -> None:
    """Sign with Pro Santé Connect: its proof must be recent, otherwise it is asked for again."""
    registration = _ready_to_sign(session, actor, token, now=now)
    text = _shown_text(session, actor, LegalTextKind.CONTRACT, text_id, now=now)
    if registration.certified_at is None:
        raise Forbidden("registration.not_certified")
    if not is_proof_recent(registration, now=now):
        raise RuleViolation("registration.proof_old")
    signed = f"{registration.given_name} {registration.family_name}"[:MAX_SIGNED]
    _sign(session, actor, registration, text, AcceptanceMode.PSC, signed, now=now)


def is_proof_recent(registration: Registration, *, now: datetime) -> bool:
    """Whether Pro Santé Connect vouched for the person within the last half hour."""
    return registration.certified_at is not None and now - registration.certified_at < PROOF_LIFE


def scan_type(content: bytes) -> str:
    """The media type of a scan. Raises Invalid for no file, one too large, or of another kind."""
    if not content:
        raise Invalid(scan="registration.scan_missing")
    if len(content) > MAX_SCAN_BYTES:
        raise Invalid(scan="registration.scan_too_large")
    for first_bytes, media_type in _FIRST_BYTES.items():
        if content.startswith(first_bytes):
            return media_type
    raise Invalid(scan="registration.scan_kind")


def read_scan(
    session: Session, actor: Actor, registration_id: UUID, *, now: datetime
) -> tuple[str, bytes]:
    """Media type and bytes of a scan, for the administrators who check registrations."""
    policies.require_administrator(actor)
    scan = session.execute(
        select(ContractScan).where(col(ContractScan.registration_id) == registration_id)
    ).scalar_one_or_none()
    if scan is None:
        raise NotFound("registration.scan_not_found")
    journal.record(session, actor, "registration.scan_read", object_id=registration_id, now=now)
    content = keyring_of(session).unseal(scan.sealed, owner=f"contract/{registration_id}")
    return scan.media_type, content


def contract_subject(registration: Registration) -> Subject:
    """What the code of a signature is bound to."""
    return Subject(CodePurpose.CONTRACT, registration.id)


def _ready_to_sign(session: Session, actor: Actor, token: str, *, now: datetime) -> Registration:
    registration = access_open(session, actor, token, now=now)
    progress = read_progress(session, actor, registration, now=now)
    if not progress.may_open(Step.CONTRACT):
        raise RuleViolation("registration.steps_missing")
    return registration


def _shown_text(
    session: Session, actor: Actor, kind: LegalTextKind, text_id: UUID | None, *, now: datetime
) -> TextView:
    text = current_text(session, actor, kind, now=now)
    if text.id != text_id:
        raise Conflict("registration.text_changed")
    return text


def _sign(
    session: Session,
    actor: Actor,
    registration: Registration,
    text: TextView,
    mode: AcceptanceMode,
    name: str,
    *,
    now: datetime,
) -> None:
    registration.contract_id, registration.contract_digest = text.id, bytes.fromhex(text.digest)
    registration.contract_at, registration.contract_address = now, actor.address
    registration.contract_mode, registration.contract_name = mode, name
    settle_step(registration, Step.CONTRACT)
    hand_in_if_complete(session, actor, registration, now=now)
