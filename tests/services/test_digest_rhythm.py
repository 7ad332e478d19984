"""When digests leave, over the months that change the clocks (CX-44, CX-45)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models.message import Priority
from app.models.notification import InformationRhythm
from app.services.digest_rhythm import Rhythm, next_turn
from app.services.fields import PARIS

# The last Sundays of March and October are in them: 23 hours, then 25.
MONTHS = [date(2026, 3, 1), date(2026, 10, 1), date(2027, 3, 1)]
DAYS = 31


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


def turns(priority: Priority, rhythm: Rhythm, first: date) -> list[datetime]:
    """The turns of a month in which there always is something new."""
    at, last, found = paris(first, 0), None, []
    while True:
        at = next_turn(priority, rhythm, last_sent_at=last, after=at)
        if at >= paris(first + timedelta(days=DAYS), 0):
            return found
        assert at.tzinfo is UTC
        found.append(at)
        last = at


@pytest.mark.parametrize("first", MONTHS)
@pytest.mark.parametrize(("times", "hours"), [(1, (8,)), (2, (8, 14)), (3, (8, 12, 17))])
def test_CX45_contact_comes_at_the_same_hours_of_paris_every_day(first, times, hours):
    expected = [paris(first + timedelta(days=n), hour) for n in range(DAYS) for hour in hours]
    assert turns(Priority.CONTACT, Rhythm(contact_per_day=times), first) == expected


@pytest.mark.parametrize("first", MONTHS)
@pytest.mark.parametrize("rhythm", InformationRhythm)
def test_CX44_information_comes_in_the_morning_of_paris(first, rhythm):
    days = [first + timedelta(days=n) for n in range(DAYS)]
    expected = {
        InformationRhythm.DAILY: days,
        InformationRhythm.EVERY_THREE_DAYS: days[::3],
        InformationRhythm.WEEKLY: [day for day in days if day.weekday() == 0],
    }[rhythm]
    found = turns(Priority.INFORMATION, Rhythm(information=rhythm), first)
    assert found == [paris(day, 8) for day in expected]


def test_a_turn_that_is_being_served_does_not_come_again():
    morning = paris(date(2026, 3, 29), 8)
    for late in (timedelta(), timedelta(microseconds=1), timedelta(minutes=3)):
        turn = next_turn(Priority.CONTACT, Rhythm(), last_sent_at=None, after=morning + late)
        assert turn == paris(date(2026, 3, 29), 12)


def test_CX44_three_days_count_from_a_digest_that_left_late():
    rhythm = Rhythm(information=InformationRhythm.EVERY_THREE_DAYS)
    late = paris(date(2026, 3, 27), 23, 30)
    turn = next_turn(Priority.INFORMATION, rhythm, last_sent_at=late, after=late)
    assert turn == paris(date(2026, 3, 30), 8)
    # Nobody wrote for a week: whoever writes then is announced the next morning.
    quiet = paris(date(2026, 4, 5), 10)
    turn = next_turn(Priority.INFORMATION, rhythm, last_sent_at=late, after=quiet)
    assert turn == paris(date(2026, 4, 6), 8)
