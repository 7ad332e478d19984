"""One's own profile: shown, edited in place, saved by « VALIDER » (MM-35 to MM-40)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import profile as words
from app.i18n.format import day, full_name, local_day
from app.i18n.professional import PROFESSIONS, rpps_label
from app.models.account import Role
from app.models.identity_change import Decision
from app.services.identity_change import CIVILITIES, ChangeView, withdraw_change
from app.services.practice import PracticeRow
from app.services.profile import Profile, Saved, read_profile, save_profile
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, key_of, new_key


@dataclass(frozen=True)
class IdentityView:
    """Who one is, in words and as typed again."""

    role: str = ""
    civility: str = ""
    given_name: str = ""
    family_name: str = ""
    rpps: str = ""
    rpps_label: str = ""
    card_number: str = ""
    email: str = ""
    login_name: str = ""
    shared_title: str = ""
    profession: str = ""
    speciality: str = ""
    place: str = ""
    since: str = ""
    certified: str = ""
    members: str = ""
    patient_name: str = ""
    patient_birth: str = ""


@dataclass(frozen=True)
class ChangeRow:
    """One trait that an administrator is asked to change."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PlaceView:
    """One place of practice."""

    id: str
    name: str
    address: str
    laboratory: str


class ProfileState(AppState):
    """The profile, and whether it is being edited."""

    is_loaded: bool = False
    is_editing: bool = False
    form_key: str = ""
    me: IdentityView = IdentityView()
    civilities: list[Choice] = []
    places: list[PlaceView] = []
    is_professional: bool = False
    is_shared: bool = False
    is_patient: bool = False
    change_id: str = ""
    change_asked: str = ""
    change_rows: list[ChangeRow] = []
    refusal: str = ""

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show the profile as it is now."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.is_editing = False
        await self._show()

    @event(Audience.OWN_ACCOUNT)
    def edit(self, is_on: bool) -> None:
        """« J'édite mon profil » was ticked, or not any more: what was typed is forgotten."""
        self.is_editing, self.form_key = is_on is True, new_key()
        self.error, self.field_errors = "", {}

    @event(Audience.OWN_ACCOUNT)
    def cancel(self) -> None:
        """« Annuler »: nothing counts of what was typed."""
        self.is_editing = False
        self.error, self.field_errors = "", {}

    @event(Audience.OWN_ACCOUNT)
    async def save(self, form: dict[str, str]) -> None:
        """« VALIDER »; pressed twice, what it did the first time stays told."""
        saved = await self._perform(save_profile, form, key=key_of(form), now=utc_now())
        if saved is None:
            self.me = _typed(self.me, form)
            return
        told = _told(saved)
        self.notice = told if self.is_editing or told != words.UNCHANGED else self.notice
        self.is_editing = False
        await self._show()

    @event(Audience.OWN_ACCOUNT)
    async def withdraw(self) -> None:
        """Take back the change that waits."""
        if await self._perform(withdraw_change, parse_id(self.change_id), now=utc_now()):
            self.notice = "Votre demande est retirée."
        await self._show()

    @event(Audience.OWN_ACCOUNT)
    async def refresh(self) -> None:
        """Show what was just changed, without leaving what is being edited."""
        await self._show()

    async def _show(self) -> None:
        before = (self.error, self.field_errors)
        found = await self._perform(_read, now=utc_now())
        if found is None:
            return
        self.error, self.field_errors = before
        self.me = _identity(found)
        self.is_professional = found.exercise is not None
        self.is_patient = found.role is Role.PATIENT
        self.is_shared = found.role is Role.SECRETARY
        self.civilities = [Choice(value, value or "Sans") for value in CIVILITIES]
        self.places = [_place(row) for row in found.places]
        self._show_change(found)
        self.is_loaded, self.page_status = True, "ready"

    def _show_change(self, found: Profile) -> None:
        self.change_id, self.change_asked, self.change_rows, self.refusal = "", "", [], ""
        change = found.change
        if change is None:
            return
        asked = day(local_day(change.asked_at))
        if change.decision is Decision.WAITING:
            self.change_id, self.change_asked = str(change.id), f"Demandé le {asked}"
            self.change_rows = _rows(found, change)
        else:
            self.refusal = words.refusal(asked, change.reason)


def _read(session: Session, actor: Actor, *, now: datetime) -> Profile:
    return read_profile(session, actor, now=now)


def _identity(found: Profile) -> IdentityView:
    traits, exercise, patient = found.traits, found.exercise, found.patient
    place = (exercise.place_name, exercise.place_city) if exercise else ()
    return IdentityView(
        role=words.ROLES[found.role],
        civility=traits.civility,
        given_name=traits.given_name,
        family_name=traits.family_name,
        rpps=traits.rpps,
        rpps_label=rpps_label(traits.rpps) if traits.rpps else "",
        card_number=traits.card_number,
        email=found.email,
        login_name=found.login_name,
        shared_title=found.shared_title,
        profession=PROFESSIONS[exercise.profession] if exercise else "",
        speciality=exercise.speciality if exercise else "",
        place=", ".join(part for part in place if part),
        since=day(local_day(found.created_at)),
        certified=day(local_day(found.certified_at)) if found.certified_at else "",
        members=", ".join(found.members),
        patient_name=full_name(patient.birth_name, patient.given_names) if patient else "",
        patient_birth=day(patient.birth_date) if patient else "",
    )


def _typed(me: IdentityView, form: dict[str, str]) -> IdentityView:
    """What was typed stays in the fields until it is right."""
    names = ("civility", "given_name", "family_name", "rpps", "card_number", "speciality")
    return replace(me, **{name: str(form[name])[:200] for name in names if name in form})


def _place(row: PracticeRow) -> PlaceView:
    town = " ".join(part for part in (row.postcode, row.city) if part)
    address = ", ".join(part for part in (row.address, town) if part)
    return PlaceView(str(row.id), row.name, address, row.laboratory)


def _rows(found: Profile, change: ChangeView) -> list[ChangeRow]:
    return [
        ChangeRow(label, getattr(found.traits, name) or "—", getattr(change.traits, name) or "—")
        for name, label in words.TRAITS.items()
        if getattr(found.traits, name) != getattr(change.traits, name)
    ]


def _told(saved: Saved) -> str:
    if saved.change_id is not None:
        return words.SAVED_AND_WAITING if saved.has_changed else words.WAITING
    return words.SAVED if saved.has_changed else words.UNCHANGED
