"""Giving a factor again before an act that cannot be taken back (S054): what the page shows of it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from sqlmodel import Session

from app.authz.actor import Actor
from app.homes import HOME
from app.services import confirmation, form_reply
from app.services.second_factor import Way
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.factor import FactorView, factor_view, told

FORM = "confirmation"


@dataclass(frozen=True)
class _Seen:
    ways: tuple[Way, ...]
    present: Way | None
    sent_at: datetime | None
    is_late: bool
    error: str
    retry_at: datetime | None


class ConfirmationState(AppState):
    """The way chosen, and where one goes back to."""

    confirm_factor: FactorView = FactorView()
    confirm_error: str = ""
    back_to: str = ""

    @event(Audience.SIGNED_IN, passive=True, even_owing=True)
    async def load_confirmation(self) -> None:
        """Show the ways of the acting person's own account."""
        query = parse_qs(urlsplit(str(self.router.url)).query)
        wanted = (query.get("suite") or [""])[0][:500]
        is_ours = wanted.startswith("/") and not wanted.startswith("//")
        self.back_to = wanted if is_ours else HOME.get(self.viewer_role, "/")
        seen = await self._look_up(_read, now=utc_now())
        if seen is not None:
            self._show(seen)
            self.confirm_error = told(seen.error, seen.retry_at)
            self.page_status = "ready"

    @event(Audience.SIGNED_IN, passive=True, even_owing=True)
    async def look_late_confirmation(self) -> None:
        """Say that the message is late once it is."""
        seen = await self._look_up(_read, now=utc_now())
        if seen is not None and seen.is_late != self.confirm_factor.is_late:
            self._show(seen)

    def _show(self, seen: _Seen) -> None:
        self.confirm_factor = factor_view(
            seen.ways,
            seen.present,
            sent_at=seen.sent_at,
            is_late=seen.is_late,
            is_sent=seen.sent_at is not None,
        )


def _read(session: Session, actor: Actor, *, now: datetime) -> _Seen:
    left = form_reply.read_reply(session, actor, FORM, now=now)
    ways = confirmation.list_ways(session, actor)
    present = confirmation.present_way(session, actor, left.context.get("way", ""), now=now)
    retry_at = left.context.get("retry_at", "")
    return _Seen(
        ways=ways,
        present=present,
        sent_at=confirmation.last_sent_at(session, actor, present) if present else None,
        is_late=confirmation.is_code_late(session, actor, now=now),
        error=left.faults.get("", ""),
        retry_at=datetime.fromisoformat(retry_at) if retry_at else None,
    )
