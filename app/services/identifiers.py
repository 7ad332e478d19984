"""Keys of national numbers: RPPS, FINESS and SIRET (Luhn), NIR/INS (97, Corsica included)."""

import re

RPPS_LENGTH = 11
INS_LENGTH = 15
FINESS_LENGTH = 9
SIRET_LENGTH = 14
_RPPS_TYPE = "8"
_CARD = re.compile(r"[0-9][0-9A-Z]{7,19}")
_VITALE = re.compile(r"[0-9]{8,20}")
_NIR = re.compile(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{6}\d{2}")


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn key of those before it."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - Luhn
    return total % 10 == 0


def is_rpps(number: str) -> bool:
    """Whether a number is an RPPS: 11 digits, Luhn on all 11."""
    return len(number) == RPPS_LENGTH and number.isascii() and number.isdigit() and is_luhn(number)


def rpps_fault(number: str) -> str:
    """Why a number is no RPPS: the code of what to correct; '' when it is one."""
    if is_rpps(number):
        return ""
    is_whole = len(number) == RPPS_LENGTH and number.isascii() and number.isdigit()
    return "rpps.key" if is_whole else "rpps.format"


def normalise_staff_number(typed: str) -> str:
    """An RPPS or card number as stored: no spaces nor signs, capitals; no type digit before an RPPS."""
    number = re.sub(r"[\s.\-/\u202f\u00a0]", "", typed).upper()
    if len(number) == RPPS_LENGTH + 1 and number.startswith(_RPPS_TYPE) and is_rpps(number[1:]):
        return number[1:]
    return number


def is_card_number(number: str) -> bool:
    """Whether a number looks like that of a CPS or CPE card: digits and capitals (FA-16)."""
    return _CARD.fullmatch(number) is not None


def normalise_ins(typed: str) -> str:
    """A matricule as stored: no spaces nor dots, letters upper-cased."""
    return re.sub(r"[\s.\-\u202f\u00a0]", "", typed).upper()


def is_ins_shape(ins: str) -> bool:
    """Whether it has the 15 characters of a NIR or NIA with its key."""
    return _NIR.fullmatch(ins) is not None


def normalise_vitale_card(typed: str) -> str:
    """A carte Vitale serial number as stored: no spaces nor signs."""
    return re.sub(r"[\s.\-/\u202f\u00a0]", "", typed)


def is_vitale_card(number: str) -> bool:
    """Whether a number may be that of a carte Vitale: no format is published, ten digits are printed."""
    return _VITALE.fullmatch(number) is not None


def nir_key(first_13: str) -> int:
    """97 − (13 digits mod 97); Corsica: 2A counts as 19 and 2B as 18."""
    number = first_13.replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97


def is_ins_key_right(ins: str) -> bool:
    """Whether the two last digits are the key of the thirteen first."""
    return int(ins[13:]) == nir_key(ins[:13])


def is_finess(number: str) -> bool:
    """Whether a number is of FINESS: 9 signs, Luhn; in Corsica 2A and 2B count as 21 and 22."""
    digits = (
        number.replace("A", "1", 1).replace("B", "2", 1) if number[:2] in {"2A", "2B"} else number
    )
    return (
        len(number) == FINESS_LENGTH and digits.isascii() and digits.isdigit() and is_luhn(digits)
    )


def is_siret(number: str) -> bool:
    """Whether a number is a SIRET: 14 digits, Luhn."""
    return len(number) == SIRET_LENGTH and number.isascii() and number.isdigit() and is_luhn(number)
