"""How a file is named and announced to a browser (S098, S099, RFC 6266)."""

import unicodedata
from urllib.parse import quote

from app.models.document import FileFormat

# Text may be in any of three encodings: a browser is not told one it would believe.
MEDIA = {
    FileFormat.PDF: "application/pdf",
    FileFormat.JPG: "image/jpeg",
    FileFormat.TIF: "image/tiff",
    FileFormat.RTF: "application/rtf",
    FileFormat.TXT: "application/octet-stream",
    FileFormat.OTHER: "application/octet-stream",
}
# What no system takes in a file name, or takes for a folder.
_NEVER = dict.fromkeys(map(ord, '\\/:*?"<>|'), "_")
# Extension and « (12) » included, a name fits where names have 255 bytes.
_MOST_BYTES = 230
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def file_name(title: str, extension: str) -> str:
    """A title as the name of a file: one line, no folder, no hidden or direction character, not too long."""
    shown = "".join(" " if c.isspace() else c for c in title)
    kept = "".join(c for c in shown if unicodedata.category(c) not in _HIDDEN)
    tidied = " ".join(unicodedata.normalize("NFC", kept).translate(_NEVER).split())
    short = tidied.encode()[:_MOST_BYTES].decode(errors="ignore").strip(". ")
    return f"{short or 'document'}.{extension}" if extension else short or "document"


def attachment(name: str) -> str:
    """The Content-Disposition of a file to save: plain letters for old programs, then the name itself."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(c if c.isalnum() or c in " ._-()" else "_" for c in folded)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
