"""Headers of a health mail: from whom, to whom, whether a person wrote it (FB-04, FB-13, S113)."""

import re
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import Message
from typing import Any

from app.integrations.health_mail_text import readable_line

MAX_RECIPIENTS = 50
MAX_SUBJECT = 255
MAX_REFERENCES = 50
_MAX_ADDRESS = 254
TECHNICAL = re.compile(r"^XDM/1\.0/DDM\+?\s*", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:(?:re|tr|fw|fwd|réf)\s*:\s*)+", re.IGNORECASE)
_FIN = re.compile(r"^\[\s*FIN\s*\]", re.IGNORECASE)
MAIL_ID = re.compile(r"<[^<>\s\x00-\x1f]{1,250}>")
_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "Bcc")
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_UNPROVEN = re.compile(r"\b(?:dmarc|dkim|spf)\s*=\s*(?:fail|softfail|permerror)\b", re.IGNORECASE)


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


def sender_of(message: Message) -> tuple[str, str]:
    """Exactly one From with exactly one address (S113); a name that shows another address is dropped."""
    fields = _addresses(message, "From")
    if len(fields) != 1 or len(fields[0]) != 1:
        return "", ""
    address = _plain(fields[0][0])
    other = _addresses(message, "Sender")
    if other and _domains(other) != {address.rpartition("@")[2]}:
        return "", ""
    name = readable_line(fields[0][0].display_name)[:MAX_SUBJECT]
    return address, "" if "@" in name else name


def _domains(fields: list[tuple[Address, ...]]) -> set[str]:
    return {_plain(address).rpartition("@")[2] for found in fields for address in found}


def address_of(message: Message, name: str) -> str:
    """The one address of a field, '' where it is not exactly one."""
    fields = _addresses(message, name)
    return _plain(fields[0][0]) if len(fields) == 1 and len(fields[0]) == 1 else ""


def notify_to_of(message: Message) -> str:
    """Where a read receipt may go; nowhere when it asks for what we do not know how to do (RFC 8098, 2.2)."""
    options = str(message.get("Disposition-Notification-Options", ""))
    is_understood = "required" not in options.lower()
    return address_of(message, "Disposition-Notification-To") if is_understood else ""


def recipients_of(message: Message) -> Iterator[str]:
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


def mail_id_of(message: Message) -> str:
    """The identifier the sender gave it, '' without one that may be written again."""
    found = MAIL_ID.search(readable_line(str(message.get("Message-ID", ""))))
    return found[0] if found else ""


def references_of(message: Message) -> tuple[str, ...]:
    """What it answers, the nearest first."""
    nearest = MAIL_ID.findall(str(message.get("In-Reply-To", "")))
    chain = MAIL_ID.findall(str(message.get("References", "")))
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:MAX_REFERENCES]


def is_unproven(message: Message) -> bool:
    """What our own server, whose verdict stands first, could not prove of the sender."""
    verdicts = message.get_all("Authentication-Results", [])
    if verdicts and _UNPROVEN.search(str(verdicts[0])):
        return True
    path = MAIL_ID.search(str(message.get("Return-Path", "")))
    domain = sender_of(message)[0].rpartition("@")[2]
    return path is not None and path[0][1:-1].lower().rpartition("@")[2] != domain


def is_fin(message: Message, subject: str) -> bool:
    """The header, or the subject (FB-04)."""
    told = [readable_line(str(value)).upper() for value in message.get_all("X-MSS-MES", [])]
    return "FIN" in told or bool(_FIN.match(_ANSWER.sub("", TECHNICAL.sub("", subject))))


def is_automatic(message: Message) -> bool:
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
