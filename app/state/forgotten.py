"""Forgotten password and « identifiant » (U-07, MM-34): what the last post left to say."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from app import cookies
from app.db import reading
from app.i18n.messages import sentence
from app.services import sign_in
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.worker import to_reader


class ForgottenState(AppState):
    """The same words whoever asks (S070)."""

    is_sent: bool = False
    email_error: str = ""
    is_link_gone: bool = False
    link_error: str = ""

    @event(Audience.PUBLIC, passive=True)
    async def load_forgotten(self) -> None:
        """Show the form, or that the message left if there is an account."""
        follows = (parse_qs(urlsplit(str(self.router.url)).query).get("suite") or [""])[0]
        self.is_sent = follows == "envoye"
        self.email_error = sentence("reset.email_missing") if follows == "vide" else ""
        self.page_status = "ready"

    @event(Audience.PUBLIC, passive=True)
    async def load_new_password(self) -> None:
        """Show the fields, with what is wrong with the last password typed."""
        token = cookies.read(self.router.headers.cookie or "", cookies.ATTEMPT)
        error, faults = await to_reader(_read, token, utc_now())
        self.field_errors = {name: sentence(code) for name, code in faults.items()}
        self.is_link_gone = error == "reset.gone"
        is_busy = bool(error) and error.startswith("sign_in.busy")
        self.link_error = sentence(error) if self.is_link_gone or is_busy else ""
        self.page_status = "ready"


def _read(token: str, now: datetime) -> tuple[str, dict[str, str]]:
    with reading() as session:
        attempt = sign_in.access_attempt(session, token, now=now)
        return (attempt.error, dict(attempt.faults)) if attempt else ("", {})
