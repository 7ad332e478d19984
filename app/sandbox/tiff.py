"""The pages of a TIFF, judged from their headers, rewritten with the pictures alone (S093, S094)."""

import struct
from dataclasses import dataclass, field

from app.sandbox.icc import colours_only
from app.sandbox.jpeg import picture_only
from app.sandbox.refusal import Refused

MAX_PAGES = 200
_WIDTH, _HEIGHT, _COMPRESSION, _ORIENTATION = 256, 257, 259, 274
_STRIPS, _TILES, _PROFILE, _JPEG_TABLES = (273, 279), (324, 325), 34675, 347
_OLD_JPEG, _JPEG = 6, 7
_LONG, _UNDEFINED = 4, 7
# What decodes and measures the picture. Names, dates, makers, places, texts and private tags are left out.
_KEPT = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284}
    | {292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338}
    | {339, 340, 341, 347, 529, 530, 531, 532, 34675}
)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_WHOLE = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}


@dataclass(frozen=True)
class Page:
    """One directory of the file: tag to type, count and raw value."""

    tags: dict[int, tuple[int, int, bytes]]
    order: str

    def numbers(self, tag: int) -> tuple[int, ...]:
        kind, count, raw = self.tags.get(tag, (0, 0, b""))
        if kind not in _WHOLE:
            return ()
        return struct.unpack(f"{self.order}{count}{_WHOLE[kind]}", raw)

    def number(self, tag: int, otherwise: int = 0) -> int:
        return (*self.numbers(tag), otherwise)[0]

    @property
    def size(self) -> tuple[int, int]:
        return self.number(_WIDTH), self.number(_HEIGHT)

    @property
    def is_upright(self) -> bool:
        return self.number(_ORIENTATION, 1) == 1

    @property
    def is_rewritable(self) -> bool:
        """Old JPEG coding spreads its tables over the file: it is decoded and packed anew instead."""
        return self.is_upright and self.number(_COMPRESSION, 1) != _OLD_JPEG


def read_pages(content: bytes) -> list[Page]:
    """Every page, from the directories alone. Raises Refused for a loop or a broken chain."""
    try:
        return _walk(content)
    except (struct.error, KeyError, OverflowError):
        raise Refused("file.damaged") from None


def _walk(content: bytes) -> list[Page]:
    order = {b"II": "<", b"MM": ">"}[content[:2]]
    (version,) = struct.unpack_from(f"{order}H", content, 2)
    is_big = {42: False, 43: True}[version]
    (at,) = struct.unpack_from(f"{order}{'8xQ' if is_big else '4xI'}", content)
    pages: list[Page] = []
    seen: set[int] = set()
    while at:
        if at in seen:
            raise Refused("file.damaged")
        seen.add(at)
        if len(seen) > MAX_PAGES:
            raise Refused("file.too_many_pages")
        tags, at = _directory(content, at, order, is_big)
        pages.append(Page(tags, order))
    if not pages:
        raise Refused("file.no_page")
    return pages


def _directory(
    content: bytes, at: int, order: str, is_big: bool
) -> tuple[dict[int, tuple[int, int, bytes]], int]:
    """The kept tags of one directory, and where the next one is."""
    head, entry, step, room = ("Q", "HHQ", 20, 8) if is_big else ("H", "HHI", 12, 4)
    (count,) = struct.unpack_from(f"{order}{head}", content, at)
    at += struct.calcsize(f"={head}")
    tags: dict[int, tuple[int, int, bytes]] = {}
    if count * step > len(content):
        raise Refused("file.damaged")
    for place in range(at, at + count * step, step):
        tag, kind, amount = struct.unpack_from(f"{order}{entry}", content, place)
        if tag not in _KEPT or kind not in _SIZES:
            continue
        size = _SIZES[kind] * amount
        value = place + step - room
        if size > room:
            (value,) = struct.unpack_from(f"{order}{'Q' if is_big else 'I'}", content, value)
        if value + size > len(content):
            raise Refused("file.damaged")
        tags[tag] = (kind, amount, content[value : value + size])
    (following,) = struct.unpack_from(
        f"{order}{'Q' if is_big else 'I'}", content, at + count * step
    )
    return tags, following


def rewrite(content: bytes, pages: list[Page]) -> bytes:
    """The same coded pictures in a file of their own; nothing else of the original is in it."""
    written = _Written(pages[0].order, 2 * len(content) + 4096)
    for page in pages:
        tags = {tag: value for tag, value in page.tags.items() if tag != _ORIENTATION}
        for places, sizes in (_STRIPS, _TILES):
            if places in tags:
                moved = written.keep_data(content, page, places, sizes)
                tags[places] = written.longs([at for at, _ in moved])
                tags[sizes] = written.longs([size for _, size in moved])
        if _PROFILE in tags:
            colours = colours_only(tags.pop(_PROFILE)[2])
            if colours:
                tags[_PROFILE] = (_UNDEFINED, len(colours), colours)
        if _JPEG_TABLES in tags:
            tables = picture_only(tags[_JPEG_TABLES][2])
            tags[_JPEG_TABLES] = (_UNDEFINED, len(tables), tables)
        written.keep_page(tags)
    return bytes(written.data)


@dataclass
class _Written:
    order: str
    most: int
    data: bytearray = field(default_factory=bytearray)
    link_at: int = 4
    places: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mark = b"II" if self.order == "<" else b"MM"
        self.data += mark + struct.pack(f"{self.order}HI", 42, 0)

    def longs(self, values: list[int]) -> tuple[int, int, bytes]:
        return _LONG, len(values), struct.pack(f"{self.order}{len(values)}I", *values)

    def append(self, part: bytes) -> int:
        """Where it stands; two pages may share what they draw, once."""
        self.data += bytes(len(self.data) % 2)
        at = len(self.data)
        self.data += part
        if len(self.data) > self.most:
            raise Refused("file.damaged")
        return at

    def keep_data(
        self, content: bytes, page: Page, places: int, sizes: int
    ) -> list[tuple[int, int]]:
        """The strips or tiles of a page; missing sizes are those of a picture that is not packed."""
        starts, lengths = page.numbers(places), page.numbers(sizes)
        if len(starts) != len(lengths):
            if lengths or len(starts) != 1:
                raise Refused("file.damaged")
            lengths = (len(content) - starts[0],)
        kept = []
        for start, length in zip(starts, lengths, strict=True):
            if (start, length) not in self.places:
                part = content[start : start + length]
                if page.number(_COMPRESSION, 1) == _JPEG and part:
                    part = picture_only(part)
                self.places[start, length] = (self.append(part), len(part))
            kept.append(self.places[start, length])
        return kept

    def keep_page(self, tags: dict[int, tuple[int, int, bytes]]) -> None:
        entries = b""
        for tag, (kind, count, raw) in sorted(tags.items()):
            if kind in {16, 17, 18}:
                value = self.longs(list(struct.unpack(f"{self.order}{count}Q", raw)))
                kind, count, raw = value  # noqa: PLW2901 - a classic file has no longer numbers
            held = raw.ljust(4, b"\x00")
            if len(raw) > 4:  # noqa: PLR2004 - what fits stands in the entry
                held = struct.pack(f"{self.order}I", self.append(raw))
            entries += struct.pack(f"{self.order}HHI", tag, kind, count) + held
        at = self.append(struct.pack(f"{self.order}H", len(tags)) + entries)
        struct.pack_into(f"{self.order}I", self.data, self.link_at, at)
        self.link_at = len(self.data)
        self.data += bytes(4)
