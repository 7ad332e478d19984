"""The information notice handed to patients before they consent (CX-14, U-25): versioned, never changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, NotAuthenticated, NotFound, RuleViolation
from app.models.consent import InformationNotice
from app.services import journal
from app.services.notice_text import REFERENCE_BODY, REFERENCE_TITLE, REFERENCE_VERSION


@dataclass(frozen=True)
class NoticeView:
    """One version of the notice. `body`: paragraphs apart by a blank line, « ## » opens a heading."""

    id: UUID
    version: str
    title: str
    body: str
    published_at: datetime


def current_notice(session: Session, actor: Actor) -> NoticeView:
    """The version to hand today: the one published last."""
    _require_known(actor)
    found = session.execute(
        select(InformationNotice)
        .order_by(col(InformationNotice.published_at).desc(), col(InformationNotice.id))
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise RuleViolation("notice.none")
    return _view(found)


def access_notice(session: Session, actor: Actor, notice_id: UUID) -> NoticeView:
    """Any version ever handed, to display or print again."""
    _require_known(actor)
    found = session.get(InformationNotice, notice_id)
    if found is None:
        raise NotFound("notice.not_found")
    return _view(found)


def ensure_reference_notice(session: Session, actor: Actor, *, now: datetime) -> UUID:
    """Publish the reference notice unless that version is there already. For commands only."""
    if not actor.reason:
        raise Forbidden
    known: UUID | None = session.execute(
        select(col(InformationNotice.id)).where(col(InformationNotice.version) == REFERENCE_VERSION)
    ).scalar_one_or_none()
    if known is not None:
        return known
    notice = InformationNotice(
        version=REFERENCE_VERSION, title=REFERENCE_TITLE, body=REFERENCE_BODY, published_at=now
    )
    session.add(notice)
    session.flush()
    journal.record(session, actor, "notice.published", object_id=notice.id, now=now)
    return notice.id


def publish_notice(
    session: Session, actor: Actor, *, version: int, title: str, body: str, now: datetime
) -> UUID:
    """The version to hand from now on; those handed before stay. Called by `legal_text_admin`."""
    policies.require_administrator(actor)
    notice = InformationNotice(version=str(version), title=title, body=body, published_at=now)
    session.add(notice)
    session.flush()
    journal.record(session, actor, "notice.published", object_id=notice.id, now=now)
    return notice.id


def _require_known(actor: Actor) -> None:
    if not actor.is_signed_in and not actor.reason:
        raise NotAuthenticated


def _view(notice: InformationNotice) -> NoticeView:
    return NoticeView(notice.id, notice.version, notice.title, notice.body, notice.published_at)
