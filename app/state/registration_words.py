"""A registration in words: its places, its telephones, what remains, what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from app.i18n import registration as words
from app.i18n.format import clock, moment, phone as phone_words
from app.i18n.messages import sentence
from app.i18n.professional import profession_label
from app.i18n.psc import civility_of
from app.integrations.psc_identity import PscIdentity
from app.services.registration import Faults
from app.services.registration_certified import known_professions
from app.services.registration_email import Sent
from app.services.registration_phone import PhoneRow
from app.services.registration_place import PlaceRow
from app.services.registration_progress import HANDED_IN, STEPS, Step
from app.services.registration_view import IdentityView, RegistrationView
from app.state.clock import utc_now
from app.state.form import Choice

_SOON_SECONDS = 12 * 3_600


@dataclass(frozen=True)
class PlaceView:
    """A place given so far. `name_id`: where its fault leads."""

    id: str
    name: str
    address: str
    laboratory: str
    is_from_directory: bool
    name_id: str


@dataclass(frozen=True)
class PhoneView:
    """A telephone given so far, and the fault of its code."""

    id: str
    number: str
    is_verified: bool
    sent: str
    is_late: bool
    error: str


@dataclass(frozen=True)
class MemberView:
    """A person of a shared account."""

    id: str
    name: str


def profession_choices(identity: PscIdentity) -> list[Choice]:
    """The professions to choose among when Pro Santé Connect gives somebody several; else nothing to ask."""
    known = known_professions(identity)
    civility = civility_of(identity)
    choices = [Choice(one.value, profession_label(one, civility).capitalize()) for one in known]
    return choices if len(choices) > 1 else []


def place_view(row: PlaceRow) -> PlaceView:
    """A place in words."""
    town = f"{row.postcode} {row.city}".strip()
    return PlaceView(
        id=str(row.id),
        name=row.name,
        address=", ".join(part for part in (row.address, town) if part),
        laboratory=row.laboratory,
        is_from_directory=row.is_from_directory,
        name_id=f"place-{row.id}",
    )


def phone_view(row: PhoneRow, faults: Faults) -> PhoneView:
    """A telephone in words."""
    sent, is_late = sent_words(row.sent)
    error = fault_words(faults, f"code-{row.id}")
    return PhoneView(str(row.id), phone_words(row.number), row.is_verified, sent, is_late, error)


def step_to_show(view: RegistrationView, step: Step) -> Step:
    """The step to show in place of the one asked for."""
    if view.state in HANDED_IN:
        return Step.REVIEW
    if step is Step.REVIEW:
        step = view.progress.next_step
    return step if view.progress.may_open(step) else _blocking(view)


def _blocking(view: RegistrationView) -> Step:
    """The step that keeps the later ones closed."""
    following = view.progress.next_step
    return following if view.progress.may_open(following) else view.progress.reached


def remaining_words(view: RegistrationView) -> str:
    """`Il reste : …`."""
    titles = [
        title
        for (title, _), step in zip(words.STEPS, STEPS, strict=True)
        if step in view.progress.steps
        and step not in view.progress.done
        and step is not Step.REVIEW
    ]
    return words.remaining(titles)


def kind_words(view: RegistrationView) -> str:
    """The line above the title."""
    return words.CERTIFIED_KIND if view.identity.is_certified else words.KINDS[view.kind]


def identity_fields(identity: IdentityView) -> dict[str, str]:
    """The fields of the first step, as they were given."""
    return {
        "rpps": identity.rpps,
        "profession": identity.profession.value if identity.profession else "",
        "occupation": identity.occupation.value if identity.occupation else "",
        "civility": identity.civility,
        "family_name": identity.family_name,
        "given_name": identity.given_name,
        "is_shared": "on" if identity.is_shared else "",
        "shared_title": identity.shared_title,
    }


def identity_detail(identity: IdentityView) -> str:
    """`Médecin, oncologie médicale`."""
    if identity.profession is None:
        return ""
    label = profession_label(identity.profession, identity.civility)
    parts = (label[:1].upper() + label[1:], uncapitalised(identity.speciality))
    return ", ".join(part for part in parts if part)


def uncapitalised(text: str) -> str:
    """`oncologie médicale` after a comma."""
    return text[:1].lower() + text[1:]


def sent_words(sent: Sent | None) -> tuple[str, bool]:
    """Where and when a code left, and whether its message is late."""
    if sent is None:
        return "", False
    to = phone_words(sent.to) if sent.to.startswith("+") else sent.to
    return words.sent_line(to, sent.at), sent.is_late


def fault_words(faults: Faults, name: str) -> str:
    """The sentence of the fault of a field, '' without one."""
    code = faults.fields.get(name, "")
    if not code:
        return ""
    retry = faults.context.get("retry_at", "")
    time = ""
    if retry:
        at = datetime.fromisoformat(retry)
        is_soon = (at - utc_now()).total_seconds() < _SOON_SECONDS
        time = clock(at) if is_soon else moment(at)
    return sentence(code, time=time, most=20)
