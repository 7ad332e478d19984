"""Folding of text for look-ups (accents, case, hyphens, ligatures do not matter), and typesetting."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "ß": "ss"})
MAX_TOKEN = 60


def fold(text: str) -> str:
    """Lower case without accents; every run of anything but letters and digits is one space."""
    if text.isascii() and text.isalnum():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", plain).strip()


def tokens(text: str) -> list[str]:
    """The distinct folded words of a text, in order."""
    return list(dict.fromkeys(word[:MAX_TOKEN] for word in fold(text).split()))


def prefix_end(prefix: str) -> str:
    """The first text after all those that begin with `prefix`: `[prefix, prefix_end)` is an index range.

    Folded words hold letters and digits only, so the last code point can always be raised.
    """
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def typeset(text: str) -> str:
    """Narrow no-break spaces where French wants them, which typed and cleaned text has lost."""
    narrow = "\u202f"
    return re.sub(r" (?=[;:!?»])", narrow, text.strip()).replace("« ", f"«{narrow}")
