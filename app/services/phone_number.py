"""Telephone numbers: typed as people do, kept as E.164 (U-03)."""

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from app.services.fields import clean_line

# The national form is the same in all of them; only the numbering plan tells where a number belongs.
_REGIONS = ("FR", "RE", "GP", "GF", "MQ", "YT")
_FRENCH_CODES = frozenset({33, 262, 590, 594, 596})
_FRENCH_DIGITS = range(100_000_000, 1_000_000_000)


def normalise_phone(typed: str) -> str | None:
    """E.164 of a French or international number; '' for nothing typed, None for what is no number."""
    plain = clean_line(typed)
    if not plain:
        return ""
    if any(c.isalpha() for c in plain) or plain.lstrip("(")[:1] not in {"0", "+"}:
        return None
    found = [number for region in _REGIONS if (number := _parse(plain, region))]
    if not found:
        return None
    belongs = next(filter(phonenumbers.is_valid_number, found), found[0])
    return phonenumbers.format_number(belongs, PhoneNumberFormat.E164)


def _parse(plain: str, region: str) -> PhoneNumber | None:
    """A number of the right length; one in no plan yet is taken: the library may be older than it."""
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code in _FRENCH_CODES:
        is_number = number.national_number in _FRENCH_DIGITS and not number.italian_leading_zero
    else:
        is_number = phonenumbers.is_valid_number(number)
    return number if is_number and not number.extension else None
