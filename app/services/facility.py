"""Establishments and partner laboratories: found by all, kept by administrators (MM-11 to MM-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, and_, bindparam, func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotFound
from app.models.facility import (
    Facility,
    FacilityKind,
    FacilityRelease,
    FacilityToken,
)
from app.services.directory import require_searches_left
from app.services.directory_entry import town_words
from app.services.text import fold, prefix_end, tokens

MAXFACILITY_COLUMNSS = 50
PAGE_SIZE = 25
_MAX_QUERY = 120
_MAX_TYPED = 6
# Counting stops here: beyond, which word leads changes little.
_MANY = 400
_POSTCODE_LENGTH = 5


@dataclass(frozen=True)
class FacilityHit:
    """One establishment or laboratory. `category`: label of FINESS, or ''."""

    id: UUID
    kind: FacilityKind
    is_partner_laboratory: bool
    is_open: bool
    finess: str | None
    name: str
    category: str
    address: str
    postcode: str
    city: str
    phone: str
    version: int
    accepts_first_messages: bool


@dataclass(frozen=True)
class FacilitySource:
    """Where the national facilities come from, to show beside them; `as_of`: date of the data."""

    source: str
    as_of: date
    is_builtin: bool


def search_facilities(
    session: Session, actor: Actor, query: str, *, limit: int = 20, now: datetime
) -> list[FacilityHit]:
    """Open facilities with all the typed words of name, town, postcode or FINESS, or their beginnings.

    In any order; whole words of a name first, then by name. Raises RuleViolation when somebody not signed in
    searches too much.
    """
    require_searches_left(session, actor, now=now)
    words = tokens(query[:_MAX_QUERY])[:_MAX_TYPED]
    if not words:
        return []
    limit = max(1, min(limit, MAXFACILITY_COLUMNSS))
    if len(words) == 1:
        lead = words[0]
    else:
        counts = {word: session.execute(_COUNT, _range(word)).scalar_one() for word in words}
        if not all(counts.values()):
            return []
        lead = min(words, key=lambda word: (counts[word], -len(word)))
    others = [word for word in words if word != lead]
    values = {f"like_{n}": f"% {word}%" for n, word in enumerate(others)}
    found = session.execute(
        _led_statement(len(others)), _range(lead) | values | {"most": limit * 2}
    )
    hits = list(dict.fromkeys(FacilityHit(*row) for row in found))
    return sorted(hits, key=lambda hit: (-_whole_words(hit, words), fold(hit.name)))[:limit]


def get_facility(
    session: Session, actor: Actor, facility_id: UUID, *, now: datetime
) -> FacilityHit:
    """One facility, open or not. Raises NotFound."""
    row = session.execute(select(*FACILITY_COLUMNS).where(col(Facility.id) == facility_id)).first()
    if row is None:
        raise NotFound("facility.not_found")
    return FacilityHit(*row)


def list_laboratories(session: Session, actor: Actor, *, now: datetime) -> list[FacilityHit]:
    """The partner laboratories one may be linked to, by name; whoever registers chooses among them."""
    found = session.execute(
        select(*FACILITY_COLUMNS)
        .where(col(Facility.is_partner_laboratory), col(Facility.is_open))
        .order_by(col(Facility.sort_name), col(Facility.id))
    )
    return [FacilityHit(*row) for row in found]


def current_source(session: Session, actor: Actor, *, now: datetime) -> FacilitySource | None:
    """The last complete import, None when there was none."""
    row = session.execute(
        select(
            col(FacilityRelease.source),
            col(FacilityRelease.data_on),
            col(FacilityRelease.is_builtin),
        )
        .where(col(FacilityRelease.is_complete))
        .order_by(col(FacilityRelease.id).desc())
        .limit(1)
    ).first()
    return FacilitySource(*row) if row else None


# The statements below are made once: building one costs more than running it.
FACILITY_COLUMNS = tuple(
    col(field)
    for field in (
        Facility.id,
        Facility.kind,
        Facility.is_partner_laboratory,
        Facility.is_open,
        Facility.finess,
        Facility.name,
        Facility.category,
        Facility.address,
        Facility.postcode,
        Facility.city,
        Facility.phone,
        Facility.version,
        Facility.accepts_first_messages,
    )
)
_BEGINS = and_(
    col(FacilityToken.token) >= bindparam("low", type_=String),
    col(FacilityToken.token) < bindparam("high", type_=String),
)
_COUNT = select(func.count()).select_from(
    select(col(FacilityToken.facility_id)).where(_BEGINS).limit(_MANY).subquery()
)


def _range(word: str) -> dict[str, str]:
    return {"low": word, "high": prefix_end(word)}


@lru_cache
def _led_statement(others: int) -> Any:
    return (
        select(*FACILITY_COLUMNS)
        .join(FacilityToken, col(Facility.id) == col(FacilityToken.facility_id))
        .where(
            _BEGINS,
            col(Facility.is_open),
            *(
                col(Facility.words).like(bindparam(f"like_{n}", type_=String))
                for n in range(others)
            ),
        )
        .order_by(col(FacilityToken.token), col(FacilityToken.sort_name))
        .limit(bindparam("most", type_=Integer))
    )


def _whole_words(hit: FacilityHit, words: Sequence[str]) -> int:
    return len({*tokens(hit.name), *town_words(hit.city)}.intersection(words))
