"""Look-ups in the medicines database: the treatment picker, the interaction picker, the source line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, literal, select
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
_MEDICINE_OF_TOKEN = and_(
    col(Medicine.release_id) == col(MedicineToken.release_id),
    col(Medicine.cis) == col(MedicineToken.target),
)


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
    counts = {word: _counts(session, word) for word in words if is_leading(word)}
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
    session: Session, lead: str, kinds: Sequence[str], words: Sequence[str], limit: int
) -> list[MedicineRow]:
    """Specialities with all words, found by one of them."""
    found = session.execute(
        select(*_ROW)
        .join(MedicineToken, _MEDICINE_OF_TOKEN)
        .where(_tokens_of(kinds, lead), *_all_of(word for word in words if word != lead))
        .order_by(_exact_first(lead), col(MedicineToken.rank))
        .limit(limit * _SPARE)
    )
    return _once(MedicineRow(*row) for row in found)[:limit]


def _with_all(session: Session, words: Sequence[str], limit: int) -> list[MedicineRow]:
    """Specialities with all words, read in their usual order until there are enough."""
    found = session.execute(
        select(*_ROW)
        .where(col(Medicine.release_id) == _CURRENT, *_all_of(words))
        .order_by(col(Medicine.rank))
        .limit(limit)
    )
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
        for medicine in search_medicines(session, actor, query, limit=limit * _SPARE):
            if not _is_called(medicine.name, words):
                continue
            for name in medicine.substances.removesuffix("…").split(", "):
                if name and name not in known:
                    known.add(name)
                    rows.append(SubstanceRow(name, medicine.name))
    return rows[:limit]


def _substance_names(session: Session, words: list[str], limit: int) -> list[str]:
    lead, *others = sorted([w for w in words if is_leading(w)] or words, key=len, reverse=True)
    target = col(MedicineToken.target)
    found = session.execute(
        select(col(Substance.name))
        .join(
            MedicineToken,
            and_(
                col(Substance.release_id) == col(MedicineToken.release_id),
                col(Substance.code) == target,
            ),
        )
        .where(
            _tokens_of((SUBSTANCE,), lead),
            *(target.in_(select(target).where(_tokens_of((SUBSTANCE,), word))) for word in others),
        )
        .order_by(_exact_first(lead), col(MedicineToken.rank))
        .limit(limit * _SPARE)
    )
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
    first, second = (
        select(func.count())
        .select_from(
            select(col(MedicineToken.rank)).where(_tokens_of((kind,), word)).limit(_MANY).subquery()
        )
        .scalar_subquery()
        for kind in (MEDICINE, FORM)
    )
    of_names, of_forms = session.execute(select(first, second)).one()
    return of_names, of_forms


def _tokens_of(kinds: Sequence[str], prefix: str) -> ColumnElement[bool]:
    token = col(MedicineToken.token)
    return and_(
        col(MedicineToken.release_id) == _CURRENT,
        col(MedicineToken.kind).in_(kinds),
        token >= prefix,
        token < prefix_end(prefix),
    )


def _exact_first(word: str) -> ColumnElement[int]:
    """What a whole word names outright comes first; two letters are the beginning of something."""
    if len(word) <= MIN_LETTERS:
        return literal(0)
    is_whole = and_(col(MedicineToken.token) == word, col(MedicineToken.rank) < GROUP)
    return case((is_whole, 0), else_=1)


def _all_of(words: Iterable[str]) -> list[ColumnElement[bool]]:
    """Folded words hold letters and digits only: nothing in them is a wildcard."""
    return [col(Medicine.words).like(f"% {word}%") for word in words]


def _once(rows: Iterable[MedicineRow]) -> list[MedicineRow]:
    return list(dict.fromkeys(rows))
