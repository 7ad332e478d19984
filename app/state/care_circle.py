"""The « Contacts » page: the circle, who joins it with a consent, who leaves (CX-20, CX-21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import care_circle as words
from app.i18n.messages import sentence
from app.services import draft
from app.services.care_circle import (
    MAX_QUERY,
    CircleView,
    FoundProfessional,
    MemberRow,
    add_professional,
    fetch_circle,
    list_circle,
    remove_professional,
    search_professionals,
)
from app.services.consent import ConsentRow, fetch_consents, list_consents, read_consent
from app.services.fields import paris_day
from app.services.message_recipient import refusal_to_write
from app.services.notice import NoticeView, current_notice
from app.services.patient import PatientFile, get_file
from app.state import patient_sheet
from app.state.base import Audience, event
from app.state.care_circle_view import (
    ConsentView,
    FoundView,
    MemberView,
    consent_view,
    found_view,
    member_view,
)
from app.state.clock import utc_now
from app.state.consent_form import NoticeText, fresh_consent, notice_text
from app.state.form import key_of, new_key
from app.state.patient import PatientState

SECTION = "contacts"
FORM = "care-circle"
SEARCH, CONSENT, REMOVE, LEAVE = "search", "consent", "remove", "leave"


class CareCircleState(PatientState):
    """The circle of one patient. `unwritable`: why one cannot write to the patient, '' when one can."""

    members: list[MemberView] = []
    consents: list[ConsentView] = []
    lead: str = ""
    is_alone: bool = False
    may_add: bool = False
    may_write: bool = False
    unwritable: str = ""

    dialog: str = ""
    dialog_title: str = ""
    found: list[FoundView] = []
    search_status: str = ""
    fields: dict[str, str] = {}
    form_key: str = ""
    information: NoticeText = NoticeText()

    _members: dict[str, MemberRow] = {}
    _found: dict[str, FoundProfessional] = {}
    _chosen: UUID | None = None
    _notice: NoticeView | None = None
    _draft: dict[str, str] = {}

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the circle, the consents and the sheet."""
        self.dialog = ""
        await self._read(is_refresh=False)

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Show what a colleague just changed, leaving forms alone."""
        await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def open_add(self) -> None:
        """« Ajouter un PdS »: whom to add is searched first."""
        self.dialog, self.found, self.search_status = SEARCH, [], ""
        self.error, self.field_errors = "", {}

    @event(Audience.PROFESSIONAL)
    async def search(self, typed: str) -> None:
        """Find a professional by name or RPPS number as it is typed."""
        query = str(typed)[:MAX_QUERY]
        rows = await self._look_up(search_professionals, query, patient_id=self._patient_id())
        self._found = {str(row.professional.id): row for row in rows or ()}
        self.found = [found_view(row) for row in self._found.values()]
        is_search = len(query.strip()) > 2  # noqa: PLR2004 - two letters find nothing yet
        nothing = words.NOBODY_FOUND if is_search else ""
        self.search_status = words.found(len(self.found)) if self.found else nothing

    @event(Audience.PROFESSIONAL)
    def choose(self, professional_id: str) -> None:
        """Go on to the consent for this professional."""
        row = self._found.get(str(professional_id))
        if row is None or row.is_member or self._notice is None:
            return
        who = row.professional
        self._chosen, self.dialog_title = who.id, words.consent_title(who)
        self.fields = {**fresh_consent(self._notice, utc_now()), "professional_id": str(who.id)}
        is_kept = all(
            self._draft.get(name) == self.fields[name] for name in ("professional_id", "notice_id")
        )
        if is_kept:
            self.fields = {**self.fields, **self._draft}
        self.dialog, self.form_key = CONSENT, new_key()

    @event(Audience.PROFESSIONAL)
    async def submit_add(self, fields: dict[str, Any]) -> None:
        """Add the chosen professional, with the consent just collected."""
        who = self._found.get(str(self._chosen))
        if who is None:
            return
        typed = {str(name): str(value) for name, value in fields.items()}
        self.fields = {**self.fields, "consent_given": "", "consent_mode": "", **typed}
        added = await self._perform(
            _add,
            self._patient_id(),
            who.professional.id,
            self.fields,
            key=key_of(typed),
            now=utc_now(),
        )
        if added is not None:
            self.dialog, self.notice = "", words.added(who.professional)
            await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def open_remove(self, professional_id: str) -> None:
        """Ask before a member is removed, or leaves."""
        row = self._members.get(str(professional_id))
        if row is None or not row.may_remove:
            return
        self.error, self._chosen = "", row.professional.id
        self.dialog = LEAVE if row.is_me else REMOVE
        self.dialog_title = words.remove_title(row.professional)

    @event(Audience.PROFESSIONAL)
    async def confirm_remove(self) -> rx.event.EventSpec | None:
        """End the chosen membership; whoever leaves goes back to the list."""
        row = self._members.get(str(self._chosen))
        if row is None:
            return None
        name = self.banner.name
        done = await self._perform(
            remove_professional, self._patient_id(), row.professional.id, now=utc_now()
        )
        self.dialog = ""
        if done is None:
            return None
        if row.is_me:
            self.notice = words.left(name)
            return rx.redirect("/patients")
        self.notice = words.removed(row.professional)
        await self._read(is_refresh=True)
        return None

    @event(Audience.PROFESSIONAL)
    def close_dialog(self) -> None:
        """Close the dialog; nothing is done."""
        self.dialog, self.field_errors, self.error = "", {}, ""

    async def _read(self, *, is_refresh: bool) -> None:
        was_here = is_refresh and self.section == SECTION
        loaded = await self._load_page(
            SECTION, _read_all, refresh=CareCircleState.refresh, is_refresh=was_here
        )
        if loaded is None:
            return
        page = loaded
        self._show(page)
        sheet = await self.get_state(patient_sheet.PatientSheetState)
        sheet.is_editing = patient_sheet.EDITING in self._query() and self.banner.may_manage
        await patient_sheet.show_sheet(self, page.file, page.sheet_draft, is_refresh=was_here)

    def _show(self, page: "ContactsPage") -> None:
        circle = page.circle
        self._members = {str(row.professional.id): row for row in circle.members}
        self.members = [member_view(row, self._sex) for row in circle.members]
        self.lead = words.lead(len(self.members))
        self.is_alone = len(self.members) == 1
        self.may_add = circle.may_add
        self.unwritable = sentence(page.refusal) if page.refusal else ""
        self.may_write = page.refusal != "message.read_only"
        self.consents = [consent_view(row) for row in page.consents]
        self._notice, self.information = page.notice, notice_text(page.notice)
        self._draft = page.draft


@dataclass(frozen=True)
class ContactsPage:
    """What the page shows, read at one moment."""

    circle: CircleView
    refusal: str
    file: PatientFile
    consents: list[ConsentRow]
    notice: NoticeView
    draft: dict[str, str]
    sheet_draft: dict[str, str]


def _read_all(
    session: Session, actor: Actor, patient_id: UUID, *, is_refresh: bool, now: datetime
) -> ContactsPage:
    if is_refresh:
        circle = fetch_circle(session, actor, patient_id)
        consents = fetch_consents(session, actor, patient_id)
    else:
        circle = list_circle(session, actor, patient_id, now=now)
        consents = list_consents(session, actor, patient_id, now=now)
    scope = str(patient_id)
    return ContactsPage(
        circle,
        refusal_to_write(session, actor, patient_id),
        get_file(session, actor, patient_id, now=now),
        consents,
        current_notice(session, actor),
        draft.load_draft(session, actor, FORM, scope),
        draft.load_draft(session, actor, patient_sheet.FORM, scope),
    )


def _add(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    professional_id: UUID,
    fields: Mapping[str, str],
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    consent = read_consent(fields, today=paris_day(now))
    link_id = add_professional(
        session, actor, patient_id, professional_id, key=key, consent=consent, now=now
    )
    draft.drop_draft(session, actor, FORM, str(patient_id))
    return link_id
