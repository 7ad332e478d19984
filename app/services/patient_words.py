"""The words patients are found by, and how a query is read into beginnings of such words (FE-08).

Each member of a circle has their own copy of a patient's words: what one may find, another may not.
"""

import re
from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.patient import Patient, PatientToken
from app.services.text import MAX_TOKEN, fold, tokens

_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
_DATE = re.compile(r"\b(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NAMED_DATE = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(_MONTHS)})\s+(\d{{4}})\b")
_MONTH = re.compile(r"\b(\d{1,2})[/.\-](\d{4})\b")
_EIGHT_DIGITS = re.compile(r"\b(\d{2})(\d{2})(\d{4})\b")


def parse_query(typed: str, *, this_year: int) -> list[list[list[str]]]:
    """What is looked for: criteria that all hold, each one of several lists of word beginnings.

    Dates may be typed 4/6/1958, 04 06 58, 4 juin 1958, 06/1958, 04061958 or 1958.
    """
    criteria: list[list[list[str]]] = []
    rest = " ".join(_plain_months(typed).split())

    def take(pattern: re.Pattern[str], read: Callable[..., list[str]]) -> None:
        nonlocal rest
        for match in pattern.finditer(rest):
            prefixes = read(*match.groups())
            if prefixes:
                criteria.append([[prefix] for prefix in prefixes])
        rest = pattern.sub(" ", rest)

    take(_ISO_DATE, lambda y, m, d: _day_prefixes(d, m, y, this_year))
    take(_NAMED_DATE, lambda d, m, y: _day_prefixes(d, str(_MONTHS.index(m) + 1), y, this_year))
    take(_DATE, lambda d, m, y: _day_prefixes(d, m, y, this_year))
    take(_MONTH, lambda m, y: [f"{y}{int(m):02d}"])
    take(_EIGHT_DIGITS, lambda d, m, y: [f"{y}{m}{d}", f"{d}{m}{y}"])
    for chunk in rest.split():
        words = [word[:MAX_TOKEN] for word in fold(chunk).split()]
        if words:
            joined = "".join(words)[:MAX_TOKEN]
            criteria.append([words] if len(words) == 1 else [words, [joined]])
    return criteria


def _day_prefixes(day: str, month: str, year: str, this_year: int) -> list[str]:
    """The words of a birth date; a year of two digits may be of this century or of the last."""
    years = [int(year)]
    if len(year) == 2:  # noqa: PLR2004 - digits of a short year
        century = this_year - this_year % 100
        years = [y for y in (century + int(year), century - 100 + int(year)) if y <= this_year]
    return [f"{y:04d}{int(month):02d}{int(day):02d}" for y in years]


def _plain_months(typed: str) -> str:
    """Lower case without accents, marks kept: `4 Août 1958` is read as `4 aout 1958`."""
    return "".join(fold(c) or c for c in typed)


def sort_name_of(patient: Patient) -> str:
    """What lists are ordered by: folded birth name, then given names."""
    return fold(f"{patient.birth_name} {patient.birth_given_names}")


def words_of(patient: Patient) -> list[str]:
    """Every word a patient is found by: names, compound names in one piece, birth date (year first)."""
    names = (
        patient.birth_name,
        patient.used_name,
        patient.birth_given_names,
        patient.used_given_name,
    )
    words = tokens(" ".join(names))
    for name in names:
        pieces = [fold(piece).replace(" ", "") for piece in (name, *re.split(r"[\s,]+", name))]
        words += [piece[:MAX_TOKEN] for piece in pieces if piece]
    words.append(f"{patient.birth_date:%Y%m%d}")
    return list(dict.fromkeys(words))


def write_words(
    session: Session, actor: Actor, patient: Patient, professional_ids: Iterable[UUID]
) -> None:
    """Let these members of the circle find a patient by their words, in place of earlier ones."""
    ids = list(professional_ids)
    forget_words(session, actor, patient.id, ids)
    rows = [
        {"professional_id": professional_id, "token": word, "patient_id": patient.id}
        for professional_id in ids
        for word in words_of(patient)
    ]
    if rows:
        session.execute(insert(PatientToken), rows)


def forget_words(
    session: Session, actor: Actor, patient_id: UUID, professional_ids: Iterable[UUID]
) -> None:
    """Make a patient impossible to find for these professionals."""
    session.execute(
        delete(PatientToken).where(
            col(PatientToken.patient_id) == patient_id,
            col(PatientToken.professional_id).in_(list(professional_ids)),
        )
    )
