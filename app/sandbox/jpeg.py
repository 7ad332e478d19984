"""A JPEG without anything but the picture: its coded data stays as it is (S094)."""

import struct

from app.sandbox.icc import colours_only
from app.sandbox.refusal import Refused

_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START, _END, _START_OF_SCAN = 0xD8, 0xD9, 0xDA
_APP0, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_ICC = b"ICC_PROFILE\x00"
_ICC_ROOM = 65_519


def picture_only(content: bytes) -> bytes:
    """Every segment that draws, the colours of the profile, nothing after the end."""
    kept: list[bytes] = []
    profile: list[tuple[int, bytes]] = []
    for marker, segment in _segments(content):
        if marker == _APP2 and segment[4:16] == _ICC:
            profile.append((segment[16] if len(segment) > 17 else 0, segment[18:]))  # noqa: PLR2004
        elif marker == _APP0 and segment[4:9] == b"JFIF\x00":
            # Its small picture is left out.
            kept.append(b"\xff\xe0\x00\x10" + segment[4:16].ljust(12, b"\x00") + b"\x00\x00")
        elif marker == _APP14 and segment[4:9] == b"Adobe":
            # It says how the colours were coded.
            kept.append(b"\xff\xee\x00\x0e" + segment[4:16].ljust(12, b"\x00"))
        elif not (_APP0 <= marker <= _APP15 or marker == _COMMENT):
            kept.append(segment)
    colours = colours_only(b"".join(part for _, part in sorted(profile)))
    first = 2 if len(kept) > 1 and kept[1].startswith(b"\xff\xe0") else 1
    chunks = [colours[at : at + _ICC_ROOM] for at in range(0, len(colours), _ICC_ROOM)]
    for rank, chunk in enumerate(chunks):
        body = _ICC + bytes((rank + 1, len(chunks))) + chunk
        kept.insert(first + rank, b"\xff\xe2" + struct.pack(">H", len(body) + 2) + body)
    return b"".join(kept)


def _segments(content: bytes) -> list[tuple[int, bytes]]:
    """Marker and bytes of each part, coded data with the scan it belongs to. Ends with the first end."""
    found = [(_START, content[:2])]
    at = 2
    while at + 1 < len(content):
        if content[at] != 0xFF:  # noqa: PLR2004 - every marker begins with it
            at = _next_marker(content, at)
            continue
        marker = content[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        elif marker == _END:
            found.append((_END, b"\xff\xd9"))
            return found
        elif marker in _STANDALONE or marker == 0:
            at += 2
        else:
            end = at + 2 + _length(content, at + 2)
            if marker == _START_OF_SCAN:
                end = _next_marker(content, end)
            found.append((marker, content[at:end]))
            at = end
    raise Refused("file.damaged")


def _length(content: bytes, at: int) -> int:
    if at + 2 > len(content):
        raise Refused("file.damaged")
    return max(2, int.from_bytes(content[at : at + 2], "big"))


def _next_marker(content: bytes, at: int) -> int:
    """Where coded data ends: at the first marker that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise Refused("file.damaged")
        follows = content[at + 1]
        if follows == 0 or 0xD0 <= follows <= 0xD7:  # noqa: PLR2004 - restart markers
            at += 2
        elif follows == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        else:
            return at
