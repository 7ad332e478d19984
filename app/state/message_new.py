"""A new message: to whom, about whom (ME-162 to ME-164, ME-170 to ME-172, CX-40). Its words are elsewhere."""

from dataclasses import dataclass

import reflex as rx

from app.i18n import message_composer as words
from app.i18n.entry import entry_label
from app.i18n.patient import patient_label
from app.services.mailbox import PartyKind, parse_party
from app.services.message_recipient import list_nameable
from app.services.message_recipient_search import Recipient, search_recipients
from app.services.message_start import About, describe_subject, find_subjects, start_message
from app.services.party import PartyCard
from app.state.address import address, query_of
from app.state.base import Audience, event, parse_id
from app.state.clock import today, utc_now
from app.state.form import Choice, new_key
from app.state.message_composer import INBOX, NEW, ComposerState

_MAX_QUERY = 80
_PREFILL = ("patient", "traitement", "entree", "pour")


@dataclass(frozen=True)
class RecipientView:
    """Somebody one may write to, or has chosen. `group`: words above the first of a group."""

    party: str
    label: str
    place: str = ""
    group: str = ""
    remove: str = ""


class NewMessageState(ComposerState):
    """The page « Nouveau message ». `patient_id`: the one it is about, else the one it is to, '' without.

    `trouble`: why there is no form, once the list beside it has been read too.
    """

    is_loaded: bool = False
    trouble: str = ""
    is_read_only: bool = False
    recipients: list[RecipientView] = []
    found: list[RecipientView] = []
    found_status: str = ""
    hint: str = ""
    about_id: str = ""
    about_name: str = ""
    patient_id: str = ""
    subjects: list[Choice] = []
    subjects_status: str = ""
    treatments: list[Choice] = []
    treatment_id: str = ""
    entry_id: str = ""
    entry_label: str = ""
    search_key: str = ""

    @event(Audience.MAILBOX)
    async def load_new(self) -> rx.event.EventSpec | None:
        """The draft of the address, or an empty message under a key of its own: a reload finds it again."""
        chosen = query_of(self.router.url)
        draft_id = parse_id(chosen.get("brouillon", ""))
        if str(draft_id) != chosen.get("brouillon", ""):
            # The form of the message before is not there while the next one gets its key.
            self.is_loaded = False
            kept = {name: chosen.get(name, "") for name in _PREFILL}
            return rx.redirect(address(NEW, brouillon=new_key(), **kept), replace=True)
        self.is_deleting, self.trouble = False, ""
        if self.draft_id != str(draft_id):
            self.is_loaded = False

        def key(name: str) -> object:
            return parse_id(chosen[name]) if chosen.get(name) else None

        start = await self._look_up(
            start_message,
            draft_id,
            patient_id=key("patient"),
            treatment_id=key("traitement"),
            entry_id=key("entree"),
            recipient=chosen.get("pour", "")[:_MAX_QUERY],
            now=utc_now(),
        )
        if start is None:
            self.trouble, self.is_loaded = self.error, False
            return None
        if start.sent_in is not None:
            return rx.redirect(f"{INBOX}/{start.sent_in}", replace=True)
        self.is_read_only = not start.may_write
        if self.is_read_only:
            self.trouble, self.is_loaded, self.page_status = words.READ_ONLY, False, "ready"
            return None
        self.conversation_id, self.reply_to_id = "", ""
        self.is_patient = start.is_patient
        self._show_draft(draft_id, start.draft, anew=True)
        self._show_recipients([_chosen(card) for card in start.recipients])
        self.found, self.found_status, self.search_key = [], "", new_key()
        self._show_about(start.about)
        self.treatment_id = str(start.treatment_id or "")
        self.refusal = words.NOBODY_YET if start.has_nobody else ""
        self.is_loaded, self.page_status = True, "ready"
        return None

    @event(Audience.MAILBOX)
    async def search(self, typed: str) -> None:
        """Find a recipient by the first letters of a name (ME-164)."""
        about = parse_id(self.about_id) if self.about_id else None
        found = await self._look_up(
            search_recipients, str(typed)[:_MAX_QUERY], about_patient_id=about, now=utc_now()
        )
        known = {each.party for each in self.recipients}
        rest = [each for each in found or [] if str(each.card.party) not in known]
        self.found = _lines(rest)
        self.found_status = words.found(len(rest)) if rest or typed else ""

    @event(Audience.MAILBOX)
    async def show_recipients(self) -> None:
        """Those at hand, before anything is typed (ME-162)."""
        await self.search("")

    @event(Audience.MAILBOX)
    def pick(self, party: str) -> None:
        """Choose somebody; a patient writes to one (ME-163)."""
        line = next((each for each in self.found if each.party == party), None)
        if line is None:
            return
        kept = [] if self.is_patient else [each for each in self.recipients if each.party != party]
        self._show_recipients([*kept, line])
        self.found, self.found_status, self.search_key = [], "", new_key()

    @event(Audience.MAILBOX)
    def unpick(self, party: str) -> None:
        """The cross of a chip."""
        self._show_recipients([each for each in self.recipients if each.party != party])

    @event(Audience.PROFESSIONAL)
    async def search_about(self, typed: str) -> None:
        """Find the patient a message is about."""
        found = await self._look_up(find_subjects, str(typed)[:_MAX_QUERY], now=utc_now())
        self.subjects = [Choice(str(each.id), patient_label(each, today())) for each in found or []]
        self.subjects_status = words.patients_found(len(self.subjects)) if typed else ""

    @event(Audience.PROFESSIONAL)
    async def pick_about(self, patient_id: str) -> None:
        """From now on only this patient's circle is proposed."""
        about = await self._look_up(describe_subject, parse_id(patient_id), now=utc_now())
        if about is not None:
            self._show_about(about)
            self.found, self.found_status, self.treatment_id = [], "", ""

    @event(Audience.PROFESSIONAL)
    def unpick_about(self) -> None:
        """About nobody in particular."""
        self._show_about(None)
        self.found, self.found_status, self.treatment_id = [], "", ""

    @event(Audience.MAILBOX, passive=True)
    async def refresh_named(self) -> None:
        """Something changed: whom one may not name any more leaves the form, what is typed stays (S062)."""
        parties = [parse_party(each.party) for each in self.recipients]
        known = await self._look_up(list_nameable, [party for party in parties if party])
        if known is not None:
            self._show_recipients(
                [each for each in self.recipients if parse_party(each.party) in known]
            )
        if not self.about_id:
            return
        about_id = parse_id(self.about_id)
        if await self._look_up(describe_subject, about_id, now=utc_now()) is None:
            self.unpick_about()

    @event(Audience.PROFESSIONAL)
    def drop_entry(self) -> None:
        """Speak of the patient, not of that entry."""
        self.entry_id, self.entry_label = "", ""

    def _show_recipients(self, recipients: list[RecipientView]) -> None:
        self.recipients = recipients
        self._name_patient()

    def _name_patient(self) -> None:
        """Whose documents can be attached: as the service that lists them chooses."""
        parties = [parse_party(each.party) for each in self.recipients]
        to = [str(each.id) for each in parties if each and each.kind is PartyKind.PATIENT]
        self.patient_id = self.about_id or next(iter(to), "")

    def _show_about(self, about: About | None) -> None:
        self.about_id = str(about.patient.id) if about else ""
        self.about_name = patient_label(about.patient, today()) if about else ""
        self.treatments = [Choice(str(c.id), c.label) for c in about.treatments] if about else []
        entry = about.entry if about else None
        self.entry_id = str(entry.id) if entry else ""
        self.entry_label = entry_label(entry.kind, entry.occurred_on) if entry else ""
        self.subjects, self.subjects_status = [], ""
        self.hint = words.hint(is_patient=self.is_patient, is_about=about is not None)
        self._name_patient()


def _chosen(card: PartyCard) -> RecipientView:
    label = words.party_label(card)
    return RecipientView(str(card.party), label, remove=words.remove(label))


def _lines(found: list[Recipient]) -> list[RecipientView]:
    """Results as the list shows them, the words of a group above its first."""
    lines, shown = [], ""
    for each in found:
        group = words.GROUPS[each.group]
        label = words.party_label(each.card)
        lines.append(
            RecipientView(
                str(each.card.party),
                label,
                place=words.place(each.card),
                group=group if group != shown else "",
                remove=words.remove(label),
            )
        )
        shown = group
    return lines
