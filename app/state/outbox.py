"""The mails and SMS of the demonstration; nothing of the kind exists outside it."""

import re
from dataclasses import dataclass

from app.i18n.demonstration import CHANNELS
from app.i18n.format import moment
from app.models.outbox import Channel
from app.services.outbox import Listed, list_demonstration
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now

SHOWN = 30
_CODE = re.compile(r"\b\d{6}\b")


@dataclass(frozen=True)
class MessageView:
    """One message, and the single-use code found in it."""

    id: str
    channel: str
    recipient: str
    subject: str
    text: str
    sent: str
    code: str


class DemoOutboxState(AppState):
    """The messages, newest first."""

    is_loaded: bool = False
    messages: list[MessageView] = []

    @event(Audience.PUBLIC, passive=True)
    async def load(self) -> None:
        """Show the newest messages."""
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._look_up(list_demonstration, limit=SHOWN, now=utc_now())
        if found is None:
            self.is_loaded = False
            return
        self.messages = [_view(message) for message in found]
        self.is_loaded, self.page_status = True, "ready"


def _view(message: Listed) -> MessageView:
    code = _CODE.search(message.text)
    return MessageView(
        id=str(message.id),
        channel=CHANNELS[Channel(message.channel)],
        recipient=message.to,
        subject=message.subject,
        text=message.text,
        sent=moment(message.sent_at),
        code=code[0] if code else "",
    )
