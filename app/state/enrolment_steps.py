"""What the steps of an enrolment ask of the services, and what its one draft holds (CX-10 to CX-17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import Invalid, RuleViolation, Unusual
from app.services import draft, submission
from app.services.consent import read_consent
from app.services.duplicate import DuplicateRow
from app.services.enrolment import (
    FORM,
    MAX_TREATMENTS,
    check_identity_step,
    check_treatment_step,
    enrol_from_fields,
)
from app.services.fields import paris_day, parse_date_parts
from app.services.medicine import ReleaseRow, current_release
from app.services.notice import NoticeView, current_notice
from app.state import consent_form, sheet_form
from app.state.sheet_form import doubt_mark

IDENTITY, TREATMENTS, CONSENT = 1, 2, 3
_DATE = ("started_on_day", "started_on_month", "started_on_year")
# The treatment being typed, as the treatment list names its fields, and the same in a row of the draft.
SEARCH = "label_search"
ADDING = ("medicine_cis", "label", "posology", *_DATE)
_IN_ROW = dict(zip(ADDING, ("cis", "label", "posology", *_DATE), strict=True))
_MAX_VALUE = 4_000

# The fields each step shows; the others travel with the form, hidden, so that one draft holds all.
SHOWN = {
    IDENTITY: frozenset(sheet_form.FIELDS),
    TREATMENTS: frozenset((SEARCH, *ADDING)),
    CONSENT: frozenset(consent_form.NOTICE_FIELDS),
}
# What was confirmed to be right, and which records were said to be of other people.
CONFIRMED, DENIED = "confirmed", "denied"
_KNOWN = frozenset().union(
    *SHOWN.values(),
    consent_form.FIELDS,
    ("notice_id", "step", CONFIRMED, DENIED),
    (f"treatment_{n}_{name}" for n in range(1, MAX_TREATMENTS + 1) for name in _IN_ROW.values()),
)


@dataclass(frozen=True)
class Question:
    """What the professional answers before going on: unlikely values, records of the same person."""

    doubts: Mapping[str, str] = field(default_factory=dict)
    age: int = 0
    duplicates: tuple[DuplicateRow, ...] = ()
    same_id: UUID | None = None


@dataclass(frozen=True)
class Resumed:
    """An enrolment as it was left. `reached`: the last step whose earlier ones hold."""

    fields: dict[str, str]
    reached: int
    notice: NoticeView
    release: ReleaseRow | None


def read_fields(sent: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an enrolment that a browser sent, as text."""
    return {
        str(name): str(value)[:_MAX_VALUE] for name, value in sent.items() if str(name) in _KNOWN
    }


def ask_identity(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> Question | None:
    """Check the first step. None when nothing is left to answer."""
    try:
        step = check_identity_step(session, actor, fields, now=now)
    except Unusual as doubt:
        found = doubt.context["fields"]
        assert isinstance(found, dict)
        if fields.get(CONFIRMED) != doubt_mark(fields, found):
            return Question(doubts=found, age=int(str(doubt.context["age"])))
        step = check_identity_step(session, actor, fields, confirmed=True, now=now)
    except RuleViolation as same:
        if same.code != "patient.same_ins":
            raise
        return Question(same_id=UUID(str(same.context["patient_id"])))
    denied = fields.get(DENIED, "").split(",")
    if all(str(row.patient_id) in denied for row in step.duplicates):
        return None
    return Question(duplicates=step.duplicates)


def resume(session: Session, actor: Actor, *, now: datetime) -> Resumed:
    """The draft of the account, and how far it holds. A new notice asks for a new consent (U-25)."""
    fields = read_fields(draft.load_draft(session, actor, FORM, ""))
    notice = current_notice(session, actor)
    if fields.get("notice_id") != str(notice.id):
        fields |= consent_form.fresh_consent(notice, now)
    return Resumed(
        fields, _reached(session, actor, fields, now), notice, current_release(session, actor)
    )


def _reached(session: Session, actor: Actor, fields: Mapping[str, str], now: datetime) -> int:
    if not fields.get("birth_name"):
        return IDENTITY
    try:
        if ask_identity(session, actor, fields, now=now) is not None:
            return IDENTITY
    except Invalid:
        return IDENTITY
    try:
        check_treatment_step(session, actor, fields, now=now)
    except Invalid:
        return TREATMENTS
    return CONSENT


def keep(session: Session, actor: Actor, fields: dict[str, str], *, now: datetime) -> None:
    """Keep what is typed."""
    draft.save_draft(session, actor, FORM, "", fields, now=now)


def drop(session: Session, actor: Actor) -> None:
    """Forget what is typed."""
    draft.drop_draft(session, actor, FORM, "")


def collect_consent(
    session: Session, actor: Actor, fields: dict[str, str], *, now: datetime
) -> None:
    """Check the consent alone and keep it; the notice's own date is checked at the end."""
    try:
        read_consent(fields, today=paris_day(now))
    except Invalid as found:
        own = {name: code for name, code in found.fields.items() if name.startswith("consent")}
        if own:
            raise Invalid(**own) from found
    keep(session, actor, fields, now=now)


def create(
    session: Session, actor: Actor, fields: Mapping[str, str], *, key: UUID, now: datetime
) -> UUID | Question:
    """The last step: everything is read and asked again, then the record is created, once per key."""
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        drop(session, actor)  # the second submit kept once more what the first one had used up
        return earlier
    try:
        question = ask_identity(session, actor, fields, now=now)
    except Invalid:
        question = None  # told below, together with the faults of the other steps
    if question is not None:
        return question
    return enrol_from_fields(
        session, actor, fields, key=key, confirmed=True, duplicate_confirmed=True, now=now
    )


def rows_of(fields: Mapping[str, str]) -> list[dict[str, str]]:
    """The treatments added so far, named as the form that adds one names its fields."""
    rows = []
    for number in range(1, MAX_TREATMENTS + 1):
        row = {
            name: fields.get(f"treatment_{number}_{stored}", "") for name, stored in _IN_ROW.items()
        }
        if any(row.values()):
            rows.append(row)
    return rows


def with_rows(
    fields: Mapping[str, str], rows: Iterable[Mapping[str, str]], adding: Mapping[str, str]
) -> dict[str, str]:
    """The same enrolment with these treatments, and with `adding` in the form that adds one."""
    others = {
        name: value
        for name, value in fields.items()
        if name not in SHOWN[TREATMENTS] and not name.startswith("treatment_")
    }
    numbered = {
        f"treatment_{number}_{stored}": row[name]
        for number, row in enumerate(rows, start=1)
        for name, stored in _IN_ROW.items()
    }
    return others | numbered | dict(adding)


def adding_of(fields: Mapping[str, str]) -> dict[str, str]:
    """The treatment being typed; empty when nothing is."""
    typed = {name: fields.get(name, "").strip() for name in ADDING}
    return typed if any([*typed.values(), fields.get(SEARCH, "").strip()]) else {}


def started_on(row: Mapping[str, str]) -> date | None:
    """The day a treatment of the list starts."""
    found = parse_date_parts(row, "started_on")
    return found if isinstance(found, date) else None


def step_of_fault(name: str) -> int:
    """The step that shows a field."""
    if name.startswith("treatment_"):
        return TREATMENTS
    return CONSENT if name.startswith(("consent", "notice")) else IDENTITY
