"""Questionnaires of adherence: wording kept as data, by version (CX-32, FD-01, FD-03)."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, NotFound
from app.models.adherence import Questionnaire
from app.models.base import table_of
from app.services import journal

GIRERD = "girerd"
_REFERENCE = Path(__file__).parent / "reference" / "questionnaires.json"


@dataclass(frozen=True)
class QuestionnaireView:
    """One version, as shown beside the answers given to it."""

    id: UUID
    code: str
    version: int
    title: str
    source: str
    items: tuple[str, ...]


def ensure_reference_questionnaires(session: Session, actor: Actor, *, now: datetime) -> None:
    """Write the reference questionnaires of which the base has no version yet.

    Wording a team has mended since is left alone: a later version is theirs.
    """
    if not actor.reason:
        raise Forbidden
    known = set(session.exec(select(Questionnaire.code)))
    for values in json.loads(_REFERENCE.read_text(encoding="utf-8")):
        if values["code"] not in known:
            row = Questionnaire(**values)
            session.add(row)
            session.flush()
            journal.record(session, actor, "questionnaire.added", object_id=row.id, now=now)


def current_questionnaire(session: Session, actor: Actor, code: str = GIRERD) -> QuestionnaireView:
    """The latest version, to fill in."""
    policies.require_professional(actor)
    row = session.exec(
        select(Questionnaire)
        .where(Questionnaire.code == code)
        .order_by(col(Questionnaire.version).desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound("questionnaire.not_found")
    return _view(row)


_ALL = table_of(Questionnaire).select()


def list_questionnaires(session: Session, actor: Actor) -> dict[UUID, QuestionnaireView]:
    """Every version by its key, to show answers beside the wording they were given to."""
    policies.require_professional(actor)
    return {row.id: _view(row) for row in session.execute(_ALL)}


def _view(row: Any) -> QuestionnaireView:
    return QuestionnaireView(
        id=row.id,
        code=row.code,
        version=row.version,
        title=row.title,
        source=row.source,
        items=tuple(row.items),
    )
