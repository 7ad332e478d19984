"""One raw health mail, read into typed values (FB-04, FB-13, S110 to S113).

Nothing here connects or answers. Whatever a sender wrote, the outcome is a `Mail` or a `MailRefused` with its
reason: nothing else is raised.
"""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesParser
from enum import StrEnum
from typing import Any

from app.crypto import content_digest
from app.errors import AppError
from app.integrations.file_check import readable_name
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
MAX_RECIPIENTS = 50
_MAX_PARTS = 200
_MAX_DEPTH = 20
_MAX_HEADERS = 128 * 1024
_MAX_SUBJECT = 255
_MAX_REFERENCES = 50
_MAX_ADDRESS = 254
_POLICY = policy.default.clone(raise_on_defect=False, max_line_length=None)
_TECHNICAL = re.compile(r"^XDM/1\.0/DDM\+?\s*", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:(?:re|tr|fw|fwd|réf)\s*:\s*)+", re.IGNORECASE)
_FIN = re.compile(r"^\[\s*FIN\s*\]", re.IGNORECASE)
_MAIL_ID = re.compile(r"<[^<>\s\x00-\x1f]{1,250}>")
_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "Bcc")
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_UNPROVEN = re.compile(r"\b(?:dmarc|dkim|spf)\s*=\s*(?:fail|softfail|permerror)\b", re.IGNORECASE)


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
    """One mail. `subject` without its technical prefix (FB-13), `text` without any markup."""

    envelope: Envelope
    sender_name: str
    reply_to: str
    subject: str
    text: str
    attachments: tuple[Attached, ...]
    references: tuple[str, ...]
    is_fin: bool
    is_automatic: bool
    is_report: bool
    reported_ids: tuple[str, ...]
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
        return Envelope(_mail_id(head), _sender(head)[0], tuple(_recipients(head)))
    except Exception:  # noqa: BLE001 - the standard parser fails in many ways on what is no mail
        return Envelope()


def _headers(raw: bytes) -> EmailMessage:
    parsed = BytesParser(EmailMessage, policy=_POLICY).parsebytes(
        raw[:_MAX_HEADERS], headersonly=True
    )
    assert isinstance(parsed, EmailMessage)
    return parsed


def _mail(message: EmailMessage, envelope: Envelope) -> Mail:
    sender, name = _sender(message)
    if not sender:
        raise MailRefused(Refusal.SENDER_AMBIGUOUS, envelope)
    if _is_unproven(message):
        raise MailRefused(Refusal.SENDER_UNPROVEN, envelope)
    if len(envelope.recipients) > MAX_RECIPIENTS:
        raise MailRefused(Refusal.TOO_MANY_RECIPIENTS, envelope)
    found = _Found()
    _read_part(message, found, envelope, depth=0)
    subject = readable_line(str(message.get("Subject", "")))
    text = "\n\n".join(text for _, text in found.texts if text.strip()).strip("\n")
    report = _report_of(message)
    return Mail(
        envelope=envelope,
        sender_name=name,
        reply_to=_one_address(message, "Reply-To"),
        subject=_TECHNICAL.sub("", subject)[:_MAX_SUBJECT].strip(),
        text=text,
        attachments=tuple(found.attachments),
        references=_references(message),
        is_fin=_is_fin(message, subject),
        is_automatic=bool(report) or _is_automatic(message),
        is_report=bool(report),
        reported_ids=_reported(message) if report == "delivery-status" else (),
        digest=_digest(subject, text, found.attachments),
    )


def _addresses(message: Message, name: str) -> list[tuple[Address, ...]]:
    """The addresses of each field of this name; none for a field that holds a fault or a group."""
    found: list[tuple[Address, ...]] = []
    for value in message.get_all(name, []):
        read: Any = value
        is_sound = not read.defects and all(group.display_name is None for group in read.groups)
        found.append(tuple(read.addresses) if is_sound else ())
    return found


def _plain(address: Address) -> str:
    """The full address in lower case, '' where it is none we could ever write to."""
    spec = address.addr_spec.lower()
    return spec if len(spec) <= _MAX_ADDRESS and _ADDRESS.fullmatch(spec) else ""


def _sender(message: Message) -> tuple[str, str]:
    """Exactly one From with exactly one address (S113); a name that shows another address is dropped."""
    fields = _addresses(message, "From")
    if len(fields) != 1 or len(fields[0]) != 1:
        return "", ""
    address = _plain(fields[0][0])
    other = _addresses(message, "Sender")
    if other and _domains(other) != {address.rpartition("@")[2]}:
        return "", ""
    name = readable_line(fields[0][0].display_name)[:_MAX_SUBJECT]
    return address, "" if "@" in name else name


def _domains(fields: list[tuple[Address, ...]]) -> set[str]:
    return {_plain(address).rpartition("@")[2] for found in fields for address in found}


def _one_address(message: Message, name: str) -> str:
    fields = _addresses(message, name)
    return _plain(fields[0][0]) if len(fields) == 1 and len(fields[0]) == 1 else ""


def _recipients(message: Message) -> Iterator[str]:
    """Every address the mail names as its receiver, once, in a stated order."""
    seen: set[str] = set()
    for name in _RECIPIENT_HEADERS:
        for value in message.get_all(name, []):
            text = readable_line(str(value)).lower()
            # Unlike the sender, a receiver may stand in a field with a fault beside it.
            for match in _ADDRESS.finditer(text):
                if match[0] not in seen and len(seen) <= MAX_RECIPIENTS:
                    seen.add(match[0])
                    yield match[0]


def _mail_id(message: Message) -> str:
    found = _MAIL_ID.search(readable_line(str(message.get("Message-ID", ""))))
    return found[0] if found else ""


def _references(message: Message) -> tuple[str, ...]:
    """What it answers, the nearest first."""
    nearest = _MAIL_ID.findall(str(message.get("In-Reply-To", "")))
    chain = _MAIL_ID.findall(str(message.get("References", "")))
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:_MAX_REFERENCES]


def _is_unproven(message: Message) -> bool:
    """What our own server, whose verdict stands first, could not prove of the sender."""
    verdicts = message.get_all("Authentication-Results", [])
    if verdicts and _UNPROVEN.search(str(verdicts[0])):
        return True
    path = _MAIL_ID.search(str(message.get("Return-Path", "")))
    domain = _sender(message)[0].rpartition("@")[2]
    return path is not None and path[0][1:-1].lower().rpartition("@")[2] != domain


def _is_fin(message: Message, subject: str) -> bool:
    """The header, or the subject (FB-04)."""
    told = [readable_line(str(value)).upper() for value in message.get_all("X-MSS-MES", [])]
    return "FIN" in told or bool(_FIN.match(_ANSWER.sub("", _TECHNICAL.sub("", subject))))


def _is_automatic(message: Message) -> bool:
    """No human wrote it: it is never answered (S113)."""
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    path = message.get("Return-Path")
    return (
        submitted != "no"
        or precedence in _AUTOMATIC_PRECEDENCE
        or (path is not None and str(path).strip() == "<>")
        or message.get("List-Id") is not None
    )


def _report_of(message: Message) -> str:
    """The kind of a report about an earlier mail, '' for a mail of its own."""
    if message.get_content_type() != "multipart/report":
        return ""
    kind = message.get_param("report-type", "", header="content-type")
    return str(kind).lower() or "unknown"


def _reported(message: Message) -> tuple[str, ...]:
    """Which mails a report is about."""
    ids = list(_references(message))
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else inner
            text = first.as_string() if isinstance(first, Message) else str(first)
            ids += _MAIL_ID.findall("\n".join(re.findall(r"(?im)^message-id:.*$", text)))
    return tuple(dict.fromkeys(ids))[:_MAX_REFERENCES]


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
