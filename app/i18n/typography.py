"""French typography of fixed texts, so that sources stay readable."""

import re

from app.i18n.format import NARROW

_BEFORE = re.compile(r" (?=[;:!?»])")
_AFTER = re.compile(r"(?<=«) ")


def french(text: str) -> str:
    """Narrow no-break spaces where plain ones stand before `; : ! ? »` and after `«`."""
    return _AFTER.sub(NARROW, _BEFORE.sub(NARROW, text))
