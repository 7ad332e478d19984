"""What comes in the mailbox while one is anywhere in the portal: the count, and a word about who wrote."""

from app.homes import MESSAGES_PAGE
from app.i18n.arrival import arrival_words
from app.services.mailbox_unread import read_waiting
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now


class ArrivalState(AppState):
    """Run by the watcher of open pages in every tab of a mailbox, whatever page it shows."""

    @event(Audience.SIGNED_IN, passive=True)
    async def count(self) -> None:
        """Read the number again; say who wrote, unless the conversation or the list is on the screen."""
        since = self._told_until or utc_now()
        found = await self._look_up(read_waiting, since=since)
        if found is None:
            return
        self.unread = found.unread
        self._told_until = since
        if found.arrival is None:
            return
        self._told_until = found.arrival.at
        href = f"{MESSAGES_PAGE}/{found.arrival.conversation_id}"
        if self.shown_path not in {MESSAGES_PAGE, href}:
            self.message_notice, self.message_href = arrival_words(found.arrival.author), href

    @event(Audience.SIGNED_IN)
    def close(self) -> None:
        """Close the notice."""
        self.message_notice = ""
