"""Reports about an earlier mail: which one, and why it did not arrive (RFC 3462 to 3464, FB-07)."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser

from app.integrations.health_mail_header import MAIL_ID, MAX_REFERENCES, references_of

DELIVERY = "delivery-status"
TOO_LARGE = "health_mail.too_large"
_REFUSED = "health_mail.rejected"
# The four cases a sender is told of (FB-07), and the full mailbox: what the receiving server says it by.
_BY_STATUS = {
    "1.0": "health_mail.address_refused",
    "1.1": "health_mail.mailbox_unknown",
    "1.2": "health_mail.address_refused",
    "1.3": "health_mail.address_refused",
    "1.6": "health_mail.mailbox_closed",
    "1.10": "health_mail.address_refused",
    "2.1": "health_mail.mailbox_closed",
    "2.2": "health_mail.mailbox_full",
    "2.3": TOO_LARGE,
    "3.4": TOO_LARGE,
}
_BY_ANSWER = {
    551: "health_mail.mailbox_unknown",
    552: TOO_LARGE,
    553: "health_mail.address_refused",
}
_RETURNED = frozenset({"message/rfc822", "message/rfc822-headers", "text/rfc822-headers"})
_MAX_HEADERS = 128 * 1024
_STATUS = re.compile(r"\b5\.(\d{1,3}\.\d{1,3})\b")


def report_of(message: Message) -> str:
    """The kind of a report about an earlier mail, '' for a mail of its own."""
    if message.get_content_type() != "multipart/report":
        return ""
    kind = message.get_param("report-type", "", header="content-type")
    return str(kind).lower() or "unknown"


def reported_ids(message: Message) -> tuple[str, ...]:
    """Which mails a report is about: what it returns, never what that quotes; else the one it answers."""
    ids = [found for part in _parts(message) for found in _returned_ids(part)]
    return tuple(dict.fromkeys(ids))[:MAX_REFERENCES] or references_of(message)[:1]


def failure_of(message: Message) -> str:
    """Why a mail did not arrive, by code; '' while it is only late, or when it did arrive."""
    told = [block for block in _blocks(message) if block.get("Action")]
    if not told:
        # Not said in the form machines read: such a report is only sent of what failed.
        return _REFUSED
    failed = [block for block in told if str(block["Action"]).strip().lower() == "failed"]
    if not failed:
        return ""
    return code_of(f"{failed[0].get('Status', '')} {failed[0].get('Diagnostic-Code', '')}")


def code_of(words: str, answer: int = 0) -> str:
    """Why a server refuses a mail for good, by code. `answer`: the number it answered with, if it did."""
    codes = [_BY_STATUS[found] for found in _STATUS.findall(words) if found in _BY_STATUS]
    return codes[0] if codes else _BY_ANSWER.get(answer, _REFUSED)


def _blocks(message: Message) -> Iterator[Message]:
    """One for the report itself, one for each receiver."""
    for part in _parts(message):
        inner = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(inner, list):
            yield from (block for block in inner if isinstance(block, Message))


def _parts(message: Message) -> Iterator[Message]:
    """Those of the report itself: a mail it returns may hold reports of its own."""
    inner = message.get_payload()
    if isinstance(inner, list):
        yield from (part for part in inner if isinstance(part, Message))


def _returned_ids(part: Message) -> list[str]:
    if part.get_content_type() not in _RETURNED:
        return []
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else inner
    head = (
        first if isinstance(first, Message) else HeaderParser().parsestr(str(first)[:_MAX_HEADERS])
    )
    return MAIL_ID.findall(str(head.get("Message-ID", "")))[:1]
