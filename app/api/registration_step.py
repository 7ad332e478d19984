"""The acts of a registration, each in one unit of work; what went wrong is left to be told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import AppError, NotFound
from app.services import (
    registration as registrations,
    registration_contract as contracts,
    registration_email as emails,
    registration_phone as phones,
    registration_secret as secret,
)
from app.services.fields import FieldReader, parse_key
from app.services.form_reply import faults_of
from app.services.one_time_code import Outcome
from app.services.registration_progress import HANDED_IN, Step, read_progress
from app.state.base import NOBODY
from app.state.clock import utc_now
from app.state.live import tabs
from app.state.registration_steps import END, PATHS, START

Form = Mapping[str, str]
# A field, and the outcome that may be its fault.
Told = tuple[str, Outcome]
Act = Callable[[Session, Actor, str, Form, datetime], Told | None]


def run(step: Step, act: Act, address: str, token: str, form: Form, goes_on: bool) -> str:
    """Do one act in one unit of work; the address of the page that comes next."""
    actor, now = Actor(address=address), utc_now()
    try:
        with unit_of_work() as session:
            told = act(session, actor, token, form, now)
            is_ok = told is None or told[1].is_ok
            if told is not None and not is_ok:
                _leave(session, actor, token, step, {told[0]: told[1].error}, form, told[1], now)
            path = _next_path(session, actor, token, step, goes_on=goes_on and is_ok, now=now)
    except AppError as failure:
        return leave_failure(address, token, step, failure, form)
    tabs.wake()
    return path


def leave_failure(
    address: str, token: str, step: Step, failure: AppError, form: Form | None
) -> str:
    """Keep what an act that failed has to say; the page that says it."""
    actor, now = Actor(address=address), utc_now()
    try:
        with unit_of_work() as session:
            registration = registrations.access_registration(session, actor, token, now=now)
            if registration.state in HANDED_IN:
                return PATHS[Step.REVIEW]
            _leave(session, actor, token, step, faults_of(failure), form, None, now)
    except NotFound:
        return START
    return PATHS[step]


def _leave(
    session: Session,
    actor: Actor,
    token: str,
    step: Step,
    faults: Mapping[str, str],
    form: Form | None,
    outcome: Outcome | None,
    now: datetime,
) -> None:
    retry_at = outcome.retry_at if outcome else None
    context = {"retry_at": retry_at.isoformat()} if retry_at else {}
    registrations.leave_faults(
        session, actor, token, step, faults, typed=form, context=context, now=now
    )


def _next_path(
    session: Session, actor: Actor, token: str, step: Step, *, goes_on: bool, now: datetime
) -> str:
    registration = registrations.access_registration(session, actor, token, now=now)
    if registration.state in HANDED_IN:
        return END
    if not goes_on:
        return PATHS[step]
    progress = read_progress(session, actor, registration, now=now)
    later = progress.steps[progress.steps.index(step) + 1 :]
    waiting = next((one for one in later if one not in progress.done), Step.REVIEW)
    return PATHS[waiting if progress.may_open(waiting) else progress.next_step]


def _id(form: Form) -> UUID:
    return parse_key(form.get("id", "")) or NOBODY


def send_proof(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> Told:
    return "email", emails.send_proof(session, actor, token, form.get("email", ""), now=now)


def resend_proof(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> Told:
    address = registrations.access_open(session, actor, token, now=now).email
    return "code", emails.send_proof(session, actor, token, address, now=now)


def check_proof(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> Told:
    return "code", emails.check_proof(session, actor, token, form.get("code", ""), now=now)


def change_address(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> None:
    emails.forget_address(session, actor, token, now=now)


def add_phone(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> Told:
    return "phone", phones.add_phone(session, actor, token, form.get("phone", ""), now=now)


def resend_phone_code(
    session: Session, actor: Actor, token: str, form: Form, now: datetime
) -> Told:
    name = f"code-{_id(form)}"
    return name, phones.resend_phone_code(session, actor, token, _id(form), now=now)


def check_phone_code(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> Told:
    name, typed = f"code-{_id(form)}", form.get("code", "")
    return name, phones.check_phone_code(session, actor, token, _id(form), typed, now=now)


def remove_phone(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> None:
    phones.remove_phone(session, actor, token, _id(form), now=now)


def finish_phones(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> None:
    phones.finish_phones(session, actor, token, now=now)


def remove_member(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> None:
    secret.remove_member(session, actor, token, _id(form), now=now)


def finish_secrets(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> None:
    secret.require_secrets(session, actor, token, now=now)


def accept_terms(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> None:
    text_id, is_ticked = parse_key(form.get("text_id", "")), FieldReader(form).flag("accepted")
    contracts.accept_terms(session, actor, token, text_id, is_ticked=is_ticked, now=now)


def send_contract_code(session: Session, actor: Actor, token: str, _: Form, now: datetime) -> Told:
    return "code", contracts.send_contract_code(session, actor, token, now=now)


def sign_contract(session: Session, actor: Actor, token: str, form: Form, now: datetime) -> Told:
    name, code = form.get("signed_name", ""), form.get("code", "")
    text_id = parse_key(form.get("text_id", ""))
    return "code", contracts.sign_contract(
        session, actor, token, text_id, name=name, code=code, now=now
    )


def sign_with_provider(
    session: Session, actor: Actor, token: str, form: Form, now: datetime
) -> None:
    text_id = parse_key(form.get("text_id", ""))
    contracts.sign_with_provider(session, actor, token, text_id, now=now)
