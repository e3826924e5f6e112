"""The timetable of one class: a week that repeats, laid over the school days of the year."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.calendar import SchoolCalendar
from diary_sandbox.world.generate.schools import sketch_of
from diary_sandbox.world.generate.staff import Staff
from diary_sandbox.world.words.subjects import HORIZONS, TALKS
from diary_sandbox.world.year import DayKind

CLUB_STARTS, CLUB_ENDS = time(16, 30), time(17, 30)


class Planned(NamedTuple):
    """One planned lesson of a class on one day, all its subgroups together."""

    slot: int
    """`ids.CLUB_SLOT` for a club."""
    subject_id: int
    ordinal: int
    """How many lessons of this subject the class had before in this year."""
    club: int
    """Number of the club, from 1; 0 for lessons."""


class Timetable:
    """All planned lessons of one class in one year."""

    def __init__(self, seed: int, class_id: int, staff: Staff, calendar: SchoolCalendar) -> None:
        """Lay the class's week over the school days."""
        week = _week(seed, class_id, staff)
        first = min(calendar.days)
        self.days: dict[int, tuple[Planned, ...]] = {}
        self.times: dict[int, list[tuple[int, int]]] = {}
        """Day and slot of every lesson of a subject, in order."""
        for on, day in calendar.days.items():
            if day.kind is not DayKind.SCHOOL:
                continue
            number = (on - first).days
            lessons: list[Planned] = []
            for slot, subject_id, club in week.get(day.weekday, ()):
                times = self.times.setdefault(subject_id, [])
                lessons.append(Planned(slot, subject_id, len(times), club))
                times.append((number, slot))
            self.days[number] = tuple(lessons)

    def before(self, planned: Planned) -> tuple[int, int] | None:
        """Return day and slot of the lesson of the same subject before this one."""
        return self.times[planned.subject_id][planned.ordinal - 1] if planned.ordinal else None


def _week(seed: int, class_id: int, staff: Staff) -> dict[int, list[tuple[int, int, int]]]:
    dice = Dice(seed, "timetable", class_id)
    hours = staff.hours(class_id)
    school_id, parallel, _ = ids.class_key(class_id)
    # by law grade 1 never learns on Saturday
    weekdays = 5 if parallel == 1 else sketch_of(school_id).weekdays
    days = _spread(dice, hours, weekdays)
    week: dict[int, list[tuple[int, int, int]]] = {}
    for weekday, subjects in days.items():
        first = 2 if weekday == 1 else 1
        week[weekday] = [(slot, subject, 0) for slot, subject in enumerate(_ordered(dice, subjects), first)]
    week[1].insert(0, (1, TALKS, 0))
    if HORIZONS in staff.extras(class_id):
        week[4].append((week[4][-1][0] + 1, HORIZONS, 0))
    for number, subject in enumerate(staff.clubs(class_id), start=1):
        week[1 + number].append((ids.CLUB_SLOT, subject, number))
    return week


def _spread(dice: Dice, hours: dict[int, int], weekdays: int) -> dict[int, list[int]]:
    total = sum(hours.values())
    saturday = 4 if weekdays == 6 else 0
    base, more = divmod(total - saturday, 5)
    longer = dice.shuffled((2, 3, 4, 5))[:more]
    sizes = {weekday: base + (weekday in longer) for weekday in range(1, 6)}
    if saturday:
        sizes[6] = saturday
    days: dict[int, list[int]] = {weekday: [] for weekday in sizes}
    for subject in sorted(hours, key=lambda s: (-hours[s], s)):
        for _ in range(hours[subject]):
            day = min(
                (weekday for weekday in sizes if len(days[weekday]) < sizes[weekday]),
                key=lambda w: (days[w].count(subject), len(days[w]) / sizes[w], dice.throw()),
            )
            days[day].append(subject)
    return days


def _ordered(dice: Dice, subjects: list[int]) -> list[int]:
    shuffled = dice.shuffled(sorted(set(subjects)))
    return [subject for subject in shuffled for _ in range(subjects.count(subject))]
