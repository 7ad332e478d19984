"""Records that may be the same person as the one being enrolled (U-09, FE-08, FE-12).

The professional is shown likely duplicates of their own circle only. A likeness with any other record is kept
for later resolution and told to nobody: the answer does not change with what lies outside the circle.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, intersect, or_, select, union
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import RuleViolation
from app.models.care_link import CareLink
from app.models.patient import Patient, PatientMatch, PatientToken, Sex, first_given_name
from app.services.identity import PatientSheet
from app.services.text import fold, tokens

MAX_ROWS = 10
_MAX_CANDIDATES = 500
_MIN_FAMILY, _MIN_GIVEN = 0.78, 0.72
_SOUNDS_ALIKE, _ONE_OF_TWO = 0.92, 0.85
_MONTHS = 12
_MAX_MATCHES = 20

# Spellings French ears do not tell apart, applied in this order to a folded word.
_SOUNDS = (
    (r"ph", "f"),
    (r"eau|au", "o"),
    (r"ai|ei|ey|ay", "e"),
    (r"qu|ck|ch|k|q", "c"),
    (r"[szx]", "s"),
    (r"y", "i"),
    (r"w", "v"),
    (r"th", "t"),
    (r"gn", "n"),
    (r"m(?=[bp])", "n"),
    (r"h", ""),
    (r"(.)\1+", r"\1"),
    (r"[estd]+$", ""),
)


class DuplicateReason(StrEnum):
    """Why two records look like one person, most certain first."""

    SAME_INS = "same_ins"
    SAME_IDENTITY = "same_identity"
    NEAR_DATE = "near_date"
    NEAR_NAME = "near_name"


@dataclass(frozen=True)
class DuplicateRow:
    """One record of the actor's circle that may be the same person; `relevance` in percent (DM-37)."""

    patient_id: UUID
    birth_name: str
    used_name: str
    given_name: str
    birth_date: date
    sex: Sex
    has_ins: bool
    reason: DuplicateReason
    relevance: int


def find_duplicates(session: Session, actor: Actor, sheet: PatientSheet) -> list[DuplicateRow]:
    """Likely duplicates among the patients of the actor's circle, most relevant first."""
    professional_id = policies.require_professional(actor)
    found = session.execute(
        select(
            col(Patient.id),
            col(Patient.birth_name),
            col(Patient.used_name),
            col(Patient.birth_given_names),
            col(Patient.used_given_name),
            col(Patient.birth_date),
            col(Patient.sex),
            col(Patient.ins),
        )
        .join(CareLink, col(CareLink.patient_id) == col(Patient.id))
        .where(
            col(CareLink.professional_id) == professional_id,
            col(CareLink.ended_at).is_(None),
            col(CareLink.patient_id).not_in(policies.shut_out_of(session, actor)),
            _is_candidate(professional_id, sheet),
        )
        .limit(_MAX_CANDIDATES)
    )
    rows = []
    for patient_id, birth_name, used_name, given_names, used_given, birth_date, sex, ins in found:
        likeness = compare(
            sheet,
            names=(birth_name, used_name),
            given_names=(given_names, used_given),
            birth_date=birth_date,
            ins=ins,
        )
        if likeness is not None:
            rows.append(
                DuplicateRow(
                    patient_id=patient_id,
                    birth_name=birth_name,
                    used_name=used_name,
                    given_name=used_given or first_given_name(given_names),
                    birth_date=birth_date,
                    sex=sex,
                    has_ins=bool(ins),
                    reason=likeness[0],
                    relevance=likeness[1],
                )
            )
    rows.sort(key=lambda row: (-row.relevance, fold(row.birth_name), str(row.patient_id)))
    return rows[:MAX_ROWS]


def compare(
    sheet: PatientSheet,
    *,
    names: Iterable[str],
    given_names: Iterable[str],
    birth_date: date,
    ins: str,
) -> tuple[DuplicateReason, int] | None:
    """How much a record looks like the sheet, in percent, and why; None when it does not."""
    if sheet.ins and sheet.ins == ins:
        return DuplicateReason.SAME_INS, 100
    family = _best(names, (sheet.birth_name, sheet.used_name))
    firsts = [first_given_name(typed) for typed in (sheet.birth_given_names, sheet.used_given_name)]
    given = _best((first_given_name(name) for name in given_names), firsts)
    is_same_name = family == given == 1
    if birth_date == sheet.birth_date:
        if is_same_name:
            return DuplicateReason.SAME_IDENTITY, 98
        if family < _MIN_FAMILY or given < _MIN_GIVEN:
            return None
        return DuplicateReason.NEAR_NAME, round(95 * (0.6 * family + 0.4 * given))
    near = _date_likeness(birth_date, sheet.birth_date)
    if near and is_same_name:
        return DuplicateReason.NEAR_DATE, near
    return None


def refuse_same_ins(
    session: Session, actor: Actor, sheet: PatientSheet, *, except_id: UUID | None = None
) -> None:
    """A matricule names one person: another record of the actor's circle that bears it is that person."""
    professional_id = policies.require_professional(actor)
    if not sheet.ins:
        return
    found = session.execute(
        select(col(Patient.id))
        .join(CareLink, col(CareLink.patient_id) == col(Patient.id))
        .where(
            col(Patient.ins) == sheet.ins,
            col(CareLink.professional_id) == professional_id,
            col(CareLink.ended_at).is_(None),
            col(CareLink.patient_id).not_in(policies.shut_out_of(session, actor)),
        )
    ).scalars()
    others = [patient_id for patient_id in found if patient_id != except_id]
    if others:
        raise RuleViolation("patient.same_ins", patient_id=others[0])


def record_matches(session: Session, actor: Actor, patient: Patient, *, now: datetime) -> None:
    """Keep which records, wherever they are, have the traits or the matricule of this one. Shown nowhere."""
    same_traits = and_(
        col(Patient.birth_date) == patient.birth_date,
        col(Patient.match_name) == patient.match_name,
    )
    same = or_(same_traits, col(Patient.ins) == patient.ins) if patient.ins else same_traits
    known = select(col(PatientMatch.other_id)).where(col(PatientMatch.patient_id) == patient.id)
    found = session.execute(
        select(col(Patient.id), col(Patient.ins))
        .where(same, col(Patient.id) != patient.id, col(Patient.id).not_in(known))
        .limit(_MAX_MATCHES)
    ).all()
    for other_id, ins in found:
        is_same_ins = bool(ins) and ins == patient.ins
        reason = DuplicateReason.SAME_INS if is_same_ins else DuplicateReason.SAME_IDENTITY
        session.add(
            PatientMatch(
                patient_id=patient.id, other_id=other_id, reason=reason.value, found_at=now
            )
        )


def _is_candidate(professional_id: UUID, sheet: PatientSheet) -> ColumnElement[bool]:
    """Same matricule, same or swapped birth date, or same names: found through the words of the circle."""
    dates = {sheet.birth_date, _swapped(sheet.birth_date) or sheet.birth_date}
    given = tokens(first_given_name(sheet.birth_given_names))
    ways = [_with_words(professional_id, [f"{day:%Y%m%d}"]) for day in dates]
    ways += [
        _with_words(professional_id, [*tokens(name), *given])
        for name in (sheet.birth_name, sheet.used_name)
        if name
    ]
    if sheet.ins:
        ways.append(select(col(Patient.id)).where(col(Patient.ins) == sheet.ins))
    return col(Patient.id).in_(select(*union(*ways).subquery().c))


def _with_words(professional_id: UUID, words: list[str]) -> Select[Any]:
    """Keys of the patients of the circle who have all these words."""
    parts = [
        select(col(PatientToken.patient_id)).where(
            col(PatientToken.professional_id) == professional_id, col(PatientToken.token) == word
        )
        for word in words
    ]
    return parts[0] if len(parts) == 1 else select(*intersect(*parts).subquery().c)


def _best(left: Iterable[str], right: Iterable[str]) -> float:
    """The likeness of the two names, one from each side, that look most alike."""
    others = [fold(name) for name in right if name]
    return max(
        (_likeness(fold(name), other) for name in left if name for other in others), default=0.0
    )


def _likeness(one: str, other: str) -> float:
    """From 0 to 1: 1 when only accents, case, hyphens or spaces differ."""
    first, second = one.replace(" ", ""), other.replace(" ", "")
    if first == second:
        return 1.0
    if sound_of(one) == sound_of(other):
        return _SOUNDS_ALIKE
    shorter, longer = sorted((one, other), key=len)
    if shorter and longer.startswith(f"{shorter} "):
        return _ONE_OF_TWO
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def sound_of(folded: str) -> str:
    """A key shared by folded names that sound alike in French."""
    words = []
    for word in folded.split():
        for pattern, sound in _SOUNDS:
            word = re.sub(pattern, sound, word)  # noqa: PLW2901 - one rule after another
        words.append(word)
    return "".join(words)


def _date_likeness(one: date, other: date) -> int:
    """Percent for two dates a slip of the pen apart, 0 for others."""
    if one == _swapped(other):
        return 90
    same = (one.day == other.day) + (one.month == other.month) + (one.year == other.year)
    return 80 if same == 2 else 0  # noqa: PLR2004 - all but one component


def _swapped(day: date) -> date | None:
    """Day and month exchanged, when that is another date."""
    if day.day > _MONTHS or day.day == day.month:
        return None
    return day.replace(day=day.month, month=day.day)
