"""What a password must be (S020, S021), as the manuals show it (ME-019), and not a known one."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MIN_LENGTH, MAX_LENGTH = 8, 128
_SHORTEST_PART = 3

# Frequent among French speakers and thin in international lists; compared after folding.
_FRENCH = """
azerty azertyuiop qsdfgh wxcvbn motdepasse mdp bonjour bonsoir soleil doudou loulou chouchou chocolat
marseille toulouse bordeaux nantes lille rennes nice paris lyon france allezlom psg olympique
jetaime amour coucou princesse nicolas julien camille thomas pierre caroline isabelle nathalie
sandrine stephanie celine laurent philippe vacances famille maison licorne papillon tournesol
coquelicot lavande fromage baguette croissant pharmacie docteur medecin infirmier infirmiere hopital
clinique sante patient connexion secret bienvenue administrateur liane
""".split()

_SUBSTITUTIONS = str.maketrans("@4301!$57€", "aaeoiisste")


def faults(password: str, personal: Iterable[str] = ()) -> list[str]:
    """Codes of the rules the password breaks, in the order they are shown; empty when it is accepted.

    `personal`: names, e-mail and birth date of its owner, which it may not be made of.
    """
    text = unicodedata.normalize("NFC", password)
    found = []
    if len(text) < MIN_LENGTH:
        found.append("password.too_short")
    if len(text) > MAX_LENGTH:
        found.append("password.too_long")
    if not any(not c.isalnum() and not c.isspace() for c in text):
        found.append("password.no_special")
    if not any(c.isdigit() for c in text):
        found.append("password.no_digit")
    if not any(c.isupper() for c in text):
        found.append("password.no_upper")
    if not any(c.islower() for c in text):
        found.append("password.no_lower")
    if not found and is_known(text, personal):
        found.append("password.known")
    return found


def is_known(password: str, personal: Iterable[str] = ()) -> bool:
    """Whether it is a common or breached password, or its owner's data, in a light disguise."""
    own = {
        _letters(part)
        for value in personal
        for part in re.split(r"[^\w]+", value)
        if len(part) >= _SHORTEST_PART
    }
    refused = _common() | own | {"liane"}
    lower = password.lower()
    return (
        any(
            _letters(variant.strip("0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€£§")) in refused
            for variant in (lower, lower.translate(_SUBSTITUTIONS), _undisguised(lower))
        )
        or lower in _common()
    )


def _undisguised(lower: str) -> str:
    """Marks and digits cut at both ends first, then usual substitutions undone inside."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", lower)
    return core.translate(_SUBSTITUTIONS)


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    # Read when first needed: the lists weigh some megabytes and most processes never set a password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    words = (_letters(word) for word in FREQUENCY_LISTS["passwords"])
    return frozenset(words) | frozenset(_FRENCH)
