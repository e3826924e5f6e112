"""The lessons of a class, week by week, with what changes in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.places import Places
from diary_sandbox.world.generate.staff import Staff
from diary_sandbox.world.generate.timetable import CLUB_ENDS, CLUB_STARTS, Planned, Timetable
from diary_sandbox.world.lessons import Lesson, LessonChange, LessonHalf
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import LessonKind, School, WorkKind
from diary_sandbox.world.timeline import ALWAYS, Timeline
from diary_sandbox.world.words import subjects as s
from diary_sandbox.world.words.topics import CONTROL_TOPIC, TOPICS

_UNCONTROLLED = frozenset({s.SPORT, s.MUSIC, s.ART, s.CRAFT, s.PROJECT})
_EVERY = 10
_LABORATORIES = frozenset({s.PHYSICS, s.CHEMISTRY, s.BIOLOGY})
_LAST_SLOT = 9


class Place(NamedTuple):
    """A day of the year and a slot of it."""

    day: int
    slot: int


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one planned lesson."""

    kind: LessonChange
    announced: datetime
    subject_id: int | None = None
    """Replaced: another subject takes the slot."""
    to: Place | None = None
    """Moved: where to."""


class Lessons:
    """All lessons of the town, made a class and a week at a time."""

    def __init__(self, seed: int, places: Places, staff: Staff, rich: frozenset[int]) -> None:
        """Know the town.

        Args:
            seed: Of the world.
            places: Schools and their calendars.
            staff: Who teaches what.
            rich: Classes in which every week brings changes.
        """
        self._seed = seed
        self._places = places
        self.since = places.since
        self._staff = staff
        self._rich = rich
        self.timetable = Memo(self._timetable, 400)
        self.changes = Memo(self._changes, 20_000)
        self.week = Memo(self._week, 5_000)
        self._weeks = Memo(self._days_by_week, 400)

    def days(self, class_id: int, week: int) -> tuple[int, ...]:
        """Return the days of a week on which the class learns, as days of the year."""
        return self._weeks(class_id).get(week, ())

    def truth(self, lesson_id: int) -> Timeline[Lesson] | None:
        """Return a lesson, None when the plan has none of this id."""
        key = ids.lesson_key(lesson_id)
        week = week_of(self._places.since + timedelta(days=key.day))
        found = (line for line in self.week((key.class_id, week)) if final(line).id == lesson_id)
        return next(found, None)

    def school(self, class_id: int) -> School:
        """Return the school of a class."""
        return self._places.school(ids.school_of(class_id))

    def _timetable(self, class_id: int) -> Timetable:
        self._staff.class_group(class_id)  # an unknown class is a KeyError before anything is made
        return Timetable(self._seed, class_id, self._staff, self._places.calendar(ids.school_of(class_id)))

    def _days_by_week(self, class_id: int) -> dict[int, tuple[int, ...]]:
        weeks: dict[int, tuple[int, ...]] = {}
        for day, planned in self.timetable(class_id).days.items():
            if not planned:
                continue
            week = week_of(self._places.since + timedelta(days=day))
            weeks[week] = (*weeks.get(week, ()), day)
        return weeks

    def _changes(self, key: tuple[int, int]) -> dict[Place, Change]:
        class_id, week = key
        plan = self.timetable(class_id).days
        lessons = [
            (Place(day, planned.slot), planned)
            for day in self.days(class_id, week)
            for planned in plan[day]
            if s.SUBJECTS[planned.subject_id].kind is LessonKind.REGULAR
        ]
        if not lessons:
            return {}
        dice = Dice(self._seed, "changes", class_id, week)
        chosen: dict[Place, LessonChange] = {}
        if class_id in self._rich:
            wanted = [LessonChange.REPLACED, LessonChange.CANCELLED, LessonChange.MOVED][: 3 - week % 2]
            for kind, (place, _) in zip(wanted, dice.shuffled(lessons), strict=False):
                chosen[place] = kind
        else:
            for place, _ in lessons:
                throw = dice.below(1000)
                if throw < 40:
                    chosen[place] = LessonChange.CANCELLED if throw < 12 else LessonChange.REPLACED
            if dice.chance(25):
                chosen[dice.pick(lessons)[0]] = LessonChange.MOVED
        plans = dict(lessons)
        found = {
            place: self._change(class_id, place, kind, dice, plans[place]) for place, kind in chosen.items()
        }
        return {place: change for place, change in found.items() if change}

    def _change(
        self, class_id: int, place: Place, kind: LessonChange, dice: Dice, planned: Planned
    ) -> Change | None:
        on = self._places.since + timedelta(days=place.day)
        morning = dice.chance(30)
        told = datetime.combine(
            on if morning else on - timedelta(days=1),
            time(7, 20) if morning else time(15, dice.below(60)),
            tzinfo=self.school(class_id).zone,
        )
        if kind is LessonChange.REPLACED and dice.chance(30) and planned.subject_id not in s.SUBGROUPED:
            others = sorted(set(self._staff.hours(class_id)) - s.SUBGROUPED - {planned.subject_id})
            return Change(kind, told, subject_id=dice.pick(others))
        if kind is LessonChange.MOVED:
            to = self._free_place(class_id, place, dice)
            return Change(kind, told, to=to) if to else None
        return Change(kind, told)

    def _free_place(self, class_id: int, place: Place, dice: Dice) -> Place | None:
        plan = self.timetable(class_id).days
        week = week_of(self._places.since + timedelta(days=place.day))
        later = [day for day in self.days(class_id, week) if day >= place.day]
        day = dice.pick(later[:2])
        last = max(planned.slot for planned in plan[day] if planned.slot < ids.CLUB_SLOT)
        return Place(day, last + 1) if last < _LAST_SLOT else None

    def _week(self, key: tuple[int, int]) -> tuple[Timeline[Lesson], ...]:
        class_id, week = key
        plan = self.timetable(class_id).days
        changes = self.changes(key)
        return tuple(
            line
            for day in self.days(class_id, week)
            for planned in plan[day]
            for line in self._lesson(class_id, day, planned, changes.get(Place(day, planned.slot)))
        )

    def _lesson(
        self, class_id: int, day: int, planned: Planned, change: Change | None
    ) -> Iterator[Timeline[Lesson]]:
        subject = s.SUBJECTS[planned.subject_id]
        split = planned.subject_id in s.SUBGROUPED and self._staff.class_group(class_id).subgroups == 2
        dice = Dice(self._seed, "lesson", class_id, day, planned.slot, planned.club)
        remote = subject.kind is LessonKind.REGULAR and dice.chance(1)
        silent = dice.chance(4)
        for group in (1, 2) if split else (0,):
            number = ids.lesson_id(ids.LessonKey(class_id, day, planned.slot, planned.club or group))
            half = self._half(class_id, Place(day, planned.slot), planned.subject_id, group)
            lesson = Lesson(
                id=number,
                class_id=class_id,
                kind=subject.kind,
                group_id=ids.group_id(class_id, planned.subject_id, group),
                subgroup=group or None,
                planned=half,
                actual=half,
                change=LessonChange.NONE,
                changed_at=None,
                happened=True,
                topic=None if silent else self._topic(class_id, planned),
                remote=remote,
                link=f"https://meet.example.test/{number}" if remote else None,
                control_form_id=self._control_form(class_id, planned),
            )
            if change is None:
                yield ((ALWAYS, lesson),)
            else:
                yield ((ALWAYS, lesson), (change.announced, self._changed(lesson, planned, group, change)))

    def _changed(self, lesson: Lesson, planned: Planned, group: int, change: Change) -> Lesson:
        class_id = lesson.class_id
        changed = replace(lesson, change=change.kind, changed_at=change.announced)
        if change.kind is LessonChange.CANCELLED:
            return replace(changed, actual=None, happened=False, topic=None, link=None, remote=False)
        if change.kind is LessonChange.MOVED and change.to:
            return replace(changed, actual=self._half(class_id, change.to, planned.subject_id, group))
        subject_id = change.subject_id or planned.subject_id
        half = lesson.half
        teacher_id = self._staff.teacher_of(
            class_id, subject_id, group, other=1 if change.subject_id is None else 0
        )
        changed = replace(
            changed,
            actual=replace(
                half, subject_id=subject_id, teacher_id=teacher_id, room=self._room(subject_id, teacher_id)
            ),
            group_id=ids.group_id(class_id, subject_id, group),
        )
        if change.subject_id is None:
            return changed
        topics = TOPICS[subject_id]
        return replace(changed, control_form_id=None, topic=topics[planned.ordinal % len(topics)])

    def _half(self, class_id: int, place: Place, subject_id: int, group: int) -> LessonHalf:
        on = self._places.since + timedelta(days=place.day)
        teacher_id = self._staff.teacher_of(class_id, subject_id, group)
        club = place.slot == ids.CLUB_SLOT
        bell = None if club else self._places.bells(ids.school_of(class_id), on)[place.slot - 1]
        return LessonHalf(
            on=on,
            slot=bell.slot if bell else None,
            starts=bell.starts if bell else CLUB_STARTS,
            ends=bell.ends if bell else CLUB_ENDS,
            subject_id=subject_id,
            teacher_id=teacher_id,
            room=self._room(subject_id, teacher_id),
            building_id=None if club else self._staff.class_group(class_id).building_id,
        )

    def _room(self, subject_id: int, teacher_id: int) -> str:
        return "Спортзал" if subject_id == s.SPORT else self._staff.teacher(teacher_id).room

    def _topic(self, class_id: int, planned: Planned) -> str:
        topics = TOPICS[planned.subject_id]
        if self._control_kind(class_id, planned) in (WorkKind.CONTROL, WorkKind.DICTATION):
            return CONTROL_TOPIC.format(topic=topics[(planned.ordinal - 1) // 2 % len(topics)])
        return topics[planned.ordinal // 2 % len(topics)]

    def _control_form(self, class_id: int, planned: Planned) -> int | None:
        kind = self._control_kind(class_id, planned)
        if kind is None:
            return None
        return next(form.id for form in self.school(class_id).control_forms if form.kind is kind)

    def _control_kind(self, class_id: int, planned: Planned) -> WorkKind | None:
        marked = planned.subject_id not in _UNCONTROLLED and s.SUBJECTS[planned.subject_id].marked
        if not marked or ids.class_key(class_id)[1] == 1:
            return None
        turn = (planned.ordinal + class_id + planned.subject_id) % _EVERY
        if turn == _EVERY - 1 and planned.ordinal > 3:
            dictation = planned.subject_id == s.RUSSIAN and ids.class_key(class_id)[1] <= 9
            return WorkKind.DICTATION if dictation else WorkKind.CONTROL
        if turn == _EVERY // 2 and planned.subject_id in _LABORATORIES:
            return WorkKind.LABORATORY
        return None


def final(timeline: Timeline[Lesson]) -> Lesson:
    """Return a lesson as it will be when everything about it is known."""
    lesson = timeline[-1][1]
    if lesson is None:
        raise ValueError("a planned lesson never disappears")
    return lesson


def week_of(on: date) -> int:
    """Return the number of the week a day is in; weeks begin on Monday."""
    return (on.toordinal() - 1) // 7
