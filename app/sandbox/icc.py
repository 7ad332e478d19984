"""Colour profiles, kept for the colours and for nothing else (S094)."""

import struct

_TABLE, _ENTRY, _MOST_TAGS = 128, 12, 100
# What turns numbers into colours. Names, makers, texts and private tags are left out.
_KEPT = frozenset(
    b"rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt chad A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 gamt".split()
)


def colours_only(profile: bytes) -> bytes:
    """The profile without texts, names, maker or date; empty where it cannot be read."""
    try:
        return _rebuilt(profile)
    except struct.error:
        return b""


def _rebuilt(profile: bytes) -> bytes:
    (count,) = struct.unpack_from(">I", profile, _TABLE)
    if count > _MOST_TAGS or profile[36:40] != b"acsp":
        return b""
    tags: list[tuple[bytes, bytes]] = []
    for rank in range(count):
        name, at, size = struct.unpack_from(">4sII", profile, _TABLE + 4 + _ENTRY * rank)
        body = profile[at : at + size]
        if name in _KEPT and body and len(body) == size:
            tags.append((name, body))
    if not tags:
        return b""
    places: dict[bytes, int] = {}
    data, start = b"", _TABLE + 4 + _ENTRY * len(tags)
    for _, body in tags:
        if body not in places:
            places[body] = start + len(data)
            data += body + bytes(-len(body) % 4)
    table = b"".join(struct.pack(">4sII", name, places[body], len(body)) for name, body in tags)
    # Size, no maker of software, version and classes, no date, no maker or model, the white of the
    # connection space, no author, no digest.
    size = struct.pack(">I", start + len(data))
    head = size + bytes(4) + profile[8:24] + bytes(12) + b"acsp" + bytes(24) + profile[64:80]
    return head + bytes(_TABLE - len(head)) + struct.pack(">I", len(tags)) + table + data
