"""The pages of a registration: what was given so far, what remains, what the last post left to say."""

from typing import Any

import reflex as rx

from app import cookies
from app.homes import HOME
from app.i18n import registration as words
from app.i18n.format import moment
from app.i18n.legal_text import version_line
from app.i18n.messages import MESSAGES
from app.i18n.professional import PROFESSIONS, name_label, rpps_label
from app.models.registration import IdentitySource, RegistrationKind
from app.services import registration_identity as identities
from app.services.psc import PendingPerson, pending_identity
from app.services.registration import Faults
from app.services.registration_progress import HANDED_IN, Step
from app.services.registration_view import RegistrationView, read_registration
from app.state.address import query_of
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.form import Choice, new_key
from app.state.registration_steps import PATHS, START, number_of, step_at
from app.state.registration_words import (
    MemberView,
    PhoneView,
    PlaceView,
    fault_words,
    identity_detail,
    identity_fields,
    kind_words,
    phone_view,
    place_view,
    profession_choices,
    remaining_words,
    sent_words,
    step_to_show,
)
from app.state.text_block import Block, blocks_of

_UNCHOSEN = "registration.profession_unchosen"


class RegistrationFlow(AppState):
    """One registration at one of its steps. Nothing secret passes through here."""

    step: int = 0
    done: list[int] = []
    is_secretary: bool = False
    kind: str = ""
    saved: str = ""
    remaining: str = ""
    resume_path: str = ""
    has_ended: bool = False
    waiting_name: str = ""
    waiting_professions: list[Choice] = []
    told: str = ""
    fields: dict[str, str] = {}
    form_key: str = ""

    source: str = ""
    is_manual: bool = False
    identity_name: str = ""
    identity_detail: str = ""
    identity_rpps: str = ""
    professions: list[Choice] = []

    places: list[PlaceView] = []
    laboratories: list[Choice] = []

    email: str = ""
    is_email_verified: bool = False
    sent: str = ""
    is_late: bool = False
    phones: list[PhoneView] = []
    is_shared: bool = False
    has_password: bool = False
    members: list[MemberView] = []

    text_id: str = ""
    text_title: str = ""
    text_version: str = ""
    text_body: list[Block] = []
    is_accepted: bool = False
    own_name: str = ""
    is_certified: bool = False
    may_use_provider: bool = False

    outcome: str = ""
    submitted: str = ""
    decided: str = ""
    reason: str = ""

    @event(Audience.PUBLIC, passive=True)
    async def load(self) -> rx.event.EventSpec | None:
        """Show the step of the address, or the one that comes before it."""
        if self._actor.is_signed_in:
            return rx.redirect(HOME.get(self.viewer_role, "/"))
        step = step_at(self.shown_path)
        view = await self._read(step)
        if self.page_status == "failed":
            return None
        if step is None:
            self._show_doors(view)
            await self._show_waiting()
            return None
        if view is None:
            return rx.redirect(START)
        shown = step_to_show(view, step)
        if shown is not step:
            return rx.redirect(PATHS[shown], replace=True)
        self._show(view, step)
        if step is Step.REVIEW:
            self.notice = ""  # the page says it, and what became of it since
        return None

    @event(Audience.PUBLIC, passive=True)
    async def load_end(self) -> rx.event.EventSpec:
        """After the last step: to the sign-in page, which says that the registration is handed in (MM-22)."""
        view = await self._read(Step.REVIEW)
        if view is None or view.state not in HANDED_IN:
            return rx.redirect(START)
        self.notice = words.HANDED_IN
        return rx.redirect("/connexion", replace=True)

    @event(Audience.PUBLIC, passive=True)
    def load_link(self) -> None:
        """The page a link opens: its script posts the token; a token that opens nothing comes back here."""
        self.told = "expired" if "perime" in query_of(self.router.url) else ""
        self.page_status = "ready"

    @event(Audience.PUBLIC)
    def search_again(self) -> None:
        """Choose somebody else in the directory."""
        self.source = ""

    @event(Audience.PUBLIC)
    async def submit_identity(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """The identity typed by hand, or of a secretariat; once certified or chosen, only going on."""
        typed = {str(name): str(value)[:250] for name, value in fields.items()}
        self.fields = {**self.fields, **typed}
        token, now = self._token(), utc_now()
        if self.is_secretary:
            done = await self._perform(identities.type_secretary, token, typed, now=now)
        elif self.source == IdentitySource.PSC:
            done = await self._perform(identities.keep_certified_identity, token, now=now)
        elif self.source == IdentitySource.DIRECTORY and not self.is_manual:
            done = True
        else:
            done = await self._perform(identities.type_identity, token, typed, now=now)
        return None if done is None else rx.redirect(PATHS[Step.PLACES])

    def _token(self) -> str:
        return cookies.read(self.router.headers.cookie or "", cookies.REGISTRATION)

    async def _read(self, step: Step | None) -> RegistrationView | None:
        found = await self._look_up(read_registration, self._token(), step, now=utc_now())
        return found if isinstance(found, RegistrationView) else None

    async def _refresh(self) -> None:
        """Read again what the step shows, after an act of the page."""
        step = step_at(self.shown_path)
        view = await self._read(step)
        if view is not None and step is not None:
            errors = self.field_errors
            self._show(view, step)
            self.field_errors = errors

    async def _show_waiting(self) -> None:
        """Somebody came back from Pro Santé Connect: their identity is ready to go on with."""
        token = cookies.read(self.router.headers.cookie or "", cookies.PSC_PENDING)
        person = await self._look_up(pending_identity, token, now=utc_now())
        self.waiting_name, self.waiting_professions = "", []
        if isinstance(person, PendingPerson):
            names = (person.identity.given_name, person.identity.family_name)
            self.waiting_name = " ".join(part for part in names if part)
            self.waiting_professions = profession_choices(person.identity)

    def _show_doors(self, view: RegistrationView | None) -> None:
        query = query_of(self.router.url)
        self.told = next((name for name in ("reprise", "trop") if name in query), "")
        if self.told == "reprise":
            self.told = f"reprise-{query['reprise']}"
        fault = f"registration.{query.get('certifie', '')}"
        self.error, self.field_errors = MESSAGES.get(fault, ""), {}
        if fault == _UNCHOSEN:
            self.error, self.field_errors = "", {"profession": self.error}
        self.resume_path, self.saved, self.kind = "", "", ""
        if view is not None:
            step = Step.REVIEW if view.state in HANDED_IN else view.progress.next_step
            self.resume_path = PATHS[step_to_show(view, step)]
            self.has_ended = view.state in HANDED_IN
            self.kind = kind_words(view)
            self.saved = moment(view.updated_at)
            self.remaining = remaining_words(view)
        self.page_status = "ready"

    def _show(self, view: RegistrationView, step: Step) -> None:
        steps = view.progress.steps
        self.step = number_of(step, steps)
        self.done = sorted(number_of(one, steps) for one in view.progress.done if one in steps)
        self.is_secretary = view.kind is RegistrationKind.SECRETARY
        self.kind = kind_words(view)
        self.saved = words.saved_at(view.updated_at)
        self.remaining = remaining_words(view)
        self.form_key = new_key()
        self.email, self.is_email_verified = view.email, view.is_email_verified
        self.is_shared, self.has_password = view.identity.is_shared, view.has_password
        self.own_name = f"{view.identity.given_name} {view.identity.family_name}"
        self._show_identity(view)
        self._show_lists(view)
        self._show_text(view, step)
        self._show_outcome(view)
        self._tell(view.faults)
        self.page_status = "ready"

    def _show_identity(self, view: RegistrationView) -> None:
        identity = view.identity
        kept = identity_fields(identity)
        self.fields = {**kept, "email": view.email, **view.typed}
        is_typing = self.fields.get("manual") == "on" and bool(view.typed)
        self.source = identity.source.value if identity.source else ""
        self.is_manual = is_typing or identity.source is IdentitySource.MANUAL
        self.is_certified = identity.is_certified
        self.identity_name = name_label(identity)
        self.identity_detail = identity_detail(identity)
        self.identity_rpps = rpps_label(identity.rpps) if identity.rpps else ""
        self.professions = [
            Choice(one.value, label)
            for one, label in sorted(PROFESSIONS.items(), key=lambda item: item[1])
        ]

    def _show_lists(self, view: RegistrationView) -> None:
        self.places = [place_view(row) for row in view.places]
        self.laboratories = [
            Choice(row.id, row.name if row.city in row.name else f"{row.name}, {row.city}")
            for row in view.laboratories
        ]
        self.sent, self.is_late = sent_words(view.sent or view.contract.sent)
        self.phones = [phone_view(row, view.faults) for row in view.phones]
        self.members = [MemberView(str(row.id), name_label(row)) for row in view.members]

    def _show_text(self, view: RegistrationView, step: Step) -> None:
        text = view.contract.text if step is Step.CONTRACT else view.terms
        self.is_accepted = view.are_terms_accepted
        self.may_use_provider = view.contract.may_use_provider
        if text is not None:
            self.text_id, self.text_title = str(text.id), text.title
            self.text_version = version_line(text.version, text.published_at)
            self.text_body = blocks_of(text.body)

    def _show_outcome(self, view: RegistrationView) -> None:
        self.outcome = view.state.value
        self.reason = view.reason
        self.submitted = words.handed_in_at(view.submitted_at) if view.submitted_at else ""
        self.decided = moment(view.decided_at) if view.decided_at else ""

    def _tell(self, faults: Faults) -> None:
        """What the last post left to say: beside the fields it names, above the page otherwise."""
        self.field_errors = {name: fault_words(faults, name) for name in faults.fields if name}
        self.error = fault_words(faults, "") if "" in faults.fields else ""
