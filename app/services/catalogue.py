"""The catalogue of applications as administrators keep it (DM-01)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound
from app.models.application import Application, ApplicationAudience, ApplicationLink
from app.services import journal, submission
from app.services.fields import FieldReader

MAX_NAME = 80
MAX_PUBLISHER = 120
MAX_DESCRIPTION = 400
MAX_URL = 300


@dataclass(frozen=True)
class ApplicationSheet:
    """What an application says of itself. `shared_data`: '' when it exchanges nothing."""

    name: str
    publisher: str
    description: str
    url: str
    audience: ApplicationAudience
    is_labelled: bool = False
    shared_data: str = ""


@dataclass(frozen=True)
class CatalogueRow:
    """One application, and how many consents are in force (a number, nobody's name)."""

    id: UUID
    sheet: ApplicationSheet
    version: int
    consents: int
    withdrawn_at: datetime | None


def list_catalogue(session: Session, actor: Actor) -> list[CatalogueRow]:
    """Every application, those in use first."""
    policies.require_administrator(actor)
    counts = dict(
        session.exec(
            select(ApplicationLink.application_id, func.count())
            .where(col(ApplicationLink.withdrawn_at).is_(None))
            .group_by(col(ApplicationLink.application_id))
        ).all()
    )
    rows = session.exec(
        select(Application).order_by(
            col(Application.withdrawn_at).is_not(None), col(Application.name)
        )
    )
    return [
        CatalogueRow(row.id, _sheet_of(row), row.version, counts.get(row.id, 0), row.withdrawn_at)
        for row in rows
    ]


def read_sheet(fields: Mapping[str, str]) -> ApplicationSheet:
    """The sheet a form holds, checked; every fault at once."""
    reader = FieldReader(fields)
    sheet = ApplicationSheet(
        name=reader.text("name", limit=MAX_NAME, missing="application.name_missing"),
        publisher=reader.text(
            "publisher", limit=MAX_PUBLISHER, missing="application.publisher_missing"
        ),
        description=reader.text(
            "description",
            limit=MAX_DESCRIPTION,
            missing="application.description_missing",
            is_long=True,
        ),
        url=reader.text("url", limit=MAX_URL, missing="application.url_missing"),
        audience=reader.choice(
            "audience", ApplicationAudience, missing="application.audience_missing"
        )
        or ApplicationAudience.ALL,
        is_labelled=reader.flag("is_labelled"),
        shared_data=reader.text("shared_data", limit=MAX_DESCRIPTION, is_long=True),
    )
    if sheet.url and not _is_https(sheet.url):
        reader.fault("url", "application.url_format")
    reader.check()
    return sheet


def add_application(
    session: Session, actor: Actor, sheet: ApplicationSheet, *, key: UUID, now: datetime
) -> UUID:
    """Enter an application; the demonstration's are entered by the system."""
    is_own_work = bool(actor.reason)
    if not is_own_work:
        policies.require_administrator(actor)
        if (before := submission.earlier_result(session, actor, key)) is not None:
            return before
    _require_free_name(session, sheet.name, None)
    row = Application(**_values(sheet), updated_at=now)
    session.add(row)
    session.flush()
    journal.record(session, actor, "application.added", object_id=row.id, now=now)
    if not is_own_work:
        submission.remember(session, actor, key, row.id, now=now)
    return row.id


def edit_application(
    session: Session,
    actor: Actor,
    application_id: UUID,
    sheet: ApplicationSheet,
    *,
    version: int,
    now: datetime,
) -> None:
    """Change what an application says of itself.

    What it shares may only be narrowed by a new consent: when its text changes, the consents given to the
    former one end.
    """
    row = _access(session, actor, application_id)
    if row.version != version:
        raise Conflict
    _require_free_name(session, sheet.name, row.id)
    if row.shared_data != sheet.shared_data:
        _end_consents(session, row.id, now)
    for name, value in _values(sheet).items():
        setattr(row, name, value)
    row.version, row.updated_at = row.version + 1, now
    journal.record(session, actor, "application.edited", object_id=row.id, now=now)


def withdraw_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> None:
    """Take an application off every portal; the consents given to it end."""
    row = _access(session, actor, application_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        _end_consents(session, row.id, now)
        journal.record(session, actor, "application.removed", object_id=row.id, now=now)


def restore_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> None:
    """Put an application back in the catalogue; consents have to be given again."""
    row = _access(session, actor, application_id)
    if row.withdrawn_at is not None:
        row.withdrawn_at = None
        journal.record(session, actor, "application.restored", object_id=row.id, now=now)


def _access(session: Session, actor: Actor, application_id: UUID) -> Application:
    policies.require_administrator(actor)
    row = session.get(Application, application_id)
    if row is None:
        raise NotFound("application.not_found")
    return row


def _end_consents(session: Session, application_id: UUID, now: datetime) -> None:
    for link in session.exec(
        select(ApplicationLink).where(
            ApplicationLink.application_id == application_id,
            col(ApplicationLink.withdrawn_at).is_(None),
        )
    ).all():
        link.withdrawn_at = now
    session.flush()


def _require_free_name(session: Session, name: str, but: UUID | None) -> None:
    found = session.exec(select(Application.id).where(Application.name == name)).first()
    if found is not None and found != but:
        raise Invalid(name="application.name_taken")


def _is_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _values(sheet: ApplicationSheet) -> dict[str, Any]:
    return dict(vars(sheet))


def _sheet_of(row: Application) -> ApplicationSheet:
    return ApplicationSheet(
        name=row.name,
        publisher=row.publisher,
        description=row.description,
        url=row.url,
        audience=row.audience,
        is_labelled=row.is_labelled,
        shared_data=row.shared_data,
    )
