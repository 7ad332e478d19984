"""Drug interactions noticed with a followed treatment: recorded, corrected, read (CX-27 to CX-29)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.entry import EntryKind
from app.models.interaction import InteractionLevel
from app.services.entry_query import INTERACTION
from app.services.fact import Fact, correct_fact, record_fact
from app.services.fields import clean_line
from app.services.history import EntryPage, Facet, read_history

MAX_SUBSTANCE = 250


def record_interaction(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    fact: Fact,
    *,
    substance: str,
    level: InteractionLevel | None,
    key: UUID,
    now: datetime,
) -> UUID:
    """Record the other substance, chosen or typed, and the national level of the pair (FD-10)."""
    return record_fact(
        session,
        actor,
        patient_id,
        EntryKind.INTERACTION,
        fact,
        table=INTERACTION,
        values={"substance": clean_line(substance), "level": level},
        own_faults=_faults(substance, level),
        key=key,
        now=now,
    ).id


def correct_interaction(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    fact: Fact,
    *,
    substance: str,
    level: InteractionLevel | None,
    key: UUID,
    now: datetime,
) -> UUID:
    """Write a new version of one's own entry; the earlier one stays readable."""
    return correct_fact(
        session,
        actor,
        entry_id,
        EntryKind.INTERACTION,
        fact,
        table=INTERACTION,
        values={"substance": clean_line(substance), "level": level},
        own_faults=_faults(substance, level),
        key=key,
        now=now,
    ).id


def list_interaction(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    treatment_id: UUID | None = None,
    level: InteractionLevel | None = None,
    page: int = 1,
    new_since: datetime | None = None,
    now: datetime,
) -> EntryPage:
    """The history of interactions, by all professionals, newest first (CX-29, CX-36)."""
    return read_history(
        session,
        actor,
        patient_id,
        EntryKind.INTERACTION,
        treatment_id=treatment_id,
        facet=Facet(INTERACTION.c.level, level),
        page=page,
        new_since=new_since,
        now=now,
    )


def _faults(substance: str, level: InteractionLevel | None) -> dict[str, str]:
    faults = {}
    name = clean_line(substance)
    if not name:
        faults["substance"] = "interaction.substance_missing"
    elif len(name) > MAX_SUBSTANCE:
        faults["substance"] = "interaction.substance_too_long"
    if level is None:
        faults["level"] = "interaction.level_missing"
    return faults
