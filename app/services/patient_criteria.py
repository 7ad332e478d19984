"""What is known of somebody whose record is looked for, and how well one corresponds (DM-28 to DM-37)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.models.patient import Sex, first_given_name
from app.services.fields import FieldReader, clean_line
from app.services.identity import MAX_NAME, OLDEST_YEARS, age_on
from app.services.name_match import given_likeness, name_likeness, swapped_likeness
from app.services.text import fold

NAME_FIELDS = ("family_name", "given_name")
BIRTH_FIELDS = ("born", "born_from", "born_to")
AGE_FIELDS = ("age", "age_from", "age_to")
FIELDS = (*NAME_FIELDS, "sex", *BIRTH_FIELDS, *AGE_FIELDS, "department")
# « Au moins trois lettres », of the name or of the given name: two make neither of them telling.
LEAST_LETTERS = 3
ABROAD = "99"
DEPARTMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-9]|98[4-8]|99")

_FAMILY, _GIVEN, _BIRTH, _AGE, _DEPARTMENT = 0.35, 0.25, 0.4, 0.4, 0.15
_ANOTHER_GIVEN = 0.95
_DAY_AND_MONTH_SWAPPED, _ONE_PART_WRONG, _ONE_YEAR_OFF = 0.75, 0.6, 0.5
_UNKNOWN = 0.6
_WHOLE = re.compile(r"(\d{1,2})[\s/.\-]+(\d{1,2})[\s/.\-]+(\d{4})|(\d{2})(\d{2})(\d{4})|(\d{4})")
_IN_BRACKETS = re.compile(r"\(\s*(\d{2,3}|2[ABab])\s*\)")
_ALGERIA_UNTIL = 1962


@dataclass(frozen=True)
class Criteria:
    """What is looked for. Ranges hold both their ends; an exact value is a range of one.

    `department`: as in the matricule INS, `79`, `2A`, `974`, `99` abroad; empty when not asked for.
    """

    family_name: str
    given_name: str
    sex: Sex
    born: tuple[date, date] | None = None
    ages: tuple[int, int] | None = None
    department: str = ""


@dataclass(frozen=True)
class Person:
    """What of a record is compared. `department`: of birth, empty when it is not known."""

    birth_name: str
    used_name: str
    given_names: str
    used_given_name: str
    birth_date: date
    department: str = ""


def read_criteria(fields: Mapping[str, str], *, today: date) -> Criteria:
    """The criteria a form holds. Faults carry the names of its fields."""
    reader = FieldReader(fields)
    family = reader.text("family_name", limit=MAX_NAME, missing="patient_search.name_missing")
    given = reader.text("given_name", limit=MAX_NAME, missing="patient_search.given_missing")
    sex = reader.choice("sex", Sex, missing="patient_search.sex_missing")
    lengths = [len(fold(name).replace(" ", "")) for name in (family, given)]
    for name, typed, length in zip(NAME_FIELDS, (family, given), lengths, strict=True):
        if typed and (length < LEAST_LETTERS - 1 or max(lengths) < LEAST_LETTERS):
            reader.fault(name, "patient_search.too_short")
    born = _read_births(reader, today=today)
    ages = _read_ages(reader)
    department = clean_line(fields.get("department", "")).upper()
    if department and not DEPARTMENT.fullmatch(department):
        reader.fault("department", "patient_search.department")
    reader.check()
    return Criteria(family, given, sex or Sex.UNKNOWN, born, ages, department)


def relevance(criteria: Criteria, person: Person, *, today: date) -> int:
    """How well a record corresponds, in percent: 100 when all that was given is exactly so."""
    family, given = _names_likeness(criteria, person)
    return weigh(
        criteria,
        family=family,
        given=given,
        birth_date=person.birth_date,
        department=_department_likeness(criteria.department, person.department),
        today=today,
    )


def weigh(
    criteria: Criteria,
    *,
    family: float,
    given: float,
    birth_date: date,
    department: float = 1.0,
    today: date,
) -> int:
    """The percentage made of the likenesses of each criterion that was given, 0 for other names."""
    if not family or not given:
        return 0
    parts = [(_FAMILY, family), (_GIVEN, given)]
    if criteria.born is not None:
        parts.append((_BIRTH, _birth_likeness(criteria.born, birth_date)))
    if criteria.ages is not None:
        parts.append((_AGE, _age_likeness(criteria.ages, age_on(birth_date, today))))
    if criteria.department:
        parts.append((_DEPARTMENT, department))
    share = sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)
    return 100 if all(value == 1 for _, value in parts) else min(99, round(100 * share))


def department_of(ins: str, birth_place: str, birth_date: date) -> str:
    """Where somebody was born, from their matricule or from « Niort (79) »; empty when neither tells."""
    if named := _IN_BRACKETS.search(birth_place):
        return named[1].upper()
    code = ins[5:8] if ins[5:7] in {"97", "98"} else ins[5:7]
    if code in {"91", "92", "93", "94", "95"} and birth_date.year <= _ALGERIA_UNTIL:
        return ""
    return code if code == "20" or DEPARTMENT.fullmatch(code) else ""


def _names_likeness(criteria: Criteria, person: Person) -> tuple[float, float]:
    families = (person.birth_name, person.used_name, f"{person.birth_name} {person.used_name}")
    firsts = (first_given_name(person.given_names), person.used_given_name)
    every = fold(f"{person.given_names} {person.used_given_name}")

    def of_given(typed: str) -> float:
        return max(
            name_likeness(typed, (*firsts, person.given_names)),
            _ANOTHER_GIVEN * given_likeness(typed, every),
        )

    straight = name_likeness(criteria.family_name, families), of_given(criteria.given_name)
    if min(straight) > 0:
        return straight
    exchanged = name_likeness(criteria.given_name, families), of_given(criteria.family_name)
    return swapped_likeness(exchanged[0]), swapped_likeness(exchanged[1])


def _birth_likeness(born: tuple[date, date], birth_date: date) -> float:
    first, last = born
    if first <= birth_date <= last:
        return 1.0
    if first != last:
        is_near = any(abs(birth_date.year - end.year) <= 1 for end in born)
        return _ONE_YEAR_OFF if is_near else 0.0
    if (first.year, first.day, first.month) == (birth_date.year, birth_date.month, birth_date.day):
        return _DAY_AND_MONTH_SWAPPED
    same = (
        (first.day == birth_date.day)
        + (first.month == birth_date.month)
        + (first.year == birth_date.year)
    )
    return _ONE_PART_WRONG if same == 2 else 0.0  # noqa: PLR2004 - all but one part


def _age_likeness(ages: tuple[int, int], age: int) -> float:
    if ages[0] <= age <= ages[1]:
        return 1.0
    return _ONE_YEAR_OFF if ages[0] - 1 <= age <= ages[1] + 1 else 0.0


def _department_likeness(wanted: str, known: str) -> float:
    if not known:
        return _UNKNOWN
    is_corsica = known == "20" and wanted in {"2A", "2B"}
    return 1.0 if wanted == known or is_corsica else 0.0


def _read_births(reader: FieldReader, *, today: date) -> tuple[date, date] | None:
    read = {name: _read_birth(reader, name, today=today) for name in BIRTH_FIELDS}
    exact, ends = read["born"], (read["born_from"], read["born_to"])
    if _has_range_fault(reader, BIRTH_FIELDS):
        return None
    if exact is not None or ends == (None, None):
        return exact
    assert ends[0] is not None
    assert ends[1] is not None
    first, last = ends[0][0], ends[1][1]
    if first > last:
        reader.fault("born_to", "patient_search.range_reversed")
    return first, last


def _read_birth(reader: FieldReader, name: str, *, today: date) -> tuple[date, date] | None:
    """A day, or a whole year."""
    typed = reader.text(name, limit=20)
    if not typed or name in reader.faults:
        return None
    match = _WHOLE.fullmatch(typed)
    if match is None:
        reader.fault(name, "patient_search.birth_format")
        return None
    day, month, year = (match[1] or match[4], match[2] or match[5], match[3] or match[6])
    try:
        if match[7]:
            found = date(int(match[7]), 1, 1), date(int(match[7]), 12, 31)
        else:
            found = (date(int(year), int(month), int(day)),) * 2
    except ValueError:
        reader.fault(name, "date.impossible")
        return None
    if found[0] > today:
        reader.fault(name, "identity.birth_future")
    return found


def _read_ages(reader: FieldReader) -> tuple[int, int] | None:
    read = {
        name: reader.integer(
            name, least=0, most=OLDEST_YEARS, missing=None, out_of_range="patient_search.age"
        )
        for name in AGE_FIELDS
    }
    exact, first, last = (read[name] for name in AGE_FIELDS)
    if _has_range_fault(reader, AGE_FIELDS):
        return None
    if exact is not None:
        return exact, exact
    if first is None or last is None:
        return None
    if first > last:
        reader.fault("age_to", "patient_search.range_reversed")
    return first, last


def _has_range_fault(reader: FieldReader, names: tuple[str, str, str]) -> bool:
    """A value or both ends of a range, not half of one nor both ways at once."""
    exact, first, last = (bool(clean_line(reader.fields.get(name, ""))) for name in names)
    if exact and (first or last):
        reader.fault(names[0], "patient_search.value_or_range")
    elif first != last:
        reader.fault(names[2] if first else names[1], "patient_search.range_half")
    return any(name in reader.faults for name in names)
