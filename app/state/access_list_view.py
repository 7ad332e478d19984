"""« Qui peut voir mes informations » in words, and what it shows, read at one moment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n import access_list as words
from app.i18n.format import initials
from app.i18n.professional import name_label
from app.services.access_history import HistoryFilter, fetch_history
from app.services.access_history_line import HistoryLine
from app.services.access_list import (
    AuthorisedRow,
    BlockedRow,
    fetch_authorised,
    list_authorised,
    list_blocked,
)
from app.services.professional import ProfessionalCard
from app.services.record_audience import RecordAudience, get_audience
from app.services.record_settings import SettingsView, get_settings
from app.state.clock import today

LAST_LINES = 4


@dataclass(frozen=True)
class AuthorisedView:
    """Somebody who may read the record, in words."""

    id: str
    initials: str
    name: str
    practice: str
    since: str
    has_status: bool
    may_give: bool
    is_outside: bool


@dataclass(frozen=True)
class BlockedView:
    """Somebody shut out, in words."""

    id: str
    initials: str
    name: str
    since: str


@dataclass(frozen=True)
class SwitchView:
    """One emergency switch."""

    name: str
    label: str
    hint: str
    is_on: bool


@dataclass(frozen=True)
class AccessPage:
    """What the page shows, read at one moment."""

    patient_id: UUID
    settings: SettingsView
    audience: RecordAudience
    authorised: list[AuthorisedRow]
    blocked: list[BlockedRow]
    lines: tuple[HistoryLine, ...]

    def find(self, professional_id: str) -> AuthorisedRow | BlockedRow | None:
        """The line of somebody of either list."""
        rows = (*self.authorised, *self.blocked)
        return next((row for row in rows if str(row.professional.id) == professional_id), None)

    def is_last(self, who: ProfessionalCard) -> bool:
        """Whether nobody else follows the patient."""
        members = {row.professional.id for row in self.authorised if row.is_member}
        return members == {who.id}


def read_page(session: Session, actor: Actor, *, is_refresh: bool, now: datetime) -> AccessPage:
    patient_id = policies.require_own_record(actor)
    rows = fetch_authorised if is_refresh else list_authorised
    return AccessPage(
        patient_id,
        get_settings(session, actor),
        get_audience(session, actor, now=now),
        rows(session, actor, patient_id, now=now),
        list_blocked(session, actor, patient_id),
        fetch_history(session, actor, patient_id, HistoryFilter(), now=now).lines[:LAST_LINES],
    )


def authorised_view(row: AuthorisedRow) -> AuthorisedView:
    who = row.professional
    return AuthorisedView(
        id=str(who.id),
        initials=initials(who.given_name, who.family_name),
        name=name_label(who),
        practice=words.practice(who),
        since=words.since(row, today()),
        has_status=row.has_administrator_status,
        may_give=row.may_have_status and not row.has_administrator_status,
        is_outside=not row.is_member,
    )


def blocked_view(row: BlockedRow) -> BlockedView:
    who = row.professional
    return BlockedView(
        id=str(who.id),
        initials=initials(who.given_name, who.family_name),
        name=name_label(who),
        since=words.blocked_since(row),
    )


def switch_view(settings: SettingsView, name: str, label: str, on: str, off: str) -> SwitchView:
    is_on = bool(getattr(settings, name))
    return SwitchView(name, label, on if is_on else off, is_on)
