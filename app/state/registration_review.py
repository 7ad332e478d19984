"""One registration on the administrators' screen: who, what was checked, the decision (MM-23)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.i18n import administration as shared, registration_review as words
from app.i18n.format import moment, phone
from app.i18n.professional import PROFESSIONS, name_label, rpps_label
from app.models.registration import IdentitySource, RegistrationKind
from app.services.registration_review import (
    RegistrationView,
    approve_registration,
    read_registration,
    refuse_registration,
)
from app.state.address import path_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.registration_queue import PATH, TOPICS, QueueLine, queue_line


@dataclass(frozen=True)
class Check:
    """One thing that was checked. `outcome`: yes, no or none."""

    label: str
    value: str
    outcome: str


class RegistrationReviewState(AppState):
    """One registration: who, what was checked, the decision."""

    line: QueueLine = QueueLine("", "", "", "", "", False, "", "", "", "", False)
    identity: list[Check] = []
    checks: list[Check] = []
    directory: list[Check] = []
    places: list[str] = []
    registration_id: str = ""
    has_scan: bool = False
    first_line: str = ""
    decided_line: str = ""
    step: str = ""
    approve_label: str = ""
    explanation: str = ""
    dialog: str = ""
    typed_reason: str = ""

    _grant_id: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the registration of the address."""
        self.dialog, self.page_status = "", "loading"
        self._watch_topics(TOPICS, RegistrationReviewState.refresh)
        await self._read()

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """Another administrator may have decided; what is being typed stays."""
        if path_of(self.router.url).startswith(f"{PATH}/"):
            await self._read()

    @event(Audience.ADMINISTRATOR)
    def open_refuse(self) -> None:
        """Ask for the reason."""
        self.dialog, self.error, self.field_errors = "refuse", "", {}

    @event(Audience.ADMINISTRATOR)
    def close_dialog(self) -> None:
        """Leave everything as it is."""
        self.dialog, self.error, self.field_errors = "", "", {}

    @event(Audience.ADMINISTRATOR)
    async def approve(self) -> rx.event.EventSpec | None:
        """Approve, first or second, after a fresh factor (S054); a second press finds it done."""
        if self.decided_line:
            return None
        if (first := self._confirm_first()) is not None:
            return first
        grant_id = parse_id(self._grant_id) if self._grant_id else None
        done = await self._perform(
            approve_registration, self._id_of_page(), grant_id=grant_id, now=utc_now()
        )
        await self._after(words.DONE[done] if done is not None else "")
        return None

    @event(Audience.ADMINISTRATOR)
    async def refuse(self, fields: dict[str, Any]) -> None:
        """Refuse with the reason typed, once: the window closes with it."""
        if self.dialog != "refuse":
            return
        self.typed_reason = str(fields.get("reason", ""))
        done = await self._perform(
            refuse_registration, self._id_of_page(), reason=self.typed_reason, now=utc_now()
        )
        if done is None and self.field_errors:
            return
        self.dialog = ""
        await self._after(words.REFUSED if done else "")

    async def _after(self, notice: str) -> None:
        failure = self.error
        await self._read()
        self.error = failure
        if notice:
            self.notice, self.typed_reason = notice, ""

    async def _read(self) -> None:
        found = await self._perform(read_registration, self._id_of_page(), now=utc_now())
        if found is None:
            return
        row = found.row
        self.line, self.registration_id = queue_line(row), str(row.id)
        self.identity, self.directory = _identity(found), _directory(found)
        self.checks = _checks(found)
        self.places = [words.place(place) for place in found.places]
        self.has_scan = found.checks.has_scan
        self._grant_id = str(row.first.grant_id) if row.first else ""
        self.first_line = words.first_line(name_label(row.first), row.first.at) if row.first else ""
        self.decided_line = words.decided_line(row.state, row.decided_at, found.reason)
        self.step = row.step.value
        self.approve_label, self.explanation = words.STEPS[row.step]
        self.page_status = "ready"


def _identity(found: RegistrationView) -> list[Check]:
    row = found.row
    lines = [
        ("Civilité, prénom et nom", name_label(row)),
        ("Profession", PROFESSIONS[row.profession] if row.profession else ""),
        ("Fonction", words.OCCUPATIONS[row.occupation] if row.occupation else ""),
        ("Spécialité", found.speciality),
        ("N° RPPS", rpps_label(row.rpps) if row.rpps else ""),
        ("Intitulé du compte", row.shared_title),
        ("E-mail", row.email),
        ("Source de l’identité", words.SOURCES.get(row.source or IdentitySource.MANUAL, "")),
        ("Demande envoyée le", moment(row.submitted_at)),
    ]
    return [Check(label, value, "") for label, value in lines if value]


def _directory(found: RegistrationView) -> list[Check]:
    entry = found.directory
    if entry is None:
        return []
    lines = [
        ("Nom", f"{entry.civility} {entry.given_name} {entry.family_name}".strip()),
        ("Profession", entry.profession),
        ("Savoir-faire", entry.speciality),
        ("Exerce à", "\u202f; ".join(entry.places)),
    ]
    return [Check(label, value, "") for label, value in lines if value]


def _checks(found: RegistrationView) -> list[Check]:
    checks = found.checks
    rows: list[tuple[str, str, bool | None]] = [
        ("Pro Santé Connect", words.certified(found.certified_at), found.certified_at is not None)
        if found.certified_at
        else ("", "", None),
        ("Clé du numéro RPPS", words.KEY[checks.rpps_key], checks.rpps_key),
        ("Annuaire national", words.IN_DIRECTORY[checks.in_directory], checks.in_directory),
        ("Noms et annuaire", words.SAME_NAMES[checks.names_match], checks.names_match),
        ("RPPS déjà utilisé", words.RPPS_FREE[checks.rpps_free], checks.rpps_free),
        ("E-mail", words.PROVED[checks.email_proved], checks.email_proved),
        *(
            (f"Téléphone {phone(number)}", words.PHONE_PROVED[proved], proved or None)
            for number, proved in checks.phones
        ),
        (
            "Contrat",
            words.contract(
                checks.contract_mode,
                checks.contract_version,
                checks.contract_at,
                checks.contract_name,
            )
            if found.row.kind is RegistrationKind.PROFESSIONAL
            else "",
            checks.contract_at is not None,
        ),
        (
            "Conditions générales",
            f"Acceptées le {moment(checks.terms_at)}" if checks.terms_at else "Non acceptées",
            checks.terms_at is not None,
        ),
    ]
    return [Check(label, value, shared.yes_no(outcome)) for label, value, outcome in rows if value]
