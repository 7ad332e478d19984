"""What the two processes say to each other: a line of JSON and parts of bytes, never an object."""

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any

HEADER = struct.Struct(">II")
# Above any answer: what is stored (20 MiB), 500 000 characters, one picture.
MAX_CONTENT = 20 * 1024 * 1024
MAX_ANSWER = MAX_CONTENT + 8 * 1024 * 1024
MAX_TEXT = 500_000
MAX_PICTURE_WIDTH = 1_200
# A receipt is narrow and long; past four times its width a page is only made smaller.
MAX_PICTURE_RATIO = 4

Message = tuple[dict[str, Any], list[bytes]]


def pack(head: dict[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    """Length of the line, of the rest, the line, the parts one after the other."""
    line = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    return b"".join((HEADER.pack(len(line), sum(map(len, parts))), line, *parts))


def lengths(start: bytes) -> tuple[int, int]:
    """Length of the line and of the parts, from the first eight bytes."""
    line, rest = HEADER.unpack(start[: HEADER.size])
    return line, rest


def unpack(message: bytes) -> Message:
    """A whole message. Raises ValueError for anything this protocol does not write."""
    line, rest = lengths(message)
    if len(message) != HEADER.size + line + rest:
        raise ValueError("not as long as it says")
    head = json.loads(message[HEADER.size : HEADER.size + line])
    sizes = head.pop("sizes") if isinstance(head, dict) else None
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise ValueError("no sizes")
    if sum(sizes) != rest:
        raise ValueError("parts of another length")
    parts, at = [], HEADER.size + line
    for size in sizes:
        parts.append(message[at : at + size])
        at += size
    return head, parts


def receive(read: Callable[[int], bytes]) -> Message | None:
    """The next message of a blocking stream; None where it ends."""
    start = read(HEADER.size)
    if len(start) < HEADER.size:
        return None
    return unpack(start + read(sum(lengths(start))))
