"""Establishments and partner laboratories: found by all, kept by administrators (MM-11 to MM-14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Integer, String, and_, bindparam, delete, func, insert, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, NotFound
from app.models.facility import (
    MAX_ADDRESS,
    MAX_CITY,
    MAX_NAME,
    MAX_WORDS,
    Facility,
    FacilityKind,
    FacilityRelease,
    FacilityToken,
)
from app.services import journal
from app.services.directory import require_searches_left
from app.services.directory_entry import town_words
from app.services.fields import FieldReader
from app.services.identifiers import is_finess
from app.services.text import MAX_TOKEN, fold, prefix_end, tokens

MAX_ROWS = 50
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


@dataclass(frozen=True)
class FacilitySource:
    """Where the national facilities come from, to show beside them; `as_of`: date of the data."""

    source: str
    as_of: date
    is_builtin: bool


@dataclass(frozen=True)
class FacilityPage:
    """At most 25 rows of a list of `total`, in `pages` pages numbered from 1."""

    rows: tuple[FacilityHit, ...]
    total: int
    page: int
    pages: int


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
    limit = max(1, min(limit, MAX_ROWS))
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
    row = session.execute(select(*_ROW).where(col(Facility.id) == facility_id)).first()
    if row is None:
        raise NotFound("facility.not_found")
    return FacilityHit(*row)


def list_laboratories(session: Session, actor: Actor, *, now: datetime) -> list[FacilityHit]:
    """The partner laboratories one may be linked to, by name; whoever registers chooses among them."""
    found = session.execute(
        select(*_ROW)
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


def list_facilities(
    session: Session,
    actor: Actor,
    *,
    kind: FacilityKind | None = None,
    page: int = 1,
    now: datetime,
) -> FacilityPage:
    """Facilities by name for the administrators' page, closed ones too; past the end is the last page."""
    policies.require_administrator(actor)
    which = [col(Facility.kind) == kind] if kind else []
    total = session.execute(select(func.count()).select_from(Facility).where(*which)).scalar_one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    found = session.execute(
        select(*_ROW)
        .where(*which)
        .order_by(col(Facility.sort_name), col(Facility.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return FacilityPage(tuple(FacilityHit(*row) for row in found), total, page, pages)


def create_facility(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> UUID:
    """Add an establishment or a laboratory by hand. Raises Invalid with every fault.

    Fields: name, address, postcode, city, phone, finess, and the box `is_partner_laboratory`.
    """
    policies.require_administrator(actor)
    values = _read(session, fields, own_id=None)
    is_laboratory = values["is_partner_laboratory"]
    facility = Facility(
        id=uuid4(),
        kind=FacilityKind.LABORATORY if is_laboratory else FacilityKind.LOCAL,
        sort_name="",
        words="",
        updated_at=now,
        **values,
    )
    write_words(session, actor, facility)
    journal.record(session, actor, "facility.created", object_id=facility.id, now=now)
    return facility.id


def update_facility(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    fields: Mapping[str, str],
    *,
    version: int,
    now: datetime,
) -> int:
    """Change a facility, or close it (`is_open` not ticked); its new version.

    Of a facility of FINESS, only the partner flag changes: the rest is the national directory's.
    Raises Conflict when somebody else changed it since `version`.
    """
    policies.require_administrator(actor)
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("facility.not_found")
    if facility.version != version:
        raise Conflict("facility.changed")
    if facility.kind is FacilityKind.FINESS:
        facility.is_partner_laboratory = FieldReader(fields).flag("is_partner_laboratory")
    else:
        for name, value in _read(session, fields, own_id=facility_id).items():
            setattr(facility, name, value)
        facility.is_open = FieldReader(fields).flag("is_open")
        is_laboratory = facility.is_partner_laboratory
        facility.kind = FacilityKind.LABORATORY if is_laboratory else FacilityKind.LOCAL
    facility.version += 1
    facility.updated_at = now
    write_words(session, actor, facility)
    journal.record(session, actor, "facility.changed", object_id=facility.id, now=now)
    return facility.version


def write_words(session: Session, actor: Actor, facility: Facility) -> None:
    """Save a facility with the words it is found by, in place of earlier ones."""
    facility.sort_name = fold(facility.name)[:MAX_NAME]
    facility.words = joined_words(facility.name, facility.city, facility.postcode, facility.finess)
    session.add(facility)
    session.flush()
    session.execute(delete(FacilityToken).where(col(FacilityToken.facility_id) == facility.id))
    session.execute(
        insert(FacilityToken), token_rows(facility.id, facility.sort_name, facility.words)
    )


def joined_words(name: str, city: str, postcode: str, finess: str | None) -> str:
    """Every word a facility is found by, each after a space."""
    words = [*tokens(name), *town_words(city), *tokens(postcode), *tokens(finess or "")]
    return "".join(f" {word}" for word in dict.fromkeys(words))[:MAX_WORDS]


def token_rows(facility_id: UUID, sort_name: str, words: str) -> list[dict[str, Any]]:
    """The searchable words of a facility, as rows."""
    return [
        {"token": word[:MAX_TOKEN], "sort_name": sort_name, "facility_id": facility_id}
        for word in dict.fromkeys(words.split())
    ]


def _read(session: Session, fields: Mapping[str, str], own_id: UUID | None) -> dict[str, Any]:
    reader = FieldReader(fields)
    name = reader.text("name", limit=MAX_NAME, missing="facility.name_missing")
    address = reader.text("address", limit=MAX_ADDRESS)
    postcode = reader.text("postcode", limit=10, missing="facility.postcode_missing")
    city = reader.text("city", limit=MAX_CITY, missing="facility.city_missing")
    phone = reader.text("phone", limit=20)
    typed_finess = reader.text("finess", limit=20)
    finess = "".join(typed_finess.split()).upper() or None
    if name and not fold(name):
        reader.fault("name", "facility.name_missing")
    if postcode and not (
        postcode.isascii() and postcode.isdigit() and len(postcode) == _POSTCODE_LENGTH
    ):
        reader.fault("postcode", "facility.postcode_form")
    if finess and not is_finess(finess):
        reader.fault("finess", "facility.finess_key")
    elif finess:
        taken = session.execute(
            select(col(Facility.id)).where(col(Facility.finess) == finess)
        ).scalar()
        if taken is not None and taken != own_id:
            reader.fault("finess", "facility.finess_taken")
    reader.check()
    return {
        "name": name,
        "address": address,
        "postcode": postcode,
        "city": city,
        "phone": phone,
        "finess": finess,
        "is_partner_laboratory": reader.flag("is_partner_laboratory"),
    }


# The statements below are made once: building one costs more than running it.
_ROW = tuple(
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
        select(*_ROW)
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
