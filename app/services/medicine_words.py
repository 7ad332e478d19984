"""The words by which medicines are found: the same for what is stored and for what is typed."""

import re

from app.services.text import MAX_TOKEN, fold

# Words that say how much or join others: they narrow a search, and never lead one.
_WEAK = frozenset(
    "lp mg mcg g kg ml l ui u mui mmol mol mbq gbq kbq meq kcal pour cent "
    "microgrammes microgramme milligrammes gramme grammes unites unite million millions "
    "de du des d la le les l et en ou a au aux par sans avec entre "
    "preparations homeopathiques degre dilution compris".split()
)
# Words that name a salt, not the molecule people look for.
_SALTS = frozenset(
    "chlorhydrate dichlorhydrate monochlorhydrate bromhydrate chlorure bromure iodure hydroxyde oxyde "
    "carbonate bicarbonate sulfate bisulfate hydrogenosulfate phosphate diphosphate nitrate "
    "acetate citrate fumarate hemifumarate gluconate digluconate glutamate lactate malate maleate "
    "mesilate mesylate besilate tosilate oxalate pamoate embonate palmitate propionate "
    "dipropionate valerate salicylate succinate hemisuccinate tartrate bitartrate hydrogenotartrate "
    "sodique disodique potassique calcique magnesique magnesienne sodium potassium "
    "sel extrait sec titre huile solution poudre".split()
)
_COMMA = re.compile(r",(?!\d)")
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_MICRO = re.compile(r"(?i)(?<=\d)\s*[µμ]g(?![a-z])|\bmcg\b|(?<![\w])[µμ]g(?![a-z])")
_GRAMS = re.compile(r"(?i)(\d+(?:[.,]\d+)?)\s*g(?![\w])")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_DIGITS_LETTERS = re.compile(r"(?<=\d)(?=[a-zµμ])", re.IGNORECASE)


def medicine_words(text: str) -> list[str]:
    """Distinct folded words. `1 g` and `1000 mg`, `2.5` and `2,5`, `75 µg` and `75 microgrammes` are one."""
    plain = _MICRO.sub(" microgrammes", _THOUSANDS.sub("", text))
    plain = _GRAMS.sub(_as_milligrams, plain)
    plain = _DIGITS_LETTERS.sub(" ", plain)
    # A decimal is one word: « 5 » does not find « 2,5 ».
    plain = _DECIMAL.sub("v", plain)
    return list(dict.fromkeys(word[:MAX_TOKEN] for word in fold(plain).split()))


def is_leading(word: str) -> bool:
    """Whether a word says which medicine, rather than how much or in which words."""
    return len(word) > 1 and not word[0].isdigit() and word not in _WEAK


def name_words(name: str, form: str) -> tuple[list[str], list[str]]:
    """Leading words of a speciality: those of its name proper, and those of its form and the rest.

    A comma usually stands between the two; where it was left out, the form's first word does.
    """
    head, *tail = _COMMA.split(name, maxsplit=1)
    proper, rest = medicine_words(head), medicine_words(" ".join((*tail, form)))
    first_of_form = next(iter(medicine_words(form)), "")
    if first_of_form in proper[1:]:
        at = proper.index(first_of_form)
        proper, rest = proper[:at], proper[at:] + rest
    proper = [word for word in proper if is_leading(word)]
    return proper, [word for word in dict.fromkeys(rest) if is_leading(word) and word not in proper]


def molecule_words(name: str) -> tuple[list[str], list[str]]:
    """Leading words of a substance: those of the molecule, and those of its salt."""
    words = [word for word in medicine_words(name) if is_leading(word)]
    molecule = [word for word in words if word not in _SALTS]
    return molecule or words, [word for word in words if molecule and word in _SALTS]


def _as_milligrams(found: re.Match[str]) -> str:
    milligrams = float(found[1].replace(",", ".")) * 1000
    return f"{milligrams:.0f} mg" if milligrams.is_integer() else found[0]
