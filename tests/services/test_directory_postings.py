"""Lists and maps of one block say the same as sets do."""

import random

import pytest

from app.services.directory_postings import BLOCK, BlockWords, beginning, meet, united

# From entries that all have it down to a few.
SHARES = {"marie": 1.0, "martine": 0.4, "paul": 0.05, "paulin": 0.01, "zoe": 0.0005, "de": 0.2}


@pytest.fixture(scope="module")
def block():
    """The words of each place, and what they are stored as."""
    chosen = random.Random(1)
    words = [
        {word for word, share in SHARES.items() if chosen.random() < share} for _ in range(BLOCK)
    ]
    gathered = BlockWords()
    for place, own in enumerate(words):
        gathered.add(place, " ".join(sorted(own)))
    return words, dict(gathered.packed())


def held(stored, word):
    if len(word) <= 5:
        return [stored[beginning(word)]] if beginning(word) in stored else []
    return [entries for token, entries in stored.items() if token.startswith(word)]


@pytest.mark.parametrize(
    "typed",
    ["mar", "mart de", "p", "paul z", "pauli", "paulin mari", "zoe", "martine d pau", "xy d"],
)
@pytest.mark.parametrize(("first", "end"), [(0, BLOCK), (1_003, 1_004), (777, 40_001)])
def test_meet(block, typed, first, end):
    words, stored = block
    wanted = [
        place
        for place in range(first, end)
        if all(any(own.startswith(word) for own in words[place]) for word in typed.split())
    ]
    asked = [held(stored, word) for word in typed.split()]
    assert meet(asked, first, end, BLOCK) == wanted
    assert meet(asked, first, end, 3) == wanted[:3]


def test_common_words_are_maps_and_rare_ones_lists(block):
    stored = block[1]
    assert len(stored[beginning("zoe")]) < 200
    assert len(stored[beginning("marie")]) == BLOCK // 8
    assert set(stored) == {
        *(beginning(word[:n]) for word in SHARES for n in range(1, min(5, len(word)) + 1)),
        "martine",
        "paulin",
    }


def test_parts_of_any_kind_are_one(block):
    stored = block[1]
    both = united([stored[beginning("paul")], stored[beginning("zoe")], stored[beginning("de")]])
    one_by_one = [
        meet([[stored[beginning(word)]]], 0, BLOCK, BLOCK) for word in ("paul", "zoe", "de")
    ]
    assert meet([[both]], 0, BLOCK, BLOCK) == sorted(set().union(*one_by_one))
