"""What becomes of a file somebody sends: judged and cleaned in a process of its own (S090 to S097)."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.errors import AppError, RuleViolation, Unavailable
from app.integrations.file_process import Failed, nursery
from app.models.document import FileFormat
from app.sandbox import protocol

MAX_BYTES = 5 * 1024 * 1024
MAX_NAME = 255
SECONDS = 10.0
_EXTENSIONS = {
    "jpg": "jpg",
    "jpeg": "jpg",
    "pdf": "pdf",
    "png": "png",
    "txt": "txt",
    "rtf": "rtf",
    "tif": "tif",
    "tiff": "tif",
}
_FIRST_BYTES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"{\\rtf", "rtf"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"II+\x00", "tif"),
    (b"MM\x00+", "tif"),
    (b"PK\x03\x04", "archive"),
    (b"GIF8", "gif"),
    (b"\xd0\xcf\x11\xe0", "office"),
)
# White space and the mark of UTF-8, which some programs put before the first line of a PDF.
_BEFORE_PDF = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True)
class PagePicture:
    """A page as a JPEG."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class CheckedFile:
    """What to store of a file, and what was taken out of it, by code."""

    format: FileFormat
    content: bytes
    page_count: int
    text: str
    removed: tuple[str, ...]
    first_page: PagePicture | None
    was_converted: bool


def readable_name(name: str) -> str:
    """The name as given, kept as text: no folder, no control or direction character (S098)."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    tidied = " ".join(unicodedata.normalize("NFC", kept).split())
    if not tidied.strip(".") or len(tidied) > MAX_NAME:
        raise RuleViolation("file.name")
    return tidied


def kind_of_name(name: str) -> str:
    """What the end of the name announces. Raises for anything but the six formats (ME-093)."""
    _, dot, extension = readable_name(name).rpartition(".")
    if not dot or extension.lower() not in _EXTENSIONS:
        raise RuleViolation("file.kind")
    return _EXTENSIONS[extension.lower()]


def require_size(size: int) -> None:
    """Between one byte and 5 Mo (S090)."""
    if size > MAX_BYTES:
        raise RuleViolation("file.too_large", megabytes=_megabytes(size))
    if size < 1:
        raise RuleViolation("file.empty")


def check_file(content: bytes, name: str) -> CheckedFile:
    """One file, in a process of its own."""
    with start_check() as checker:
        return checker.check(content, name)


def render_page(
    content: bytes, kind: FileFormat, page: int, *, width: int = protocol.MAX_PICTURE_WIDTH
) -> PagePicture:
    """A page of a stored file, counted from 1, at most `width` pixels wide."""
    with start_check() as checker:
        return checker.show(content, kind, page, width=width)


def get_ready() -> None:
    """Let decoders load while the body of a first request is still on its way."""
    nursery.get_ready()


@contextmanager
def start_check(*, seconds: float = SECONDS) -> Iterator["Checker"]:
    """A process for one file, which ends with the block."""
    checker = Checker(seconds)
    try:
        yield checker
    finally:
        checker.process.end()


class Checker:
    """One process, for one file. Its silence, its death and its nonsense are refusals (S092)."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        try:
            self.process = nursery.bear()
        except Failed:
            raise _no_answer() from None

    def check(self, content: bytes, name: str) -> CheckedFile:
        """Raises RuleViolation for a file that is refused, Unavailable where it could not be judged."""
        kind = kind_of_name(name)
        require_size(len(content))
        _require_first_bytes(content, kind)
        job = {"act": "check", "kind": kind, "width": protocol.MAX_PICTURE_WIDTH}
        head, parts = self._ask(job, content)
        try:
            return _checked(content, kind, head, parts)
        except (KeyError, TypeError, ValueError, IndexError):
            raise _no_answer() from None

    def show(self, content: bytes, kind: FileFormat, page: int, *, width: int) -> PagePicture:
        width = max(1, min(width, protocol.MAX_PICTURE_WIDTH))
        job = {"act": "show", "kind": kind.value, "page": page, "width": width}
        head, parts = self._ask(job, content)
        try:
            return _picture(head, parts[0])
        except (KeyError, TypeError, ValueError, IndexError):
            raise _no_answer() from None

    def _ask(self, job: dict[str, Any], content: bytes) -> protocol.Message:
        try:
            head, parts = self.process.ask(job, content, seconds=self._seconds)
        except Failed:
            raise _no_answer() from None
        refused = head.get("refused")
        if isinstance(refused, str) and refused in _REFUSALS:
            raise RuleViolation(refused)
        if refused is not None:
            raise _no_answer()
        return head, parts


_REFUSALS = frozenset(
    {
        "file.damaged",
        "file.password",
        "file.no_page",
        "file.signed_active",
        "file.too_many_pixels",
        "file.too_many_pages",
        "file.rtf_object",
        "file.text_encoding",
        "file.converted_too_large",
    }
)


def _no_answer() -> AppError:
    return Unavailable("file.check_failed")


def _require_first_bytes(content: bytes, kind: str) -> None:
    start = content[:64]
    if kind == "pdf":
        start = start.lstrip(_BEFORE_PDF)
    found = next((found for first, found in _FIRST_BYTES if start.startswith(first)), "")
    if found != kind and (found or kind != "txt"):
        raise RuleViolation("file.mismatch")


def _checked(sent: bytes, kind: str, head: dict[str, Any], parts: list[bytes]) -> CheckedFile:
    content, text = parts[0], parts[1]
    return CheckedFile(
        format=FileFormat.JPG if kind == "png" else FileFormat(kind),
        content=sent if head["is_same"] is True else content,
        page_count=int(head["pages"]),
        text=text.decode("utf-8")[: protocol.MAX_TEXT],
        removed=tuple(code for code in map(str, head["removed"]) if code in REMOVED),
        first_page=_picture(head, parts[2]) if len(parts) > 2 else None,  # noqa: PLR2004
        was_converted=kind == "png",
    )


def _picture(head: dict[str, Any], content: bytes) -> PagePicture:
    return PagePicture(content, int(head["width"]), int(head["height"]))


REMOVED = frozenset(
    "javascript attachments launch submit import remote media xfa repaired metadata".split()
)


def _megabytes(size: int) -> str:
    """`7`, `5,1`: rounded up, so that nothing too large looks allowed."""
    tenths = -(-size * 10 // (1024 * 1024))
    return f"{tenths // 10},{tenths % 10}".removesuffix(",0")
