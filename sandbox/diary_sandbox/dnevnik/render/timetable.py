"""Bells, in PascalCase."""

from datetime import date

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import BellSchedule, School

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOCK_DAY = date.min  # the date part of bell times carries nothing


def school_timetable(school: School, year_start: date) -> Wire:
    """Return all bells of a school as one timetable; the days of a bell say when it rings."""
    return {
        "Name": school.bell_schedules[0].name,
        "Start": local_midnight(year_start),
        "FirstLessonNumber": 1,
        "Items": [item for schedule in school.bell_schedules for item in _items(schedule)],
    }


def _items(schedule: BellSchedule) -> list[Wire]:
    days = [_WEEKDAYS[day - 1] for day in sorted(schedule.weekdays)]
    return [
        {
            "Id": wire_id(Space.TIMETABLE_ITEM, bell.id),
            "Start": f"{_CLOCK_DAY.isoformat()}T{bell.starts:%H:%M:%S}",
            "Finish": f"{_CLOCK_DAY.isoformat()}T{bell.ends:%H:%M:%S}",
            "Name": f"{bell.slot} урок",
            "Type": "Lesson",
            "DaysOfWeek": days,
            "LessonNumber": bell.slot,
        }
        for bell in schedule.bells
    ]
