"""How much a name looks like another: accents, hyphens, order of words and one slip of the keys forgiven.

Spellings are found by deletion: two words one slip apart (a letter added, missing, wrong, or swapped with
its neighbour) share the word itself, or what is left of each without one letter.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from app.services.text import fold

# Beginnings of words are compared: what slips after them changes no key.
KEY_LETTERS = 12
# A slip in a word this short makes another name.
_SHORTEST_WITH_SLIP = 3
# What a slip costs, in a word of average length; sameness of the rest weighs as well.
ONE_SLIP = 0.88
_SWAPPED = 0.9
_ONE_OF_TWO = 0.95
_PARTICLES = frozenset("d da de del den der di do dos du el l la le les van von".split())


def words_of_name(name: str) -> list[str]:
    """The folded words of a name, in order, without particles unless it has nothing else; then all in one."""
    words = fold(name).split()
    telling = [word for word in words if word not in _PARTICLES] or words
    joined = "".join(words)
    return list(dict.fromkeys([*telling, joined] if joined else telling))


def spellings(word: str) -> dict[str, bool]:
    """The keys of a folded word, and whether each is the whole of it."""
    start = word[:KEY_LETTERS]
    keys = {start: True}
    if len(start) >= _SHORTEST_WITH_SLIP:
        for place in range(len(start)):
            keys.setdefault(start[:place] + start[place + 1 :], False)
    return keys


@lru_cache(maxsize=20_000)
def word_likeness(one: str, other: str) -> float:
    """From 0 to 1 for two folded words: 1 when they are the same, 0 beyond one slip."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < _SHORTEST_WITH_SLIP:
        return 0.0
    return ONE_SLIP if OSA.distance(one, other, score_cutoff=1) == 1 else 0.0


def name_likeness(typed: str, names: Iterable[str]) -> float:
    """From 0 to 1: how well what was typed tells one of these names, or all of its words some of them.

    Hyphens and spaces change nothing; the words may come in another order; one word of a compound name, or
    one of several given names, is nearly the whole.
    """
    wanted = fold(typed)
    if not wanted:
        return 0.0
    known = [fold(name) for name in names if name]
    return max((_likeness(wanted, name) for name in known if name), default=0.0)


def given_likeness(typed: str, folded_names: str) -> float:
    """From 0 to 1: how well what was typed tells some of the given names of somebody, already folded."""
    wanted = fold(typed).split()
    known = folded_names.split()
    if not wanted or not known:
        return 0.0
    joined = "".join(wanted)
    pairs = ("".join(pair) for pair in pairwise(known))
    whole = max(word_likeness(joined, name) for name in (*known, *pairs))
    return max(whole, _by_words(wanted, known)) if len(wanted) > 1 else whole


def swapped_likeness(likeness: float) -> float:
    """The likeness of names found the one in the place of the other."""
    return likeness * _SWAPPED


def _likeness(wanted: str, name: str) -> float:
    joined = word_likeness(wanted.replace(" ", ""), name.replace(" ", ""))
    if joined == 1:
        return 1.0
    typed, known = wanted.split(), name.split()
    by_words = _by_words(typed, known)
    if len(typed) < len(known):
        by_words *= _ONE_OF_TWO
    return max(joined, by_words)


def _by_words(typed: list[str], known: list[str]) -> float:
    """Every typed word is a word of the name; particles need not be typed, nor known."""
    telling = [word for word in typed if word not in _PARTICLES] or typed
    total = 1.0
    for word in telling:
        total *= max((word_likeness(word, other) for other in known), default=0.0)
    return total
