"""One raw health mail, read into typed values (FB-04, FB-13, S110 to S113).

Nothing here connects or answers. Whatever a sender wrote, the outcome is a `Mail` or a `MailRefused` with its
reason: nothing else is raised.
"""

import mimetypes
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import AddressHeader, HeaderRegistry
from email.message import EmailMessage, Message
from email.parser import BytesParser
from enum import StrEnum

from app.crypto import content_digest
from app.errors import AppError
from app.integrations.file_check import readable_name
from app.integrations.health_mail_header import (
    MAX_RECIPIENTS,
    MAX_SUBJECT,
    TECHNICAL,
    address_of,
    is_automatic,
    is_fin,
    is_unproven,
    mail_id_of,
    notify_to_of,
    recipients_of,
    references_of,
    sender_of,
)
from app.integrations.health_mail_report import DELIVERY, failure_of, report_of, reported_ids
from app.integrations.health_mail_text import (
    is_readable_html,
    readable,
    readable_line,
    text_of_html,
)

MAX_BYTES = 25 * 1024 * 1024
# What 25 Mo of attachments weigh on the way, in base64 with ends of lines.
MAX_RAW = MAX_BYTES * 7 // 5
MAX_ATTACHMENTS = 50
_MAX_PARTS = 200
_MAX_DEPTH = 20
_MAX_HEADERS = 128 * 1024
_HEADERS = HeaderRegistry()
# The type of its own mixins is not known to be one of headers.
_HEADERS.map_to_type("Disposition-Notification-To", AddressHeader)  # type: ignore[arg-type]
_POLICY = policy.default.clone(raise_on_defect=False, max_line_length=None, header_factory=_HEADERS)


class Refusal(StrEnum):
    """Why a mail cannot be filed by itself."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    SENDER_AMBIGUOUS = "sender_ambiguous"
    SENDER_UNPROVEN = "sender_unproven"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_RECIPIENTS = "too_many_recipients"


class MailRefused(Exception):
    """A mail that is not taken further; what could be read of its envelope goes with it."""

    def __init__(self, reason: Refusal, envelope: "Envelope") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.envelope = envelope


@dataclass(frozen=True)
class Envelope:
    """What says whose mail it is. `sender` is '' where it is not exactly one address."""

    mail_id: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attached:
    """One file of a mail, as received."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail. `subject` without its technical prefix (FB-13), `text` without any markup.

    `notify_to`: who asks to be told that it was read; `failure`: why the mail it reports of did not arrive.
    """

    envelope: Envelope
    sender_name: str
    reply_to: str
    notify_to: str
    subject: str
    text: str
    attachments: tuple[Attached, ...]
    references: tuple[str, ...]
    is_fin: bool
    is_automatic: bool
    is_report: bool
    reported_ids: tuple[str, ...]
    failure: str
    digest: bytes


@dataclass
class _Found:
    """What the parts of a mail gave so far."""

    texts: list[tuple[bool, str]] = field(default_factory=list)
    attachments: list[Attached] = field(default_factory=list)
    size: int = 0
    parts: int = 0


def parse_mail(raw: bytes) -> Mail:
    """Read one mail as it came. Raises MailRefused."""
    if len(raw) > MAX_RAW:
        raise MailRefused(Refusal.TOO_LARGE, read_envelope(raw))
    if raw.lower().count(b"boundary=") > _MAX_PARTS:
        raise MailRefused(Refusal.TOO_MANY_PARTS, read_envelope(raw))
    envelope = read_envelope(raw)
    try:
        return _mail(BytesParser(EmailMessage, policy=_POLICY).parsebytes(raw), envelope)
    except MailRefused:
        raise
    except Exception:  # noqa: BLE001 - the standard parser fails in many ways on what is no mail
        raise MailRefused(Refusal.MALFORMED, envelope) from None


def read_envelope(raw: bytes) -> Envelope:
    """Sender, recipients and identifier of a mail, from its headers alone; empty where unreadable."""
    try:
        head = _headers(raw)
        return Envelope(mail_id_of(head), sender_of(head)[0], tuple(recipients_of(head)))
    except Exception:  # noqa: BLE001 - the standard parser fails in many ways on what is no mail
        return Envelope()


def _headers(raw: bytes) -> EmailMessage:
    parsed = BytesParser(EmailMessage, policy=_POLICY).parsebytes(
        raw[:_MAX_HEADERS], headersonly=True
    )
    assert isinstance(parsed, EmailMessage)
    return parsed


def _mail(message: EmailMessage, envelope: Envelope) -> Mail:
    sender, name = sender_of(message)
    report = report_of(message)
    # Of what did not arrive, servers tell without an address, and change nothing but what they name.
    is_failure = report == DELIVERY
    if not sender and not is_failure:
        raise MailRefused(Refusal.SENDER_AMBIGUOUS, envelope)
    if is_unproven(message) and not is_failure:
        raise MailRefused(Refusal.SENDER_UNPROVEN, envelope)
    if len(envelope.recipients) > MAX_RECIPIENTS:
        raise MailRefused(Refusal.TOO_MANY_RECIPIENTS, envelope)
    found = _Found()
    _read_part(message, found, envelope, depth=0)
    subject = readable_line(str(message.get("Subject", "")))
    text = "\n\n".join(text for _, text in found.texts if text.strip()).strip("\n")
    is_robot = bool(report) or is_automatic(message)
    return Mail(
        envelope=envelope,
        sender_name=name,
        reply_to=address_of(message, "Reply-To"),
        notify_to="" if is_robot else notify_to_of(message),
        subject=TECHNICAL.sub("", subject)[:MAX_SUBJECT].strip(),
        text=text,
        attachments=tuple(found.attachments),
        references=references_of(message),
        is_fin=is_fin(message, subject),
        is_automatic=is_robot,
        is_report=bool(report),
        reported_ids=reported_ids(message) if is_failure else (),
        failure=failure_of(message) if is_failure else "",
        digest=_digest(subject, text, found.attachments),
    )


def _read_part(part: Message, found: _Found, envelope: Envelope, *, depth: int) -> None:
    found.parts += 1
    if found.parts > _MAX_PARTS or depth > _MAX_DEPTH:
        raise MailRefused(Refusal.TOO_MANY_PARTS, envelope)
    children = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(children, list):
        before = len(found.texts)
        for child in children:
            assert isinstance(child, Message)
            _read_part(child, found, envelope, depth=depth + 1)
        if part.get_content_subtype() == "alternative":
            found.texts[before:] = _preferred(found.texts[before:])
        return
    content = _content(part)
    found.size += len(content)
    if found.size > MAX_BYTES:
        raise MailRefused(Refusal.TOO_LARGE, envelope)
    kind = part.get_content_type()
    if kind in {"text/plain", "text/html"} and not _is_file(part, content):
        text = _decoded(content, part.get_content_charset())
        is_html = kind == "text/html"
        found.texts.append((is_html, text_of_html(text) if is_html else readable(text)))
        return
    if len(found.attachments) >= MAX_ATTACHMENTS:
        raise MailRefused(Refusal.TOO_MANY_PARTS, envelope)
    found.attachments.append(Attached(_name(part, len(found.attachments) + 1), content))


def _preferred(texts: list[tuple[bool, str]]) -> list[tuple[bool, str]]:
    """Of several ways to say the same: the plain one, unless it says nothing."""
    plain = [each for each in texts if not each[0] and each[1].strip()]
    return plain or [each for each in texts if each[0]]


def _is_file(part: Message, content: bytes) -> bool:
    return (
        part.get_content_disposition() == "attachment"
        or bool(part.get_filename())
        or (part.get_content_subtype() == "html" and not is_readable_html(content))
    )


def _content(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"\n".join(bytes(each) for each in inner if isinstance(each, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(content: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("windows-1252", errors="replace")


def _name(part: Message, number: int) -> str:
    """As given and made readable (S098), else a number."""
    try:
        return readable_name(readable_line(part.get_filename() or ""))
    except AppError:
        return f"document-{number}{mimetypes.guess_extension(part.get_content_type()) or '.bin'}"


def _digest(subject: str, text: str, attachments: list[Attached]) -> bytes:
    """The same for the same mail delivered again by another way."""
    parts = [subject.encode(errors="replace"), text.encode(errors="replace")]
    for each in attachments:
        parts += [each.name.encode(errors="replace"), each.content]
    return content_digest(b"".join(content_digest(part) for part in parts))
