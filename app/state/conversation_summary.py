"""« À savoir » of the patient a conversation is about, beside it on a very wide screen (section 8)."""

from app.services.summary import open_summary
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.message_thread_view import ThreadView
from app.state.summary import SummaryView, summary_view


class ConversationSummary(AppState, mixin=True):
    """The fourth pane, once it was opened: it stays from one conversation to the next."""

    thread: ThreadView = ThreadView()
    is_summary_open: bool = False
    summary: SummaryView = SummaryView()
    summary_of: str = ""

    @event(Audience.PROFESSIONAL)
    async def turn_summary(self) -> None:
        """Open or close the pane. What it shows is read, and noted, only while it is open."""
        self.is_summary_open = not self.is_summary_open
        self.summary_of = ""
        await self._read_summary()

    async def _read_summary(self) -> None:
        """Show the patient of the conversation on screen."""
        patient_id = self.thread.patient_id if self.is_summary_open else ""
        if patient_id == self.summary_of:
            return
        self.summary_of = ""
        if not patient_id:
            self.summary = SummaryView()
            return
        found = await self._perform(open_summary, parse_id(patient_id), now=utc_now())
        if found is not None:
            self.summary, self.summary_of = summary_view(found), patient_id
