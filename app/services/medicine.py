"""Look-ups in the medicines database: the treatment picker, the interaction picker, the source line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.medicine import Medicine, MedicineRelease, MedicineToken, Substance
from app.services.medicine_import import FORM, GROUP, MEDICINE, SUBSTANCE
from app.services.medicine_words import is_leading, medicine_words
from app.services.text import prefix_end

MIN_LETTERS = 2
MAX_WORDS = 8
MAX_ROWS = 50
# A medicine found by two of its words comes twice; few have more than three words alike.
_SPARE = 3
# Of many words, the longest are the rarest as a rule: which one leads is chosen among so many.
_CANDIDATES = 3
# Counting stops here: beyond, which word leads changes little.
_MANY = 400


@dataclass(frozen=True)
class MedicineRow:
    """One speciality as the picker shows it. `substances`: DCI, comma separated."""

    cis: str
    name: str
    form: str
    substances: str
    is_marketed: bool


@dataclass(frozen=True)
class SubstanceRow:
    """One substance; `medicine`: the speciality whose name was typed, or ''."""

    name: str
    medicine: str = ""


@dataclass(frozen=True)
class ReleaseRow:
    """Source and date of the data, to show wherever they are used."""

    source: str
    data_on: date
    medicines: int
    is_builtin: bool


_ROW = tuple(
    col(field)
    for field in (
        Medicine.cis,
        Medicine.name,
        Medicine.form,
        Medicine.substances,
        Medicine.is_marketed,
    )
)
_CURRENT = select(col(MedicineRelease.id)).where(col(MedicineRelease.is_current)).scalar_subquery()


def current_release(session: Session, actor: Actor) -> ReleaseRow | None:
    """The release in use, None when nothing was ever loaded."""
    policies.require_professional(actor)
    row = session.execute(
        select(
            col(MedicineRelease.source),
            col(MedicineRelease.data_on),
            col(MedicineRelease.medicines),
            col(MedicineRelease.is_builtin),
        ).where(col(MedicineRelease.is_current))
    ).first()
    return ReleaseRow(*row) if row else None


def find_medicine(session: Session, actor: Actor, cis: str) -> MedicineRow | None:
    """The speciality of a code CIS in the release in use, or None."""
    policies.require_professional(actor)
    row = session.execute(
        select(*_ROW).where(col(Medicine.release_id) == _CURRENT, col(Medicine.cis) == cis)
    ).first()
    return MedicineRow(*row) if row else None


def search_medicines(
    session: Session, actor: Actor, query: str, limit: int = 10
) -> list[MedicineRow]:
    """Specialities with all the typed words, or their first letters, in any order; best first.

    Nothing until one word has two letters. A rare word leads: the words of the release are an index, and
    the cost follows what the rarest one finds, not the size of the database.
    """
    policies.require_professional(actor)
    words = _typed_words(query)
    if not words:
        return []
    limit = max(1, min(limit, MAX_ROWS))
    likely = sorted((word for word in words if is_leading(word)), key=len)[-_CANDIDATES:]
    counts = {word: _counts(session, word) for word in likely}
    if not all(map(sum, counts.values())):
        return []
    rarest = min(counts, key=lambda word: sum(counts[word]), default=None)
    if rarest is not None and sum(counts[rarest]) < _MANY:
        return _led_by(session, rarest, (MEDICINE, FORM), words, limit)
    # Every word is common, or says how much. Names that begin with one come first, then any speciality.
    counts = counts or {word: _counts(session, word) for word in words if word.isalpha()}
    borne = {word: count for word, (count, _) in counts.items() if count}
    lead = min(borne, key=lambda word: borne[word], default=None)
    rows = [] if lead is None else _led_by(session, lead, (MEDICINE,), words, limit)
    if len(rows) < limit:
        rows = _once([*rows, *_with_all(session, words, limit)])
    return rows[:limit]


def _led_by(
    session: Session, lead: str, kinds: tuple[str, ...], words: Sequence[str], limit: int
) -> list[MedicineRow]:
    """Specialities with all words, found by one of them."""
    others = [word for word in words if word != lead]
    found = session.execute(
        _led_statement(kinds, len(others)),
        _prefix(lead) | _likes(others) | {"most": limit * _SPARE},
    )
    return _once(MedicineRow(*row) for row in found)[:limit]


def _with_all(session: Session, words: Sequence[str], limit: int) -> list[MedicineRow]:
    """Specialities with all words, read in their usual order until there are enough."""
    found = session.execute(_scan_statement(len(words)), _likes(words) | {"most": limit})
    return [MedicineRow(*row) for row in found]


def search_substances(
    session: Session, actor: Actor, query: str, limit: int = 10
) -> list[SubstanceRow]:
    """Substances by DCI or molecule; then those of the specialities whose name is typed."""
    policies.require_professional(actor)
    words = _typed_words(query)
    if not words:
        return []
    limit = max(1, min(limit, MAX_ROWS))
    rows = [SubstanceRow(name) for name in _substance_names(session, words, limit)]
    if len(rows) < limit and any(map(is_leading, words)):
        known = {row.name for row in rows}
        for medicine in search_medicines(session, actor, query, limit=limit):
            if not _is_called(medicine.name, words):
                continue
            for name in medicine.substances.removesuffix("…").split(", "):
                if name and name not in known:
                    known.add(name)
                    rows.append(SubstanceRow(name, medicine.name))
    return rows[:limit]


def _substance_names(session: Session, words: list[str], limit: int) -> list[str]:
    lead, *others = sorted([w for w in words if is_leading(w)] or words, key=len, reverse=True)
    values = _prefix(lead) | {"most": limit * _SPARE}
    for number, word in enumerate(others):
        values |= _prefix(word, f"_{number}")
    found = session.execute(_substance_statement(len(others)), values)
    return list(dict.fromkeys(found.scalars()))[:limit]


def _is_called(name: str, words: Sequence[str]) -> bool:
    """Whether each word begins one of a name's, and one of them the first."""
    own = medicine_words(name)
    return (
        bool(own)
        and own[0].startswith(tuple(words))
        and all(any(one.startswith(word) for one in own) for word in words)
    )


def _typed_words(query: str) -> list[str]:
    words = medicine_words(query[:200])[:MAX_WORDS]
    return words if any(len(word) >= MIN_LETTERS for word in words) else []


def _counts(session: Session, word: str) -> tuple[int, int]:
    """How many words of names and substances it begins, and of forms; counting stops at many."""
    of_names, of_forms = session.execute(_COUNTS, _prefix(word)).one()
    return of_names, of_forms


def _once(rows: Iterable[MedicineRow]) -> list[MedicineRow]:
    return list(dict.fromkeys(rows))


# The statements below are made once: building one costs more than running it.


def _prefix(word: str, suffix: str = "") -> dict[str, str]:
    """Values of `_begins` and `_WHOLE`; two letters are the beginning of something, never a whole word."""
    whole = word if len(word) > MIN_LETTERS else ""
    return {f"low{suffix}": word, f"high{suffix}": prefix_end(word), f"whole{suffix}": whole}


def _likes(words: Sequence[str]) -> dict[str, str]:
    """Values of `_has`. Folded words hold letters and digits only: nothing in them is a wildcard."""
    return {f"like_{number}": f"% {word}%" for number, word in enumerate(words)}


def _begins(kinds: Sequence[str], suffix: str = "") -> ColumnElement[bool]:
    token = col(MedicineToken.token)
    return and_(
        col(MedicineToken.release_id) == _CURRENT,
        col(MedicineToken.kind).in_(kinds),
        token >= bindparam(f"low{suffix}"),
        token < bindparam(f"high{suffix}"),
    )


def _has(number: int) -> ColumnElement[bool]:
    return col(Medicine.words).like(bindparam(f"like_{number}"))


# What a whole word names outright comes first.
_BEST_FIRST = (
    case(
        (
            and_(col(MedicineToken.token) == bindparam("whole"), col(MedicineToken.rank) < GROUP),
            0,
        ),
        else_=1,
    ),
    col(MedicineToken.rank),
)
_MOST = bindparam("most", type_=Integer)
_COUNTS = select(
    *(
        select(func.count())
        .select_from(
            select(col(MedicineToken.rank)).where(_begins((kind,))).limit(_MANY).subquery()
        )
        .scalar_subquery()
        for kind in (MEDICINE, FORM)
    )
)


@lru_cache
def _led_statement(kinds: tuple[str, ...], others: int) -> Any:
    return (
        select(*_ROW)
        .join(
            MedicineToken,
            and_(
                col(Medicine.release_id) == col(MedicineToken.release_id),
                col(Medicine.cis) == col(MedicineToken.target),
            ),
        )
        .where(_begins(kinds), *map(_has, range(others)))
        .order_by(*_BEST_FIRST)
        .limit(_MOST)
    )


@lru_cache
def _scan_statement(words: int) -> Any:
    return (
        select(*_ROW)
        .where(col(Medicine.release_id) == _CURRENT, *map(_has, range(words)))
        .order_by(col(Medicine.rank))
        .limit(_MOST)
    )


@lru_cache
def _substance_statement(others: int) -> Any:
    target = col(MedicineToken.target)
    return (
        select(col(Substance.name))
        .join(
            MedicineToken,
            and_(
                col(Substance.release_id) == col(MedicineToken.release_id),
                col(Substance.code) == target,
            ),
        )
        .where(
            _begins((SUBSTANCE,)),
            *(
                target.in_(select(target).where(_begins((SUBSTANCE,), f"_{number}")))
                for number in range(others)
            ),
        )
        .order_by(*_BEST_FIRST)
        .limit(_MOST)
    )
