"""Health mail on the administrators' page: the connection, the quarantine, what did not leave (S067)."""

from dataclasses import dataclass

from app.i18n import health_mail as words
from app.i18n.format import file_size, moment
from app.services.health_mail_admin import (
    PAGE_SIZE,
    FailedDelivery,
    QuarantinedMail,
    ask_again,
    discard_mail,
    read_health_mail,
)
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.installation import Figure
from app.state.paging import Paging, paging

PATH = "/admin/messagerie-de-sante"


@dataclass(frozen=True)
class MailLine:
    """One mail of the quarantine: its envelope and the reason, never its subject nor its text."""

    id: str
    sender: str
    recipient: str
    received: str
    reason: str
    size: str
    may_retry: bool
    is_asked: bool


@dataclass(frozen=True)
class FailureLine:
    """One answer that was not handed over."""

    id: str
    receiver: str
    written: str
    failed: str
    reason: str


class HealthMailState(AppState):
    """What waits for an administrator, and the mail somebody is about to discard."""

    is_loaded: bool = False
    connection: list[Figure] = []
    trouble: str = ""
    is_off: bool = True
    mails: list[MailLine] = []
    failures: list[FailureLine] = []
    paging: Paging = Paging()
    discarding: str = ""
    discarding_sender: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the page of the address."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.discarding = ""
        self._watch_topics(("health_mail",), HealthMailState.refresh)
        await self._read()

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """A mail came, or left the quarantine."""
        if path_of(self.router.url) == PATH:
            await self._read()

    @event(Audience.ADMINISTRATOR)
    async def retry(self, receipt_id: str) -> None:
        """« Réessayer »."""
        if await self._perform(ask_again, parse_id(receipt_id), now=utc_now()) is not None:
            self.notice = words.ASKED
        await self._read_again()

    @event(Audience.ADMINISTRATOR)
    def ask_discard(self, receipt_id: str) -> None:
        """Whether to give a mail up."""
        found = next((each for each in self.mails if each.id == str(receipt_id)), None)
        if found is not None:
            self.discarding, self.discarding_sender = found.id, found.sender

    @event(Audience.ADMINISTRATOR)
    def keep(self) -> None:
        """Close the window."""
        self.discarding = ""

    @event(Audience.ADMINISTRATOR)
    async def discard(self) -> None:
        """« Écarter »."""
        wanted, self.discarding = parse_id(self.discarding), ""
        if await self._perform(discard_mail, wanted, now=utc_now()) is not None:
            self.notice = words.DISCARDED
        await self._read_again()

    async def _read_again(self) -> None:
        failure = self.error
        await self._read()
        self.error = failure

    async def _read(self) -> None:
        page = number_in(query_of(self.router.url), "page", most=99_999)
        found = await self._look_up(read_health_mail, page=page, now=utc_now())
        if found is None:
            return
        self.is_off = not (found.comes_in or found.goes_out)
        self.connection = [Figure(*line) for line in words.connection(found)]
        self.trouble = words.trouble(found)
        self.mails = [_mail_line(mail) for mail in found.mails]
        self.failures = [_failure_line(failure) for failure in found.failures]
        self.paging = paging(
            "Messages",
            lambda number: address(PATH, page=number),
            page=found.page,
            pages=found.pages,
            size=PAGE_SIZE,
            shown=len(found.mails),
            total=found.total,
        )
        self.is_loaded, self.page_status = True, "ready"


def _mail_line(mail: QuarantinedMail) -> MailLine:
    return MailLine(
        id=str(mail.id),
        sender=mail.sender or words.NOBODY,
        recipient=mail.recipient or words.NOBODY,
        received=moment(mail.received_at),
        reason=words.REASONS[mail.reason],
        size=file_size(mail.byte_size),
        may_retry=mail.may_retry,
        is_asked=mail.is_asked,
    )


def _failure_line(failure: FailedDelivery) -> FailureLine:
    return FailureLine(
        id=str(failure.id),
        receiver=failure.to,
        written=moment(failure.created_at),
        failed=moment(failure.failed_at),
        reason=words.MESSAGES.get(failure.error, words.MESSAGES["health_mail.fault"]),
    )
