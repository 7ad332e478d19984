"""What came of a single-use code, in words: with the hour to wait for, where there is one."""

from datetime import datetime, timedelta

from app.i18n.format import clock, moment
from app.i18n.messages import sentence

_SOON = timedelta(hours=12)


def code_sentence(error: str, retry_at: datetime | None, now: datetime) -> str:
    """The sentence of an error code; '' for none. A wait says its hour, and its day when it is far."""
    if not error:
        return ""
    time = ""
    if retry_at is not None:
        time = clock(retry_at) if retry_at - now < _SOON else moment(retry_at)
    return sentence(error, time=time)
