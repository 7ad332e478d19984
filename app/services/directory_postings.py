"""Which entries of one block of the directory hold a word: a list of places, or a map of bits.

A block is 65 536 ranks, so that a place in it fits two bytes. A word of few entries is the list of their
places; one of many is a map, a bit for each place, which meets others at the cost of reading it.
"""

from array import array
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import islice, repeat

from app.services.text import MAX_TOKEN

BLOCK = 1 << 16
# Beginnings of so many letters have a list of their own; longer ones gather those of few words.
SHORT = 5
_MAP_BYTES = BLOCK // 8
# From so many entries on a map is quicker to meet with, though it may be longer.
_MANY = 1_024


class BlockWords:
    """Gathers the entries of each word of one block."""

    def __init__(self) -> None:
        self._places: dict[str, array[int]] = defaultdict(lambda: array("H"))

    def add(self, place: int, words: str) -> None:
        """Take note of an entry with these words, between spaces."""
        for word in words.split():
            self._places[word[:MAX_TOKEN]].append(place)

    def packed(self) -> list[tuple[str, bytes]]:
        """What words and their beginnings are stored as, in order."""
        words = {word: places.tobytes() for word, places in self._places.items()}
        rows = [(word, united([places])) for word, places in words.items() if len(word) > SHORT]
        begun: dict[str, bytes] = {}
        for length in range(SHORT, 0, -1):
            gathered: dict[str, list[bytes]] = defaultdict(list)
            for longer, places in begun.items():
                gathered[longer[:length]].append(places)
            for word, places in words.items():
                if len(word) == length or (length == SHORT and len(word) > SHORT):
                    gathered[word[:length]].append(places)
            begun = {token: united(parts) for token, parts in gathered.items()}
            rows += [(beginning(token), places) for token, places in begun.items()]
        return sorted(rows)


def beginning(letters: str) -> str:
    """How a short beginning is stored: no word has this sign."""
    return f"~{letters}"


def united(parts: Sequence[bytes]) -> bytes:
    """Lists and maps as one; a place may stand in a list twice."""
    maps = [one for one in parts if len(one) == _MAP_BYTES]
    lists = parts if not maps else [one for one in parts if len(one) != _MAP_BYTES]
    places = b"".join(lists)
    if maps and not places and len(maps) == 1:
        return maps[0]
    if not maps and len(places) < 2 * _MANY:
        return places
    # Signs of a number in base two, the last place first: no loop of ours over many entries.
    signs = bytearray(b"0" * BLOCK)
    deque(map(signs.__setitem__, array("H", places), repeat(ord("1"))), maxlen=0)
    signs.reverse()
    whole = int(signs, 2)
    for one in maps:
        whole |= int.from_bytes(one, "little")
    return whole.to_bytes(_MAP_BYTES, "little")


def meet(words: Sequence[Sequence[bytes]], first: int, end: int, most: int) -> list[int]:
    """The lowest places in `[first, end)` that every word has; a word is what it begins, in any parts."""
    if not all(words):
        return []
    every = [united(parts) for parts in words]
    maps = [one for one in every if len(one) == _MAP_BYTES]
    lists = [array("H", one) for one in every if len(one) != _MAP_BYTES]
    if not lists:
        return list(islice(_common(maps, first, end), most))
    lists.sort(key=len)
    found = set(lists[0]).intersection(*lists[1:])
    inside = [place for place in found if first <= place < end]
    for bits in maps:
        inside = [place for place in inside if bits[place >> 3] >> (place & 7) & 1]
    return sorted(inside)[:most]


def _common(maps: Sequence[bytes], first: int, end: int) -> Iterator[int]:
    """The places that all maps have, rising."""
    start = first >> 3
    common = (1 << (end - start * 8)) - (1 << (first - start * 8))
    for bits in maps:
        common &= int.from_bytes(bits[start : (end + 7) >> 3], "little")
    while common:
        lowest = common & -common
        yield start * 8 + lowest.bit_length() - 1
        common ^= lowest
