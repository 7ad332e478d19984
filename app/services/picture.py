"""Small pictures administrators send: read whole, kept without anything but the picture (S091, S094)."""

import struct
import zlib
from dataclasses import dataclass

from app.errors import Invalid

MAX_BYTES = 200_000
MAX_SIDE = 2_000
_PNG = b"\x89PNG\r\n\x1a\n"
# What draws the picture. Texts, dates, profiles and animations are left out.
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_DEPTHS = frozenset({1, 2, 4, 8, 16})
# Markers of a JPEG that stand alone, and those of its frames we take.
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_JPEG_LEFT_OUT = frozenset({*range(0xE1, 0xF0), 0xFE})
_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"


@dataclass(frozen=True)
class Picture:
    """A picture fit to be shown: its bytes, its type, its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def read_picture(content: bytes) -> Picture:
    """A PNG or JPEG, decoded as far as its kind allows. Raises Invalid(logo=…) for anything else."""
    if len(content) > MAX_BYTES:
        raise Invalid(logo="picture.too_large")
    try:
        if content.startswith(_PNG):
            return _read_png(content)
        if content.startswith(b"\xff\xd8\xff"):
            return _read_jpeg(content)
    except (struct.error, IndexError, zlib.error):
        raise Invalid(logo="picture.damaged") from None
    raise Invalid(logo="picture.kind")


def _read_png(content: bytes) -> Picture:
    kept, data, header, at = [_PNG], [], b"", len(_PNG)
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (checked,) = struct.unpack_from(">I", content, at + 8 + length)
        if len(body) != length or zlib.crc32(kind + body) != checked:
            raise Invalid(logo="picture.damaged")
        if not header and kind != b"IHDR":
            raise Invalid(logo="picture.damaged")
        header = header or body
        if kind == b"IDAT":
            data.append(body)
        if kind in _PNG_KEPT:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if kind == b"IEND":
            break
    else:
        raise Invalid(logo="picture.damaged")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", header)
    is_known = colour in _PNG_CHANNELS and depth in _PNG_DEPTHS and interlace in {0, 1}
    if not is_known or packing or filtering:
        raise Invalid(logo="picture.damaged")
    _require_size(width, height)
    row = 1 + (width * _PNG_CHANNELS[colour] * depth + 7) // 8
    # An interlaced picture has more rows, each with its own filter byte: never twice as much.
    expected = row * height if not interlace else 2 * (row + 8) * height
    unpacked = zlib.decompressobj().decompress(b"".join(data), expected + 1)
    if len(unpacked) > expected or (not interlace and len(unpacked) != expected):
        raise Invalid(logo="picture.damaged")
    return Picture(b"".join(kept), "image/png", width, height)


def _read_jpeg(content: bytes) -> Picture:
    kept, at, size = [content[:2]], 2, (0, 0)
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004 - every marker begins with it
            raise Invalid(logo="picture.damaged")
        marker = content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at : at + 2 + length]
        if len(segment) != length + 2 or length < 2:  # noqa: PLR2004 - the length counts itself
            raise Invalid(logo="picture.damaged")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            size = (width, height)
        if marker not in _JPEG_LEFT_OUT:
            kept.append(segment)
        at += 2 + length
        if marker == _START_OF_SCAN:
            break
    end = content.rfind(_END)
    if end < at or not all(size):
        raise Invalid(logo="picture.damaged")
    _require_size(*size)
    kept.append(content[at : end + 2])
    return Picture(b"".join(kept), "image/jpeg", *size)


def _require_size(width: int, height: int) -> None:
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise Invalid(logo="picture.too_many_pixels")
