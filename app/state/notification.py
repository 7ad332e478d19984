"""Mails that tell of messages: where they go, and how often (CX-43 to CX-45, ME-166)."""

from app.i18n.notification import SAVED, next_digest
from app.models.message import Priority
from app.services.notification import Notifications, choose_rhythm, read_notifications
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now


class NotificationState(AppState):
    """The rhythm of each priority, and the next mail of each."""

    is_loaded: bool = False
    address: str = ""
    information: str = ""
    contact_per_day: str = ""
    next_contact: str = ""
    next_information: str = ""

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show what one is told today."""
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._look_up(read_notifications, now=utc_now())
        if found is not None:
            self._show(found)

    @event(Audience.PROFESSIONAL)
    async def save(self, form: dict[str, str]) -> None:
        """« Enregistrer »: both rhythms at once."""
        found = await self._perform(choose_rhythm, form, now=utc_now())
        if found is not None:
            self._show(found)
            self.notice = SAVED

    def _show(self, found: Notifications) -> None:
        now = utc_now()
        turns = {turn.priority: next_digest(turn, now) for turn in found.digests}
        self.address = found.address
        self.information = found.rhythm.information.value
        self.contact_per_day = str(found.rhythm.contact_per_day)
        self.next_contact = turns.get(Priority.CONTACT, "")
        self.next_information = turns.get(Priority.INFORMATION, "")
        self.is_loaded, self.page_status = True, "ready"
