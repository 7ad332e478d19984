"""Words of the table of documents by category and year."""

import itertools
from collections.abc import Sequence

from app.i18n.format import NARROW

CAPTION = "Nombre de documents par catégorie et par année"
SHOW = "Voir le tableau"


def cell_words(count: int, category: str, year: int | None) -> str:
    """`document, Biologie, 2024`: what the number of a cell counts."""
    noun = "document" if count == 1 else "documents"
    return ", ".join(part for part in (noun, category, str(year) if year else "") if part)


def all_of(count: int) -> str:
    """What the number of the corner counts."""
    return "document en tout" if count == 1 else "documents en tout"


def empty_years(years: Sequence[int]) -> str:
    """`Années sans document : 2009 à 2012, 2016.`, between the first and the last; '' without any."""
    gaps = [
        (before + 1, after - 1) for before, after in itertools.pairwise(years) if after - before > 1
    ]
    if not gaps:
        return ""
    named = ", ".join(str(a) if a == b else f"{a} à {b}" for a, b in gaps)
    is_one = len(gaps) == 1 and gaps[0][0] == gaps[0][1]
    return f"{'Année' if is_one else 'Années'} sans document{NARROW}: {named}."
