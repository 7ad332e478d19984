"""When the next digest leaves: hours on the clocks of Paris, whatever the season (CX-44, CX-45)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger

from app.models.message import Priority
from app.models.notification import InformationRhythm
from app.services.fields import PARIS

MORNING = 8
CONTACT_HOURS = {1: (MORNING,), 2: (MORNING, 14), 3: (MORNING, 12, 17)}
# Far from the night hours that a change of clocks skips or repeats.
_CONTACT = {
    times: CronTrigger(hour=",".join(map(str, hours)), timezone=PARIS)
    for times, hours in CONTACT_HOURS.items()
}
_EVERY_MORNING = CronTrigger(hour=MORNING, timezone=PARIS)
_EVERY_MONDAY = CronTrigger(day_of_week="mon", hour=MORNING, timezone=PARIS)
_THREE_DAYS_LATER = CalendarIntervalTrigger(days=3, hour=MORNING, timezone=PARIS)
_SHORTEST = timedelta(microseconds=1)


@dataclass(frozen=True)
class Rhythm:
    """How often each priority is announced. The defaults are those of a new account."""

    information: InformationRhythm = InformationRhythm.DAILY
    contact_per_day: int = 3


def next_turn(
    priority: Priority, rhythm: Rhythm, *, last_sent_at: datetime | None, after: datetime
) -> datetime:
    """The first turn strictly after an instant, in UTC.

    « Tous les 3 jours » counts from the day of the last digest; after a longer silence, the next morning.
    """
    if priority is Priority.CONTACT:
        return _following(_CONTACT[rhythm.contact_per_day], after)
    if rhythm.information is InformationRhythm.WEEKLY:
        return _following(_EVERY_MONDAY, after)
    if rhythm.information is InformationRhythm.EVERY_THREE_DAYS and last_sent_at is not None:
        turn = _THREE_DAYS_LATER.get_next_fire_time(last_sent_at.astimezone(PARIS), after)
        if turn > after:
            return _in_utc(turn)
    return _following(_EVERY_MORNING, after)


def _following(trigger: CronTrigger, after: datetime) -> datetime:
    # A trigger counts the instant it is given: the turn that is being served must not come again.
    return _in_utc(trigger.get_next_fire_time(None, after + _SHORTEST))


def _in_utc(turn: datetime) -> datetime:
    return turn.astimezone(UTC)
