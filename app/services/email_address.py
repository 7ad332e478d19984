"""E-mail addresses as typed and as kept (lower case)."""

import re

from app.services.fields import clean_line

MAX_EMAIL = 254
_EMAIL = re.compile(
    r"[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


def normalise_email(typed: str) -> str | None:
    """The address as it is kept; '' for nothing typed, None for what is no address."""
    value = clean_line(typed).lower()
    if not value:
        return ""
    is_email = len(value) <= MAX_EMAIL and _EMAIL.fullmatch(value) and ".." not in value
    return value if is_email else None
