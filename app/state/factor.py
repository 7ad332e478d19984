"""What a page shows while somebody gives a second factor: at sign-in, and again before certain acts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.i18n.format import clock, moment
from app.i18n.messages import sentence
from app.i18n.second_factor import (
    ANOTHER_WAY,
    CHOOSE_LEAD,
    ICONS,
    LEADS,
    NOT_RECEIVED,
    hint_of,
    other_label,
    place_label,
)
from app.models.session import SignInMethod
from app.services.form_reply import Reply
from app.services.second_factor import SENT, Way, name_of
from app.state.clock import utc_now
from app.state.form import Choice

_SOON_SECONDS = 12 * 3_600


@dataclass(frozen=True)
class WayRow:
    """A button that takes another way."""

    value: str
    label: str
    icon: str


@dataclass(frozen=True)
class FactorView:
    """`method`: the present way, empty while one chooses; `value`: how its form names it."""

    method: str = ""
    value: str = ""
    lead: str = ""
    destination: str = ""
    after: str = ""
    hint: str = ""
    before_others: str = ""
    places: list[Choice] = field(default_factory=list)
    first_place: str = ""
    others: list[WayRow] = field(default_factory=list)
    is_late: bool = False


def factor_view(
    ways: Sequence[Way],
    present: Way | None,
    *,
    sent_at: datetime | None,
    is_late: bool = False,
    is_sent: bool = True,
) -> FactorView:
    """The present way in words, and the others as buttons. `is_sent`: whether its code was asked for."""
    if present is None or (present.method in SENT and not is_sent):
        places = [Choice(name_of(way), place_label(way)) for way in ways if way.method in SENT]
        return FactorView(
            lead=CHOOSE_LEAD,
            before_others=ANOTHER_WAY,
            places=places,
            first_place=places[0].value if places else "",
            others=_others([way for way in ways if way.method not in SENT], None),
        )
    lead, after = LEADS[present.method]
    is_sendable = present.method in SENT
    return FactorView(
        method=present.method.value,
        value=name_of(present),
        lead=lead,
        destination=present.destination,
        after=after,
        hint=hint_of(present.method, sent_at),
        before_others=NOT_RECEIVED if is_sendable else ANOTHER_WAY,
        others=_others(ways, present),
        is_late=is_late,
    )


def told(code: str, retry_at: datetime | None) -> str:
    """The sentence of a fault, with the hour from which one may try again."""
    if not code:
        return ""
    time = ""
    if retry_at is not None:
        is_soon = (retry_at - utc_now()).total_seconds() < _SOON_SECONDS
        time = clock(retry_at) if is_soon else moment(retry_at)
    return sentence(code, time=time)


def sentences(reply: Reply) -> dict[str, str]:
    """What a native form left to say, by field, with the hour from which one may try again."""
    until = reply.context.get("retry_at", "")
    retry_at = datetime.fromisoformat(until) if until else None
    return {name: told(code, retry_at) for name, code in reply.faults.items()}


def _others(ways: Sequence[Way], present: Way | None) -> list[WayRow]:
    shown = [way for way in ways if way != present or way.method in SENT]
    return [
        WayRow(name_of(way), other_label(way, is_present=way == present), ICONS[way.method])
        for way in sorted(shown, key=lambda way: way.method is SignInMethod.RECOVERY_CODE)
    ]
